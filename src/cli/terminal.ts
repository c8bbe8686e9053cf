import { Io } from './io';
import { Progress } from './progress';
import { styleFor } from './style';
import { TextStyle } from '../report/text-style';
import { visible } from '../report/visible';

interface TerminalOptions {
  readonly color?: boolean;
  readonly quiet?: boolean;
}

/** What is said beside the answer: on stderr, so that the answer can be piped. */
export class Terminal {
  /** Of the answer, where it goes to a terminal. */
  public readonly style: TextStyle;
  public readonly errors: TextStyle;
  public readonly progress: Progress;

  public constructor(private readonly io: Io, private readonly options: TerminalOptions) {
    const wanted = options.color ?? true;
    this.style = styleFor(io.stdout, io.env, wanted);
    this.errors = styleFor(io.stderr, io.env, wanted);
    this.progress = new Progress(io.stderr, options.quiet !== true);
  }

  /** What an answer leaves out or takes for granted. */
  public async note(text: string): Promise<void> {
    if (!this.options.quiet) { await this.say(`note: ${visible(text)}`); }
  }

  /** What makes the answer incomplete. */
  public async problem(text: string): Promise<void> {
    await this.say(`${this.errors.bad('problem:')} ${visible(text)}`);
  }

  private async say(text: string): Promise<void> {
    await this.progress.clear();
    await this.io.stderr.write(`${text}\n`);
  }
}
