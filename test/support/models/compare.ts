import { describeFlow } from './worlds';
import { Answer, evaluate } from '../../../src/model/evaluate';
import { Flow, Profile } from '../../../src/model/match';
import { PolicySet } from '../../../src/model/policy-set';

/** A policy set in a place where it is enforced. */
export interface Judged {
  readonly set: PolicySet;
  readonly profile: Profile;
}

/** The first flow on which two policy sets differ, as a sentence; undefined when they mean the same. */
export function difference(one: Judged, other: Judged, flows: readonly Flow[]): string | undefined {
  for (const flow of flows) {
    const [first, second] = [evaluate(one.set, flow, one.profile), evaluate(other.set, flow, other.profile)];
    if (!meansTheSame(first, second)) { return `${describeFlow(flow)}: ${first} became ${second}`; }
  }
  return undefined;
}

/**
 * One rule for two kinds of peers may be written as two, of which one is not known to match: what depends on the request then depends on
 * facts too, as far as the evaluator can tell.
 */
const meansTheSame = (first: Answer, second: Answer): boolean => first === second || (isOpen(first) && isOpen(second));
const isOpen = (answer: Answer): boolean => answer === 'partial' || answer === 'unknown';

/** Whether going from one answer to the other opens what was closed. */
export const opens = (before: Answer, after: Answer): boolean => before === 'denied' && after !== 'denied';
export const closes = (before: Answer, after: Answer): boolean => before === 'allowed' && after !== 'allowed';
