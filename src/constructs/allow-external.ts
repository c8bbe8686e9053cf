import { Construct } from 'constructs';
import { Justification, justificationIn } from './justification';
import { NetworkPolicy, NetworkPolicyOptions } from './network-policy';
import { IPeer, Peer } from './peer';
import { Port } from './port';

/** A destination outside the cluster. */
export interface ExternalDestination extends Justification {
  /**
   * Names, such as "api.example.com" or "*.example.com". Only where the CNI knows names.
   * @default - none
   */
  readonly fqdns?: string[];
  /**
   * Address ranges, such as "203.0.113.0/24".
   * @default - none
   */
  readonly cidrs?: string[];
  /**
   * The port.
   * @default Port.HTTPS
   */
  readonly port?: Port;
}

/** Properties of `AllowExternal`. */
export interface AllowExternalProps extends NetworkPolicyOptions {
  /**
   * The pods that may connect.
   * @default - every pod of the namespace
   */
  readonly subject?: IPeer;
  /** Where they may connect to; at least one. */
  readonly destinations: ExternalDestination[];
}

/**
 * Pods may connect to places outside the cluster: an egress allow-list. Isolates their egress, and brings DNS along.
 *
 * @see https://docs.cilium.io/en/stable/security/policy/language/#dns-based
 */
export class AllowExternal extends NetworkPolicy {
  /**
   * @throws when there are no destinations, or a name or range is not valid
   */
  public constructor(scope: Construct, id: string, props: AllowExternalProps) {
    const { destinations, ...options } = props;
    if (destinations.length === 0) { throw new Error(`${scope.node.path}/${id}: no destinations are stated, which never means all of them; name at least one`); }
    super(scope, id, {
      ...options,
      egress: destinations.map(destination => ({
        ...justificationIn(destination),
        peers: externalPeers(destination),
        ports: [destination.port ?? Port.HTTPS],
      })),
    });
  }
}

/**
 * @throws when neither a name nor a range is stated, or one is not valid
 */
export function externalPeers({ fqdns = [], cidrs = [] }: ExternalDestination): IPeer[] {
  if (fqdns.length + cidrs.length === 0) { throw new Error('a destination names neither fqdns nor cidrs; name at least one, or say Peer.internet() in a NetworkPolicy'); }
  return [...fqdns.map(name => Peer.fqdn(name)), ...cidrs.map(cidr => Peer.cidr(cidr))];
}
