import {
  agent, api, apiServerOnNode, apiServerOutside, ccnp, check, checkRefusals, cnp, db, dns, flow, localNode, named, networkPolicy, otherApi,
  outside, outside6, ping, remoteNode, web, world,
} from './fixtures';
import { judge } from './index';

/** An ingress item for all pods of shop. */
function ingress(item: object): any {
  return cnp({ ingress: [item] });
}

function egress(...items: object[]): any {
  return cnp({ egress: items });
}

function fromEndpoints(...selectors: object[]): any {
  return ingress({ fromEndpoints: selectors });
}

function onPort(entry: object): any {
  return ingress({ toPorts: [{ ports: [entry] }] });
}

describe('default deny', () => {
  check('cilium', [
    ['a pod that no rule selects is open', [], flow(web, api), true],
    ['an empty item only isolates', [ingress({})], flow(web, api), false],
    ['an ingress item leaves egress alone', [ingress({})], flow(web, db), true],
    ['a namespaced policy isolates its own namespace only', [ingress({})], flow(web, db), true],
    ['a clusterwide policy isolates all pods', [ccnp({ ingress: [{}] })], flow(web, db), false],
    ['a clusterwide policy does not isolate nodes', [ccnp({ ingress: [{}] })], flow(web, remoteNode), true],
    ['a hostNetwork pod is no subject', [ingress({})], flow(web, agent), true],
    ['an endpointSelector selects by label', [cnp({ endpointSelector: { matchLabels: { app: 'web' } }, ingress: [{}] })], flow(web, api), true],
    ['an endpointSelector of another namespace is overridden',
      [cnp({ endpointSelector: { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'data' } }, ingress: [{}] })], flow(web, api), false],
    ['a deny item alone isolates', [cnp({ ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }] }] })], flow(outside, api), false],
    ['a deny item does not isolate where default deny is off',
      [cnp({ enableDefaultDeny: { ingress: false }, ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }] }] })], flow(outside, api), true],
    ['a deny item denies where default deny is off',
      [cnp({ enableDefaultDeny: { ingress: false }, ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }] }] })], flow(web, api), false],
    ['an allow item without default deny allows everything',
      [cnp({ enableDefaultDeny: { ingress: false }, ingress: [{ fromEntities: ['world'] }] })], flow(web, api), true],
    ['a policy that asks for default deny wins',
      [cnp({ enableDefaultDeny: { ingress: false }, ingress: [{ fromEntities: ['world'] }] }), ingress({})], flow(web, api), false],
    ['an allow item without default deny still allows among those that have it',
      [cnp({ enableDefaultDeny: { ingress: false }, ingress: [{ fromEndpoints: [{}] }] }), ingress({})], flow(web, api), true],
    ['default deny without an item has no effect', [cnp({ enableDefaultDeny: { ingress: true }, egress: [{ toEntities: ['all'] }] })], flow(web, api), true],
    ['specs are added to spec', [{ ...cnp({ ingress: [{}] }), specs: [{ endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }] }] }],
      flow(web, api), true],
    ['specs may stand alone', [{ ...cnp({}), spec: undefined, specs: [{ endpointSelector: {}, ingress: [{}] }] }], flow(web, api), false],
    ['a rule for nodes is not about pods', [{ ...ccnp({}), spec: { nodeSelector: {}, ingress: [{}] } }], flow(web, api), true],
  ]);
});

describe('allow and deny', () => {
  const denyWeb = cnp({ ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }] }] });
  check('cilium', [
    ['allows add up', [ingress({}), fromEndpoints({})], flow(web, api), true],
    ['a deny beats an allow', [fromEndpoints({}), denyWeb], flow(web, api), false],
    ['a deny beats an allow of a NetworkPolicy', [networkPolicy({ podSelector: {}, ingress: [{}] }), denyWeb], flow(web, api), false],
    ['a deny of a clusterwide policy beats a namespaced allow', [fromEndpoints({}), ccnp({ ingressDeny: [{ fromEntities: ['all'] }] })],
      flow(web, api), false],
    ['a deny of a port leaves the others', [cnp({
      ingress: [{ fromEndpoints: [{}] }],
      ingressDeny: [{ fromEndpoints: [{}], toPorts: [{ ports: [{ port: '80' }] }] }],
    })], flow(web, api), true],
    ['an empty deny item denies nothing by itself',
      [cnp({ enableDefaultDeny: { ingress: false }, ingressDeny: [{}] })], flow(web, api), true],
    ['a NetworkPolicy and a Cilium policy are allowed by either', [networkPolicy({ podSelector: {} }), fromEndpoints({})], flow(web, api), true],
    ['a NetworkPolicy isolates beside a Cilium policy without default deny',
      [networkPolicy({ podSelector: {} }), cnp({ enableDefaultDeny: { ingress: false }, ingress: [{ fromEntities: ['world'] }] })],
      flow(web, api), false],
    ['both ends must allow', [fromEndpoints({}), egress({})], flow(web, api), false],
    ['authentication that always fails allows nothing', [ingress({ fromEndpoints: [{}], authentication: { mode: 'test-always-fail' } })],
      flow(web, api), false],
    ['authentication that is required allows', [ingress({ fromEndpoints: [{}], authentication: { mode: 'required' } })], flow(web, api), true],
  ]);
});

describe('absent and empty lists', () => {
  const toPorts = [{ ports: [{ port: '8080', protocol: 'TCP' }] }];
  check('cilium', [
    ['no peers with ports is everybody', [ingress({ toPorts })], flow(outside, api), true],
    ['no peers with ports is nodes too', [ingress({ toPorts })], flow(remoteNode, api), true],
    ['an empty list of endpoints is nobody', [ingress({ fromEndpoints: [] })], flow(web, api), false],
    ['an empty list with ports is nobody', [ingress({ fromEndpoints: [], toPorts })], flow(web, api), false],
    ['an empty list of entities is nobody', [ingress({ fromEntities: [] })], flow(web, api), false],
    ['an empty list of CIDRs is nobody', [ingress({ fromCIDR: [] })], flow(outside, api), false],
    ['an empty list beside a filled one adds nobody', [ingress({ fromCIDR: [], fromEndpoints: [{}] })], flow(web, api), true],
    ['an empty selector in the list is all pods of the namespace', [fromEndpoints({})], flow(web, api), true],
    ['peers without ports are all protocols and ICMP', [fromEndpoints({})], ping(web, api), true],
    ['empty toPorts are no restriction', [ingress({ fromEndpoints: [{}], toPorts: [] })], ping(web, api), true],
    ['a port rule without ports matches nothing', [ingress({ fromEndpoints: [{}], toPorts: [{}] })], flow(web, api), false],
    ['icmps without fields match nothing', [ingress({ fromEndpoints: [{}], icmps: [{}] })], ping(web, api), false],
  ]);
});

describe('endpoint selectors', () => {
  const anyNamespace = { matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator: 'Exists' }] };
  const clusterwide = (selector: object) => ccnp({ ingress: [{ fromEndpoints: [selector] }] });
  const inData = { 'k8s:io.kubernetes.pod.namespace': 'data' };
  check('cilium', [
    ['a selector stays in the namespace of the policy', [fromEndpoints({ matchLabels: { app: 'api' } })], flow(otherApi, web), false],
    ['a selector finds pods of the namespace', [fromEndpoints({ matchLabels: { app: 'api' } })], flow(api, web), true],
    ['the empty selector is no other namespace', [fromEndpoints({})], flow(db, web), false],
    ['the empty selector is nobody outside', [fromEndpoints({})], flow(outside, web), false],
    ['the empty selector is no node', [fromEndpoints({})], flow(remoteNode, web), false],
    ['the empty selector is no hostNetwork pod', [fromEndpoints({})], flow(agent, api), false],
    ['a selector that names a namespace crosses over', [fromEndpoints({ matchLabels: inData })], flow(db, web), true],
    ['a selector that names a namespace does so without a source', [fromEndpoints({ matchLabels: { 'io.kubernetes.pod.namespace': 'data' } })],
      flow(db, web), true],
    ['a selector that names a namespace loses its own', [fromEndpoints({ matchLabels: inData })], flow(api, web), false],
    ['existence of a namespace is all pods', [fromEndpoints(anyNamespace)], flow(db, web), true],
    ['existence of a namespace is nobody outside', [fromEndpoints(anyNamespace)], flow(outside, web), false],
    ['a label of a namespace crosses over', [fromEndpoints({ matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': 'blue' } })], flow(db, web), true],
    ['a label of a namespace must match', [fromEndpoints({ matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': 'red' } })], flow(db, web), false],
    ['a label of a namespace and a label of a pod must both match',
      [fromEndpoints({ matchLabels: { 'io.cilium.k8s.namespace.labels.team': 'blue', 'app': 'api' } })], flow(db, web), false],
    ['the name of a namespace is a label of it',
      [fromEndpoints({ matchLabels: { 'io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name': 'data' } })], flow(db, web), true],
    ['a clusterwide empty selector is all pods', [clusterwide({})], flow(db, web), true],
    ['a clusterwide empty selector is nobody outside', [clusterwide({})], flow(outside, web), false],
    ['a clusterwide empty selector is no node', [clusterwide({})], flow(remoteNode, web), false],
    ['a clusterwide selector crosses namespaces', [clusterwide({ matchLabels: { app: 'api' } })], flow(otherApi, web), true],
    ['a reserved label is taken as it is', [fromEndpoints({ matchLabels: { 'reserved:world': '' } })], flow(outside, web), true],
    ['a selector by the absence of a label is still of the namespace',
      [fromEndpoints({ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] })], flow(outside, web), false],
    ['absence of a namespace is nobody, since selectors are for the own cluster',
      [fromEndpoints({ matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator: 'DoesNotExist' }] })], flow(outside, web), false],
    ['absence of a namespace was everybody else before 1.19',
      [fromEndpoints({ matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator: 'DoesNotExist' }] })], flow(outside, web), true,
      { ciliumVersion: '1.18' }],
    ['the own cluster can be named', [fromEndpoints({ matchLabels: { 'io.cilium.k8s.policy.cluster': 'default' } })], flow(api, web), true],
    ['another cluster has no pods here', [fromEndpoints({ matchLabels: { 'io.cilium.k8s.policy.cluster': 'other' } })], flow(api, web), false],
    ['a service account can be selected', [fromEndpoints({ matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 'api' } })], flow(api, web), true],
    ['a service account is "default" where none is given',
      [fromEndpoints({ matchLabels: { ...inData, 'io.cilium.k8s.policy.serviceaccount': 'default' } })], flow(db, web), true],
  ]);
});

describe('label sources and the identity filter', () => {
  check('cilium', [
    ['a label of a pod is of source k8s', [fromEndpoints({ matchLabels: { 'k8s:app': 'api' } })], flow(api, web), true],
    ['any: matches every source', [fromEndpoints({ matchLabels: { 'any:app': 'api' } })], flow(api, web), true],
    ['another source does not match', [fromEndpoints({ matchLabels: { 'container:app': 'api' } })], flow(api, web), false],
    ['a label out of the identity never matches', [fromEndpoints({ matchLabels: { 'pod-template-hash': 'abc' } })], flow(web, api), false],
    ['a label out of the identity is absent', [fromEndpoints({ matchExpressions: [{ key: 'pod-template-hash', operator: 'DoesNotExist' }] })],
      flow(web, api), true],
    ['a label out of the identity is absent for NetworkPolicies too',
      [networkPolicy({ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { 'pod-template-hash': 'abc' } } }] }] })],
      flow(web, api), false],
  ]);
});

describe('entities', () => {
  const from = (...fromEntities: string[]) => ingress({ fromEntities });
  const to = (...toEntities: string[]) => egress({ toEntities });
  check('cilium', [
    ['world is outside', [to('world')], flow(web, outside), true],
    ['world is outside in IPv6 too', [to('world')], flow(web, outside6), true],
    ['world is no pod', [to('world')], flow(web, db), false],
    ['world is no node', [to('world')], flow(web, remoteNode), false],
    ['world is an API server outside', [to('world')], flow(web, apiServerOutside), true],
    ['cluster is pods', [to('cluster')], flow(web, db), true],
    ['cluster is the local node', [to('cluster')], flow(web, localNode), true],
    ['cluster is other nodes', [to('cluster')], flow(web, remoteNode), true],
    ['cluster is the API server', [to('cluster')], flow(web, apiServerOutside), true],
    ['cluster is nobody outside', [to('cluster')], flow(web, outside), false],
    ['host is the local node', [to('host')], flow(web, localNode), true],
    ['host is no other node', [to('host')], flow(web, remoteNode), false],
    ['host is no pod', [to('host')], flow(web, db), false],
    ['host is a hostNetwork pod on the same node', [to('host')], flow({ ...web, node: 'n1' }, agent), true],
    ['remote-node is other nodes', [to('remote-node')], flow(web, remoteNode), true],
    ['remote-node is a hostNetwork pod elsewhere', [to('remote-node')], flow(api, agent), true],
    ['remote-node is not the local node', [to('remote-node')], flow(web, localNode), false],
    ['remote-node is a node that runs the API server', [to('remote-node')], flow(web, apiServerOnNode), true],
    ['kube-apiserver is the API server on a node', [to('kube-apiserver')], flow(web, apiServerOnNode), true],
    ['kube-apiserver is the API server outside', [to('kube-apiserver')], flow(web, apiServerOutside), true],
    ['kube-apiserver is nobody else', [to('kube-apiserver')], flow(web, remoteNode), false],
    ['all is everybody', [from('all')], flow(outside, web), true],
    ['all is nodes', [from('all')], flow(remoteNode, web), true],
    ['none is nobody', [from('none')], flow(web, api), false],
    ['init, health, ingress and unmanaged are nobody here', [from('init', 'health', 'ingress', 'unmanaged')], flow(outside, api), false],
    ['several are alternatives', [from('none', 'world')], flow(outside, api), true],
    ['cluster-mesh is the cluster', [from('cluster-mesh')], flow(db, api), true],
  ]);
});

describe('the local host', () => {
  check('cilium', [
    ['the node of a pod reaches it by itself', [ingress({})], flow(localNode, web), true],
    ['another node does not', [ingress({})], flow(remoteNode, web), false],
    ['a pod does not reach its node by itself', [egress({})], flow(web, localNode), false],
    ['a deny keeps the node out', [cnp({ ingressDeny: [{ fromEntities: ['host'] }] })], flow(localNode, web), false],
    ['a NetworkPolicy does not keep the node out', [networkPolicy({ podSelector: {} })], flow(localNode, web), true],
  ]);
});

describe('CIDRs', () => {
  const set = (...toCIDRSet: object[]) => egress({ toCIDRSet });
  const group = { apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name: 'partners', labels: { kind: 'partner' } }, spec: { externalCIDRs: ['203.0.113.0/24'] } };
  check('cilium', [
    ['a CIDR matches outside', [egress({ toCIDR: ['203.0.113.0/24'] })], flow(web, outside), true],
    ['a CIDR does not match other addresses', [egress({ toCIDR: ['198.51.100.0/24'] })], flow(web, outside), false],
    ['all addresses are no pod', [egress({ toCIDR: ['0.0.0.0/0', '::/0'] })], flow(web, db), false],
    ['all addresses are no node', [egress({ toCIDR: ['0.0.0.0/0'] })], flow(web, remoteNode), false],
    ['all addresses are no hostNetwork pod', [egress({ toCIDR: ['0.0.0.0/0'] })], flow(api, agent), false],
    ['all addresses are an API server outside', [egress({ toCIDR: ['0.0.0.0/0'] })], flow(web, apiServerOutside), true],
    ['all addresses are no API server on a node', [egress({ toCIDR: ['0.0.0.0/0'] })], flow(web, apiServerOnNode), false],
    ['an IPv6 CIDR matches IPv6', [egress({ toCIDR: ['2001:db8::/32'] })], flow(web, outside6), true],
    ['an IPv4 CIDR does not match IPv6', [egress({ toCIDR: ['0.0.0.0/0'] })], flow(web, outside6), false],
    ['fromCIDR matches a client outside', [ingress({ fromCIDR: ['203.0.113.7/32'] })], flow(outside, web), true],
    ['a set leaves out what it excepts', [set({ cidr: '203.0.113.0/24', except: ['203.0.113.0/28'] })], flow(web, outside), false],
    ['an exception counts for its own entry', [set({ cidr: '203.0.113.0/24', except: ['203.0.113.0/28'] }, { cidr: '203.0.113.7/32' })],
      flow(web, outside), true],
    ['a group is its addresses', [set({ cidrGroupRef: 'partners' }), group], flow(web, outside), true],
    ['groups can be selected', [set({ cidrGroupSelector: { matchLabels: { kind: 'partner' } } }), group], flow(web, outside), true],
    ['a missing group is nobody', [set({ cidrGroupRef: 'nobody' }), group], flow(web, outside), false],
    ['an ipBlock of a NetworkPolicy matches no pod either',
      [networkPolicy({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] })], flow(web, db), false],
    ['an ipBlock of a NetworkPolicy matches outside',
      [networkPolicy({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] })], flow(web, outside), true],
    ['a deny of addresses denies', [cnp({ enableDefaultDeny: { egress: false }, egressDeny: [{ toCIDR: ['203.0.113.7/32'] }] })], flow(web, outside), false],
  ]);
});

describe('ports', () => {
  check('cilium', [
    ['a port matches its number and protocol', [onPort({ port: '8080', protocol: 'TCP' })], flow(web, api), true],
    ['a port does not match another protocol', [onPort({ port: '8080', protocol: 'UDP' })], flow(web, api), false],
    ['a port does not match another number', [onPort({ port: '80', protocol: 'TCP' })], flow(web, api), false],
    ['an absent protocol is TCP, UDP and SCTP', [onPort({ port: '8080' })], flow(web, api, 'SCTP'), true],
    ['ANY is TCP, UDP and SCTP', [onPort({ port: '8080', protocol: 'ANY' })], flow(web, api, 'UDP'), true],
    ['ANY is not ICMP', [onPort({ port: '0', protocol: 'ANY' })], ping(web, api), false],
    ['port 0 is every port', [onPort({ port: '0', protocol: 'TCP' })], flow(web, api, 'TCP', 7), true],
    ['port 0 is of its protocol', [onPort({ port: '0', protocol: 'TCP' })], flow(web, api, 'UDP', 7), false],
    ['endPort includes both ends', [onPort({ port: '8000', endPort: 8080, protocol: 'TCP' })], flow(web, api), true],
    ['endPort ends the range', [onPort({ port: '8000', endPort: 8079, protocol: 'TCP' })], flow(web, api), false],
    ['endPort below the port is ignored', [onPort({ port: '8080', endPort: 80, protocol: 'TCP' })], flow(web, api), true],
    ['endPort below the port makes no range', [onPort({ port: '9000', endPort: 80, protocol: 'TCP' })], flow(web, api), false],
    ['a name is the port of the pod that is connected to', [onPort({ port: 'http', protocol: 'TCP' })], flow(web, api), true],
    ['a name is no other port', [onPort({ port: 'http', protocol: 'TCP' })], flow(web, api, 'TCP', 80), false],
    ['a name is of the protocol of the port', [onPort({ port: 'stats', protocol: 'TCP' })], flow(web, api, 'TCP', 9000), false],
    ['a name without a protocol takes that of the port', [onPort({ port: 'stats' })], flow(web, api, 'UDP', 9000), true],
    ['a name is written in any case', [onPort({ port: 'HTTP', protocol: 'TCP' })], flow(web, api), true],
    ['a name in egress is resolved at the peer', [egress({ toPorts: [{ ports: [{ port: 'sql', protocol: 'TCP' }] }] })], flow(web, db, 'TCP', 5432), true],
    ['a name matches nothing outside', [egress({ toPorts: [{ ports: [{ port: 'http', protocol: 'TCP' }] }] })], flow(web, outside), false],
    ['a name with endPort is the name', [onPort({ port: 'http', endPort: 9000, protocol: 'TCP' })], flow(web, api, 'TCP', 8081), false],
    ['peers and ports must both match', [ingress({ fromEntities: ['world'], toPorts: [{ ports: [{ port: '8080' }] }] })], flow(web, api), false],
    ['two items are alternatives', [cnp({ ingress: [{ fromEntities: ['world'] }, { toPorts: [{ ports: [{ port: '8080' }] }] }] })], flow(web, api), true],
  ]);
});

describe('ICMP', () => {
  const icmp = (field: object) => ingress({ icmps: [{ fields: [field] }] });
  check('cilium', [
    ['a type matches', [icmp({ type: 8 })], ping(web, api), true],
    ['a type does not match another', [icmp({ type: 0 })], ping(web, api), false],
    ['the family is IPv4 where absent', [icmp({ type: 128 })], { ...ping(web, api), ipVersion: 6 }, false],
    ['a type of IPv6 matches IPv6', [icmp({ type: 128, family: 'IPv6' })], { ...ping(web, api), ipVersion: 6 }, true],
    ['a type can be named', [icmp({ type: 'EchoRequest', family: 'IPv6' })], { ...ping(web, api), ipVersion: 6 }, true],
    ['a type of the flow is taken', [icmp({ type: 3 })], { ...ping(web, api), icmp: { type: 3, code: 1 } }, true],
    ['ICMP fields match no ports', [icmp({ type: 8 })], flow(web, api), false],
    ['a port rule shuts out ping', [onPort({ port: '0' })], ping(web, api), false],
    ['a deny of a type denies', [cnp({ enableDefaultDeny: { ingress: false }, ingressDeny: [{ icmps: [{ fields: [{ type: 8 }] }] }] })],
      ping(web, api), false],
  ]);
});

describe('DNS names', () => {
  const allowDns = (...patterns: object[]) => ({
    toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } }],
    toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: patterns } }],
  });
  const all = allowDns({ matchPattern: '*' });
  const to = (...toFQDNs: object[]) => egress(all, { toFQDNs });
  const stripe = named('api.stripe.com');
  check('cilium', [
    ['a name matches the address found under it', [to({ matchName: 'api.stripe.com' })], flow(web, stripe), true],
    ['a name is compared without case and trailing dot', [to({ matchName: 'API.Stripe.com.' })], flow(web, stripe), true],
    ['a name does not match another', [to({ matchName: 'stripe.com' })], flow(web, stripe), false],
    ['an address that nobody looked up has no name', [to({ matchPattern: '*' })], flow(web, outside), false],
    ['a star is within one label', [to({ matchPattern: '*.com' })], flow(web, stripe), false],
    ['a star is part of a label', [to({ matchPattern: 'a*i.stripe.com' })], flow(web, stripe), true],
    ['a star may be nothing', [to({ matchPattern: 'api*.stripe.com' })], flow(web, stripe), true],
    ['a star does not stand for no label', [to({ matchPattern: '*.api.stripe.com' })], flow(web, stripe), false],
    ['a lone star is every name', [to({ matchPattern: '*' })], flow(web, stripe), true],
    ['two stars in front are many labels', [to({ matchPattern: '**.com' })], flow(web, stripe), true],
    ['two stars in front are at least one label', [to({ matchPattern: '**.api.stripe.com' })], flow(web, stripe), false],
    ['two stars in front were one star before 1.19', [to({ matchPattern: '**.com' })], flow(web, stripe), false, { ciliumVersion: '1.18' }],
    ['a dot is a dot', [to({ matchPattern: 'api.stripexcom' })], flow(web, stripe), false],
    ['without a DNS rule no name is learned', [egress({ toFQDNs: [{ matchName: 'api.stripe.com' }] })], flow(web, stripe), false],
    ['a DNS item without a rule learns nothing',
      [egress({ ...all, toPorts: [{ ports: [{ port: '53' }] }] }, { toFQDNs: [{ matchName: 'api.stripe.com' }] })], flow(web, stripe), false],
    ['a DNS rule that covers the name learns it', [egress(allowDns({ matchPattern: '*.stripe.com' }), { toFQDNs: [{ matchName: 'api.stripe.com' }] })],
      flow(web, stripe), true],
    ['a DNS rule that does not cover the name does not', [egress(allowDns({ matchName: 'cilium.io' }), { toFQDNs: [{ matchName: 'api.stripe.com' }] })],
      flow(web, stripe), false],
    ['a DNS rule of another policy of the pod will do', [egress(all), egress({ toFQDNs: [{ matchName: 'api.stripe.com' }] })], flow(web, stripe), true],
    ['a DNS rule of another pod will not',
      [cnp({ endpointSelector: { matchLabels: { app: 'api' } }, egress: [all] }), egress({ toFQDNs: [{ matchName: 'api.stripe.com' }] })],
      flow(web, stripe), false],
    ['a DNS rule on another port sees no queries',
      [egress({ ...all, toPorts: [{ ports: [{ port: '5353' }], rules: { dns: [{ matchPattern: '*' }] } }] }, { toFQDNs: [{ matchPattern: '*' }] })],
      flow(web, stripe), false],
    ['a DNS rule on another port sees queries where DNS is served there',
      [egress({ ...all, toPorts: [{ ports: [{ port: '5353' }], rules: { dns: [{ matchPattern: '*' }] } }] }, { toFQDNs: [{ matchPattern: '*' }] })],
      flow(web, stripe), true, { dnsPorts: [53, 5353] }],
    ['a DNS rule for nobody learns nothing', [egress({ ...all, toEndpoints: [] }, { toFQDNs: [{ matchPattern: '*' }] })], flow(web, stripe), false],
    ['names and ports must both match', [egress(all, { toFQDNs: [{ matchPattern: '*' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] })],
      flow(web, stripe), false],
    ['the query for a covered name goes through', [egress(allowDns({ matchPattern: '*.stripe.com' }))],
      { ...flow(web, dns, 'UDP', 53), dnsQuery: 'api.stripe.com' }, true],
    ['the query for another name is refused', [egress(allowDns({ matchPattern: '*.stripe.com' }))],
      { ...flow(web, dns, 'UDP', 53), dnsQuery: 'example.com' }, false],
    ['a DNS item with ANY is TCP too', [egress(all)], flow(web, dns, 'TCP', 53), true],
  ]);
});

describe('services', () => {
  const service = (name: string, spec: object) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'data', labels: { kind: name } }, spec });
  const sql = service('sql', { selector: { app: 'db' } });
  const partner = service('partner', {});
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'partner-1', namespace: 'data', labels: { 'kubernetes.io/service-name': 'partner' } },
    endpoints: [{ addresses: ['203.0.113.7', '10.0.1.1'] }],
  };
  const to = (reference: object) => egress({ toServices: [reference] });
  check('cilium', [
    ['a service is its pods', [to({ k8sService: { serviceName: 'sql', namespace: 'data' } }), sql], flow(web, db), true],
    ['a service is no other pods', [to({ k8sService: { serviceName: 'sql', namespace: 'data' } }), sql], flow(web, otherApi), false],
    ['a service can be selected by label', [to({ k8sServiceSelector: { selector: { matchLabels: { kind: 'sql' } } } }), sql], flow(web, db), true],
    ['a service of another namespace is another', [to({ k8sService: { serviceName: 'sql', namespace: 'shop' } }), sql], flow(web, db), false],
    ['a service without a selector is its addresses', [to({ k8sService: { serviceName: 'partner', namespace: 'data' } }), partner, slice],
      flow(web, outside), true],
    ['addresses of a service are no pods', [to({ k8sService: { serviceName: 'partner', namespace: 'data' } }), partner, slice], flow(web, db), false],
    ['a missing service is nobody', [to({ k8sService: { serviceName: 'nope', namespace: 'data' } }), sql], flow(web, db), false],
    ['a missing service with ports is everybody on these ports since 1.19',
      [egress({ toServices: [{ k8sService: { serviceName: 'nope', namespace: 'data' } }], toPorts: [{ ports: [{ port: '5432' }] }] }), sql], flow(web, db, 'TCP', 5432), true,
      { ciliumVersion: '1.19' }],
    ['and nobody before',
      [egress({ toServices: [{ k8sService: { serviceName: 'nope', namespace: 'data' } }], toPorts: [{ ports: [{ port: '5432' }] }] }), sql], flow(web, db, 'TCP', 5432), false,
      { ciliumVersion: '1.18' }],
  ]);
});

describe('NetworkPolicies under Cilium', () => {
  check('cilium', [
    ['rules isolate and allow even where policyTypes leaves their direction out: isolate',
      [networkPolicy({ podSelector: {}, policyTypes: ['Egress'], egress: [{}], ingress: [{ ports: [{ port: 1 }] }] })], flow(web, api), false],
    ['rules isolate and allow even where policyTypes leaves their direction out: allow',
      [networkPolicy({ podSelector: {}, policyTypes: ['Egress'], egress: [{}], ingress: [{ ports: [{ port: 8080 }] }] })], flow(web, api), true],
    ['an empty rule allows nodes and the outside', [networkPolicy({ podSelector: {}, ingress: [{}] })], flow(remoteNode, web), true],
    ['a namespaceSelector sees labels of the namespace',
      [networkPolicy({ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'blue' } } }] }] })], flow(db, web), true],
  ]);
});

describe('L7', () => {
  const http = { ports: [{ port: '8080', protocol: 'TCP' }], rules: { http: [{ path: '/public' }] } };
  const l4 = { ports: [{ port: '8080', protocol: 'TCP' }] };
  const verdict = (manifests: any[], each = flow(web, api)) => judge('cilium', manifests, world, each);

  test('an item with HTTP rules lets some requests through', () => {
    expect(verdict([ingress({ toPorts: [http] })])).toEqual({ allowed: true, egress: true, ingress: true, l7: true });
  });
  test('an item without them beside it lets all through', () => {
    expect(verdict([ingress({ toPorts: [http] }), ingress({ toPorts: [l4] })])).toEqual({ allowed: true, egress: true, ingress: true });
  });
  test('an item with HTTP rules lets nothing through on other ports', () => {
    expect(verdict([ingress({ toPorts: [http] })], flow(web, api, 'TCP', 80)).allowed).toBe(false);
  });
  test('a side that restricts requests restricts the flow', () => {
    expect(verdict([egress({ toPorts: [http] }), ingress({ toPorts: [l4] })])).toMatchObject({ allowed: true, l7: true });
  });
  test('a denied flow has no requests', () => {
    expect(verdict([egress({ toPorts: [http] }), ingress({})])).toEqual({ allowed: false, egress: true, ingress: false });
  });
  test('without default deny HTTP rules restrict nothing', () => {
    const open = cnp({ enableDefaultDeny: { ingress: false }, ingress: [{ toPorts: [http] }] });
    expect(verdict([open])).toEqual({ allowed: true, egress: true, ingress: true });
  });
  test('server names let some connections through', () => {
    expect(verdict([egress({ toPorts: [{ ...l4, serverNames: ['one.one.one.one'] }] })])).toMatchObject({ allowed: true, l7: true });
  });
  test('a DNS rule for some names lets some queries through', () => {
    const rule = { ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchName: 'cilium.io' }] } };
    expect(verdict([egress({ toPorts: [rule] })], flow(web, dns, 'UDP', 53))).toMatchObject({ allowed: true, l7: true });
  });
  test('a DNS rule for all names lets all through', () => {
    const rule = { ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } };
    expect(verdict([egress({ toPorts: [rule] })], flow(web, dns, 'UDP', 53))).toEqual({ allowed: true, egress: true, ingress: true });
  });
});

describe('real policies', () => {
  const example = (kind: string, name: string, rule: object) => ({
    apiVersion: 'cilium.io/v2', kind, metadata: { name, ...(kind === 'CiliumNetworkPolicy' ? { namespace: 'shop' } : {}) }, spec: rule,
  });
  const lockdown = example('CiliumClusterwideNetworkPolicy', 'external-lockdown', {
    endpointSelector: {}, ingressDeny: [{ fromEntities: ['world'] }], ingress: [{ fromEntities: ['all'] }],
  });
  const denyBackend = example('CiliumNetworkPolicy', 'deny-egress-example', {
    endpointSelector: { matchLabels: { app: 'web' } },
    egress: [{ toEntities: ['all'] }],
    egressDeny: [{ toEndpoints: [{ matchLabels: { app: 'api' } }] }],
  });
  const cidrRule = example('CiliumNetworkPolicy', 'cidr-rule', {
    endpointSelector: { matchLabels: { app: 'web' } },
    egress: [{ toCIDR: ['20.1.1.1/32'] }, { toCIDRSet: [{ cidr: '100.0.0.0/8', except: ['100.96.0.0/12'] }] }],
  });
  const orStatement = example('CiliumNetworkPolicy', 'or-statement-policy', {
    endpointSelector: {},
    ingress: [{
      fromEndpoints: [
        { matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'In', values: ['data'] }] },
        { matchExpressions: [{ key: 'k8s:tier', operator: 'In', values: ['back'] }] },
      ],
    }],
  });
  check('cilium', [
    ['external-lockdown shuts the world out', [lockdown], flow(outside, web), false],
    ['external-lockdown lets pods and nodes in', [lockdown], flow(remoteNode, web), true],
    ['egress-deny denies the backend of the namespace', [denyBackend], flow(web, api), false],
    ['egress-deny leaves the backend of another namespace', [denyBackend], flow(web, otherApi), true],
    ['cidr-rule allows its address', [cidrRule], flow(web, { address: '20.1.1.1' }), true],
    ['cidr-rule allows its block', [cidrRule], flow(web, { address: '100.1.1.1' }), true],
    ['cidr-rule leaves out its exception', [cidrRule], flow(web, { address: '100.97.1.1' }), false],
    ['or-statement allows the namespace', [orStatement], flow(db, web), true],
    ['or-statement allows the label in its own namespace', [orStatement], flow(api, web), true],
    ['or-statement allows the label in no other namespace but the named', [orStatement], flow(dns, web), false],
  ]);
});

describe('refusals', () => {
  const rule = (each: object) => ingress({ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], ...each }] });
  const outRule = (each: object) => egress({ toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], ...each }] });
  checkRefusals('cilium', [
    ['neither spec nor specs', [{ ...cnp({}), spec: undefined }], /needs spec or specs/],
    ['no selector', [cnp({ endpointSelector: undefined, ingress: [{}] })], /exactly one of endpointSelector and nodeSelector/],
    ['a nodeSelector in a namespaced policy', [cnp({ endpointSelector: undefined, nodeSelector: {}, ingress: [{}] })], /cannot have NodeSelector/],
    ['no section', [cnp({})], /at least one of/],
    ['only empty sections', [cnp({ ingress: [], egress: [] })], /at least one of/],
    ['an unknown field', [cnp({ ingress: [{}], order: 1 })], /unknown field 'order'/],
    ['two kinds of peers', [ingress({ fromEndpoints: [{}], fromEntities: ['world'] })], /combining fromEndpoints and fromEntities/],
    ['fromCIDR with fromCIDRSet', [ingress({ fromCIDR: ['1.0.0.0/8'], fromCIDRSet: [{ cidr: '2.0.0.0/8' }] })], /combining/],
    ['toFQDNs with toCIDR', [egress({ toFQDNs: [{ matchPattern: '*' }], toCIDR: ['1.0.0.0/8'] })], /combining/],
    ['ports with icmps', [ingress({ toPorts: [{ ports: [{ port: '80' }] }], icmps: [{ fields: [{ type: 8 }] }] })], /toPorts and icmps/],
    ['fromRequires', [ingress({ fromRequires: [{}] })], /Requires was removed/],
    ['fromNodes', [ingress({ fromNodes: [{}] })], /node-selector-labels/],
    ['an unknown entity', [ingress({ fromEntities: ['everyone'] })], /unsupported entity/],
    ['an entity of the Go code only', [ingress({ fromEntities: ['world-ipv4'] })], /unsupported entity/],
    ['cluster-mesh before 1.20', [ingress({ fromEntities: ['cluster-mesh'] })], /unsupported entity/, { ciliumVersion: '1.19' }],
    ['a bare address', [egress({ toCIDR: ['1.2.3.4'] })], /no CIDR/],
    ['an exception out of its block', [egress({ toCIDRSet: [{ cidr: '10.0.0.0/16', except: ['10.1.0.0/24'] }] })], /does not contain/],
    ['an exception of a group', [egress({ toCIDRSet: [{ cidrGroupRef: 'g', except: ['10.1.0.0/24'] }] })], /except with a group/],
    ['a CIDR and a group', [egress({ toCIDRSet: [{ cidrGroupRef: 'g', cidr: '10.1.0.0/24' }] })], /exactly one of/],
    ['names in a deny', [cnp({ egressDeny: [{ toFQDNs: [{ matchPattern: '*' }] }] })], /unknown field 'toFQDNs'/],
    ['L7 rules in a deny', [cnp({ egressDeny: [{ toPorts: [{ rules: {} }] }] })], /unknown field 'rules'/],
    ['matchName and matchPattern together', [egress({ toFQDNs: [{ matchName: 'a', matchPattern: 'b' }] })], /exactly one of/],
    ['a name with a star in matchName', [egress({ toFQDNs: [{ matchName: '*.a' }] })], /no DNS name/],
    ['a numeric port', [onPort({ port: 80 })], /a port is a string/],
    ['a port out of range', [onPort({ port: '65536' })], /unable to parse port/],
    ['a port with more behind it', [onPort({ port: '80abc!!' })], /unable to parse port/],
    ['a name of more than 15 characters', [onPort({ port: 'a-very-long-name' })], /unable to parse port/],
    ['a port without a port', [onPort({ protocol: 'TCP' })], /a port is a string/],
    ['a port directly in toPorts', [ingress({ toPorts: [{ port: '80' }] })], /unknown field 'port'/],
    ['a lower-case protocol', [onPort({ port: '80', protocol: 'tcp' })], /no protocol/],
    ['an extended protocol before its version', [onPort({ port: '0', protocol: 'GRE' })], /no protocol/, { ciliumVersion: '1.19' }],
    ['more than 40 ports', [ingress({ toPorts: [{ ports: Array.from({ length: 41 }, (_, i) => ({ port: String(i + 1) })) }] })], /too many ports/],
    ['HTTP without a protocol', [rule({ ports: [{ port: '80' }], rules: { http: [{}] } })], /only apply to TCP/],
    ['HTTP over UDP', [rule({ ports: [{ port: '80', protocol: 'UDP' }], rules: { http: [{}] } })], /only apply to TCP/],
    ['HTTP on port 0', [rule({ ports: [{ port: '0', protocol: 'TCP' }], rules: { http: [{}] } })], /when a port is 0/],
    ['empty rules', [rule({ rules: {} })], /exactly one of http and dns/],
    ['two L7 families', [outRule({ rules: { http: [{}], dns: [{ matchPattern: '*' }] } })], /exactly one of http and dns/],
    ['a field that HTTP rules lack', [rule({ rules: { http: [{ allowedHeaders: [] }] } })], /unknown field 'allowedHeaders'/],
    ['a path that is no expression', [rule({ rules: { http: [{ path: '/(' }] } })], /not a regular expression/],
    ['Kafka', [rule({ rules: { kafka: [{}] } })], /unknown field 'kafka'/],
    ['DNS on ingress', [rule({ rules: { dns: [{ matchPattern: '*' }] } })], /not allowed on ingress/],
    ['DNS without ports', [outRule({ ports: [], rules: { dns: [{ matchPattern: '*' }] } })], /port 53 must be specified/],
    ['DNS with a range', [outRule({ ports: [{ port: '53', endPort: 54 }], rules: { dns: [{ matchPattern: '*' }] } })], /port ranges/],
    ['a listener on ingress', [rule({ listener: { name: 'x', envoyConfig: { name: 'y' } } })], /listener/],
    ['server names with HTTP and without TLS', [rule({ rules: { http: [{}] }, serverNames: ['a.b'] })], /TLS termination/],
    ['an ICMP type that has no such name', [ingress({ icmps: [{ fields: [{ type: 'Ping' }] }] })], /not found in IPv4/],
    ['an ICMP family that is none', [ingress({ icmps: [{ fields: [{ type: 8, family: 'v4' }] }] })], /wrong family/],
    ['a key with two colons', [fromEndpoints({ matchLabels: { 'k8s:a:b': 'c' } })], /no label key/],
    ['labels of a rule as a map', [cnp({ ingress: [{}], labels: { a: 'b' } })], /must be a list/],
    ['another API version', [{ ...ingress({}), apiVersion: 'cilium.io/v2alpha1' }], /no version/],
  ]);
});
