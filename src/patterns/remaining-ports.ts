import { Port } from '../constructs/port';
import { complementRanges, inRanges, isAllTraffic, portProtocols, Range, TrafficBox } from '../model/traffic';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
type WithPorts = (typeof PROTOCOLS)[number];
const EVERY_PORT: Range = [1, 65535];

/** Ports by number. `all` is every traffic, also that without ports. */
export type Spans = 'all' | Readonly<Record<WithPorts, readonly Range[]>>;

/** The messages of ICMP that ask for an answer, or for help; all others answer something, or report it. */
const REQUESTS: readonly Port[] = [
  ...[8, 10, 13, 15, 17].map(type => Port.icmp(type)),
  ...[128, 133, 139].map(type => Port.icmpv6(type)),
];

/** Undefined where a port is not known by its number, or has conditions. */
export function spansOf(port: Port): Spans | undefined {
  if (isAllTraffic(port._traffic)) { return 'all'; }
  const spans: Record<WithPorts, Range[]> = { TCP: [], UDP: [], SCTP: [] };
  for (const box of port._traffic) {
    const protocols = plainly(box) ? portProtocols(box) : undefined;
    if (!protocols) { return undefined; }
    for (const protocol of protocols) { spans[protocol as WithPorts].push(...(box.destinationPorts?.ranges ?? [EVERY_PORT])); }
  }
  return spans;
}

const plainly = ({ destinationPorts, sourcePorts, icmp, ipVersion, l7, serverNames }: TrafficBox): boolean =>
  !sourcePorts && !icmp && !ipVersion && !l7 && !serverNames && (destinationPorts?.names ?? []).length === 0;

/** Some of the traffic that one permit does not open, with the other permits that do. */
export interface Remaining {
  readonly port: Port;
  readonly openedBy: readonly number[];
}

/**
 * What `own` leaves closed, by which of `others` opens it.
 * @param others what else is open to some of the same peers
 */
export function remainingPorts(own: Spans, others: readonly Spans[]): Remaining[] {
  if (own === 'all') { return []; }
  const parts = new Map<string, { readonly openedBy: readonly number[]; readonly ports: Port[] }>();
  const add = (openedBy: readonly number[], ...ports: readonly Port[]): void => {
    const key = openedBy.join();
    const part = parts.get(key) ?? { openedBy, ports: [] };
    parts.set(key, part);
    part.ports.push(...ports);
  };
  for (const protocol of PROTOCOLS) {
    for (const range of cut(complementRanges(own[protocol], EVERY_PORT), others.flatMap(other => (other === 'all' ? [] : other[protocol])))) {
      add(indicesOf(others, other => other === 'all' || inRanges(other[protocol], range[0])), portOf(protocol, range));
    }
  }
  add(indicesOf(others, other => other === 'all'), ...REQUESTS);
  return [...parts.values()].map(({ openedBy, ports }) => ({ openedBy, port: Port.oneOf(...ports) }));
}

const indicesOf = <T>(items: readonly T[], wanted: (item: T) => boolean): number[] => items.flatMap((item, i) => (wanted(item) ? [i] : []));

/** The ranges in pieces, each of which is inside or outside of each of `by`. */
function cut(ranges: readonly Range[], by: readonly Range[]): Range[] {
  const starts = [...new Set(by.flatMap(([first, last]) => [first, last + 1]))].sort((a, b) => a - b);
  return ranges.flatMap(([first, last]) => {
    const inside = [first, ...starts.filter(start => start > first && start <= last)];
    return inside.map((start, i): Range => [start, i + 1 < inside.length ? inside[i + 1] - 1 : last]);
  });
}

function portOf(protocol: WithPorts, [first, last]: Range): Port {
  if (first === EVERY_PORT[0] && last === EVERY_PORT[1]) { return { TCP: Port.allTcp(), UDP: Port.allUdp(), SCTP: Port.allSctp() }[protocol]; }
  switch (protocol) {
    case 'TCP': return Port.tcpRange(first, last);
    case 'UDP': return Port.udpRange(first, last);
    default: return Port.sctpRange(first, last);
  }
}
