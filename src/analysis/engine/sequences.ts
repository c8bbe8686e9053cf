import { PairTable } from './pair-table';

/** Numbers for sequences of numbers: equal sequences have the same one. */
export class Sequences {
  private readonly known = new PairTable();
  private next = FIRST;

  /** The number of the sequence that `sequence` is with one more item. */
  public append(sequence: number, item: number): number {
    const found = this.known.get(sequence, item);
    if (found >= 0) { return found; }
    this.known.set(sequence, item, this.next);
    return this.next++;
  }
}

/** The sequence without items. */
export const EMPTY = 0;
const FIRST = 1;
