import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { metadataOf, nativeNamespace, nativeOf, NativeKind } from '../native-object';
import { calicoDocument, dependOnTier } from './document';
import { CalicoPolicyOptions } from './policy-spec';
import { struct } from '../props';
import { POLICY } from './shapes';

/** Properties of `CalicoNetworkPolicy`. */
export interface CalicoNetworkPolicyProps extends CalicoPolicyOptions {
  /**
   * The namespace of the policy and of its pods.
   * @default - the chart's
   */
  readonly namespace?: string;
}

const KIND: NativeKind = {
  construct: 'CalicoNetworkPolicy',
  cni: 'calico',
  instead: 'say it with NetworkPolicy or the connections of a Workload, which are written for every CNI',
  props: struct<CalicoNetworkPolicyProps>({}, { ...POLICY, namespace: 'any' }),
};

/**
 * A NetworkPolicy of Calico, for what only Calico has. What the other constructs can say is better said with them: they are written for every CNI.
 *
 * It is checked when it is made, against the Calico version of the cluster: what the API server or Felix would refuse, and what would be stored and
 * mean something else than it looks like, is an error here.
 *
 * @see https://docs.tigera.io/calico/latest/reference/resources/networkpolicy
 */
export class CalicoNetworkPolicy extends ApiObject {
  /**
   * @throws when the cluster does not run Calico, or Calico would not enforce the policy as it is stated
   */
  public constructor(scope: Construct, id: string, props: CalicoNetworkPolicyProps) {
    const native = nativeOf(scope, id, KIND, props);
    const { namespace, ...parts } = props;
    const metadata = metadataOf(scope, id, native, 'policy', { name: props.name, namespace: nativeNamespace(scope, native, namespace) });
    super(scope, id, calicoDocument(native, 'NetworkPolicy', metadata, parts, scope.node.root as Construct) as never);
    dependOnTier(this, props);
  }
}
