import { numberOf } from './address-ranges';
import { familiesOf, Party, Variant } from '../party';

/** One variant of a party. */
export interface End {
  readonly index: number;
  readonly party: number;
  readonly endpoint: Variant;
  /** For what is outside and has one address: ends of one family are sorted by it. */
  readonly address?: bigint;
}

/** The variants of all parties, numbered through. */
export class Ends {
  public readonly all: readonly End[];
  /** By party. */
  public readonly of: readonly (readonly End[])[];

  public constructor(public readonly parties: readonly Party[]) {
    let index = 0;
    this.of = parties.map(({ variants }, party) => variants.map(endpoint => ({
      index: index++,
      party,
      endpoint,
      ...(endpoint.kind === 'external' && endpoint.address !== undefined ? { address: numberOf(endpoint.address) } : {}),
    })));
    this.all = this.of.flat();
  }
}

/** Absent: either. */
export function familyOfEnd({ endpoint }: End): 4 | 6 | undefined {
  const families = familiesOf(endpoint);
  return families.length === 1 ? families[0] : undefined;
}
