/** Numbers for sequences of numbers: equal sequences have the same one. */
export class Sequences {
  private readonly known = new Map<number, number>();
  private next = FIRST;

  /** The number of the sequence that `sequence` is with one more item. */
  public append(sequence: number, item: number): number {
    const key = sequence * MOST_ITEMS + item;
    let longer = this.known.get(key);
    if (longer === undefined) { this.known.set(key, longer = this.next++); }
    return longer;
  }
}

/** The sequence without items. */
export const EMPTY = 0;
const FIRST = 1;
const MOST_ITEMS = 2 ** 26;
