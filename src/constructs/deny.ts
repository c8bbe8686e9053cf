import { ClusterPolicy, LAST_PRIORITY, PolicyTier } from './cluster-policy';
import { onlyName } from './policy-kind';
import { PolicyRule, RuleAction } from './policy-rule';
import { PolicyStatement, StatedRule } from './policy-statement';
import { Precedence } from './precedence';
import { Statements } from './statements';
import { targetOf } from './target';
import type { Workload } from './workload';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { halfOf } from '../dialects/cluster-network-policy';
import { Direction } from '../model/policy-set';

/** One end of what may not connect. */
export interface Denied extends Pick<StatedRule, 'peer' | 'port' | 'justifications'> {
  readonly direction: Direction;
  readonly precedence: Precedence;
  /** What was stated at the other end, of which this is the second half. */
  readonly mirrors?: WrittenDeny;
}

/** What was denied, with the policy that says it. */
export interface WrittenDeny extends Denied {
  readonly statement: PolicyStatement;
}

/** Says it in the policy of the workload, where a deny there wins; else in one of a tier of the cluster. */
export function stateDeny(workload: Workload, denied: Denied): WrittenDeny {
  const statements = Statements.of(workload._chart);
  const written = { ...denied, statement: writeDeny(workload, denied, statements) };
  statements.noteDenied(workload, written);
  return written;
}

function writeDeny(workload: Workload, { direction, precedence, mirrors: _, ...end }: Denied, statements: Statements): PolicyStatement {
  const facts = statements.factsFor(workload._object ?? workload._chart);
  const tier = tierFor(precedence, facts);
  if (tier === undefined) { return statements.deny(workload, direction, { action: 'deny', ...end }); }
  const policy = statements.tierDenies.policyOf(workload, tier, () => makePolicy(tier, workload, statements, facts));
  const peer = end.peer._seenFrom(workload.namespace);
  const rule: PolicyRule = { peers: [peer], ports: [end.port], action: RuleAction.DENY, ...end.justifications?.[0] };
  if (direction === 'ingress') { policy.addIngressRule(rule); } else { policy.addEgressRule(rule); }
  return policy._statement;
}

/** Undefined where policies of namespaces say it themselves, or refuse it. */
function tierFor(precedence: Precedence, facts: ResolvedFacts): PolicyTier | undefined {
  if (precedence === Precedence.AFTER) { return PolicyTier.BASELINE; }
  return facts.dialect === Dialect.KUBERNETES && targetOf(facts).clusterNetworkPolicy ? PolicyTier.PLATFORM : undefined;
}

function makePolicy(tier: PolicyTier, workload: Workload, statements: Statements, facts: ResolvedFacts): ClusterPolicy {
  const suffix = tier === PolicyTier.BASELINE ? 'deny-after' : 'deny';
  // A namespace's own "-" are doubled, so that team-a/b and team/a-b have different names.
  const name = `${workload.namespace.replace(/-/g, '--')}-${statements.freeName(workload)}-${suffix}`;
  const only = onlyName({ stage: tier === PolicyTier.BASELINE ? 'baseline' : 'admin' }, facts);
  const policy = new ClusterPolicy(statements.generatedFor(workload), `netpol:${name}`, {
    name: only ?? name, tier, priority: nextPriority(tier, workload, statements, facts), subject: workload, ...(workload._dns ? {} : { dns: false }),
  });
  // What is wrong with it is said of the workload: nobody has written this policy.
  policy._statement.saidBy(workload._object?.node.path ?? `${workload._chart.node.path}/${workload.name}`);
  if (workload._dns) { policy._guardSubject(); }
  return policy;
}

/**
 * From the last upwards: what is stated for the tier itself comes first. Where a priority is all that orders policies, no two may share one.
 * @throws when there is none left
 */
function nextPriority(tier: PolicyTier, workload: Workload, statements: Statements, facts: ResolvedFacts): number {
  if (facts.dialect === Dialect.CALICO) { return LAST_PRIORITY; }
  const room = halfOf(targetOf(facts));
  const used = statements.tierDenies.next(tier, room);
  if (used === undefined) { throw new Error(`${workload}: a deny of connections needs a policy of tier ${tier} for each workload, and ${facts.cni.name} has room for ${room}; deny with one ClusterPolicy for several workloads`); }
  return room - 1 - used;
}
