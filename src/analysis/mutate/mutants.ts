import { Operator } from './edit';
import { editsOfDocument } from './edits-of-document';
import { flips } from './flips';
import { Fields, isFields, ownField } from './json-path';
import { UnreadableDocument } from '../../dialects/document-reader';
import { Read, readAny } from '../../dialects/link';
import { preview } from '../../dialects/preview';
import { locate } from '../input/locate';
import { SourceDocument } from '../input/source-document';
import { pathText } from '../path-text';

/** The input with one small mistake in it. */
export interface Mutant {
  readonly operator: Operator;
  /** Such as `NetworkPolicy shop/web: leave out the label "app"`. */
  readonly edit: string;
  /** `file:line` of what is changed. */
  readonly at: () => string;
  readonly documents: () => SourceDocument[];
}

/** Every one of them, in the order of the documents. */
export function* mutants(documents: readonly SourceDocument[], version?: string): Iterable<Mutant> {
  const placed: { value: Fields; index: number }[] = [];
  for (const [index, { value, at }] of documents.entries()) {
    if (!isFields(value)) { continue; }
    const read = readOrUndefined(value, at, version);
    if (!read || 'unevaluated' in read || 'other' in read) { continue; }
    placed.push({ value, index });
    if (!('policies' in read)) { continue; }
    for (const { operator, path, what, after } of editsOfDocument(value, read.policies)) {
      yield {
        operator,
        edit: `${nameOf(value)}${path.length === 0 ? '' : `, ${pathText(path)}`}: ${what}`,
        at: () => (path.length === 0 ? at : locate(at, pathText(path))),
        documents: () => withDocuments(documents, new Map([[index, after]])),
      };
    }
  }
  for (const { first, second, path, after } of flips(placed)) {
    const [a, b] = [documents[first], documents[second]];
    yield {
      operator: 'flip-order',
      edit: `${nameOf(a.value as Fields)}, ${pathText(path)}: trade places with ${nameOf(b.value as Fields)}`,
      at: () => locate(a.at, pathText(path)),
      documents: () => withDocuments(documents, new Map([[first, after[0]], [second, after[1]]])),
    };
  }
}

/** Documents that cannot be read are problems of the analysis, and nothing to make mistakes in. */
function readOrUndefined(value: unknown, at: string, version: string | undefined): Read | undefined {
  try {
    return readAny(value, at, version);
  } catch (error) {
    if (error instanceof UnreadableDocument) { return undefined; }
    throw error;
  }
}

const withDocuments = (documents: readonly SourceDocument[], after: ReadonlyMap<number, unknown>): SourceDocument[] =>
  documents.flatMap((document, index) => {
    if (!after.has(index)) { return [document]; }
    const value = after.get(index);
    return value === undefined ? [] : [{ ...document, value }];
  });

function nameOf(document: Fields): string {
  const metadata = ownField(document, 'metadata');
  const name = [ownField(metadata, 'namespace'), ownField(metadata, 'name')].filter(part => part !== undefined).map(part => preview(part).replace(/^"|"$/g, ''));
  return `${preview(ownField(document, 'kind')).replace(/^"|"$/g, '')} ${name.join('/')}`;
}
