import type { PolicyStatement } from './policy-statement';
import { targetOf } from './target';
import type { ResolvedFacts } from '../cluster/cluster';
import { noClusterNetworkPolicyBecause } from '../cluster/cluster-network-policy';
import { Dialect } from '../cluster/dialect';
import { dialectModule } from '../dialects';
import { kindFor } from '../dialects/cluster-network-policy';
import { DialectId, ObjectKind, Target } from '../dialects/dialect';
import { refuse } from '../dialects/refusals';
import { ADMIN, BASELINE } from '../model/policy-set';

/**
 * The dialect in which a statement is written: the app's, save for tiers where the CNI has tiers of Kubernetes' own.
 * @throws Refusal where there is none
 */
export function dialectOf(statement: PolicyStatement, facts: ResolvedFacts, target: Target): DialectId {
  const dialect = inTiers(statement, facts, target);
  if (!statement.isEnforced && dialect !== 'calico') { throw refuse(dialect, 'staged', `${statement}`); }
  if (statement.props.stage !== undefined && dialect === 'kubernetes') { throw refuse(dialect, 'tier', `${statement}`, noClusterNetworkPolicyBecause(facts.cni.name, facts.cni.version, facts.cni.options.includes('clusterNetworkPolicy'))); }
  return dialect;
}

/** The kind of its objects, which is fixed when they are made. What cannot be written gets one too; its synth fails. */
export function objectKind(statement: PolicyStatement, facts: ResolvedFacts): ObjectKind {
  const { namespace, stage } = statement.props;
  const plain = dialectModule(facts.dialect).kindOf(namespace === undefined ? 'cluster' : 'namespaced');
  if (facts.dialect === Dialect.CALICO) { return statement.isEnforced ? plain : { ...plain, kind: `Staged${plain.kind}` }; }
  if (stage === undefined) { return plain; }
  const target = targetOf(facts);
  return inTiers(statement, facts, target) === 'cluster-network-policy' ? kindFor(stage === BASELINE ? BASELINE : ADMIN, target)! : plain;
}

/** The only name that the object of a tier's policy may have, where there is one: a BaselineAdminNetworkPolicy is the only one of its cluster. */
export function onlyName(statement: Pick<PolicyStatement['props'], 'stage'>, facts: ResolvedFacts): string | undefined {
  if (statement.stage !== BASELINE || facts.dialect === Dialect.CALICO) { return undefined; }
  return targetOf(facts).clusterNetworkPolicy?.version === 'v1alpha1' ? 'default' : undefined;
}

const inTiers = ({ props: { stage } }: PolicyStatement, { dialect }: ResolvedFacts, target: Target): DialectId =>
  (stage !== undefined && dialect !== Dialect.CALICO && target.clusterNetworkPolicy ? 'cluster-network-policy' : dialect);
