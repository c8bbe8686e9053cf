import { CompiledEndpoint } from './compiled-endpoint';
import { Places, Postings } from './postings';
import { Need, Term } from './terms';
import { Aspect, Words } from './words';
import { groupBy } from '../../model/group-by';
import { NO } from '../../model/match';

/** Finds, among the known endpoints, those that a term can match: each is listed under its words, and under what is not known of it. */
export class EndpointIndex {
  private readonly byWord: Postings;
  private readonly byAspect: ReadonlyMap<Aspect, readonly number[]>;
  private readonly places = new Places();
  private readonly found = new Map<Term, Uint32Array>();
  private kept = 0;

  public constructor(private readonly endpoints: readonly CompiledEndpoint[], private readonly words: Words) {
    this.byWord = new Postings(endpoints.length, place => endpoints[place].allWords);
    const open = endpoints.flatMap(({ openAspects }, place) => openAspects.map(aspect => ({ aspect, place })));
    this.byAspect = new Map([...groupBy(open, ({ aspect }) => aspect)].map(([aspect, all]) => [aspect, all.map(({ place }) => place)]));
  }

  /** Ascending. */
  public matching(term: Term): Uint32Array {
    let places = this.found.get(term);
    if (!places) {
      places = this.lookUp(term);
      this.kept += places.length;
      if (this.kept > MOST_KEPT) {
        this.found.clear();
        this.kept = places.length;
      }
      this.found.set(term, places);
    }
    return places;
  }

  private lookUp(term: Term): Uint32Array {
    const need = this.narrowest(term.needs());
    return Uint32Array.from(need ? this.having(need) : this.endpoints.keys()).filter(place => term.test(this.endpoints[place]) !== NO);
  }

  private having(need: Need): Int32Array {
    let count = 0;
    for (const word of need) { count = this.byWord.copy(word, this.places, count); }
    for (const aspect of this.aspectsOf(need)) {
      for (const place of this.byAspect.get(aspect) ?? []) { this.places.put(count++, place); }
    }
    return this.places.all.subarray(0, this.places.sort(count));
  }

  private narrowest(needs: readonly Need[]): Need | undefined {
    let best: Need | undefined;
    let fewest = Infinity;
    for (const need of needs) {
      let count = 0;
      for (const word of need) { count += this.byWord.count(word); }
      for (const aspect of this.aspectsOf(need)) { count += this.byAspect.get(aspect)?.length ?? 0; }
      if (count < fewest) { [best, fewest] = [need, count]; }
    }
    return best;
  }

  private aspectsOf(need: Need): ReadonlySet<Aspect> {
    return new Set(need.map(word => this.words.aspectOf(word)));
  }
}

/** Of all lists that are kept, in places. */
const MOST_KEPT = 5_000_000;
