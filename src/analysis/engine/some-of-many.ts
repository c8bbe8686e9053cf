import { CompiledEndpoint } from './compiled-endpoint';
import { TermIndex } from './term-index';
import { Some, Term } from './terms';
import { Words } from './words';
import { MAYBE, NO, Tri, YES } from '../../model/match';

/** An OR of so many terms that those that can match are looked up. */
export class SomeOfMany extends Some {
  private index?: TermIndex;

  public constructor(id: number, terms: readonly Term[], private readonly words: Words) {
    super(id, terms);
  }

  public override test(endpoint: CompiledEndpoint): Tri {
    const index = this.index ??= new TermIndex(this.terms, this.words);
    let any: Tri = NO;
    for (let count = index.find(endpoint), i = 0; i < count; i++) {
      const matched = this.terms[index.found.all[i]].test(endpoint);
      if (matched === YES) { return YES; }
      if (matched === MAYBE) { any = MAYBE; }
    }
    return any;
  }
}
