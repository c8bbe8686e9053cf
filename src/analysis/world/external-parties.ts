import { boundsOf, Family, familyOf } from '../../model/cidr';
import { Party, Variant } from '../party';

/** Ends outside the cluster. */

const ENTITIES: Readonly<Record<Family, readonly string[]>> = {
  4: Object.freeze(['all', 'world', 'world-ipv4']),
  6: Object.freeze(['all', 'world', 'world-ipv6']),
};
const EITHER: readonly string[] = Object.freeze(['all', 'world']);

/** What is outside at a place; by which names somebody found it is not known where none are given. */
export const outside = (family: Family, place: Pick<Variant, 'address' | 'addressIn'>, names?: readonly string[]): Variant =>
  ({ kind: 'external', entities: ENTITIES[family], principal: '', ...place, ...(names === undefined ? {} : { names }) });

/** Such as `203.0.113.7-203.0.113.7[External]`. */
const rangeText = (first: string, last: string): string => `${first}-${last}[External]`;

/** One address outside. */
export const addressParty = (address: string): Party =>
  ({ text: rangeText(address, address), variants: [outside(familyOf(address), { address })] });

/** All addresses of a range, of which some may be treated otherwise than others: an answer then holds for all of them. */
export function rangeParty(cidr: string): Party {
  const [first, last] = boundsOf(cidr);
  return { text: rangeText(first, last), variants: [outside(familyOf(cidr), first === last ? { address: first } : { addressIn: [cidr] })] };
}

/** A name outside, which may stand for any address. */
export const fqdnParty = (name: string): Party => ({ text: name, variants: [{ kind: 'external', entities: EITHER, names: [name], principal: '' }] });
