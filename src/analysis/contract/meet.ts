import { canMeet, familiesOf, isSamePod, Party, Variant } from '../party';

interface Ends {
  readonly source: Party;
  readonly destination: Party;
}

export const ITSELF = 'what a pod sends to itself never leaves it';

/** Why nothing ever travels between the two, for a sentence; undefined where something may. */
export function neverMeet({ source, destination }: Ends): string | undefined {
  if (isSamePod(source, destination)) { return ITSELF; }
  if (someWay(source, destination, canMeet)) { return undefined; }
  return someWay(source, destination, haveOneFamily) ? 'one of them is a node that the other is not on' : 'their addresses are of two families';
}

const haveOneFamily = (from: Variant, to: Variant): boolean => familiesOf(from).some(family => familiesOf(to).includes(family));

const someWay = (source: Party, destination: Party, holds: (from: Variant, to: Variant) => boolean): boolean =>
  source.variants.some(from => destination.variants.some(to => holds(from, to)));
