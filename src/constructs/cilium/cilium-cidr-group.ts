import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { compareCidrs, parseCidr } from '../../model/cidr';
import { withoutChartNamespace } from '../cluster-scoped';
import { acceptedFields, inConstruct, Json, metadataOf, nativeOf, NativeKind, plain } from '../native-object';
import { stated } from './context';
import { anyOf, LIST, struct } from '../props';

/** Properties of `CiliumCidrGroup`. */
export interface CiliumCidrGroupProps {
  /** The address ranges, outside the cluster. */
  readonly cidrs: string[];
  /**
   * Labels, for rules that select groups by `cidrGroupSelector`.
   * @default - none
   */
  readonly labels?: { [key: string]: string };
  /**
   * The name of the object, which rules name as `cidrGroupRef`.
   * @default - the construct path, as one name
   */
  readonly name?: string;
}

const KIND: NativeKind = {
  construct: 'CiliumCidrGroup',
  cni: 'cilium',
  instead: 'state the ranges where they are used, with Peer.cidr(...), or use CalicoGlobalNetworkSet on Calico',
  props: struct<CiliumCidrGroupProps>({ cidrs: LIST }, anyOf('labels', 'name')),
};

/**
 * Address ranges under one name, a CiliumCIDRGroup, for rules of CiliumNetworkPolicies. Changing the group changes every policy that names it.
 * @see https://docs.cilium.io/en/stable/network/kubernetes/ciliumcidrgroup/
 */
export class CiliumCidrGroup extends ApiObject {
  /** The name of the object, for `cidrGroupRef`. */
  public readonly groupName: string;

  /**
   * @throws when the cluster does not run Cilium, there are no ranges, or one is not valid
   */
  public constructor(scope: Construct, id: string, props: CiliumCidrGroupProps) {
    const native = nativeOf(scope, id, KIND, props);
    // Written before the policies that name it.
    const metadata: Json = { ...metadataOf(scope, id, native, 'tier', props), ...(props.labels ? { labels: props.labels } : {}) };
    const externalCIDRs = inConstruct(native.path, () => [...new Set(stated(props.cidrs, 'cidrs', 'a group without ranges is no address').map((cidr, i) => inConstruct(`cidrs[${i}]`, () => parseCidr(String(cidr)))))].sort(compareCidrs));
    const document = plain({ apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata, spec: { externalCIDRs } });
    acceptedFields(native, 'cilium', document);
    super(scope, id, document as never);
    withoutChartNamespace(this);
    this.groupName = String(metadata.name);
  }
}
