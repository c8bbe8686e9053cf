/** Field trees: which fields the objects of an API have, of which types and within which limits, as data. */
import { isBefore, Versioned } from './versions';

/** What of a field was different before a version: `undefined` for a limit that did not exist. */
export type Before<T> = { readonly version: string } & Partial<Omit<T, 'type' | 'since' | 'until' | 'before'>>;

export interface StringField extends Versioned {
  readonly type: 'string';
  readonly before?: Before<StringField>;
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
  readonly before?: Before<IntegerField>;
  readonly enum?: readonly number[];
  readonly min?: number;
  readonly max?: number;
}

export interface NumberField extends Versioned {
  readonly type: 'number';
  readonly before?: Before<NumberField>;
}

export interface BooleanField extends Versioned {
  readonly type: 'boolean';
  readonly before?: Before<BooleanField>;
}

/** `min` and `max` bound the integer; the rest the string. */
export interface IntOrStringField extends Omit<StringField, 'type' | 'before'> {
  readonly type: 'intOrString';
  readonly before?: Before<IntOrStringField>;
  readonly min?: number;
  readonly max?: number;
}

export interface ArrayField extends Versioned {
  readonly type: 'array';
  readonly before?: Before<ArrayField>;
  readonly of: FieldTree;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly unique?: boolean;
}

export interface MapField extends Versioned {
  readonly type: 'map';
  readonly before?: Before<MapField>;
  readonly of: StringField;
}

export interface ObjectField extends Versioned {
  readonly type: 'object';
  readonly before?: Before<ObjectField>;
  readonly fields: FieldTrees;
  /** These lists count only the fields that a version has. */
  readonly required?: readonly string[];
  readonly exactlyOneOf?: readonly string[];
  readonly atLeastOneOf?: readonly string[];
  /** Where one of these is set, no other field may be. */
  readonly alone?: readonly string[];
}

/** Anything, unchecked. */
export interface AnyField extends Versioned {
  readonly type: 'any';
  readonly before?: Before<AnyField>;
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

/** A field as it was in a version. */
export function atVersion(tree: FieldTree, version: string | undefined): FieldTree {
  const { before } = tree;
  if (!before || !isBefore(version, before.version)) { return tree; }
  const { version: _version, ...changes } = before;
  return { ...tree, ...changes } as FieldTree;
}
