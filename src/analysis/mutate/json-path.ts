import { JsonPath } from '../path-text';

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

export const ownField = (value: unknown, key: string): unknown => (isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined);

export const valueAt = (value: unknown, path: JsonPath): unknown =>
  path.reduce<unknown>((inner, key) => (Array.isArray(inner) ? inner[key as number] : ownField(inner, String(key))), value);

/** A copy in which one value is another; `undefined` takes it out of its object or list. */
export function replacedAt(value: unknown, [key, ...rest]: JsonPath, replacement: unknown): unknown {
  const inner = (old: unknown) => (rest.length === 0 ? replacement : replacedAt(old, rest, replacement));
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const kept = index === key ? inner(item) : item;
      return kept === undefined ? [] : [kept];
    });
  }
  // Of entries and not by assignment: a key of the document may be `__proto__`.
  const entries = Object.entries(value as Fields).flatMap(([name, old]) => {
    const kept = name === key ? inner(old) : old;
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return Object.fromEntries(Object.hasOwn(value as Fields, key) || replacement === undefined ? entries : [...entries, [key, inner(undefined)]]);
}

/** A copy in which one item of a list is several. */
export function splitAt(value: unknown, path: JsonPath, items: readonly unknown[]): unknown {
  const list = path.slice(0, -1);
  const index = path[path.length - 1] as number;
  const old = valueAt(value, list) as readonly unknown[];
  return replacedAt(value, list, [...old.slice(0, index), ...items, ...old.slice(index + 1)]);
}
