import { Sink } from './io';

/** Work that takes longer than this is worth a word. */
const PATIENCE_MS = 1000;
const BETWEEN_MS = 200;

/** How far long work has come, on one line of a terminal that is wiped afterwards. */
export class Progress {
  private readonly started: number;
  private readonly active: boolean;
  private shown = 0;

  public constructor(private readonly sink: Sink, wanted: boolean, private readonly clock: () => number = Date.now) {
    this.active = wanted && sink.isTTY === true;
    this.started = clock();
  }

  /** To be called often: it says something rarely. */
  public at(text: string): void {
    if (!this.active) { return; }
    const now = this.clock();
    if (now - this.started < PATIENCE_MS || now - this.shown < BETWEEN_MS) { return; }
    this.shown = now;
    void this.sink.write(`\r\u001b[2K${text}...`);
  }

  public async clear(): Promise<void> {
    if (this.shown === 0) { return; }
    this.shown = 0;
    await this.sink.write('\r\u001b[2K');
  }
}
