/** Lists of places by words, packed: of these lists there are many, and most are short. */
export class Postings {
  private readonly lists = new Map<number, number>();
  private readonly starts: Int32Array;
  private readonly places: Int32Array;

  /** @param wordsOf the words of each place, from 0 to before `count` */
  public constructor(count: number, wordsOf: (place: number) => readonly number[]) {
    const sizes: number[] = [];
    for (let place = 0; place < count; place++) {
      for (const word of wordsOf(place)) {
        const list = this.lists.get(word);
        if (list === undefined) {
          this.lists.set(word, sizes.length);
          sizes.push(1);
        } else {
          sizes[list]++;
        }
      }
    }
    this.starts = new Int32Array(sizes.length + 1);
    sizes.forEach((size, list) => { this.starts[list + 1] = this.starts[list] + size; });
    this.places = new Int32Array(this.starts[sizes.length]);
    const next = this.starts.slice();
    for (let place = 0; place < count; place++) {
      for (const word of wordsOf(place)) { this.places[next[this.lists.get(word)!]++] = place; }
    }
  }

  public count(word: number): number {
    const list = this.lists.get(word);
    return list === undefined ? 0 : this.starts[list + 1] - this.starts[list];
  }

  /** Puts the places of a word into `found`, from `at` on: ascending. Returns where the next ones go. */
  public copy(word: number, found: Places, at: number): number {
    const list = this.lists.get(word);
    if (list === undefined) { return at; }
    const end = this.starts[list + 1];
    let next = at;
    for (let i = this.starts[list]; i < end; i++) { found.put(next++, this.places[i]); }
    return next;
  }
}

/** A list of places that is used over and over. */
export class Places {
  public all = new Int32Array(64);

  public put(at: number, place: number): void {
    if (at >= this.all.length) {
      const larger = new Int32Array(2 * this.all.length);
      larger.set(this.all);
      this.all = larger;
    }
    this.all[at] = place;
  }

  /** Sorts the first ones, each once. Returns how many are left. */
  public sort(count: number): number {
    this.all.subarray(0, count).sort();
    let kept = 0;
    for (let i = 0; i < count; i++) {
      if (kept === 0 || this.all[i] !== this.all[kept - 1]) { this.all[kept++] = this.all[i]; }
    }
    return kept;
  }
}
