import { Effect, ExplanationStep, SideExplanation } from './explanation';
import { exprText } from './expr-text';
import { inertSteps } from './inert-steps';
import { matchingParts } from './matching-parts';
import { mismatch, NamedFlow, nearRules } from './near-rules';
import { partOf, placeOf, policyText } from './policy-text';
import { boxesText } from './traffic-text';
import { LayerTrace, RuleTrace, Selected, SideTrace, StageTrace } from '../../model/evaluate';
import { MAYBE, Profile, SOME } from '../../model/match';
import { peerOf, Policy, PolicySet, Rule } from '../../model/policy-set';
import { isImplicit } from '../world/implicit-policy';

type Step = ExplanationStep;

/** Of policies without a rule that matches that many are told, the nearest. */
const MOST_SILENT = 20;

/** What each policy says of one side, in the order in which they are asked. */
export function sideExplanation(set: PolicySet, { direction, answer, layers }: SideTrace, flow: NamedFlow, profile: Profile): SideExplanation {
  const subject = direction === 'egress' ? flow.source : flow.destination;
  const inert = inertSteps(set, direction, flow, profile);
  let more = 0;
  const steps = layers.flatMap(layer => [
    ...layer.stages.flatMap(stage => {
      const silent = silentPolicies(stage, flow, profile);
      const told = nearestOf(silent, flow, profile);
      more += silent.length - told.length;
      return stageSteps(layer, stage, told, flow, profile);
    }),
    ...inert.filter(step => step.layer === layer.layer.name),
    ...(layer.byDefault ? [byDefault(layer)] : []),
  ]);
  return { direction, subject, answer, steps, ...(more === 0 ? {} : { more }) };
}

interface Silent extends Selected {
  readonly effect: 'closes' | 'nothing';
}

/** Policies that close the direction, and those that say nothing about the flow. */
function silentPolicies({ policies, rules, closing }: StageTrace, flow: NamedFlow, profile: Profile): Silent[] {
  const said = new Set([...rules, ...closing].map(({ policy }) => policy));
  return [
    ...closing.map((each): Silent => ({ ...each, effect: 'closes' })),
    ...policies.filter(({ policy }) => !said.has(policy) && !isImplicit(policy) && isSilent(policy, flow, profile)).map((each): Silent => ({ ...each, effect: 'nothing' })),
  ];
}

/** What comes after the rule that decides was not asked, and might have said something. */
const isSilent = (policy: Policy, flow: NamedFlow, profile: Profile): boolean =>
  policy.rules.every(rule => rule.action === 'log' || mismatch(policy.direction, rule, flow, profile).length > 0);

/** In their order. */
function nearestOf(silent: readonly Silent[], flow: NamedFlow, profile: Profile): readonly Silent[] {
  if (silent.length <= MOST_SILENT) { return silent; }
  const reasons = (policy: Policy, rule: Rule): number => mismatch(policy.direction, rule, flow, profile).length || Infinity;
  const distance = ({ policy }: Silent): number => policy.rules.reduce((least, rule) => Math.min(least, reasons(policy, rule)), Infinity);
  const ranked = silent.map(each => ({ each, distance: distance(each) })).sort((a, b) => (a.distance === b.distance ? 0 : a.distance - b.distance));
  const told = new Set(ranked.slice(0, MOST_SILENT).map(({ each }) => each));
  return silent.filter(each => told.has(each));
}

function stageSteps({ layer }: LayerTrace, { stage, rules }: StageTrace, silent: readonly Silent[], flow: NamedFlow, profile: Profile): Step[] {
  const place = { layer: layer.name, stage: stage.id };
  const said = new Set(rules.map(({ policy }) => policy));
  return [
    ...rules.map(rule => ({ ...place, ...ruleStep(rule, flow, profile) })),
    ...silent.map(each => ({
      ...place,
      ...selectedStep(each.effect, each, flow, profile),
      ...(each.effect === 'closes' ? { because: said.has(each.policy) ? 'no rule of it surely matches' : 'no rule of it matches' } : {}),
    })),
  ];
}

const EFFECTS: Readonly<Record<string, Effect>> = { allow: 'allows', deny: 'denies', pass: 'passes on' };

function ruleStep({ policy, rule, matched }: RuleTrace, flow: NamedFlow, profile: Profile): Omit<Step, 'layer'> {
  const part = rule.origin && partOf(rule.origin);
  const parts = part === undefined ? [] : matchingParts(policy, rule, part, flow, profile);
  const at = placeOf(rule.origin ?? policy.origin, parts[0]);
  return {
    policy: policyText(policy),
    ...(part === undefined ? {} : { rule: part }),
    ...(parts.length === 0 ? {} : { parts }),
    about: `${policy.direction === 'ingress' ? 'from' : 'to'} ${exprText(peerOf(policy.direction, rule.match))}, ${boxesText(rule.match.traffic)}`,
    effect: EFFECTS[rule.action] ?? 'decided elsewhere',
    certainty: matched === SOME ? 'some' : matched === MAYBE ? 'maybe' : 'yes',
    ...(at === undefined ? {} : { at }),
    ...reasons(rule.justifications ?? policy.justifications),
  };
}

function selectedStep(effect: Effect, { policy, selected }: Selected, flow: NamedFlow, profile: Profile): Omit<Step, 'layer'> {
  const { near, more } = nearRules(policy, flow, profile);
  const at = placeOf(policy.origin, '');
  return {
    policy: policyText(policy),
    effect,
    certainty: selected === MAYBE ? 'maybe' : 'yes',
    ...(at === undefined ? {} : { at }),
    ...(effect === 'closes' ? reasons(policy.justifications) : {}),
    ...(near.length === 0 ? {} : { near }),
    ...(more === 0 ? {} : { more }),
  };
}

const reasons = (justifications: Policy['justifications']): Pick<Step, 'justifications'> => (justifications ? { justifications } : {});

const byDefault = ({ layer: { name, otherwise } }: LayerTrace): Step =>
  ({ layer: name, effect: 'default', certainty: 'yes', because: otherwise === 'allow' ? 'no policy decides, and then everything passes' : 'no policy decides, and then nothing passes' });
