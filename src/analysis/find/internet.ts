import { INTERNET } from '../../cluster/internet';
import { Family } from '../../model/cidr';
import type { Analysis } from '../analysis';
import { AddressRange, addressText } from '../connections/address-ranges';
import { externalSpace } from '../contract/address-space';
import { Party } from '../party';
import { outside } from '../world/external-parties';

/** Every public address: what is said of it holds of all of them. */
export function internet(analysis: Analysis): Party {
  const space = externalSpace(analysis, INTERNET);
  const families = [...new Set(space.map(({ family }) => family))];
  return {
    text: 'internet',
    variants: families.map(family => outside(family, { addressIn: space.filter(range => range.family === family).flatMap(cidrsOf) })),
  };
}

const BITS: Readonly<Record<Family, number>> = { 4: 32, 6: 128 };

/** The range as prefixes, each as wide as it can be. */
function cidrsOf({ family, first, last }: AddressRange): string[] {
  const found: string[] = [];
  for (let next = first; next <= last;) {
    let bits = 0;
    while (bits < BITS[family] && next % (2n ** BigInt(bits + 1)) === 0n && next + (2n ** BigInt(bits + 1)) - 1n <= last) { bits++; }
    found.push(`${addressText(family, next)}/${BITS[family] - bits}`);
    next += 2n ** BigInt(bits);
  }
  return found;
}
