import {
  anyNamed, BY_ADDRESS, CILIUM, linked, policy, readAll, refusalOf, rule, STANDARD, STANDARD_V1ALPHA1, Stated, V1ALPHA1, V1ALPHA2, written,
} from './support';
import { clusterNetworkPolicy, kindFor, samePriority } from '../../../src/dialects/cluster-network-policy';
import { Target } from '../../../src/dialects/dialect';
import { checkFields } from '../../../src/dialects/field-tree';
import { address, allOf, ANY, anyOf, EndpointExpr, EXTERNAL, inNamespace, labelIn, NONE, not, POD } from '../../../src/model/endpoint';
import { Policy, REFERENCE_PIPELINE, Rule } from '../../../src/model/policy-set';
import { ALL_TRAFFIC, allOfProtocol, namedPort, portRange, TrafficBox } from '../../../src/model/traffic';
import { difference } from '../../support/models/compare';
import { EVERYTHING, flowsOf } from '../../support/models/worlds';

const WEB = allOf(POD, inNamespace('shop'), labelIn('pod', 'app', 'web'));
const from = (action: Rule['action'], peer: EndpointExpr, ...boxes: TrafficBox[]) => rule(action, 'ingress', peer, boxes.length > 0 ? boxes : ALL_TRAFFIC);
const to = (action: Rule['action'], peer: EndpointExpr, ...boxes: TrafficBox[]) => rule(action, 'egress', peer, boxes.length > 0 ? boxes : ALL_TRAFFIC);

/** The spec of the one document, which fits the fields and means what it was written from. */
function spec(policies: readonly Policy[], target: Target = V1ALPHA2): any {
  const documents = written(policies, target);
  expect(documents).toHaveLength(1);
  expect(checkFields(clusterNetworkPolicy.fields[documents[0].kind], documents[0])).toEqual([]);
  const judged = (set: readonly Policy[]) => ({ set: { pipeline: REFERENCE_PIPELINE, policies: set }, profile: BY_ADDRESS });
  expect(difference(judged(policies), judged(readAll(documents)), FLOWS)).toBeUndefined();
  return documents[0].spec;
}

const FLOWS = flowsOf(EVERYTHING.filter((_, i) => i % 3 === 0));
const egress = (rules: Rule[], target?: Target): any => spec([policy('egress', rules)], target).egress;
const peers = (peer: EndpointExpr): unknown => egress([to('deny', peer)])[0].to;
const protocols = (...boxes: TrafficBox[]): unknown => spec([policy('ingress', [from('deny', POD, ...boxes)])]).ingress[0].protocols;

describe('a document', () => {
  const both: Policy[] = [policy('ingress', [from('deny', WEB)], { subject: WEB, priority: 3 }), policy('egress', [to('pass', POD), to('allow', WEB)], { subject: WEB, priority: 3 })];

  test('has both directions of one origin', () => {
    const web = { pods: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }, podSelector: { matchLabels: { app: 'web' } } } };
    expect(written(both, V1ALPHA2)).toEqual([{
      apiVersion: 'policy.networking.k8s.io/v1alpha2',
      kind: 'ClusterNetworkPolicy',
      metadata: { name: 'web' },
      spec: {
        tier: 'Admin',
        priority: 3,
        subject: web,
        ingress: [{ action: 'Deny', from: [web] }],
        egress: [{ action: 'Pass', to: [{ namespaces: {} }] }, { action: 'Accept', to: [web] }],
      },
    }]);
  });

  test('is an AdminNetworkPolicy for CNIs that know v1alpha1', () => {
    const [document] = written(both, V1ALPHA1);
    expect(document).toMatchObject({ apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy' });
    expect(document.spec).toMatchObject({ priority: 3, egress: [{ action: 'Pass' }, { action: 'Allow' }] });
    expect(document.spec).not.toHaveProperty('tier');
  });

  test('is the only BaselineAdminNetworkPolicy there, where to pass is to allow', () => {
    const [document] = written([policy('ingress', [from('pass', WEB), from('deny', POD)], { stage: 'baseline', name: 'default' })], V1ALPHA1);
    expect(document).toMatchObject({ kind: 'BaselineAdminNetworkPolicy', metadata: { name: 'default' }, spec: { ingress: [{ action: 'Allow' }, { action: 'Deny' }] } });
    expect(document.spec).not.toHaveProperty('priority');
  });

  test('keeps the names of rules', () => {
    const named = { ...from('deny', POD), origin: { apiVersion: 'a', kind: 'b', name: 'c', part: 'ingress[4]: no, never' } };
    const rules = spec([policy('ingress', [named, from('deny', WEB)])]).ingress;
    expect(rules.map(({ name }: any) => name)).toEqual(['no, never', undefined]);
    expect(readAll(written([policy('ingress', [named])], V1ALPHA2))[0].rules[0].origin?.part).toBe('ingress[0]: no, never');
  });

  test('leaves its arguments as they were', () => {
    const before = JSON.stringify(both);
    clusterNetworkPolicy.write(both, V1ALPHA2);
    clusterNetworkPolicy.lower(both, V1ALPHA2);
    expect(JSON.stringify(both)).toBe(before);
  });

  test('has the kind that the target and the tier say', () => {
    expect(['admin', 'baseline', 'normal'].map(stage => kindFor(stage, V1ALPHA1)?.kind)).toEqual(['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', undefined]);
    expect(kindFor('baseline', V1ALPHA2)).toEqual(clusterNetworkPolicy.kindOf('cluster'));
    expect(kindFor('admin', { ...V1ALPHA2, clusterNetworkPolicy: undefined })).toBeUndefined();
  });
});

describe('peers', () => {
  test.each<[string, EndpointExpr, unknown]>([
    ['every pod', POD, [{ namespaces: {} }]],
    ['pods of a namespace', allOf(POD, inNamespace('shop')), [{ namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } }]],
    ['pods outside a namespace', allOf(POD, not(inNamespace('shop'))),
      [{ namespaces: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['shop'] }] } }]],
    ['pods by label', labelIn('pod', 'app', 'web'), [{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } } }]],
    ['everything: every pod by its labels, everybody else by address', ANY, [{ namespaces: {} }, { networks: ['0.0.0.0/0', '::/0'] }]],
    ['a range', address('10.0.0.0/8'), [{ networks: ['10.0.0.0/8'] }]],
    ['ranges of several peers in one list', anyOf(address('203.0.113.0/24'), address('10.0.0.0/8'), address('10.1.0.0/16')), [{ networks: ['10.0.0.0/8', '203.0.113.0/24'] }]],
    ['what is left of a range with a hole', address('203.0.113.0/24', ['203.0.113.64/26']), [{ networks: ['203.0.113.0/26', '203.0.113.128/25'] }]],
    ['a hole on the edge', address('10.0.0.0/8', ['10.128.0.0/9']), [{ networks: ['10.0.0.0/9'] }]],
    ['a range that is all hole', anyOf(WEB, address('10.0.0.0/8', ['10.0.0.0/8'])),
      [{ pods: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }, podSelector: { matchLabels: { app: 'web' } } } }]],
    ['what two ranges have in common', allOf(address('10.0.0.0/8'), address('10.1.0.0/16')), [{ networks: ['10.1.0.0/16'] }]],
    ['a range without another one, save a part of that', allOf(address('10.0.0.0/30'), not(address('10.0.0.0/31', ['10.0.0.1/32']))), [{ networks: ['10.0.0.1/32', '10.0.0.2/31'] }]],
    ['IPv6', address('2001:db8::/32', ['2001:db8:8000::/33']), [{ networks: ['2001:db8::/33'] }]],
    ['nodes by label', allOf({ kind: 'node' }, labelIn('node', 'os', 'linux')), [{ nodes: { matchLabels: { os: 'linux' } } }]],
  ])('%s', (_name, peer, expected) => {
    expect(peers(peer)).toEqual(expected);
  });

  test('names, with the one wildcard that there is', () => {
    expect(egress([to('allow', anyOf({ fqdn: '**.example.com' }, { fqdn: 'api.example.com' }))])).toEqual([{ action: 'Accept', to: [{ domainNames: ['*.example.com', 'api.example.com'] }] }]);
  });

  test('a rule that matches nobody is no rule, and not a rule for everybody', () => {
    expect(egress([to('deny', NONE), to('deny', POD)])).toHaveLength(1);
    expect(spec([policy('egress', [to('deny', NONE)])])).not.toHaveProperty('egress');
  });
});

describe('protocols', () => {
  test.each<[string, TrafficBox[], unknown]>([
    ['all traffic', [...ALL_TRAFFIC], undefined],
    ['a port', [portRange('TCP', 80)], [{ tcp: { destinationPort: { number: 80 } } }]],
    ['a range', [portRange('UDP', 80, 81)], [{ udp: { destinationPort: { range: { start: 80, end: 81 } } } }]],
    ['every port of a protocol', [allOfProtocol('SCTP')], [{ sctp: { destinationPort: { range: { start: 1, end: 65535 } } } }]],
    ['ranges from port 0', [portRange('TCP', 0, 80)], [{ tcp: { destinationPort: { range: { start: 1, end: 80 } } } }]],
    ['a name of every protocol', [anyNamed('http')], [{ destinationNamedPort: 'http' }]],
    ['a name of each protocol', [namedPort('TCP', 'a'), namedPort('UDP', 'a'), namedPort('SCTP', 'a')], [{ destinationNamedPort: 'a' }]],
  ])('%s', (_name, boxes, expected) => {
    expect(protocols(...boxes)).toEqual(expected);
  });

  test('v1alpha1 has ports', () => {
    expect(egress([to('allow', POD, portRange('TCP', 80), allOfProtocol('UDP'), anyNamed('http'))], V1ALPHA1)[0].ports).toEqual([
      { portNumber: { protocol: 'TCP', port: 80 } }, { portRange: { protocol: 'UDP', start: 1, end: 65535 } }, { namedPort: 'http' },
    ]);
  });

  test('no port at all is no rule, and not a rule about every port', () => {
    expect(spec([policy('egress', [to('deny', POD, portRange('TCP', 0))])])).not.toHaveProperty('egress');
    expect(spec([policy('egress', [{ ...to('deny', POD), match: { source: ANY, destination: POD, traffic: [] } }])])).not.toHaveProperty('egress');
  });

  test('a named port beside everything is one of pods, in a rule of its own', () => {
    expect(egress([to('deny', ANY, portRange('TCP', 80), anyNamed('http'))])).toEqual([
      { action: 'Deny', to: [{ namespaces: {} }], protocols: [{ tcp: { destinationPort: { number: 80 } } }, { destinationNamedPort: 'http' }] },
      { action: 'Deny', to: [{ networks: ['0.0.0.0/0', '::/0'] }], protocols: [{ tcp: { destinationPort: { number: 80 } } }] },
    ]);
  });
});

describe('limits', () => {
  const manyPods = (count: number) => anyOf(...Array.from({ length: count }, (_, i) => labelIn('pod', 'app', `app-${i}`)));
  const manyPorts = (count: number) => Array.from({ length: count }, (_, i) => portRange('TCP', 1000 + 2 * i));

  test('peers beyond 25 go into a second rule of the same action', () => {
    expect(egress([to('deny', manyPods(26))]).map(({ action, to: list }: any) => `${action} ${list.length}`)).toEqual(['Deny 25', 'Deny 1']);
    expect(egress([to('deny', manyPods(26))], V1ALPHA1).map(({ to: list }: any) => list.length)).toEqual([26]);
  });

  test('protocols beyond 25 too', () => {
    expect(egress([to('allow', POD, ...manyPorts(51))]).map(({ protocols: list }: any) => list.length)).toEqual([25, 25, 1]);
  });

  test('and both, each with each', () => {
    expect(egress([to('allow', manyPods(26), ...manyPorts(26))]).map(({ to: list, protocols: more }: any) => list.length * more.length)).toEqual([625, 25, 25, 1]);
  });

  test('ranges beyond 25 are a second peer', () => {
    const networks = peers(address('0.0.0.0/0', ['10.0.0.0/32'])) as any[];
    expect(networks.map(({ networks: list }) => list.length)).toEqual([25, 7]);
  });

  test('more rules than there is room for are refused', () => {
    const many = [policy('egress', Array.from({ length: 26 }, (_, i) => to('deny', labelIn('pod', 'app', `app-${i}`))))];
    expect(refusalOf(() => written(many, V1ALPHA2)).message).toBe(
      'ClusterNetworkPolicy web, egress: 26 rules where at most 25 are possible: the cluster-network-policy dialect cannot express this: the API has room for a fixed number of rules, '
      + 'and for one BaselineAdminNetworkPolicy, which is called default; state smaller policies, with priorities of their own');
    expect(egress([...many[0].rules], V1ALPHA1)).toHaveLength(26);
  });

  test('rules that say the same are one', () => {
    expect(egress([to('deny', POD), to('allow', WEB), to('deny', POD)])).toHaveLength(2);
  });

  test('priorities end earlier on some CNIs, which would ignore what is beyond', () => {
    const at = (priority: number, target: Target) => () => written([policy('egress', [to('deny', POD)], { priority })], target);
    expect(refusalOf(at(100, { ...V1ALPHA1, cni: 'ovn-kubernetes' })).message).toContain('priority 100, where ovn-kubernetes enforces 0 to 99');
    expect(refusalOf(at(400, { ...V1ALPHA2, cni: 'kube-ovn' })).message).toContain('priority 400');
    expect(at(399, { ...V1ALPHA2, cni: 'kube-ovn' })()).toHaveLength(1);
    expect(at(1000, V1ALPHA2)()).toHaveLength(1);
    expect(refusalOf(at(1001, V1ALPHA2)).message).toContain('priority 1001');
  });
});

const REFUSED: readonly [string, Policy, string, Target?][] = [
  ['a CNI that is not known to enforce it', policy('egress', [to('deny', POD)]), 'kubernetes: the cluster-network-policy dialect cannot express this: this CNI is not known to enforce policy.networking.k8s.io',
    { ...V1ALPHA2, cni: 'kubernetes', clusterNetworkPolicy: undefined }],
  ['a policy among those of namespaces', policy('egress', [to('deny', POD)], { stage: 'normal' }), 'stage normal'],
  ['a policy that isolates', { ...policy('egress', [to('allow', POD)]), isolates: true }, 'isolates nothing'],
  ['a policy of a namespace', { ...policy('egress', []), origin: { ...policy('egress', []).origin, namespace: 'shop' } }, 'a policy of namespace shop'],
  ['a staged policy', { ...policy('egress', [to('deny', POD)]), mode: 'staged' }, 'no audit mode'],
  ['a hook', { ...policy('egress', [to('deny', POD)]), hook: 'pre-dnat' }, 'pre-dnat'],
  ['effects of a policy', { ...policy('egress', [to('deny', POD)]), effects: { log: 'x' } }, 'log: the'],
  ['effects of a rule', policy('egress', [{ ...to('deny', POD), effects: { authentication: 'required' } }]), 'authentication'],
  ['a rule that logs', policy('egress', [to('log', POD)]), 'no log action'],
  ['an action of somebody else', policy('egress', [to('external', POD)]), 'rules accept, deny or pass'],
  ['a subject of everything', policy('egress', [to('deny', POD)], { subject: ANY }), 'it must be pods'],
  ['a subject of nodes', policy('egress', [to('deny', POD)], { subject: { kind: 'node' } }), 'it must be pods'],
  ['a subject of alternatives', policy('egress', [to('deny', POD)], { subject: anyOf(WEB, inNamespace('data')) }), '2 alternatives'],
  ['a condition on the own end', policy('egress', [{ ...to('deny', POD), match: { source: WEB, destination: POD, traffic: ALL_TRAFFIC } }]), 'matches the other end only'],
  ['everything that comes in', policy('ingress', [from('deny', ANY)]), 'everything: the cluster-network-policy dialect cannot express this: rules for ingress know pods only'],
  ['a range that comes in', policy('ingress', [from('deny', address('10.0.0.0/8'))]), '10.0.0.0/8: the cluster-network-policy dialect cannot express this: rules for ingress'],
  ['nodes that come in', policy('ingress', [from('deny', { kind: 'node' })]), 'nodes: the'],
  ['a name that comes in', policy('ingress', [from('allow', { fqdn: 'a.example' })]), 'names are for egress only'],
  ['everything where nodes have no addresses', policy('egress', [to('deny', ANY)]), 'no rule says everything at once', CILIUM],
  ['a name in the standard channel', policy('egress', [to('allow', { fqdn: 'a.example' })]), 'experimental channel', STANDARD],
  ['a name in an older baseline', policy('egress', [to('allow', { fqdn: 'a.example' })], { stage: 'baseline', name: 'default' }), 'experimental channel', V1ALPHA1],
  ['a name in a rule that denies', policy('egress', [to('deny', { fqdn: 'a.example' })]), 'rules that accept only'],
  ['a wildcard of one label', policy('egress', [to('allow', { fqdn: '*.example.com' })]), 'one label or more'],
  ['a wildcard inside a label', policy('egress', [to('allow', { fqdn: 'api-*.example.com' })]), 'one label or more'],
  ['a name of the cluster', policy('egress', [to('allow', { fqdn: 'db.shop.svc.cluster.local' })]), 'the cluster\'s own DNS'],
  ['nodes in the standard channel', policy('egress', [to('deny', { kind: 'node' })]), 'egress peers of the experimental channel', STANDARD],
  ['nodes on Cilium without its switch', policy('egress', [to('allow', { kind: 'node' })]), '--enable-node-selector-labels', CILIUM],
  ['a service account', policy('egress', [to('deny', allOf(POD, { serviceAccount: 'robot' }))]), 'selects by labels only'],
  ['an entity', policy('egress', [to('deny', { entity: 'kube-apiserver' })]), 'kube-apiserver'],
  ['a principal', policy('egress', [to('deny', { principal: '*' })]), 'mesh identities'],
  ['another cluster', policy('egress', [to('deny', { cluster: 'west' })]), 'its own cluster'],
  ['a reference', policy('egress', [to('deny', { ref: 'service', name: 'db' })]), 'no references'],
  ['everybody but some', policy('egress', [to('deny', not(WEB))]), 'can only be selected'],
  ['an address with labels', policy('egress', [to('deny', allOf(WEB, address('10.0.0.0/8')))]), 'together with something else'],
  ['a label by its beginning', policy('egress', [to('deny', { label: 'app', of: 'pod', op: 'startsWith', values: ['w'] })]), 'app startsWith'],
  ['a label of a service account', policy('egress', [to('deny', allOf(POD, labelIn('serviceAccount', 'a', 'b')))]), 'serviceAccount label a'],
  ['a port name of one protocol', policy('egress', [to('deny', POD, namedPort('TCP', 'http'))]), 'TCP http: the'],
  ['a port name beside a range', policy('egress', [to('deny', address('10.0.0.0/8'), anyNamed('http'))]), 'a port name beside 10.0.0.0/8'],
  ['a port name in the standard channel of v1alpha1', policy('egress', [to('deny', POD, anyNamed('http'))]), 'in v1alpha1 in the experimental channel only', STANDARD_V1ALPHA1],
  ['ICMP', policy('egress', [to('deny', POD, { protocols: [[1, 1]] })]), 'protocols are TCP, UDP and SCTP'],
  ['an ICMP type', policy('egress', [to('deny', POD, { protocols: [[1, 1]], icmp: [{ type: 8 }] })]), 'no ICMP types'],
  ['a source port', policy('egress', [to('deny', POD, { ...portRange('TCP', 80), sourcePorts: { ranges: [[1, 2]], names: [] } })]), 'destination ports only'],
  ['a server name', policy('egress', [to('allow', POD, { ...portRange('TCP', 443), serverNames: ['a.example'] })]), 'TLS handshakes'],
  ['a request', policy('egress', [to('allow', POD, { ...portRange('TCP', 80), l7: { http: [] } })]), 'ends at ports'],
  ['a second baseline of v1alpha1', policy('egress', [to('deny', POD)], { stage: 'baseline', name: 'mine' }), 'a BaselineAdminNetworkPolicy that is called mine', V1ALPHA1],
];

test.each(REFUSED.map(([name, stated, message, target = V1ALPHA2]) => ({ name, stated, message, target })))('$name is refused, with the reason', ({ stated, message, target }) => {
  expect(refusalOf(() => written([stated], target)).message).toContain(message);
});

test('two directions of one document have one subject, one tier and one priority', () => {
  const pair = (other: Stated) => () => written([policy('ingress', [from('deny', POD)]), policy('egress', [to('deny', POD)], other)], V1ALPHA2);
  expect(refusalOf(pair({ subject: WEB })).message).toContain('different subjects');
  expect(refusalOf(pair({ priority: 11 })).message).toContain('different tiers or priorities');
  expect(refusalOf(() => written([policy('egress', []), policy('egress', [])], V1ALPHA2)).message).toContain('a second egress policy');
});

describe('statements', () => {
  const lowered = (stated: Policy, target: Target = V1ALPHA2) => clusterNetworkPolicy.lower([stated], target);
  const at = (stage: string, priority: number, action: Rule['action'] = 'deny') => policy('egress', [to(action, POD)], { stage, priority });

  test.each([['security', 7, 'admin', 7], ['security', 499, 'admin', 499], ['admin', 0, 'admin', 500], ['admin', 499, 'admin', 999], ['baseline', 7, 'baseline', 7]])(
    '%s %d are tier %s %d', (stage, priority, tier, expected) => {
      expect(lowered(at(stage, priority)).policies).toMatchObject([{ stage: tier, order: [expected, 'web'] }]);
    });

  test('share fewer priorities where the CNI has fewer', () => {
    const ovn: Target = { ...V1ALPHA1, cni: 'ovn-kubernetes' };
    expect(lowered(at('admin', 49), ovn).policies[0].order[0]).toBe(99);
    expect(refusalOf(() => lowered(at('admin', 50), ovn)).message).toContain('each tier has 0 to 49 on ovn-kubernetes');
  });

  test.each<[string, Policy, string]>([
    ['a pass in security, which would skip the platform too', at('security', 1, 'pass'), 'a pass would skip the lower one too'],
    ['a policy of namespaces', at('normal', 1), 'stage normal'],
    ['a priority beyond its half', at('security', 500), 'priority 500'],
    ['a priority that is none', { ...at('admin', 1), order: ['x'] }, 'priority x'],
    ['isolation', { ...at('admin', 1), isolates: true }, 'isolates nothing'],
    ['an audit', { ...at('admin', 1), mode: 'staged' }, 'no audit mode'],
    ['a hook', { ...at('admin', 1), hook: 'untracked' }, 'untracked'],
  ])('%s is refused', (_name, stated, message) => {
    expect(refusalOf(() => lowered(stated)).message).toContain(message);
  });

  const outside = (peer: EndpointExpr) => policy('egress', [to('deny', peer)]);
  const POD_RANGE: Partial<Target> = { clusterCidrs: ['10.0.0.0/9'], clusterCidrsComplete: true };
  const networksOf = (peer: EndpointExpr, target: Target) => {
    const { policies } = clusterNetworkPolicy.lower([outside(peer)], target);
    return linked(written(policies, target)).policies.length && (written(policies, target)[0].spec as any).egress[0].to;
  };

  test('addresses outside leave out those of pods where the CNI matches pods by address', () => {
    expect(networksOf(allOf(EXTERNAL, address('10.0.0.0/8')), { ...V1ALPHA2, ...POD_RANGE })).toEqual([{ networks: ['10.128.0.0/9'] }]);
    expect(networksOf(allOf(EXTERNAL, address('10.0.0.0/8')), { ...CILIUM, ...POD_RANGE })).toEqual([{ networks: ['10.0.0.0/8'] }]);
  });

  test('all that is outside is every other address', () => {
    expect(networksOf(EXTERNAL, { ...CILIUM, clusterCidrs: [] })).toEqual([{ networks: ['0.0.0.0/0', '::/0'] }]);
    expect(networksOf(EXTERNAL, { ...V1ALPHA2, clusterCidrs: ['0.0.0.0/1'] })).toEqual([{ networks: ['128.0.0.0/1', '::/0'] }]);
  });

  test('are recorded as wider where the ranges of pods are not stated', () => {
    expect(lowered(outside(allOf(EXTERNAL, address('10.0.0.0/8'))), { ...V1ALPHA2, clusterCidrs: [], clusterCidrsComplete: false }).wider).toHaveLength(1);
  });

  test('about pods by address are refused where the CNI knows pods by labels only', () => {
    expect(refusalOf(() => lowered(outside(address('10.0.0.0/8')), CILIUM)).message).toContain('never pods');
  });

  test('with names say that Cilium adds a DNS rule', () => {
    const named = policy('egress', [to('allow', allOf(EXTERNAL, { fqdn: 'a.example' }))]);
    expect(lowered(named, CILIUM).wider).toEqual([expect.stringContaining('k8s-app=kube-dns')]);
    const other = lowered(named);
    expect(other.wider).toEqual([]);
    expect((written(other.policies, V1ALPHA2)[0].spec as any).egress[0].to).toEqual([{ domainNames: ['a.example'] }]);
  });
});

test('policies of one tier with one priority are found by whoever has all of them', () => {
  const one = (name: string, priority: number, stage = 'admin') => policy('egress', [to('deny', POD)], { name, priority, stage });
  expect(samePriority([one('a', 1), one('b', 1), one('c', 2), one('d', 1, 'baseline')]).map(group => group.map(({ origin }) => origin.name))).toEqual([['a', 'b']]);
  expect(samePriority([one('a', 1), policy('ingress', [], { name: 'a', priority: 1 })])).toEqual([]);
});

describe('on Cilium', () => {
  const lower = (own: Policy, target: Target = CILIUM) => clusterNetworkPolicy.lower([own], target);
  const hashed = allOf(POD, labelIn('pod', 'pod-template-hash', 'a'));

  test.each([
    ['a peer', policy('ingress', [from('deny', hashed)])],
    ['a subject', policy('ingress', [from('deny', POD)], { subject: hashed })],
  ])('a label that is no part of an identity is refused: %s', (_, own) => {
    expect(refusalOf(() => lower(own)).message).toContain('pod-template-hash: the cluster-network-policy dialect cannot express this: Cilium leaves this label out');
    expect(() => lower(own, V1ALPHA2)).not.toThrow();
  });

  test('labels of nodes and namespaces are not filtered', () => {
    const zone = allOf({ kind: 'node' }, labelIn('node', 'topology.kubernetes.io/zone', 'a'));
    const named = allOf(POD, labelIn('namespace', 'kubernetes.io/metadata.name', 'shop'));
    expect(() => lower(policy('egress', [to('allow', zone), to('deny', named)]))).not.toThrow();
  });

  test('nodes are all nodes, so that they may be denied', () => {
    const target: Target = { ...CILIUM, features: { nodeSelectorLabels: true } };
    expect(spec([policy('egress', [to('deny', { kind: 'node' })])], target).egress).toEqual([{ action: 'Deny', to: [{ nodes: {} }] }]);
  });
});
