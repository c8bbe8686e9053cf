import type { ResolvedCluster } from './cluster';
import { CniRow } from './cni-row';
import { askedLast, undecided, undecidedRest } from './undecided';
import type { CniColumn, LeavesOpen } from '../cluster/cni-capabilities';
import { byDocument, isOfKind } from '../dialects/dialect';
import { NETWORK_POLICY } from '../dialects/network-policy-fields';
import { allOf, allOfMany, anyOfMany, EndpointExpr, inNamespace, POD } from '../model/endpoint';
import { Direction, matchOf, Origin, peerOf, Policy, PolicySet, Rule } from '../model/policy-set';
import { hasException, hasName, isSctp } from '../model/rule-parts';
import { ALL_TRAFFIC, TrafficBox } from '../model/traffic';

/**
 * What a CNI makes of the parts of a NetworkPolicy, by the table of CNIs. A direction that it does not enforce is void. What comes of any
 * other part that it does not take as stated, or is not known to, is left open as far as the part may concern: traffic of the rule, or the
 * whole document.
 */

/** Parts of ports, each with the boxes that it is in. */
const PORT_PARTS = {
  endPort: ({ destinationPorts }: TrafficBox): boolean => destinationPorts?.ranges.some(([first, last]) => first !== last) ?? false,
  sctp: isSctp,
  namedPorts: hasName,
};
type PortPart = keyof typeof PORT_PARTS;
type Part = PortPart | 'except';
const PARTS = [...Object.keys(PORT_PARTS) as PortPart[], 'except'] as const;

interface Judged {
  readonly policy: Policy;
  /** Where the direction itself is not surely enforced, or a part of the document may concern all of it. */
  readonly whole?: CniColumn;
  /** In its rules. */
  readonly parts: readonly Part[];
}

export interface PartsEnforced {
  readonly set: PolicySet;
  /** One for each document and column. */
  readonly notes: readonly string[];
}

/** The set, with what the CNI does instead where it does not take NetworkPolicies as stated. */
export function partsAsEnforced(set: PolicySet, cluster: ResolvedCluster): PartsEnforced {
  const row = new CniRow(cluster);
  const doubtful = PARTS.filter(part => row.isDoubtful(part));
  if (doubtful.length === 0 && !row.isDoubtful('ingress') && !row.isDoubtful('egress')) { return { set, notes: [] }; }
  const policies = set.policies.filter(({ mode, origin }) => mode === 'enforce' && isOfKind(origin, [NETWORK_POLICY]));
  const judged = new Map(byDocument(policies).flatMap(document => judge(document, doubtful, row)).map(each => [each.policy, each]));
  const sure = [...judged.values()].filter(({ whole, policy }) => whole === undefined && policy.isolates);
  const closed = new Set(sure.map(({ policy }) => subjectKey(policy)));
  return {
    set: { ...set, policies: set.policies.flatMap(policy => (judged.has(policy) ? asTaken(judged.get(policy)!, row, closed) : [policy])) },
    notes: notesOf([...judged.values()], row),
  };
}

function judge(document: readonly Policy[], doubtful: readonly Part[], row: CniRow): Judged[] {
  const found = document.map(policy => ({
    policy,
    parts: row.isDoubtful(policy.direction) ? [] : doubtful.filter(part => policy.rules.some(rule => has(part, rule, policy.direction))),
  }));
  // What may concern more than its rule may concern the other direction, too.
  const whole = found.flatMap(({ parts }) => parts).find(part => part === 'except' || row.leavesOpen(part) === undefined);
  return found.map(({ policy, parts }) => {
    const column = row.isDoubtful(policy.direction) ? policy.direction : whole;
    return { policy, parts, ...(column === undefined ? {} : { whole: column }) };
  });
}

const has = (part: Part, { match }: Rule, direction: Direction): boolean =>
  (part === 'except' ? hasException(peerOf(direction, match)) : match.traffic.some(PORT_PARTS[part]));

function asTaken({ policy, whole, parts }: Judged, row: CniRow, closed: ReadonlySet<string>): Policy[] {
  if (whole !== undefined) {
    const because = row.because(whole);
    if (whole === policy.direction && row.surelyIgnores(whole)) { return [{ ...policy, mode: 'void', voidBecause: because }]; }
    const rules = policy.rules
      .map(rule => (parts.some(part => has(part, rule, policy.direction)) ? asWideAsMayBe(rule, policy) : rule))
      .map(rule => undecided(rule, because));
    return [askedLast(policy, policy.isolates && !isClosed(policy, closed) ? [...rules, undecidedRest(policy.origin, because)] : rules)];
  }
  const open: Rule[] = [];
  const certain = parts.reduce((rules, part) => (part === 'except' ? rules : rules.flatMap(rule => without(part, rule, row, open))), policy.rules);
  return open.length === 0 ? [policy] : [{ ...policy, rules: certain }, askedLast(policy, open)];
}

/** The rule without the boxes that the part is in; what these may open goes to `open`. */
function without(part: PortPart, rule: Rule, row: CniRow, open: Rule[]): Rule[] {
  const { traffic } = rule.match;
  const [boxes, others] = [traffic.filter(PORT_PARTS[part]), traffic.filter(box => !PORT_PARTS[part](box))];
  if (boxes.length === 0) { return [rule]; }
  open.push(undecided(withTraffic(rule, boxes.flatMap(box => opened(box, row.leavesOpen(part)))), row.because(part)));
  return others.length === 0 ? [] : [withTraffic(rule, others)];
}

function opened(box: TrafficBox, leavesOpen: LeavesOpen | undefined): readonly TrafficBox[] {
  switch (leavesOpen) {
    case 'ports': return [box];
    case 'protocol': return [{ protocols: box.protocols }];
    default: return ALL_TRAFFIC;
  }
}

const withTraffic = (rule: Rule, traffic: readonly TrafficBox[]): Rule => ({ ...rule, match: { ...rule.match, traffic } });

/** Its ports and exceptions may be left out. */
const asWideAsMayBe = (rule: Rule, { direction }: Policy): Rule =>
  ({ ...rule, match: matchOf(direction, withoutExceptions(peerOf(direction, rule.match)), ALL_TRAFFIC) });

function withoutExceptions(expr: EndpointExpr): EndpointExpr {
  if ('allOf' in expr) { return allOfMany(expr.allOf.map(withoutExceptions)); }
  if ('anyOf' in expr) { return anyOfMany(expr.anyOf.map(withoutExceptions)); }
  return 'cidr' in expr ? { ...expr, except: [] } : expr;
}

const subjectKey = ({ direction, subject }: Pick<Policy, 'direction' | 'subject'>): string => JSON.stringify([direction, subject]);

/** Whether another policy closes the direction anyway: one about the same pods, or about every pod of the namespace. */
const isClosed = ({ direction, subject, origin }: Policy, closed: ReadonlySet<string>): boolean =>
  [subject, allOf(POD, inNamespace(origin.namespace!))].some(pods => closed.has(subjectKey({ direction, subject: pods })));

function notesOf(judged: readonly Judged[], row: CniRow): string[] {
  const { ignoresBecause } = row;
  if (ignoresBecause !== undefined) { return judged.length === 0 ? [] : [nothingHolds(judged, ignoresBecause, row)]; }
  const notes = judged.flatMap(({ policy: { direction, origin }, whole, parts }) =>
    [...(whole === direction ? [direction] : []), ...parts].map(column => noteOf(origin, column, row)));
  return [...new Set(notes)];
}

function nothingHolds(judged: readonly Judged[], ignoresBecause: string, row: CniRow): string {
  const documents = byDocument(judged.map(({ policy }) => policy)).length;
  const columns = [...new Set(judged.map(({ policy }) => policy.direction))].map(direction => row.because(direction));
  return `NOTHING IS ENFORCED, and what only a NetworkPolicy would stop passes (${documents} in the input): ${ignoresBecause}; ${columns.join('; ')}`;
}

function noteOf({ kind, namespace, name, at }: Origin, column: CniColumn, row: CniRow): string {
  const named = `${at === undefined ? '' : `${at}: `}${kind} ${namespace}/${name}`;
  return row.surelyIgnores(column) && (column === 'ingress' || column === 'egress')
    ? `${named} is not enforced: ${row.because(column)}`
    : `${named} may not be enforced as it says, and what depends on that is unknown: ${row.because(column)}`;
}
