import { Construct } from 'constructs';
import { NetworkPolicy, NetworkPolicyOptions } from './network-policy';
import { IPeer } from './peer';

/** Properties of `AllowDns`. */
export interface AllowDnsProps extends NetworkPolicyOptions {
  /**
   * The pods that may resolve names.
   * @default - every pod of the namespace
   */
  readonly subject?: IPeer;
}

/**
 * Pods may ask the cluster's DNS, as stated in the facts, over UDP and TCP. Isolates their egress: all else is closed
 * unless another policy allows it.
 *
 * For every pod of a namespace, the policies of its workloads no longer bring DNS along themselves.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
 */
export class AllowDns extends NetworkPolicy {
  /**
   * @throws when the namespace is not known
   */
  public constructor(scope: Construct, id: string, props: AllowDnsProps = {}) {
    super(scope, id, { ...props, name: props.name ?? 'allow-dns', isolate: { egress: true, ingress: false }, dns: true });
  }
}
