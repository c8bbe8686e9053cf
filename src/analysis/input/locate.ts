import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { readChunks } from './chunks';
import type * as LineOf from './line-of';
import { MOST_BYTES, splitDocuments } from './split';

/**
 * The line of a field of a document that was read, found by reading that document again.
 * @param at of the document, such as `policies.yaml:12 items[3]`
 * @param path of the field, such as `spec.ingress[0].from[1]`
 * @returns such as `policies.yaml:20`; `at` itself where it names no file, or the file has changed, or the document is too large to look into
 */
export function locate(at: string, path: string): string {
  const place = /^(.*):(\d+)(?: ([^ ]*))?$/s.exec(at);
  if (!place) { return at; }
  const [, file, line, inList = ''] = place;
  try {
    const document = documentAt(file, Number(line));
    const { lineOf } = positions();
    return document ? `${file}:${document.line + lineOf(document.text, inList === '' ? path : `${inList}.${path}`)}` : at;
  } catch {
    // Files may go while they are looked at.
    return at;
  }
}

/** The parser that knows positions takes longer to load than everything else, and is seldom needed. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded when it is needed
const positions = (): typeof LineOf => require('./line-of');

/** It is also slow. */
const MOST_LOOKED_INTO = 4 * 1024 * 1024;

interface Text {
  readonly text: string;
  readonly line: number;
}

/** Many messages name one file, and often one document. */
let lastIndex: { readonly key: string; readonly documents: readonly Extent[] } | undefined;
let lastText: { readonly key: string } & Text | undefined;

interface Extent {
  readonly start: number;
  readonly size: number;
  readonly line: number;
}

function documentAt(file: string, line: number): Text | undefined {
  const stats = statSync(file);
  if (!stats.isFile()) { return undefined; }
  const key = `${stats.size} ${stats.mtimeMs} ${file}`;
  if (lastIndex?.key !== key) { lastIndex = { key, documents: extentsOf(file) }; }
  const extent = lastBefore(lastIndex.documents, line);
  if (!extent || extent.size > MOST_LOOKED_INTO) { return undefined; }
  const keyOfText = `${extent.start} ${key}`;
  if (lastText?.key !== keyOfText) { lastText = { key: keyOfText, line: extent.line, text: textOf(file, extent) }; }
  return lastText;
}

function extentsOf(file: string): Extent[] {
  const extents: Extent[] = [];
  for (const { bytes, start, line } of splitDocuments(readChunks(file), MOST_BYTES)) {
    extents.push({ start, line, size: bytes?.length ?? Infinity });
  }
  return extents;
}

function lastBefore(extents: readonly Extent[], line: number): Extent | undefined {
  let [from, to] = [0, extents.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (extents[middle].line <= line) { from = middle + 1; } else { to = middle; }
  }
  return extents[from - 1];
}

function textOf(file: string, { start, size }: Extent): string {
  const bytes = Buffer.alloc(size);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, bytes, 0, size, start);
    return bytes.toString();
  } finally {
    closeSync(descriptor);
  }
}
