import { HttpMatch } from './http';

/** What travels: an OR of boxes over protocol, ports, ICMP, IP version and layer 7. */

/** Inclusive. */
export type Range = readonly [number, number];

export const PROTOCOL_NUMBERS = { ICMP: 1, TCP: 6, UDP: 17, ICMPv6: 58, SCTP: 132, UDPLite: 136 } as const;
export type ProtocolName = keyof typeof PROTOCOL_NUMBERS;

const NAMES = new Map<number, string>(Object.entries(PROTOCOL_NUMBERS).map(([name, number]) => [number, name]));

/** Undefined for one that has a number only. */
export const protocolName = (protocol: number): string | undefined => NAMES.get(protocol);

export const ALL_PORTS: Range = [0, 65535];
const EVERY_PROTOCOL: Range = [0, 255];

export interface PortSet {
  readonly ranges: readonly Range[];
  /** Resolved on the container ports of the end whose ports these are. */
  readonly names: readonly string[];
  /** Names that a negation leaves out; names cannot be complemented by the reader. */
  readonly exceptNames?: readonly string[];
}

export interface IcmpType {
  readonly type: number;
  readonly code?: number;
}

/** Layer 7 restrictions of a box: a match of the box then allows only some requests. */
export type L7 =
  /** OR. */
  | { readonly http: readonly HttpMatch[] }
  /** Names that may be asked for, with wildcards. */
  | { readonly dns: readonly string[] }
  /** A protocol that is known by name only, such as `kafka`; which requests pass is not known. */
  | { readonly opaque: string; readonly value: unknown };

export interface TrafficBox {
  /** IP protocol numbers. */
  readonly protocols: readonly Range[];
  readonly sourcePorts?: PortSet;
  /** Absent: every port. */
  readonly destinationPorts?: PortSet;
  readonly icmp?: readonly IcmpType[];
  readonly ipVersion?: 4 | 6;
  readonly l7?: L7;
  /** Names of the TLS handshake (SNI), with wildcards; OR. */
  readonly serverNames?: readonly string[];
}

export const ALL_TRAFFIC: readonly TrafficBox[] = [{ protocols: [EVERY_PROTOCOL] }];

export const allOfProtocol = (protocol: ProtocolName): TrafficBox => {
  const number = PROTOCOL_NUMBERS[protocol];
  return { protocols: [[number, number]] };
};

export const portRange = (protocol: ProtocolName, first: number, last: number = first): TrafficBox =>
  ({ ...allOfProtocol(protocol), destinationPorts: { ranges: [[first, last]], names: [] } });

export const namedPort = (protocol: ProtocolName, name: string): TrafficBox =>
  ({ ...allOfProtocol(protocol), destinationPorts: { ranges: [], names: [name] } });

export const coversEveryProtocol = (box: TrafficBox): boolean =>
  mergeRanges(box.protocols).some(([first, last]) => first <= EVERY_PROTOCOL[0] && last >= EVERY_PROTOCOL[1]);

export const isAllTraffic = (traffic: readonly TrafficBox[]): boolean =>
  traffic.some(box => coversEveryProtocol(box)
    && !box.destinationPorts && !box.sourcePorts && !box.icmp && !box.ipVersion && !box.l7 && !box.serverNames);

/** Whether the ports of `outer` surely hold all traffic of `inner`, box by box. What has conditions covers nothing. */
export const coversTraffic = (outer: readonly TrafficBox[], inner: readonly TrafficBox[]): boolean =>
  inner.every(box => outer.some(candidate => coversBox(candidate, box)));

function coversBox(outer: TrafficBox, inner: TrafficBox): boolean {
  const { protocols, destinationPorts, ...conditions } = outer;
  if (Object.values(conditions).some(condition => condition !== undefined) || !coversRanges(protocols, inner.protocols)) { return false; }
  if (!destinationPorts) { return true; }
  const ports = inner.destinationPorts;
  return ports !== undefined && !destinationPorts.exceptNames && !ports.exceptNames && coversRanges(destinationPorts.ranges, ports.ranges)
    && ports.names.every(name => destinationPorts.names.includes(name));
}

const coversRanges = (outer: readonly Range[], inner: readonly Range[]): boolean => {
  const merged = mergeRanges(outer);
  return inner.every(([first, last]) => merged.some(([from, to]) => from <= first && last <= to));
};

export const inRanges = (ranges: readonly Range[], value: number): boolean => ranges.some(([first, last]) => value >= first && value <= last);

/** Such as `80` or `8000-8999`. */
export const rangeText = ([first, last]: Range): string => (first === last ? String(first) : `${first}-${last}`);

/** Sorted, disjoint, and touching ranges joined. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const merged: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const previous = merged[merged.length - 1];
    if (previous && first <= previous[1] + 1) {
      previous[1] = Math.max(previous[1], last);
    } else {
      merged.push([first, last]);
    }
  }
  return merged;
}

/** What `all` has and `ranges` have not. */
export function complementRanges(ranges: readonly Range[], all: Range): Range[] {
  const gaps: Range[] = [];
  let next = all[0];
  for (const [first, last] of mergeRanges(ranges)) {
    if (next > all[1]) { return gaps; }
    if (first > next) { gaps.push([next, Math.min(first - 1, all[1])]); }
    next = Math.max(next, last + 1);
  }
  if (next <= all[1]) { gaps.push([next, all[1]]); }
  return gaps;
}

/** The names of TCP, UDP and SCTP that a box is about; undefined when it is about anything else. */
export function portProtocols(box: TrafficBox): ProtocolName[] | undefined {
  const names: ProtocolName[] = [];
  for (const [first, last] of box.protocols) {
    const name = (['TCP', 'UDP', 'SCTP'] as const).find(candidate => first === PROTOCOL_NUMBERS[candidate] && last === first);
    if (!name) { return undefined; }
    names.push(name);
  }
  return names;
}
