import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Stands for the standard input among paths. */
export const STANDARD_INPUT = '-';

const DOCUMENTS = /\.(ya?ml|json)$/i;
const NOT_LOOKED_INTO = /^(\.|node_modules$)/;
/** Nobody keeps manifests there. */
const NOT_WORTH_A_WORD = '.git';

/** A file to read, or a path where there is none. */
export type Found = { readonly file: string } | { readonly path: string; readonly problem: string };

/**
 * The files that paths name. Of a folder: all of YAML and JSON, at any depth and in the order of their names, hidden files too, as kubectl does;
 * folders that are hidden or that npm fills are left out. A file to which several paths or links lead is read once.
 * @param leftOut to which these folders are added
 */
export function* filesOf(paths: readonly string[], leftOut: string[] = []): Iterable<Found> {
  const seen = new Set<string>();
  for (const path of paths) {
    if (path === STANDARD_INPUT) {
      if (!seen.has(path)) { seen.add(path); yield { file: path }; }
      continue;
    }
    try {
      if (!statSync(path).isDirectory()) {
        if (isNew(path, seen)) { yield { file: path }; }
        continue;
      }
    } catch (error) {
      yield { path, problem: problemOfPath(error) };
      continue;
    }
    yield* filesOfFolder(path, seen, leftOut);
  }
}

function* filesOfFolder(folder: string, seen: Set<string>, leftOut: string[]): Iterable<Found> {
  // Or it was looked into before.
  let any = false;
  const open = [folder];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    try {
      const stats = statSync(path);
      if (stats.isDirectory() && path !== folder && NOT_LOOKED_INTO.test(basename(path))) {
        if (basename(path) !== NOT_WORTH_A_WORD) { leftOut.push(path); }
      } else if (stats.isDirectory()) {
        if (isNew(path, seen)) { open.push(...entriesOf(path)); } else { any = true; }
      } else if (stats.isFile() && DOCUMENTS.test(path)) {
        any = true;
        if (isNew(path, seen)) { yield { file: path }; }
      }
    } catch (error) {
      // A link to nothing with another name is none of ours.
      if (path === folder || DOCUMENTS.test(path)) { yield { path, problem: problemOfPath(error) }; }
    }
  }
  if (!any) { yield { path: folder, problem: 'the folder holds no *.yaml, *.yml or *.json file' }; }
}

/** Last first: they are taken from the end. */
function entriesOf(folder: string): string[] {
  return readdirSync(folder).sort().reverse().map(name => join(folder, name));
}

function isNew(path: string, seen: Set<string>): boolean {
  const real = realpathSync(path);
  if (seen.has(real)) { return false; }
  seen.add(real);
  return true;
}

export function problemOfPath(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT': return 'there is no such file or folder';
    case 'EACCES': return 'it may not be read';
    case 'ELOOP': return 'the link leads to itself';
    case 'EISDIR': return 'it is a folder';
    default: return message;
  }
}
