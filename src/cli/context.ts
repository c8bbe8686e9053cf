import { CommonOptions } from './commands/common';
import { Io } from './io';
import { writeAnswer } from './output';
import { Terminal } from './terminal';
import { PLAIN, TextStyle } from '../report/text-style';
import { visible } from '../report/visible';

/** One run of a command: where its answer goes, and what is said beside it. */
export class Context {
  public readonly terminal: Terminal;
  /** Of the answer. */
  public readonly style: TextStyle;

  public constructor(public readonly io: Io, public readonly options: CommonOptions) {
    this.terminal = new Terminal(io, options);
    this.style = options.output === undefined ? this.terminal.style : PLAIN;
  }

  /** Whether the answer goes where colours are seen. */
  public get isColoured(): boolean {
    return this.style !== PLAIN;
  }

  /** @param text as a writer made it; it may hold colours, and nothing else that a terminal obeys */
  public async answer(text: string | Iterable<string>): Promise<void> {
    await this.terminal.progress.clear();
    await writeAnswer(text, this.io.stdout, this.options.output);
  }

  /** An answer of other people's names. */
  public async plainAnswer(text: string | Iterable<string>): Promise<void> {
    await this.answer(typeof text === 'string' ? visibleLines(text) : visibleParts(text));
  }
}

function* visibleParts(parts: Iterable<string>): Iterable<string> {
  for (const part of parts) { yield visibleLines(part); }
}

/** Some forms end their lines as Windows does. */
const visibleLines = (text: string): string => text.split('\r\n').map(visible).join('\r\n');
