import { analysisOf, deployment, document, namespace, networkPolicy, outside, party, SHOP, tcp, udp } from './support';
import { explain } from '../../../src/analysis/explain/explain';
import { Explanation } from '../../../src/analysis/explain/explanation';
import { explanationText } from '../../../src/analysis/explain/explanation-text';
import { AnalysisOptions } from '../../../src/analysis/options';
import { Traffic } from '../../../src/analysis/party';

const API = { podSelector: { matchLabels: { app: 'api' } } };
const DENY_ALL = networkPolicy('shop/deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });

/** From web to api. */
function ask(policies: string, traffic: Traffic = tcp(8080), options: AnalysisOptions = {}): Explanation {
  const analysis = analysisOf(SHOP + policies, options);
  const explanation = explain(analysis, party(analysis, 'shop/web'), party(analysis, 'shop/api'), traffic);
  expect(explanation.answer).toBe(analysis.answer(party(analysis, 'shop/web'), party(analysis, 'shop/api'), traffic));
  return explanation;
}

const textOf = (...question: Parameters<typeof ask>): string => explanationText(ask(...question));

test('an allowed flow names the peer and the port that match, on both sides', () => {
  const policies = networkPolicy('shop/api', {
    ...API,
    ingress: [{ from: [{ ipBlock: { cidr: '203.0.113.0/24' } }, { podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 9090 }, { port: 8080 }] }],
  });
  expect(textOf(policies)).toBe(`shop/web[Deployment] => shop/api[Deployment] : TCP 8080 is allowed

egress of shop/web[Deployment]: allowed
  by default: no policy decides, and then everything passes

ingress of shop/api[Deployment]: allowed
  allows: NetworkPolicy shop/api, ingress[0].from[1] and ingress[0].ports[1] (app.yaml:13)
`);
});

test('a denied flow names what closes the side, and why each near rule does not match, the nearest first', () => {
  const policies = DENY_ALL + networkPolicy('shop/api', {
    ...API,
    ingress: [
      { from: [{ podSelector: { matchLabels: { app: 'wed' } } }], ports: [{ port: 9090 }] },
      { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ops' } } }] },
      { ports: [{ port: 8080, protocol: 'UDP' }] },
    ],
  });
  expect(textOf(policies)).toBe(`shop/web[Deployment] => shop/api[Deployment] : TCP 8080 is denied

egress of shop/web[Deployment]: denied
  closes: NetworkPolicy shop/deny (app.yaml:13) isolates it, and no rule of it matches

ingress of shop/api[Deployment]: denied
  closes: NetworkPolicy shop/deny (app.yaml:13) isolates it, and no rule of it matches
  closes: NetworkPolicy shop/api (app.yaml:15) isolates it, and no rule of it matches
    ingress[1] (app.yaml:15): namespace shop has kubernetes.io/metadata.name=shop (asked for: kubernetes.io/metadata.name=ops)
    ingress[2] (app.yaml:15): TCP is not UDP
    ingress[0] (app.yaml:15): shop/web[Deployment] has app=web (asked for: app=wed); and port 8080 is not 9090
`);
});

describe('why a rule does not match', () => {
  const near = (rule: object, traffic?: Traffic, options?: AnalysisOptions): string[] => {
    const { sides: [, { steps }] } = ask(networkPolicy('shop/api', { ...API, ingress: [rule] }), traffic, options);
    return steps.flatMap(({ near: rules = [] }) => rules.flatMap(({ reasons }) => reasons.map(({ about, text }) => `${about}: ${text}`)));
  };

  test.each<[string, object, Traffic | undefined, AnalysisOptions | undefined, string]>([
    ['a label that is not there', { from: [{ podSelector: { matchLabels: { team: 'red' } } }] }, undefined, undefined,
      'peer: shop/web[Deployment] has no label team (asked for: team=red)'],
    ['a label that is left out', { from: [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web', 'db'] }] } }] }, undefined, undefined,
      'peer: shop/web[Deployment] has app=web (asked for: app not in (web, db))'],
    ['a namespace', { from: [{ namespaceSelector: { matchLabels: { team: 'red' } }, podSelector: { matchLabels: { app: 'web' } } }] }, undefined, undefined,
      'peer: namespace shop has no label team (asked for: team=red)'],
    ['a range', { from: [{ ipBlock: { cidr: '192.0.2.0/24' } }] }, undefined, undefined,
      'peer: shop/web[Deployment] in 10.244.0.0/16 is not in 192.0.2.0/24'],
    ['a range, on Cilium', { from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }, undefined, { cni: 'cilium' },
      'peer: shop/web[Deployment] is a pod, and the CNI matches addresses outside the cluster only, so that 10.0.0.0/8 is not about it'],
    ['a port', { ports: [{ port: 80 }] }, undefined, undefined, 'port: port 8080 is not 80'],
    ['ports', { ports: [{ port: 80 }, { port: 443, protocol: 'UDP' }] }, undefined, undefined, 'port: port 8080 is not 80 (of 2 alternatives, the nearest)'],
    ['a range of ports', { ports: [{ port: 8000, endPort: 8079 }] }, undefined, undefined, 'port: port 8080 is not 8000-8079'],
    ['a name that is another port', { ports: [{ port: 'http' }] }, tcp(80), undefined, 'port: port 80 is not named http'],
    ['a name that no port has', { ports: [{ port: 'web' }] }, undefined, undefined, 'port: port 8080 is not named web; no container port is named web'],
    ['a protocol', { ports: [{ port: 8080 }] }, udp(8080), undefined, 'protocol: UDP is not TCP'],
    ['a message, which has no port', { ports: [{ port: 8080 }] }, { protocol: 1, icmp: { type: 8, code: 0 } }, undefined, 'protocol: ICMP is not TCP'],
  ])('%s', (_name, rule, traffic, options, expected) => {
    expect(near(rule, traffic, options)).toEqual([expected]);
  });

  test('only the nearest are told, and how many more there are', () => {
    const { sides: [, { steps }] } = ask(networkPolicy('shop/api', { ...API, ingress: [70, 71, 72, 73, 74, 75, 76].map(port => ({ ports: [{ port }] })) }));
    expect(steps.map(({ near: rules, more }) => [rules?.map(({ rule }) => rule), more])).toEqual([[[0, 1, 2, 3, 4].map(i => `ingress[${i}]`), 2]]);
  });
});

test('of many policies that close, the nearest are told, in their order, and how many more there are', () => {
  const policies = Array.from({ length: 30 }, (_, i) => networkPolicy(`shop/api-${i}`, {
    ...API, ingress: [i % 3 === 0 ? { ports: [{ port: 9000 + i }] } : { from: [{ podSelector: { matchLabels: { app: 'db' } } }], ports: [{ port: 9000 + i }] }],
  }));
  const explanation = ask(policies.join(''));
  const { steps, more } = explanation.sides[1];
  const told = steps.map(({ policy }) => Number(policy?.split('-')[1]));
  expect([told.length, more, told.filter(i => i % 3 === 0)]).toEqual([20, 10, [0, 3, 6, 9, 12, 15, 18, 21, 24, 27]]);
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(explanationText(explanation)).toContain('\n  and 10 more policies without a rule that matches\n');
});

describe('tiers of Calico', () => {
  const tier = (name: string, order: number) => document({ apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name }, spec: { order, defaultAction: 'Pass' } });
  const policy = (kind: string, name: string, spec: object) => document({ apiVersion: 'projectcalico.org/v3', kind, metadata: { name, ...(kind.includes('Global') ? {} : { namespace: 'shop' }) }, spec });
  const policies = tier('security', 100)
    + policy('GlobalNetworkPolicy', 'scan', { tier: 'security', order: 1, selector: 'all()', types: ['Ingress'], ingress: [{ action: 'Log' }, { action: 'Pass', source: { selector: 'app == "web"' } }] })
    + policy('StagedNetworkPolicy', 'later', { order: 5, selector: 'app == "api"', types: ['Ingress'], ingress: [{ action: 'Deny' }] })
    + policy('NetworkPolicy', 'api', { order: 10, selector: 'app == "api"', types: ['Ingress'], ingress: [{ action: 'Deny', protocol: 'TCP', destination: { ports: [8080] } }] });

  test('are named with what they pass on, and staged policies as not deciding', () => {
    expect(textOf(policies, tcp(8080), { cni: 'calico' })).toBe(`shop/web[Deployment] => shop/api[Deployment] : TCP 8080 is denied

egress of shop/web[Deployment]: allowed
  by default: no policy decides, and then everything passes

ingress of shop/api[Deployment]: denied
  passes on: GlobalNetworkPolicy scan in tier security, ingress[1], from pods with app=web, or host endpoints with app=web, all traffic (app.yaml:15)
  denies: NetworkPolicy shop/api, ingress[0], from anyone, TCP 8080 (app.yaml:19)
  does not decide: StagedNetworkPolicy shop/later (app.yaml:17): it is staged, and decides nothing; enforced, its ingress[0] would match (deny)
`);
  });
});

describe('policies of Cilium', () => {
  const cilium = (spec: object, name: string = 'api') => document({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name, namespace: 'shop' }, spec });
  const endpointSelector = { matchLabels: { app: 'api' } };
  const toPorts = [{ ports: [{ port: '8080', protocol: 'TCP' }], rules: { http: [{ method: 'GET', path: '/api/.*' }] } }];
  const web = [{ matchLabels: { app: 'web' } }];

  test('say which requests pass', () => {
    expect(textOf(cilium({ endpointSelector, ingress: [{ fromEndpoints: web, toPorts }] }), tcp(8080), { cni: 'cilium' })).toBe(`shop/web[Deployment] => shop/api[Deployment] : TCP 8080 is partial

egress of shop/web[Deployment]: allowed
  by default: no policy decides, and then everything passes

ingress of shop/api[Deployment]: partial
  allows some requests: CiliumNetworkPolicy shop/api, ingress[0], from pods with app=web in namespace shop, TCP 8080 GET /api/* (app.yaml:13)
  closes: CiliumNetworkPolicy shop/api (app.yaml:13) isolates it, and no rule of it surely matches

It depends on the request:
  ingress: CiliumNetworkPolicy shop/api, ingress[0] allows GET /api/*
`);
  });

  test('and that another one does not', () => {
    const { answer, sides: [, { steps }] } = ask(cilium({ endpointSelector, ingress: [{ fromEndpoints: web, toPorts }] }), tcp(8080, { http: { method: 'GET', path: '/admin' } }), { cni: 'cilium' });
    expect([answer, steps[0].near?.[0].reasons]).toEqual(['denied', [{ about: 'request', text: 'the request is not GET /api/*' }]]);
  });

  test('name what Cilium does by itself', () => {
    const analysis = analysisOf(SHOP + deployment('shop/agent', { app: 'agent' }, {}, { hostNetwork: true }) + cilium({ endpointSelector, ingress: [{}] }), { cni: 'cilium' });
    const { sides, when, others } = explain(analysis, party(analysis, 'shop/agent'), party(analysis, 'shop/api'), tcp(8080));
    const cases = [{ when, sides }, ...others].map(each => {
      const { answer, steps: [{ policy, effect }] } = each.sides[1];
      return [each.when, answer, policy, effect];
    });
    expect(cases).toContainEqual([expect.stringContaining('the source is on the node of the other end'), 'allowed', 'Cilium itself (node to its own pods)', 'allows']);
    expect(cases).toContainEqual([expect.stringContaining('the source is on another node'), 'denied', 'CiliumNetworkPolicy shop/api', 'closes']);
  });

  test('about nodes are ignored without the host firewall', () => {
    const host = document({ apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'nodes' }, spec: { nodeSelector: {}, ingress: [{ fromEntities: ['cluster'] }] } });
    const analysis = analysisOf(SHOP + deployment('shop/agent', { app: 'agent' }, {}, { hostNetwork: true }) + host, { cni: 'cilium' });
    const { sides: [, { steps }], answer } = explain(analysis, party(analysis, 'shop/web'), party(analysis, 'shop/agent'), tcp(8080));
    expect(answer).toBe('allowed');
    expect(steps.find(({ effect }) => effect === 'inert')).toMatchObject({ policy: 'CiliumClusterwideNetworkPolicy nodes', because: expect.stringContaining('it is ignored: policies about nodes') });
  });
});

describe('what is missing is named', () => {
  const ingress = (from: object) => networkPolicy('shop/api', { ...API, ingress: [{ from: [from] }] });
  const withoutNamespaces = (text: string) => text.replace(namespace('shop'), '');

  test('the labels of a namespace without an object', () => {
    const analysis = analysisOf(withoutNamespaces(SHOP) + ingress({ namespaceSelector: { matchLabels: { team: 'red' } } }));
    const { answer, missing } = explain(analysis, party(analysis, 'shop/web'), party(analysis, 'shop/api'), tcp(8080));
    expect([answer, missing]).toEqual(['unknown', ['the labels of namespace shop (asked for: team): add its Namespace object to the input']]);
  });

  test.each<[string, object, AnalysisOptions, Traffic, string]>([
    ['the ranges of pods', { ipBlock: { cidr: '10.0.0.0/8' } }, { podCidrs: [] }, tcp(8080),
      'the address of shop/web[Deployment] (asked for: 10.0.0.0/8): state the ranges of pods (--pod-cidr), or add the Pods with their addresses to the input'],
    ['the addresses of pods', { ipBlock: { cidr: '10.244.3.0/24' } }, {}, tcp(8080),
      'which address of 10.244.0.0/16 shop/web[Deployment] has (asked for: 10.244.3.0/24): add its Pods with their addresses to the input'],
    ['the port', { podSelector: {} }, {}, { protocol: 6 }, 'the port of TCP: state one'],
  ])('%s', (_name, from, options, traffic, expected) => {
    const policy = networkPolicy('shop/api', { ...API, ingress: [{ from: [from], ports: traffic.port === undefined ? [{ port: 80 }] : [] }] });
    expect(ask(policy, traffic, options)).toMatchObject({ answer: 'unknown', missing: [expected] });
  });

  test('a cloud group', () => {
    const policy = document({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { endpointSelector: { matchLabels: { app: 'web' } }, egress: [{ toGroups: [{ aws: { securityGroupsIds: ['sg-1'] } }] }] },
    });
    const analysis = analysisOf(SHOP + policy, { cni: 'cilium' });
    const { answer, missing } = explain(analysis, party(analysis, 'shop/web'), outside('203.0.113.7'), tcp(443));
    expect([answer, missing]).toEqual(['unknown', ['what the cloud group {"aws":{"securityGroupsIds":["sg-1"]}} holds: only the cloud knows its addresses']]);
  });

  test('a part of the request', () => {
    const policy = document({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: 'api', namespace: 'shop' },
      spec: { endpointSelector: {}, ingress: [{ toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }], rules: { http: [{ method: 'GET', path: '/a' }] } }] }] },
    });
    expect(ask(policy, tcp(8080, { http: { method: 'GET' } }), { cni: 'cilium' }).missing).toEqual(['the path of the request']);
  });

  test('which way they meet, where that decides', () => {
    const analysis = analysisOf(SHOP + deployment('shop/agent', { app: 'agent' }, {}, { hostNetwork: true }) + networkPolicy('shop/api', API));
    const { answer, missing } = explain(analysis, party(analysis, 'shop/agent'), party(analysis, 'shop/api'), tcp(8080));
    expect([answer, missing]).toEqual(['unknown',
      ['which of these it is: where the source is on the node of the other end, allowed; where the source is on another node, denied']]);
  });
});

test('names of others cannot fool a terminal, nor begin a line', () => {
  const analysis = analysisOf(SHOP + networkPolicy('shop/a\u001b[2J\u202eb\nallows: everything', API));
  const text = explanationText(explain(analysis, party(analysis, 'shop/web'), party(analysis, 'shop/api'), tcp(8080)));
  expect(text).toContain('NetworkPolicy shop/a\\u001b[2J\\u202eb\\nallows: everything');
  expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  expect(text).not.toMatch(/ $/m);
});

test('only answers are coloured, and only where that is asked for', () => {
  const explanation = ask(DENY_ALL);
  const coloured = explanationText(explanation, { colour: true });
  expect(coloured).toContain('TCP 8080 is \u001b[31mdenied\u001b[0m\n');
  // eslint-disable-next-line no-control-regex -- the colours
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(explanationText(explanation));
});

test('an explanation is plain data', () => {
  const explanation = ask(DENY_ALL);
  expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
});

test('what a pod sends to itself is told apart', () => {
  const pod = document({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'one', namespace: 'shop', labels: { app: 'one' } }, spec: { containers: [] } });
  const analysis = analysisOf(SHOP + pod + DENY_ALL);
  const one = party(analysis, 'shop/one');
  expect(explain(analysis, one, one, tcp(80)).remarks).toContain('what a pod sends to itself never leaves it: no policy is asked');
});
