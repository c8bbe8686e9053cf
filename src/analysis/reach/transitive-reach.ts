import { ReachGraph } from './reach-graph';
import { strongComponents } from './strong-components';
import { Analysis } from '../analysis';
import type { PartyConnection } from '../connections/connections';
import type { ReachOf } from '../connections/reach-change';

/** How many other workloads each workload may reach, directly or by way of others. */
export const transitiveReach: ReachOf = (_analysis, connections) => reachSizes(destinationsIn(connections));

/** As `transitiveReach` where only some of the connections are at hand: they lead on over all that there are. */
export const transitiveReachOfSome: ReachOf = (analysis, connections) => {
  const sizes = reachSizes(destinationsOf(analysis));
  const asked = new Set(connections.flatMap(({ from, source }) => (from.workload ? [source] : [])));
  return new Map([...sizes].filter(([workload]) => asked.has(workload)));
};

function destinationsIn(connections: readonly PartyConnection[]): Map<string, string[]> {
  const destinations = new Map<string, string[]>();
  for (const { from, to, source, destination } of connections) {
    if (!from.workload || !to.workload) { continue; }
    const known = destinations.get(source);
    if (known) { known.push(destination); } else { destinations.set(source, [destination]); }
  }
  return destinations;
}

function destinationsOf(analysis: Analysis): Map<string, string[]> {
  const graph = ReachGraph.of(analysis);
  return new Map(analysis.parties.map(({ text }) => [text, graph.from(text).flatMap(({ to, destination }) => (to.workload ? [destination] : []))]));
}

/** Those that reach each other reach the same: one search for all of them. */
function reachSizes(destinations: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const names = [...new Set([...destinations.keys(), ...[...destinations.values()].flat()])];
  const numbers = new Map(names.map((name, index) => [name, index]));
  const edges = names.map(name => (destinations.get(name) ?? []).map(other => numbers.get(other)!));
  const components = strongComponents(edges);
  const componentOf = new Int32Array(names.length);
  components.forEach((members, index) => members.forEach(member => { componentOf[member] = index; }));
  const next = components.map(members => [...new Set(members.flatMap(member => edges[member].map(other => componentOf[other])))]);
  const seenBy = new Int32Array(components.length).fill(-1);
  const sizes = new Map<string, number>();
  components.forEach((members, start) => {
    let size = 0;
    const open = [start];
    seenBy[start] = start;
    for (let component = open.pop(); component !== undefined; component = open.pop()) {
      size += components[component].length;
      for (const other of next[component]) {
        if (seenBy[other] !== start) { seenBy[other] = start; open.push(other); }
      }
    }
    for (const member of members) { sizes.set(names[member], size - 1); }
  });
  return new Map([...sizes].filter(([, size]) => size > 0));
}
