import { Construct } from 'constructs';
import { acceptExtra, connectOutside, DESTINATION, partOf, requireOwn, SERVER_PART, ServerPartProps } from './part';
import { ExternalDestination } from '../constructs/allow-external';
import { firstSaid, Justification } from '../constructs/justification';
import { IPeer, Peer } from '../constructs/peer';
import { Port } from '../constructs/port';
import { checkProps, PEER, PORT, REASON, TEXT } from '../constructs/prop-kinds';
import { struct } from '../constructs/props';
import { Workload } from '../constructs/workload';

/** What a service needs inside the cluster. */
export interface ServiceDependency extends Justification {
  /** What it connects to. */
  readonly peer: IPeer;
  /** The port of the dependency's pods, not that of a Service. */
  readonly port: Port;
}

/** Properties of `IngressService`. */
export interface IngressServiceProps extends ServerPartProps {
  /**
   * What the service connects to inside the cluster.
   * @default - nothing
   */
  readonly dependencies?: ServiceDependency[];
  /**
   * Where the service connects to outside the cluster.
   * @default - nowhere
   */
  readonly egress?: ExternalDestination[];
  /**
   * The namespace of a service that is stated by labels.
   * @default - the chart's
   */
  readonly namespace?: string;
}

const DEPENDENCY = struct<ServiceDependency>({ peer: PEER, port: PORT }, REASON);
const PROPS = struct<IngressServiceProps>({ port: PORT }, { ...SERVER_PART, dependencies: [DEPENDENCY], egress: [DESTINATION], namespace: TEXT });

/**
 * Ingress controller to a service, the service to what it depends on, and nothing else: the service is isolated in both directions.
 * It may resolve names. Health checks need no statement: those of the kubelet come from the pods' own node, and those of load balancers that send
 * straight to pods are the ingress controller of the facts.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/
 */
export class IngressService extends Construct {
  /** The service's pods, which take further statements. */
  public readonly service: Workload;

  /**
   * @throws when neither a workload nor labels are stated, or both, or an entry of `extraIngress` names no peers, or the service is of
   * another app
   */
  public constructor(scope: Construct, id: string, props: IngressServiceProps) {
    super(scope, id);
    checkProps(this.node.path, PROPS, props);
    const service = partOf(this, `${this.node.path}: the service`, props, props);
    const { workload: { connections }, why: ofAll } = service;
    this.service = service.workload;

    requireOwn(service);
    connections.isolate(ofAll);
    connections.allowFrom(Peer.ingressController(), props.port, ofAll);
    acceptExtra(service, props);
    for (const { peer, port, ...why } of props.dependencies ?? []) { connections.allowTo(peer, port, firstSaid(why, ofAll)); }
    connectOutside(service, props.egress);
  }
}
