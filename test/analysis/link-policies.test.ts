import { Analysis } from '../../src/analysis/analysis';
import { AnalysisOptions } from '../../src/analysis/options';

/** What cannot be taken together is a problem, never silence; the rest can be asked about. */

const deployment = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop' },
  spec: { selector: {}, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', ports: [{ containerPort: 80 }] }] } } },
});
const networkPolicy = (name: string, spec: object) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: 'shop' }, spec });
const calicoPolicy = (name: string, tier: string, more: object = {}) => ({
  apiVersion: 'projectcalico.org/v3',
  kind: 'GlobalNetworkPolicy',
  metadata: { name: `${tier}.${name}` },
  spec: { tier, selector: 'all()', types: ['Ingress', 'Egress'], egress: [{ action: 'Allow' }], ...more },
});
const ciliumPolicy = (name: string) => ({
  apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name, namespace: 'shop' }, spec: { endpointSelector: {}, ingress: [{}] },
});
const DENY_INGRESS = networkPolicy('deny', { podSelector: {}, policyTypes: ['Ingress'] });

const analysed = (values: readonly unknown[], options: AnalysisOptions = {}): Analysis =>
  Analysis.of([deployment('web'), deployment('api'), ...values].map((value, i) => ({ value, at: `all.yaml:${i + 1}` })), options);

const webToApi = (analysis: Analysis) => {
  const [api, web] = analysis.parties;
  return analysis.answer(web, api, { protocol: 6, port: 80 });
};

test('a policy in a tier that nobody states is a problem at its place, in both directions once', () => {
  const analysis = analysed([calicoPolicy('one', 'security'), DENY_INGRESS]);
  expect(analysis.problems).toHaveLength(1);
  expect(analysis.problems[0].at).toBe('all.yaml:3');
  expect(analysis.problems[0].message).toContain('there is no Tier "security" among the documents');
  expect(analysis.set.policies.some(({ origin }) => origin.name.includes('one'))).toBe(false);
});

test('the policies beside it are still asked', () => {
  expect(webToApi(analysed([calicoPolicy('one', 'security'), DENY_INGRESS]))).toBe('denied');
  expect(webToApi(analysed([calicoPolicy('one', 'security')]))).toBe('allowed');
});

test('each policy of another CNI is a problem', () => {
  const { problems, set } = analysed([ciliumPolicy('a'), DENY_INGRESS, ciliumPolicy('b')], { cni: 'calico' });
  expect(problems.map(({ at }) => at)).toEqual(['all.yaml:3', 'all.yaml:5']);
  expect(problems[0].message).toContain('is enforced by cilium only');
  expect(set.policies.filter(({ origin }) => origin.kind === 'CiliumNetworkPolicy')).toEqual([]);
});

test('what policies are linked with can be the problem, and the first of two that contradict each other stays', () => {
  const set = (net: string) => ({
    apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkSet', metadata: { name: 'partners', labels: { role: 'partner' } }, spec: { nets: [net] },
  });
  const { problems } = analysed([set('203.0.113.0/24'), set('198.51.100.0/24'), DENY_INGRESS], { cni: 'calico' });
  expect(problems.map(({ at }) => at)).toEqual(['all.yaml:4']);
  expect(problems[0].message).toContain('another document states this GlobalNetworkSet differently');
});

test('a great many problems are told as some of them and the number of the rest', () => {
  const many = Array.from({ length: 500 }, (_, i) => calicoPolicy(`p${i}`, `tier-${i}`));
  const { problems } = analysed([...many, DENY_INGRESS]);
  expect(problems.length).toBeLessThan(80);
  expect(problems[problems.length - 1].message).toMatch(/left out$/);
});

test('documents are taken one by one', () => {
  const taken: string[] = [];
  function* documents() {
    for (const value of [deployment('web'), deployment('api'), DENY_INGRESS]) {
      taken.push(value.metadata.name);
      yield { value, at: value.metadata.name };
    }
  }
  const iterator = documents();
  expect(taken).toEqual([]);
  expect(webToApi(Analysis.of(iterator))).toBe('denied');
  expect(taken).toEqual(['web', 'api', 'deny']);
});

test('objects of unknown kinds are counted', () => {
  const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'x' } };
  expect([...analysed([widget, widget]).skipped]).toEqual([['Widget', 2]]);
});
