import { Construct } from 'constructs';
import { portsProblem, trustedProblem } from './cardholder-limits';
import { isUnbounded, mayBeUntrusted, Surroundings } from './untrusted';
import type { ResolvedFacts } from '../cluster/cluster';
import { BlockCloudMetadata } from '../constructs/block-cloud-metadata';
import { DefaultDeny } from '../constructs/default-deny';
import { checkedDnsNames, namesBelow } from '../constructs/dns-names';
import { Justification, justified } from '../constructs/justification';
import { pathOf } from '../constructs/network-policy';
import { openedWithoutReason } from '../constructs/opened-without-reason';
import { IPeer } from '../constructs/peer';
import { Port } from '../constructs/port';
import { checkProps, PEERS, PORTS, REASON, TEXT, TEXTS, WORKLOAD, WORKLOADS } from '../constructs/prop-kinds';
import { struct } from '../constructs/props';
import { Statements } from '../constructs/statements';
import type { Workload } from '../constructs/workload';
import { parseCidr } from '../model/cidr';
import { dnsSubdomainProblem } from '../model/labels';

/** A connection that is open, with the reason that PCI DSS asks for. */
export interface CardholderConnection {
  /** The ports of the pods that are connected to, by number; at least one, and at most 1024 of a protocol. */
  readonly ports: Port[];
  /** The business need. */
  readonly because: string;
  /**
   * Who answers for it.
   * @default - not said
   */
  readonly owner?: string;
  /**
   * Where it was approved, such as "NET-1234" or a URL.
   * @default - not said
   */
  readonly ticket?: string;
  /**
   * The day by which it must be reviewed, as "2027-01-31"; not later than that of the environment.
   * @default - that of the environment
   */
  readonly reviewBy?: string;
}

/** A connection between two members. */
export interface CardholderInternal extends CardholderConnection {
  /** The member that connects. */
  readonly source: Workload;
  /** The member that is connected to. */
  readonly destination: Workload;
}

/** Systems that connect to a member. */
export interface CardholderInbound extends CardholderConnection {
  /** The systems; at least one. What may be in an untrusted network, only for a member in `dmz`. */
  readonly peers: IPeer[];
  /** The member that is connected to. */
  readonly destination: Workload;
}

/** Places to which a member connects. */
export interface CardholderOutbound extends CardholderConnection {
  /** The member that connects. */
  readonly source: Workload;
  /**
   * The places; at least one. The whole internet, a range of it larger than /16 (IPv6: /32), or every name of a top-level domain only for a member
   * in `dmz`.
   */
  readonly peers: IPeer[];
}

/** Properties of `CardholderDataEnvironment`. */
export interface CardholderDataEnvironmentProps {
  /** The workloads that store, process or transmit account data; at least one. Their namespaces are closed, for all other pods in them too. */
  readonly members: Workload[];
  /**
   * Members that provide what is publicly accessible, and so may be connected to from untrusted networks.
   * @default - none
   */
  readonly dmz?: Workload[];
  /**
   * Members that store account data. None of them may be in `dmz`.
   * @default - none
   */
  readonly storage?: Workload[];
  /**
   * Connections between members.
   * @default - none
   */
  readonly internal?: CardholderInternal[];
  /**
   * Connections to members, of connected systems and of untrusted networks.
   * @default - none
   */
  readonly inbound?: CardholderInbound[];
  /**
   * Connections of members to elsewhere.
   * @default - none
   */
  readonly outbound?: CardholderOutbound[];
  /** The day by which all of it must be reviewed, as "2027-01-31": at most six months ahead, says PCI DSS. It is carried into the manifests. */
  readonly reviewBy: string;
  /**
   * Address ranges outside the cluster that are networks of your own and trusted, none larger than /8 (IPv6: /16, or private). Pods, nodes and the API
   * server of the cluster are.
   * @default - none: every address outside is untrusted
   */
  readonly trustedCidrs?: string[];
  /**
   * The only names that members may ask DNS for, beside those that they connect to (`Peer.fqdn`) and those of the cluster itself. Needs Cilium. What else
   * lets a member ask for any name makes this moot, and fails the synth.
   * @default - every name, of the cluster's DNS only, for members that connect somewhere
   */
  readonly dnsNames?: string[];
  /**
   * The domain of the cluster, whose names its own DNS answers. Used with `dnsNames` only.
   * @default "cluster.local"
   */
  readonly clusterDomain?: string;
}

/** A reason that is missing is judged with its requirement. */
type Stated<T> = Omit<T, 'because'> & Justification;
const PROPS = struct<CardholderDataEnvironmentProps>({ members: WORKLOADS, reviewBy: TEXT }, {
  dmz: WORKLOADS,
  storage: WORKLOADS,
  internal: [struct<Stated<CardholderInternal>>({ source: WORKLOAD, destination: WORKLOAD, ports: PORTS }, REASON)],
  inbound: [struct<Stated<CardholderInbound>>({ peers: PEERS, destination: WORKLOAD, ports: PORTS }, REASON)],
  outbound: [struct<Stated<CardholderOutbound>>({ source: WORKLOAD, peers: PEERS, ports: PORTS }, REASON)],
  trustedCidrs: TEXTS,
  dnsNames: TEXTS,
  clusterDomain: TEXT,
});

/**
 * The cardholder data environment of PCI DSS: all that is not stated is closed, in both directions, for every pod in the namespaces of its members. Every
 * connection has its ports and its business need, which are carried into the manifests; any policy of this app that may open something there without a
 * reason fails the synth, whoever wrote it. Only members in `dmz` may be reached from untrusted networks, and cloud metadata is closed.
 *
 * It shows what the network allows. That the list is right, was approved and is reviewed, nothing in a cluster shows.
 *
 * @see https://www.pcisecuritystandards.org/document_library/
 */
export class CardholderDataEnvironment extends Construct {
  /** The namespaces that are closed, sorted. */
  public readonly namespaces: string[];
  private readonly path: string;
  private readonly facts: ResolvedFacts;
  private readonly trusted: readonly string[];

  /**
   * @throws when there are no members, a connection has no peers, no ports, too many ports or no reason, is reviewed later than the environment, an end that must be a
   * member is none, or an untrusted network could reach a member that is not in the DMZ
   */
  public constructor(scope: Construct, id: string, private readonly props: CardholderDataEnvironmentProps) {
    super(scope, id);
    this.path = pathOf(scope, id);
    checkProps(this.path, PROPS, props);
    this.facts = Statements.of(this).factsFor(this);
    const { members, internal = [], inbound = [], outbound = [] } = props;
    this.checkMembers();
    justified({ reviewBy: props.reviewBy }, () => this.path);
    this.trusted = this.trustedRanges();
    this.namespaces = [...new Set(members.map(({ namespace }) => namespace))].sort();
    for (const namespace of this.namespaces) {
      new BlockCloudMetadata(this, `${namespace}-metadata`, { namespace, name: 'cardholder-data-metadata' });
    }
    for (const stated of internal) { this.connect(stated); }
    for (const stated of inbound) { this.admit(stated); }
    for (const stated of outbound) { this.release(stated); }
    // Answers belong to the connection that was allowed.
    for (const member of members) { member.connections.isolate({ dns: false }); }
    this.limitDns();
    for (const namespace of this.namespaces) { new DefaultDeny(this, `${namespace}-deny`, { namespace, name: 'cardholder-data-deny', dns: false }); }
    // Every synth validates many times.
    const statements = Statements.of(this);
    this.node.addValidation({ validate: () => [...statements.once(this, () => this.unjustified())] });
  }

  private connect(stated: CardholderInternal): void {
    const where = `${this.path}: internal connection of ${stated.source} to ${stated.destination}`;
    this.checkMember(where, stated.source);
    this.checkMember(where, stated.destination);
    this.checkConnection(where, stated);
    for (const port of stated.ports) { stated.source.connections.allowTo(stated.destination, port, this.why(stated)); }
  }

  private admit(stated: CardholderInbound): void {
    const { destination, peers, ports } = stated;
    const where = `${this.path}: inbound connection to ${destination}`;
    this.checkMember(where, destination);
    this.checkConnection(where, stated, peers);
    const untrusted = peers.find(peer => mayBeUntrusted(peer.toPeer(), this.around(destination)));
    if (untrusted && !this.props.dmz?.includes(destination)) {
      throw new Error(`${where}: ${untrusted.toPeer()} may be in an untrusted network, which reaches members of the DMZ only (PCI DSS 1.4.2); let it reach a member that is stated in dmz, or state a network of your own in trustedCidrs`);
    }
    for (const peer of peers) {
      for (const port of ports) { destination.connections.allowFrom(peer, port, this.why(stated)); }
    }
  }

  private release(stated: CardholderOutbound): void {
    const { source, peers, ports } = stated;
    const where = `${this.path}: outbound connection of ${source}`;
    this.checkMember(where, source);
    this.checkConnection(where, stated, peers);
    const everything = peers.find(peer => isUnbounded(peer.toPeer(), this.around(source)));
    if (everything && !this.props.dmz?.includes(source)) {
      throw new Error(`${where}: ${everything.toPeer()} is no destination that is necessary (PCI DSS 1.3.2); name the destinations (ranges up to /16, or /32 of IPv6), state a network of your own in trustedCidrs, or let a member of the DMZ connect to them`);
    }
    for (const peer of peers) {
      for (const port of ports) { source.connections.allowTo(peer, port, this.why(stated)); }
    }
  }

  private why({ because, owner, ticket, reviewBy = this.props.reviewBy }: CardholderConnection): Justification {
    return { because, owner, ticket, reviewBy };
  }

  private checkMembers(): void {
    const { members, dmz = [], storage = [] } = this.props;
    if (members.length === 0) { throw new Error(`${this.path}: no members are stated; state the workloads that store, process or transmit account data`); }
    const external = members.find(({ isExternal }) => isExternal);
    if (external) { throw new Error(`${this.path}: ${external} is of another app, and an app writes its own policies only; state the environment in the app that holds it`); }
    for (const [name, list] of Object.entries({ dmz, storage })) {
      for (const workload of list) { this.checkMember(`${this.path}: ${name}`, workload); }
    }
    const both = storage.find(workload => dmz.includes(workload));
    if (both) { throw new Error(`${this.path}: ${both} stores account data, and must not be accessible from untrusted networks (PCI DSS 1.4.4); leave it out of dmz`); }
  }

  private checkMember(where: string, workload: Workload): void {
    if (!this.props.members.includes(workload)) { throw new Error(`${where}: ${workload} is no member; state it in members, or as a peer`); }
  }

  private checkConnection(where: string, stated: CardholderConnection, peers?: readonly IPeer[]): void {
    const { ports, because, reviewBy } = stated;
    if (peers?.length === 0) { throw new Error(`${where} names no peers, which never means all of them; name at least one`); }
    if (ports.length === 0) { throw new Error(`${where} names no ports, which never means all of them; name at least one`); }
    const problem = portsProblem(ports);
    if (problem) { throw new Error(`${where}: ${problem}`); }
    // Callers from other languages and plain JavaScript are not held to the type by a compiler.
    if (typeof because !== 'string' || because.trim() === '') { throw new Error(`${where} has no business need (PCI DSS 1.2.5); state because`); }
    justified(this.why(stated), () => where);
    // Days are written so that their texts have their order.
    if (reviewBy !== undefined && reviewBy > this.props.reviewBy) {
      throw new Error(`${where}: reviewBy ${JSON.stringify(reviewBy)} is later than that of the environment, ${this.props.reviewBy}, by which all of it must be reviewed (PCI DSS 1.2.7); state an earlier day, or leave it out`);
    }
  }

  private around({ namespace }: Workload): Surroundings {
    return { facts: this.facts, namespace, trusted: this.trusted };
  }

  private trustedRanges(): string[] {
    const ranges = (this.props.trustedCidrs ?? []).map(parseCidr);
    const problem = ranges.map(trustedProblem).find(found => found !== undefined);
    if (problem) { throw new Error(`${this.path}: trustedCidrs ${problem}`); }
    return ranges;
  }

  /** In the policies of members: those that connect to nothing have no DNS, and pods that nobody has stated neither. */
  private limitDns(): void {
    const { members, dnsNames, clusterDomain = 'cluster.local' } = this.props;
    if (!dnsNames) { return; }
    const problem = dnsSubdomainProblem('clusterDomain', clusterDomain);
    if (problem) { throw new Error(`${this.path}: ${problem}`); }
    const statements = Statements.of(this);
    // The cluster's DNS answers for its own domain, so that no name below it leaves the cluster.
    const names = [...new Set([...checkedDnsNames(dnsNames, this.path), ...namesBelow(clusterDomain, this.facts)])];
    for (const member of members) { statements.statementOf(member)?.limitDns(names); }
    statements.touch();
  }

  /** What this app opens in the namespaces without saying why. */
  private unjustified(): string[] {
    const statements = Statements.of(this);
    // What cannot be compiled is reported there. Until it is compiled, nobody knows what the app states.
    if (statements.errors.length > 0) { return []; }
    return [...new Set(this.namespaces.flatMap(namespace => {
      const { problems, unreasoned } = openedWithoutReason(statements, namespace, this.facts);
      return [
        ...problems.map(problem => `${this.path}: ${problem}`),
        ...unreasoned.map(({ text, fix }) => `${this.path}: ${text} in a namespace of the cardholder data environment, and does not say why (PCI DSS 1.2.5); ${fix}`),
      ];
    }))];
  }
}
