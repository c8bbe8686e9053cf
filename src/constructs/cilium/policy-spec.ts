import { CiliumEgressDenyRule, CiliumEgressRule, CiliumIngressDenyRule, CiliumIngressRule } from './rules';
import { CiliumSelector } from './selector';

/** Whether being selected closes a direction for all that no policy allows. */
export interface CiliumDefaultDeny {
  /**
   * Whether ingress is closed. `true` needs a rule in that direction, without which Cilium ignores it.
   * @default - true where there is a rule that allows or denies
   */
  readonly ingress?: boolean;
  /**
   * Whether egress is closed. `true` needs a rule in that direction, without which Cilium ignores it.
   * @default - true where there is a rule that allows or denies
   */
  readonly egress?: boolean;
}

/** A label of a rule, by which Cilium's own tools find it; not a label of the object. */
export interface CiliumRuleLabel {
  /** The key. */
  readonly key: string;
  /**
   * The value.
   * @default - none
   */
  readonly value?: string;
  /**
   * Where the label comes from.
   * @default - none
   */
  readonly source?: string;
}

/** What a policy says of the endpoints that it selects. At least one list of rules, each with at least one rule. */
export interface CiliumRules {
  /**
   * What may connect to the endpoints. A rule closes ingress for all else, unless `enableDefaultDeny` says otherwise.
   * @default - nothing is said
   */
  readonly ingress?: CiliumIngressRule[];
  /**
   * What may not connect to them, whatever any policy allows. It closes ingress for all else too, unless `enableDefaultDeny` says otherwise.
   * @default - nothing is said
   */
  readonly ingressDeny?: CiliumIngressDenyRule[];
  /**
   * What they may connect to. A rule closes egress for all else, unless `enableDefaultDeny` says otherwise.
   * @default - nothing is said
   */
  readonly egress?: CiliumEgressRule[];
  /**
   * What they may not connect to, whatever any policy allows. It closes egress for all else too, unless `enableDefaultDeny` says otherwise.
   * @default - nothing is said
   */
  readonly egressDeny?: CiliumEgressDenyRule[];
  /**
   * Whether being selected closes a direction.
   * @default - each direction with a rule
   */
  readonly enableDefaultDeny?: CiliumDefaultDeny;
  /**
   * What the rules are for.
   * @default - none
   */
  readonly description?: string;
  /**
   * Labels of the rules.
   * @default - none
   */
  readonly labels?: CiliumRuleLabel[];
  /**
   * Text of at most 32 printable characters that Hubble shows with each decision of the rules.
   * @default - none
   */
  readonly log?: string;
}

/** One of several specs of a namespaced policy, which add up. */
export interface CiliumNetworkRules extends CiliumRules {
  /** The pods of the policy's namespace that it is about; `{}` is all of them. */
  readonly endpointSelector: CiliumSelector;
}

/** One of several specs of a clusterwide policy, which add up. Exactly one of `endpointSelector` and `nodeSelector`. */
export interface CiliumClusterwideRules extends CiliumRules {
  /**
   * The pods that it is about; `{}` is every pod, with Cilium's own health and ingress endpoints.
   * @default - nodes
   */
  readonly endpointSelector?: CiliumSelector;
  /**
   * The nodes that it is about, by their labels. Needs the host firewall.
   * @default - pods
   */
  readonly nodeSelector?: CiliumSelector;
}
