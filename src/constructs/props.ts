/**
 * The shape of props. Plain JavaScript may pass a property that there is not, or leave out one that is needed: dropped in silence, it would leave an
 * object that says something else than was stated.
 */

/** Anything, a value of one kind, a struct, or a list of such. */
export type Part = 'any' | Kind | Struct | readonly [Part];

/** Values that have no properties to look at. */
export interface Kind {
  /** As in "must be a Port, such as Port.tcp(8080)". */
  readonly must: string;
  readonly accepts: (value: unknown) => boolean;
}

/** The properties of a struct. */
export interface Struct {
  readonly required: Readonly<Record<string, Part>>;
  readonly optional: Readonly<Record<string, Part>>;
  /** What to state instead of properties that there are elsewhere. */
  readonly hints: Readonly<Record<string, string>>;
}

type RequiredKey<T> = { [K in keyof T]-?: undefined extends T[K] ? never : K }[keyof T];

/** A struct with every property of the interface `T`, which the compiler holds it to. */
export const struct = <T>(
  required: Readonly<Record<RequiredKey<T>, Part>>, optional: Readonly<Record<Exclude<keyof T, RequiredKey<T>>, Part>>,
  hints: Readonly<Record<string, string>> = {},
): Struct => ({ required, optional, hints }) as Struct;

/** Properties that are anything. */
export const anyOf = <K extends string>(...names: readonly K[]): Readonly<Record<K, Part>> =>
  Object.fromEntries(names.map(name => [name, 'any'])) as Record<K, Part>;

/** A list of anything. */
export const LIST: readonly [Part] = ['any'];

/**
 * Holds props to their shape.
 * @throws with the place, the value and what is known there
 */
export function checkShape(part: Part, value: unknown, where: string = ''): void {
  if (part === 'any') { return; }
  if ('accepts' in part) {
    if (!part.accepts(value)) { throw new Error(`${where}: must be ${part.must}, got ${shown(value)}`); }
    return;
  }
  if (!('required' in part)) { return checkList(part[0], value, where); }
  const known = { ...part.required, ...part.optional };
  const names = Object.keys(known).join(', ');
  if (Object.prototype.toString.call(value) !== '[object Object]') {
    throw new Error(`${where || 'props'}: must be an object with ${names}, got ${shown(value)}`);
  }
  const at = (key: string): string => (where === '' ? key : `${where}.${key}`);
  const given = value as Readonly<Record<string, unknown>>;
  const missing = Object.keys(part.required).find(key => given[key] === undefined);
  for (const [key, item] of Object.entries(given)) {
    if (item === undefined) { continue; }
    if (!Object.hasOwn(known, key)) {
      throw new Error(`${at(key)}: unknown field; ${Object.hasOwn(part.hints, key) ? `${part.hints[key]}; ` : ''}known are ${names}`);
    }
    checkShape(known[key], item, at(key));
  }
  if (missing !== undefined) { throw new Error(`${at(missing)}: is required, but is missing`); }
}

function checkList(item: Part, value: unknown, where: string): void {
  if (!Array.isArray(value)) { throw new Error(`${where}: must be a list, got ${shown(value)}`); }
  value.forEach((each, i) => {
    if (each === undefined || each === null) { throw new Error(`${where}[${i}]: is ${each}; state it, or leave the entry out`); }
    checkShape(item, each, `${where}[${i}]`);
  });
}

const LONGEST = 100;

/** A value in a message; short, whatever it is. */
function shown(value: unknown): string {
  const made = typeof value === 'object' && value !== null && !Array.isArray(value) ? value.constructor?.name ?? 'Object' : 'Object';
  if (made !== 'Object') { return `an object of ${made}`; }
  let text: string | undefined;
  try { text = JSON.stringify(value); } catch { /* A circle, or a number without bound. */ }
  text ??= String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
