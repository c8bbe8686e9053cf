import { ApiObject, Chart } from 'cdk8s';
import { withoutChartNamespace } from './cluster-scoped';
import { isLive } from './liveness';
import type { PolicyStatement } from './policy-statement';
import type { Statements } from './statements';
import { targetOf } from './target';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { orderAnnotations } from '../cluster/git-ops';
import { tierDocument, tierDocumentOf } from '../dialects/calico';
import { Document } from '../dialects/dialect';

/**
 * The tiers that policies need beside the default one. Their default action is Pass, so that they decide nothing but what their rules say. Each is
 * emitted once for the app, in the chart of the first policy that needs it; that for denies not at all when a fact says that it exists.
 */
export class CalicoTiers {
  /** By name. */
  private readonly made = new Map<string, ApiObject>();

  public constructor(private readonly statements: Statements) {}

  public get objects(): readonly ApiObject[] {
    return [...this.made.values()];
  }

  /** Makes the tier of a statement, and has its policies written after it. */
  public require(statement: PolicyStatement, facts: ResolvedFacts): void {
    const document = tierOf(statement, facts);
    const objects = [...statement.objects.values()];
    const tier = document && this.tier(document, facts, objects[0]);
    for (const object of objects) {
      // Between charts a dependency could close a circle with those of the app.
      if (tier && object !== tier && Chart.of(object) === Chart.of(tier)) { object.node.addDependency(tier); }
    }
  }

  /** Policies in a tier that nobody makes are refused by the API server, or sorted last. */
  public problems(facts: ResolvedFacts): string[] {
    if (facts.dialect !== Dialect.CALICO) { return []; }
    const missing = new Map<string, PolicyStatement>();
    for (const statement of this.statements.policies) {
      if (!statement.hasDeny && statement.props.stage === undefined) { continue; }
      const tier = tierOf(statement, facts)?.metadata.name;
      if (tier !== undefined && !missing.has(tier) && !this.live(tier)) { missing.set(tier, statement); }
    }
    return [...missing].map(([tier, user]) => missingProblem(tier, user));
  }

  private tier({ apiVersion, kind, metadata: { name }, spec }: Document, facts: ResolvedFacts, user: ApiObject): ApiObject {
    const existing = this.live(name);
    if (existing) { return existing; }
    const annotations = orderAnnotations(facts.gitOps, 'tier');
    const tier = new ApiObject(Chart.of(user), `netpol:tier-${name}`, { apiVersion, kind, metadata: { name, annotations }, spec } as never);
    withoutChartNamespace(tier);
    this.statements.ownOther(tier);
    this.made.set(name, tier);
    return tier;
  }

  private live(name: string): ApiObject | undefined {
    const tier = this.made.get(name);
    return tier && isLive(tier) ? tier : undefined;
  }
}

/** The tier in which policies of the statement stand, where they need one that the app must emit. */
export function tierOf({ props: { stage }, hasDeny }: PolicyStatement, facts: ResolvedFacts): Document | undefined {
  if (stage !== undefined) { return tierDocumentOf(stage, targetOf(facts)); }
  return hasDeny && !facts.calicoDenyTierExists ? tierDocument(targetOf(facts)) : undefined;
}

function missingProblem(tier: string, user: PolicyStatement): string {
  return user.props.stage === undefined
    ? `${user} denies in the Calico tier ${tier}, but what held the Tier was taken out of the app; state the policy that denies first in another chart, or state the tier as existing with the fact calicoDenyTier`
    : `${user} is in the Calico tier ${tier}, but what held the Tier was taken out of the app; state the first policy of that tier in another chart`;
}
