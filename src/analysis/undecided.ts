import { ANY } from '../model/endpoint';
import { Origin, Policy, Rule } from '../model/policy-set';
import { ALL_TRAFFIC } from '../model/traffic';

/** Rules that decide something, or do not: whether anything enforces them is not known. What they match is unknown, where nothing before decides. */

/** @param because what is not known, for explanations */
export const undecided = (rule: Rule, because: string): Rule =>
  (rule.action === 'log' ? rule : { ...rule, action: 'external', effects: { ...rule.effects, [BECAUSE]: because } });

/** For a policy that isolates: whether it closes what nothing allows is not known. */
export const undecidedRest = (origin: Origin, because: string): Rule =>
  undecided({ action: 'external', match: { source: ANY, destination: ANY, traffic: ALL_TRAFFIC }, origin: { ...origin, part: 'everything else' } }, because);

/** What is not known of a rule; undefined for one that somebody else decides. */
export function undecidedBecause({ effects }: Rule): string | undefined {
  const because = effects?.[BECAUSE];
  return typeof because === 'string' ? because : undefined;
}

const BECAUSE = 'undecidedBecause';

/** In a stage in which denials come first: `first` is asked before what other policies allow, and `last` after it. */
export const askedFirst = (policy: Policy, rules: readonly Rule[]): Policy => ({ ...policy, order: [0], isolates: false, rules });
export const askedLast = (policy: Policy, rules: readonly Rule[]): Policy => ({ ...policy, order: [2], isolates: false, rules });
