import { readChunks } from './chunks';
import { filesOf, STANDARD_INPUT } from './files';
import { Problem } from './source-document';

/** Where bytes come from, and what messages call it. */
export interface Source {
  readonly name: string;
  chunks(): Iterable<Buffer>;
}

/**
 * @param standardInput what `-` stands for: an open file, or its text
 * @param leftOut to which folders are added that are not looked into
 */
export function* sourcesOf(paths: readonly string[], standardInput: number | string, leftOut: string[]): Iterable<Source | Problem> {
  for (const found of filesOf(paths, leftOut)) {
    if ('problem' in found) {
      yield { at: found.path, message: found.problem };
    } else if (found.file === STANDARD_INPUT) {
      yield typeof standardInput === 'string' ? sourceOf(standardInput, 'stdin') : { name: 'stdin', chunks: () => readChunks(standardInput) };
    } else {
      yield { name: found.file, chunks: () => readChunks(found.file) };
    }
  }
}

/** A text that is there already. */
export const sourceOf = (text: string, name: string): Source => ({ name, chunks: () => [Buffer.from(text)] });
