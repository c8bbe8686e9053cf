/** The same numbers in every run. */
export class Random {
  public constructor(private state = 12345) {}

  /** From 0 to before `end`. */
  public below(end: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0; // eslint-disable-line no-bitwise -- modulo 2^32
    return Math.floor(this.state / 2 ** 32 * end);
  }
}
