import { Construct } from 'constructs';
import { areOnlyPods } from './only-pods';
import { Permit, Permits } from './permit';
import { wallDenies } from './wall-denies';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { needsOf } from '../constructs/baseline-needs';
import { ClusterPolicy, PolicyTier } from '../constructs/cluster-policy';
import { Justification } from '../constructs/justification';
import { Namespaces } from '../constructs/namespaces';
import { Peer } from '../constructs/peer';
import { PolicyMode } from '../constructs/policy-props';
import { RuleAction } from '../constructs/policy-rule';
import { Port } from '../constructs/port';
import { Statements } from '../constructs/statements';
import { targetOf } from '../constructs/target';
import { DIRECTIONS } from '../model/policy-set';

/** Pods that nothing reaches and that reach nothing, save what is permitted; namespaces decide about that only. */
export interface WallProps {
  readonly subject: Peer;
  readonly permits: Permits;
  readonly tier: PolicyTier;
  /** Not used where denies have no order. */
  readonly priority: number;
  readonly mode?: PolicyMode;
  readonly why?: Justification;
}

/** Whether policies of namespaces can be kept from overriding anything. */
export const hasWalls = (facts: ResolvedFacts): boolean =>
  facts.dialect !== Dialect.KUBERNETES || targetOf(facts).clusterNetworkPolicy !== undefined;

/** What every pod needs, as permits: DNS, and what proxies of a mesh cannot do without. */
export function needed(facts: ResolvedFacts): Permits {
  const rules = needsOf({ ingress: true, egress: true }, facts).filter(({ subject }) => !subject).flatMap(policy => policy.rules);
  return { ingress: rules.filter(({ direction }) => direction === 'ingress'), egress: rules.filter(({ direction }) => direction === 'egress') };
}

/**
 * Writes a wall. It opens nothing: what is permitted, the policies of namespaces decide.
 * @param path names the construct in an error
 */
export function buildWall(scope: Construct, id: string, { subject, permits, tier, priority, mode, why }: WallProps, path: string): ClusterPolicy {
  const facts = Statements.of(scope).factsFor(scope);
  if (facts.dialect === Dialect.CILIUM) {
    const wall = new ClusterPolicy(scope, id, { ...why, subject, mode });
    wall._markWall();
    for (const direction of DIRECTIONS) {
      // The labels of workloads are known at synth.
      const open = permits[direction];
      wall._addLate(direction, () => ({ rules: Statements.of(scope).once(open, () => wallDenies(direction, open, facts, path)) }));
    }
    return wall;
  }
  // Rules of ClusterNetworkPolicy for ingress know pods only.
  const podsOnly = facts.dialect !== Dialect.CALICO;
  const policy = new ClusterPolicy(scope, id, {
    ...why,
    subject,
    tier,
    priority,
    mode,
    ingress: [
      ...permits.ingress.filter(({ peer }) => !podsOnly || areOnlyPods(peer.toPeer(), facts)).map(pass),
      denyAll(podsOnly ? Peer.namespaces(Namespaces.all()) : Peer.any()),
    ],
    egress: [...permits.egress.map(pass), denyAll(Peer.any())],
  });
  policy._markWall();
  if (podsOnly) {
    const wider = [`${path}: ingress from outside the cluster and from nodes is left to the policies of namespaces, since rules of ClusterNetworkPolicy for ingress know pods only`];
    policy._addLate('ingress', () => ({ rules: [], wider }));
  }
  return policy;
}

const pass = ({ peer, port, why }: Permit) => ({ ...why, action: RuleAction.PASS, peers: [peer], ports: [port] });
const denyAll = (peer: Peer) => ({ action: RuleAction.DENY, peers: [peer], ports: [Port.all()] });
