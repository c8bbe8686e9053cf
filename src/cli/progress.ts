import { Sink } from './io';

/** Work that takes longer than this is worth a word. */
const PATIENCE_MS = 1000;
const BETWEEN_MS = 200;

/** In a log, where nothing is wiped. */
const BETWEEN_LINES_MS = 10_000;

/** How far long work has come: on one line of a terminal that is wiped afterwards, or now and then on a line of a log. */
export class Progress {
  private readonly started: number;
  private shown = 0;

  public constructor(private readonly sink: Sink, private readonly wanted: boolean, private readonly clock: () => number = Date.now) {
    this.started = clock();
  }

  /** To be called often: it says something rarely. */
  public at(text: string): void {
    if (!this.wanted) { return; }
    const now = this.clock();
    if (this.sink.isTTY !== true) {
      this.line(now, text);
      return;
    }
    if (now - this.started < PATIENCE_MS || now - this.shown < BETWEEN_MS) { return; }
    this.shown = now;
    void this.sink.write(`\r\u001b[2K${text}...`);
  }

  private line(now: number, text: string): void {
    if (now - Math.max(this.started, this.shown) < BETWEEN_LINES_MS) { return; }
    this.shown = now;
    void this.sink.write(`${text}...\n`);
  }

  public async clear(): Promise<void> {
    if (this.shown === 0 || this.sink.isTTY !== true) { return; }
    this.shown = 0;
    await this.sink.write('\r\u001b[2K');
  }
}
