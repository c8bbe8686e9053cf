/**
 * A strict check of plain JSON against a field tree written as data. An API server drops a field that it does not know,
 * and a rule that lost a field is wider than what was written: here an unknown field is always an error.
 */
import { ArrayField, atVersion, FieldTree, ObjectField, StringField } from './field-types';
import { clipped, isObject, join, present, shown } from './field-values';
import { absence, isIn, Versioned } from './versions';

export type {
  AnyField, ArrayField, Before, BooleanField, FieldTree, FieldTrees, IntegerField, IntOrStringField, MapField, NumberField, ObjectField, StringField,
} from './field-types';
export { atVersion } from './field-types';
export { prune } from './prune';
export type { Pruned } from './prune';
export { isIn } from './versions';
export type { Versioned } from './versions';

/** Where the errors go, and for which version. */
interface Check {
  readonly errors: string[];
  readonly version: string | undefined;
}

/**
 * One sentence for each thing that is wrong, in the order of the document; none if it fits.
 * @param path where `value` stands, '' for a document
 * @param version of what enforces it, such as `1.19`; absent: the newest that the tree knows
 */
export function checkFields(tree: FieldTree, value: unknown, path: string = '', version?: string): string[] {
  const into: Check = { errors: [], version };
  check(tree, value, path, into);
  return into.errors;
}

// Depth is bounded by the tree, never by the value: nothing is visited that the tree does not name.
function check(field: FieldTree, value: unknown, path: string, into: Check): void {
  const tree = atVersion(field, into.version);
  switch (tree.type) {
    case 'any':
      return;
    case 'string':
      if (typeof value !== 'string') return fail(into, path, `must be a string, not ${shown(value)}`);
      return checkString(tree, value, path, into);
    case 'integer':
      if (!Number.isInteger(value)) return fail(into, path, `must be an integer, not ${shown(value)}`);
      if (tree.enum && !tree.enum.includes(value as number)) return fail(into, path, `must be ${oneOf(tree.enum)}, not ${shown(value)}`);
      return checkBounds(tree, value as number, path, into);
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) fail(into, path, `must be a number, not ${shown(value)}`);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') fail(into, path, `must be true or false, not ${shown(value)}`);
      return;
    case 'intOrString':
      if (typeof value === 'string') return checkString(tree, value, path, into);
      if (!Number.isInteger(value)) return fail(into, path, `must be an integer or a string, not ${shown(value)}`);
      return checkBounds(tree, value as number, path, into);
    case 'array':
      if (!Array.isArray(value)) return fail(into, path, `must be a list, not ${shown(value)}`);
      return checkArray(tree, value, path, into);
    case 'map':
      if (!isObject(value)) return fail(into, path, `must be a map of strings, not ${shown(value)}`);
      for (const [key, item] of present(value)) check(tree.of, item, join(path, key), into);
      return;
    case 'object':
      if (!isObject(value)) return fail(into, path, `must be an object, not ${shown(value)}`);
      return checkObject(tree, value, path, into);
  }
}

function checkString(tree: Omit<StringField, 'type'>, value: string, path: string, into: Check): void {
  if (tree.enum) {
    const known = tree.enum.filter((each) => isIn(versionsOf(tree, each), into.version));
    if (!known.includes(value)) return fail(into, path, `must be ${oneOf(known)}, not ${shown(value)}${elsewhere(tree, value, into)}`);
  }
  if (tree.minLength !== undefined && value.length < tree.minLength) {
    return fail(into, path, `must have at least ${count(tree.minLength, 'character')}, not ${value.length}`);
  }
  // Before the pattern, so that no pattern meets a string without bound.
  if (tree.maxLength !== undefined && value.length > tree.maxLength) {
    const length = [...value].length;
    if (length > tree.maxLength) return fail(into, path, `must have at most ${count(tree.maxLength, 'character')}, not ${length}`);
  }
  if (tree.pattern && !tree.pattern.test(value)) {
    fail(into, path, `must be ${tree.hint ?? `a string that matches ${tree.pattern.source}`}, not ${shown(value)}`);
  }
}

const versionsOf = ({ enumVersions = {} }: Pick<StringField, 'enumVersions'>, value: string): Versioned =>
  (Object.hasOwn(enumVersions, value) ? enumVersions[value] : {});

/** That a value is one of another version, where it is. */
function elsewhere(tree: Pick<StringField, 'enum' | 'enumVersions'>, value: string, { version }: Check): string {
  return tree.enum?.includes(value) ? `, which is unknown ${absence(versionsOf(tree, value), version)}` : '';
}

function checkBounds(tree: { readonly min?: number; readonly max?: number }, value: number, path: string, into: Check): void {
  if (tree.min !== undefined && value < tree.min) fail(into, path, `must be at least ${tree.min}, not ${value}`);
  if (tree.max !== undefined && value > tree.max) fail(into, path, `must be at most ${tree.max}, not ${value}`);
}

function checkArray(tree: ArrayField, value: readonly unknown[], path: string, into: Check): void {
  const { minItems = 0, maxItems = Infinity } = tree;
  if (value.length < minItems) fail(into, path, `must have at least ${count(minItems, 'item')}, not ${value.length}`);
  if (value.length > maxItems) fail(into, path, `must have at most ${count(maxItems, 'item')}, not ${value.length}`);
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    const here = `${path}[${index}]`;
    const before = into.errors.length;
    check(tree.of, item, here, into);
    // Only of an item that fits, whose depth is thus known to be bounded.
    if (tree.unique && into.errors.length === before) {
      const key = JSON.stringify(item);
      if (seen.has(key)) fail(into, here, `${shown(item)} is already in the list`);
      seen.add(key);
    }
  }
}

function checkObject(tree: ObjectField, value: object, path: string, into: Check): void {
  const known = Object.keys(tree.fields).filter((name) => isIn(tree.fields[name], into.version));
  const given = new Set<string>();
  for (const [key, item] of present(value)) {
    if (!Object.hasOwn(tree.fields, key)) {
      given.add(key);
      fail(into, join(path, key), `unknown field; the API server would drop it (known: ${known.join(', ')})`);
    } else if (!isIn(tree.fields[key], into.version)) {
      fail(into, join(path, key), `unknown field ${absence(tree.fields[key], into.version)}; the API server would drop it (known: ${known.join(', ')})`);
    } else {
      given.add(key);
      check(tree.fields[key], item, join(path, key), into);
    }
  }
  checkCombination(tree, given, path, into);
}

function checkCombination(tree: ObjectField, given: ReadonlySet<string>, path: string, into: Check): void {
  const available = (names: readonly string[] | undefined): readonly string[] | undefined =>
    names?.filter((name) => !Object.hasOwn(tree.fields, name) || isIn(tree.fields[name], into.version));
  for (const name of available(tree.required) ?? []) {
    if (!given.has(name)) fail(into, join(path, name), 'is required, but is missing');
  }
  const one = available(tree.exactlyOneOf);
  if (one) {
    const set = one.filter((name) => given.has(name));
    if (set.length !== 1) fail(into, path, `must have exactly one of ${one.join(', ')}, not ${set.join(' and ') || 'none'}`);
  }
  const some = available(tree.atLeastOneOf);
  if (some && !some.some((name) => given.has(name))) fail(into, path, `must have at least one of ${some.join(', ')}`);
  for (const name of tree.alone ?? []) {
    if (given.has(name) && given.size > 1) {
      fail(into, path, `${name} must stand alone, not with ${[...given].filter((other) => other !== name).map(clipped).join(', ')}`);
    }
  }
}

function fail({ errors }: Check, path: string, what: string): void {
  errors.push(`${path || 'document'}: ${what}`);
}

function oneOf(values: readonly (string | number)[]): string {
  return values.length === 1 ? JSON.stringify(values[0]) : `one of ${values.join(', ')}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
