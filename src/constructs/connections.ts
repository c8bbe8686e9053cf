import { stateDeny } from './deny';
import { Justification, justified } from './justification';
import { IPeer, Peer } from './peer';
import { StatedRule } from './policy-statement';
import { Port } from './port';
import { Precedence } from './precedence';
import { Statements } from './statements';
import type { Workload } from './workload';
import { Direction, DIRECTIONS } from '../model/policy-set';

/** Options of one connection. */
export interface ConnectionOptions extends Justification {
  /**
   * Whether the connection passes only after both ends have proven who they are, by mutual authentication with SPIRE (beta). Needs Cilium
   * with the option `mutualAuthentication`.
   * @default false
   * @see https://docs.cilium.io/en/stable/network/servicemesh/mutual-authentication/mutual-authentication/
   */
  readonly mutualAuthentication?: boolean;
}

/** Options of what a workload may not talk to. */
export interface DenyOptions extends Justification {
  /**
   * Whether it wins over what policies allow, or holds only where none allows.
   * @default Precedence.BEFORE
   */
  readonly precedence?: Precedence;
}

/** Options of `Connections.isolate`; a reason is said of the workload's policy. */
export interface IsolateOptions extends Justification {
  /**
   * Whether ingress is closed.
   * @default true
   */
  readonly ingress?: boolean;
  /**
   * Whether egress is closed.
   * @default true
   */
  readonly egress?: boolean;
  /**
   * Whether DNS stays open where egress is closed.
   * @default - as the workload was made, else true
   */
  readonly dns?: boolean;
}

/**
 * What a workload may talk to, and what it may not. Each statement that allows isolates the workload in its direction: all else that way is closed.
 * One that denies isolates nothing.
 *
 * An edge between two workloads of this app is written at both ends: egress at the source, ingress at the destination.
 * What isolates egress brings DNS along, unless the workload was made with `dns: false`. The same edge twice is one edge.
 */
export class Connections {
  /** @internal */
  public constructor(private readonly workload: Workload) {}

  /**
   * The workload may connect to `peer` on `port`. Isolates the workload's egress.
   *
   * @param peer what it may connect to
   * @param port the port of the pods that are connected to, not of a Service
   * @param options what else must hold
   * @throws when the namespace of an end is not known, or a workload is of another app
   */
  public allowTo(peer: IPeer, port: Port, options: ConnectionOptions = {}): void {
    this.edge('egress', peer.toPeer(), port, options);
  }

  /**
   * `peer` may connect to the workload on `port`. Isolates the workload's ingress.
   *
   * @param peer what may connect
   * @param port the port of this workload's pods, not of a Service
   * @param options what else must hold
   * @throws when the namespace of an end is not known, or a workload is of another app
   */
  public allowFrom(peer: IPeer, port: Port, options: ConnectionOptions = {}): void {
    this.edge('ingress', peer.toPeer(), port, options);
  }

  /**
   * The pods of the workload may connect to each other on `port`. Isolates the workload in both directions.
   *
   * @param port the port of its pods
   * @param options what else must hold
   * @throws when the namespace is not known
   */
  public allowInternally(port: Port, options: ConnectionOptions = {}): void {
    this.allowTo(this.workload, port, options);
  }

  /**
   * The workload may not connect to `peer` on `port`, whatever allows it. Isolates nothing: all else stays as it is. Written at both ends, where the
   * other end is a workload of this app. Not in plain Kubernetes, which has no deny: there, isolate the workload and allow what it needs.
   *
   * @param peer what it may not connect to
   * @param port the port of the pods that are connected to, not of a Service
   * @param options what it gives way to, and why
   * @throws when the namespace of an end is not known, a workload is of another app, or the port says more than ports
   * @see https://docs.cilium.io/en/stable/security/policy/deny/
   */
  public denyTo(peer: IPeer, port: Port, options: DenyOptions = {}): void {
    this.deny('egress', peer.toPeer(), port, options);
  }

  /**
   * `peer` may not connect to the workload on `port`, whatever allows it. Isolates nothing: all else stays as it is. Written at both ends, where the
   * other end is a workload of this app. Not in plain Kubernetes, which has no deny: there, isolate the workload and allow what it needs.
   *
   * @param peer what may not connect
   * @param port the port of this workload's pods, not of a Service
   * @param options what it gives way to, and why
   * @throws when the namespace of an end is not known, a workload is of another app, or the port says more than ports
   * @see https://docs.cilium.io/en/stable/security/policy/deny/
   */
  public denyFrom(peer: IPeer, port: Port, options: DenyOptions = {}): void {
    this.deny('ingress', peer.toPeer(), port, options);
  }

  /**
   * Closes the workload for all that is not stated, in both directions unless one is declined.
   *
   * @param options which directions, whether DNS stays open where egress is closed, and why
   * @throws when the namespace is not known, or another app holds the workload
   */
  public isolate(options: IsolateOptions = {}): void {
    if (this.workload.isExternal) {
      throw new Error(`${this.workload} in namespace ${this.workload.namespace} is of another app, and isolate() would close it for all that that app does not state here; isolate it in the app that holds it, or state a NetworkPolicy with it as subject`);
    }
    const statements = Statements.of(this.workload._chart);
    const closed = DIRECTIONS.filter(direction => options[direction] ?? true);
    const why = justified(options, () => `${this.workload}, isolation of ${closed.join(' and ')}`);
    for (const direction of closed) {
      statements.isolate(this.workload, direction, direction === 'egress' && (options.dns ?? this.workload._dns));
    }
    if (why && closed.length > 0) { statements.justify(this.workload, { statement: `isolation of ${closed.join(' and ')}`, ...why }); }
  }

  /** Both ends are stated, or, when one cannot be, neither. */
  private edge(direction: Direction, peer: Peer, port: Port, { mutualAuthentication: authenticated = false, ...options }: ConnectionOptions): void {
    const statements = Statements.of(this.workload._chart);
    const others = this.otherEnds(peer);
    const why = this.reasons(direction, peer, port, options);
    const conditional = authenticated || port._hasConditions;
    const own = conditional ? ownEnds(direction, peer, port, authenticated) : [allow(peer, port)];
    for (const rule of own) { statements.edge(this.workload, direction, { ...rule, ...why }); }
    for (const other of others) {
      const rule = conditional ? otherEnd(direction, this.workload, port, authenticated) : allow(this.workload.toPeer(), port);
      statements.edge(other, opposite(direction), { ...rule, ...why });
    }
  }

  private deny(direction: Direction, peer: Peer, port: Port, { precedence = Precedence.BEFORE, ...options }: DenyOptions): void {
    if (!Object.values(Precedence).includes(precedence)) {
      throw new Error(`${this.workload}: precedence ${JSON.stringify(precedence)} is not known; use one of ${Object.values(Precedence).join(', ')}`);
    }
    if (port._hasConditions) {
      throw new Error(`${this.workload}, ${direction} ${sideOf(direction)} ${peer} on ${port}: a deny is about ports, and never about requests or names; leave the conditions out, or allow only the requests that are meant`);
    }
    const others = this.otherEnds(peer);
    const why = this.reasons(direction, peer, port, options);
    const mirrors = stateDeny(this.workload, { direction, peer, port, precedence, ...why });
    const mirrored = { direction: opposite(direction), peer: this.workload.toPeer(), port, precedence, mirrors, ...why };
    for (const other of others) { stateDeny(other, mirrored); }
  }

  /**
   * The workloads at the other end that this app writes policies for.
   * @throws when they are of another app, or a namespace is not known
   */
  private otherEnds(peer: Peer): Workload[] {
    const others = peer._workloads.filter(other => !other.isExternal);
    const { root } = this.workload._chart.node;
    const foreign = others.find(other => other._chart.node.root !== root);
    if (foreign) { throw new Error(`${this.workload} and ${foreign} are of different apps, and an app writes its own policies only; name the other app's pods by Workload.external(...), in each app`); }
    for (const { namespace } of [this.workload, ...others]) { void namespace; }
    return others;
  }

  private reasons(direction: Direction, peer: Peer, port: Port, options: Justification): Pick<StatedRule, 'justifications'> {
    const why = justified(options, () => `${this.workload}, ${direction} ${sideOf(direction)} ${peer} on ${port}`);
    return why ? { justifications: [why] } : {};
  }
}

const sideOf = (direction: Direction): string => (direction === 'ingress' ? 'from' : 'to');

const opposite = (direction: Direction): Direction => (direction === 'egress' ? 'ingress' : 'egress');
const oneOf = (peers: readonly Peer[]): Peer => (peers.length === 1 ? peers[0] : Peer.oneOf(...peers));
const allow = (peer: Peer, port: Port, authenticated?: boolean): StatedRule =>
  (authenticated ? { action: 'allow', peer, port, authenticated } : { action: 'allow', peer, port });

/**
 * Conditions are looked at once, where the connection arrives. Only where this app does not write that end do they stand where it begins.
 */
function ownEnds(direction: Direction, peer: Peer, port: Port, authenticated: boolean): StatedRule[] {
  if (direction === 'ingress') { return [allow(peer, port, authenticated)]; }
  const written = peer._parts.filter(({ _workload: other }) => other !== undefined && !other.isExternal);
  const others = peer._parts.filter(part => !written.includes(part));
  return [
    ...(written.length > 0 ? [allow(oneOf(written), port._withoutConditions)] : []),
    ...(others.length > 0 ? [allow(oneOf(others), port, authenticated)] : []),
  ];
}

const otherEnd = (direction: Direction, workload: Workload, port: Port, authenticated: boolean): StatedRule =>
  (direction === 'egress' ? allow(workload.toPeer(), port, authenticated) : allow(workload.toPeer(), port._withoutConditions));
