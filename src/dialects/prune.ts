import { atVersion, FieldTree, ObjectField } from './field-types';
import { isObject, join, present } from './field-values';
import { isIn } from './versions';

export interface Pruned {
  /** What is stored. What has another type than the tree says is as it was: an API server refuses that. */
  readonly value: unknown;
  /** The paths of what was dropped, in the order of the document. */
  readonly dropped: readonly string[];
}

/** What an API server stores that drops the fields it does not know, instead of refusing them. */
export function prune(tree: FieldTree, value: unknown, version?: string): Pruned {
  const dropped: string[] = [];
  return { value: pruned(tree, value, '', version, dropped), dropped };
}

// Depth is bounded by the tree, never by the value.
function pruned(tree: FieldTree, value: unknown, path: string, version: string | undefined, dropped: string[]): unknown {
  const field = atVersion(tree, version);
  if (field.type === 'array' && Array.isArray(value)) {
    return value.map((item, i) => pruned(field.of, item, `${path}[${i}]`, version, dropped));
  }
  return field.type === 'object' && isObject(value) ? prunedObject(field, value, path, version, dropped) : value;
}

function prunedObject({ fields }: ObjectField, value: object, path: string, version: string | undefined, dropped: string[]): object {
  const kept: [string, unknown][] = [];
  for (const [key, item] of present(value)) {
    const at = join(path, key);
    if (Object.hasOwn(fields, key) && isIn(fields[key], version)) {
      kept.push([key, pruned(fields[key], item, at, version, dropped)]);
    } else {
      dropped.push(at);
    }
  }
  return Object.fromEntries(kept);
}
