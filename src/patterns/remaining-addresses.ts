import { containsCidr, familyOf, minimalCidrs, overlaps } from '../model/cidr';
import { Cidr } from '../model/endpoint';

const EVERY = { 4: '0.0.0.0/0', 6: '::/0' } as const;

/** Whether some address may be of both. */
export const shareAddresses = (a: Cidr, b: Cidr): boolean => overlaps(a.cidr, b.cidr)
  && !a.except.some(hole => containsCidr(hole, b.cidr)) && !b.except.some(hole => containsCidr(hole, a.cidr));

/** Whether every address of `inner` is one of `outer`. */
export const holds = (outer: Cidr, inner: Cidr): boolean => containsCidr(outer.cidr, inner.cidr)
  && outer.except.every(hole => !overlaps(hole, inner.cidr) || inner.except.some(left => containsCidr(left, hole)));

/** The addresses that no range of the list holds. */
export function remainingAddresses(ranges: readonly Cidr[]): Cidr[] {
  const outsideAll = ([4, 6] as const).flatMap((family): Cidr[] => {
    const tops = minimalCidrs(ranges.map(({ cidr }) => cidr).filter(cidr => familyOf(cidr) === family));
    return tops.includes(EVERY[family]) ? [] : [{ cidr: EVERY[family], except: tops }];
  });
  // What one range leaves out, another one may hold.
  const holes = ranges.flatMap(range => range.except.flatMap((cidr): Cidr[] => {
    const others = ranges.filter(other => other !== range && shareAddresses(other, { cidr, except: [] }));
    if (others.some(other => containsCidr(other.cidr, cidr))) { return []; }
    return [{ cidr, except: minimalCidrs(others.map(other => other.cidr)) }];
  }));
  return [...outsideAll, ...holes];
}
