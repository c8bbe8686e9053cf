/**
 * A strict check of plain JSON against a field tree written as data. An API server drops a field that it does not know,
 * and a rule that lost a field is wider than what was written: here an unknown field is always an error.
 */

/** Since when an API has a field, and since when no longer, as `1.19`. Absent: in every version that is supported. */
export interface Versioned {
  readonly since?: string;
  readonly until?: string;
}

export interface StringField extends Versioned {
  readonly type: 'string';
  readonly enum?: readonly string[];
  /** Values of the enum that not every supported version has. */
  readonly enumVersions?: { readonly [value: string]: Versioned };
  /** Must need no more than polynomial time on any input: documents come from others. */
  readonly pattern?: RegExp;
  /** What the pattern wants, for people: `a CIDR such as 10.0.0.0/8`. */
  readonly hint?: string;
  readonly minLength?: number;
  /** In code points, as the API server counts. */
  readonly maxLength?: number;
}

export interface IntegerField extends Versioned {
  readonly type: 'integer';
  readonly enum?: readonly number[];
  readonly min?: number;
  readonly max?: number;
}

export interface NumberField extends Versioned {
  readonly type: 'number';
}

export interface BooleanField extends Versioned {
  readonly type: 'boolean';
}

/** `min` and `max` bound the integer; the rest the string. */
export interface IntOrStringField extends Omit<StringField, 'type'> {
  readonly type: 'intOrString';
  readonly min?: number;
  readonly max?: number;
}

export interface ArrayField extends Versioned {
  readonly type: 'array';
  readonly of: FieldTree;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly unique?: boolean;
}

export interface MapField extends Versioned {
  readonly type: 'map';
  readonly of: StringField;
}

export interface ObjectField extends Versioned {
  readonly type: 'object';
  readonly fields: FieldTrees;
  readonly required?: readonly string[];
  readonly exactlyOneOf?: readonly string[];
  readonly atLeastOneOf?: readonly string[];
  /** Where one of these is set, no other field may be. */
  readonly alone?: readonly string[];
}

/** Anything, unchecked. */
export interface AnyField extends Versioned {
  readonly type: 'any';
}

export type FieldTree =
  | StringField
  | IntegerField
  | NumberField
  | BooleanField
  | IntOrStringField
  | ArrayField
  | MapField
  | ObjectField
  | AnyField;

/** Trees by name: the fields of an object, or the kinds of an API. */
export type FieldTrees = { readonly [name: string]: FieldTree };

/** One sentence for each thing that is wrong, in the order of the document; none if it fits. `path` is where `value` stands, '' for a document. */
export function checkFields(tree: FieldTree, value: unknown, path: string = ''): string[] {
  const errors: string[] = [];
  check(tree, value, path, errors);
  return errors;
}

// Depth is bounded by the tree, never by the value: nothing is visited that the tree does not name.
function check(tree: FieldTree, value: unknown, path: string, errors: string[]): void {
  switch (tree.type) {
    case 'any':
      return;
    case 'string':
      if (typeof value !== 'string') return fail(errors, path, `must be a string, not ${shown(value)}`);
      return checkString(tree, value, path, errors);
    case 'integer':
      if (!Number.isInteger(value)) return fail(errors, path, `must be an integer, not ${shown(value)}`);
      if (tree.enum && !tree.enum.includes(value as number)) return fail(errors, path, `must be ${oneOf(tree.enum)}, not ${shown(value)}`);
      return checkBounds(tree, value as number, path, errors);
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) fail(errors, path, `must be a number, not ${shown(value)}`);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') fail(errors, path, `must be true or false, not ${shown(value)}`);
      return;
    case 'intOrString':
      if (typeof value === 'string') return checkString(tree, value, path, errors);
      if (!Number.isInteger(value)) return fail(errors, path, `must be an integer or a string, not ${shown(value)}`);
      return checkBounds(tree, value as number, path, errors);
    case 'array':
      if (!Array.isArray(value)) return fail(errors, path, `must be a list, not ${shown(value)}`);
      return checkArray(tree, value, path, errors);
    case 'map':
      if (!isObject(value)) return fail(errors, path, `must be a map of strings, not ${shown(value)}`);
      for (const [key, item] of present(value)) check(tree.of, item, join(path, key), errors);
      return;
    case 'object':
      if (!isObject(value)) return fail(errors, path, `must be an object, not ${shown(value)}`);
      return checkObject(tree, value, path, errors);
  }
}

function checkString(tree: Omit<StringField, 'type'>, value: string, path: string, errors: string[]): void {
  if (tree.enum && !tree.enum.includes(value)) return fail(errors, path, `must be ${oneOf(tree.enum)}, not ${shown(value)}`);
  if (tree.minLength !== undefined && value.length < tree.minLength) {
    return fail(errors, path, `must have at least ${count(tree.minLength, 'character')}, not ${value.length}`);
  }
  // Before the pattern, so that no pattern meets a string without bound.
  if (tree.maxLength !== undefined && value.length > tree.maxLength) {
    const length = [...value].length;
    if (length > tree.maxLength) return fail(errors, path, `must have at most ${count(tree.maxLength, 'character')}, not ${length}`);
  }
  if (tree.pattern && !tree.pattern.test(value)) {
    fail(errors, path, `must be ${tree.hint ?? `a string that matches ${tree.pattern.source}`}, not ${shown(value)}`);
  }
}

function checkBounds(tree: { readonly min?: number; readonly max?: number }, value: number, path: string, errors: string[]): void {
  if (tree.min !== undefined && value < tree.min) fail(errors, path, `must be at least ${tree.min}, not ${value}`);
  if (tree.max !== undefined && value > tree.max) fail(errors, path, `must be at most ${tree.max}, not ${value}`);
}

function checkArray(tree: ArrayField, value: readonly unknown[], path: string, errors: string[]): void {
  const { minItems = 0, maxItems = Infinity } = tree;
  if (value.length < minItems) fail(errors, path, `must have at least ${count(minItems, 'item')}, not ${value.length}`);
  if (value.length > maxItems) fail(errors, path, `must have at most ${count(maxItems, 'item')}, not ${value.length}`);
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    const here = `${path}[${index}]`;
    const before = errors.length;
    check(tree.of, item, here, errors);
    // Only of an item that fits, whose depth is thus known to be bounded.
    if (tree.unique && errors.length === before) {
      const key = JSON.stringify(item);
      if (seen.has(key)) fail(errors, here, `${shown(item)} is already in the list`);
      seen.add(key);
    }
  }
}

function checkObject(tree: ObjectField, value: object, path: string, errors: string[]): void {
  const given = new Set<string>();
  for (const [key, item] of present(value)) {
    given.add(key);
    if (Object.hasOwn(tree.fields, key)) {
      check(tree.fields[key], item, join(path, key), errors);
    } else {
      fail(errors, join(path, key), `unknown field; the API server would drop it (known: ${Object.keys(tree.fields).join(', ')})`);
    }
  }
  for (const name of tree.required ?? []) {
    if (!given.has(name)) fail(errors, join(path, name), 'is required, but is missing');
  }
  if (tree.exactlyOneOf) {
    const set = tree.exactlyOneOf.filter((name) => given.has(name));
    if (set.length !== 1) fail(errors, path, `must have exactly one of ${tree.exactlyOneOf.join(', ')}, not ${set.join(' and ') || 'none'}`);
  }
  if (tree.atLeastOneOf && !tree.atLeastOneOf.some((name) => given.has(name))) {
    fail(errors, path, `must have at least one of ${tree.atLeastOneOf.join(', ')}`);
  }
  for (const name of tree.alone ?? []) {
    if (given.has(name) && given.size > 1) {
      fail(errors, path, `${name} must stand alone, not with ${[...given].filter((other) => other !== name).map(clipped).join(', ')}`);
    }
  }
}

/** Own fields; one that is undefined is absent, as it is in JSON. */
function present(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== undefined);
}

/** Not by prototype, which differs between realms; a Date (YAML makes them) or a Map is none. */
function isObject(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function fail(errors: string[], path: string, what: string): void {
  errors.push(`${path || 'document'}: ${what}`);
}

function join(path: string, key: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key)) return `${path}[${JSON.stringify(clipped(key))}]`;
  return path ? `${path}.${clipped(key)}` : clipped(key);
}

function oneOf(values: readonly (string | number)[]): string {
  return values.length === 1 ? JSON.stringify(values[0]) : `one of ${values.join(', ')}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(clipped(value));
  if (typeof value === 'number') return `the number ${value}`;
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  return value instanceof Date ? 'a date' : clipped(String(value));
}

function clipped(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
