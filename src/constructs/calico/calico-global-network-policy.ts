import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { withoutChartNamespace } from '../cluster-scoped';
import { metadataOf, nativeOf, NativeKind } from '../native-object';
import { calicoDocument, dependOnTier } from './document';
import { CalicoGlobalPolicyOptions } from './policy-spec';
import { struct } from '../props';
import { GLOBAL_POLICY } from './shapes';

/** Properties of `CalicoGlobalNetworkPolicy`. */
export interface CalicoGlobalNetworkPolicyProps extends CalicoGlobalPolicyOptions {}

const KIND: NativeKind = {
  construct: 'CalicoGlobalNetworkPolicy',
  cni: 'calico',
  instead: 'say it with ClusterPolicy, which is written for every CNI that has such a kind',
  props: struct<CalicoGlobalNetworkPolicyProps>({}, GLOBAL_POLICY),
};

/**
 * A GlobalNetworkPolicy of Calico, about pods of every namespace or about host endpoints, for what only Calico has.
 *
 * It is checked when it is made, against the Calico version of the cluster: what the API server or Felix would refuse, and what would be stored and
 * mean something else than it looks like, is an error here.
 *
 * @see https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy
 */
export class CalicoGlobalNetworkPolicy extends ApiObject {
  /**
   * @throws when the cluster does not run Calico, or Calico would not enforce the policy as it is stated
   */
  public constructor(scope: Construct, id: string, props: CalicoGlobalNetworkPolicyProps) {
    const native = nativeOf(scope, id, KIND, props);
    const metadata = metadataOf(scope, id, native, 'policy', props);
    super(scope, id, calicoDocument(native, 'GlobalNetworkPolicy', metadata, props, scope.node.root as Construct) as never);
    withoutChartNamespace(this);
    dependOnTier(this, props);
  }
}
