import { analysisOf, deployment, document, namespace, networkPolicy, party, SHOP } from './support';
import { RuleDescription, WorkloadDescription } from '../../../src/analysis/explain/describe/description';
import { describeWorkload } from '../../../src/analysis/explain/describe-workload';
import { descriptionText } from '../../../src/analysis/explain/description-text';
import { AnalysisOptions } from '../../../src/analysis/options';
import { Direction } from '../../../src/model/policy-set';

const CNIS = ['kubernetes', 'cilium', 'calico'];
const OF_API = { podSelector: { matchLabels: { app: 'api' } } };

function describeApi(policies: string, options: AnalysisOptions = {}): WorkloadDescription {
  const analysis = analysisOf(SHOP + policies, options);
  return describeWorkload(analysis, party(analysis, 'shop/api'));
}

const sideOf = ({ directions }: WorkloadDescription, direction: Direction) => directions.find(each => each.direction === direction)!;
const rulesOf = (description: WorkloadDescription): readonly RuleDescription[] =>
  description.directions.flatMap(({ stages }) => stages.flatMap(({ policies }) => policies.flatMap(({ rules }) => rules)));
const useless = (description: WorkloadDescription) => rulesOf(description).map(({ rule, useless: why }) => [rule, why]);

const POLICIES = networkPolicy('shop/api', {
  ...OF_API,
  policyTypes: ['Ingress', 'Egress'],
  ingress: [
    { from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 8080 }] },
    { from: [{ podSelector: {} }], ports: [{ port: 8000, endPort: 9000 }] },
    { from: [{ podSelector: { matchLabels: { app: 'nobody' } } }] },
    { from: [{ ipBlock: { cidr: '203.0.113.0/24' } }], ports: [{ port: 443 }, { port: 80 }] },
  ],
}) + networkPolicy('shop/all', { podSelector: {}, policyTypes: ['Ingress'] });

test.each(CNIS)('on %s, what selects it, what that opens, and what changes nothing', cni => {
  const stage = cni === 'calico' ? 'default' : 'normal';
  const api = `    NetworkPolicy shop/api (app.yaml:13)
      ingress[0] (app.yaml:13): allow pods with app=web in namespace shop, TCP 8080; changes nothing: NetworkPolicy shop/api, ingress[1] says the same
      ingress[1] (app.yaml:13): allow pods in namespace shop, TCP 8000-9000
      ingress[2] (app.yaml:13): allow pods with app=nobody in namespace shop, all traffic; its peers are nobody in the input
      ingress[3] (app.yaml:13): allow 203.0.113.0/24, TCP 443 or TCP 80
`;
  const all = `    NetworkPolicy shop/all (app.yaml:15)
      no rules
`;
  expect(descriptionText(describeApi(POLICIES, { cni }))).toBe(`shop/api[Deployment] (app.yaml:7)
  labels: app=api
  ports: TCP 8080 (http)

ingress: isolated by NetworkPolicy shop/api, NetworkPolicy shop/all
  ${stage}
${cni === 'calico' ? all + api : api + all}  what passes its own policies:
    203.0.113.0-203.0.113.255[External] : TCP 80,443
    shop/api[Deployment], shop/db[Deployment], shop/web[Deployment] : TCP 8000-9000

egress: isolated by NetworkPolicy shop/api
  ${stage}
    NetworkPolicy shop/api (app.yaml:13)
      no rules
  what passes its own policies: nothing
`);
});

test('a workload that nobody selects is open', () => {
  const description = describeApi('');
  expect(description.directions.map(({ isolated, closedBy, stages }) => [isolated, closedBy, stages])).toEqual([['no', [], []], ['no', [], []]]);
  expect(sideOf(description, 'ingress').effective).toEqual([{ peers: ['everyone'], connections: 'All Connections', requests: [] }]);
});

describe('rules that change nothing', () => {
  const from = (app: string) => ({ from: [{ podSelector: { matchLabels: { app } } }] });
  const ports = (...numbers: number[]) => ({ ports: numbers.map(port => ({ port })) });

  test.each<[string, readonly object[], readonly (string | undefined)[]]>([
    ['of two that say the same, each alone would do', [{ ...from('web'), ...ports(80) }, { ...from('web'), ...ports(80) }],
      ['NetworkPolicy shop/api, ingress[1] says the same', 'NetworkPolicy shop/api, ingress[0] says the same']],
    ['what two others say together', [{ ...from('web'), ...ports(80) }, { ...from('web'), ...ports(81) }, { ...from('web'), ...ports(80, 81) }],
      ['NetworkPolicy shop/api, ingress[2] says the same', 'NetworkPolicy shop/api, ingress[2] says the same',
        'NetworkPolicy shop/api, ingress[0], and NetworkPolicy shop/api, ingress[1] say the same']],
    ['a part of what it says is new', [{ ...from('web'), ...ports(80) }, { ...from('web'), ...ports(80, 81) }], ['NetworkPolicy shop/api, ingress[1] says the same', undefined]],
    ['other peers', [{ ...from('web'), ...ports(80) }, { ...from('db'), ...ports(80) }], [undefined, undefined]],
    ['another protocol', [{ ...from('web'), ...ports(80) }, { ...from('web'), ports: [{ port: 80, protocol: 'UDP' }] }], [undefined, undefined]],
    ['more than ports', [from('web'), { ...from('web'), ports: [{ port: 1, endPort: 65535 }, { port: 1, endPort: 65535, protocol: 'UDP' }] }], [undefined, 'NetworkPolicy shop/api, ingress[0] says the same']],
    ['a port by its name', [{ ...from('web'), ports: [{ port: 'http' }] }, { ...from('web'), ...ports(8080) }],
      ['NetworkPolicy shop/api, ingress[1] says the same', 'NetworkPolicy shop/api, ingress[0] says the same']],
    ['a port by its name, beside another one', [{ ...from('web'), ports: [{ port: 'http' }] }, { ...from('web'), ...ports(80) }], [undefined, undefined]],
    ['addresses that others hold', [{ from: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }, { from: [{ ipBlock: { cidr: '203.0.113.128/25' } }] }],
      [undefined, 'NetworkPolicy shop/api, ingress[0] says the same']],
  ])('%s', (_name, ingress, expected) => {
    expect(useless(describeApi(networkPolicy('shop/api', { ...OF_API, ingress }))).map(([, why]) => why)).toEqual(expected);
  });

  test('what another policy closes or opens counts too', () => {
    const policies = networkPolicy('shop/api', { ...OF_API, ingress: [{ ...from('web'), ...ports(80) }] }) + networkPolicy('shop/open', { podSelector: {}, ingress: [{}] });
    expect(useless(describeApi(policies))).toEqual([['ingress[0]', 'NetworkPolicy shop/open, ingress[0] says the same'], ['ingress[0]', undefined]]);
  });

  test('one that passes some requests is not covered by one that passes others', () => {
    const rule = (path: string) => ({ fromEndpoints: [{}], toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }], rules: { http: [{ path }] } }] });
    const policy = (ingress: readonly object[]) => document({
      apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'api', namespace: 'shop' }, spec: { endpointSelector: { matchLabels: { app: 'api' } }, ingress },
    });
    const all = { fromEndpoints: [{}], toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }] }] };
    expect(useless(describeApi(policy([rule('/a'), rule('/b')]), { cni: 'cilium' })).map(([, why]) => why)).toEqual([undefined, undefined]);
    expect(useless(describeApi(policy([rule('/a'), all]), { cni: 'cilium' })).map(([, why]) => why)).toEqual(['CiliumNetworkPolicy shop/api, ingress[1] says the same', undefined]);
    expect(sideOf(describeApi(policy([rule('/a'), rule('/b')]), { cni: 'cilium' }), 'ingress').effective).toEqual([{
      peers: ['shop/api[Deployment]', 'shop/db[Deployment]', 'shop/web[Deployment]'],
      connections: 'Some TCP 8080',
      requests: ['TCP 8080: CiliumNetworkPolicy shop/api, ingress[0] allows /a', 'TCP 8080: CiliumNetworkPolicy shop/api, ingress[1] allows /b'],
    }]);
  });

  test('in a tier, what comes after the rule that decides', () => {
    const policy = (name: string, order: number, action: string) => document({
      apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata: { name, namespace: 'shop' }, spec: { order, selector: 'app == "api"', ingress: [{ action, source: { selector: 'app == "web"' } }] },
    });
    const description = describeApi(policy('later', 20, 'Deny') + policy('first', 10, 'Allow'), { cni: 'calico' });
    expect(sideOf(description, 'ingress').stages.map(({ stage, policies }) => [stage, policies.map(({ policy: name, rules }) => [name, rules[0].useless])])).toEqual([['default', [
      ['NetworkPolicy shop/first', undefined], ['NetworkPolicy shop/later', 'NetworkPolicy shop/first, ingress[0] says the same'],
    ]]]);
  });
});

test('staged and ignored policies are told, and count for nothing', () => {
  const staged = document({
    apiVersion: 'projectcalico.org/v3', kind: 'StagedNetworkPolicy', metadata: { name: 'later', namespace: 'shop' }, spec: { selector: 'app == "api"', ingress: [{ action: 'Deny' }] },
  });
  const description = describeApi(staged, { cni: 'calico' });
  expect(sideOf(description, 'ingress')).toMatchObject({
    isolated: 'no',
    stages: [{ stage: 'default', policies: [{ policy: 'StagedNetworkPolicy shop/later', mode: 'staged' }] }],
    effective: [{ peers: ['everyone'], connections: 'All Connections' }],
  });
  expect(descriptionText(description)).toContain('StagedNetworkPolicy shop/later (app.yaml:13), staged: it decides nothing');
});

test('a policy that may select it may isolate it', () => {
  const text = SHOP.replace(namespace('shop'), '');
  const policy = document({
    apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: 'red' }, spec: { namespaceSelector: 'team == "red"', types: ['Ingress'] },
  });
  const analysis = analysisOf(text + policy, { cni: 'calico' });
  const description = describeWorkload(analysis, party(analysis, 'shop/api'));
  expect(sideOf(description, 'ingress')).toMatchObject({ isolated: 'maybe', closedBy: ['GlobalNetworkPolicy red'], stages: [{ policies: [{ selects: 'maybe' }] }] });
  expect(descriptionText(description)).toContain('ingress: perhaps isolated by GlobalNetworkPolicy red');
  expect(sideOf(description, 'ingress').effective).toEqual([{ peers: ['everyone'], connections: 'Unknown All Connections', requests: [] }]);
});

test('names outside are peers of egress', () => {
  const policy = document({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'api', namespace: 'shop' },
    spec: { endpointSelector: { matchLabels: { app: 'api' } }, egress: [{ toFQDNs: [{ matchPattern: '*.example.com' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] }] },
  });
  expect(sideOf(describeApi(policy, { cni: 'cilium' }), 'egress').effective).toEqual([{ peers: ['*.example.com'], connections: 'TCP 443', requests: [] }]);
});

test('pods on the network of their node are selected by no policy', () => {
  const analysis = analysisOf(SHOP + deployment('shop/agent', { app: 'agent' }, {}, { hostNetwork: true }) + POLICIES);
  const { remarks, directions } = describeWorkload(analysis, party(analysis, 'shop/agent'));
  expect([remarks, directions.map(({ isolated }) => isolated)]).toEqual([['its pods are on the network of their node: policies that select pods do not select them'], ['no', 'no']]);
});

test('a description is plain data, in lines that a terminal can be trusted with', () => {
  const description = describeApi(networkPolicy('shop/a\u001b[2J\nb', { podSelector: {} }));
  expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  const text = descriptionText(description);
  expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  expect(text).not.toMatch(/ $/m);
});
