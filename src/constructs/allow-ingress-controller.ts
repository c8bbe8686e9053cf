import { Construct } from 'constructs';
import { NetworkPolicy, NetworkPolicyOptions } from './network-policy';
import { IPeer, Peer } from './peer';
import { Port } from './port';

/** Properties of `AllowIngressController`. */
export interface AllowIngressControllerProps extends NetworkPolicyOptions {
  /**
   * The pods that it may reach.
   * @default - every pod of the namespace
   */
  readonly subject?: IPeer;
  /** The port of the pods, not of their Service. */
  readonly port: Port;
}

/**
 * The ingress controller that is stated as a fact may reach pods. Isolates their ingress: all else is closed unless
 * another policy allows it.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress-controllers/
 */
export class AllowIngressController extends NetworkPolicy {
  /**
   * @throws when the namespace is not known
   */
  public constructor(scope: Construct, id: string, props: AllowIngressControllerProps) {
    const { port, ...options } = props;
    super(scope, id, { ...options, ingress: [{ peers: [Peer.ingressController()], ports: [port] }] });
  }
}
