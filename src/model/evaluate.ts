import { both, Endpoint, Flow, Matched, matchesEndpoint, matchesEnds, matchesTraffic, MAYBE, NO, Profile, Tri, YES } from './match';
import { ALLOW, Answer, answerOf, DENY, FACTS, NEXT, outcomeOf } from './outcome';
import { Direction, Layer, Policy, PolicySet, Rule, Stage } from './policy-set';

/**
 * The one evaluator, and the trace of how it came to its answer. It is three-valued: what is not known is `maybe`, a stage yields a
 * set of possible outcomes, and a flow whose answer depends on what is not known is `unknown`, never guessed.
 */

export type { Answer };

/** What the policies of a flow say, and why: egress at the source, ingress at the destination. */
export interface Trace {
  readonly answer: Answer;
  readonly egress: SideTrace;
  readonly ingress: SideTrace;
}

export interface SideTrace {
  readonly direction: Direction;
  readonly answer: Answer;
  /** All of them must allow. */
  readonly layers: readonly LayerTrace[];
}

export interface LayerTrace {
  readonly layer: Layer;
  readonly answer: Answer;
  /** As far as it came: a stage that surely decides is the last. */
  readonly stages: readonly StageTrace[];
  /** Whether it may be that no stage decides, so that the layer's own answer holds. */
  readonly byDefault: boolean;
}

export interface StageTrace {
  readonly stage: Stage;
  /** Those that select the endpoint, or may. */
  readonly policies: readonly Selected[];
  /** Those that match, or may, in the order in which they are asked: one that surely matches is the last. */
  readonly rules: readonly RuleTrace[];
  /** Where no rule surely matched: the policies that close the direction, or may. */
  readonly closing: readonly Selected[];
}

export interface Selected {
  readonly policy: Policy;
  readonly selected: Tri;
}

export interface RuleTrace {
  readonly policy: Policy;
  readonly rule: Rule;
  readonly matched: Matched;
}

/** Whether the policies let the flow pass: egress at the source and ingress at the destination, in every layer. */
export const evaluate = (set: PolicySet, flow: Flow, profile: Profile): Answer => trace(set, flow, profile).answer;

export function trace(set: PolicySet, flow: Flow, profile: Profile): Trace {
  const egress = traceSide(set, 'egress', flow, profile);
  const ingress = traceSide(set, 'ingress', flow, profile);
  return { answer: allAllow([egress.answer, ingress.answer]), egress, ingress };
}

/** Every one of them must allow. */
export function allAllow(answers: readonly Answer[]): Answer {
  const first = WORST_FIRST.find(answer => answers.includes(answer));
  return first ?? 'allowed';
}

const WORST_FIRST: readonly Answer[] = ['denied', 'unknown', 'partial'];

export function traceSide({ pipeline, policies }: PolicySet, direction: Direction, flow: Flow, profile: Profile): SideTrace {
  const own = direction === 'ingress' ? flow.destination : flow.source;
  const mine = policies
    .filter(policy => policy.direction === direction && policy.mode === 'enforce')
    .map(policy => ({ policy, selected: selects(policy, own, profile) }))
    .filter(({ selected }) => selected !== NO);
  const layers = pipeline.map(layer => traceLayer(layer, mine, flow, profile));
  return { direction, answer: allAllow(layers.map(({ answer }) => answer)), layers };
}

/** What a hook decides depends on more than the flow. */
function selects({ subject, hook }: Policy, own: Endpoint, profile: Profile): Tri {
  const selected = matchesEndpoint(subject, own, profile);
  return hook === undefined ? selected : both(selected, MAYBE);
}

/* eslint-disable no-bitwise -- a stage's possible outcomes are a small set, and small sets are bits */
function traceLayer(layer: Layer, policies: readonly Selected[], flow: Flow, profile: Profile): LayerTrace {
  const stages: StageTrace[] = [];
  let possible = 0;
  for (const stage of layer.stages) {
    const { outcome, ...traced } = traceStage(stage, policies.filter(({ policy }) => policy.stage === stage.id), flow, profile);
    stages.push(traced);
    possible |= outcome & (ALLOW | DENY | FACTS);
    if (!(outcome & NEXT)) { return { layer, answer: answerOf(possible), stages, byDefault: false }; }
  }
  return { layer, answer: answerOf(possible | (layer.otherwise === 'allow' ? ALLOW : DENY)), stages, byDefault: true };
}

function traceStage(stage: Stage, policies: readonly Selected[], flow: Flow, profile: Profile): StageTrace & { readonly outcome: number } {
  const rules: RuleTrace[] = [];
  let possible = 0;
  for (const { policy, selected, rule } of inOrder(stage, policies)) {
    const ends = both(selected, matchesEnds(rule.match, flow, profile));
    const matched = ends === NO ? NO : both<Matched>(ends, matchesTraffic(rule.match.traffic, flow));
    if (matched === NO) { continue; }
    rules.push({ policy, rule, matched });
    possible |= outcomeOf(rule.action) | (matched === MAYBE ? FACTS : 0);
    if (matched === YES) { return { stage, policies, rules, closing: [], outcome: possible }; }
  }
  const closing = policies.filter(({ policy }) => policy.isolates);
  if (closing.some(({ selected }) => selected === YES)) { return { stage, policies, rules, closing, outcome: possible | DENY }; }
  return { stage, policies, rules, closing, outcome: possible | NEXT | (closing.length > 0 ? DENY | FACTS : 0) };
}

interface Ordered extends Selected {
  readonly rule: Rule;
}

function inOrder({ combine }: Stage, policies: readonly Selected[]): Ordered[] {
  const rules = [...policies]
    .sort((a, b) => compareOrder(a.policy.order, b.policy.order))
    .flatMap(selected => selected.policy.rules.map(rule => ({ ...selected, rule })))
    .filter(({ rule }) => rule.action !== 'log');
  return combine === 'first-match' ? rules : [...rules.filter(({ rule }) => rule.action === 'deny'), ...rules.filter(({ rule }) => rule.action !== 'deny')];
}

/** Element by element; a list that ends sooner is first. */
export function compareOrder(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] === b[i]) { continue; }
    if (a[i] === undefined) { return -1; }
    if (b[i] === undefined) { return 1; }
    return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}
