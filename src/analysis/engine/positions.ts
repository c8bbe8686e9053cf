import * as ipaddr from 'ipaddr.js';
import { ipv4Bytes } from '../../model/cidr';
import { Cidr } from '../../model/endpoint';

/**
 * All addresses on one line: those of IPv4 as numbers from 0, those of IPv6 as big integers behind them. The two compare as they are.
 */
export type Position = number | bigint;

/** From the first position to before the last. */
export interface Interval {
  readonly first: Position;
  readonly end: Position;
}

const IPV4_SIZE = 2 ** 32;
/** A multiple of every size of a range. */
const IPV6_FIRST = 2n ** 128n;

export const FAMILIES: Readonly<Record<4 | 6, Interval>> = {
  4: { first: 0, end: IPV4_SIZE },
  6: { first: IPV6_FIRST, end: 2n * IPV6_FIRST },
};

export function positionOf(address: string): Position {
  const bytes = ipv4Bytes(address) ?? ipaddr.parse(address).toByteArray();
  return bytes.length === 4
    ? bytes.reduce((all, byte) => all * 256 + byte, 0)
    : bytes.reduce((all, byte) => all * 256n + BigInt(byte), 1n);
}

export function addressAt(position: Position): string {
  const bytes: number[] = [];
  for (let i = 0, rest = position; i < (typeof position === 'number' ? 4 : 16); i++) {
    bytes.unshift(Number(BigInt.asUintN(8, BigInt(rest))));
    rest = typeof rest === 'number' ? Math.floor(rest / 256) : rest / 256n;
  }
  return ipaddr.fromByteArray(bytes).toString();
}

export const before = (position: Position): Position => (typeof position === 'number' ? position - 1 : position - 1n);

export const comparePositions = (a: Position, b: Position): number => (a < b ? -1 : a > b ? 1 : 0);

export interface Prefix extends Interval {
  readonly length: number;
}

export function prefixOf(cidr: string): Prefix {
  const slash = cidr.indexOf('/');
  const length = Number(cidr.slice(slash + 1));
  return prefixAt(positionOf(cidr.slice(0, slash)), length);
}

/** The range of this length that a position is in. */
export function prefixAt(position: Position, length: number): Prefix {
  if (typeof position === 'number') {
    const size = 2 ** (32 - length);
    const first = position - position % size;
    return { length, first, end: first + size };
  }
  const size = 2n ** BigInt(128 - length);
  const first = position - position % size;
  return { length, first, end: first + size };
}

/** Sorted and disjoint, without what only holes hold. */
export function intervalsOf(cidrs: readonly Cidr[]): Interval[] {
  const intervals = cidrs.flatMap(({ cidr, except }) => withoutHoles(prefixOf(cidr), except.map(prefixOf)));
  const joined: { first: Position; end: Position }[] = [];
  for (const { first, end } of intervals.sort((a, b) => comparePositions(a.first, b.first))) {
    const previous = joined[joined.length - 1];
    if (previous && first <= previous.end) {
      if (end > previous.end) { previous.end = end; }
    } else {
      joined.push({ first, end });
    }
  }
  return joined;
}

function withoutHoles(whole: Interval, holes: Interval[]): Interval[] {
  const parts: Interval[] = [];
  let next = whole.first;
  for (const { first, end } of holes.sort((a, b) => comparePositions(a.first, b.first))) {
    if (first >= whole.end) { break; }
    if (first > next) { parts.push({ first: next, end: first }); }
    if (end > next) { next = end; }
  }
  if (next < whole.end) { parts.push({ first: next, end: whole.end }); }
  return parts;
}

/** Whether one of the sorted, disjoint intervals holds a position. */
export function holds(intervals: readonly Interval[], position: Position): boolean {
  let [low, high] = [0, intervals.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (intervals[middle].end <= position) { low = middle + 1; } else { high = middle; }
  }
  return low < intervals.length && intervals[low].first <= position;
}
