import { Construct } from 'constructs';
import { NetworkPolicy, NetworkPolicyOptions, pathOf } from './network-policy';
import { IPeer } from './peer';
import { fqdnProblem } from '../model/fqdn';

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
    const { names, ...options } = props;
    super(scope, id, { ...options, name: props.name ?? 'allow-dns', isolate: { egress: true, ingress: false }, dns: true });
    if (names) { this._limitDns(checkedNames(names, pathOf(scope, id))); }
  }
}

function checkedNames(names: readonly string[], path: string): string[] {
  if (names.length === 0) { throw new Error(`${path}: no DNS names are stated, which never means all of them; name at least one, or leave names out`); }
  return names.map(name => {
    const problem = fqdnProblem(name);
    if (problem) { throw new Error(`${path}: ${problem}`); }
    return name.toLowerCase().replace(/\.$/, '');
  });
}
