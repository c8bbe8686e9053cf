import { samePriority } from '../dialects/cluster-network-policy';
import { describeOrigin } from '../dialects/dialect';
import { Policy } from '../model/policy-set';

/**
 * Where tiers are those of Kubernetes, a priority is all that orders policies. Returns what is wrong, as sentences.
 * @param upper the policies of all tiers, with the priorities that are written
 */
export function checkPriorities(upper: readonly Policy[]): string[] {
  return samePriority(upper).map(policies => {
    const [one, other] = [...new Map(policies.map(policy => [policy.origin.name, policy])).values()];
    return `${describeOrigin(one)} and ${describeOrigin(other)} have one tier and one priority, so that which of them comes first is not defined; give them different priorities`;
  });
}
