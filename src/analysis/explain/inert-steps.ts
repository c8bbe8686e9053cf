import { ExplanationStep } from './explanation';
import { mismatch, NamedFlow } from './near-rules';
import { partOf, placeOf, policyText } from './policy-text';
import { matchesEndpoint, NO, Profile } from '../../model/match';
import { Direction, Policy, PolicySet } from '../../model/policy-set';

/** Staged and ignored policies of this endpoint: what they would say. */
export function inertSteps({ pipeline, policies }: PolicySet, direction: Direction, flow: NamedFlow, profile: Profile): ExplanationStep[] {
  const own = direction === 'egress' ? flow.flow.source : flow.flow.destination;
  return policies
    .filter(policy => policy.direction === direction && policy.mode !== 'enforce' && matchesEndpoint(policy.subject, own, profile) !== NO)
    .map((policy): ExplanationStep => {
      const layer = pipeline.find(({ stages }) => stages.some(({ id }) => id === policy.stage))?.name ?? 'network';
      const at = placeOf(policy.origin, '');
      return {
        layer,
        stage: policy.stage,
        policy: policyText(policy),
        effect: 'inert',
        certainty: 'yes',
        because: policy.mode === 'void' ? `it is ignored: ${policy.voidBecause ?? 'the CNI does not enforce it'}` : `it is staged, and decides nothing; ${wouldText(policy, flow, profile)}`,
        ...(at === undefined ? {} : { at }),
      };
    });
}

function wouldText(policy: Policy, flow: NamedFlow, profile: Profile): string {
  const rule = policy.rules.find(each => each.action !== 'log' && mismatch(policy.direction, each, flow, profile).length === 0);
  if (rule) { return `enforced, its ${(rule.origin && partOf(rule.origin)) ?? 'rule'} would match (${rule.action})`; }
  return policy.isolates ? 'enforced, it would close this direction, and no rule of it matches' : 'enforced, no rule of it would match';
}
