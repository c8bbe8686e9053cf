import { cidrContains, isCidr } from './addresses';
import { genericView, isolatesPod, isServiceName, networkPolicies, permits, portIsNamed } from './kubernetes';
import { checkSelector, Labels, lookUp, namespaceLabels, selects } from './labels';
import { groupOf, isInteger, isSet, list, nameOf, onlyFields, reject } from './manifests';
import { Direction, Flow, Packet, packetOf, Party, Pod, sides, Verdict, World } from './world';

/**
 * policy.networking.k8s.io in a cluster that does as the API says: ClusterNetworkPolicy v1alpha2, AdminNetworkPolicy and
 * BaselineAdminNetworkPolicy v1alpha1, around the NetworkPolicies of namespaces. CIDRs match whoever holds the address.
 */

/** Labels of the nodes by their addresses; a node that is not there has none. */
export type Nodes = Record<string, Labels>;

const GROUP = 'policy.networking.k8s.io';
type Tier = 'Admin' | 'Baseline';

export function judgeClusterNetworkPolicy(manifests: any[], world: World, flow: Flow, nodes: Nodes = {}): Verdict {
  const policies = manifests.filter((manifest) => groupOf(manifest) === GROUP);
  policies.forEach(checkPolicy);
  checkPriorities(policies);
  const others = networkPolicies(manifests);
  const packet = packetOf(flow, world);
  // "A Pod connecting to its own Pod IP is not subject to CNP", nor to NetworkPolicy.
  if ('pod' in flow.source && 'pod' in flow.destination && flow.source.pod === flow.destination.pod) return { allowed: true, egress: true, ingress: true };
  const [egress, ingress] = (['egress', 'ingress'] as const).map((direction) => permitted(policies, others, direction, packet, world, nodes));
  return { allowed: egress && ingress, egress, ingress };
}

/** Admin, then the NetworkPolicies for the pods that they isolate, then Baseline, and else every pod may talk to every other. */
function permitted(policies: any[], others: any[], direction: Direction, packet: Packet, world: World, nodes: Nodes): boolean {
  const { subject, peer } = sides(packet, direction);
  if (subject.kind !== 'pod') return true;
  const admin = decide(policies, 'Admin', direction, packet, world, nodes);
  if (admin !== 'Pass') return admin === 'Accept';
  const view = genericView(world);
  const isolating = others.filter((policy) => isolatesPod(policy, direction, subject.pod, view));
  if (isolating.length > 0) {
    return (peer.kind === 'node' && peer.local) || isolating.some((policy) => permits(policy, direction, packet, view));
  }
  return decide(policies, 'Baseline', direction, packet, world, nodes) !== 'Deny';
}

type Action = 'Accept' | 'Deny' | 'Pass';

/** The first rule that matches, of the policy with the lowest priority; what none matches goes on. */
function decide(policies: any[], tier: Tier, direction: Direction, packet: Packet, world: World, nodes: Nodes): Action {
  const { subject } = sides(packet, direction);
  const mine = policies
    .filter((policy) => tierOf(policy) === tier && selectsPod(policy.spec.subject, (subject as { pod: Pod }).pod, world))
    .sort((a, b) => priorityOf(a) - priorityOf(b));
  for (const policy of mine) {
    for (const rule of list(policy.spec[direction], nameOf(policy))) {
      if (matches(rule, direction, packet, world, nodes)) return rule.action === 'Allow' ? 'Accept' : rule.action;
    }
  }
  return 'Pass';
}

const tierOf = (policy: any): Tier => policy.spec.tier ?? (policy.kind === 'AdminNetworkPolicy' ? 'Admin' : 'Baseline');
const priorityOf = (policy: any): number => policy.spec.priority ?? 0;

function matches(rule: any, direction: Direction, packet: Packet, world: World, nodes: Nodes): boolean {
  const { peer } = sides(packet, direction);
  const traffic: any[] | undefined = rule.protocols ?? rule.ports;
  return rule[direction === 'ingress' ? 'from' : 'to'].some((each: any) => isPeer(each, peer, world, nodes))
    && (traffic === undefined || traffic.some((each) => carries(each, packet)));
}

function isPeer(peer: any, party: Party, world: World, nodes: Nodes): boolean {
  if (isSet(peer.networks)) return party.address !== undefined && peer.networks.some((cidr: string) => cidrContains(cidr, party.address!));
  if (isSet(peer.nodes)) return party.kind === 'node' && selects(peer.nodes, lookUp(labelsOf(nodes, party.address)));
  if (isSet(peer.domainNames)) {
    return party.kind === 'outside' && party.name !== undefined && peer.domainNames.some((pattern: string) => isNamed(pattern, party.name!));
  }
  // Pods that have the network of their node are never selected.
  return party.kind === 'pod' && selectsPod(peer, party.pod, world);
}

function labelsOf(nodes: Nodes, address: string | undefined): Labels {
  return address !== undefined && Object.hasOwn(nodes, address) ? nodes[address] : {};
}

function selectsPod(selector: any, pod: Pod, world: World): boolean {
  const inNamespaces = (namespaces: any) => selects(namespaces, lookUp(namespaceLabels(world, pod.namespace)));
  if (isSet(selector.namespaces)) return inNamespaces(selector.namespaces);
  return inNamespaces(selector.pods.namespaceSelector ?? {}) && selects(selector.pods.podSelector, lookUp(pod.labels));
}

/** "*.kubernetes.io" matches "www.kubernetes.io" and "latest.blog.kubernetes.io", and not "kubernetes.io". */
function isNamed(pattern: string, name: string): boolean {
  const [wanted, known] = [pattern, name].map((text) => text.toLowerCase().replace(/\.$/, ''));
  return wanted.startsWith('*.') ? known.endsWith(wanted.slice(1)) && known.length > wanted.length - 1 : known === wanted;
}

function carries(entry: any, packet: Packet): boolean {
  const name = entry.destinationNamedPort ?? entry.namedPort;
  if (name !== undefined) return portIsNamed(packet, name);
  const { protocol, first, last } = portsOf(entry);
  return packet.protocol === protocol && first <= packet.port && packet.port <= last;
}

function portsOf(entry: any): { protocol: string; first: number; last: number } {
  if (entry.portNumber) return { protocol: entry.portNumber.protocol ?? 'TCP', first: entry.portNumber.port, last: entry.portNumber.port };
  if (entry.portRange) return { protocol: entry.portRange.protocol ?? 'TCP', first: entry.portRange.start, last: entry.portRange.end };
  const [[protocol, { destinationPort }]] = Object.entries<any>(entry);
  const { number, range } = destinationPort;
  return { protocol: protocol.toUpperCase(), first: number ?? range.start, last: number ?? range.end };
}

/** What the API server refuses, by the schema of the experimental channel and its CEL rules, or what the API calls undefined. */
function checkPolicy(policy: any): void {
  const where = nameOf(policy);
  const { spec } = policy;
  if (isSet(policy.metadata.namespace)) reject(where, 'is cluster-scoped');
  const common = ['subject', 'ingress', 'egress'];
  switch (`${policy.apiVersion} ${policy.kind}`) {
    case `${GROUP}/v1alpha2 ClusterNetworkPolicy`:
      onlyFields(spec, [...common, 'tier', 'priority'], where);
      if (!['Admin', 'Baseline'].includes(spec.tier)) reject(where, `no tier: ${spec.tier}`);
      break;
    case `${GROUP}/v1alpha1 AdminNetworkPolicy`:
      onlyFields(spec, [...common, 'priority'], where);
      break;
    case `${GROUP}/v1alpha1 BaselineAdminNetworkPolicy`:
      onlyFields(spec, common, where);
      if (policy.metadata.name !== 'default') reject(where, 'is called default');
      break;
    default: reject(where, `no kind of ${GROUP}: ${policy.apiVersion}`);
  }
  if (policy.kind !== 'BaselineAdminNetworkPolicy' && !isInteger(spec.priority, 0, 1000)) reject(where, `no priority: ${spec.priority}`);
  checkPods(spec.subject, policy, `${where} subject`);
  for (const direction of ['ingress', 'egress'] as const) {
    const rules = list(spec[direction], where);
    if (rules.length > most(policy)) reject(where, `too many rules: ${rules.length}`);
    rules.forEach((rule, i) => checkRule(rule, direction, policy, `${where} ${direction}[${i}]`));
  }
}

const isNew = (policy: any): boolean => policy.kind === 'ClusterNetworkPolicy';
const most = (policy: any): number => (isNew(policy) ? 25 : 100);

function checkRule(rule: any, direction: Direction, policy: any, where: string): void {
  const [side, traffic] = [direction === 'ingress' ? 'from' : 'to', isNew(policy) ? 'protocols' : 'ports'];
  onlyFields(rule, ['name', 'action', side, traffic], where);
  const actions = isNew(policy) ? ['Accept', 'Deny', 'Pass'] : policy.kind === 'AdminNetworkPolicy' ? ['Allow', 'Deny', 'Pass'] : ['Allow', 'Deny'];
  if (!actions.includes(rule.action)) reject(where, `no action: ${rule.action}`);
  if (isSet(rule.name) && (typeof rule.name !== 'string' || rule.name.length > 100)) reject(where, 'no name');
  const peers = list(rule[side], where);
  if (!isInteger(peers.length, 1, most(policy))) reject(where, `${peers.length} peers`);
  peers.forEach((peer) => checkPeer(peer, direction, policy, where));
  if (peers.some((peer) => isSet(peer.domainNames)) && !['Accept', 'Allow'].includes(rule.action)) reject(where, 'domainNames only accept');
  if (!isSet(rule[traffic])) return;
  const entries = list(rule[traffic], where);
  if (!isInteger(entries.length, 1, most(policy))) reject(where, `${entries.length} ${traffic}`);
  entries.forEach((entry) => checkTraffic(entry, policy, where));
  const named = entries.some((entry) => isSet(entry.destinationNamedPort) || isSet(entry.namedPort));
  if (named && peers.some((peer) => !isSet(peer.pods) && !isSet(peer.namespaces))) reject(where, 'no named ports there');
}

function checkPeer(peer: any, direction: Direction, policy: any, where: string): void {
  const fields = ['namespaces', 'pods', ...(direction === 'egress' ? ['networks', 'nodes'] : [])];
  if (direction === 'egress' && policy.kind !== 'BaselineAdminNetworkPolicy') fields.push('domainNames');
  onlyFields(peer, fields, where);
  if (Object.keys(peer).length !== 1) reject(where, 'a peer has exactly one field');
  if (isSet(peer.networks)) return checkSet(peer.networks, where, (cidr) => isCidr(cidr) && cidr.length <= 43);
  if (isSet(peer.nodes)) return checkSelector(peer.nodes, where);
  if (isSet(peer.domainNames)) return checkSet(peer.domainNames, where, (name) => /^(\*\.)?([a-z0-9_-]+\.)+[a-z0-9_-]+\.?$/i.test(name));
  checkPods(peer, policy, where);
}

function checkSet(items: any, where: string, isItem: (item: any) => boolean): void {
  if (!Array.isArray(items) || !isInteger(items.length, 1, 25) || new Set(items).size < items.length) reject(where, 'a set of 1 to 25 items');
  for (const item of items) if (!isItem(item)) reject(where, `no such item: ${item}`);
}

function checkPods(selector: any, policy: any, where: string): void {
  if (Object.keys(selector ?? {}).length !== 1) reject(where, 'exactly one of namespaces and pods');
  onlyFields(selector, ['namespaces', 'pods'], where);
  if (isSet(selector.namespaces)) return checkSelector(selector.namespaces, where);
  onlyFields(selector.pods, ['namespaceSelector', 'podSelector'], where);
  checkSelector(selector.pods.podSelector, where);
  if (isSet(selector.pods.namespaceSelector)) checkSelector(selector.pods.namespaceSelector, where);
  else if (!isNew(policy)) reject(where, 'needs a namespaceSelector');
}

function checkTraffic(entry: any, policy: any, where: string): void {
  if (Object.keys(entry).length !== 1) reject(where, 'exactly one field');
  const [[field, value]] = Object.entries<any>(entry);
  if (field === 'destinationNamedPort' || field === 'namedPort') {
    if ((field === 'namedPort') === isNew(policy) || !isServiceName(value)) reject(where, `no port name: ${value}`);
    return;
  }
  if (isNew(policy)) {
    if (!['tcp', 'udp', 'sctp'].includes(field)) reject(where, `unknown field '${field}'`);
    onlyFields(value, ['destinationPort'], where);
    const port = value.destinationPort ?? reject(where, 'needs a destinationPort');
    if (Object.keys(port).length !== 1) reject(where, 'exactly one of number and range');
    onlyFields(port, ['number', 'range'], where);
  } else if (!['portNumber', 'portRange'].includes(field) || !['TCP', 'UDP', 'SCTP'].includes(value.protocol ?? 'TCP')) {
    reject(where, `unknown field '${field}'`);
  }
  const { first, last } = portsOf(entry);
  const isRange = isSet(value.destinationPort?.range) || field === 'portRange';
  if (!isInteger(first, 1, 65535) || !isInteger(last, isRange ? first + 1 : first, 65535)) reject(where, `no ports: ${first} to ${last}`);
}

/** Which of two policies of one priority comes first is undefined: a verdict would be a guess. */
function checkPriorities(policies: any[]): void {
  const seen = new Map<string, string>();
  for (const policy of policies) {
    const place = `${tierOf(policy)} ${priorityOf(policy)}`;
    if (seen.has(place)) reject(nameOf(policy), `has the priority of ${seen.get(place)}, ${place}`);
    seen.set(place, nameOf(policy));
  }
}
