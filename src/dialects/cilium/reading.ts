import { DocumentReader, Fields, UnreadableDocument } from '../document-reader';
import { isBefore } from '../versions';

/** What every part of the reader needs to know of the document that it is in. */
export class Reading {
  constructor(
    readonly reader: DocumentReader,
    /** The policy's namespace; undefined where it is of the whole cluster. */
    readonly namespace: string | undefined,
    /** Of the Cilium that enforces it; undefined is the newest. */
    readonly version: string | undefined,
  ) {}

  before(version: string): boolean {
    return isBefore(this.version, version);
  }

  fail(path: string, problem: string): UnreadableDocument {
    return this.reader.fail(path, problem);
  }

  /** For what the schema of the CRD refuses. */
  refused(path: string, problem: string): UnreadableDocument {
    return this.reader.fail(path, `${problem} (the API server refuses this)`);
  }

  /** For what the schema lets through and the agent does not. */
  notEnforced(path: string, problem: string): UnreadableDocument {
    return this.reader.fail(path, `${problem} (the API server stores this, but the agent refuses it, and the policy is not enforced)`);
  }

  /** An object with no other fields than these; `hints` are for fields that people believe to exist. */
  object(raw: unknown, path: string, known: readonly string[], hints: Readonly<Record<string, string>> = {}): Fields {
    const fields = this.reader.object(raw, path);
    const mistaken = Object.keys(hints).find(key => !known.includes(key) && this.reader.own(fields, key) !== undefined);
    if (mistaken) { throw this.reader.fail(`${path}.${mistaken}`, `this field is not known here; the API server drops it; ${hints[mistaken]}`); }
    this.reader.only(fields, path, known);
    return fields;
  }

  own(fields: Fields, key: string): unknown {
    return this.reader.own(fields, key);
  }

  list(fields: Fields, key: string, path: string): readonly unknown[] | undefined {
    return this.reader.optionalList(this.reader.own(fields, key), `${path}.${key}`);
  }

  text(fields: Fields, key: string, path: string): string | undefined {
    const value = this.reader.own(fields, key);
    return value === undefined ? undefined : this.reader.string(value, `${path}.${key}`);
  }
}
