import { SourceDocuments } from './source-documents';
import { sourceOf, sourcesOf } from './sources';
import { MOST_BYTES } from './split';

export interface InputOptions {
  /**
   * The most bytes that one document may have; a `List` is one.
   * @default 256 MiB
   */
  readonly mostBytes?: number;
  /**
   * What `-` stands for: an open file, or its text.
   * @default 0
   */
  readonly standardInput?: number | string;
}

/**
 * The objects in files, in whole folders, and in the standard input (`-`), in the order of the paths.
 * A path without a file is a problem of the result, as is what cannot be read.
 */
export function readPaths(paths: readonly string[], { mostBytes = MOST_BYTES, standardInput = 0 }: InputOptions = {}): SourceDocuments {
  const leftOut: string[] = [];
  return new SourceDocuments(sourcesOf(paths, standardInput, leftOut), mostBytes, leftOut);
}

/** The objects of one text. @param file that messages name */
export function readText(text: string, file: string, { mostBytes = MOST_BYTES }: InputOptions = {}): SourceDocuments {
  return new SourceDocuments([sourceOf(text, file)], mostBytes);
}
