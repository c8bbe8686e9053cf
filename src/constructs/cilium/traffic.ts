import { CiliumHttpRule, CiliumKafkaRule } from './layer7';
import { CiliumFqdn } from './peers';

/** Protocols of a port. Those from `VRRP` on need the agent's `--enable-extended-ip-protocols`, and take no port. */
export enum CiliumProtocol {
  /** TCP */
  TCP = 'TCP',
  /** UDP */
  UDP = 'UDP',
  /** SCTP */
  SCTP = 'SCTP',
  /** TCP, UDP and SCTP; not ICMP. */
  ANY = 'ANY',
  /** VRRP; since Cilium 1.19. */
  VRRP = 'VRRP',
  /** IGMP; since Cilium 1.19. */
  IGMP = 'IGMP',
  /** GRE; since Cilium 1.20. */
  GRE = 'GRE',
  /** IP in IP; since Cilium 1.20. */
  IPIP = 'IPIP',
  /** IPv6 in IP; since Cilium 1.20. */
  IPV6 = 'IPV6',
  /** ESP of IPsec; since Cilium 1.20. */
  ESP = 'ESP',
  /** AH of IPsec; since Cilium 1.20. */
  AH = 'AH',
}

/** Ports of the pods that are connected to, after translation by a Service. */
export interface CiliumPort {
  /**
   * The port, 1 to 65535.
   * @default - every port of the protocol, or the port that `portName` names
   */
  readonly port?: number;
  /**
   * The last port of a range that begins at `port`.
   * @default - the port alone
   */
  readonly endPort?: number;
  /**
   * The name of a container port, instead of `port`.
   * @default - by number
   */
  readonly portName?: string;
  /**
   * The protocol. With HTTP rules it must be stated as TCP.
   * @default CiliumProtocol.ANY
   */
  readonly protocol?: CiliumProtocol;
}

/** Certificates for the interception of TLS, from a Secret. */
export interface CiliumTlsContext {
  /** The name of the Secret. */
  readonly secretName: string;
  /**
   * The namespace of the Secret.
   * @default - the agent's namespace for secrets
   */
  readonly secretNamespace?: string;
  /**
   * The key in the Secret that holds the CA.
   * @default "ca.crt"
   */
  readonly trustedCa?: string;
  /**
   * The key in the Secret that holds the certificate.
   * @default "tls.crt"
   */
  readonly certificate?: string;
  /**
   * The key in the Secret that holds the private key.
   * @default "tls.key"
   */
  readonly privateKey?: string;
}

/** The kinds of objects that hold Envoy listeners. */
export enum CiliumEnvoyConfigKind {
  /** Of the policy's namespace; not for clusterwide policies. */
  CILIUM_ENVOY_CONFIG = 'CiliumEnvoyConfig',
  /** Of the cluster. */
  CILIUM_CLUSTERWIDE_ENVOY_CONFIG = 'CiliumClusterwideEnvoyConfig',
}

/** An Envoy listener to which traffic is redirected; for egress only. */
export interface CiliumListener {
  /** The name of the listener in the object. */
  readonly name: string;
  /** The name of the object that holds it. */
  readonly envoyConfig: string;
  /**
   * The kind of that object.
   * @default - CiliumEnvoyConfig, in a clusterwide policy CiliumClusterwideEnvoyConfig
   */
  readonly envoyConfigKind?: CiliumEnvoyConfigKind;
  /**
   * Which listener wins where several match, 1 to 100, lowest first.
   * @default - as Cilium orders the kinds of listeners
   */
  readonly priority?: number;
}

/**
 * Ports, and what may be asked for on them. At most one of `http`, `dns` and `kafka`.
 * @see https://docs.cilium.io/en/stable/security/policy/language/#layer-4-examples
 */
export interface CiliumPortRule {
  /** The ports; more than 40 are written as several rules. */
  readonly ports: CiliumPort[];
  /**
   * HTTP requests that may pass.
   * @default - not looked at
   */
  readonly http?: CiliumHttpRule[];
  /**
   * Names that may be asked for; for egress only. What passes here is also where Cilium learns the addresses of `toFqdns`.
   * @default - not looked at
   */
  readonly dns?: CiliumFqdn[];
  /**
   * Kafka requests that may pass; Cilium 1.20 removed these rules.
   * @default - not looked at
   */
  readonly kafka?: CiliumKafkaRule[];
  /**
   * Certificates with which Cilium takes the TLS connection of the client.
   * @default - TLS is not intercepted
   */
  readonly terminatingTls?: CiliumTlsContext;
  /**
   * Certificates with which Cilium connects to the server.
   * @default - TLS is not originated
   */
  readonly originatingTls?: CiliumTlsContext;
  /**
   * Names of the TLS handshake (SNI) that may pass.
   * @default - not looked at
   */
  readonly serverNames?: string[];
  /**
   * An Envoy listener to which the traffic goes; for egress only.
   * @default - none
   */
  readonly listener?: CiliumListener;
}

/** The IP versions of ICMP. */
export enum CiliumIcmpFamily {
  /** ICMP of IPv4. */
  IPV4 = 'IPv4',
  /** ICMPv6. */
  IPV6 = 'IPv6',
}

/** A type of ICMP message, by number or by name: exactly one of the two. */
export interface CiliumIcmp {
  /**
   * The number, 0 to 255.
   * @default - by name
   */
  readonly type?: number;
  /**
   * The name, such as `EchoRequest`.
   * @default - by number
   */
  readonly typeName?: string;
  /**
   * The IP version.
   * @default CiliumIcmpFamily.IPV4
   */
  readonly family?: CiliumIcmpFamily;
}
