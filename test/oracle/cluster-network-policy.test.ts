import { judgeClusterNetworkPolicy, Nodes } from './cluster-network-policy';
import { agent, api, db, flow, named, networkPolicy, outside, ping, remoteNode, web, world } from './fixtures';
import { Flow } from './world';

let count = 0;

const cnp = (spec: object, priority = 10, tier = 'Admin'): any => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha2',
  kind: 'ClusterNetworkPolicy',
  metadata: { name: `cnp-${count++}` },
  spec: { tier, priority, subject: { namespaces: {} }, ...spec },
});
const anp = (spec: object, priority = 10): any => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'AdminNetworkPolicy',
  metadata: { name: `anp-${count++}` },
  spec: { priority, subject: { namespaces: {} }, ...spec },
});
const banp = (spec: object, name = 'default'): any => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'BaselineAdminNetworkPolicy',
  metadata: { name },
  spec: { subject: { namespaces: {} }, ...spec },
});

const EVERY_POD = { namespaces: {} };
const app = (name: string) => ({ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: name } } } });
const ingress = (action: string, from: object[] = [EVERY_POD], protocols?: object[]) =>
  ({ ingress: [{ action, from, ...(protocols ? { protocols } : {}) }] });
const egress = (action: string, to: object[] = [EVERY_POD], protocols?: object[]) =>
  ({ egress: [{ action, to, ...(protocols ? { protocols } : {}) }] });
const tcp = (number: number) => ({ tcp: { destinationPort: { number } } });
const closed = networkPolicy({ podSelector: {} });
const open = networkPolicy({ podSelector: {}, ingress: [{}] });
const NODES: Nodes = { '192.168.0.2': { 'kubernetes.io/os': 'linux' } };

const CASES: [string, any[], Flow, boolean][] = [
  ['without policies everything is open', [], flow(web, api), true],
  ['a denial closes', [cnp(ingress('Deny'))], flow(web, api), false],
  ['a policy isolates nothing by itself', [cnp(ingress('Accept', [app('db')]))], flow(web, api), true],
  ['a rule for pods says nothing of who is outside', [cnp(ingress('Deny'))], flow(outside, api), true],
  ['a rule for pods says nothing of pods with the network of their node', [cnp(ingress('Deny'))], flow(agent, api), true],
  ['a denial stands before NetworkPolicies', [cnp(ingress('Deny')), open], flow(web, api), false],
  ['an acceptance stands before NetworkPolicies', [cnp(ingress('Accept')), closed], flow(web, api), true],
  ['an acceptance at one end leaves the other end its policies', [cnp(egress('Accept')), closed], flow(web, api), false],
  ['a pass leaves it to NetworkPolicies', [cnp(ingress('Pass'), 1), cnp(ingress('Accept'), 2), closed], flow(web, api), false],
  ['a pass skips the rest of its tier', [cnp(ingress('Pass'), 1), cnp(ingress('Deny'), 2)], flow(web, api), true],
  ['and not the baseline', [cnp(ingress('Pass'), 1), cnp(ingress('Deny'), 2, 'Baseline')], flow(web, api), false],
  ['the lower priority comes first', [cnp(ingress('Accept'), 2), cnp(ingress('Deny'), 1)], flow(web, api), false],
  ['the first rule comes first', [cnp({ ingress: [...ingress('Accept').ingress, ...ingress('Deny').ingress] })], flow(web, api), true],
  ['a baseline denies whom no NetworkPolicy isolates', [cnp(ingress('Deny'), 1, 'Baseline')], flow(web, api), false],
  ['a baseline gives way to NetworkPolicies', [cnp(ingress('Deny'), 1, 'Baseline'), open], flow(web, api), true],
  ['a baseline opens nothing that they closed', [cnp(ingress('Accept'), 1, 'Baseline'), closed], flow(web, api), false],
  ['a NetworkPolicy for ingress leaves egress to the baseline', [cnp(egress('Deny'), 1, 'Baseline'), open], flow(web, api), false],
  ['the subject is selected by pod labels', [cnp({ subject: app('db'), ...ingress('Deny') })], flow(web, api), true],
  ['the subject is selected by namespace labels', [cnp({ subject: { namespaces: { matchLabels: { team: 'red' } } }, ...ingress('Deny') })], flow(web, api), false],
  ['an absent namespaceSelector is every namespace', [cnp(ingress('Deny', [{ pods: { podSelector: {} } }]))], flow(db, api), false],
  ['a network matches outside', [cnp(egress('Deny', [{ networks: ['203.0.113.0/24'] }]))], flow(web, outside), false],
  ['a network matches pods too', [cnp(egress('Deny', [{ networks: ['0.0.0.0/0'] }]))], flow(web, api), false],
  ['a network matches nodes too', [cnp(egress('Deny', [{ networks: ['192.168.0.0/24'] }]))], flow(web, remoteNode), false],
  ['nodes are selected by labels', [cnp(egress('Deny', [{ nodes: { matchLabels: { 'kubernetes.io/os': 'linux' } } }]))], flow(web, remoteNode), false],
  ['nodes with other labels are not', [cnp(egress('Deny', [{ nodes: { matchLabels: { 'kubernetes.io/os': 'windows' } } }]))], flow(web, remoteNode), true],
  ['a rule without protocols is about ICMP too', [cnp(ingress('Deny'))], ping(web, api), false],
  ['a rule with protocols is not', [cnp(ingress('Deny', [EVERY_POD], [tcp(8080)]))], ping(web, api), true],
  ['a port is matched', [cnp(ingress('Deny', [EVERY_POD], [tcp(8080)]))], flow(web, api), false],
  ['another port is not', [cnp(ingress('Deny', [EVERY_POD], [tcp(80)]))], flow(web, api), true],
  ['a range is matched', [cnp(ingress('Deny', [EVERY_POD], [{ tcp: { destinationPort: { range: { start: 8000, end: 8080 } } } }]))], flow(web, api), false],
  ['a port of another protocol is not', [cnp(ingress('Deny', [EVERY_POD], [{ udp: { destinationPort: { number: 8080 } } }]))], flow(web, api), true],
  ['a port name is that of a UDP port too', [cnp(ingress('Deny', [EVERY_POD], [{ destinationNamedPort: 'stats' }]))], flow(web, api, 'UDP', 9000), false],
  ['a port name is of the destination', [cnp(egress('Deny', [EVERY_POD], [{ destinationNamedPort: 'sql' }]))], flow(web, db, 'TCP', 5432), false],
  ['v1alpha1 says ports', [anp({ ingress: [{ action: 'Deny', from: [EVERY_POD], ports: [{ portNumber: { protocol: 'TCP', port: 8080 } }] }] })], flow(web, api), false],
  ['v1alpha1 allows', [anp({ ingress: [{ action: 'Allow', from: [EVERY_POD] }] }), closed], flow(web, api), true],
  ['the older baseline gives way too', [banp({ ingress: [{ action: 'Deny', from: [EVERY_POD] }] }), open], flow(web, api), true],
  ['the older baseline denies', [banp({ ingress: [{ action: 'Deny', from: [EVERY_POD] }] })], flow(web, api), false],
  ['a pod always reaches its own address', [cnp({ ...ingress('Deny'), ...egress('Deny') })], flow(web, web), true],
];

describe('a cluster that does as the API says', () => {
  for (const [sentence, manifests, each, allowed] of CASES) {
    test(sentence, () => expect(judgeClusterNetworkPolicy(manifests, world, each, NODES).allowed).toBe(allowed));
  }

  test.each([['api.example.com', true], ['a.b.example.com', true], ['example.com', false], ['example.org', false]])('*.example.com and %s: %s', (name, allowed) => {
    const policies = [cnp(egress('Accept', [{ domainNames: ['*.example.com'] }]), 1), cnp(egress('Deny', [{ networks: ['0.0.0.0/0'] }]), 2)];
    expect(judgeClusterNetworkPolicy(policies, world, flow(web, named(name))).allowed).toBe(allowed);
  });
});

describe('what an API server refuses is refused', () => {
  const REFUSED: [string, any[], RegExp][] = [
    ['an empty peer', [cnp(ingress('Deny', [{}]))], /exactly one field/],
    ['a network for ingress', [cnp(ingress('Deny', [{ networks: ['10.0.0.0/8'] }]))], /unknown field 'networks'/],
    ['no peers', [cnp(ingress('Deny', []))], /0 peers/],
    ['26 rules', [cnp({ ingress: Array(26).fill(ingress('Deny').ingress[0]) })], /too many rules/],
    ['Allow in v1alpha2', [cnp(ingress('Allow'))], /no action/],
    ['Pass in a baseline of v1alpha1', [banp(ingress('Pass'))], /no action/],
    ['a baseline of another name', [banp({}, 'other')], /called default/],
    ['a range of one', [cnp(ingress('Deny', [EVERY_POD], [{ tcp: { destinationPort: { range: { start: 80, end: 80 } } } }]))], /no ports/],
    ['every TCP port by an empty object', [cnp(ingress('Deny', [EVERY_POD], [{ tcp: {} }]))], /destinationPort/],
    ['a port name beside networks', [cnp(egress('Deny', [{ networks: ['10.0.0.0/8'] }], [{ destinationNamedPort: 'http' }]))], /no named ports/],
    ['domain names in a denial', [cnp(egress('Deny', [{ domainNames: ['a.example'] }]))], /only accept/],
    ['two policies of one tier and priority', [cnp(ingress('Deny')), cnp(ingress('Accept'))], /has the priority of/],
    ['a priority beyond 1000', [cnp(ingress('Deny'), 1001)], /no priority/],
  ];
  for (const [sentence, manifests, why] of REFUSED) {
    test(sentence, () => expect(() => judgeClusterNetworkPolicy(manifests, world, flow(web, api))).toThrow(why));
  }
});
