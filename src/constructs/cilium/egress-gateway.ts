import { ApiObject, Chart, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { withoutChartNamespace } from '../cluster-scoped';
import { LabelExpression } from '../label-expression';
import { acceptedFields, inConstruct, Json, metadataOf, nativeOf, NativeKind, plain } from '../native-object';
import { IPeer } from '../peer';
import { writeDestinations, writeGateways } from './write-gateways';
import { writeSources } from './write-sources';
import { anyOf, LIST, struct } from '../props';

/** Nodes through which traffic leaves the cluster, and the address with which it does. At most one of `networkInterface` and `egressIp`. */
export interface EgressGatewayNode {
  /** The labels of the node; where several have them, Cilium takes the first by name. Where none has, the traffic is dropped. */
  readonly nodeLabels: { [key: string]: string };
  /**
   * Further requirements on the node's labels.
   * @default - none
   */
  readonly nodeExpressions?: LabelExpression[];
  /**
   * The network interface of the node whose first address is taken.
   * @default - that of the default route
   */
  readonly networkInterface?: string;
  /**
   * The address, which must be one of the node's. It must be of the IP version of every destination. IPv6 since Cilium 1.20.
   * @default - the first address of the interface
   */
  readonly egressIp?: string;
}

/** Properties of `EgressGateway`. */
export interface EgressGatewayProps {
  /** The pods: workloads, `Peer.pods(...)` or `Peer.namespaces(...)`; alternatives. */
  readonly sources: IPeer[];
  /** The address ranges outside the cluster to which they connect through a gateway. */
  readonly destinations: string[];
  /**
   * Parts of the destinations to which they connect without one.
   * @default - none
   */
  readonly except?: string[];
  /** The gateways; each pod is given one of them. */
  readonly gateways: EgressGatewayNode[];
  /**
   * The name of the object, at most 253 characters.
   * @default - the construct path, as one name
   */
  readonly name?: string;
}

const NODE = struct<EgressGatewayNode>(anyOf('nodeLabels'), { nodeExpressions: LIST, ...anyOf('networkInterface', 'egressIp') });

const KIND: NativeKind = {
  construct: 'EgressGateway',
  cni: 'cilium',
  instead: 'no object of plain Kubernetes or of open-source Calico does this: let the network translate the addresses (a NAT gateway for the nodes\' subnet), or use IstioEgressGateway where Istio runs',
  props: struct<EgressGatewayProps>({ sources: LIST, destinations: LIST, gateways: [NODE] }, { except: LIST, name: 'any' }),
};

/**
 * Pods leave the cluster through stated nodes and with a stated address: a CiliumEgressGatewayPolicy.
 *
 * It decides the way, not whether: what the pods may connect to is for policies to say. A pod that has just started leaves with the
 * address of its own node until the agents know it, and in a mesh of clusters (ClusterMesh) the gateways must be of the pods' own cluster.
 * The agent needs `egressGateway.enabled`, `bpf.masquerade` and `kubeProxyReplacement`.
 *
 * @see https://docs.cilium.io/en/stable/network/egress-gateway/egress-gateway/
 */
export class EgressGateway extends ApiObject {
  /**
   * @throws when the cluster does not run Cilium, nothing is selected, or an address is not valid
   */
  public constructor(scope: Construct, id: string, props: EgressGatewayProps) {
    const native = nativeOf(scope, id, KIND, props);
    const { path, facts } = native;
    const metadata = metadataOf(scope, id, native, 'policy', props);
    const rest = inConstruct(path, () => ({
      ...writeDestinations(props.destinations, props.except, [...facts.podCidrs, ...facts.nodeCidrs]),
      ...writeGateways(props.gateways, props.destinations, facts.cni.version),
    }));
    const context = { facts, ...(Chart.of(scope).namespace === undefined ? {} : { namespace: Chart.of(scope).namespace }) };
    const spec = (): Json => {
      const document = plain({ apiVersion: 'cilium.io/v2', kind: 'CiliumEgressGatewayPolicy', metadata, spec: { ...inConstruct(path, () => writeSources(props.sources, context)), ...rest } });
      acceptedFields(native, 'cilium', document);
      return document.spec;
    };
    // The labels of a workload of a construct are known at synth only.
    if (!props.sources.some(source => source.toPeer?.()._workloads.some(({ _object: object }) => object))) { spec(); }
    super(scope, id, { apiVersion: 'cilium.io/v2', kind: 'CiliumEgressGatewayPolicy', metadata, spec: Lazy.any({ produce: spec }) } as never);
    withoutChartNamespace(this);
  }
}
