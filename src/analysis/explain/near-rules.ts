import { NearRule, Reason } from './explanation';
import { mismatchText, NamedEnd } from './peer-mismatch';
import { partOf, placeOf } from './policy-text';
import { trafficMismatch } from './traffic-mismatch';
import { Flow, matchesEndpoint, NO, Profile } from '../../model/match';
import { Direction, Policy, Rule } from '../../model/policy-set';

/** A flow, and what its ends are called. */
export interface NamedFlow {
  readonly flow: Flow;
  readonly source: string;
  readonly destination: string;
}

/** That many are told of a policy. */
const MOST = 5;

/** The rules of a policy that do not match, the nearest first, with what fails. */
export function nearRules(policy: Policy, flow: NamedFlow, profile: Profile): { readonly near: readonly NearRule[]; readonly more: number } {
  const all = policy.rules
    .filter(({ action }) => action !== 'log')
    .map((rule, index) => ({ rule, index, reasons: mismatch(policy.direction, rule, flow, profile) }))
    .filter(({ reasons }) => reasons.length > 0);
  const first = [...all].sort((a, b) => a.reasons.length - b.reasons.length || a.index - b.index).slice(0, MOST);
  const near = first.map(({ rule, index, reasons }): NearRule => {
    const at = rule.origin && placeOf(rule.origin);
    return {
      rule: (rule.origin && partOf(rule.origin)) ?? `rule ${index + 1}`, action: rule.action, ...(at === undefined ? {} : { at }), reasons,
    };
  });
  return { near, more: all.length - near.length };
}

/** Why a rule does not match; nothing where it does, or may. */
export function mismatch(direction: Direction, { match }: Rule, { flow, source, destination }: NamedFlow, profile: Profile): Reason[] {
  const ends: readonly (NamedEnd & { readonly expr: Rule['match']['source']; readonly side: Direction })[] = [
    { expr: match.source, endpoint: flow.source, text: source, side: 'ingress' },
    { expr: match.destination, endpoint: flow.destination, text: destination, side: 'egress' },
  ];
  return [
    ...ends.filter(({ expr, endpoint }) => matchesEndpoint(expr, endpoint, profile) === NO)
      .map((end): Reason => ({ about: end.side === direction ? 'peer' : 'own end', text: mismatchText(end.expr, end, profile) })),
    ...trafficMismatch(match.traffic, flow),
  ];
}
