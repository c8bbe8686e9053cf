import { load } from 'js-yaml';
import { Analysis } from '../../../src/analysis/analysis';
import { SourceDocument } from '../../../src/analysis/input/source-document';
import { mutationScore } from '../../../src/analysis/mutate/mutation-score';
import { Answer } from '../../../src/model/evaluate';

const deployment = (name: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: main }] }
`;
const DENY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }
`;
const API = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  podSelector: { matchLabels: { app: api } }
  ingress:
  - from: [{ podSelector: { matchLabels: { app: web } } }]
    ports: [{ port: 80 }]
`;
const NAMESPACE = '{ apiVersion: v1, kind: Namespace, metadata: { name: shop } }';
const documents = (...texts: string[]): SourceDocument[] => texts.map((text, i) => ({ value: load(text), at: `policies.yaml:${i + 1}` }));
const SHOP = documents(NAMESPACE, deployment('web'), deployment('api'), deployment('database'), DENY, API);

function answer(analysis: Analysis, source: string, destination: string, port: number): Answer {
  const party = (name: string) => analysis.parties.find(({ workload }) => workload?.name === name)!;
  return analysis.answer(party(source), party(destination), { protocol: 6, port });
}

const score = (notices: (analysis: Analysis) => boolean, limit = 100, input = SHOP) => mutationScore(input, {}, { notices, limit });

test('who looks at nothing notices nothing, and every change that matters is named with its place', () => {
  const report = score(() => false);
  expect(report.survivors).toEqual([
    { operator: 'delete-default-deny', edit: 'NetworkPolicy shop/deny: leave it out, which closes by default', at: 'policies.yaml:5' },
    expect.objectContaining({ operator: 'drop-policy', edit: 'NetworkPolicy shop/api: leave it out' }),
    expect.objectContaining({ operator: 'widen-selector', edit: 'NetworkPolicy shop/api, spec.podSelector.matchLabels.app: leave out the label "app"' }),
    expect.objectContaining({ operator: 'widen-selector', edit: 'NetworkPolicy shop/api, spec.ingress[0].from[0].podSelector.matchLabels.app: leave out the label "app"' }),
    expect.objectContaining({ operator: 'drop-port', edit: 'NetworkPolicy shop/api, spec.ingress[0].ports[0]: leave out {"port":80}, and with it the only port' }),
  ]);
  expect(report).toMatchObject({ possible: 5, tried: 5, caught: 0, score: 0, equivalent: 0, invalid: 0 });
});

test('who looks at everything notices everything', () => {
  const report = score(analysis => answer(analysis, 'web', 'database', 80) !== 'denied' || answer(analysis, 'database', 'api', 80) !== 'denied'
    || answer(analysis, 'web', 'api', 80) !== 'allowed' || answer(analysis, 'web', 'api', 81) !== 'denied');
  expect(report).toMatchObject({ caught: 5, survivors: [], score: 1 });
});

test('who looks at one flow notices what changes that flow', () => {
  const report = score(analysis => answer(analysis, 'web', 'api', 81) !== 'denied');
  expect(report.score).toBe(1 / 5);
  expect(report.survivors.map(({ operator }) => operator)).not.toContain('drop-port');
});

test('changes after which everybody reaches the same do not count', () => {
  const twice = documents(NAMESPACE, deployment('web'), deployment('api'), API, API.replace('name: api', 'name: same'));
  const report = score(() => false, 100, twice);
  expect(report.equivalent).toBeGreaterThan(0);
  expect(report.survivors.filter(({ operator }) => operator === 'drop-policy')).toEqual([]);
  expect(report.caught + report.survivors.length + report.equivalent + report.invalid).toBe(report.tried);
});

test('without a change that matters there is no score', () => {
  expect(score(() => false, 100, documents(NAMESPACE, deployment('web')))).toEqual({ possible: 0, tried: 0, caught: 0, survivors: [], equivalent: 0, invalid: 0 });
});

test('what is left of a policy that can no longer be read does not count', () => {
  const calico = documents(NAMESPACE, deployment('web'), deployment('api'), `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  selector: app == 'api'
  ingress: [{ action: Allow, protocol: ICMP, icmp: { type: 8 } }]
`);
  const report = score(() => true, 100, calico);
  expect(report.invalid).toBe(1);
  expect(report.score).toBe(1);
});

test('a limit picks evenly, and equal input gives an equal report', () => {
  const report = score(() => false, 2);
  expect(report).toMatchObject({ possible: 5, tried: 2 });
  expect(report.survivors.map(({ operator }) => operator)).toEqual(['delete-default-deny', 'widen-selector']);
  expect(score(() => false, 2)).toEqual(report);
});

test('the CNI of the original stays, though the change takes away what told it', () => {
  const cilium = documents(NAMESPACE, deployment('web'), deployment('api'), API, `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: api, namespace: shop }
spec: { endpointSelector: { matchLabels: { app: api } }, ingressDeny: [{ fromEntities: [world] }] }
`);
  const seen = new Set<string>();
  score(analysis => { seen.add(analysis.cluster.cni); return true; }, 100, cilium);
  expect([...seen]).toEqual(['cilium']);
});

const CILIUM = `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: api } }
  ingress:
  - fromEndpoints: [{ matchLabels: { app: web } }]
    toPorts: [{ ports: [{ port: "80", protocol: TCP }], rules: { http: [{ method: GET, path: /public }, { method: POST, path: /admin }] } }]
  - fromEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': monitoring } }]
  - fromEndpoints: [{ matchLabels: { app: web } }]
    icmps: [{ fields: [{ type: 8 }] }]
`;

test('requests, pings and what is open to pods that are not there yet are changes that matter', () => {
  const report = score(() => false, 100, documents(NAMESPACE, deployment('web'), deployment('api'), CILIUM));
  const paths = report.survivors.map(({ edit }) => /spec\S*(?=: leave out)/.exec(edit)?.[0]);
  expect(paths).toEqual(expect.arrayContaining([
    'spec.ingress[0].toPorts[0].rules.http[0]', 'spec.ingress[0].toPorts[0].rules.http[1]', 'spec.ingress[0]', 'spec.ingress[1]', 'spec.ingress[2]',
  ]));
});
