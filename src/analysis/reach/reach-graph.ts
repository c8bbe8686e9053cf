import { Edge, Passing, PASSING } from './closure';
import { Landmark, landmarks } from './landmarks';
import { PROTOCOL_NUMBERS, Range } from '../../model/traffic';
import { Analysis } from '../analysis';
import { ConnectionSet, hasNoPorts, NO_CONNECTIONS, PORT_PROTOCOLS, PortProtocol, Ports } from '../connections/connection-set';
import { connectionText } from '../connections/connection-text';
import { connections } from '../connections/connections';
import { Party, Traffic } from '../party';

/** A connection that is not denied, with its ends. */
export interface ReachEdge extends Edge {
  readonly to: Party;
  /** Such as `TCP 8080`. */
  readonly what: string;
  /** One flow of it, for which the answer is that of the edge. */
  readonly example: Traffic;
  readonly landmark?: Landmark;
}

const GRAPHS = new WeakMap<Analysis, ReachGraph>();

/** Who gets to whom with one connection. Addresses outside are ends of it, and no starts. */
export class ReachGraph {
  public static of(analysis: Analysis): ReachGraph {
    let graph = GRAPHS.get(analysis);
    if (!graph) { GRAPHS.set(analysis, graph = new ReachGraph(analysis)); }
    return graph;
  }

  private readonly bySource = new Map<string, ReachEdge[]>();
  private readonly landmarks: readonly Landmark[];
  private readonly toLandmarks = new Map<string, readonly ReachEdge[]>();
  private readonly workloads: ReadonlyMap<string, Party>;

  private constructor(private readonly analysis: Analysis) {
    this.workloads = new Map(analysis.parties.map(party => [party.text, party]));
    this.landmarks = landmarks(analysis);
    for (const { from, to, set } of connections(analysis)) {
      if (!from.workload) { continue; }
      const edges = this.bySource.get(from.text);
      const edge = edgeOf(to, set);
      if (edges) { edges.push(edge); } else { this.bySource.set(from.text, [edge]); }
    }
  }

  /** Between workloads, and to what is outside. */
  public from(end: string): readonly ReachEdge[] {
    return this.bySource.get(end) ?? [];
  }

  /** Also to what the manifests need not hold. */
  public fromWithLandmarks(end: string): readonly ReachEdge[] {
    let found = this.toLandmarks.get(end);
    if (!found) {
      const source = this.workloads.get(end);
      found = [...this.from(end), ...source ? this.landmarks.flatMap(landmark => landmarkEdge(this.analysis, source, landmark) ?? []) : []];
      this.toLandmarks.set(end, found);
    }
    return found;
  }
}

function edgeOf(to: Party, set: ConnectionSet): ReachEdge {
  const answer = PASSING.find(kind => !hasNoPorts(set[kind]))!;
  return { destination: to.text, to, answer, what: textOf(answer, set[answer]), example: exampleOf(set[answer], to) };
}

const textOf = (answer: Passing, ports: Ports): string => connectionText({ ...NO_CONNECTIONS, [answer]: ports });

/** A port on which the workload listens, where one is among them; else the first. */
function exampleOf(ports: Ports, { workload }: Party): Traffic {
  const own = workload?.ports.find(({ port, protocol }) => (ports[protocol] ?? []).some(([first, last]) => port >= first && port <= last));
  if (own) { return { protocol: PROTOCOL_NUMBERS[own.protocol], port: own.port }; }
  const protocol: PortProtocol = ports.TCP ? 'TCP' : PORT_PROTOCOLS.find(other => ports[other])!;
  return { protocol: PROTOCOL_NUMBERS[protocol], port: ports[protocol]![0][0] };
}

function landmarkEdge(analysis: Analysis, source: Party, landmark: Landmark): ReachEdge | undefined {
  const { party: to, protocol, ports } = landmark;
  // An address of a family that the source has not is no place that it gets to.
  if (analysis.meetings(source, to).length === 0) { return undefined; }
  const traffic = (port: number): Traffic => ({ protocol: PROTOCOL_NUMBERS[protocol], port });
  const answers = ports.map(port => ({ port, answer: analysis.answer(source, to, traffic(port)) }));
  const answer = PASSING.find(kind => answers.some(each => each.answer === kind));
  if (answer === undefined) { return undefined; }
  const best = answers.filter(each => each.answer === answer).map(({ port }): Range => [port, port]);
  return { destination: to.text, to, answer, what: textOf(answer, { [protocol]: best }), example: traffic(best[0][0]), landmark };
}
