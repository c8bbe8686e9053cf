import { IPeer, Peer } from './peer';
import { StatedRule } from './policy-statement';
import { Port } from './port';
import { Statements } from './statements';
import type { Workload } from './workload';
import { Direction } from '../model/policy-set';

/** Options of one connection. */
export interface ConnectionOptions {
  /**
   * Whether the connection passes only after both ends have proven who they are, by mutual authentication with SPIRE (beta). Needs Cilium
   * with the option `mutualAuthentication`.
   * @default false
   * @see https://docs.cilium.io/en/stable/network/servicemesh/mutual-authentication/mutual-authentication/
   */
  readonly mutualAuthentication?: boolean;
}

/** Options of `Connections.isolate`. */
export interface IsolateOptions {
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
 * What a workload may talk to. Each statement isolates the workload in its direction: all else that way is closed.
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
   * Closes the workload for all that is not stated, in both directions unless one is declined.
   *
   * @param options which directions, and whether DNS stays open where egress is closed
   * @throws when the namespace is not known
   */
  public isolate(options: IsolateOptions = {}): void {
    const statements = Statements.of(this.workload._chart);
    if (options.ingress ?? true) { statements.isolate(this.workload, 'ingress', false); }
    if (options.egress ?? true) { statements.isolate(this.workload, 'egress', options.dns ?? this.workload._dns); }
  }

  /** Both ends are stated, or, when one cannot be, neither. */
  private edge(direction: Direction, peer: Peer, port: Port, { mutualAuthentication: authenticated = false }: ConnectionOptions): void {
    const statements = Statements.of(this.workload._chart);
    const others = peer._workloads.filter(other => !other.isExternal);
    const { root } = this.workload._chart.node;
    const foreign = others.find(other => other._chart.node.root !== root);
    if (foreign) { throw new Error(`${this.workload} and ${foreign} are of different apps, and an app writes its own policies only; name the other app's pods by Workload.external(...), in each app`); }
    for (const { namespace } of [this.workload, ...others]) { void namespace; }
    const conditional = authenticated || port._hasConditions;
    const own = conditional ? ownEnds(direction, peer, port, authenticated) : [allow(peer, port)];
    for (const rule of own) { statements.edge(this.workload, direction, rule); }
    for (const other of others) {
      const rule = conditional ? otherEnd(direction, this.workload, port, authenticated) : allow(this.workload.toPeer(), port);
      statements.edge(other, opposite(direction), rule);
    }
  }
}

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
