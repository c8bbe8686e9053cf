import { httpMatch, HttpRequestMatch, httpText } from './http-request';
import { fqdnProblem } from '../model/fqdn';
import { portNameProblem } from '../model/labels';
import { ALL_TRAFFIC, allOfProtocol, namedPort, PROTOCOL_NUMBERS, portRange, ProtocolName, TrafficBox } from '../model/traffic';

/** The protocols that have ports. */
export enum Protocol {
  /** TCP */
  TCP = 'TCP',
  /** UDP */
  UDP = 'UDP',
  /** SCTP */
  SCTP = 'SCTP',
}

/** One port is one value, so that what is worked out for it serves every statement that names it. */
const SINGLE = new Map<string, Port>();

/**
 * Ports of pods: what a policy sees is the pod's port, after translation by a Service, never the Service's port.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
 */
export class Port {
  /** HTTP, TCP 80. */
  public static readonly HTTP = Port.tcp(80);
  /** HTTPS, TCP 443. */
  public static readonly HTTPS = Port.tcp(443);
  /** DNS, UDP 53 and TCP 53. */
  public static readonly DNS = Port.oneOf(Port.udp(53), Port.tcp(53));
  /** SSH, TCP 22. */
  public static readonly SSH = Port.tcp(22);
  /** PostgreSQL, TCP 5432. */
  public static readonly POSTGRES = Port.tcp(5432);
  /** MySQL and MariaDB, TCP 3306. */
  public static readonly MYSQL = Port.tcp(3306);
  /** Microsoft SQL Server, TCP 1433. */
  public static readonly MSSQL = Port.tcp(1433);
  /** Redis and Valkey, TCP 6379. */
  public static readonly REDIS = Port.tcp(6379);
  /** MongoDB, TCP 27017. */
  public static readonly MONGODB = Port.tcp(27017);
  /** Kafka, TCP 9092. */
  public static readonly KAFKA = Port.tcp(9092);
  /** AMQP (RabbitMQ), TCP 5672. */
  public static readonly AMQP = Port.tcp(5672);
  /** NATS, TCP 4222. */
  public static readonly NATS = Port.tcp(4222);
  /** Memcached, TCP 11211. */
  public static readonly MEMCACHED = Port.tcp(11211);
  /** Elasticsearch and OpenSearch, TCP 9200. */
  public static readonly ELASTICSEARCH = Port.tcp(9200);
  /** SMTP submission, TCP 587. */
  public static readonly SMTP_SUBMISSION = Port.tcp(587);
  /** OTLP over gRPC, TCP 4317. */
  public static readonly OTLP_GRPC = Port.tcp(4317);

  /**
   * One TCP port.
   * @param port 1 to 65535
   * @throws when the port is outside that range
   */
  public static tcp(port: number): Port {
    return Port.single('TCP', port);
  }

  /**
   * One UDP port.
   * @param port 1 to 65535
   * @throws when the port is outside that range
   */
  public static udp(port: number): Port {
    return Port.single('UDP', port);
  }

  /**
   * One SCTP port.
   * @param port 1 to 65535
   * @throws when the port is outside that range
   */
  public static sctp(port: number): Port {
    return Port.single('SCTP', port);
  }

  /**
   * TCP ports from `first` to `last`, both included.
   * @throws when a port is outside 1 to 65535, or the range is reversed
   */
  public static tcpRange(first: number, last: number): Port {
    return Port.between('TCP', first, last);
  }

  /**
   * UDP ports from `first` to `last`, both included.
   * @throws when a port is outside 1 to 65535, or the range is reversed
   */
  public static udpRange(first: number, last: number): Port {
    return Port.between('UDP', first, last);
  }

  /**
   * SCTP ports from `first` to `last`, both included.
   * @throws when a port is outside 1 to 65535, or the range is reversed
   */
  public static sctpRange(first: number, last: number): Port {
    return Port.between('SCTP', first, last);
  }

  /**
   * The container port of that name, in the pods that are connected to.
   * @param name as in the pod's `ports[].name`
   * @param protocol of that container port. Default: TCP
   * @throws when the name is not valid
   */
  public static named(name: string, protocol: Protocol = Protocol.TCP): Port {
    const problem = portNameProblem(name);
    if (problem) { throw new Error(problem); }
    return new Port([namedPort(checkedProtocol(protocol), name)], `${protocol} ${name}`);
  }

  /** Every TCP port. */
  public static allTcp(): Port {
    return new Port([allOfProtocol('TCP')], 'all TCP');
  }

  /** Every UDP port. */
  public static allUdp(): Port {
    return new Port([allOfProtocol('UDP')], 'all UDP');
  }

  /** Every SCTP port. */
  public static allSctp(): Port {
    return new Port([allOfProtocol('SCTP')], 'all SCTP');
  }

  /** Every port of every protocol, and what has no ports, such as ICMP. */
  public static all(): Port {
    return new Port(ALL_TRAFFIC, 'all traffic');
  }

  /**
   * ICMP for IPv4, by number. Not in plain Kubernetes.
   * @param type 0 to 255, such as 8 for an echo request
   * @param code 0 to 255. Default: any. Not in Cilium
   * @throws when a number is outside that range
   * @see https://www.iana.org/assignments/icmp-parameters
   */
  public static icmp(type: number, code?: number): Port {
    return Port.ofIcmp('ICMP', type, code);
  }

  /**
   * ICMP for IPv6, by number. Not in plain Kubernetes.
   * @param type 0 to 255, such as 128 for an echo request
   * @param code 0 to 255. Default: any. Not in Cilium
   * @throws when a number is outside that range
   * @see https://www.iana.org/assignments/icmpv6-parameters
   */
  public static icmpv6(type: number, code?: number): Port {
    return Port.ofIcmp('ICMPv6', type, code);
  }

  /** Echo requests of ICMP, IPv4 and IPv6; the answers belong to them. Not in plain Kubernetes. */
  public static ping(): Port {
    return Port.oneOf(Port.icmp(8), Port.icmpv6(128));
  }

  /**
   * Any of several ports.
   * @throws when there is none: no ports never means all of them
   */
  public static oneOf(...ports: Port[]): Port {
    if (ports.length === 0) { throw new Error('no ports are stated, which never means all of them; name at least one, or say Port.all()'); }
    const plain = ports.some(port => port._hasConditions) ? () => Port.oneOf(...ports.map(port => port._withoutConditions)) : undefined;
    return new Port(ports.flatMap(port => port._traffic), ports.map(port => port.toString()).join(', '), plain);
  }

  private static ofIcmp(protocol: 'ICMP' | 'ICMPv6', type: number, code: number | undefined): Port {
    checkIcmp('type', type);
    if (code !== undefined) { checkIcmp('code', code); }
    const icmp = [code === undefined ? { type } : { type, code }];
    return new Port([{ ...allOfProtocol(protocol), icmp }], `${protocol} type ${type}${code === undefined ? '' : ` code ${code}`}`);
  }

  private static single(protocol: ProtocolName, port: number): Port {
    checkPort(port);
    const text = `${protocol} ${port}`;
    let known = SINGLE.get(text);
    if (!known) { SINGLE.set(text, known = new Port([portRange(protocol, port)], text)); }
    return known;
  }

  private static between(protocol: ProtocolName, first: number, last: number): Port {
    checkPort(first);
    checkPort(last);
    if (last < first) { throw new Error(`port range ${first} to ${last} is reversed; did you mean ${last} to ${first}?`); }
    return new Port([portRange(protocol, first, last)], `${protocol} ${first}-${last}`);
  }

  private constructor(
    /** @internal */
    public readonly _traffic: readonly TrafficBox[],
    private readonly text: string,
    /** The same without conditions, where it has some. */
    private readonly plain?: () => Port,
  ) {}

  /**
   * This port, for some HTTP requests only. Several requests are alternatives.
   *
   * Between two workloads of this app the requests are looked at where they arrive, and the source's egress names the port only.
   * What else allows the same source on the same port without conditions would make them moot, and fails the synth.
   *
   * Needs Cilium, or Calico with application layer policy (methods, paths and prefixes at ingress). A proxy sees only requests that are not encrypted.
   *
   * @param requests at least one
   * @throws when nothing is stated, a part is not valid, the port is not of TCP with numbers or a name, or has conditions already
   * @see https://docs.cilium.io/en/stable/security/policy/language/#http
   */
  public http(...requests: HttpRequestMatch[]): Port {
    if (requests.length === 0) { throw new Error(`${this.text}: no HTTP requests are stated, which never means all of them; name at least one, or leave http(...) out`); }
    this.checkConditions('http');
    const http = requests.map(httpMatch);
    return new Port(this._traffic.map(box => ({ ...box, l7: { http } })), `${this.text} ${requests.map(httpText).join(' or ')}`, () => this);
  }

  /**
   * This port, for TLS handshakes that ask for one of these server names (SNI) only. What is sent after the handshake is not looked at.
   * Needs Cilium.
   *
   * @param names at least one: names such as "api.example.com", or with wildcards: "*.example.com"
   * @throws when there is none, a name is not valid, the port is not of TCP with numbers or a name, or has conditions already
   * @see https://docs.cilium.io/en/stable/security/tls-visibility/
   */
  public serverNames(...names: string[]): Port {
    if (names.length === 0) { throw new Error(`${this.text}: no server names are stated, which never means all of them; name at least one, or leave serverNames(...) out`); }
    this.checkConditions('serverNames');
    const serverNames = names.map(name => {
      const problem = fqdnProblem(name);
      if (problem) { throw new Error(`server name: ${problem}`); }
      return name.toLowerCase().replace(/\.$/, '');
    });
    return new Port(this._traffic.map(box => ({ ...box, serverNames })), `${this.text} for ${serverNames.join(', ')}`, () => this);
  }

  /**
   * The same without conditions on what is sent: this very port where there are none.
   * @internal
   */
  public get _withoutConditions(): Port {
    return this.plain?.() ?? this;
  }

  /**
   * Whether only some requests or handshakes may pass.
   * @internal
   */
  public get _hasConditions(): boolean {
    return this.plain !== undefined;
  }

  /** A proxy can look into TCP on ports that it knows, and into one thing at a time. */
  private checkConditions(method: string): void {
    const fits = ({ protocols, destinationPorts }: TrafficBox): boolean =>
      destinationPorts !== undefined && protocols.every(([first, last]) => first === PROTOCOL_NUMBERS.TCP && last === first);
    if (this._hasConditions) { throw new Error(`${this.text} has conditions already; state all of them in one call of http(...), or of serverNames(...)`); }
    if (!this._traffic.every(fits)) { throw new Error(`${this.text}: ${method}(...) is for TCP on stated ports; say Port.tcp(...), Port.tcpRange(...) or Port.named(...)`); }
  }

  /** Such as "TCP 8080", or "TCP 8080 GET /api/users". */
  public toString(): string {
    return this.text;
  }
}

function checkPort(port: number): void {
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Error(`port ${String(port)} is not a whole number from 1 to 65535${port === 0 ? '; for every port say Port.allTcp(), Port.allUdp() or Port.all()' : ''}`);
  }
}

function checkIcmp(what: 'type' | 'code', value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 255) { throw new Error(`ICMP ${what} ${String(value)} is not a whole number from 0 to 255`); }
}

/** Callers from other languages and plain JavaScript are not held to the enum by a compiler. */
function checkedProtocol(protocol: Protocol): ProtocolName {
  if (!Object.values(Protocol).includes(protocol)) {
    throw new Error(`protocol ${JSON.stringify(protocol)} is not known; use one of ${Object.values(Protocol).join(', ')}`);
  }
  return protocol;
}
