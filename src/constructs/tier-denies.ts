import type { ClusterPolicy, PolicyTier } from './cluster-policy';
import type { Workload } from './workload';

/** What the denies of connections have made in tiers. There is one for each app, so that two copies of the library share policies and priorities. */
export class TierDenies {
  private readonly byWorkload = new Map<Workload, Map<PolicyTier, ClusterPolicy>>();
  private readonly made = new Map<PolicyTier, number>();

  /** One policy for each workload. */
  public policyOf(workload: Workload, tier: PolicyTier, make: () => ClusterPolicy): ClusterPolicy {
    const known = this.byWorkload.get(workload) ?? new Map<PolicyTier, ClusterPolicy>();
    this.byWorkload.set(workload, known);
    const policy = known.get(tier) ?? make();
    known.set(tier, policy);
    return policy;
  }

  /** How many were made before this one; undefined where there is no room for another. */
  public next(tier: PolicyTier, room: number): number | undefined {
    const used = this.made.get(tier) ?? 0;
    if (used >= room) { return undefined; }
    this.made.set(tier, used + 1);
    return used;
  }
}
