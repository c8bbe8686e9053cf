import { containsCidr, halvesOf, minimalCidrs, overlaps } from '../../model/cidr';
import { Conjunction } from '../../model/dnf';
import { isCidr } from '../dialect';

/** `networks` are alternatives without exceptions: a range with holes is written as what is left of it. */

/** Every address of both families. */
export const EVERYWHERE: readonly string[] = ['0.0.0.0/0', '::/0'];

/**
 * The addresses of which all literals on ranges are true, as ranges that do not overlap.
 * @returns nothing where the conjunction does not say which ranges are meant
 */
export function rangesOf(conjunction: Conjunction): readonly string[] | undefined {
  const literals = conjunction.flatMap(({ atom, negated }) => (isCidr(atom) ? [{ ...atom, negated }] : []));
  if (!literals.some(({ negated }) => !negated)) { return undefined; }
  let left: readonly string[] = EVERYWHERE;
  for (const { cidr, except, negated } of literals) {
    left = negated
      // Outside of the range, or in one of its holes.
      ? [...without(left, [cidr]), ...except.flatMap(hole => within(within(left, cidr), hole))]
      : without(within(left, cidr), except);
  }
  return minimalCidrs(left);
}

/** Ranges nest or are disjoint, so that what two have in common is the smaller one. */
const within = (ranges: readonly string[], cidr: string): string[] =>
  ranges.flatMap(range => (containsCidr(cidr, range) ? [range] : containsCidr(range, cidr) ? [cidr] : []));

const without = (ranges: readonly string[], holes: readonly string[]): string[] => ranges.flatMap(range => carve(range, holes));

/** Halves the range until each half is a hole, or has none: at most 128 halves for each hole. */
function carve(range: string, holes: readonly string[]): string[] {
  const own = holes.filter(hole => overlaps(hole, range));
  if (own.length === 0) { return [range]; }
  return own.some(hole => containsCidr(hole, range)) ? [] : halvesOf(range).flatMap(half => carve(half, own));
}
