import { EndpointExpr } from '../../model/endpoint';
import { NORMAL, Policy } from '../../model/policy-set';
import { describeOrigin, Lowered, Target } from '../dialect';
import { narrowToOutside } from '../outside';
import { refuse } from '../refusals';
import { nameInTier } from './names';
import { DEFAULT_TIER, NORMAL_ORDER, policyOrder, tierOfStage } from './tiers';

/**
 * Statements where a deny wins over every allow, as policies in tiers where the first match wins: the deny rules of a policy
 * go to an earlier tier that passes on what they do not match, so they neither isolate nor come after any allow. What is stated
 * for the whole cluster, before or after these, has a tier for each stage.
 */
export function lowerCalico(policies: readonly Policy[], target: Target): Lowered {
  const narrowed = narrowToOutside('calico', policies, target);
  return {
    policies: narrowed.policies.flatMap(policy => {
      refuseNames(policy);
      if (policy.stage === NORMAL) { return split(policy, target); }
      const tier = tierOfStage(policy.stage);
      return tier ? [inStage(policy, tier.name)] : [policy];
    }),
    wider: narrowed.wider,
  };
}

function split(policy: Policy, target: Target): Policy[] {
  policy.rules.forEach((rule, i) => {
    if (rule.action === 'pass') { throw refuse('calico', 'pass', describeOrigin(policy, i)); }
  });
  const denies = policy.rules.some(({ action }) => action === 'deny');
  if (!policy.isolates && policy.rules.some(({ action }) => action !== 'deny' && action !== 'log')) {
    throw refuse('calico', 'allow-without-isolation', describeOrigin(policy));
  }
  // A log rule sees what comes before any decision, so it goes with whichever part is asked first.
  const early = policy.rules.filter(({ action }) => action === 'deny' || (action === 'log' && (denies || !policy.isolates)));
  const late = policy.rules.filter(rule => !early.includes(rule));
  return [
    ...(early.length > 0 ? [placed({ ...policy, isolates: false, rules: early }, target.denyTier, NORMAL_ORDER)] : []),
    ...(policy.isolates ? [placed({ ...policy, rules: late }, DEFAULT_TIER, NORMAL_ORDER)] : []),
  ];
}

/** Its order is the priority; nothing is closed there but by a rule. */
function inStage(policy: Policy, tier: string): Policy {
  if (policy.isolates) { throw refuse('calico', 'isolation-only', describeOrigin(policy), `tier ${tier}`); }
  const [priority] = policy.order;
  if (typeof priority !== 'number') { throw refuse('calico', 'stage', describeOrigin(policy), `stage ${policy.stage} without a priority`); }
  return placed(policy, tier, priority);
}

function placed(policy: Policy, tier: string, order: number): Policy {
  const origin = { ...policy.origin, name: nameInTier(tier, policy.origin.name) };
  const kind = `${policy.mode === 'staged' ? 'Staged' : ''}${origin.namespace === undefined ? 'Global' : ''}NetworkPolicy`;
  return { ...policy, stage: tier, order: policyOrder(order, origin.name, origin.namespace, kind), origin };
}

/** Whatever facts could turn into addresses or labels has been turned by now. */
function refuseNames(policy: Policy): void {
  policy.rules.forEach(({ match }, i) => {
    for (const end of [match.source, match.destination]) {
      const named = findName(end);
      if (named) { throw refuse('calico', named.feature, describeOrigin(policy, i), named.name); }
    }
  });
}

function findName(expr: EndpointExpr): { feature: 'fqdn' | 'entity'; name: string } | undefined {
  if ('fqdn' in expr) { return { feature: 'fqdn', name: expr.fqdn }; }
  if ('entity' in expr) { return { feature: 'entity', name: expr.entity }; }
  if ('not' in expr) { return findName(expr.not); }
  const parts = 'allOf' in expr ? expr.allOf : 'anyOf' in expr ? expr.anyOf : [];
  for (const part of parts) {
    const found = findName(part);
    if (found) { return found; }
  }
  return undefined;
}
