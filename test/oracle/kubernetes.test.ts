import {
  addressless, agent, api, Case, check, checkRefusals, db, flow, localNode, networkPolicy, otherApi, outside, outside6, ping, remoteNode, web,
} from './fixtures';

const denyIngress = networkPolicy({ podSelector: {}, policyTypes: ['Ingress'] });
const denyEgress = networkPolicy({ podSelector: {}, policyTypes: ['Egress'] });

/** An ingress policy of namespace shop with one rule. */
function ingress(rule: object): any {
  return networkPolicy({ podSelector: {}, policyTypes: ['Ingress'], ingress: [rule] });
}

function from(...peers: object[]): any {
  return ingress({ from: peers });
}

function onPorts(...ports: object[]): any {
  return ingress({ ports });
}

function egressTo(cidr: string, except?: string[]): any {
  return networkPolicy({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr, except } }] }] });
}

describe('isolation', () => {
  check('kubernetes', [
    ['a pod that no policy selects is open both ways', [], flow(web, api), true],
    ['a policy without rules denies the direction it names', [denyIngress], flow(web, api), false],
    ['a policy for ingress leaves egress alone', [denyIngress], flow(web, db), true],
    ['a policy for egress denies what its pods open', [denyEgress], flow(web, db), false],
    ['a policy isolates pods of its own namespace only', [denyIngress], flow(web, db), true],
    ['a policy isolates the pods that its selector matches', [networkPolicy({ podSelector: { matchLabels: { app: 'api' } }, policyTypes: ['Ingress'] })],
      flow(api, web), true],
    ['an absent podSelector selects all', [networkPolicy({ policyTypes: ['Ingress'] })], flow(web, api), false],
    ['an absent namespace is "default"', [{ ...denyIngress, metadata: { name: 'x' } }], flow(web, api), true],
    ['both ends must allow: the source', [denyEgress, ingress({})], flow(web, api), false],
    ['both ends must allow: the destination', [denyIngress, networkPolicy({ podSelector: {}, policyTypes: ['Egress'], egress: [{}] })],
      flow(web, api), false],
    ['policies add up', [denyIngress, from({ podSelector: { matchLabels: { app: 'web' } } })], flow(web, api), true],
  ]);
});

describe('policyTypes', () => {
  check('kubernetes', [
    ['absent types always mean ingress', [networkPolicy({ podSelector: {} })], flow(web, api), false],
    ['absent types mean no egress where there is no egress rule', [networkPolicy({ podSelector: {}, egress: [] })], flow(web, db), true],
    ['absent types mean egress where there is an egress rule',
      [networkPolicy({ podSelector: {}, egress: [{ ports: [{ port: 1 }] }] })], flow(web, db), false],
    ['empty types are absent types', [networkPolicy({ podSelector: {}, policyTypes: [] })], flow(web, api), false],
    ['rules of a direction that is not a type do nothing',
      [networkPolicy({ podSelector: {}, policyTypes: ['Egress'], egress: [{}], ingress: [{ ports: [{ port: 1 }] }] })], flow(web, api), true],
  ]);
});

describe('peers', () => {
  const redTeam = { matchLabels: { team: 'red' } };
  const blueTeam = { matchLabels: { team: 'blue' } };
  const isApi = { matchLabels: { app: 'api' } };
  check('kubernetes', [
    ['an absent from is everybody', [ingress({})], flow(outside, web), true],
    ['an empty from is everybody', [ingress({ from: [] })], flow(outside, web), true],
    ['a podSelector reaches its own namespace', [from({ podSelector: isApi })], flow(api, web), true],
    ['a podSelector does not reach other namespaces', [from({ podSelector: isApi })], flow(otherApi, web), false],
    ['an empty podSelector is all pods of the namespace', [from({ podSelector: {} })], flow(api, web), true],
    ['an empty podSelector is nobody outside', [from({ podSelector: {} })], flow(outside, web), false],
    ['a namespaceSelector is all pods of those namespaces', [from({ namespaceSelector: blueTeam })], flow(db, web), true],
    ['a namespaceSelector does not add its own namespace', [from({ namespaceSelector: blueTeam })], flow(api, web), false],
    ['an empty namespaceSelector is all pods', [from({ namespaceSelector: {} })], flow(db, web), true],
    ['a namespaceSelector sees the name of a namespace', [from({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'data' } } })],
      flow(db, web), true],
    ['both selectors in one peer must match: they do', [from({ namespaceSelector: blueTeam, podSelector: isApi })], flow(otherApi, web), true],
    ['both selectors in one peer must match: the pod does not', [from({ namespaceSelector: blueTeam, podSelector: isApi })], flow(db, web), false],
    ['both selectors in one peer must match: the namespace does not', [from({ namespaceSelector: blueTeam, podSelector: isApi })],
      flow(api, web), false],
    ['two peers are alternatives', [from({ namespaceSelector: redTeam }, { podSelector: isApi })], flow(api, web), true],
    ['selectors never match a node', [from({ namespaceSelector: {} })], flow(remoteNode, web), false],
    ['selectors never match a hostNetwork pod', [from({ podSelector: { matchLabels: { app: 'agent' } } })], flow(agent, api), false],
  ]);
});

describe('matchExpressions', () => {
  const expression = (operator: string, values?: string[], key = 'app') => from({ podSelector: { matchExpressions: [{ key, operator, values }] } });
  check('kubernetes', [
    ['In matches one of its values', [expression('In', ['api', 'x'])], flow(api, web), true],
    ['In does not match an absent label', [expression('In', ['x'], 'tier')], flow(web, api), false],
    ['NotIn matches another value', [expression('NotIn', ['x'])], flow(api, web), true],
    ['NotIn matches an absent label', [expression('NotIn', ['back'], 'tier')], flow(web, api), true],
    ['NotIn does not match its values', [expression('NotIn', ['api'])], flow(api, web), false],
    ['Exists matches any value', [expression('Exists', undefined, 'tier')], flow(api, web), true],
    ['Exists does not match an absent label', [expression('Exists', undefined, 'tier')], flow(web, api), false],
    ['DoesNotExist matches an absent label', [expression('DoesNotExist', undefined, 'tier')], flow(web, api), true],
    ['DoesNotExist does not match any value', [expression('DoesNotExist', [], 'tier')], flow(api, web), false],
    ['labels and expressions must all hold',
      [from({ podSelector: { matchLabels: { app: 'api' }, matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['back'] }] } })],
      flow(api, web), false],
  ]);
});

describe('ipBlock', () => {
  check('kubernetes', [
    ['matches an address outside', [egressTo('203.0.113.0/24')], flow(web, outside), true],
    ['does not match other addresses', [egressTo('198.51.100.0/24')], flow(web, outside), false],
    ['matches the address of a pod, on a generic CNI', [egressTo('10.0.1.1/32')], flow(web, db), true],
    ['matches the address of a node', [egressTo('192.168.0.0/24')], flow(web, remoteNode), true],
    ['matches a hostNetwork pod as its node', [egressTo('192.168.0.10/32')], flow(api, agent), true],
    ['never matches a pod without an address', [egressTo('0.0.0.0/0')], flow(web, addressless), false],
    ['takes host bits for what they are', [egressTo('203.0.113.9/24')], flow(web, outside), true],
    ['leaves out what it excepts', [egressTo('203.0.113.0/24', ['203.0.113.0/28'])], flow(web, outside), false],
    ['keeps what it does not except', [egressTo('203.0.113.0/24', ['203.0.113.16/28'])], flow(web, outside), true],
    ['excepts from its own peer only', [egressTo('203.0.113.0/24', ['203.0.113.0/28']), egressTo('203.0.113.7/32')], flow(web, outside), true],
    ['of IPv6 matches IPv6', [egressTo('2001:db8::/32', ['2001:db8:1::/48'])], flow(web, outside6), true],
    ['of IPv6 excepts IPv6', [egressTo('2001:db8::/32', ['2001:db8::/64'])], flow(web, outside6), false],
    ['of IPv4 never matches IPv6', [egressTo('0.0.0.0/0')], flow(web, outside6), false],
    ['is held against the address of the IP version in use', [egressTo('fd00::/16')], { ...flow(web, db), ipVersion: 6 }, true],
    ['is not held against the other address', [egressTo('fd00::/16')], { ...flow(web, db), ipVersion: 4 }, false],
  ]);
});

describe('ports', () => {
  check('kubernetes', [
    ['absent ports are everything', [ingress({})], flow(web, api, 'SCTP', 7), true],
    ['absent ports are ICMP too', [ingress({})], ping(web, api), true],
    ['empty ports are everything', [ingress({ ports: [] })], ping(web, api), true],
    ['a port matches its number', [onPorts({ port: 8080 })], flow(web, api), true],
    ['a port does not match another number', [onPorts({ port: 80 })], flow(web, api), false],
    ['an absent protocol is TCP', [onPorts({ port: 8080 })], flow(web, api, 'UDP'), false],
    ['a protocol is matched', [onPorts({ port: 8080, protocol: 'UDP' })], flow(web, api, 'UDP'), true],
    ['an absent port is every port of the protocol', [onPorts({ protocol: 'UDP' })], flow(web, api, 'UDP', 1), true],
    ['an absent port is no port of another protocol', [onPorts({ protocol: 'UDP' })], flow(web, api), false],
    ['ports never match ICMP', [onPorts({ protocol: 'TCP' }, { protocol: 'UDP' }, { protocol: 'SCTP' })], ping(web, api), false],
    ['endPort includes both ends of the range', [onPorts({ port: 8000, endPort: 8080 })], flow(web, api), true],
    ['endPort ends the range', [onPorts({ port: 8000, endPort: 8079 })], flow(web, api), false],
    ['a name is the port of that name of the destination', [onPorts({ port: 'http' })], flow(web, api), true],
    ['a name is no other port', [onPorts({ port: 'http' })], flow(web, api, 'TCP', 9000), false],
    ['a name needs the protocol of the port', [onPorts({ port: 'stats' })], flow(web, api, 'TCP', 9000), false],
    ['a name of a UDP port is found under UDP', [onPorts({ port: 'stats', protocol: 'UDP' })], flow(web, api, 'UDP', 9000), true],
    ['a name that the destination lacks matches nothing', [onPorts({ port: 'nope' })], flow(web, api), false],
    ['a name in an egress rule is looked up at the destination',
      [networkPolicy({ podSelector: {}, egress: [{ ports: [{ port: 'sql' }] }], policyTypes: ['Egress'] })], flow(web, db, 'TCP', 5432), true],
    ['a name matches nothing outside',
      [networkPolicy({ podSelector: {}, egress: [{ ports: [{ port: 'http' }] }], policyTypes: ['Egress'] })], flow(web, outside), false],
    ['a rule needs both its peer and its port', [ingress({ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 80 }] })],
      flow(web, api), false],
  ]);
});

describe('nodes', () => {
  check('kubernetes', [
    ['the node of a pod always reaches it', [denyIngress], flow(localNode, web), true],
    ['a pod always reaches its node', [denyEgress], flow(web, localNode), true],
    ['another node does not', [denyIngress], flow(remoteNode, web), false],
    ['a hostNetwork pod on the same node is the node', [denyIngress], flow(agent, { ...web, node: 'n1' }), true],
    ['a hostNetwork pod elsewhere is another node', [denyIngress], flow(agent, api), false],
    ['a hostNetwork pod is isolated by nobody', [denyIngress], flow(web, agent), true],
  ]);
});

describe('real policies', () => {
  const metadata = { name: 'redis-cart', namespace: 'shop' };
  const redis = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata,
    spec: {
      podSelector: { matchLabels: { app: 'api' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 8080, protocol: 'TCP' }] }],
      egress: [{}],
    },
  };
  const orTrap = from({ namespaceSelector: { matchLabels: { team: 'blue' } } }, { podSelector: { matchLabels: { app: 'api' } } });
  const cases: Case[] = [
    ['a cart store takes its client on its port', [redis], flow(web, api), true],
    ['a cart store takes nobody else', [redis], flow(db, api), false],
    ['a cart store with the empty egress rule may go anywhere', [redis], flow(api, outside, 'UDP', 53), true],
    ['a dash too many turns AND into OR: any pod of the namespace', [orTrap], flow(db, web), true],
    ['an allow-except beside a default deny opens the internet', [denyEgress, egressTo('0.0.0.0/0', ['169.254.169.254/32'])], flow(web, outside), true],
    ['an allow-except keeps metadata closed', [denyEgress, egressTo('0.0.0.0/0', ['169.254.169.254/32'])],
      flow(web, { address: '169.254.169.254' }, 'TCP', 80), false],
  ];
  check('kubernetes', cases);
});

describe('refusals', () => {
  checkRefusals('kubernetes', [
    ['an unknown field', [networkPolicy({ podSelector: {}, order: 1 })], /unknown field 'order'/],
    ['an unknown policy type', [networkPolicy({ policyTypes: ['ingress'] })], /no policy types/],
    ['a peer that says nothing', [from({})], /either selectors or an ipBlock/],
    ['a peer of selectors and addresses', [from({ podSelector: {}, ipBlock: { cidr: '1.0.0.0/8' } })], /either selectors or an ipBlock/],
    ['a bare address as CIDR', [egressTo('1.2.3.4')], /no CIDR/],
    ['an exception out of its block', [egressTo('10.0.0.0/16', ['10.1.0.0/24'])], /strict subset/],
    ['an exception as large as its block', [egressTo('10.0.0.0/16', ['10.0.0.0/16'])], /strict subset/],
    ['an exception of the other family', [egressTo('10.0.0.0/8', ['fd00::/8'])], /strict subset/],
    ['port 0', [onPorts({ port: 0 })], /no port/],
    ['a port that is a number in quotes', [onPorts({ port: '80' })], /no port/],
    ['endPort below port', [onPorts({ port: 80, endPort: 79 })], /must not be below/],
    ['endPort with a name', [onPorts({ port: 'http', endPort: 90 })], /needs a numeric port/],
    ['protocol ICMP', [onPorts({ protocol: 'ICMP' })], /no protocol/],
    ['In without values', [from({ podSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: [] }] } })], /needs values/],
    ['Exists with values', [from({ podSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] } })], /forbids values/],
    ['an unknown operator', [from({ podSelector: { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] } })], /no operator/],
    ['a value that is no label value', [from({ podSelector: { matchLabels: { app: 'a b' } } })], /no label value/],
  ]);
});
