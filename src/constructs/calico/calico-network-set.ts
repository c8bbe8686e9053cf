import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { metadataOf, nativeNamespace, nativeOf, NativeKind } from '../native-object';
import { CalicoNetworkSetOptions, networkSet } from './network-sets';
import { anyOf, LIST, struct } from '../props';

/** Properties of `CalicoNetworkSet`. */
export interface CalicoNetworkSetProps extends CalicoNetworkSetOptions {
  /**
   * The namespace of the set.
   * @default - the chart's
   */
  readonly namespace?: string;
}

const KIND: NativeKind = {
  construct: 'CalicoNetworkSet',
  cni: 'calico',
  instead: 'state the ranges where they are used, with Peer.cidr(...), or use CiliumCidrGroup on Cilium',
  props: struct<CalicoNetworkSetProps>({ nets: LIST, labels: 'any' }, anyOf('name', 'namespace')),
};

/**
 * Addresses under labels, for selectors of rules in policies of the same namespace.
 * @see https://docs.tigera.io/calico/latest/reference/resources/networkset
 */
export class CalicoNetworkSet extends ApiObject {
  /**
   * @throws when the cluster does not run Calico, or an address or a label is not valid
   */
  public constructor(scope: Construct, id: string, props: CalicoNetworkSetProps) {
    const native = nativeOf(scope, id, KIND, props);
    const metadata = metadataOf(scope, id, native, 'tier', { name: props.name, namespace: nativeNamespace(scope, native, props.namespace) });
    super(scope, id, networkSet(native, 'NetworkSet', metadata, props) as never);
  }
}
