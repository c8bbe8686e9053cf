import { anp, anyNamed, banp, cnp } from './support';
import { clusterNetworkPolicy } from '../../../src/dialects/cluster-network-policy';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { address, allOf, ANY, anyOf, EndpointExpr, labelExists, labelIn, not, POD } from '../../../src/model/endpoint';
import { Policy, REFERENCE_PIPELINE } from '../../../src/model/policy-set';
import { ALL_TRAFFIC, allOfProtocol, namedPort, portRange, TrafficBox } from '../../../src/model/traffic';

const EVERY_POD = { namespaces: {} };
const [only] = [(policies: Policy[]): Policy => { expect(policies).toHaveLength(1); return policies[0]; }];
const ingress = (rule: object) => cnp({ ingress: [{ action: 'Deny', from: [EVERY_POD], ...rule }] });
const egress = (rule: object) => cnp({ egress: [{ action: 'Accept', to: [EVERY_POD], ...rule }] });

test('a document becomes a policy for each direction that has rules, and isolates nothing', () => {
  const document = cnp({
    tier: 'Baseline',
    priority: 7,
    subject: { namespaces: { matchLabels: { team: 'red' } } },
    ingress: [{ name: 'all', action: 'Deny', from: [EVERY_POD] }],
    egress: [{ action: 'Pass', to: [EVERY_POD] }, { action: 'Accept', to: [{ networks: ['10.0.0.0/8'] }] }],
  });
  const origin = { apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', name: 'web', at: 'web.yaml:3' };
  const common = { origin, stage: 'baseline', order: [7, 'web'], mode: 'enforce', subject: allOf(POD, labelIn('namespace', 'team', 'red')), isolates: false };
  expect(clusterNetworkPolicy.read(document, 'web.yaml:3')).toEqual([
    {
      ...common,
      direction: 'ingress',
      rules: [{ action: 'deny', match: { source: POD, destination: ANY, traffic: ALL_TRAFFIC }, origin: { ...origin, part: 'ingress[0]: all' } }],
    },
    {
      ...common,
      direction: 'egress',
      rules: [
        { action: 'pass', match: { source: ANY, destination: POD, traffic: ALL_TRAFFIC }, origin: { ...origin, part: 'egress[0]' } },
        { action: 'allow', match: { source: ANY, destination: address('10.0.0.0/8'), traffic: ALL_TRAFFIC }, origin: { ...origin, part: 'egress[1]' } },
      ],
    },
  ]);
});

test('the older kinds stand in the tiers of their names', () => {
  const rules = { ingress: [{ action: 'Allow', from: [EVERY_POD] }] };
  expect(only(clusterNetworkPolicy.read(anp({ priority: 3, ...rules })))).toMatchObject({ stage: 'admin', order: [3, 'web'], rules: [{ action: 'allow' }] });
  expect(only(clusterNetworkPolicy.read(banp(rules)))).toMatchObject({ stage: 'baseline', order: [0, 'default'], rules: [{ action: 'allow' }] });
});

test.each([['absent', undefined], ['null', null], ['empty', []]])('a direction whose rules are %s says nothing', (_name, rules) => {
  expect(clusterNetworkPolicy.read(cnp({ ingress: rules }))).toEqual([]);
});

test.each<[string, object, EndpointExpr]>([
  ['every pod', EVERY_POD, POD],
  ['pods by namespace', { namespaces: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['red'] }] } }, allOf(POD, not(labelIn('namespace', 'team', 'red')))],
  ['pods by label in every namespace', { pods: { podSelector: { matchLabels: { app: 'web' } } } }, allOf(POD, labelIn('pod', 'app', 'web'))],
  ['pods by both', { pods: { namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] }, podSelector: { matchLabels: { app: 'web' } } } },
    allOf(POD, labelExists('namespace', 'a'), labelIn('pod', 'app', 'web'))],
  ['ranges, whoever holds the address', { networks: ['10.0.0.0/8', '2001:DB8::/32'] }, anyOf(address('10.0.0.0/8'), address('2001:db8::/32'))],
  ['nodes', { nodes: { matchLabels: { os: 'linux' } } }, allOf({ kind: 'node' }, labelIn('node', 'os', 'linux'))],
  ['names, whose wildcard is one label or more', { domainNames: ['*.example.com', 'a.example.com.'] }, anyOf({ fqdn: '**.example.com' }, { fqdn: 'a.example.com.' })],
])('%s', (_name, peer, expr) => {
  expect(only(clusterNetworkPolicy.read(egress({ to: [peer] }))).rules[0].match.destination).toEqual(expr);
});

test.each<[string, object, TrafficBox]>([
  ['a number', { tcp: { destinationPort: { number: 80 } } }, portRange('TCP', 80)],
  ['a range', { udp: { destinationPort: { range: { start: 10, end: 20 } } } }, portRange('UDP', 10, 20)],
  ['every port', { sctp: { destinationPort: { range: { start: 1, end: 65535 } } } }, allOfProtocol('SCTP')],
  ['a name, of every protocol', { destinationNamedPort: 'http' }, anyNamed('http')],
])('protocols: %s', (_name, protocol, box) => {
  expect(only(clusterNetworkPolicy.read(ingress({ protocols: [protocol] }))).rules[0].match.traffic).toEqual([box]);
});

test.each<[string, object, TrafficBox]>([
  ['a number, of TCP when it does not say', { portNumber: { port: 80 } }, portRange('TCP', 80)],
  ['a number', { portNumber: { protocol: 'UDP', port: 53 } }, portRange('UDP', 53)],
  ['a range', { portRange: { protocol: 'SCTP', start: 10, end: 20 } }, portRange('SCTP', 10, 20)],
  ['a name, of every protocol', { namedPort: 'http' }, anyNamed('http')],
])('ports of v1alpha1: %s', (_name, port, box) => {
  expect(only(clusterNetworkPolicy.read(anp({ ingress: [{ action: 'Deny', from: [EVERY_POD], ports: [port] }] }))).rules[0].match.traffic).toEqual([box]);
});

test('a named port is not the port of one protocol', () => {
  const [{ match: { traffic: [box] } }] = only(clusterNetworkPolicy.read(ingress({ protocols: [{ destinationNamedPort: 'http' }] }))).rules;
  expect(box).not.toEqual(namedPort('TCP', 'http'));
});

const messageOf = (document: unknown): string => {
  try {
    clusterNetworkPolicy.read(document);
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableDocument);
    return (error as Error).message;
  }
  throw new Error('it was read');
};

test.each<[string, unknown, string]>([
  ['another kind of the group', { ...cnp({}), kind: 'AdminNetworkPolicy' },
    'AdminNetworkPolicy web: apiVersion: AdminNetworkPolicy is of policy.networking.k8s.io/v1alpha1; the versions have different kinds and fields, and nothing converts between them'],
  ['a policy in a namespace', { ...cnp({}), metadata: { name: 'web', namespace: 'shop' } }, 'metadata.namespace: a ClusterNetworkPolicy is of the whole cluster, and has no namespace'],
  ['a second baseline', banp({}, 'mine'), 'metadata.name: there is one BaselineAdminNetworkPolicy in a cluster, and it is called "default"'],
  ['a tier of its own', cnp({ tier: 'Platform' }), 'spec.tier: must be one of Admin, Baseline, got "Platform"'],
  ['no tier', cnp({ tier: undefined }), 'spec.tier: must be a string, got nothing'],
  ['a priority beyond', cnp({ priority: 1001 }), 'spec.priority: must be a whole number from 0 to 1000, got 1001'],
  ['a priority in a baseline of v1alpha1', banp({ priority: 1 }), 'spec.priority: this field is not known here'],
  ['no subject', cnp({ subject: undefined }), 'spec.subject: must be an object, got nothing'],
  ['an empty subject', cnp({ subject: {} }), 'spec.subject: exactly one of namespaces, pods is needed, got none; every pod is namespaces: {}'],
  ['a podSelector like that of NetworkPolicy', cnp({ subject: { podSelector: {} } }), 'spec.subject.podSelector: this field is not known here (known: namespaces, pods)'],
  ['Allow in v1alpha2', ingress({ action: 'Allow' }),
    'spec.ingress[0].action: must be one of Accept, Deny, Pass, got "Allow"; what v1alpha1 calls Allow is Accept in v1alpha2, and this is v1alpha2'],
  ['Accept in v1alpha1', anp({ ingress: [{ action: 'Accept', from: [EVERY_POD] }] }), 'must be one of Allow, Deny, Pass, got "Accept"; what v1alpha1 calls Allow'],
  ['Pass in a baseline of v1alpha1', banp({ ingress: [{ action: 'Pass', from: [EVERY_POD] }] }), 'must be one of Allow, Deny, got "Pass"; nothing comes after the baseline to pass to'],
  ['ports in v1alpha2', ingress({ ports: [{ portNumber: { port: 80 } }] }),
    'spec.ingress[0].ports: v1alpha2 has protocols and not ports: the API server would drop this, and the rule would be about all traffic'],
  ['protocols in v1alpha1', anp({ ingress: [{ action: 'Deny', from: [EVERY_POD], protocols: [] }] }), 'v1alpha1 has ports and not protocols'],
  ['no peers', ingress({ from: undefined }), 'spec.ingress[0].from: must be a list, got nothing'],
  ['an empty list of peers, which is not everybody', ingress({ from: [] }), 'spec.ingress[0].from: must have 1 to 25 items, got 0'],
  ['an empty list of protocols, which is not all of them', ingress({ protocols: [] }), 'spec.ingress[0].protocols: must have 1 to 25 items, got 0'],
  ['26 peers', ingress({ from: Array(26).fill(EVERY_POD) }), 'spec.ingress[0].from: must have 1 to 25 items, got 26'],
  ['26 rules', cnp({ ingress: Array(26).fill({ action: 'Deny', from: [EVERY_POD] }) }), 'spec.ingress: at most 25 rules, got 26; put the rest into a policy of the next priority'],
  ['an empty peer of a rule that accepts', egress({ to: [{}] }),
    'spec.egress[0].to[0]: exactly one of namespaces, pods, networks, nodes, domainNames is needed; the API server refuses an empty peer, '
    + 'and a CNI that meets one takes the rule as matching nothing'],
  ['an empty peer of a rule that denies', ingress({ from: [{}] }), 'and a CNI that meets one takes the rule as denying everything'],
  ['an empty peer of a rule that passes', ingress({ action: 'Pass', from: [{}] }), 'and a CNI that meets one takes the rule as denying everything'],
  ['a peer of a newer version', egress({ to: [{ services: {} }] }),
    'spec.egress[0].to[0].services: a peer of ClusterNetworkPolicy has no such field (it has namespaces, pods, networks, nodes, domainNames), so the API server would drop it, '
    + 'and the peer would be empty: it refuses that, and a CNI that meets one takes the rule as matching nothing'],
  ['a field beside a peer', ingress({ from: [{ namespaces: {}, sameLabels: ['tenant'] }] }),
    'spec.ingress[0].from[0].sameLabels: a peer of ClusterNetworkPolicy has no such field (it has namespaces, pods), so the API server would drop it, '
    + 'and the peer would be namespaces without it'],
  ['an address for ingress', ingress({ from: [{ networks: ['10.0.0.0/8'] }] }), 'spec.ingress[0].from[0].networks: this is a peer of egress rules only'],
  ['two peers in one', ingress({ from: [{ namespaces: {}, pods: { podSelector: {} } }] }), 'got namespaces and pods; each is a peer of its own'],
  ['domain names in a baseline of v1alpha1', banp({ egress: [{ action: 'Allow', to: [{ domainNames: ['a.example'] }] }] }), 'domainNames: a peer of BaselineAdminNetworkPolicy has no such field'],
  ['pods without a podSelector', ingress({ from: [{ pods: {} }] }), 'pods.podSelector: this is required; {} is every pod'],
  ['pods without a namespaceSelector in v1alpha1', anp({ ingress: [{ action: 'Deny', from: [{ pods: { podSelector: {} } }] }] }), 'namespaceSelector: this is required in v1alpha1'],
  ['a range with bits beyond its prefix', egress({ to: [{ networks: ['10.0.0.1/8'] }] }), 'to[0].networks[0]: "10.0.0.1/8" has bits set beyond /8; did you mean "10.0.0.0/8"'],
  ['a range twice', egress({ to: [{ networks: ['10.0.0.0/8', '10.0.0.0/8'] }] }), 'networks[1]: "10.0.0.0/8" is already in the list'],
  ['no range', egress({ to: [{ networks: [] }] }), 'networks: must have 1 to 25 items, got 0'],
  ['a range that is too long', egress({ to: [{ networks: ['2001:0db8:0000:0000:0000:0000:0000:0000:0000/128'] }] }), 'networks[0]: must have at most 43 characters, got 48'],
  ['a name of one label', egress({ to: [{ domainNames: ['localhost'] }] }), '"localhost" is no domain name of two labels or more'],
  ['a wildcard inside a name', egress({ to: [{ domainNames: ['api.*.com'] }] }), 'whose only wildcard is a leading "*."'],
  ['a name of a Service', egress({ to: [{ domainNames: ['db.shop.svc.cluster.local'] }] }), 'is a name of the cluster\'s own DNS, which CNIs take in different ways; select the pods by labels'],
  ['names in a rule that denies', egress({ action: 'Deny', to: [{ domainNames: ['a.example'] }] }), 'spec.egress[0]: domainNames stand in rules that accept only'],
  ['names in a rule that passes', egress({ action: 'Pass', to: [{ domainNames: ['a.example'] }] }), 'spec.egress[0]: domainNames stand in rules that accept only'],
  ['a port name beside ranges', egress({ to: [EVERY_POD, { networks: ['10.0.0.0/8'] }], protocols: [{ destinationNamedPort: 'http' }] }),
    'spec.egress[0]: the port name "http" may not stand beside networks, which have no named ports; state the number, or make two rules'],
  ['a port name beside nodes', egress({ to: [{ nodes: {} }], protocols: [{ destinationNamedPort: 'http' }] }), 'may not stand beside nodes'],
  ['a port name beside names', egress({ to: [{ domainNames: ['a.example'] }], protocols: [{ destinationNamedPort: 'http' }] }), 'may not stand beside domainNames'],
  ['every port by an empty object', ingress({ protocols: [{ tcp: {} }] }), 'tcp: destinationPort is needed, since the API server refuses an empty tcp; every port is range: {start: 1, end: 65535}'],
  ['two protocols in one', ingress({ protocols: [{ tcp: { destinationPort: { number: 1 } }, udp: { destinationPort: { number: 1 } } }] }), 'protocols[0]: exactly one of tcp, udp, sctp and destinationNamedPort is needed, got tcp and udp'],
  ['a protocol that is not known', ingress({ protocols: [{ icmp: {} }] }), 'protocols[0].icmp: this field is not known here'],
  ['port 0', ingress({ protocols: [{ tcp: { destinationPort: { number: 0 } } }] }), 'destinationPort.number: must be a whole number from 1 to 65535, got 0'],
  ['a range of one', ingress({ protocols: [{ tcp: { destinationPort: { range: { start: 80, end: 80 } } } }] }), 'range: start must be less than end, got 80 and 80; a single port is a number'],
  ['a range in v1alpha1 that ends before it starts', anp({ ingress: [{ action: 'Deny', from: [EVERY_POD], ports: [{ portRange: { start: 9, end: 8 } }] }] }), 'start must be less than end, got 9 and 8'],
  ['a number and a range', ingress({ protocols: [{ tcp: { destinationPort: { number: 80, range: { start: 1, end: 2 } } } }] }), 'exactly one of number and range is needed'],
  ['ICMP in v1alpha1', anp({ ingress: [{ action: 'Deny', from: [EVERY_POD], ports: [{ portNumber: { protocol: 'ICMP', port: 8 } }] }] }), 'protocol: must be one of TCP, UDP, SCTP, got "ICMP"'],
  ['a name that is too long', ingress({ name: 'x'.repeat(101) }), 'spec.ingress[0].name: must have at most 100 characters, got 101'],
  ['a label that is no label', ingress({ from: [{ namespaces: { matchLabels: { team: 'red team' } } }] }), 'label value "red team" of "team" is invalid'],
  ['a field that the prototype has', ingress({ from: [JSON.parse('{"__proto__": {"namespaces": {}}}')] }), '__proto__: a peer of ClusterNetworkPolicy has no such field'],
])('%s is no silent mistake', (_name, document, message) => {
  expect(messageOf(document)).toContain(message);
});

test('it is linked into the pipeline in which NetworkPolicies stand between the tiers', () => {
  expect(clusterNetworkPolicy.link([], [])).toEqual({ pipeline: REFERENCE_PIPELINE, policies: [] });
  expect(clusterNetworkPolicy.kinds.map(({ kind, role }) => `${kind} ${role}`)).toEqual([
    'ClusterNetworkPolicy policy', 'AdminNetworkPolicy policy', 'BaselineAdminNetworkPolicy policy',
  ]);
});
