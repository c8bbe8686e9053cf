import { Action } from './policy-set';

/** What a stage, and then a layer, may come to. */

/**
 * `partial`: the rules look into requests, and the flow does not say which one it is: nothing else is missing.
 * `unknown`: facts are missing, or what a stated request leaves open.
 */
export type Answer = 'allowed' | 'denied' | 'partial' | 'unknown';

/* eslint-disable no-bitwise -- possible outcomes are a small set, and small sets are bits */
export const ALLOW = 1;
export const DENY = 2;
export const NEXT = 4;
/** That there are several possible outcomes is for want of facts, not of a request. */
export const FACTS = 8;

/** Of a rule that matches. */
export function outcomeOf(action: Action): number {
  switch (action) {
    case 'allow': return ALLOW;
    case 'deny': return DENY;
    case 'pass': return NEXT;
    default: return ALLOW | DENY | FACTS;
  }
}

export function answerOf(possible: number): Answer {
  switch (possible & (ALLOW | DENY)) {
    case ALLOW: return 'allowed';
    case DENY: return 'denied';
    default: return possible & FACTS ? 'unknown' : 'partial';
  }
}
