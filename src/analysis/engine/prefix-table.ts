import { comparePositions, Position, Prefix, prefixAt, prefixOf } from './positions';

/** Which of many address ranges hold an address, or touch a range: a table for each prefix length that there is. Ranges are added before they are looked up. */
export class PrefixTable {
  private readonly byLength = { number: new Map<number, Map<Position, number[]>>(), bigint: new Map<number, Map<Position, number[]>>() };
  private readonly touched = new Map<string, readonly number[]>();

  public add(cidr: string, word: number): void {
    const { length, first } = prefixOf(cidr);
    const tables = this.tablesOf(first);
    const table = tables.get(length) ?? new Map<Position, number[]>();
    tables.set(length, table);
    const words = table.get(first);
    if (words) { words.push(word); } else { table.set(first, [word]); }
  }

  /** The words of the ranges that hold an address. */
  public holding(position: Position): number[] {
    const found = new Set<number>();
    for (const [length, table] of this.tablesOf(position)) {
      for (const word of table.get(prefixAt(position, length).first) ?? []) { found.add(word); }
    }
    return [...found];
  }

  /** The words of the ranges that have an address in common with this one. */
  public touching(cidr: string): readonly number[] {
    let words = this.touched.get(cidr);
    if (!words) { this.touched.set(cidr, words = this.lookUp(cidr)); }
    return words;
  }

  private lookUp(cidr: string): number[] {
    const range = prefixOf(cidr);
    const found = new Set<number>();
    for (const [length, table] of this.tablesOf(range.first)) {
      const lists = length <= range.length ? [table.get(prefixAt(range.first, length).first) ?? []] : inside(range, table);
      lists.forEach(words => words.forEach(word => found.add(word)));
    }
    return [...found];
  }

  private tablesOf(position: Position): Map<number, Map<Position, number[]>> {
    return typeof position === 'number' ? this.byLength.number : this.byLength.bigint;
  }
}

const inside = ({ first, end }: Prefix, table: ReadonlyMap<Position, number[]>): number[][] =>
  [...table].filter(([start]) => comparePositions(first, start) <= 0 && comparePositions(start, end) < 0).map(([, words]) => words);
