import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { withoutChartNamespace } from '../cluster-scoped';
import { metadataOf, nativeOf, NativeKind } from '../native-object';
import { ciliumDocument } from './document';
import { CiliumClusterwideRules, CiliumRules } from './policy-spec';
import { CiliumSelector } from './selector';
import { struct } from '../props';
import { CLUSTERWIDE_POLICY } from './shapes';

/** Properties of `CiliumClusterwideNetworkPolicy`. */
export interface CiliumClusterwideNetworkPolicyProps extends CiliumRules {
  /**
   * The pods that the policy is about; `{}` is every pod of the cluster, with Cilium's own health and ingress endpoints.
   * @default - nodes, or stated in each of `specs`
   */
  readonly endpointSelector?: CiliumSelector;
  /**
   * The nodes that the policy is about, by their labels. Needs the host firewall.
   * @default - pods, or stated in each of `specs`
   */
  readonly nodeSelector?: CiliumSelector;
  /**
   * Further rules, each with its own selector. They add up.
   * @default - none
   */
  readonly specs?: CiliumClusterwideRules[];
  /**
   * The name of the object, at most 253 characters.
   * @default - the construct path, as one name
   */
  readonly name?: string;
  /**
   * Whether another policy of the same pods has the DNS rule from which Cilium learns the names of `toFqdns`.
   * @default false
   */
  readonly dnsElsewhere?: boolean;
}

const KIND: NativeKind = {
  construct: 'CiliumClusterwideNetworkPolicy',
  cni: 'cilium',
  instead: 'say it with ClusterPolicy, which is written for every CNI that has such a kind',
  props: struct<CiliumClusterwideNetworkPolicyProps>({}, CLUSTERWIDE_POLICY),
};

/**
 * A CiliumClusterwideNetworkPolicy, about pods of every namespace or about nodes, for what only Cilium has.
 *
 * It is checked when it is made, as `CiliumNetworkPolicy` is.
 *
 * @see https://docs.cilium.io/en/stable/network/kubernetes/policy/#ciliumclusterwidenetworkpolicy
 */
export class CiliumClusterwideNetworkPolicy extends ApiObject {
  /**
   * @throws when the cluster does not run Cilium, or Cilium would not enforce the policy as it is stated
   */
  public constructor(scope: Construct, id: string, props: CiliumClusterwideNetworkPolicyProps) {
    const native = nativeOf(scope, id, KIND, props);
    const { name, ...parts } = props;
    super(scope, id, ciliumDocument(native, KIND.construct, metadataOf(scope, id, native, 'policy', { name }), parts) as never);
    withoutChartNamespace(this);
  }
}
