import { ApiObject, Chart } from 'cdk8s';
import { withoutChartNamespace } from './cluster-scoped';
import { isLive } from './liveness';
import type { Statements } from './statements';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { orderAnnotations } from '../cluster/git-ops';
import { tierDocument } from '../dialects/calico';

const ID = 'netpol:deny-tier';

/**
 * The tier that a pure deny needs: its default action is Pass, so it denies nothing else. Emitted once for
 * the app, in the chart of the first policy that needs it; not at all when a fact says that it exists.
 */
export function addDenyTier(statements: Statements, facts: ResolvedFacts, user: ApiObject): ApiObject | undefined {
  if (facts.calicoDenyTierExists) { return undefined; }
  const existing = statements.denyTier;
  if (existing && isLive(existing)) { return existing; }
  const { apiVersion, kind, metadata, spec } = tierDocument(statements.target(facts));
  const annotations = orderAnnotations(facts.gitOps, 'tier');
  const tier = new ApiObject(Chart.of(user), ID, { apiVersion, kind, metadata: { name: metadata.name, annotations }, spec } as never);
  withoutChartNamespace(tier);
  statements.ownOther(tier);
  statements.denyTier = tier;
  return tier;
}

/** Policies in a tier that nobody makes are refused by the API server, or sorted last. */
export function missingDenyTier(statements: Statements, facts: ResolvedFacts): string[] {
  if (facts.dialect !== Dialect.CALICO || facts.calicoDenyTierExists || (statements.denyTier && isLive(statements.denyTier))) { return []; }
  const user = statements.policies.find(({ hasDeny }) => hasDeny);
  return user ? [`${user} denies in the Calico tier ${facts.calicoDenyTier}, but what held the Tier was taken out of the app; state the policy that denies first in another chart, or state the tier as existing with the fact calicoDenyTier`] : [];
}
