import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { metadataOf, nativeNamespace, nativeOf, NativeKind } from '../native-object';
import { ciliumDocument } from './document';
import { CiliumNetworkRules, CiliumRules } from './policy-spec';
import { CiliumSelector } from './selector';
import { struct } from '../props';
import { NETWORK_POLICY } from './shapes';

/** Properties of `CiliumNetworkPolicy`. */
export interface CiliumNetworkPolicyProps extends CiliumRules {
  /**
   * The pods of the namespace that the policy is about; `{}` is all of them.
   * @default - stated in each of `specs`
   */
  readonly endpointSelector?: CiliumSelector;
  /**
   * Further rules, each with its own selector. They add up.
   * @default - none
   */
  readonly specs?: CiliumNetworkRules[];
  /**
   * The namespace of the policy and of its pods.
   * @default - the chart's
   */
  readonly namespace?: string;
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
  construct: 'CiliumNetworkPolicy',
  cni: 'cilium',
  instead: 'say it with NetworkPolicy or the connections of a Workload, which are written for every CNI',
  props: struct<CiliumNetworkPolicyProps>({}, NETWORK_POLICY, { nodeSelector: 'a policy of a namespace is not about nodes, use CiliumClusterwideNetworkPolicy' }),
};

/**
 * A CiliumNetworkPolicy, for what only Cilium has. What the other constructs can say is better said with them: they are written for every CNI.
 *
 * It is checked when it is made, against the Cilium version of the cluster: what the API server or the agent would refuse, and what would be
 * stored and mean something else than it looks like, is an error here.
 *
 * @see https://docs.cilium.io/en/stable/security/policy/language/
 */
export class CiliumNetworkPolicy extends ApiObject {
  /**
   * @throws when the cluster does not run Cilium, or Cilium would not enforce the policy as it is stated
   */
  public constructor(scope: Construct, id: string, props: CiliumNetworkPolicyProps) {
    const native = nativeOf(scope, id, KIND, props);
    const { name, namespace, ...parts } = props;
    const metadata = metadataOf(scope, id, native, 'policy', { name, namespace: nativeNamespace(scope, native, namespace) });
    super(scope, id, ciliumDocument(native, KIND.construct, metadata, parts) as never);
  }
}
