import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { withoutChartNamespace } from '../cluster-scoped';
import { metadataOf, nativeOf, NativeKind } from '../native-object';
import { calicoDocument, dependOnTier } from './document';
import { CalicoGlobalPolicyOptions, CalicoStagedAction } from './policy-spec';
import { struct } from '../props';
import { GLOBAL_POLICY } from './shapes';

/** Properties of `CalicoStagedGlobalNetworkPolicy`. */
export interface CalicoStagedGlobalNetworkPolicyProps extends CalicoGlobalPolicyOptions {
  /**
   * What it previews.
   * @default CalicoStagedAction.SET
   */
  readonly stagedAction?: CalicoStagedAction;
}

const KIND: NativeKind = {
  construct: 'CalicoStagedGlobalNetworkPolicy',
  cni: 'calico',
  instead: 'no other CNI previews policies as objects; test the manifests offline',
  props: struct<CalicoStagedGlobalNetworkPolicyProps>({}, { ...GLOBAL_POLICY, stagedAction: 'any' }),
};

/**
 * A StagedGlobalNetworkPolicy: it allows and denies nothing, and shows in flow logs what the same GlobalNetworkPolicy would do.
 *
 * It is checked when it is made, against the Calico version of the cluster: what the API server or Felix would refuse, and what would be stored and
 * mean something else than it looks like, is an error here.
 *
 * @see https://docs.tigera.io/calico/latest/reference/resources/stagedglobalnetworkpolicy
 */
export class CalicoStagedGlobalNetworkPolicy extends ApiObject {
  /**
   * @throws when the cluster does not run Calico, or Calico would not enforce the policy as it is stated
   */
  public constructor(scope: Construct, id: string, props: CalicoStagedGlobalNetworkPolicyProps) {
    const native = nativeOf(scope, id, KIND, props);
    const metadata = metadataOf(scope, id, native, 'policy', props);
    super(scope, id, calicoDocument(native, 'StagedGlobalNetworkPolicy', metadata, props, scope.node.root as Construct) as never);
    withoutChartNamespace(this);
    dependOnTier(this, props);
  }
}
