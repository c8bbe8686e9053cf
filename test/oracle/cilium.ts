import { Answer, best, worst } from './cilium-answer';
import { identityLabels, identityMatches, identityNamespaceLabels, identityOf, networkPolicyPeer, nodeSelectorMatches, subjectSelector } from './cilium-identity';
import { peerAnswer, peerFieldsOf } from './cilium-peers';
import { matchesIcmp, nameMatches, portRuleAnswer } from './cilium-traffic';
import { checkCiliumGroup, checkCiliumPolicy } from './cilium-validate';
import { isolatesPod, networkPolicies, permits, policyTypes, View } from './kubernetes';
import { isSet, namespaceOf, ofKind } from './manifests';
import { remembered } from './remember';
import { Direction, JudgeOptions, Packet, Party, Pod, sides, Verdict, World } from './world';

/** CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy and NetworkPolicy together, as a cluster that runs Cilium takes them. */

/** One list item of one rule (reference 3.1). */
interface Entry {
  direction: Direction;
  deny: boolean;
  /** Whether it puts what it selects into default deny (reference 3.3). */
  defaultDeny: boolean;
  /** The policy's own; undefined if it is clusterwide. */
  namespace: string | undefined;
  item: any;
  selects(party: Party): boolean;
}

interface Cluster { manifests: any[]; world: World; options: JudgeOptions; entries: Entry[]; networkPolicies: any[] }

export function judgeCilium(manifests: any[], world: World, packet: Packet, options: JudgeOptions): Verdict {
  checked(manifests, options);
  const entries = entriesOf(manifests, world);
  const cluster: Cluster = { manifests, world, options, entries, networkPolicies: networkPolicies(manifests) };
  const answer = (direction: Direction): Answer => {
    const other = options.onlySide !== undefined && options.onlySide !== direction;
    return other ? 'all' : sideAnswer(direction, packet, cluster);
  };
  const [egress, ingress] = [answer('egress'), answer('ingress')];
  return {
    allowed: egress !== 'none' && ingress !== 'none',
    egress: egress !== 'none',
    ingress: ingress !== 'none',
    ...(worst([egress, ingress]) === 'some' ? { l7: true } : {}),
  };
}

const POLICY_KINDS = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'];

const checked = remembered((manifests: any[], options: JudgeOptions) => {
  ofKind(manifests, 'cilium.io', 'CiliumCIDRGroup').forEach(checkCiliumGroup);
  POLICY_KINDS.flatMap((kind) => ofKind(manifests, 'cilium.io', kind)).forEach((policy) => checkCiliumPolicy(policy, options));
});

function entriesOf(manifests: any[], world: World): Entry[] {
  const entries: Entry[] = [];
  for (const kind of POLICY_KINDS) {
    for (const policy of ofKind(manifests, 'cilium.io', kind)) {
      const namespace = kind === 'CiliumNetworkPolicy' ? namespaceOf(policy) : undefined;
      // `specs` is an additive list beside `spec`.
      for (const rule of [...(isSet(policy.spec) ? [policy.spec] : []), ...(policy.specs ?? [])]) {
        entries.push(...entriesOfRule(rule, namespace, world));
      }
    }
  }
  return entries;
}

function entriesOfRule(rule: any, namespace: string | undefined, world: World): Entry[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const allows: any[] = rule[direction] ?? [];
    const denies: any[] = rule[`${direction}Deny`] ?? [];
    // enableDefaultDeny only shows through the items: without an item in that direction it has no effect (reference 3.3).
    const defaultDeny = rule.enableDefaultDeny?.[direction] ?? true;
    const selects = subjectOf(rule, namespace, world);
    return [
      ...allows.map((item) => ({ direction, deny: false, defaultDeny, selects, namespace, item, ...(alwaysFails(item) ? failing(item) : {}) })),
      ...denies.map((item) => ({ direction, deny: true, defaultDeny, selects, namespace, item })),
    ];
  });
}

const alwaysFails = (item: any): boolean => item.authentication?.mode === 'test-always-fail';

/** "test-always-fail -> denied": what matches is dropped, whoever else allows it, before anybody looks at a request. */
function failing(item: any): { deny: true; item: any } {
  return { deny: true, item: { ...item, ...(isSet(item.toPorts) ? { toPorts: item.toPorts.map(({ ports }: any) => ({ ports })) } : {}) } };
}

/** An endpointSelector selects pods, never nodes; a nodeSelector selects nodes by the labels of their Node (reference 3.2). */
function subjectOf(rule: any, namespace: string | undefined, world: World): (party: Party) => boolean {
  if (isSet(rule.nodeSelector)) return (party) => party.kind === 'node' && nodeSelectorMatches(rule.nodeSelector, party.labels ?? {}, 'k8s');
  const selector = subjectSelector(rule.endpointSelector, namespace);
  return (party) => party.kind === 'pod' && identityMatches(selector, identityOf(party, world));
}

/** Pods of this cluster; nodes only with the host firewall: "unselected nodes open". */
function isJudged(party: Party, options: JudgeOptions): boolean {
  if (party.kind === 'pod') return party.pod.cluster === undefined;
  return party.kind === 'node' && options.features?.hostFirewall === true;
}

/** Reference 3.3 and 3.4: any deny, else open unless somebody asks for default deny, else any allow, else the local host. */
function sideAnswer(direction: Direction, packet: Packet, cluster: Cluster): Answer {
  const { subject, peer } = sides(packet, direction);
  if (!isJudged(subject, cluster.options)) return 'all';
  const view = ciliumView(cluster);
  const mine = entriesOfSubject(direction, subject, cluster);
  const isolating = subject.kind === 'pod' ? cluster.networkPolicies.filter((policy) => isolatesPod(policy, direction, subject.pod, view)) : [];

  const denied = best(mine.filter((entry) => entry.deny).map((entry) => answerOf(entry, packet, cluster)));
  if (denied === 'all') return 'none';
  // What may be denied is never sure to be open.
  const open: Answer = denied === 'some' ? 'some' : 'all';
  if (isolating.length === 0 && !mine.some((entry) => entry.defaultDeny)) return open;
  // Host -> local pod is allowed on its own (allow-localhost), below everything that is stated.
  if (direction === 'ingress' && subject.kind === 'pod' && peer.kind === 'node' && peer.local) return open;
  return worst([open, best([
    ...mine.filter((entry) => !entry.deny).map((entry) => answerOf(entry, packet, cluster)),
    ...isolating.map((policy): Answer => (permits(policy, direction, packet, view) ? 'all' : 'none')),
  ])]);
}

function isInDefaultDeny(direction: Direction, pod: Pod, cluster: Cluster): boolean {
  return entriesOfSubject(direction, { kind: 'pod', pod }, cluster).some((entry) => entry.defaultDeny)
    || cluster.networkPolicies.some((policy) => isolatesPod(policy, direction, pod, ciliumView(cluster)));
}

function entriesOfSubject(direction: Direction, subject: Party, cluster: Cluster): Entry[] {
  return cluster.entries.filter((entry) => entry.direction === direction && entry.selects(subject));
}

/** How Cilium reads a NetworkPolicy (reference 3.7 and 3.10). */
function ciliumView({ world, options }: Pick<Cluster, 'world' | 'options'>): View {
  return {
    selectsOther: (peer, party) => identityMatches(networkPolicyPeer(peer, world, options), identityOf(party, world, options)),
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
  const { item, direction, namespace } = entry;
  const toPorts: any[] = item.toPorts ?? [];
  const icmps: any[] = item.icmps ?? [];
  // "No L3 and no L4 -> no filter, only triggers default deny".
  if (peerFieldsOf(item, direction).length === 0 && toPorts.length === 0 && icmps.length === 0) return 'none';
  const isLearnedName = (selector: any) => matchesLearnedName(selector, packet, cluster);
  const { manifests, world, options } = cluster;
  const who = peerAnswer(item, direction, { manifests, world, options, namespace, peer: sides(packet, direction).peer, isLearnedName });
  if (who === 'none') return 'none';
  // "L3-only item -> all ports, all protocols incl. ICMP".
  if (toPorts.length === 0 && icmps.length === 0) return who;
  if (icmps.length > 0) return icmps.some((rule) => matchesIcmp(rule, packet)) ? who : 'none';
  // Asked only of endpoints in default deny, where rules of requests restrict whichever policy they stand in.
  return worst([who, best(toPorts.map((rule) => portRuleAnswer(rule, packet, entry.defaultDeny || entry.deny, options)))]);
}

/** Reference 3.9: an address is known to belong to a name only if the pod asked for it through the DNS proxy. */
function matchesLearnedName(selector: any, packet: Packet, cluster: Cluster): boolean {
  const { source, destination } = packet;
  return source.kind === 'pod'
    && destination.kind === 'outside'
    && destination.name !== undefined
    && nameMatches(selector, destination.name, cluster.options)
    && isObserved(destination.name, source.pod, cluster);
}

function isObserved(name: string, pod: Pod, cluster: Cluster): boolean {
  // Whether there is a DNS server at the other end is not asked, only that the item is for somebody.
  const toSomebody = entriesOfSubject('egress', { kind: 'pod', pod }, cluster).filter(({ deny, item }) => {
    const peers = peerFieldsOf(item, 'egress').map((field) => item[field].length);
    return !deny && (peers.length === 0 || peers.some((length) => length > 0));
  });
  const restricts = isInDefaultDeny('egress', pod, cluster);
  return toSomebody.some(({ item }) => (item.toPorts ?? []).some((rule: any) => (
    isSet(rule.rules?.dns)
      && (rule.ports ?? []).some((entry: any) => isDnsPort(entry, cluster.options))
      // Without default deny the rule has a wildcard beside it.
      && (!restricts || rule.rules.dns.some((selector: any) => nameMatches(selector, name, cluster.options)))
  )));
}

/** A named port is believed to be one of the DNS server. */
function isDnsPort(entry: any, options: JudgeOptions): boolean {
  return /\D/.test(entry.port ?? '') || (options.dnsPorts ?? [53]).includes(Number(entry.port));
}
