import { CompiledEndpoint } from './compiled-endpoint';
import { Places, Postings } from './postings';
import { Need, Term } from './terms';
import { Aspect, Words } from './words';

/**
 * Finds, among many terms, those that an endpoint can match: each is listed under the words of which the endpoint needs one. What it
 * finds must still be tested; what it does not find does not match.
 */
export class TermIndex {
  /** After `find`: the places of the terms, ascending. */
  public readonly found = new Places();
  private readonly byWord: Postings;
  /** For endpoints of which an aspect is not known. */
  private readonly byAspect: ReadonlyMap<Aspect, readonly number[]>;
  /** Of which nothing can be said. */
  private readonly rest: readonly number[];

  public constructor(terms: readonly Term[], words: Words) {
    const counts = new Map<number, number>();
    const needs = terms.map(term => term.needs());
    for (const all of needs) {
      for (const need of all) {
        for (const word of need) { counts.set(word, (counts.get(word) ?? 0) + 1); }
      }
    }
    const listed = needs.map(all => rarest(all, counts));
    this.byWord = new Postings(terms.length, place => listed[place] ?? NOTHING);
    this.rest = [...terms.keys()].filter(place => listed[place] === undefined);
    this.byAspect = aspectsOf(listed, words);
  }

  /** The places of the terms that it can match, ascending. */
  public matches(endpoint: CompiledEndpoint): number[] {
    const count = this.find(endpoint);
    return [...this.found.all.subarray(0, count)];
  }

  /** The same, in `found`: how many there are. */
  public find(endpoint: CompiledEndpoint): number {
    const { found } = this;
    let lists = 0;
    let count = 0;
    const add = (next: number) => {
      if (next > count) { lists++; }
      count = next;
    };
    for (const place of this.rest) { found.put(count++, place); }
    if (count > 0) { lists++; }
    for (const word of endpoint.allWords) { add(this.byWord.copy(word, found, count)); }
    for (const aspect of endpoint.openAspects) {
      let next = count;
      for (const place of this.byAspect.get(aspect) ?? []) { found.put(next++, place); }
      add(next);
    }
    return lists < 2 ? count : found.sort(count);
  }
}

const NOTHING: Need = [];

function aspectsOf(listed: readonly (Need | undefined)[], words: Words): Map<Aspect, number[]> {
  const places = new Map<Aspect, number[]>();
  listed.forEach((need, place) => {
    for (const word of need ?? NOTHING) {
      const aspect = words.aspectOf(word);
      const list = places.get(aspect);
      if (!list) { places.set(aspect, [place]); } else if (list[list.length - 1] !== place) { list.push(place); }
    }
  });
  return places;
}

/** Without repetition. Undefined where nothing is needed. */
function rarest(needs: readonly Need[], counts: ReadonlyMap<number, number>): Need | undefined {
  let best: Need | undefined;
  let fewest = Infinity;
  for (const need of needs) {
    let count = 0;
    for (const word of need) { count += counts.get(word)!; }
    if (count < fewest) { [best, fewest] = [need, count]; }
  }
  return best && best.length > 1 ? [...new Set(best)] : best;
}
