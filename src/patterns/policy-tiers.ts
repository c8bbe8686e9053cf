import { Construct } from 'constructs';
import { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { NeededPolicy, NeededRule, needsOf } from '../constructs/baseline-needs';
import { ClusterPolicy, PolicyTier } from '../constructs/cluster-policy';
import { Justification, justificationIn } from '../constructs/justification';
import { pathOf } from '../constructs/network-policy';
import { IPeer } from '../constructs/peer';
import { onlyName } from '../constructs/policy-kind';
import { PolicyMode } from '../constructs/policy-props';
import { denies, PolicyRule } from '../constructs/policy-rule';
import { Statements } from '../constructs/statements';
import { targetOf } from '../constructs/target';
import { dnsLabelProblem } from '../model/labels';

/** Rules of one tier, about the same pods. The first rule that matches decides. */
export interface TierRuleSet extends Justification {
  /** The name of the set, at most 63 characters; no two sets of a tier have the same. */
  readonly name: string;
  /**
   * The pods that the rules are about.
   * @default - every pod of the cluster
   */
  readonly subject?: IPeer;
  /**
   * Who may (or may not) connect to the pods, or is left to the next tier, in this order.
   * @default - nothing is said
   */
  readonly ingress?: PolicyRule[];
  /**
   * Where the pods may (or may not) connect to, or what is left to the next tier, in this order.
   * @default - nothing is said
   */
  readonly egress?: PolicyRule[];
  /**
   * Its place among all policies of the tier, also those of other apps: 0 to 499, lower first. Higher than that of the set before it.
   * @default - 1 more than the set before it, 10 for the first
   */
  readonly priority?: number;
}

/** Properties of `PolicyTiers`. */
export interface PolicyTiersProps {
  /**
   * What nobody overrides.
   * @default - nothing
   */
  readonly security?: TierRuleSet[];
  /**
   * What the platform says, where security says nothing. Namespaces cannot override it.
   * @default - nothing
   */
  readonly platform?: TierRuleSet[];
  /**
   * What holds for pods and directions that no policy of a namespace isolates.
   * @default - nothing
   */
  readonly baseline?: TierRuleSet[];
  /**
   * Whether DNS goes with what the baseline denies: first of the baseline, every pod may ask the cluster's DNS, and the pods that serve it may be
   * asked. In a mesh so does what proxies need. `false` also says that the denies of every tier may be of DNS.
   * @default true
   */
  readonly dns?: boolean;
  /**
   * Whether the policies decide, or only show what they would decide.
   * @default PolicyMode.ENFORCE
   */
  readonly mode?: PolicyMode;
}

const FIRST = 10;
const STEP = 1;
const LAST = 499;

/**
 * What a cluster says before and after its namespaces: security, then the platform, then the applications (everything that is stated for
 * namespaces), then the baseline. Inside a tier the sets are asked in the order in which they are stated, and so are the rules of a set.
 * The first that decides is final; what none decides goes on to the next tier, and at the end is allowed.
 *
 * It is written as Calico tiers, as ClusterNetworkPolicies where the CNI enforces them, and on other Cilium clusters as clusterwide denies.
 *
 * @see https://docs.tigera.io/calico/latest/network-policy/policy-tiers/tiered-policy
 * @see https://network-policy-api.sigs.k8s.io/
 */
export class PolicyTiers extends Construct {
  /**
   * @throws when two sets of a tier have one name, or a priority is not higher than that of the set before it
   */
  public constructor(scope: Construct, id: string, props: PolicyTiersProps) {
    super(scope, id);
    const { security = [], platform = [], baseline = [] } = props;
    if (security.length + platform.length + baseline.length === 0) {
      throw new Error(`${pathOf(scope, id)}: PolicyTiers without rule sets say nothing; state security, platform or baseline`);
    }
    this.tier(PolicyTier.SECURITY, security, props);
    this.tier(PolicyTier.PLATFORM, platform, props);
    this.tier(PolicyTier.BASELINE, baseline, props, props.dns === false ? [] : this.needs(baseline, props.mode));
  }

  /**
   * Writes what the baseline must leave open.
   * @returns what every pod needs at egress, where there can be no other policy of the baseline than the stated one
   */
  private needs(baseline: readonly TierRuleSet[], mode: PolicyMode | undefined): readonly NeededRule[] {
    const closes = { ingress: baseline.some(({ ingress }) => denies(ingress)), egress: baseline.some(({ egress }) => denies(egress)) };
    if (!closes.ingress && !closes.egress) { return []; }
    const facts = Statements.of(this).factsFor(this);
    if (!hasBaseline(facts)) { return []; } // Refused where its sets are written.
    if (onlyName({ stage: 'baseline' }, facts) !== undefined) {
      // The DNS pods are those of another policy: what closes them fails the synth.
      if (closes.ingress && facts.mesh._facts) {
        throw new Error(`${this.node.path}: there is one policy of the baseline with the API of this CNI, which cannot both deny ingress and open the control plane of the mesh; leave ingress out of the baseline, or state dns: false and leave the namespaces of DNS and the mesh out of its subject`);
      }
      return needsOf({ ingress: false, egress: closes.egress }, facts).flatMap(({ rules }) => rules);
    }
    this.before(baseline[0], needsOf(closes, facts), mode);
    return [];
  }

  private before({ name, priority: first = FIRST, ...why }: TierRuleSet, needed: readonly NeededPolicy[], mode: PolicyMode | undefined): void {
    if (first < needed.length) {
      throw new Error(`${this.node.path}: rule set ${JSON.stringify(name)} of tier ${PolicyTier.BASELINE} has priority ${first}, and DNS comes before it as policies (${needed.length}) of the baseline; state priority ${needed.length} or a higher one, or dns: false`);
    }
    for (const [i, { id, subject, rules }] of needed.entries()) {
      const priority = first - needed.length + i;
      const policy = new ClusterPolicy(this, id, { ...justificationIn(why), tier: PolicyTier.BASELINE, priority, subject, mode });
      for (const { direction, peer, port } of rules) { policy._allowPlain(direction, peer, port); }
    }
  }

  private tier(tier: PolicyTier, sets: readonly TierRuleSet[], { mode, dns }: PolicyTiersProps, needed: readonly NeededRule[] = []): void {
    let next = FIRST;
    for (const [i, { name, priority = next, subject, ingress = [], egress = [], ...why }] of sets.entries()) {
      const where = `${this.node.path}: rule set ${JSON.stringify(name)} of tier ${tier}`;
      const problem = dnsLabelProblem('rule set', name);
      if (problem) { throw new Error(`${this.node.path}: ${problem}`); }
      if (sets.findIndex(other => other.name === name) !== i) { throw new Error(`${where} is stated twice; give one another name`); }
      // The first may come before where sets begin; after it the order of statement is the order of priorities.
      if (i > 0 && priority <= next - STEP) {
        throw new Error(`${where} has priority ${priority}, which is not after that of the set before it (${next - STEP}); state the sets in the order in which they are asked`);
      }
      if (priority > LAST) { throw new Error(`${where} would have priority ${priority}, and the last one is ${LAST}; state priorities that are nearer to each other, or fewer sets`); }
      const policy = new ClusterPolicy(this, `${tier}-${name}`, { ...justificationIn(why), subject, tier, priority, mode, ...(dns === false ? { dns } : {}) });
      for (const rule of needed) { policy._allowPlain(rule.direction, rule.peer, rule.port); }
      for (const rule of ingress) { policy.addIngressRule(rule); }
      for (const rule of egress) { policy.addEgressRule(rule); }
      next = priority + STEP;
    }
  }
}

/** Elsewhere a baseline has no form. */
const hasBaseline = (facts: ResolvedFacts): boolean => facts.dialect === Dialect.CALICO || targetOf(facts).clusterNetworkPolicy !== undefined;
