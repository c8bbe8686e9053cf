import { preview } from './preview';
import { Origin } from '../model/policy-set';

/** A document that cannot be read as what it says it is. */
export class UnreadableDocument extends Error {
  /** @param path of the field that is wrong, such as `spec.ingress[0].from`; absent: the document as a whole */
  constructor(where: string, problem: string, readonly path?: string) {
    super(`${where}: ${path === undefined ? '' : `${path}: `}${problem}`);
    this.name = 'UnreadableDocument';
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** Typed access to untrusted JSON; own properties only, so nothing comes from a prototype. */
export class DocumentReader {
  static open(document: unknown, at?: string): { reader: DocumentReader; fields: Fields; origin: Origin } {
    const reader = new DocumentReader(at);
    const fields = reader.object(document, 'document');
    const metadata = reader.object(reader.own(fields, 'metadata'), 'metadata');
    const apiVersion = reader.string(reader.own(fields, 'apiVersion'), 'apiVersion');
    const kind = reader.string(reader.own(fields, 'kind'), 'kind');
    const name = reader.string(reader.own(metadata, 'name'), 'metadata.name');
    const namespace = reader.own(metadata, 'namespace');
    const origin = originOf(apiVersion, kind, name, namespace === undefined ? undefined : reader.string(namespace, 'metadata.namespace'), at);
    reader.origin = origin;
    return { reader, fields, origin };
  }

  /** Undefined until the document is known by its name. */
  private origin?: Origin;

  private constructor(private readonly place: string | undefined) {}

  private get where(): string {
    const { place, origin } = this;
    if (!origin) { return place ?? 'document'; }
    const { kind, namespace, name } = origin;
    return `${place === undefined ? '' : `${place}: `}${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
  }

  fail(path: string, problem: string): UnreadableDocument {
    return new UnreadableDocument(this.where, problem, path);
  }

  own(fields: Fields, key: string): unknown {
    const value = fields[key];
    // Most fields that are asked for are absent.
    return value === undefined || value === null || !Object.hasOwn(fields, key) ? undefined : value;
  }

  /**
   * Fields that this reader does not know would be lost in silence.
   * @param empty what the object means when nothing is left in it, such as `everything`
   */
  only(fields: Fields, path: string, known: readonly string[], empty?: string): void {
    // Of every object of every document: a list of its keys would be garbage.
    for (const key in fields) {
      if (known.includes(key) || fields[key] === undefined || !Object.hasOwn(fields, key)) { continue; }
      throw this.unknownField(fields, path, known, key, empty ?? meaningOfEmpty(path));
    }
  }

  private unknownField(fields: Fields, path: string, known: readonly string[], unknown: string, empty: string | undefined): UnreadableDocument {
    const rest = Object.entries(fields).filter(([key, value]) => known.includes(key) && value !== undefined);
    const meaning = rest.length === 0 && empty !== undefined ? `, which is ${empty}` : '';
    return this.fail(
      `${path}.${preview(unknown).slice(1, -1)}`,
      `this field is not known here (known: ${known.join(', ')}); `
      + `an API server that drops it would leave \`${lastOf(path)}: ${preview(Object.fromEntries(rest))}\`${meaning}`);
  }

  object(value: unknown, path: string): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) { throw this.fail(path, `must be an object, got ${describe(value)}`); }
    return value as Fields;
  }

  list(value: unknown, path: string): readonly unknown[] {
    if (!Array.isArray(value)) { throw this.fail(path, `must be a list, got ${describe(value)}`); }
    return value;
  }

  optionalList(value: unknown, path: string): readonly unknown[] | undefined {
    return value === undefined ? undefined : this.list(value, path);
  }

  string(value: unknown, path: string): string {
    if (typeof value !== 'string') { throw this.fail(path, `must be a string, got ${describe(value)}`); }
    return value;
  }

  boolean(value: unknown, path: string): boolean {
    if (typeof value !== 'boolean') { throw this.fail(path, `must be true or false, got ${describe(value)}`); }
    return value;
  }

  number(value: unknown, path: string): number {
    if (typeof value !== 'number' || !Number.isFinite(value)) { throw this.fail(path, `must be a number, got ${describe(value)}`); }
    return value;
  }

  integer(value: unknown, path: string, min: number, max: number): number {
    const number = this.number(value, path);
    if (!Number.isInteger(number) || number < min || number > max) { throw this.fail(path, `must be a whole number from ${min} to ${max}, got ${number}`); }
    return number;
  }

  oneOf<T extends string>(value: unknown, path: string, allowed: readonly T[]): T {
    const text = this.string(value, path);
    const found = allowed.find(candidate => candidate === text);
    if (found === undefined) { throw this.fail(path, `must be one of ${allowed.join(', ')}, got ${JSON.stringify(text)}`); }
    return found;
  }

  strings(value: unknown, path: string): string[] {
    return this.list(value, path).map((item, i) => this.string(item, `${path}[${i}]`));
  }

  /** Runs `parse`, and says where its error happened. */
  at<T>(path: string, parse: () => T): T {
    try {
      return parse();
    } catch (error) {
      throw error instanceof UnreadableDocument ? error : this.fail(path, error instanceof Error ? error.message : String(error));
    }
  }
}

/** Without what is not stated. Field by field: copies by spreading take longer, and of these there are many. */
function originOf(apiVersion: string, kind: string, name: string, namespace: string | undefined, at: string | undefined): Origin {
  if (namespace === undefined) { return at === undefined ? { apiVersion, kind, name } : { apiVersion, kind, name, at }; }
  return at === undefined ? { apiVersion, kind, name, namespace } : { apiVersion, kind, name, namespace, at };
}

const describe = (value: unknown): string => preview(value, '');

const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** What an empty object means wherever it has this name: an end without conditions, and a Cilium port rule without ports. */
const EMPTY: Readonly<Record<string, string>> = { source: 'everything', destination: 'everything', toPorts: 'nothing' };

const meaningOfEmpty = (path: string): string | undefined => {
  const name = lastOf(path).replace(/\[\d+\]$/, '');
  return Object.hasOwn(EMPTY, name) ? EMPTY[name] : undefined;
};
