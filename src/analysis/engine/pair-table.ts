/** Numbers by pairs of numbers, all of them whole and not negative. A Map would keep an object for each key that no small integer can hold. */
export class PairTable {
  private size = 0;
  private mask = FIRST_SIZE - 1;
  /** By threes: the pair, and one more than its number; 0 where there is none. */
  private slots = new Int32Array(3 * FIRST_SIZE);

  /** -1 where there is none. */
  public get(first: number, second: number): number {
    return this.slots[this.slotOf(first, second) + 2] - 1;
  }

  /** For a pair without a number. */
  public set(first: number, second: number, value: number): void {
    if (2 * ++this.size > this.mask) { this.grow(); }
    this.put(this.slotOf(first, second), first, second, value + 1);
  }

  private put(slot: number, first: number, second: number, stored: number): void {
    this.slots[slot] = first;
    this.slots[slot + 1] = second;
    this.slots[slot + 2] = stored;
  }

  /* eslint-disable no-bitwise -- a hash is made of bits */
  private slotOf(first: number, second: number): number {
    const { slots, mask } = this;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const slot = 3 * place;
      if (slots[slot + 2] === 0 || (slots[slot] === first && slots[slot + 1] === second)) { return slot; }
    }
  }
  /* eslint-enable no-bitwise */

  private grow(): void {
    const before = this.slots;
    this.mask = 2 * this.mask + 1;
    this.slots = new Int32Array(3 * (this.mask + 1));
    for (let slot = 0; slot < before.length; slot += 3) {
      if (before[slot + 2] !== 0) { this.put(this.slotOf(before[slot], before[slot + 1]), before[slot], before[slot + 1], before[slot + 2]); }
    }
  }
}

/** A power of two. */
const FIRST_SIZE = 1024;
