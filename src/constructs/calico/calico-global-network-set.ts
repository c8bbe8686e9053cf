import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { withoutChartNamespace } from '../cluster-scoped';
import { metadataOf, nativeOf, NativeKind } from '../native-object';
import { CalicoNetworkSetOptions, networkSet } from './network-sets';
import { anyOf, LIST, struct } from '../props';

/** Properties of `CalicoGlobalNetworkSet`. */
export interface CalicoGlobalNetworkSetProps extends CalicoNetworkSetOptions {}

const KIND: NativeKind = {
  construct: 'CalicoGlobalNetworkSet',
  cni: 'calico',
  instead: 'state the ranges where they are used, with Peer.cidr(...), or use CiliumCidrGroup on Cilium',
  props: struct<CalicoGlobalNetworkSetProps>({ nets: LIST, labels: 'any' }, anyOf('name')),
};

/**
 * Addresses under labels, for selectors of rules in every namespace. A rule of a namespaced policy reaches it with the namespaceSelector
 * `CalicoSelector.globalOnly()`.
 * @see https://docs.tigera.io/calico/latest/reference/resources/globalnetworkset
 */
export class CalicoGlobalNetworkSet extends ApiObject {
  /**
   * @throws when the cluster does not run Calico, or an address or a label is not valid
   */
  public constructor(scope: Construct, id: string, props: CalicoGlobalNetworkSetProps) {
    const native = nativeOf(scope, id, KIND, props);
    super(scope, id, networkSet(native, 'GlobalNetworkSet', metadataOf(scope, id, native, 'tier', props), props) as never);
    withoutChartNamespace(this);
  }
}
