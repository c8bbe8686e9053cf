import {
  addressless, agent, api, check, checkRefusals, db, flow, gnp, localNode, networkPolicy, np, otherApi, outside, outside6, ping, remoteNode,
  tier, web, world,
} from './fixtures';
import { judge } from './index';

/** A policy of namespace shop, for ingress of all its pods, in the default tier. */
function ingress(...rules: object[]): any {
  return np({ selector: 'all()', types: ['Ingress'], ingress: rules });
}

function egress(...rules: object[]): any {
  return np({ selector: 'all()', types: ['Egress'], egress: rules });
}

function allowFrom(source: object): any {
  return ingress({ action: 'Allow', source });
}

function allowTo(destination: object, more: object = {}): any {
  return egress({ action: 'Allow', destination, ...more });
}

function globalAllowFrom(source: object): any {
  return gnp({ types: ['Ingress'], ingress: [{ action: 'Allow', source }] });
}

function networkSet(kind: string, labels: object, nets: string[], namespace?: string): any {
  return { apiVersion: 'projectcalico.org/v3', kind, metadata: { name: 'partners', namespace, labels }, spec: { nets } };
}

describe('subjects and types', () => {
  check('calico', [
    ['a pod that no policy selects is open', [], flow(web, api), true],
    ['a policy without rules drops at the end of its tier', [ingress()], flow(web, api), false],
    ['a policy for ingress leaves egress alone', [ingress()], flow(web, db), true],
    ['a policy is for pods of its namespace', [ingress()], flow(web, db), true],
    ['a policy is for pods that it selects', [np({ selector: "app == 'web'", types: ['Ingress'] })], flow(web, api), true],
    ['an absent selector is all pods', [np({ types: ['Ingress'] })], flow(web, api), false],
    ['a policy can select by service account', [np({ types: ['Ingress'], serviceAccountSelector: "projectcalico.org/name == 'api'" })],
      flow(web, api), false],
    ['a policy leaves pods of other service accounts', [np({ types: ['Ingress'], serviceAccountSelector: "projectcalico.org/name == 'web'" })],
      flow(web, api), true],
    ['a global policy is for all pods', [gnp({ types: ['Ingress'] })], flow(web, db), false],
    ['a global policy can select namespaces by label', [gnp({ namespaceSelector: "team == 'blue'", types: ['Ingress'] })], flow(web, db), false],
    ['a global policy leaves other namespaces', [gnp({ namespaceSelector: "team == 'blue'", types: ['Ingress'] })], flow(db, web), true],
    ['a global policy can select namespaces by name', [gnp({ namespaceSelector: "projectcalico.org/name == 'data'", types: ['Ingress'] })],
      flow(web, db), false],
    ['a global policy can select pods by namespace', [gnp({ selector: "projectcalico.org/namespace == 'data'", types: ['Ingress'] })],
      flow(web, db), false],
    ['a global policy can select what Kubernetes runs', [gnp({ selector: "projectcalico.org/orchestrator == 'k8s'", types: ['Ingress'] })],
      flow(web, db), false],
    ['all() of a global policy is all namespaces', [gnp({ namespaceSelector: 'all()', types: ['Ingress'] })], flow(web, db), false],
    ['nodes and hostNetwork pods are no subjects', [gnp({ types: ['Ingress', 'Egress'] })], flow(agent, remoteNode), true],
    ['absent types are ingress', [np({})], flow(web, api), false],
    ['absent types are not egress where there is no egress rule', [np({ ingress: [{ action: 'Deny' }] })], flow(web, db), true],
    ['absent types are egress alone where there are egress rules alone', [np({ egress: [{ action: 'Allow' }] })], flow(db, web), true],
    ['absent types are both where there are both rules', [np({ egress: [{ action: 'Deny' }], ingress: [{ action: 'Allow' }] })], flow(web, db), false],
    ['rules of a direction that is not a type do nothing', [np({ types: ['Ingress'], ingress: [{ action: 'Allow' }], egress: [{ action: 'Deny' }] })],
      flow(web, db), true],
    ['a policy of an untracked table is not for pods', [gnp({ types: ['Ingress'], doNotTrack: true, applyOnForward: true })], flow(web, api), true],
    ['a policy before DNAT is not for pods', [gnp({ types: ['Ingress'], preDNAT: true, applyOnForward: true })], flow(web, api), true],
    ['a policy for forwarded traffic is for pods too', [gnp({ types: ['Ingress'], applyOnForward: true })], flow(web, api), false],
    ['both ends must allow', [ingress({ action: 'Allow' }), egress()], flow(web, api), false],
  ]);
});

describe('actions and order', () => {
  const deny = (order?: number, name?: string) => np({ order, types: ['Ingress'], ingress: [{ action: 'Deny' }] }, name);
  const allow = (order?: number, name?: string) => np({ order, types: ['Ingress'], ingress: [{ action: 'Allow' }] }, name);
  check('calico', [
    ['the first rule that matches decides: allow', [ingress({ action: 'Allow' }, { action: 'Deny' })], flow(web, api), true],
    ['the first rule that matches decides: deny', [ingress({ action: 'Deny' }, { action: 'Allow' })], flow(web, api), false],
    ['Log goes on', [ingress({ action: 'Log' }, { action: 'Allow' })], flow(web, api), true],
    ['Log alone decides nothing', [ingress({ action: 'Log' })], flow(web, api), false],
    ['a rule that does not match is passed over', [ingress({ action: 'Deny', protocol: 'UDP' }, { action: 'Allow' })], flow(web, api), true],
    ['the lower order comes first: allow', [deny(2), allow(1)], flow(web, api), true],
    ['the lower order comes first: deny', [allow(2), deny(1)], flow(web, api), false],
    ['an order may be a fraction and below zero', [allow(0.5), deny(-1.5)], flow(web, api), false],
    ['an absent order comes last', [deny(), allow(1e9)], flow(web, api), true],
    ['names decide between equal orders', [deny(1, 'b'), allow(1, 'a')], flow(web, api), true],
    ['names decide where there are no orders', [deny(undefined, 'a'), allow(undefined, 'b')], flow(web, api), false],
    ['a NetworkPolicy stands at order 1000: behind 999', [networkPolicy({ podSelector: {}, ingress: [{}] }), deny(999)], flow(web, api), false],
    ['a NetworkPolicy stands at order 1000: before 1001', [networkPolicy({ podSelector: {}, ingress: [{}] }), deny(1001)], flow(web, api), true],
    ['a NetworkPolicy that allows nothing leaves it to later policies', [networkPolicy({ podSelector: {} }), allow(2000)], flow(web, api), true],
    ['a NetworkPolicy isolates', [networkPolicy({ podSelector: {} })], flow(web, api), false],
    ['an ipBlock of a NetworkPolicy matches pods by address',
      [networkPolicy({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/16' } }] }] })], flow(web, db), true],
    ['a global policy and a namespaced one share a tier', [gnp({ order: 5, types: ['Ingress'], ingress: [{ action: 'Deny' }] }), allow(10)],
      flow(web, api), false],
    ['an end of tier only drops after all policies of the tier', [np({ order: 1, types: ['Ingress'] }), allow(2)], flow(web, api), true],
  ]);
});

describe('tiers', () => {
  const inTier = (name: string, rules: object[], spec: object = {}) => gnp({ tier: name, types: ['Ingress'], ingress: rules, ...spec }, `${name}.p`);
  check('calico', [
    ['an allow in an early tier is final', [tier('early', 10), inTier('early', [{ action: 'Allow' }]), ingress({ action: 'Deny' })], flow(web, api), true],
    ['a deny in an early tier is final', [tier('early', 10), inTier('early', [{ action: 'Deny' }]), ingress({ action: 'Allow' })], flow(web, api), false],
    ['Pass goes to the next tier: allow', [tier('early', 10), inTier('early', [{ action: 'Pass' }]), ingress({ action: 'Allow' })], flow(web, api), true],
    ['Pass goes to the next tier: deny', [tier('early', 10), inTier('early', [{ action: 'Pass' }]), ingress({ action: 'Deny' })], flow(web, api), false],
    ['Pass skips the rest of its tier', [tier('early', 10), inTier('early', [{ action: 'Pass' }, { action: 'Deny' }])], flow(web, api), true],
    ['Pass out of the last tier ends in the profile, which allows', [ingress({ action: 'Pass' })], flow(web, api), true],
    ['no match in a tier drops at its end', [tier('early', 10), inTier('early', []), ingress({ action: 'Allow' })], flow(web, api), false],
    ['no match in a tier goes on where its default action is Pass',
      [tier('early', 10, 'Pass'), inTier('early', []), ingress({ action: 'Allow' })], flow(web, api), true],
    ['a tier whose default action is Pass does not isolate', [tier('early', 10, 'Pass'), inTier('early', [])], flow(web, api), true],
    ['a tier with no policy for the pod is skipped', [tier('early', 10), inTier('early', [], { selector: "app == 'web'" })], flow(web, api), true],
    ['a tier with no policy for the direction is skipped', [tier('early', 10), inTier('early', [])], flow(api, outside), true],
    ['tiers go by order', [tier('a', 20), tier('b', 10), inTier('a', [{ action: 'Deny' }]), inTier('b', [{ action: 'Allow' }])], flow(web, api), true],
    ['tiers of the same order go by name',
      [tier('b', 10), tier('a', 10), inTier('a', [{ action: 'Deny' }]), inTier('b', [{ action: 'Allow' }])], flow(web, api), false],
    ['the default tier stands at 1000000: after a lower order',
      [tier('t', 999_999), inTier('t', [{ action: 'Allow' }]), ingress({ action: 'Deny' })], flow(web, api), true],
    ['the default tier stands at 1000000: before a higher order',
      [tier('t', 1_000_001), inTier('t', [{ action: 'Allow' }]), ingress({ action: 'Deny' })], flow(web, api), false],
    ['a tier without an order stands where the default tier does, by name',
      [tier('a'), inTier('a', [{ action: 'Allow' }]), ingress({ action: 'Deny' })], flow(web, api), true],
    ['built-in tiers need no object and pass', [inTier('kube-admin', []), inTier('kube-baseline', [])], flow(web, api), true],
    ['built-in tiers stand before the default tier', [inTier('kube-admin', [{ action: 'Allow' }]), ingress({ action: 'Deny' })], flow(web, api), true],
    ['built-in tiers stand after the default tier', [inTier('kube-baseline', [{ action: 'Deny' }]), ingress({ action: 'Allow' })], flow(web, api), true],
  ]);
});

describe('staged policies', () => {
  const staged = (policy: any) => ({ ...policy, kind: `Staged${policy.kind}` });
  check('calico', [
    ['a staged policy does not drop', [staged(ingress())], flow(web, api), true],
    ['a staged policy does not deny', [staged(ingress({ action: 'Deny' }))], flow(web, api), true],
    ['a staged policy does not allow', [staged(ingress({ action: 'Allow' })), ingress()], flow(web, api), false],
    ['a staged global policy does not drop', [staged(gnp({ types: ['Ingress'] }))], flow(web, api), true],
    ['a staged deletion deletes nothing', [ingress(), { ...staged(np({ stagedAction: 'Delete' })) }], flow(web, api), false],
    ['a staged NetworkPolicy does not drop',
      [{ apiVersion: 'projectcalico.org/v3', kind: 'StagedKubernetesNetworkPolicy', metadata: { name: 'x', namespace: 'shop' }, spec: { podSelector: {} } }],
      flow(web, api), true],
  ]);
});

describe('who a rule matches', () => {
  check('calico', [
    ['an absent source is anybody', [ingress({ action: 'Allow' })], flow(outside, web), true],
    ['an empty source is anybody', [allowFrom({})], flow(outside, web), true],
    ['a selector of a namespaced policy is for its own namespace', [allowFrom({ selector: "app == 'api'" })], flow(otherApi, web), false],
    ['a selector of a namespaced policy finds its pods', [allowFrom({ selector: "app == 'api'" })], flow(api, web), true],
    ['all() is known endpoints, not anybody', [allowFrom({ selector: 'all()' })], flow(outside, web), false],
    ['all() of a namespaced policy is its own namespace', [allowFrom({ selector: 'all()' })], flow(db, web), false],
    ['a selector of a global policy is for all namespaces', [globalAllowFrom({ selector: "app == 'api'" })], flow(otherApi, web), true],
    ['a selector does not match hostNetwork pods', [globalAllowFrom({ selector: "app == 'agent'" })], flow(agent, api), false],
    ['a selector does not match nodes', [globalAllowFrom({ selector: 'all()' })], flow(remoteNode, api), false],
    ['a namespaceSelector takes the place of the own namespace', [allowFrom({ namespaceSelector: "team == 'blue'" })], flow(db, web), true],
    ['a namespaceSelector does not add the own namespace', [allowFrom({ namespaceSelector: "team == 'blue'" })], flow(api, web), false],
    ['a namespaceSelector is nobody outside', [allowFrom({ namespaceSelector: 'all()' })], flow(outside, web), false],
    ['all() as namespaceSelector is all pods', [allowFrom({ namespaceSelector: 'all()' })], flow(db, web), true],
    ['projectcalico.org/name is the name of a namespace', [allowFrom({ namespaceSelector: "projectcalico.org/name == 'data'" })], flow(db, web), true],
    ['kubernetes.io/metadata.name is too', [allowFrom({ namespaceSelector: "kubernetes.io/metadata.name == 'data'" })], flow(db, web), true],
    ['has() in a namespaceSelector is of namespaces', [allowFrom({ namespaceSelector: 'has(team)' })], flow(db, web), true],
    ['a label of a pod is none of its namespace', [allowFrom({ namespaceSelector: 'has(app)' })], flow(db, web), false],
    ['a label of a namespace is none of its pods', [globalAllowFrom({ selector: 'has(team)' })], flow(db, web), false],
    ['a namespaceSelector and a selector must both match', [allowFrom({ namespaceSelector: "team == 'blue'", selector: "app == 'api'" })],
      flow(db, web), false],
    ['projectcalico.org/namespace is a label of pods', [globalAllowFrom({ selector: "projectcalico.org/namespace == 'data'" })], flow(db, web), true],
    ['a rule matches its source and its destination', [ingress({ action: 'Allow', source: { selector: "app == 'web'" }, destination: { selector: "app == 'db'" } })],
      flow(web, api), false],
    ['an ingress rule can tell apart its subjects', [ingress({ action: 'Allow', destination: { selector: "app == 'api'" } })], flow(web, api), true],
    ['an egress rule matches its source too', [egress({ action: 'Deny', source: { selector: "app == 'api'" } }, { action: 'Allow' })], flow(web, db), true],
  ]);
});

describe('notSelector', () => {
  const notApi = (namespace?: string) => ({ notSelector: "app == 'api'", ...(namespace ? { namespaceSelector: namespace } : {}) });
  check('calico', [
    ['in a global policy it is anybody else, outside too', [globalAllowFrom(notApi())], flow(outside, web), true],
    ['in a global policy it shuts out whom it selects', [globalAllowFrom(notApi())], flow(otherApi, web), false],
    ['in a namespaced policy it is for the own namespace alone', [allowFrom(notApi())], flow(outside, web), false],
    ['in a namespaced policy it is others of the own namespace', [allowFrom(notApi())], flow(addressless, web), true],
    ['in a namespaced policy it is nobody of other namespaces', [allowFrom(notApi())], flow(db, web), false],
    ['beside a namespaceSelector it is others of those namespaces', [allowFrom(notApi("team == 'blue'"))], flow(db, web), true],
    ['beside a namespaceSelector it shuts out whom it selects', [allowFrom(notApi("team == 'blue'"))], flow(otherApi, web), false],
  ]);
});

describe('service accounts', () => {
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'api', namespace: 'shop', labels: { role: 'caller' } } };
  check('calico', [
    ['are matched by name', [allowFrom({ serviceAccounts: { names: ['x', 'api'] } })], flow(api, web), true],
    ['are of the own namespace', [allowFrom({ serviceAccounts: { names: ['api'] } })], flow(otherApi, web), false],
    ['are of the namespaces that are selected', [allowFrom({ serviceAccounts: { names: ['api'] }, namespaceSelector: "team == 'blue'" })],
      flow(otherApi, web), true],
    ['are matched by label', [allowFrom({ serviceAccounts: { selector: "role == 'caller'" } }), account], flow(api, web), true],
    ['are not matched by labels of the pod', [allowFrom({ serviceAccounts: { selector: "app == 'api'" } }), account], flow(api, web), false],
    ['must match names and labels', [allowFrom({ serviceAccounts: { names: ['web'], selector: "role == 'caller'" } }), account], flow(api, web), false],
    ['must match beside the selector', [allowFrom({ serviceAccounts: { names: ['api'] }, selector: "app == 'web'" })], flow(api, web), false],
    ['are nobody outside', [globalAllowFrom({ serviceAccounts: { names: ['api'] } })], flow(outside, web), false],
    ['are "default" where none is given', [globalAllowFrom({ serviceAccounts: { names: ['default'] } })], flow(db, web), true],
  ]);
});

describe('networks', () => {
  check('calico', [
    ['nets match outside', [allowTo({ nets: ['198.51.100.0/24', '203.0.113.0/24'] })], flow(web, outside), true],
    ['nets match pods by address', [allowTo({ nets: ['10.0.1.0/24'] })], flow(web, db), true],
    ['nets match nodes by address', [allowTo({ nets: ['192.168.0.0/24'] })], flow(web, remoteNode), true],
    ['nets do not match a pod without an address', [allowTo({ nets: ['0.0.0.0/0'] })], flow(web, addressless), false],
    ['notNets leave out', [allowTo({ nets: ['0.0.0.0/0'], notNets: ['203.0.113.0/24'] })], flow(web, outside), false],
    ['notNets alone are anybody else', [allowTo({ notNets: ['198.51.100.0/24'] })], flow(web, outside), true],
    ['notNets of IPv4 say nothing of IPv6', [allowTo({ notNets: ['198.51.100.0/24'] })], flow(web, outside6), false],
    ['nets of IPv6 match IPv6', [allowTo({ nets: ['2001:db8::/32'] })], flow(web, outside6), true],
    ['nets of IPv4 do not match IPv6', [allowTo({ nets: ['0.0.0.0/0'] })], flow(web, outside6), false],
    ['nets and a selector must both match', [allowTo({ nets: ['10.0.1.0/24'], selector: "app == 'api'" })], flow(web, db), false],
    ['nets are held against the address in use', [allowTo({ nets: ['fd00::/16'] })], { ...flow(web, db), ipVersion: 6 }, true],
    ['ipVersion matches', [allowTo({}, { ipVersion: 6 })], flow(web, outside6), true],
    ['ipVersion does not match the other', [allowTo({}, { ipVersion: 6 })], flow(web, outside), false],
  ]);
});

describe('network sets', () => {
  const global = networkSet('GlobalNetworkSet', { kind: 'partner' }, ['203.0.113.0/24']);
  const own = networkSet('NetworkSet', { kind: 'partner' }, ['203.0.113.7'], 'shop');
  const other = networkSet('NetworkSet', { kind: 'partner' }, ['203.0.113.7'], 'data');
  const partner = "kind == 'partner'";
  check('calico', [
    ['a set of the namespace is found by label', [allowTo({ selector: partner }), own], flow(web, outside), true],
    ['a set of another namespace is not', [allowTo({ selector: partner }), other], flow(web, outside), false],
    ['a set of another namespace is found through its namespace', [allowTo({ selector: partner, namespaceSelector: "team == 'blue'" }), other],
      flow(web, outside), true],
    ['a global set is not found by a namespaced policy', [allowTo({ selector: partner }), global], flow(web, outside), false],
    ['a global set is found through global()', [allowTo({ selector: partner, namespaceSelector: 'global()' }), global], flow(web, outside), true],
    ['global() leaves out sets of namespaces', [allowTo({ selector: partner, namespaceSelector: 'global()' }), own], flow(web, outside), false],
    ['global() leaves out pods', [allowTo({ namespaceSelector: 'global()' })], flow(web, api), false],
    ['all() leaves out global sets', [allowTo({ selector: partner, namespaceSelector: 'all()' }), global], flow(web, outside), false],
    ['a global policy finds global sets', [gnp({ types: ['Egress'], egress: [{ action: 'Allow', destination: { selector: partner } }] }), global],
      flow(web, outside), true],
    ['a global policy finds sets of namespaces', [gnp({ types: ['Egress'], egress: [{ action: 'Allow', destination: { selector: partner } }] }), other],
      flow(web, outside), true],
    ['a set matches its own addresses only', [gnp({ types: ['Egress'], egress: [{ action: 'Allow', destination: { selector: partner } }] }), global],
      flow(web, { address: '198.51.100.1' }), false],
    ['a set holds a pod by its address',
      [allowTo({ selector: partner }), networkSet('NetworkSet', { kind: 'partner' }, ['10.0.1.0/24'], 'shop')], flow(web, db), true],
    ['a set may be unmasked', [allowTo({ selector: partner }), networkSet('NetworkSet', { kind: 'partner' }, ['203.0.113.9/24'], 'shop')],
      flow(web, outside), true],
    ['notSelector leaves out the addresses of a set',
      [gnp({ types: ['Egress'], egress: [{ action: 'Allow', destination: { notSelector: partner } }] }), global], flow(web, outside), false],
  ]);
});

describe('ports and protocols', () => {
  const onPorts = (ports: (number | string)[], protocol?: string | number) => ingress({ action: 'Allow', protocol, destination: { ports } });
  const notOnPorts = (notPorts: (number | string)[], protocol?: string) => ingress({ action: 'Allow', protocol, destination: { notPorts } });
  check('calico', [
    ['no ports is everything', [ingress({ action: 'Allow' })], ping(web, api), true],
    ['a protocol is matched', [ingress({ action: 'Allow', protocol: 'TCP' })], flow(web, api), true],
    ['another protocol is not', [ingress({ action: 'Allow', protocol: 'TCP' })], flow(web, api, 'UDP'), false],
    ['a protocol may be a number', [ingress({ action: 'Allow', protocol: 6 })], flow(web, api), true],
    ['notProtocol leaves out', [ingress({ action: 'Allow', notProtocol: 'TCP' })], flow(web, api), false],
    ['notProtocol is everything else', [ingress({ action: 'Allow', notProtocol: 'TCP' })], ping(web, api), true],
    ['UDPLite is none of the flows here', [ingress({ action: 'Allow', protocol: 'UDPLite' })], flow(web, api, 'UDP'), false],
    ['a port matches', [onPorts([80, 8080], 'TCP')], flow(web, api), true],
    ['another port does not', [onPorts([80], 'TCP')], flow(web, api), false],
    ['a range includes both ends', [onPorts(['8000:8080'], 'TCP')], flow(web, api), true],
    ['a range ends', [onPorts(['8000:8079'], 'TCP')], flow(web, api), false],
    ['a range with a dash is a name', [onPorts(['8000-9000'], 'TCP')], flow(web, api), false],
    ['a name is the port of the destination', [onPorts(['http'])], flow(web, api), true],
    ['a name is of its protocol', [onPorts(['stats'], 'TCP')], flow(web, api, 'TCP', 9000), false],
    ['a name needs no protocol', [onPorts(['stats'])], flow(web, api, 'UDP', 9000), true],
    ['a name is no other port', [onPorts(['http'])], flow(web, api, 'TCP', 80), false],
    ['a name matches nobody outside', [allowTo({ ports: ['http'] })], flow(web, outside), false],
    ['notPorts leave out', [notOnPorts([8080], 'TCP')], flow(web, api), false],
    ['notPorts are the other ports', [notOnPorts(['8081:9000'], 'TCP')], flow(web, api), true],
    ['notPorts by name leave out', [notOnPorts(['http'])], flow(web, api), false],
    ['a source port matches', [ingress({ action: 'Allow', protocol: 'TCP', source: { ports: [1234] } })], { ...flow(web, api), sourcePort: 1234 }, true],
    ['a source port that is not stated is ephemeral', [ingress({ action: 'Allow', protocol: 'TCP', source: { ports: ['1:1023'] } })], flow(web, api), false],
    ['a source port by name is one of the source', [ingress({ action: 'Allow', source: { ports: ['http'] } })],
      { ...flow(web, api, 'TCP', 1), sourcePort: 8080 }, true],
    ['peer and port must both match', [ingress({ action: 'Allow', protocol: 'TCP', source: { selector: "app == 'api'" }, destination: { ports: [8080] } })],
      flow(web, api), false],
  ]);
});

describe('ICMP', () => {
  const icmp = (more: object) => ingress({ action: 'Allow', protocol: 'ICMP', ...more });
  check('calico', [
    ['ICMP is that of IPv4', [icmp({})], ping(web, api), true],
    ['ICMP is not that of IPv6', [icmp({})], { ...ping(web, api), ipVersion: 6 }, false],
    ['ICMPv6 is that of IPv6', [icmp({ protocol: 'ICMPv6' })], { ...ping(web, api), ipVersion: 6 }, true],
    ['ICMP is no TCP', [icmp({})], flow(web, api), false],
    ['a type matches', [icmp({ icmp: { type: 8 } })], ping(web, api), true],
    ['another type does not', [icmp({ icmp: { type: 0 } })], ping(web, api), false],
    ['a code must match too', [icmp({ icmp: { type: 8, code: 1 } })], ping(web, api), false],
    ['notICMP leaves out', [icmp({ notICMP: { type: 8 } })], ping(web, api), false],
    ['notICMP is other types', [icmp({ notICMP: { type: 0 } })], ping(web, api), true],
  ]);
});

describe('services', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'sql', namespace: 'data' }, spec: { selector: { app: 'db' }, ports: [{ port: 1, targetPort: 'sql' }] } };
  const bare = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'partner', namespace: 'shop' }, spec: {} };
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'p', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'partner' } },
    endpoints: [{ addresses: ['203.0.113.7'] }],
    ports: [{ port: 8080, protocol: 'TCP' }],
  };
  const sql = { services: { name: 'sql', namespace: 'data' } };
  check('calico', [
    ['a service is its pods on its target port', [allowTo(sql), service], flow(web, db, 'TCP', 5432), true],
    ['a service is no other port', [allowTo(sql), service], flow(web, db, 'TCP', 1), false],
    ['a service is no other pod', [allowTo(sql), service], flow(web, otherApi, 'TCP', 5432), false],
    ['a service as source is its pods on any port', [allowFrom(sql), service], flow(db, web), true],
    ['a service without a selector is its endpoints, in the own namespace', [allowTo({ services: { name: 'partner' } }), bare, slice],
      flow(web, outside), true],
    ['a service without a selector has ports', [allowTo({ services: { name: 'partner' } }), bare, slice], flow(web, outside, 'TCP', 80), false],
    ['a missing service is nobody', [allowTo({ services: { name: 'nope' } }), service], flow(web, db, 'TCP', 5432), false],
  ]);
});

describe('nodes', () => {
  check('calico', [
    ['the node of a pod reaches it past its policies', [ingress({ action: 'Deny' })], flow(localNode, web), true],
    ['another node does not', [ingress()], flow(remoteNode, web), false],
    ['a pod reaches its node where its egress policy lets it', [egress()], flow(web, localNode), false],
    ['a pod reaches its node by default', [], flow(web, localNode), true],
    ['a pod does not reach its node where Felix drops', [], flow(web, localNode), false, { defaultEndpointToHostAction: 'Drop' }],
    ['a pod reaches other nodes where Felix drops', [], flow(web, remoteNode), true, { defaultEndpointToHostAction: 'Drop' }],
  ]);
});

describe('L7', () => {
  const http = { action: 'Allow', protocol: 'TCP', http: { methods: ['GET'] } };
  const verdict = (...manifests: any[]) => judge('calico', manifests, world, flow(web, api));

  test('a rule with http lets some requests through', () => {
    expect(verdict(ingress(http))).toEqual({ allowed: true, egress: true, ingress: true, l7: true });
  });
  test('a later rule without it lets the others through', () => {
    expect(verdict(ingress(http, { action: 'Allow' }))).toEqual({ allowed: true, egress: true, ingress: true });
  });
  test('a later deny shuts out the others', () => {
    expect(verdict(ingress(http, { action: 'Deny' }))).toMatchObject({ allowed: true, l7: true });
  });
  test('a deny at the other end shuts out all', () => {
    expect(verdict(ingress(http), egress())).toEqual({ allowed: false, egress: false, ingress: true });
  });
});

describe('real policies', () => {
  const redis = np({
    selector: "app == 'api'",
    types: ['Ingress', 'Egress'],
    ingress: [{
      action: 'Allow',
      metadata: { annotations: { from: 'frontend' } },
      protocol: 'TCP',
      source: { selector: "app == 'web'" },
      destination: { ports: [6379] },
    }],
    egress: [{ action: 'Allow' }],
  }, 'allow-tcp-6379');
  const development = gnp({
    namespaceSelector: 'team == "red"',
    ingress: [{ action: 'Allow', source: { namespaceSelector: 'team == "red"' } }],
    egress: [{ action: 'Allow', destination: { namespaceSelector: 'team == "red"' } }],
  });
  const appPolicy = gnp({
    namespaceSelector: 'kubernetes.io/metadata.name not in {"calico-system", "kube-public", "kube-system", "tigera-operator"}',
    types: ['Ingress', 'Egress'],
    egress: [{ action: 'Allow', protocol: 'UDP', destination: { selector: 'k8s-app == "kube-dns"', ports: [53] } }],
  });
  const coredns = world.pods.find((pod) => pod.name === 'coredns')!;
  const blockIcmp = gnp({ order: 200, selector: 'all()', types: ['Ingress', 'Egress'], ingress: [{ action: 'Deny', protocol: 'ICMP' }, { action: 'Deny', protocol: 'ICMPv6' }] });
  const devops = [tier('devops', 300, 'Pass'), gnp({
    tier: 'devops',
    order: 255,
    selector: 'tier == "back"',
    types: ['Ingress', 'Egress'],
    ingress: [{ action: 'Deny', source: { selector: 'tier != "back"' } }, { action: 'Pass' }],
    egress: [{ action: 'Deny', destination: { selector: 'tier != "back"' } }, { action: 'Pass' }],
  }, 'devops.stage-env')];
  check('calico', [
    ['allow-tcp-6379 lets the frontend in', [redis], flow(web, api, 'TCP', 6379), true],
    ['allow-tcp-6379 lets nobody else in', [redis], flow(db, api, 'TCP', 6379), false],
    ['allow-tcp-6379 lets the database out', [redis], flow(api, outside), true],
    ['restrict-development-access keeps to its namespaces', [development], flow(web, db), false],
    ['restrict-development-access allows among them', [development], flow(web, api), true],
    ['deny-app-policy lets everybody ask DNS', [appPolicy], flow(web, coredns, 'UDP', 53), true],
    ['deny-app-policy does not isolate DNS', [appPolicy], flow(coredns, outside), true],
    ['deny-app-policy denies the rest', [appPolicy], flow(web, api), false],
    ['block-icmp blocks ping', [blockIcmp], ping(web, api), false],
    ['block-icmp, all by itself, blocks everything, since its tier drops', [blockIcmp], flow(web, api), false],
    ['devops.stage-env denies other pods', devops, flow(web, api), false],
    ['devops.stage-env passes its own on', devops, flow(otherApi, api), true],
    ['devops.stage-env denies no address, since a selector is known endpoints', devops, flow(outside, api), true],
  ]);
});

describe('refusals', () => {
  const rule = (each: object) => ingress({ action: 'Allow', ...each });
  const to = (destination: object, protocol?: string) => rule({ protocol, destination });
  checkRefusals('calico', [
    ['numeric ports without a protocol', [to({ ports: [8080] })], /must set protocol to TCP or UDP or SCTP/],
    ['a range without a protocol', [to({ ports: ['1:2'] })], /must set protocol/],
    ['notPorts without a protocol', [to({ notPorts: [8080] })], /must set protocol/],
    ['ports with ICMP', [to({ ports: [8080] }, 'ICMP')], /has no ports/],
    ['protocol TLS', [rule({ protocol: 'TLS' })], /no protocol/],
    ['protocol tcp', [rule({ protocol: 'tcp' })], /no protocol/],
    ['protocol 0', [rule({ protocol: 0 })], /no protocol/],
    ['port 0', [to({ ports: [0] }, 'TCP')], /no ports/],
    ['port 65536', [to({ ports: [65536] }, 'TCP')], /no ports/],
    ['a range that goes down', [to({ ports: ['9:8'] }, 'TCP')], /no ports/],
    ['a port name with a space', [to({ ports: ['a b'] }, 'TCP')], /no port/],
    ['an unmasked CIDR', [to({ nets: ['10.0.0.1/8'] })], /beyond its prefix/],
    ['a bare address', [to({ nets: ['10.0.0.1'] })], /no CIDR/],
    ['both families in a list', [to({ nets: ['10.0.0.0/8', 'fd00::/8'] })], /IPv4 and IPv6/],
    ['both families in a rule', [rule({ source: { nets: ['10.0.0.0/8'] }, destination: { notNets: ['fd00::/8'] } })], /IPv4 and IPv6/],
    ['nets of another ipVersion', [rule({ ipVersion: 6, source: { nets: ['10.0.0.0/8'] } })], /another ipVersion/],
    ['notNets of all addresses', [to({ notNets: ['0.0.0.0/0'] })], /all addresses/],
    ['domains, which only the paid product has', [to({ domains: ['a.b'] })], /unknown field 'domains'/],
    ['a bad selector', [np({ selector: 'app = web' })], /selector/],
    ['a bad selector in a rule', [rule({ source: { selector: 'app' } })], /selector/],
    ['a selector that ends in a newline', [rule({ source: { selector: "app == 'a'\n" } })], /selector/],
    ['global() in a selector', [rule({ source: { selector: 'global()' } })], /global\(\)/],
    ['global() with more', [rule({ source: { namespaceSelector: 'global() || has(a)' } })], /global\(\)/],
    ['global() for the subject', [gnp({ namespaceSelector: 'global()' })], /global\(\)/],
    ['a namespaceSelector in a namespaced policy', [np({ namespaceSelector: 'all()' })], /unknown field 'namespaceSelector'/],
    ['an unknown action', [rule({ action: 'allow' })], /no action/],
    ['types twice', [np({ types: ['Ingress', 'Ingress'] })], /without repetition/],
    ['empty types', [np({ types: [] })], /without repetition/],
    ['a tier that is not there', [np({ tier: 'security', types: ['Ingress'] }, 'security.a')], /there is no tier security/],
    ['a name with two dots', [np({ types: ['Ingress'] }, 'a.b.c')], /at most one dot/],
    ['a name without its tier before 3.32', [tier('security', 1), np({ tier: 'security' }, 'a')], /must start with 'security.'/, { calicoVersion: '3.31' }],
    ['a name with another tier before 3.32', [np({}, 'other.a')], /must start with 'default.'/, { calicoVersion: '3.31' }],
    ['a tier with a dot', [tier('a.b', 1)], /single label/],
    ['a tier with an unknown action', [tier('a', 1, 'Allow')], /no defaultAction/],
    ['another order of a built-in tier', [tier('default', 5)], /built-in/],
    ['icmp without its protocol', [rule({ icmp: { type: 8 } })], /needs protocol ICMP/],
    ['an ICMP code without a type', [rule({ protocol: 'ICMP', icmp: { code: 8 } })], /needs a type/],
    ['an ICMP type out of range', [rule({ protocol: 'ICMP', icmp: { type: 255 } })], /no ICMP type/],
    ['ICMP of IPv6', [rule({ protocol: 'ICMP', ipVersion: 6 })], /IP version 4/],
    ['http on egress', [egress({ action: 'Allow', http: { methods: ['GET'] } })], /for ingress rules/],
    ['http with Deny', [rule({ action: 'Deny', http: { methods: ['GET'] } })], /action Allow/],
    ['http with UDP', [rule({ protocol: 'UDP', http: { methods: ['GET'] } })], /protocol TCP/],
    ['an http path without a slash', [rule({ http: { paths: [{ exact: 'a' }] } })], /no path/],
    ['services beside a selector', [egress({ action: 'Allow', destination: { services: { name: 'a' }, selector: 'all()' } })], /services with selector/],
    ['services beside ports', [egress({ action: 'Allow', protocol: 'TCP', destination: { services: { name: 'a' }, ports: [1] } })], /services with ports/],
    ['services as ingress destination', [to({ services: { name: 'a' } })], /egress destinations and ingress sources/],
    ['services without a namespace in a global policy',
      [gnp({ types: ['Egress'], egress: [{ action: 'Allow', destination: { services: { name: 'a' } } }] })], /needs a namespace/],
    ['preDNAT with doNotTrack', [gnp({ types: ['Ingress'], preDNAT: true, doNotTrack: true, applyOnForward: true })], /exclude each other/],
    ['preDNAT without applyOnForward', [gnp({ types: ['Ingress'], preDNAT: true })], /need applyOnForward/],
    ['preDNAT for egress', [gnp({ types: ['Egress'], preDNAT: true, applyOnForward: true })], /ingress only/],
    ['a staged deletion that says more', [{ ...np({ stagedAction: 'Delete', selector: 'all()' }), kind: 'StagedNetworkPolicy' }], /unknown field/],
    ['a set with a label of Calico', [networkSet('NetworkSet', { 'projectcalico.org/namespace': 'a' }, [])], /may not have the label/],
    ['a set with a name in it', [networkSet('NetworkSet', {}, ['example.com'])], /no network/],
    ['the backing storage', [{ ...np({}), apiVersion: 'crd.projectcalico.org/v1' }], /does not know crd.projectcalico.org/],
  ]);
});
