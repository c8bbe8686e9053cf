import { NO_WORD, Words } from './words';
import { LabelScope } from '../../model/endpoint';

/** The labels of one object, as far as expressions name them. */
export interface LabelSet {
  /** Of its keys, and of its keys with their values. */
  readonly words: readonly number[];
  /** Whether it may have others than those that are stated. */
  readonly open: boolean;
}

type Labels = Readonly<Record<string, string>>;

/** Label sets by the objects that they are of: endpoints that are alike share these. */
export class LabelSets {
  private readonly known = new Map<LabelScope, Map<Labels, LabelSet>>();

  public constructor(private readonly words: Words) {}

  public of(scope: LabelScope, labels: Labels, open: boolean): LabelSet {
    if (open) { return { words: this.wordsOf(scope, labels), open }; }
    let sets = this.known.get(scope);
    if (!sets) { this.known.set(scope, sets = new Map()); }
    let set = sets.get(labels);
    if (!set) { sets.set(labels, set = { words: this.wordsOf(scope, labels), open }); }
    return set;
  }

  private wordsOf(scope: LabelScope, labels: Labels): readonly number[] {
    const known = this.words.knownLabels(scope);
    if (!known) { return NOTHING; }
    const found: number[] = [];
    for (const key of Object.keys(labels)) {
      const label = known.get(key);
      if (!label) { continue; }
      found.push(label.word);
      const value = label.values.get(labels[key]) ?? NO_WORD;
      if (value !== NO_WORD) { found.push(value); }
    }
    // A list that was pushed to has room for many more.
    return found.length > 0 ? found.slice() : NOTHING;
  }
}

const NOTHING: readonly number[] = [];
