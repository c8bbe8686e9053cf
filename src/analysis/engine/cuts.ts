import { CompiledRule } from './compiled-policy';
import { comparePositions, FAMILIES, intervalsOf, Position } from './positions';
import { InRanges, Term } from './terms';
import { Endpoint } from '../../model/match';
import { ALL_PORTS, inRanges, PROTOCOL_NUMBERS, ProtocolName, TrafficBox } from '../../model/traffic';

/** Where answers can change along the ports, and along the addresses. */

/** The first ports of stretches of 1 to 65535 within which no rule tells ports apart; sorted. */
export function portCuts(rules: Iterable<CompiledRule>, destination: Endpoint, protocol: ProtocolName): readonly number[] {
  const cuts = new Set([1]);
  for (const { traffic } of rules) {
    for (const box of traffic.boxes) {
      if (inRanges(box.protocols, PROTOCOL_NUMBERS[protocol])) { addPorts(cuts, box, destination); }
    }
  }
  return [...cuts].filter(port => port >= 1 && port <= ALL_PORTS[1]).sort((a, b) => a - b);
}

function addPorts(cuts: Set<number>, { destinationPorts: set }: TrafficBox, { ports = [] }: Endpoint): void {
  if (!set) { return; }
  for (const [first, last] of set.ranges) { cuts.add(first).add(last + 1); }
  const names = [...set.names, ...set.exceptNames ?? []];
  for (const { name, port } of names.length === 0 ? [] : ports) {
    if (name !== undefined && names.includes(name)) { cuts.add(port).add(port + 1); }
  }
}

/** The first addresses of stretches within which no range of the terms ends, of both families; sorted. */
export function addressCuts(ranges: Iterable<InRanges>): readonly Position[] {
  const cuts = new Set<Position>([FAMILIES[4].first, FAMILIES[6].first]);
  for (const { cidrs } of ranges) {
    for (const { first, end } of cidrs.flatMap(cidr => intervalsOf([cidr]))) { cuts.add(first).add(end); }
  }
  cuts.delete(FAMILIES[4].end);
  cuts.delete(FAMILIES[6].end);
  return [...cuts].sort(comparePositions);
}

/** The ranges in a term. */
export function rangesIn(term: Term): InRanges[] {
  return term instanceof InRanges ? [term] : term.parts().flatMap(rangesIn);
}
