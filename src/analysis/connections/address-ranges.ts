import * as ipaddr from 'ipaddr.js';
import { boundsOf, Family, familyOf } from '../../model/cidr';
import { Cidr } from '../../model/endpoint';

/** All addresses of one family from the first to the last, both included. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

const LAST: Readonly<Record<Family, bigint>> = { 4: 2n ** 32n - 1n, 6: 2n ** 128n - 1n };

/** The addresses of a family, cut wherever one of the sets begins or ends: the addresses of one range are in the same sets. */
export function partition(family: Family, sets: readonly Cidr[]): AddressRange[] {
  const starts = new Set<bigint>([0n]);
  for (const set of sets) {
    if (familyOf(set.cidr) !== family) { continue; }
    for (const { first, last } of rangesOf(set)) {
      starts.add(first);
      if (last < LAST[family]) { starts.add(last + 1n); }
    }
  }
  const sorted = [...starts].sort(compare);
  return sorted.map((first, i) => ({ family, first, last: i + 1 < sorted.length ? sorted[i + 1] - 1n : LAST[family] }));
}

/** A range without its holes. Holes that touch are one hole, so that there is no border between them. */
export function rangesOf({ cidr, except }: Cidr): AddressRange[] {
  const whole = rangeOf(cidr);
  const found: AddressRange[] = [];
  let next = whole.first;
  for (const hole of except.map(rangeOf).sort((a, b) => compare(a.first, b.first))) {
    if (hole.first > next) { found.push({ ...whole, first: next, last: hole.first - 1n }); }
    if (hole.last >= next) { next = hole.last + 1n; }
  }
  if (next <= whole.last) { found.push({ ...whole, first: next }); }
  return found;
}

export function rangeOf(cidr: string): AddressRange {
  const [first, last] = boundsOf(cidr);
  return { family: familyOf(cidr), first: numberOf(first), last: numberOf(last) };
}

export const addressText = (family: Family, address: bigint): string => {
  const length = family === 4 ? 4 : 16;
  const bytes = Array.from({ length }, (_, i) => Number(BigInt.asUintN(8, address / 256n ** BigInt(length - 1 - i))));
  return ipaddr.fromByteArray(bytes).toString();
};

/** Such as `10.0.0.0-10.255.255.255`. */
export const rangeText = ({ family, first, last }: AddressRange): string => `${addressText(family, first)}-${addressText(family, last)}`;

export const numberOf = (address: string): bigint => ipaddr.parse(address).toByteArray().reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
