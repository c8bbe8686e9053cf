/** A document must fit into memory, several times over. */
export const MOST_BYTES = 256 * 1024 * 1024;

/** One document of a file, not yet read. */
export interface RawDocument {
  /** Valid until the next one is asked for; absent: there were more of them than the bound. */
  readonly bytes?: Buffer;
  /** From the beginning of the file. */
  readonly start: number;
  /** Of its first line that holds something. */
  readonly line: number;
}

/**
 * Splits a stream of YAML or JSON into its documents, with one of them in memory at a time. What stands between them, and the comments above
 * one, is left out.
 *
 * Markers (`---`, `...`) stand at the beginning of a line, where YAML forbids them to be a part of any scalar, so that this split is exact.
 * JSON texts that follow each other have none: a line that begins with `{` after one that ends with `}` begins a new one, since in a document
 * that begins with `{` YAML and JSON have no other use for it.
 */
export function* splitDocuments(chunks: Iterable<Buffer>, most: number): Iterable<RawDocument> {
  const splitter = new Splitter(most);
  for (const chunk of chunks) {
    splitter.append(chunk);
    yield* splitter.documents(false);
    if (splitter.ended) { return; }
  }
  yield* splitter.documents(true);
}

const [TAB, LF, CR, SPACE, HASH, PERCENT, DASH, DOT, OPEN, CLOSE] = [0x09, 0x0a, 0x0d, 0x20, 0x23, 0x25, 0x2d, 0x2e, 0x7b, 0x7d];
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const MARKER = 3;
const INITIAL = 512 * 1024;

class Splitter {
  private buffer = Buffer.allocUnsafe(INITIAL);
  private used = 0;
  /** Bytes of the stream before the buffer. */
  private dropped = 0;
  private line = 1;
  /** Of the line that comes next, and how far it was looked through for its end. */
  private lineStart = 0;
  private scanned = 0;

  /** The document that is being collected. */
  private state: 'nothing' | 'directives' | 'content' | 'too big' = 'nothing';
  private start = 0;
  private startLine = 1;
  private mayHaveDirectives = true;
  /** The last byte of its last line that is no blank. */
  private last = 0;
  /** Whether the rest is not read: one line alone is more than the bound. */
  public ended = false;

  public constructor(private readonly most: number) {}

  public append(chunk: Buffer): void {
    if (this.used + chunk.length > this.buffer.length) { this.makeRoom(chunk.length); }
    chunk.copy(this.buffer, this.used);
    this.used += chunk.length;
  }

  public* documents(atEnd: boolean): Iterable<RawDocument> {
    for (let end = this.lineEnd(atEnd); end !== undefined; end = this.lineEnd(atEnd)) {
      const document = this.takeLine(end);
      if (document) { yield document; }
      this.lineStart = end;
      this.scanned = end;
      this.line++;
    }
    this.ended = this.used - this.lineStart > this.most;
    if (this.ended && !this.collected()) { this.begin(this.lineStart, 'content'); }
    if (this.collected() && this.used - this.start > this.most) { yield this.giveUp(); }
    if (atEnd && this.collected()) { yield this.finish(this.used); }
  }

  /** After the line break of the line that comes next; nothing: it goes on in the next piece. */
  private lineEnd(atEnd: boolean): number | undefined {
    const { buffer, used } = this;
    let index = this.scanned;
    while (index < used && buffer[index] !== LF && buffer[index] !== CR) { index++; }
    this.scanned = index;
    const complete = index < used && (buffer[index] === LF || index + 1 < used);
    if (!complete) { return atEnd && this.lineStart < used ? used : undefined; }
    return buffer[index] === CR && buffer[index + 1] === LF ? index + 2 : index + 1;
  }

  /** @returns the document that ends before this line */
  private takeLine(end: number): RawDocument | undefined {
    const { buffer } = this;
    const from = this.afterByteOrderMark(this.lineStart, end);
    const first = buffer[from];
    if ((first === DASH || first === DOT) && this.isMarker(from, end)) { return this.takeMarker(from, end); }
    const last = lastOf(buffer, from, end);
    if (first === OPEN && this.state === 'content' && this.last === CLOSE && buffer[this.start] === OPEN) {
      const before = this.finish(this.lineStart);
      this.begin(from, 'content');
      this.last = last;
      return before;
    }
    if (this.state === 'nothing' && holdsSomething(buffer, from, end)) {
      this.begin(from, first === PERCENT && this.mayHaveDirectives ? 'directives' : 'content');
    }
    if (last !== 0) { this.last = last; }
    return undefined;
  }

  private takeMarker(from: number, end: number): RawDocument | undefined {
    const begins = this.buffer[from] === DASH;
    if (begins && this.state === 'directives') {
      this.state = 'content';
      return undefined;
    }
    const before = this.collected() ? this.finish(this.lineStart) : undefined;
    this.state = 'nothing';
    this.mayHaveDirectives = !begins;
    if (holdsSomething(this.buffer, from + MARKER, end)) { this.begin(begins ? from : from + MARKER, 'content'); }
    return before;
  }

  private isMarker(from: number, end: number): boolean {
    const { buffer } = this;
    return from + MARKER <= end && buffer[from + 1] === buffer[from] && buffer[from + 2] === buffer[from]
      && (from + MARKER === end || isBlank(buffer[from + MARKER]));
  }

  /** Files that were put together have one in their middle. */
  private afterByteOrderMark(from: number, end: number): number {
    const after = from + BYTE_ORDER_MARK.length;
    return after <= end && BYTE_ORDER_MARK.every((byte, i) => this.buffer[from + i] === byte) ? after : from;
  }

  private collected(): boolean {
    return this.state === 'content' || this.state === 'directives';
  }

  private begin(from: number, state: 'content' | 'directives'): void {
    this.state = state;
    this.start = from;
    this.startLine = this.line;
    this.last = 0;
  }

  private finish(end: number): RawDocument {
    const { start, startLine: line } = this;
    this.state = 'nothing';
    return end - start > this.most
      ? { start: this.dropped + start, line }
      : { bytes: this.buffer.subarray(start, end), start: this.dropped + start, line };
  }

  private giveUp(): RawDocument {
    this.state = 'too big';
    return { start: this.dropped + this.start, line: this.startLine };
  }

  private makeRoom(size: number): void {
    const kept = this.collected() ? Math.min(this.start, this.lineStart) : this.lineStart;
    const needed = this.used - kept + size;
    const target = needed > this.buffer.length ? Buffer.allocUnsafe(2 * needed) : this.buffer;
    this.buffer.copy(target, 0, kept, this.used);
    this.buffer = target;
    this.used -= kept;
    this.start -= kept;
    this.lineStart -= kept;
    this.scanned -= kept;
    this.dropped += kept;
  }
}

const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB || byte === LF || byte === CR;

/** Whether the line holds more than blanks and a comment. */
function holdsSomething(buffer: Buffer, from: number, end: number): boolean {
  let index = from;
  while (index < end && isBlank(buffer[index])) { index++; }
  return index < end && buffer[index] !== HASH;
}

/** The last byte that is no blank; 0: there is none. */
function lastOf(buffer: Buffer, from: number, end: number): number {
  let index = end - 1;
  while (index >= from && isBlank(buffer[index])) { index--; }
  return index < from ? 0 : buffer[index];
}
