import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { metadataOf, nativeNamespace, nativeOf, NativeKind } from '../native-object';
import { calicoDocument, dependOnTier } from './document';
import { CalicoPolicyOptions, CalicoStagedAction } from './policy-spec';
import { anyOf, struct } from '../props';
import { POLICY } from './shapes';

/** Properties of `CalicoStagedNetworkPolicy`. */
export interface CalicoStagedNetworkPolicyProps extends CalicoPolicyOptions {
  /**
   * What it previews.
   * @default CalicoStagedAction.SET
   */
  readonly stagedAction?: CalicoStagedAction;
  /**
   * The namespace of the policy and of its pods.
   * @default - the chart's
   */
  readonly namespace?: string;
}

const KIND: NativeKind = {
  construct: 'CalicoStagedNetworkPolicy',
  cni: 'calico',
  instead: 'no other CNI previews policies as objects; test the manifests offline',
  props: struct<CalicoStagedNetworkPolicyProps>({}, { ...POLICY, ...anyOf('namespace', 'stagedAction') }),
};

/**
 * A StagedNetworkPolicy: it allows and denies nothing, and shows in flow logs what the same NetworkPolicy would do.
 *
 * It is checked when it is made, against the Calico version of the cluster: what the API server or Felix would refuse, and what would be stored and
 * mean something else than it looks like, is an error here.
 *
 * @see https://docs.tigera.io/calico/latest/reference/resources/stagednetworkpolicy
 */
export class CalicoStagedNetworkPolicy extends ApiObject {
  /**
   * @throws when the cluster does not run Calico, or Calico would not enforce the policy as it is stated
   */
  public constructor(scope: Construct, id: string, props: CalicoStagedNetworkPolicyProps) {
    const native = nativeOf(scope, id, KIND, props);
    const { namespace, ...parts } = props;
    const metadata = metadataOf(scope, id, native, 'policy', { name: props.name, namespace: nativeNamespace(scope, native, namespace) });
    super(scope, id, calicoDocument(native, 'StagedNetworkPolicy', metadata, parts, scope.node.root as Construct) as never);
    dependOnTier(this, props);
  }
}
