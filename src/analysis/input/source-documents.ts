import { constants, isUtf8 } from 'node:buffer';
import { damage } from './damage';
import { problemOfPath } from './files';
import { objectsOf } from './lists';
import { parse, Parsed } from './parse';
import { parseProblem } from './parse-problem';
import { Problem, SourceDocument } from './source-document';
import { Source } from './sources';
import { RawDocument, splitDocuments } from './split';

/** What was read so far, for a progress line and a summary. */
export interface InputCounts {
  readonly files: number;
  readonly bytes: number;
  /** Objects that were handed out. */
  readonly objects: number;
  /** Documents that are no objects of Kubernetes, such as the values of a Helm chart. */
  readonly others: number;
}

/**
 * The objects of files, read one after the other while somebody asks for the next one. What cannot be read is a problem, and does not stop
 * the reading: `problems` is complete when the last object was asked for.
 */
export class SourceDocuments implements Iterable<SourceDocument> {
  private readonly found: Problem[] = [];
  private readonly counted = { files: 0, bytes: 0, objects: 0, others: 0 };
  private readonly mostBytes: number;
  private begun = false;

  /** @param leftOut folders that were not looked into, known when the last object was asked for */
  public constructor(private readonly sources: Iterable<Source | Problem>, mostBytes: number, private readonly leftOut: readonly string[] = []) {
    this.mostBytes = Math.min(mostBytes, constants.MAX_STRING_LENGTH);
  }

  public get problems(): readonly Problem[] {
    return this.found;
  }

  /** What was left out on purpose, as sentences. */
  public get notes(): readonly string[] {
    const { length } = this.leftOut;
    if (length === 0) { return []; }
    const shown = this.leftOut.slice(0, 3).join(', ');
    return [`hidden folders and node_modules are not looked into; name those that hold manifests: ${shown}${length > 3 ? ` and ${length - 3} more` : ''}`];
  }

  public get counts(): InputCounts {
    return this.counted;
  }

  /** Once: the standard input cannot be read again, and the problems would be told twice. */
  public* [Symbol.iterator](): Iterator<SourceDocument> {
    if (this.begun) { throw new Error('these documents were read already; keep them, or read the paths again'); }
    this.begun = true;
    for (const source of this.sources) {
      if ('message' in source) {
        this.found.push(source);
        continue;
      }
      this.counted.files++;
      try {
        yield* this.objectsIn(source);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).syscall === undefined) { throw error; }
        this.addProblem(source.name, problemOfPath(error));
      }
    }
  }

  private* objectsIn({ name, chunks }: Source): Iterable<SourceDocument> {
    for (const raw of splitDocuments(this.checked(name, chunks()), this.mostBytes)) {
      const parsed = this.parse(name, raw);
      if (!parsed) { continue; }
      for (const { value, place, entry, problem } of objectsOf(parsed.value)) {
        const line = parsed.lines?.get(entry) ?? 0;
        const document = { value, at: `${name}:${raw.line + line}${place}` };
        if (problem !== undefined) {
          this.addProblem(document.at, problem);
        } else if (saysWhatItIs(value)) {
          this.counted.objects++;
          yield document;
        } else {
          this.leaveOut(document);
        }
      }
    }
  }

  private* checked(name: string, chunks: Iterable<Buffer>): Iterable<Buffer> {
    let first = true;
    for (const chunk of chunks) {
      const problem = first ? encodingProblem(chunk) : undefined;
      if (problem !== undefined) {
        this.addProblem(name, problem);
        return;
      }
      first = false;
      this.counted.bytes += chunk.length;
      yield chunk;
    }
  }

  private parse(name: string, { bytes, line }: RawDocument): Parsed | undefined {
    if (!bytes) {
      this.addProblem(`${name}:${line}`, `this document has more than ${this.mostBytes} bytes; split it, for instance with \`jq -c '.items[]'\``);
      return undefined;
    }
    if (!isUtf8(bytes)) {
      this.addProblem(`${name}:${line}`, 'this document is no UTF-8 text; save it as UTF-8');
      return undefined;
    }
    const text = bytes.toString();
    try {
      return parse(text);
    } catch (error) {
      const problem = parseProblem(error, text);
      this.addProblem(`${name}:${line + problem.line}`, problem.message);
      return undefined;
    }
  }

  /** What has no kind may still have been meant as a policy. */
  private leaveOut({ value, at }: SourceDocument): void {
    if (value === undefined || value === null) { return; }
    const problem = damage(value);
    if (problem) {
      this.addProblem(at, `${problem.path}: ${problem.message}`);
    } else {
      this.counted.others++;
    }
  }

  private addProblem(at: string, message: string): void {
    this.found.push({ at, message });
  }
}

const saysWhatItIs = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'kind') && typeof (value as { kind: unknown }).kind === 'string';

/** How far a file is looked into for bytes that no text has. */
const BEGINNING = 8000;

function encodingProblem(chunk: Buffer): string | undefined {
  if ((chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff)) { return 'the file is UTF-16; save it as UTF-8'; }
  return chunk.subarray(0, BEGINNING).includes(0) ? 'the file holds NUL bytes: it is no text' : undefined;
}
