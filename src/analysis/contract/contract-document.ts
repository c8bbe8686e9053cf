import { Document, isNode, LineCounter, parseAllDocuments } from 'yaml';
import { nearest } from './near';
import { preview } from '../../dialects/preview';
import { Problem } from '../input/source-document';
import { JsonPath, pathText } from '../path-text';

/** The YAML text of a contract: its value, and the line of each place in it. Mistakes are collected. */
export class ContractDocument {
  public readonly problems: Problem[] = [];
  /** Undefined where the text is no YAML. */
  public readonly value: unknown;
  private readonly document?: Document;
  private readonly lines = new LineCounter();

  public constructor(text: string, private readonly file: string) {
    const documents = parseAllDocuments(text, { lineCounter: this.lines, logLevel: 'silent', prettyErrors: false });
    const [document] = documents as Document[];
    for (const { errors } of documents as Document[]) {
      for (const { message, pos: [at] } of errors) { this.problems.push({ at: `${file}:${this.lines.linePos(at).line}`, message }); }
    }
    if (this.problems.length > 0) { return; }
    if (document === undefined || documents.length > 1) {
      this.problems.push({ at: file, message: `a contract is one YAML document, and the file has ${document === undefined ? 'none' : documents.length}` });
      return;
    }
    this.document = document;
    try {
      this.value = document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      this.problems.push({ at: file, message: (error as Error).message });
    }
  }

  /** Such as `contract.yaml:12`. */
  public at(path: JsonPath): string {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = depth === 0 ? this.document?.contents : this.document?.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) { return `${this.file}:${this.lines.linePos(node.range[0]).line}`; }
    }
    return this.file;
  }

  /** @param what is wrong there, and how to mend it */
  public fail(path: JsonPath, what: string): undefined {
    this.problems.push({ at: this.at(path), message: path.length === 0 ? what : `${pathText(path)}: ${what}` });
    return undefined;
  }

  /** A mapping without other fields than these. */
  public mapping(value: unknown, path: JsonPath, known: readonly string[]): Readonly<Record<string, unknown>> | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.fail(path, `${preview(value)} is no mapping; write fields such as ${known.slice(0, 3).join(', ')}`);
    }
    for (const field of Object.keys(value).filter(key => !known.includes(key))) {
      const meant = nearest(field, known);
      this.fail([...path, field], `there is no field ${preview(field)}; ${meant === undefined ? `the fields are ${known.join(', ')}` : `did you mean ${meant}?`}`);
    }
    return Object.fromEntries(Object.entries(value).filter(([key]) => known.includes(key)));
  }

  public text(value: unknown, path: JsonPath): string | undefined {
    if (typeof value === 'string' && value.trim() !== '') { return value; }
    const quoted = typeof value === 'number' || typeof value === 'boolean' ? `; quote it, as "${value}"` : '';
    return this.fail(path, `${value === '' ? 'an empty text' : preview(value)} is no text${quoted}`);
  }

  /** Undefined where it is absent. */
  public optionalText(value: unknown, path: JsonPath): string | undefined {
    return value === undefined ? undefined : this.text(value, path);
  }

  public list(value: unknown, path: JsonPath, of: string): readonly unknown[] {
    if (Array.isArray(value) && value.length > 0) { return value; }
    this.fail(path, Array.isArray(value) ? `an empty list says nothing; leave it out, or state ${of}` : `${preview(value)} is no list of ${of}; begin each with "-"`);
    return [];
  }

  /** What `read` makes of it; what it throws is a mistake at this place. */
  public attempt<T>(path: JsonPath, read: () => T): T | undefined {
    try { return read(); } catch (error) { return this.fail(path, (error as Error).message); }
  }
}
