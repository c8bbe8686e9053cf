import { Family, familyOf, hostRange } from '../../model/cidr';
import { Variant } from '../party';

/** Where somebody is. */
export type Place = Pick<Variant, 'address' | 'addressIn'>;

/** In no range that a policy could name. */
export const NOWHERE: readonly Place[] = Object.freeze([{ addressIn: Object.freeze([]) as readonly string[] }]);

/** Known addresses: each by itself, or, of families with more than `most`, all together. */
export function placesAt(addresses: readonly string[], most: number): readonly Place[] {
  if (addresses.length === 1) { return [{ address: addresses[0] }]; }
  return byFamily(addresses).flatMap((family): Place[] =>
    (family.length <= most ? family.map(address => ({ address })) : [{ addressIn: family.map(hostRange) }]));
}

/** An unknown address in known ranges: one place for each family; without ranges, anywhere. */
export const placesIn = (ranges: readonly string[]): readonly Place[] =>
  (ranges.length === 0 ? [{}] : byFamily(ranges).map(addressIn => ({ addressIn })));

const FAMILIES: readonly Family[] = [4, 6];

const byFamily = (texts: readonly string[]): (readonly string[])[] => (texts.length === 1
  ? [texts]
  : FAMILIES.map(family => texts.filter(text => familyOf(text) === family)).filter(list => list.length > 0));
