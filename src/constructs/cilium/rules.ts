import { CiliumAwsGroup, CiliumCidrRule, CiliumEntity, CiliumFqdn, CiliumServiceRef } from './peers';
import { CiliumSelector } from './selector';
import { CiliumIcmp, CiliumPort, CiliumPortRule } from './traffic';

/**
 * Whether both ends prove who they are before they may connect. Needs mutual authentication in the agent.
 * @see https://docs.cilium.io/en/stable/network/servicemesh/mutual-authentication/mutual-authentication/
 */
export enum CiliumAuthenticationMode {
  /** They need not. */
  DISABLED = 'disabled',
  /** They must. */
  REQUIRED = 'required',
  /** Nobody can: for tests. */
  TEST_ALWAYS_FAIL = 'test-always-fail',
}

/** Who connects. Several of these are alternatives, each written as a rule of its own; none is everybody, also outside the cluster. */
export interface CiliumIngressPeers {
  /**
   * Pods by labels, of the policy's namespace unless a requirement speaks of namespaces.
   * @default - not asked for
   */
  readonly fromEndpoints?: CiliumSelector[];
  /**
   * Peers that Cilium knows by themselves.
   * @default - not asked for
   */
  readonly fromEntities?: CiliumEntity[];
  /**
   * Address ranges outside the cluster.
   * @default - not asked for
   */
  readonly fromCidr?: string[];
  /**
   * Address ranges with exceptions, and CiliumCIDRGroups.
   * @default - not asked for
   */
  readonly fromCidrSet?: CiliumCidrRule[];
  /**
   * Other nodes by labels. Needs the agent's `--enable-node-selector-labels`.
   * @default - not asked for
   */
  readonly fromNodes?: CiliumSelector[];
  /**
   * Addresses that a cloud knows.
   * @default - not asked for
   */
  readonly fromGroups?: CiliumAwsGroup[];
}

/** What is connected to. Several of these are alternatives, each written as a rule of its own; none is everything, also outside the cluster. */
export interface CiliumEgressPeers {
  /**
   * Pods by labels, of the policy's namespace unless a requirement speaks of namespaces.
   * @default - not asked for
   */
  readonly toEndpoints?: CiliumSelector[];
  /**
   * Peers that Cilium knows by themselves.
   * @default - not asked for
   */
  readonly toEntities?: CiliumEntity[];
  /**
   * Address ranges outside the cluster.
   * @default - not asked for
   */
  readonly toCidr?: string[];
  /**
   * Address ranges with exceptions, and CiliumCIDRGroups.
   * @default - not asked for
   */
  readonly toCidrSet?: CiliumCidrRule[];
  /**
   * Other nodes by labels. Needs the agent's `--enable-node-selector-labels`.
   * @default - not asked for
   */
  readonly toNodes?: CiliumSelector[];
  /**
   * Addresses that a cloud knows.
   * @default - not asked for
   */
  readonly toGroups?: CiliumAwsGroup[];
  /**
   * Kubernetes Services.
   * @default - not asked for
   */
  readonly toServices?: CiliumServiceRef[];
}

/** What may connect to the endpoints. `{}` allows nothing, and closes the direction. */
export interface CiliumIngressRule extends CiliumIngressPeers {
  /**
   * On which ports; alternatives.
   * @default - every port of every protocol, ICMP too, unless `icmps` is stated
   */
  readonly toPorts?: CiliumPortRule[];
  /**
   * Which ICMP messages.
   * @default - as the ports say
   */
  readonly icmps?: CiliumIcmp[];
  /**
   * Whether both ends prove who they are.
   * @default - not asked for
   */
  readonly authentication?: CiliumAuthenticationMode;
}

/** What may not connect to the endpoints, whatever any policy allows. At least one field. */
export interface CiliumIngressDenyRule extends CiliumIngressPeers {
  /**
   * On which ports.
   * @default - every port of every protocol, ICMP too, unless `icmps` is stated
   */
  readonly toPorts?: CiliumPort[];
  /**
   * Which ICMP messages.
   * @default - as the ports say
   */
  readonly icmps?: CiliumIcmp[];
}

/** What the endpoints may connect to. `{}` allows nothing, and closes the direction. */
export interface CiliumEgressRule extends CiliumEgressPeers {
  /**
   * DNS names outside the cluster. Their addresses are learned from DNS answers that pass a rule with `dns` only.
   * @default - not asked for
   */
  readonly toFqdns?: CiliumFqdn[];
  /**
   * Why it is accepted that from Cilium 1.19 on the rule lets everybody on its ports or ICMP messages, as long as none of its `toServices` exists
   * or has an address. Recorded on the policy.
   * @default - it is not accepted, and `toServices` beside ports or ICMP messages are refused
   */
  readonly acceptAnyPeerBecause?: string;
  /**
   * On which ports; alternatives.
   * @default - every port of every protocol, ICMP too, unless `icmps` is stated
   */
  readonly toPorts?: CiliumPortRule[];
  /**
   * Which ICMP messages.
   * @default - as the ports say
   */
  readonly icmps?: CiliumIcmp[];
  /**
   * Whether both ends prove who they are.
   * @default - not asked for
   */
  readonly authentication?: CiliumAuthenticationMode;
}

/** What the endpoints may not connect to, whatever any policy allows. At least one field. */
export interface CiliumEgressDenyRule extends CiliumEgressPeers {
  /**
   * On which ports.
   * @default - every port of every protocol, ICMP too, unless `icmps` is stated
   */
  readonly toPorts?: CiliumPort[];
  /**
   * Which ICMP messages.
   * @default - as the ports say
   */
  readonly icmps?: CiliumIcmp[];
}
