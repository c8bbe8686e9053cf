import type { PodsOfNamespace } from './namespace-labels';
import type { PolicyStatement } from './policy-statement';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { refuse } from '../dialects/refusals';
import { disjunction, exprOf, Literal } from '../model/dnf';
import { EndpointExpr, isNamespace } from '../model/endpoint';
import { groupBy } from '../model/group-by';
import { NAMESPACE_NAME } from '../model/labels';
import { matchesEndpoint, YES } from '../model/match';
import { Direction, NORMAL, peerOf, Policy, Rule } from '../model/policy-set';
import { textOf } from '../model/text';
import { mergeRanges, PortSet, Range, TrafficBox } from '../model/traffic';

/**
 * Policies add up, so a connection that one rule lets through only with some requests, and another with all of them, is open for all of them: the
 * condition says nothing. Returns what is wrong, as sentences.
 */
export function checkConditions(stated: ReadonlyMap<PolicyStatement, readonly Policy[]>, facts: ResolvedFacts, podsOf: PodsOfNamespace): string[] {
  if (![...stated.keys()].some(({ hasConditions }) => hasConditions)) { return []; }
  const allows = [...stated].flatMap(([statement, policies]) => allowsOf(statement, policies));
  const problems = allows.filter(({ rule }) => rule.effects?.authentication !== undefined)
    .flatMap(allow => authenticationProblem(allow, facts) ?? []);
  const bySubject = groupBy(allows, ({ direction, subject }) => `${direction} ${textOf(subject)}`);
  for (const group of bySubject.values()) {
    const conditional = group.filter(({ rule }) => conditionsOf(rule).length > 0);
    if (conditional.length === 0) { continue; }
    const [{ direction, subject }] = group;
    // Policies about fewer pods, or others, make nothing moot for these.
    const beside = [...bySubject.values()].filter(([other]) => other.direction === direction && covers(other.subject, subject, podsOf)).flat();
    for (const one of conditional) {
      const conditions = conditionsOf(one.rule);
      const other = beside.find(candidate => makesMoot(candidate, one, conditions, podsOf));
      if (other) { problems.push(mootProblem(one, other)); }
    }
  }
  return problems;
}

/** A rule that allows, beside the others of its stage. */
interface Allow {
  readonly statement: PolicyStatement;
  readonly direction: Direction;
  readonly subject: EndpointExpr;
  readonly rule: Rule;
}

function allowsOf(statement: PolicyStatement, policies: readonly Policy[]): Allow[] {
  return policies.filter(({ stage, mode }) => stage === NORMAL && mode === 'enforce').flatMap(({ direction, subject, rules }) =>
    rules.filter(({ action }) => action === 'allow').map(rule => ({ statement, direction, subject, rule })));
}

interface Condition {
  readonly box: TrafficBox;
  readonly of: 'http' | 'dns' | 'serverNames' | 'authentication';
}

function conditionsOf({ match, effects }: Rule): Condition[] {
  return match.traffic.flatMap((box): Condition[] => [
    ...(box.l7 && 'http' in box.l7 ? [{ box, of: 'http' as const }] : []),
    ...(isLimited(box) ? [{ box, of: 'dns' as const }] : []),
    ...(box.serverNames ? [{ box, of: 'serverNames' as const }] : []),
    ...(effects?.authentication === undefined ? [] : [{ box, of: 'authentication' as const }]),
  ]);
}

const isLimited = ({ l7 }: TrafficBox): boolean => l7 !== undefined && 'dns' in l7 && !l7.dns.includes('*');

function makesMoot(other: Allow, one: Allow, conditions: readonly Condition[], podsOf: PodsOfNamespace): boolean {
  return conditions.some(condition => other.rule.match.traffic.some(box => !fulfils(box, other.rule, condition) && overlap(box, condition.box)))
    && covers(peerOf(other.direction, other.rule.match), peerOf(one.direction, one.rule.match), podsOf);
}

/** Whether a box has a condition of the same kind, so that the two are alternatives. */
function fulfils(box: TrafficBox, { effects }: Rule, { of }: Condition): boolean {
  switch (of) {
    case 'http': return box.l7 !== undefined && 'http' in box.l7;
    case 'dns': return isLimited(box);
    case 'serverNames': return box.serverNames !== undefined;
    case 'authentication': return effects?.authentication !== undefined;
  }
}

/** Whether one of the alternatives of `narrow` certainly lies in one of `wide`: what is asked for here is asked for there too. */
function covers(wide: EndpointExpr, narrow: EndpointExpr, podsOf: PodsOfNamespace): boolean {
  if (wide === narrow) { return true; }
  const narrows = literalsOf(narrow);
  return literalsOf(wide).some(literals => narrows.some(own =>
    [...literals].every(([text, literal]) => own.has(text) || isOfAll(literal, own, podsOf))));
}

/** Whether what is asked of a namespace holds for those that are named. */
function isOfAll(literal: Literal, own: Literals, podsOf: PodsOfNamespace): boolean {
  const { atom } = literal;
  if (!isNamespace(atom) && !('of' in atom && atom.of === 'namespace')) { return false; }
  const named = namesOf(own);
  return named !== undefined && named.every(namespace => matchesEndpoint(exprOf([literal]), podsOf(namespace), { cidrMatches: [] }) === YES);
}

function namesOf(own: Literals): readonly string[] | undefined {
  for (const { atom, negated } of own.values()) {
    if (negated) { continue; }
    if (isNamespace(atom)) { return [atom.namespace]; }
    if ('of' in atom && atom.of === 'namespace' && atom.label === NAMESPACE_NAME && atom.op === 'in') { return atom.values; }
  }
  return undefined;
}

/** By their texts. */
type Literals = ReadonlyMap<string, Literal>;
const LITERALS = new WeakMap<EndpointExpr, readonly Literals[]>();

/** What each alternative asks for, as texts. Workloads are the same expression in all that is said about them. */
function literalsOf(expr: EndpointExpr): readonly Literals[] {
  let known = LITERALS.get(expr);
  if (!known) {
    known = disjunction(expr).map(conjunction => new Map(conjunction.map(literal => [JSON.stringify(literal), literal])));
    LITERALS.set(expr, known);
  }
  return known;
}

function overlap(one: TrafficBox, other: TrafficBox): boolean {
  return intersect(one.protocols, other.protocols) && portsMeet(one.destinationPorts, other.destinationPorts);
}

/** A name may be any number. */
function portsMeet(one: PortSet | undefined, other: PortSet | undefined): boolean {
  if (!one || !other) { return true; }
  return intersect(one.ranges, other.ranges) || one.names.some(name => other.names.includes(name));
}

const intersect = (one: readonly Range[], other: readonly Range[]): boolean =>
  mergeRanges(one).some(([first, last]) => other.some(([from, to]) => first <= to && from <= last));

const describe = ({ statement, rule, direction }: Allow): string => `${statement}, ${rule.origin?.part ?? direction}`;

function mootProblem(one: Allow, other: Allow): string {
  return `${describe(one)}: the condition says nothing, since policies add up and ${one.rule === other.rule ? 'the same rule' : describe(other)} allows the same without it; state the condition for both, or leave it out`;
}

/** Mutual authentication proves the identities of pods, and of nothing else. */
function authenticationProblem({ statement, rule, direction }: Allow, { dialect, cni, mesh }: ResolvedFacts): string | undefined {
  const where = `${statement}, ${rule.origin?.part ?? direction}`;
  if (dialect !== Dialect.CILIUM) { return refuse(dialect, 'authentication', where).message; }
  if (!cni.options.includes('mutualAuthentication')) {
    return `${where}: mutual authentication is not switched on, and without it the connection never passes; state Cni.cilium(version, { mutualAuthentication: true }) where authentication.mutual.spire.enabled of the Helm chart is true`;
  }
  if (mesh._facts) { return `${where}: the mesh (${mesh}) proves identities with mutual TLS of its own, and Cilium's mutual authentication does not work together with another; leave mutualAuthentication out`; }
  const strangers = disjunction(peerOf(direction, rule.match)).some(conjunction => !conjunction.some(({ atom, negated }) => !negated && 'kind' in atom && atom.kind === 'pod'));
  return strangers ? `${where}: only pods have an identity that mutual authentication proves; state pods as the peer, or leave mutualAuthentication out` : undefined;
}
