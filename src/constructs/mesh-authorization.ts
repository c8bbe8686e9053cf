import type { PodTemplate } from './pod-template';
import type { StatedRule } from './policy-statement';
import type { Workload } from './workload';
import type { ResolvedFacts } from '../cluster/cluster';
import type { MeshFacts } from '../cluster/mesh';
import { mayHoldPods } from '../dialects/outside';
import { disjunction } from '../model/dnf';
import { allOf, ANY, EndpointExpr, inNamespace, isNamespace, POD } from '../model/endpoint';
import { groupBy } from '../model/group-by';
import { reasonsOf } from '../model/justification';
import { Rule } from '../model/policy-set';
import { inRanges, PROTOCOL_NUMBERS, Range, TrafficBox } from '../model/traffic';

/**
 * What the authorization policy of a mesh says beside a network policy: ports and requests for identities. The mesh knows no labels, and the
 * network policy no identities; both must allow, so each may leave to the other what it cannot say, as long as the two together say what was stated.
 */

export interface Authorized {
  readonly rule: Rule;
  /** Who they are to the mesh; undefined where only the network policy can tell them apart. */
  readonly identity?: string;
  /** The workload that is meant, and nothing else. */
  readonly workload?: Workload;
  /** The service account, with its namespace, by which the mesh knows a workload. */
  readonly account?: string;
  /** What tells the peers apart, for messages. */
  readonly peer: string;
  /** TCP only, which is all that the mesh sees. */
  readonly traffic: readonly TrafficBox[];
  /** The traffic as a text, to compare. */
  readonly text: string;
}

/** What must be known beside the rules. */
export interface AuthorizationContext {
  readonly mesh: MeshFacts;
  readonly facts: ResolvedFacts;
  /** Whether pods of other workloads may run as this service account. */
  readonly isShared: (account: string) => boolean;
}

/**
 * @param rules the ingress rules, one for each that was stated
 * @param ports of the pods' containers, where they are known: a mesh knows ports by number only
 * @throws where mesh and network policy together would let through more than was stated
 */
export function authorizationRules(
  stated: readonly StatedRule[], rules: readonly Rule[], context: AuthorizationContext, ports: PodTemplate['ports'] = [],
): Authorized[] {
  const authorized = rules.flatMap((rule, i): Authorized[] => {
    const traffic = rule.match.traffic.filter(box => inRanges(box.protocols, TCP) && !box.icmp).map(box => byNumber(onlyTcp(box), ports));
    if (traffic.length === 0) { return []; }
    const text = JSON.stringify(traffic);
    const reasons = reasonsOf([rule]);
    return identities(stated[i], rule).map(({ source, ...who }) =>
      ({ ...who, rule: { action: rule.action, match: { source, destination: ANY, traffic }, origin: rule.origin, ...reasons }, traffic, text }));
  });
  refuseMixingAmong(authorized, context);
  return authorized;
}

/**
 * The rules of two policies that may be about the same pods.
 * @throws where mesh and network policies together would let through more than was stated
 */
export function refuseMixingOf(some: readonly Authorized[], others: readonly Authorized[], context: AuthorizationContext): void {
  for (const one of some) {
    for (const other of others) { refuseMixing(one, other, context); }
  }
}

/** Each with each of those that may do something else: most statements say the same of many peers. */
function refuseMixingAmong(authorized: readonly Authorized[], context: AuthorizationContext): void {
  const groups = [...groupBy(authorized, ({ text }) => text).values()];
  groups.forEach((group, i) => groups.slice(i + 1).forEach(other => refuseMixingOf(group, other, context)));
}

const TCP = PROTOCOL_NUMBERS.TCP;
const onlyTcp = (box: TrafficBox): TrafficBox => ({ ...box, protocols: [[TCP, TCP]] });

/** Names of container ports as their numbers; one that is not known stays, and is refused by the dialect. */
function byNumber(box: TrafficBox, ports: PodTemplate['ports']): TrafficBox {
  const { names = [], ranges = [] } = box.destinationPorts ?? {};
  if (names.length === 0) { return box; }
  const numbers = ports.filter(({ name, protocol }) => name !== undefined && names.includes(name) && protocol === 'TCP').map(({ port }): Range => [port, port]);
  return numbers.length === 0 ? box : { ...box, destinationPorts: { ranges: [...ranges, ...numbers], names: [] } };
}

interface Identified extends Pick<Authorized, 'identity' | 'account' | 'workload' | 'peer'> {
  readonly source: EndpointExpr;
}

function identities({ peer }: StatedRule, rule: Rule): Identified[] {
  if (peer._onlyWorkloads) { return peer._workloads.map(workload => ofWorkload(workload)); }
  const source = exact(rule.match.source);
  return [source ? { source, identity: peer.toString(), peer: peer.toString() } : { source: ANY, peer: peer.toString() }];
}

function ofWorkload(workload: Workload): Identified {
  const account = workload._pods()?.serviceAccount;
  if (account === undefined) { return { source: ANY, workload, peer: workload.toString() }; }
  return {
    source: allOf(POD, inNamespace(workload.namespace), { serviceAccount: account }),
    identity: `service account ${workload.namespace}/${account}`,
    account: `${workload.namespace}/${account}`,
    workload,
    peer: workload.toString(),
  };
}

/** The source, where the mesh knows exactly these: service accounts, whole namespaces, addresses, everything. */
function exact(source: EndpointExpr): EndpointExpr | undefined {
  const known = disjunction(source).every(conjunction => conjunction.every(({ atom, negated }) =>
    !negated && ('kind' in atom || 'namespace' in atom || 'serviceAccount' in atom || 'cidr' in atom || 'principal' in atom) && !('ref' in atom)));
  const allPods = disjunction(source).some(conjunction => conjunction.length > 0 && conjunction.every(({ atom }) => 'kind' in atom));
  return known && !allPods ? source : undefined;
}

/**
 * Peers that the mesh takes for each other get what any of them has. Beside sidecars the network policy still keeps them to their ports, so only
 * conditions on requests can be lost; in ambient mode it cannot tell ports apart.
 */
function refuseMixing(one: Authorized, other: Authorized, context: AuthorizationContext): void {
  if (one.text === other.text || isSamePeer(one, other)) { return; }
  const conditions = [...one.traffic, ...other.traffic].some(({ l7 }) => l7 !== undefined);
  if (context.mesh.tunnelPort === undefined && (!conditions || !overlap(one.traffic, other.traffic))) { return; }
  const confusion = confusionOf(one, other, context);
  if (confusion !== undefined) { throw new Error(`${one.rule.origin?.part ?? 'rule'}: ${confusion}`); }
}

/** Two workloads by labels may have one text. */
const isSamePeer = (one: Authorized, other: Authorized): boolean => one.peer === other.peer && one.workload === other.workload;

/** Why the mesh takes the two for each other, or nothing where it does not. */
function confusionOf(one: Authorized, other: Authorized, { facts, isShared }: AuthorizationContext): string | undefined {
  if (one.identity === undefined || other.identity === undefined) {
    const [unknown, known] = one.identity === undefined ? [one, other] : [other, one];
    return `the mesh cannot tell ${unknown.peer} from ${known.peer}, so each would get what the other has; state a workload of this app or Peer.serviceAccount(...)`;
  }
  if (one.identity === other.identity) {
    return `${one.peer} and ${other.peer} are both ${one.identity}, so the mesh would give each what the other has; run them as service accounts of their own`;
  }
  const [ranges, pods] = mayHoldPodsOutside(one, facts) ? [one, other] : [other, one];
  if (mayHoldPodsOutside(ranges, facts) && !isByAddress(pods)) {
    return `the mesh matches pods by their addresses too, and ${ranges.peer} may hold those of ${pods.peer}; state the facts podCidrs and nodeCidrs, which are then left out`;
  }
  const [workload, wide] = one.account !== undefined ? [one, other] : [other, one];
  if (workload.account === undefined || wide.account !== undefined || givesAllOfTcp(wide)) { return undefined; }
  const sharing = sharingOf(wide.rule.match.source, workload.account);
  return sharing === 'stated' || (sharing === 'possible' && isShared(workload.account))
    ? `pods of ${wide.peer} may run as ${workload.identity}, so the mesh would give them what ${workload.peer} has; run ${workload.peer} as a service account of its own`
    : undefined;
}

const givesAllOfTcp = ({ traffic }: Authorized): boolean =>
  traffic.some(({ destinationPorts, l7, serverNames }) => !destinationPorts && !l7 && !serverNames);

const isByAddress = ({ rule }: Authorized): boolean =>
  disjunction(rule.match.source).every(conjunction => conjunction.some(({ atom, negated }) => !negated && 'cidr' in atom));

/** Whether it is addresses outside, among which a mesh would find pods, since nobody said which addresses pods have. */
function mayHoldPodsOutside({ rule }: Authorized, { podCidrs }: ResolvedFacts): boolean {
  return podCidrs.length === 0 && disjunction(rule.match.source).some(conjunction =>
    conjunction.some(({ atom }) => 'kind' in atom && atom.kind === 'external')
    && conjunction.some(({ atom, negated }) => !negated && 'cidr' in atom && mayHoldPods(atom.cidr, atom.except)));
}

/** Whether pods that are meant run as a service account: they are named by it, or nothing speaks against it. */
function sharingOf(source: EndpointExpr, account: string): 'stated' | 'possible' | 'none' {
  const [namespace, name] = account.split('/');
  const meant = disjunction(source).filter(conjunction => conjunction.every(({ atom }) => !('kind' in atom && atom.kind !== 'pod')
    && !(isNamespace(atom) && atom.namespace !== namespace) && !('serviceAccount' in atom && atom.serviceAccount !== name)));
  if (meant.length === 0) { return 'none'; }
  return meant.some(conjunction => conjunction.some(({ atom }) => 'serviceAccount' in atom)) ? 'stated' : 'possible';
}

function overlap(one: readonly TrafficBox[], other: readonly TrafficBox[]): boolean {
  return one.some(a => other.some(b => !a.destinationPorts || !b.destinationPorts
    || a.destinationPorts.names.length + b.destinationPorts.names.length > 0
    || a.destinationPorts.ranges.some(([first, last]) => b.destinationPorts!.ranges.some(([from, to]) => first <= to && from <= last))));
}
