import { AddressRange } from './address-ranges';
import type { Pair } from './diff-connections';
import { rangeParty } from './outside';
import { textOf } from '../../model/text';

/** Pairs of one workload and of ranges that touch and fare alike become one pair. */
export function mergeNeighbours(pairs: readonly Pair[]): Pair[] {
  const merged: Pair[] = pairs.filter(pair => outsideEndOf(pair) === undefined);
  const runs = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const range = outsideEndOf(pair);
    if (!range) { continue; }
    const where = isSource(pair) ? ['from', pair.destination] : ['to', pair.source];
    const key = JSON.stringify([...where, range.family, textOf(pair.before), textOf(pair.after)]);
    const run = runs.get(key);
    if (run) { run.push(pair); } else { runs.set(key, [pair]); }
  }
  for (const run of runs.values()) { merged.push(...mergeRun(run)); }
  return merged;
}

function mergeRun(run: readonly Pair[]): Pair[] {
  const sorted = run.map(pair => ({ pair, range: outsideEndOf(pair)! })).sort((a, b) => (a.range.first < b.range.first ? -1 : 1));
  const found: { pair: Pair; range: AddressRange }[] = [];
  for (const next of sorted) {
    const previous = found[found.length - 1];
    if (previous && previous.range.last + 1n === next.range.first) {
      previous.range = { ...previous.range, last: next.range.last };
    } else {
      found.push({ ...next });
    }
  }
  return found.map(({ pair, range }) => withOutside(pair, range));
}

function withOutside(pair: Pair, range: AddressRange): Pair {
  const party = rangeParty(range, true);
  return isSource(pair) ? { ...pair, from: party, source: party.text } : { ...pair, to: party, destination: party.text };
}

const isSource = ({ from }: Pair): boolean => from.range !== undefined;
const outsideEndOf = ({ from, to }: Pair): AddressRange | undefined => from.range ?? to.range;
