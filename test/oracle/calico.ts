import { cidrContains, familyOf } from './addresses';
import { parseSelector, Place, Selector } from './calico-selector';
import { builtInTiers, checkCalicoObjects, portRange, PROTOCOLS, ruleNets } from './calico-validate';
import { genericView, isolatesPod, networkPolicies, permits, portIsNamed } from './kubernetes';
import { Labels, namespaceLabels } from './labels';
import { isSet, namespaceOf, ofKind } from './manifests';
import { remembered } from './remember';
import { Direction, JudgeOptions, Packet, Party, Pod, Request, sides, Verdict, World } from './world';

/** projectcalico.org/v3 policies with plain NetworkPolicies, tier by tier, as Felix walks them (reference section 4). */

const GROUP = 'projectcalico.org';

type Action = 'Allow' | 'Deny' | 'Pass';

/** A policy of whatever kind, as its tier sees it. */
interface TierPolicy {
  tier: string;
  order: number;
  /** Decides between policies of the same order. */
  id: string;
  /** Whether it selects the pod and has the direction among its types. */
  applies(pod: Pod, direction: Direction): boolean;
  /** What its first matching rule does. `partly` is called for a rule that lets only some requests through. */
  decide(packet: Packet, direction: Direction, partly: () => void): Action | undefined;
}

interface Cluster { manifests: any[]; world: World; options: JudgeOptions; policies: TierPolicy[] }

const checked = remembered((manifests: any[], options: JudgeOptions) => checkCalicoObjects(manifests, options));

export function judgeCalico(manifests: any[], world: World, packet: Packet, options: JudgeOptions): Verdict {
  checked(manifests, options);
  const cluster: Cluster = { manifests, world, options, policies: [] };
  cluster.policies = [...calicoPolicies(cluster), ...kubernetesPolicies(cluster)];
  const egress = walk('egress', packet, cluster);
  const ingress = walk('ingress', packet, cluster);
  const allowed = egress.allowed && ingress.allowed;
  return { allowed, egress: egress.allowed, ingress: ingress.allowed, ...(allowed && (egress.l7 || ingress.l7) ? { l7: true } : {}) };
}

function walk(direction: Direction, packet: Packet, cluster: Cluster): { allowed: boolean; l7?: boolean } {
  const { onlySide } = cluster.options;
  if (onlySide !== undefined && onlySide !== direction) return { allowed: true };
  const { subject, peer } = sides(packet, direction);
  if (subject.kind !== 'pod') {
    // "pod -> own host governed by DefaultEndpointToHostAction", after the egress policy of the pod.
    const toOwnHost = direction === 'ingress' && peer.kind === 'pod' && subject.kind === 'node' && subject.local;
    return { allowed: !(toOwnHost && cluster.options.defaultEndpointToHostAction === 'Drop') };
  }
  // "local host -> its own pods bypasses ingress policy".
  if (direction === 'ingress' && peer.kind === 'node' && peer.local) return { allowed: true };

  let partly = false;
  const deny = () => (partly ? { allowed: true, l7: true } : { allowed: false });
  for (const tier of tiersInOrder(cluster)) {
    const applicable = cluster.policies.filter((policy) => policy.tier === tier.name && policy.applies(subject.pod, direction));
    // "tier with no applicable policy: skipped (no end-of-tier drop)".
    if (applicable.length === 0) continue;
    const action = firstAction(applicable, packet, direction, () => { partly = true; });
    if (action === 'Allow') return { allowed: true };
    if (action === 'Deny') return deny();
    if (action === undefined && tier.defaultAction === 'Deny') return deny();
  }
  // After the last tier: the profile of the pod's namespace, which allows everything both ways.
  return { allowed: true };
}

/** "policies by order (absent = +Inf) then string name/namespace/kind; rules in listed order". */
function firstAction(policies: TierPolicy[], packet: Packet, direction: Direction, partly: () => void): Action | undefined {
  const sorted = [...policies].sort((a, b) => (a.order === b.order ? compare(a.id, b.id) : compare(a.order, b.order)));
  for (const policy of sorted) {
    const action = policy.decide(packet, direction, partly);
    if (action !== undefined) return action;
  }
  return undefined;
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function tiersInOrder(cluster: Cluster): { name: string; order: number; defaultAction: string }[] {
  const stated = ofKind(cluster.manifests, GROUP, 'Tier')
    .filter((tier) => !Object.hasOwn(builtInTiers(cluster.options), tier.metadata.name))
    // "Nil order is defaulted to 1 000 000 by the client".
    .map((tier) => ({ name: tier.metadata.name, order: tier.spec?.order ?? 1_000_000, defaultAction: tier.spec?.defaultAction ?? 'Deny' }));
  const builtIn = Object.entries(builtInTiers(cluster.options)).map(([name, tier]) => ({ name, ...tier }));
  return [...stated, ...builtIn].sort((a, b) => compare(a.order, b.order) || compare(a.name, b.name));
}

/** Staged kinds are left out: they are never rendered, and a tier that holds only them drops nothing. */
function calicoPolicies(cluster: Cluster): TierPolicy[] {
  const policies = [...ofKind(cluster.manifests, GROUP, 'NetworkPolicy'), ...ofKind(cluster.manifests, GROUP, 'GlobalNetworkPolicy')];
  return policies
    // These two are for host endpoints, in tables of their own: no pod sees such a policy.
    .filter((policy) => !policy.spec.doNotTrack && !policy.spec.preDNAT)
    .map((policy) => {
      const namespace = policy.kind === 'NetworkPolicy' ? namespaceOf(policy) : undefined;
      return {
        tier: policy.spec.tier ?? 'default',
        order: policy.spec.order ?? Infinity,
        id: tieBreak(policy.metadata.name, namespace, policy.kind, cluster.options),
        applies: (pod, direction) => typesOf(policy).includes(direction) && isSubject(policy, namespace, pod, cluster),
        decide: (packet, direction, partly) => firstRule(policy.spec[direction] ?? [], namespace, packet, partly, cluster),
      };
    });
}

/** "k8s NetworkPolicies: tier default, order 1000, allow rules, types from policyTypes". */
function kubernetesPolicies(cluster: Cluster): TierPolicy[] {
  const view = genericView(cluster.world);
  return networkPolicies(cluster.manifests).map((policy) => ({
    tier: 'default',
    order: 1000,
    id: tieBreak(policy.metadata.name, namespaceOf(policy), 'KubernetesNetworkPolicy', cluster.options),
    applies: (pod, direction) => isolatesPod(policy, direction, pod, view),
    decide: (packet, direction) => (permits(policy, direction, packet, view) ? 'Allow' : undefined),
  }));
}

/**
 * "Then string name/namespace/kind". Before 3.32 policies were known by namespace and a name with their tier: the default tier's too, and
 * NetworkPolicies of Kubernetes as knp.default.
 */
function tieBreak(name: string, namespace: string | undefined, kind: string, { calicoVersion = '3.33' }: JudgeOptions): string {
  if (calicoVersion >= '3.32') return `${name}/${namespace ?? ''}/${kind}`;
  const full = kind === 'KubernetesNetworkPolicy' ? `knp.default.${name}` : name.includes('.') ? name : `default.${name}`;
  return namespace === undefined ? full : `${namespace}/${full}`;
}

/** Without types: "len(egress)==0 -> [Ingress]; else len(ingress)==0 -> [Egress]; else both". */
function typesOf(policy: any): Direction[] {
  if (isSet(policy.spec.types)) return policy.spec.types.map((type: string) => type.toLowerCase());
  if ((policy.spec.egress ?? []).length === 0) return ['ingress'];
  return (policy.spec.ingress ?? []).length === 0 ? ['egress'] : ['ingress', 'egress'];
}

/** NetworkPolicy: its own namespace; GlobalNetworkPolicy: its namespaceSelector; both: selector and serviceAccountSelector. */
function isSubject(policy: any, namespace: string | undefined, pod: Pod, cluster: Cluster): boolean {
  const labels = podLabels(pod, cluster);
  const { selector, namespaceSelector, serviceAccountSelector } = policy.spec;
  return (namespace === undefined || pod.namespace === namespace)
    && parseSelector(selector ?? '')(labels)
    && (!namespaceSelector || parseSelector(namespaceSelector, IN_NAMESPACES)(labels))
    && (!serviceAccountSelector || parseSelector(serviceAccountSelector, OF_SERVICE_ACCOUNTS)(labels));
}

/** In a namespaceSelector all() is whatever is in a namespace, and global() whatever is in none. */
const IN_NAMESPACES: Place = {
  prefix: 'pcns.',
  all: (labels) => Object.hasOwn(labels, 'projectcalico.org/namespace'),
  global: (labels) => !Object.hasOwn(labels, 'projectcalico.org/namespace'),
};

const OF_SERVICE_ACCOUNTS: Place = { prefix: 'pcsa.' };

function podLabels(pod: Pod, cluster: Cluster): Labels {
  const serviceAccount = pod.serviceAccount ?? 'default';
  const account = ofKind(cluster.manifests, '', 'ServiceAccount')
    .find((each) => each.metadata.name === serviceAccount && namespaceOf(each) === pod.namespace);
  return {
    ...pod.labels,
    ...namespaceOwnLabels(pod.namespace, cluster),
    ...prefixed('pcsa.', { ...account?.metadata.labels, 'projectcalico.org/name': serviceAccount }),
    'projectcalico.org/serviceaccount': serviceAccount,
    'projectcalico.org/orchestrator': 'k8s',
  };
}

/** What whoever is in a namespace inherits from it. */
function namespaceOwnLabels(namespace: string, cluster: Cluster): Labels {
  const labels = { ...namespaceLabels(cluster.world, namespace), 'projectcalico.org/name': namespace };
  return { ...prefixed('pcns.', labels), 'projectcalico.org/namespace': namespace };
}

function prefixed(prefix: string, labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [prefix + key, value]));
}

function firstRule(rules: any[], namespace: string | undefined, packet: Packet, partly: () => void, cluster: Cluster): Action | undefined {
  for (const rule of rules) {
    if (!ruleMatches(rule, namespace, packet, cluster)) continue;
    // Log goes on to the next rule.
    if (rule.action === 'Log') continue;
    // The requests that http does not let through go on too. What does not travel over TCP carries none.
    const requests = isSet(rule.http) && packet.protocol === 'TCP' ? httpMatches(rule.http, packet.http, cluster.options) : true;
    if (requests === true) return rule.action;
    if (requests === undefined) partly();
  }
  return undefined;
}

/** One of the methods, and one of the paths, which are held against the path without its query; undefined where the request is not known. */
function httpMatches(http: any, request: Request | undefined, options: JudgeOptions): boolean | undefined {
  const { methods = [], paths = [] } = withoutNulls(http);
  if (methods.length === 0 && paths.length === 0) return true;
  if (request === undefined) return undefined;
  return (methods.length === 0 || methods.includes('*') || methods.includes(request.method))
    && (paths.length === 0 || paths.some((each: any) => pathMatches(each, request.path.split(/[?#]/)[0], options)));
}

/** Since 3.31.6 both are compared in their normal form, and prefixes by whole segments (projectcalico/calico#12531). */
function pathMatches({ exact, prefix }: any, path: string, { calicoVersion = '3.33' }: JudgeOptions): boolean {
  if (calicoVersion < '3.31') return isSet(exact) ? path === exact : path.startsWith(prefix);
  const [asked, stated] = [path, exact ?? prefix].map(segments);
  return (!isSet(exact) || asked.length === stated.length) && stated.every((segment, i) => segment === asked[i]);
}

/** The judge knows no dots, escapes and parameters: which paths they make up is written down nowhere. */
function segments(path: string): string[] {
  if (/[%;\\]|\/\.+(\/|$)/.test(path)) throw new Error(`the judge does not know what ${path} is`);
  return path.split('/').filter((segment) => segment !== '');
}

/** "Within a rule all criteria AND". */
function ruleMatches(rule: any, namespace: string | undefined, packet: Packet, cluster: Cluster): boolean {
  if (isSet(rule.ipVersion) && rule.ipVersion !== packet.ipVersion) return false;
  // A rule that mentions networks, even in notNets only, is rendered for their IP version alone.
  if (ruleNets(rule).some((net) => familyOf(net) !== packet.ipVersion)) return false;
  const protocol = protocolNumber(packet);
  if (isSet(rule.protocol) && numberOf(rule.protocol) !== protocol) return false;
  if (isSet(rule.notProtocol) && numberOf(rule.notProtocol) === protocol) return false;
  if (isSet(rule.icmp) && !icmpMatches(rule.icmp, packet)) return false;
  if (isSet(rule.notICMP) && icmpMatches(rule.notICMP, packet)) return false;
  return entityMatches(rule.source ?? {}, 'source', namespace, packet, cluster)
    && entityMatches(rule.destination ?? {}, 'destination', namespace, packet, cluster);
}

function numberOf(protocol: string | number): number {
  return typeof protocol === 'number' ? protocol : PROTOCOLS[protocol];
}

/** Those that have no name here. */
const OTHER_PROTOCOLS: Record<string, number> = { IGMP: 2, IPIP: 4, IPV6: 41, GRE: 47, ESP: 50, AH: 51, VRRP: 112 };

function protocolNumber(packet: Packet): number {
  if (packet.protocol === 'ICMP') return packet.ipVersion === 4 ? PROTOCOLS.ICMP : PROTOCOLS.ICMPv6;
  return PROTOCOLS[packet.protocol] ?? OTHER_PROTOCOLS[packet.protocol];
}

/** An absent type or code is any. */
function icmpMatches(icmp: any, packet: Packet): boolean {
  return (!isSet(icmp.type) || icmp.type === packet.icmp.type) && (!isSet(icmp.code) || icmp.code === packet.icmp.code);
}

function entityMatches(entity: any, end: 'source' | 'destination', namespace: string | undefined, packet: Packet, cluster: Cluster): boolean {
  const party = packet[end];
  const { nets = [], notNets = [], ports = [], notPorts = [], notSelector, services } = withoutNulls(entity);
  const inNets = (cidrs: string[]) => party.address !== undefined && cidrs.some((cidr) => cidrContains(cidr, party.address!));
  const onPorts = (entries: (number | string)[]) => entries.some((entry) => portMatches(entry, end, packet));
  const selector = peerSelector(entity, namespace);
  return (nets.length === 0 || inNets(nets))
    && !inNets(notNets)
    && (ports.length === 0 || onPorts(ports))
    && !onPorts(notPorts)
    && (selector === undefined || isSelected(selector, party, cluster))
    // notSelector is held against every endpoint and set, whatever the scope of the selector beside it.
    && (!notSelector || !isSelected(parseSelector(notSelector), party, cluster))
    && (services === undefined || isBehindService(services, end, namespace, packet, cluster));
}

function withoutNulls(object: any): any {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

/** What selects the endpoints of an EntityRule; undefined where the rule says nothing of who they are, and anybody matches. */
function peerSelector(entity: any, namespace: string | undefined): Selector | undefined {
  const { selector, notSelector, namespaceSelector } = entity;
  const accounts = entity.serviceAccounts ?? {};
  const names: string[] = accounts.names ?? [];
  const parts: Selector[] = [];
  if (names.length > 0) parts.push((labels) => names.includes(labels['projectcalico.org/serviceaccount']));
  if (accounts.selector) parts.push(parseSelector(accounts.selector, OF_SERVICE_ACCOUNTS));
  if (selector) parts.push(parseSelector(selector));
  // "The namespace part is added only if selector/serviceAccounts, notSelector, or namespaceSelector is set".
  if (namespaceSelector) {
    parts.push(parseSelector(namespaceSelector, IN_NAMESPACES));
  } else if (namespace !== undefined && (parts.length > 0 || notSelector)) {
    parts.push((labels) => labels['projectcalico.org/namespace'] === namespace);
  }
  return parts.length === 0 ? undefined : (labels) => parts.every((part) => part(labels));
}

/** "Selectors match endpoints and NetworkSets (by label) as IP sets": whoever has an address of a selected set is selected. */
function isSelected(selector: Selector, party: Party, cluster: Cluster): boolean {
  if (party.kind === 'pod' && selector(podLabels(party.pod, cluster))) return true;
  // "Host endpoints have neither namespace nor orchestrator".
  if (party.kind === 'node' && party.hostEndpoint && selector({ ...party.hostEndpoint })) return true;
  const { address } = party;
  return address !== undefined && networkSets(cluster).some((set) => (
    selector(set.labels) && set.nets.some((net) => cidrContains(asCidr(net), address))
  ));
}

function networkSets(cluster: Cluster): { labels: Labels; nets: string[] }[] {
  const inNamespace = ofKind(cluster.manifests, GROUP, 'NetworkSet').map((set) => ({
    labels: { ...set.metadata.labels, ...namespaceOwnLabels(namespaceOf(set), cluster) },
    nets: set.spec?.nets ?? [],
  }));
  const global = ofKind(cluster.manifests, GROUP, 'GlobalNetworkSet').map((set) => ({
    labels: { ...set.metadata.labels },
    nets: set.spec?.nets ?? [],
  }));
  return [...inNamespace, ...global];
}

/** A set may hold bare addresses. */
function asCidr(net: string): string {
  return net.includes('/') ? net : `${net}/${familyOf(net) === 4 ? 32 : 128}`;
}

function portMatches(entry: number | string, end: 'source' | 'destination', packet: Packet): boolean {
  if (!['TCP', 'UDP', 'SCTP'].includes(packet.protocol)) return false;
  const port = end === 'source' ? packet.sourcePort : packet.port;
  const range = portRange(entry);
  if (range) return range[0] <= port && port <= range[1];
  // A name stands for the ports of that name of the pod at that end.
  return portIsNamed({ ...packet, destination: packet[end], port }, String(entry));
}

/** "egress destination = endpoint IP+port+protocol tuples of the Service's EndpointSlices; ingress source = endpoint IPs only". */
function isBehindService(
  reference: any, end: 'source' | 'destination', namespace: string | undefined, packet: Packet, cluster: Cluster,
): boolean {
  const own = reference.namespace ?? namespace;
  const service = ofKind(cluster.manifests, '', 'Service').find((each) => each.metadata.name === reference.name && namespaceOf(each) === own);
  const party = packet[end];
  const selector: [string, unknown][] = Object.entries(service?.spec?.selector ?? {});
  if (selector.length > 0) {
    const backends = cluster.world.pods.filter((pod) => pod.namespace === own && selector.every(([key, value]) => pod.labels[key] === value));
    return backends.some((pod) => isAt(pod, party)) && (end === 'source' || (service.spec.ports ?? []).some((each: any) => isTargetPort(each, packet)));
  }
  const slices = ofKind(cluster.manifests, 'discovery.k8s.io', 'EndpointSlice').filter((slice) => (
    namespaceOf(slice) === own && slice.metadata.labels?.['kubernetes.io/service-name'] === reference.name
  ));
  return slices.some((slice) => (
    slice.endpoints.some((each: any) => each.addresses.includes(party.address))
      && (end === 'source' || (slice.ports ?? []).some((each: any) => each.port === packet.port && (each.protocol ?? 'TCP') === packet.protocol))
  ));
}

/** A hostNetwork pod is met at the address of its node. */
function isAt(pod: Pod, party: Party): boolean {
  if (party.kind === 'pod') return party.pod.name === pod.name && party.pod.namespace === pod.namespace;
  return pod.hostNetwork === true && party.address !== undefined && (pod.ips ?? []).includes(party.address);
}

function isTargetPort(port: any, packet: Packet): boolean {
  if ((port.protocol ?? 'TCP') !== packet.protocol) return false;
  const target = port.targetPort ?? port.port;
  return typeof target === 'string' ? portIsNamed(packet, target) : target === packet.port;
}
