import { Construct } from 'constructs';
import { checkedDnsNames } from './dns-names';
import { NetworkPolicy, NetworkPolicyOptions, pathOf } from './network-policy';
import { IPeer } from './peer';
import { DnsScope } from '../cluster/dns-scope';

/** Properties of `AllowDns`. */
export interface AllowDnsProps extends NetworkPolicyOptions {
  /**
   * The pods that may resolve names.
   * @default - every pod of the namespace
   */
  readonly subject?: IPeer;
  /**
   * The only names that may be asked for: names such as "api.example.com", or with wildcards: "*.example.com" is one label, "**.example.com" one
   * or more. Needs Cilium, whose DNS proxy refuses the others; what else lets the pods ask for any name makes this moot, and fails the synth.
   * @default - every name
   * @see https://docs.cilium.io/en/stable/security/policy/language/#dns-policy-and-ip-discovery
   */
  readonly names?: string[];
  /**
   * Which pods may be asked, where the facts say that pods serve DNS: those with the labels of DNS, or every pod of their namespace on the port
   * of DNS, for DNS pods whose labels are not known.
   * @default DnsScope.PODS
   */
  readonly dnsScope?: DnsScope;
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
   * @throws when the namespace is not known, or a name is not valid
   */
  public constructor(scope: Construct, id: string, props: AllowDnsProps = {}) {
    const { names, dnsScope, ...options } = props;
    super(scope, id, { ...options, name: props.name ?? 'allow-dns', isolate: { egress: true, ingress: false }, dns: true });
    if (dnsScope !== undefined) { this._scopeDns(dnsScope); }
    if (names) { this._limitDns(checkedDnsNames(names, pathOf(scope, id))); }
  }
}
