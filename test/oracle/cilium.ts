import { cidrContains } from './addresses';
import {
  identityLabels, identityMatches, identityNamespaceLabels, identityOf, isEntity, peerSelector, subjectSelector,
} from './cilium-identity';
import { checkCiliumPolicy, ICMP_TYPES, PEER_FIELDS } from './cilium-validate';
import { isolatesPod, networkPolicies, permits, policyTypes, portIsNamed, View } from './kubernetes';
import { lookUp, selects } from './labels';
import { isSet, namespaceOf, ofKind } from './manifests';
import { Direction, JudgeOptions, Packet, Party, Pod, sides, Verdict, World } from './world';

/** CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy and NetworkPolicy together, as a cluster that runs Cilium takes them. */

/** One list item of one rule (reference 3.1). */
interface Entry {
  direction: Direction;
  deny: boolean;
  /** Whether it puts the pods it selects into default deny (reference 3.3). */
  defaultDeny: boolean;
  subject: any;
  /** The policy's own; undefined if it is clusterwide. */
  namespace: string | undefined;
  item: any;
}

interface Cluster { manifests: any[]; world: World; options: JudgeOptions; entries: Entry[]; networkPolicies: any[] }

/** Whether something matches: for no request, for some requests only (L7), for all. */
type Answer = 'none' | 'some' | 'all';

function best(answers: Answer[]): Answer {
  return answers.includes('all') ? 'all' : answers.includes('some') ? 'some' : 'none';
}

export function judgeCilium(manifests: any[], world: World, packet: Packet, options: JudgeOptions): Verdict {
  const entries = entriesOf(manifests, options);
  const cluster: Cluster = { manifests, world, options, entries, networkPolicies: networkPolicies(manifests) };
  const egress = sideAnswer('egress', packet, cluster);
  const ingress = sideAnswer('ingress', packet, cluster);
  return {
    allowed: egress !== 'none' && ingress !== 'none',
    egress: egress !== 'none',
    ingress: ingress !== 'none',
    ...(egress !== 'none' && ingress !== 'none' && [egress, ingress].includes('some') ? { l7: true } : {}),
  };
}

function entriesOf(manifests: any[], options: JudgeOptions): Entry[] {
  const entries: Entry[] = [];
  for (const kind of ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']) {
    for (const policy of ofKind(manifests, 'cilium.io', kind)) {
      checkCiliumPolicy(policy, options);
      const namespace = kind === 'CiliumNetworkPolicy' ? namespaceOf(policy) : undefined;
      // `specs` is an additive list beside `spec`.
      for (const rule of [...(isSet(policy.spec) ? [policy.spec] : []), ...(policy.specs ?? [])]) {
        // A rule with a nodeSelector is about nodes (reference 3.2), and a side that is not a pod is not judged.
        if (!isSet(rule.endpointSelector)) continue;
        entries.push(...entriesOfRule(rule, namespace));
      }
    }
  }
  return entries;
}

function entriesOfRule(rule: any, namespace: string | undefined): Entry[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const allows: any[] = rule[direction] ?? [];
    const denies: any[] = rule[`${direction}Deny`] ?? [];
    // enableDefaultDeny only shows through the items: without an item in that direction it has no effect (reference 3.3).
    const defaultDeny = rule.enableDefaultDeny?.[direction] ?? true;
    const subject = subjectSelector(rule.endpointSelector, namespace);
    return [
      ...allows.map((item) => ({ direction, deny: false, defaultDeny, subject, namespace, item })),
      ...denies.map((item) => ({ direction, deny: true, defaultDeny, subject, namespace, item })),
    ];
  });
}

/** Reference 3.3 and 3.4: any deny, else open unless somebody asks for default deny, else any allow, else the local host. */
function sideAnswer(direction: Direction, packet: Packet, cluster: Cluster): Answer {
  const { subject, peer } = sides(packet, direction);
  if (subject.kind !== 'pod') return 'all';
  const view = ciliumView(cluster.world);
  const mine = entriesOfPod(direction, subject.pod, cluster);
  const isolating = cluster.networkPolicies.filter((policy) => isolatesPod(policy, direction, subject.pod, view));

  if (mine.some((entry) => entry.deny && answerOf(entry, packet, cluster) !== 'none')) return 'none';
  if (isolating.length === 0 && !mine.some((entry) => entry.defaultDeny)) return 'all';
  // Host -> local pod is allowed on its own (allow-localhost), below everything that is stated.
  if (direction === 'ingress' && peer.kind === 'node' && peer.local) return 'all';
  return best([
    ...mine.filter((entry) => !entry.deny).map((entry) => answerOf(entry, packet, cluster)),
    ...isolating.map((policy): Answer => (permits(policy, direction, packet, view) ? 'all' : 'none')),
  ]);
}

function entriesOfPod(direction: Direction, pod: Pod, cluster: Cluster): Entry[] {
  const identity = identityOf({ kind: 'pod', pod }, cluster.world);
  return cluster.entries.filter((entry) => entry.direction === direction && identityMatches(entry.subject, identity));
}

/** How Cilium reads a NetworkPolicy (reference 3.7 and 3.10). */
function ciliumView(world: World): View {
  return {
    podLabels: identityLabels,
    namespaceLabels: (namespace) => identityNamespaceLabels(world, namespace),
    // "Pods and in-cluster nodes never match. Applies equally to ipBlock".
    blockAddress: (party) => (party.kind === 'outside' ? party.address : undefined),
    // Rules count whatever policyTypes says; a type without rules is default deny.
    isolates: (policy, direction) => policyTypes(policy).includes(direction) || (policy.spec[direction] ?? []).length > 0,
  };
}

/** Items: L3 AND L4 (AND L7). */
function answerOf(entry: Entry, packet: Packet, cluster: Cluster): Answer {
  const { item, direction } = entry;
  const peerFields = peerFieldsOf(item, direction);
  const toPorts: any[] = item.toPorts ?? [];
  const icmps: any[] = item.icmps ?? [];
  // "No L3 and no L4 -> no filter, only triggers default deny".
  if (peerFields.length === 0 && toPorts.length === 0 && icmps.length === 0) return 'none';
  if (item.authentication?.mode === 'test-always-fail') return 'none';
  const { peer } = sides(packet, direction);
  // Absent L3 is everybody; a list that is there and empty is nobody.
  const isPeer = peerFields.length === 0
    || peerFields.some((field) => item[field].some((each: any) => matchesPeer(field, each, peer, entry, packet, cluster)));
  if (!isPeer) return 'none';
  // "L3-only item -> all ports, all protocols incl. ICMP".
  if (toPorts.length === 0 && icmps.length === 0) return 'all';
  if (icmps.length > 0) return icmps.some((rule) => matchesIcmp(rule, packet)) ? 'all' : 'none';
  return best(toPorts.map((rule) => portRuleAnswer(rule, packet, cluster.options)));
}

function peerFieldsOf(item: any, direction: Direction): string[] {
  return PEER_FIELDS[direction].filter((field) => isSet(item[field]));
}

function matchesPeer(field: string, value: any, peer: Party, entry: Entry, packet: Packet, cluster: Cluster): boolean {
  const identity = identityOf(peer, cluster.world);
  switch (field.replace(/^(from|to)/, '')) {
    case 'Endpoints': return identityMatches(peerSelector(value, entry.namespace, cluster.options), identity);
    case 'Entities': return isEntity(value, identity);
    case 'CIDR': return inCidrs([value], [], peer);
    case 'CIDRSet': return inCidrs(cidrsOf(value, cluster), value.except ?? [], peer);
    case 'Services': return isBehindService(value, peer, cluster);
    case 'FQDNs': return isLearnedName(value, packet, cluster);
    default: throw new Error(`the judge does not know ${field}`);
  }
}

/** Reference 3.7: addresses of pods and nodes never match; `except` removes from its own entry only. */
function inCidrs(cidrs: string[], except: string[], peer: Party): boolean {
  return peer.kind === 'outside'
    && cidrs.some((cidr) => cidrContains(cidr, peer.address))
    && !except.some((cidr) => cidrContains(cidr, peer.address));
}

/** "Missing group = matches nothing". */
function cidrsOf(rule: any, cluster: Cluster): string[] {
  if (isSet(rule.cidr)) return [rule.cidr];
  const groups = ofKind(cluster.manifests, 'cilium.io', 'CiliumCIDRGroup').filter((group) => (
    isSet(rule.cidrGroupRef)
      ? group.metadata.name === rule.cidrGroupRef
      : selects(rule.cidrGroupSelector, lookUp(group.metadata.labels ?? {}))
  ));
  return groups.flatMap((group) => group.spec.externalCIDRs);
}

/** Reference 3.8. A reference without a namespace is to any namespace. */
function isBehindService(reference: any, peer: Party, cluster: Cluster): boolean {
  const { k8sService, k8sServiceSelector } = reference;
  const namespace = (k8sServiceSelector ?? k8sService)?.namespace;
  const services = ofKind(cluster.manifests, '', 'Service').filter((service) => (
    (!namespace || namespaceOf(service) === namespace)
      && (isSet(k8sServiceSelector)
        ? selects(k8sServiceSelector.selector, lookUp(service.metadata.labels ?? {}))
        : service.metadata.name === k8sService?.serviceName)
  ));
  return services.some((service) => {
    const selector = service.spec?.selector ?? {};
    if (Object.keys(selector).length > 0) {
      return peer.kind === 'pod'
        && peer.pod.namespace === namespaceOf(service)
        && identityMatches({ matchLabels: selector }, identityOf(peer, cluster.world));
    }
    const slices = ofKind(cluster.manifests, 'discovery.k8s.io', 'EndpointSlice').filter((slice) => (
      namespaceOf(slice) === namespaceOf(service) && slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name
    ));
    // Addresses are CIDRs to Cilium: they cannot select pods.
    return peer.kind === 'outside' && slices.some((slice) => slice.endpoints.some((each: any) => each.addresses.includes(peer.address)));
  });
}

/** Reference 3.9: an address is known to belong to a name only if the pod asked for it through the DNS proxy. */
function isLearnedName(selector: any, packet: Packet, cluster: Cluster): boolean {
  const { source, destination } = packet;
  return source.kind === 'pod'
    && destination.kind === 'outside'
    && destination.name !== undefined
    && nameMatches(selector, destination.name, cluster.options)
    && isObserved(destination.name, source.pod, cluster);
}

function isObserved(name: string, pod: Pod, cluster: Cluster): boolean {
  // Whether there is a DNS server at the other end is not asked, only that the item is for somebody.
  const items = entriesOfPod('egress', pod, cluster).filter((entry) => !entry.deny).map((entry) => entry.item);
  const toSomebody = items.filter((item) => {
    const peers = peerFieldsOf(item, 'egress').map((field) => item[field].length);
    return peers.length === 0 || peers.some((length) => length > 0);
  });
  return toSomebody.flatMap((item) => item.toPorts ?? []).some((rule: any) => (
    (rule.ports ?? []).some((entry: any) => isDnsPort(entry, cluster.options))
      && (rule.rules?.dns ?? []).some((selector: any) => nameMatches(selector, name, cluster.options))
  ));
}

/** A named port is believed to be one of the DNS server. */
function isDnsPort(entry: any, options: JudgeOptions): boolean {
  return /\D/.test(entry.port) || (options.dnsPorts ?? [53]).includes(Number(entry.port));
}

/** "Names case-insensitive, trailing dot implied; `*` = 0+ chars within one label, `**.` prefix = 1+ labels (1.19), lone `*` = all". */
function nameMatches(selector: any, name: string, options: JudgeOptions): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/\.$/, '');
  if (isSet(selector.matchName)) return plain(selector.matchName) === plain(name);
  const pattern = plain(selector.matchPattern);
  if (pattern === '*') return true;
  const manyLabels = pattern.startsWith('**.') && (options.ciliumVersion ?? '1.20') >= '1.19';
  const rest = (manyLabels ? pattern.slice('**.'.length) : pattern).replaceAll('.', '\\.').replace(/\*+/g, '[-a-z0-9_]*');
  return new RegExp(`^${manyLabels ? '([-a-z0-9_]+\\.)+' : ''}${rest}$`).test(plain(name));
}

function portRuleAnswer(rule: any, packet: Packet, options: JudgeOptions): Answer {
  // A port rule without ports yields no filter at all (reference 2).
  if (!(rule.ports ?? []).some((entry: any) => matchesPort(entry, packet))) return 'none';
  if (isSet(rule.serverNames)) return 'some';
  if (isSet(rule.rules?.http)) return 'some';
  if (isSet(rule.rules?.dns)) return dnsAnswer(rule.rules.dns, packet, options);
  return 'all';
}

function dnsAnswer(selectors: any[], packet: Packet, options: JudgeOptions): Answer {
  const { dnsQuery } = packet;
  if (dnsQuery !== undefined) return selectors.some((selector) => nameMatches(selector, dnsQuery, options)) ? 'all' : 'none';
  return selectors.some((selector) => selector.matchPattern === '*') ? 'all' : 'some';
}

/** "Protocol ANY = TCP+UDP+SCTP (not ICMP). `port: "0"` = every port of that protocol". */
function matchesPort(entry: any, packet: Packet): boolean {
  const protocol = entry.protocol ?? 'ANY';
  if (packet.protocol === 'ICMP' || (protocol !== 'ANY' && protocol !== packet.protocol)) return false;
  if (/\D/.test(entry.port)) return portIsNamed(packet, entry.port.toLowerCase());
  const port = Number(entry.port);
  // "endPort <= port -> silently treated as the single port".
  return port === 0 || (port <= packet.port && packet.port <= Math.max(port, entry.endPort ?? port));
}

function matchesIcmp(rule: any, packet: Packet): boolean {
  return packet.protocol === 'ICMP' && (rule.fields ?? []).some((field: any) => {
    const family = field.family ?? 'IPv4';
    const type = typeof field.type === 'string' ? ICMP_TYPES[family][field.type] : field.type;
    return family === `IPv${packet.ipVersion}` && type === packet.icmp.type;
  });
}
