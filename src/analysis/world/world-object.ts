import { copied, Interner, Labels } from './interner';
import { DocumentReader, Fields } from '../../dialects/document-reader';
import { preview } from '../../dialects/preview';
import { boundsOf, hostRange, isAddress } from '../../model/cidr';
import { labelKeyProblem, labelValueProblem } from '../../model/labels';

/** One object of the input, as the readers of kinds see it. */
export interface WorldObject {
  readonly reader: DocumentReader;
  readonly fields: Fields;
  readonly metadata: Fields;
  readonly kind: string;
  readonly name: string;
  /** `default` where none is stated; of no meaning for what is of the whole cluster. */
  readonly namespace: string;
  readonly at: string;
}

const EMPTY: Fields = Object.freeze({});

/** @throws UnreadableDocument */
export function openObject(value: unknown, at: string, interner: Interner): WorldObject {
  const { reader, fields, origin } = DocumentReader.open(named(value), at);
  return {
    reader,
    fields,
    metadata: fields.metadata as Fields,
    kind: origin.kind,
    name: copied(origin.name),
    namespace: interner.text(origin.namespace || 'default'),
    at,
  };
}

/** What `kubectl create` takes may have the beginning of a name only. */
function named(value: unknown): unknown {
  const metadata = own(value, 'metadata');
  const name = own(metadata, 'name');
  if (typeof name === 'string') { return value; }
  const prefix = own(metadata, 'generateName');
  return (name === undefined || name === null) && typeof prefix === 'string'
    ? { ...value as object, metadata: { ...metadata as object, name: `${prefix}*` } }
    : value;
}

/** An own field of anything. */
export function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) { return undefined; }
  const field = (value as Fields)[key];
  return field !== undefined && Object.hasOwn(value, key) ? field : undefined;
}

/** A field that is an object, and an empty one where it is absent. */
export function objectAt(reader: DocumentReader, fields: Fields, key: string, path: string): Fields {
  const value = reader.own(fields, key);
  return value === undefined ? EMPTY : reader.object(value, path);
}

export const specOf = ({ reader, fields }: WorldObject): Fields => objectAt(reader, fields, 'spec', 'spec');

/** A list of objects, each with its path. */
export function itemsAt(reader: DocumentReader, fields: Fields, key: string, path: string): readonly (readonly [Fields, string])[] {
  const value = reader.own(fields, key);
  if (value === undefined) { return []; }
  return reader.list(value, path).map((item, i) => {
    const at = `${path}[${i}]`;
    return [reader.object(item, at), at] as const;
  });
}

export function textAt(reader: DocumentReader, fields: Fields, key: string, path: string): string | undefined {
  const value = reader.own(fields, key);
  return value === undefined || typeof value === 'string' ? value : reader.string(value, `${path}.${key}`);
}

/** Labels as the API server takes them. */
export function labelsAt(reader: DocumentReader, fields: Fields, key: string, path: string, interner: Interner): Labels {
  const value = reader.own(fields, key);
  if (value === undefined) { return interner.labels({}); }
  const labels = reader.object(value, path);
  for (const name of Object.keys(labels)) {
    if (typeof labels[name] !== 'string') { throw reader.fail(`${path}[${preview(name)}]`, labelValueProblem(name, labels[name] as string)!); }
  }
  return interner.labels(labels as Labels, () => {
    for (const [name, text] of Object.entries(labels as Labels)) {
      const problem = labelKeyProblem(name) ?? labelValueProblem(name, text);
      if (problem !== undefined) { throw reader.fail(path, problem); }
    }
  });
}

/** An address, in the one form that it has in a policy. */
export function checkAddress(reader: DocumentReader, value: unknown, path: string): string {
  const text = reader.string(value, path);
  if (!isAddress(text)) { throw reader.fail(path, `${preview(text)} is no IPv4 or IPv6 address`); }
  return canonicalAddress(text);
}

/** IPv6 addresses can be written in many ways. */
export const canonicalAddress = (text: string): string => (text.includes(':') ? boundsOf(hostRange(text))[0] : text);
