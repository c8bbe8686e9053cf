import { Construct } from 'constructs';
import { Permits } from './permit';
import { Justification, justified } from '../constructs/justification';
import { NetworkPolicy } from '../constructs/network-policy';
import { PolicyMode } from '../constructs/policy-props';
import { LateRules, StatedRule } from '../constructs/policy-statement';
import { Port } from '../constructs/port';
import { Direction, DIRECTIONS, NORMAL } from '../model/policy-set';

/** One namespace of a tenant, in plain Kubernetes. */
export interface TenantIsolationProps extends Justification {
  readonly namespace: string;
  /** What stays open beside DNS, where nothing else of the app closes the namespace. */
  readonly open: Permits;
  readonly mode?: PolicyMode;
  /** What monitoring may scrape: where it is of this app, its end is opened too. */
  readonly scraped?: Port;
  /** Names the tenant in an error. */
  readonly what: string;
}

/**
 * Closes a namespace save for what is stated. NetworkPolicies add up, and so what this one allows no other can close: where the app itself closes
 * the namespace, it allows nothing. What others close is only known to the cluster, and is recorded as wider than stated.
 */
export class TenantIsolation extends NetworkPolicy {
  public constructor(scope: Construct, id: string, { open, what, scraped, ...options }: TenantIsolationProps) {
    super(scope, id, { ...options, name: 'tenant-isolation', isolate: { ingress: true, egress: true } });
    const { statement, statements } = this._prepared;
    for (const direction of DIRECTIONS) {
      const rules = open[direction].map(({ peer, port, why }): StatedRule => {
        const reason = why && justified(why, () => `${statement}, ${direction} rule`);
        return { action: 'allow', peer: peer.toPeer(), port, ...(reason ? { justifications: [reason] } : {}) };
      });
      statement.hasConditions ||= rules.some(({ port }) => port._hasConditions);
      statement.addLate(direction, () => statements.once(rules, () => this.openedBy(rules, direction, what)));
    }
    if (scraped) { statements.scrape({ statement, port: () => scraped }); }
    statements.touch();
  }

  private openedBy(rules: readonly StatedRule[], direction: Direction, what: string): LateRules {
    const { statement, statements } = this._prepared;
    const { namespace } = statement.props;
    const others = statements.policies.filter(each => each !== statement && each.isEnforced && each.stage === NORMAL
      && each.props.namespace === namespace && each.coversNamespace && !statements.metadataBlocks.some(block => block.statement === each));
    if (others.some(({ isolates }) => isolates[direction])) {
      const opensDns = direction === 'egress' && !others.some(({ allowsDnsForNamespace }) => allowsDnsForNamespace);
      return { rules: [], wider: opensDns ? [`${what}: DNS is open to the pods of namespace ${namespace} whatever closes it, since NetworkPolicies add up`] : [] };
    }
    if (rules.length === 0) { return { rules }; }
    return { rules, wider: [`${what}: the ${direction} that is stated for the pods of namespace ${namespace} stays open whatever other policies close, since NetworkPolicies add up`] };
  }
}
