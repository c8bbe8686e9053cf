import { cidrContains, cidrCovers, isCidr, prefixLength } from './addresses';
import { checkSelector, Labels, lookUp, namespaceLabels, selects } from './labels';
import { isInteger, isSet, list, nameOf, namespaceOf, ofKind, onlyFields, reject } from './manifests';
import { remembered } from './remember';
import { Direction, JudgeOptions, Packet, Party, Pod, sides, Verdict, World } from './world';

/** networking.k8s.io/v1 NetworkPolicy, as its API reference tells it; other CNIs see the same documents through their own View. */

/** Where CNIs differ in how they take a NetworkPolicy. */
export interface View {
  /** The labels of a pod that selectors can see. */
  podLabels(pod: Pod): Labels;
  namespaceLabels(namespace: string): Labels;
  /** The address that an ipBlock is held against; undefined where an ipBlock does not match such a party at all. */
  blockAddress(party: Party): string | undefined;
  isolates(policy: any, direction: Direction): boolean;
  /** Whether the selectors of a peer also select what is no pod: nothing of it where absent. */
  selectsOther?(peer: any, party: Party): boolean;
}

/** A CNI that knows nothing but addresses for an ipBlock: pods and nodes match it like everybody else. */
export function genericView(world: World): View {
  return {
    podLabels: (pod) => pod.labels,
    namespaceLabels: (namespace) => namespaceLabels(world, namespace),
    blockAddress: (party) => party.address,
    isolates: (policy, direction) => policyTypes(policy).includes(direction),
  };
}

export function judgeKubernetes(manifests: any[], world: World, packet: Packet, { onlySide }: JudgeOptions): Verdict {
  const policies = networkPolicies(manifests);
  const view = genericView(world);
  const egress = onlySide === 'ingress' || permitted(policies, 'egress', packet, view);
  const ingress = onlySide === 'egress' || permitted(policies, 'ingress', packet, view);
  return { allowed: egress && ingress, egress, ingress };
}

function permitted(policies: any[], direction: Direction, packet: Packet, view: View): boolean {
  const { subject, peer } = sides(packet, direction);
  if (subject.kind !== 'pod') return true;
  // "Traffic to and from the node where a Pod is running is always allowed".
  if (peer.kind === 'node' && peer.local) return true;
  const isolating = policies.filter((policy) => isolatesPod(policy, direction, subject.pod, view));
  return isolating.length === 0 || isolating.some((policy) => permits(policy, direction, packet, view));
}

/** The NetworkPolicies among the manifests; throws where the API server would reject one. */
export const networkPolicies = remembered((manifests: any[]): any[] => {
  const policies = ofKind(manifests, 'networking.k8s.io', 'NetworkPolicy');
  policies.forEach(checkNetworkPolicy);
  return policies;
});

/** "If no policyTypes are specified then by default Ingress will always be set and Egress will be set if it has any egress rules." */
export function policyTypes(policy: any): Direction[] {
  const types: string[] = policy.spec.policyTypes ?? [];
  if (types.length > 0) return types.map((type) => type.toLowerCase() as Direction);
  return (policy.spec.egress ?? []).length > 0 ? ['ingress', 'egress'] : ['ingress'];
}

export function isolatesPod(policy: any, direction: Direction, pod: Pod, view: View): boolean {
  return view.isolates(policy, direction)
    && pod.namespace === namespaceOf(policy)
    && selects(policy.spec.podSelector ?? {}, lookUp(view.podLabels(pod)));
}

/** Whether some rule of the direction matches; rules add up, and there is nothing but allowing. */
export function permits(policy: any, direction: Direction, packet: Packet, view: View): boolean {
  const rules: any[] = policy.spec[direction] ?? [];
  const { peer } = sides(packet, direction);
  return rules.some((rule) => {
    const peers: any[] = rule[direction === 'ingress' ? 'from' : 'to'] ?? [];
    const ports: any[] = rule.ports ?? [];
    return (peers.length === 0 || peers.some((each) => isPeer(each, peer, namespaceOf(policy), view)))
      && (ports.length === 0 || ports.some((each) => isPort(each, packet)));
  });
}

function isPeer(peer: any, party: Party, ownNamespace: string, view: View): boolean {
  if (isSet(peer.ipBlock)) {
    const address = view.blockAddress(party);
    return address !== undefined
      && cidrContains(peer.ipBlock.cidr, address)
      && !(peer.ipBlock.except ?? []).some((except: string) => cidrContains(except, address));
  }
  // Selectors select pods; a hostNetwork pod is its node here, as in every CNI.
  if (party.kind !== 'pod') return view.selectsOther?.(peer, party) ?? false;
  const inNamespace = isSet(peer.namespaceSelector)
    ? selects(peer.namespaceSelector, lookUp(view.namespaceLabels(party.pod.namespace)))
    : party.pod.namespace === ownNamespace;
  return inNamespace && (!isSet(peer.podSelector) || selects(peer.podSelector, lookUp(view.podLabels(party.pod))));
}

function isPort(entry: any, packet: Packet): boolean {
  if (packet.protocol !== (entry.protocol ?? 'TCP')) return false;
  if (!isSet(entry.port)) return true;
  if (typeof entry.port === 'string') return portIsNamed(packet, entry.port);
  return entry.port <= packet.port && packet.port <= (entry.endPort ?? entry.port);
}

/** A port's name is resolved at the pod that is connected to, among its ports of the same protocol. */
export function portIsNamed(packet: Packet, name: string): boolean {
  const { destination } = packet;
  return destination.kind === 'pod' && (destination.pod.ports ?? []).some((each) => (
    each.name === name && each.protocol === packet.protocol && each.port === packet.port
  ));
}

function checkNetworkPolicy(policy: any): void {
  const where = nameOf(policy);
  const spec = policy.spec ?? reject(where, 'needs a spec');
  if (!policy.metadata?.name) reject(where, 'needs a name');
  checkNetworkPolicySpec(spec, where);
}

export function checkNetworkPolicySpec(spec: any, where: string): void {
  onlyFields(spec, ['podSelector', 'policyTypes', 'ingress', 'egress'], where);
  if (isSet(spec.podSelector)) checkSelector(spec.podSelector, `${where} podSelector`);
  const types = list(spec.policyTypes, `${where} policyTypes`);
  if (types.some((type) => type !== 'Ingress' && type !== 'Egress')) reject(where, `no policy types: ${types}`);
  if (types.length > 2) reject(where, 'at most two policyTypes');
  list(spec.ingress, `${where} ingress`).forEach((rule, i) => checkRule(rule, 'from', `${where} ingress[${i}]`));
  list(spec.egress, `${where} egress`).forEach((rule, i) => checkRule(rule, 'to', `${where} egress[${i}]`));
}

function checkRule(rule: any, peers: 'from' | 'to', where: string): void {
  onlyFields(rule, [peers, 'ports'], where);
  list(rule[peers], where).forEach((peer, i) => checkPeer(peer, `${where}.${peers}[${i}]`));
  list(rule.ports, where).forEach((port, i) => checkPort(port, `${where}.ports[${i}]`));
}

function checkPeer(peer: any, where: string): void {
  onlyFields(peer, ['podSelector', 'namespaceSelector', 'ipBlock'], where);
  if (isSet(peer.podSelector)) checkSelector(peer.podSelector, where);
  if (isSet(peer.namespaceSelector)) checkSelector(peer.namespaceSelector, where);
  const selectors = isSet(peer.podSelector) || isSet(peer.namespaceSelector);
  if (isSet(peer.ipBlock) === selectors) reject(where, 'must specify either selectors or an ipBlock');
  if (!isSet(peer.ipBlock)) return;
  const { cidr, except } = peer.ipBlock;
  onlyFields(peer.ipBlock, ['cidr', 'except'], where);
  if (!isCidr(cidr)) reject(where, `no CIDR: ${cidr}`);
  for (const each of list(except, where)) {
    if (!isCidr(each)) reject(where, `no CIDR: ${each}`);
    if (!cidrCovers(cidr, each) || prefixLength(cidr) === prefixLength(each)) reject(where, `except ${each} must be a strict subset of ${cidr}`);
  }
}

function checkPort(entry: any, where: string): void {
  onlyFields(entry, ['protocol', 'port', 'endPort'], where);
  if (isSet(entry.protocol) && !['TCP', 'UDP', 'SCTP'].includes(entry.protocol)) reject(where, `no protocol: ${entry.protocol}`);
  if (isSet(entry.port) && !isInteger(entry.port, 1, 65535) && !isServiceName(entry.port)) reject(where, `no port: ${entry.port}`);
  if (!isSet(entry.endPort)) return;
  if (typeof entry.port !== 'number') reject(where, 'endPort needs a numeric port');
  if (!isInteger(entry.endPort, entry.port, 65535)) reject(where, `endPort ${entry.endPort} must not be below port ${entry.port}`);
}

/** An IANA service name: 1 to 15 characters, a letter among them, single dashes inside. */
export function isServiceName(text: unknown): boolean {
  return typeof text === 'string' && text.length <= 15 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text) && /[a-z]/.test(text);
}
