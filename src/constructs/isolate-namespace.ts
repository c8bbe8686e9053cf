import { Construct } from 'constructs';
import { Justification } from './justification';
import { NetworkPolicy, NetworkPolicyOptions, pathOf } from './network-policy';
import { IPeer, Peer } from './peer';
import { PolicyRule } from './policy-rule';
import { Port } from './port';
import { checkProps, FLAG, PEERS, POLICY_OPTIONS, PORT, PORTS, REASON } from './prop-kinds';
import { struct } from './props';

/** What may cross the border of an isolated namespace. */
export interface BorderCrossing extends Justification {
  /** The other ends; at least one. */
  readonly peers: IPeer[];
  /** The ports of the pods that are connected to; at least one. */
  readonly ports: Port[];
}

/** Properties of `IsolateNamespace`. */
export interface IsolateNamespaceProps extends NetworkPolicyOptions {
  /**
   * The port on which its pods may connect to each other.
   * @default Port.all()
   */
  readonly port?: Port;
  /**
   * Who may connect to its pods from elsewhere.
   * @default - nobody
   */
  readonly allowFrom?: BorderCrossing[];
  /**
   * Where its pods may connect to elsewhere.
   * @default - nowhere but the cluster's DNS
   */
  readonly allowTo?: BorderCrossing[];
  /**
   * Whether the cluster's DNS stays open.
   * @default true
   */
  readonly dns?: boolean;
}

const CROSSING = struct<BorderCrossing>({ peers: PEERS, ports: PORTS }, REASON, { action: 'what is listed here is allowed, so deny it in a NetworkPolicy' });
const PROPS = struct<IsolateNamespaceProps>({}, { ...POLICY_OPTIONS, port: PORT, allowFrom: [CROSSING], allowTo: [CROSSING], dns: FLAG });

/**
 * Closes the border of a namespace: its pods may talk to each other and to the cluster's DNS, and to nothing else that is not stated, in
 * both directions. Another policy that allows more opens more.
 *
 * The object is named `isolate-namespace` unless a name is given. To close the pods of a namespace to each other too, use `DefaultDeny` or
 * `ZeroTrustNamespace`.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class IsolateNamespace extends NetworkPolicy {
  /**
   * @throws when the namespace is not known, or a crossing has no peers or no ports
   */
  public constructor(scope: Construct, id: string, props: IsolateNamespaceProps = {}) {
    checkProps(pathOf(scope, id), PROPS, props);
    const { port = Port.all(), allowFrom = [], allowTo = [], ...options } = props;
    const inside: PolicyRule = { peers: [Peer.pods()], ports: [port] };
    super(scope, id, {
      ...options,
      name: props.name ?? 'isolate-namespace',
      ingress: [inside, ...allowFrom],
      egress: [inside, ...allowTo],
      isolate: { ingress: true, egress: true },
    });
  }
}
