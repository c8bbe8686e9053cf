import { Assumption, assumptionOf, contradicts, KnownNamespaces, matchesAssumption } from './assumption';
import { assumptionText } from './assumption-text';
import { isVague, outcomeUnder, Side } from './outcome-under';
import { Conjunction, disjunction, exprOf } from '../../../model/dnf';
import { allOf, EndpointExpr, isNamespace } from '../../../model/endpoint';
import { YES } from '../../../model/match';
import { Direction, Origin, peerOf, Policy, Rule } from '../../../model/policy-set';
import { textOf } from '../../../model/text';
import { Analysis } from '../../analysis';
import { isImplicit } from '../../world/implicit-policy';
import { ConnectionSet, isEmpty, PORT_PROTOCOLS } from '../connection-set';
import { EndIndex } from '../matching-ends';
import { Look, PORTS_ALONE } from '../probe';
import { SideClass } from '../side-table';

export interface SideExposure {
  readonly lines: readonly PeerLine[];
  readonly notes: readonly string[];
  /** What any other peer may do. */
  readonly outcome: (assumption: Assumption) => ConnectionSet;
}

export interface PeerLine {
  readonly peer: string;
  /** Who the peer is, as data. */
  readonly assumption: Assumption;
  readonly set: ConnectionSet;
}

export const EVERYBODY: Assumption = { kind: 'pod', conditions: [] };

/** More exceptions than these are not looked for, and a note says so. */
const MOST_EXCEPTIONS = 5_000;

/** Whether anything closes the direction, for all or for some. */
export const isProtected = (policies: readonly Policy[]): boolean =>
  policies.some(policy => policy.isolates || (!isImplicit(policy) && policy.rules.some(({ action }) => action !== 'allow' && action !== 'log')));

/** The peers of one direction of a workload, which is of these classes: one for each thing that it may be. */
export function linesOf(
  analysis: Analysis, direction: Direction, classes: readonly SideClass[], index: EndIndex, look: Look = PORTS_ALONE,
): SideExposure {
  const namespaces = namespacesOf(analysis);
  const { pipeline } = analysis.set;
  const { profile } = analysis.engine;
  const sides = classes.map(({ end, policies }): Side => ({ direction, own: end.endpoint, policies, pipeline, profile, namespaces, look }));
  const { assumptions, exceptions, notes } = peersOf(direction, sides, index, namespaces);
  const outcome = (assumption: Assumption): ConnectionSet => together(sides.map(side => outcomeUnder(side, assumption)));
  const everybody = outcome(EVERYBODY);
  const found = new Map<string, PeerLine>();
  const add = (assumption: Assumption, set: ConnectionSet) => {
    const peer = assumptionText(assumption);
    found.set(peer, { peer, assumption, set });
  };
  if (!isEmpty(everybody)) { add(EVERYBODY, everybody); }
  let left = MOST_EXCEPTIONS;
  for (const assumption of assumptions) {
    const set = assumption === EVERYBODY ? everybody : outcome(assumption);
    if (!isSame(set, everybody)) { add(assumption, set); }
    if (assumption === EVERYBODY) { continue; }
    for (const exception of exceptions) {
      const both = meeting(assumption, exception, namespaces);
      if (!both || found.has(assumptionText(both))) { continue; }
      if (left-- <= 0) { break; }
      const narrower = outcome(both);
      if (!isSame(narrower, set)) { add(both, narrower); }
    }
  }
  if (left < 0) { notes.add('not every exception that policies make is listed: there are too many of them'); }
  return { lines: [...found.values()], notes: [...notes], outcome };
}

interface Peers {
  readonly assumptions: readonly Assumption[];
  /** Of rules that do not allow: they narrow what wider peers are allowed. */
  readonly exceptions: readonly Assumption[];
  readonly notes: Set<string>;
}

function peersOf(direction: Direction, sides: readonly Side[], index: EndIndex, namespaces: KnownNamespaces): Peers {
  const assumptions = new Map<string, Assumption>([[assumptionText(EVERYBODY), EVERYBODY]]);
  const exceptions = new Map<string, Assumption>();
  const notes = new Set<string>();
  // What the CNI does on its own it does for all.
  for (const { origin, rules } of sides.flatMap(({ policies }) => policies).filter(policy => !isImplicit(policy))) {
    for (const rule of rules) {
      const peer = peerOf(direction, rule.match);
      if (rule.action === 'log') { continue; }
      for (const conjunction of alternativesOf(peer, rule, origin, notes)) {
        const assumption = assumptionOf(conjunction);
        if (!assumption || contradicts(assumption, namespaces) || isKnown(assumption, index)) { continue; }
        const text = assumptionText(assumption);
        assumptions.set(text, assumptions.get(text) ?? assumption);
        if (rule.action !== 'allow') { exceptions.set(text, assumption); }
      }
    }
  }
  return { assumptions: [...assumptions.values()], exceptions: [...exceptions.values()], notes };
}

function alternativesOf(peer: EndpointExpr, rule: Rule, policy: Origin, notes: Set<string>): readonly Conjunction[] {
  const { kind, namespace, name, part } = { ...policy, ...rule.origin };
  const where = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}${part === undefined ? '' : ` ${part}`}`;
  if (isVague(peer)) { notes.add(`${where} speaks of peers that no labels tell apart (a mesh identity, another cluster, or an object that is not among the documents): they are not listed`); }
  try {
    return disjunction(peer).filter(conjunction => !isVague(exprOf(conjunction)));
  } catch {
    notes.add(`${where} has too many alternatives of peers to list them`);
    return [];
  }
}

/** Pods with such labels are among the known ones: the list of connections says what they may do. */
function isKnown({ kind, conditions }: Assumption, index: EndIndex): boolean {
  const labels = conditions.filter(({ atom }) => 'label' in atom && atom.of === 'pod');
  const areStated = labels.length > 0 && conditions.every(({ atom, negated }) => !negated && (!('label' in atom) || (atom.op === 'in' && atom.values.length === 1)));
  const isPlaced = conditions.some(({ atom }) => isNamespace(atom) || ('label' in atom && atom.of === 'namespace'));
  if (kind !== 'pod' || !areStated || !isPlaced) { return false; }
  const matching = index.matching(allOf({ kind }, exprOf(conditions)));
  return 'many' in matching || [...matching.few.values()].includes(YES);
}

/** Undefined where nobody meets both, or all of the wide ones do. */
function meeting(wide: Assumption, exception: Assumption, namespaces: KnownNamespaces): Assumption | undefined {
  if (wide.kind !== exception.kind || implies(wide, exception, namespaces)) { return undefined; }
  if (implies(exception, wide, namespaces)) { return exception; }
  const seen = new Set(wide.conditions.map(condition => textOf(condition)));
  const both = { kind: wide.kind, conditions: [...wide.conditions, ...exception.conditions.filter(condition => !seen.has(textOf(condition)))] };
  return contradicts(both, namespaces) ? undefined : both;
}

const implies = (one: Assumption, other: Assumption, namespaces: KnownNamespaces): boolean =>
  matchesAssumption(exprOf(other.conditions), one, namespaces) === YES;

const isSame = (a: ConnectionSet, b: ConnectionSet): boolean => textOf(a) === textOf(b);

/** What holds of all that the workload may be; where these differ it is not known. */
function together(sets: readonly ConnectionSet[]): ConnectionSet {
  if (sets.every(set => isSame(set, sets[0]))) { return sets[0]; }
  return { allowed: {}, partial: {}, unknown: Object.fromEntries(PORT_PROTOCOLS.map(protocol => [protocol, [[1, 65535]]])) };
}

function namespacesOf({ world, cluster }: Analysis): KnownNamespaces {
  return name => {
    const namespace = world.namespaces.get(name);
    return namespace && (namespace.declared || cluster.closed) ? namespace.labels : undefined;
  };
}
