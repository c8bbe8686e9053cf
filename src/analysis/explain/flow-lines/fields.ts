/** Access to JSON of others: own properties of the expected type only. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (fields: Fields, keys: readonly string[]): unknown => {
  const key = keys.find(each => Object.hasOwn(fields, each));
  return key === undefined ? undefined : fields[key];
};

/** Of the first of the keys that is there. */
export function objectOf(fields: Fields, ...keys: readonly string[]): Fields | undefined {
  const value = own(fields, keys);
  return isFields(value) ? value : undefined;
}

/** Undefined for an empty text too. */
export function textOf(fields: Fields, ...keys: readonly string[]): string | undefined {
  const value = own(fields, keys);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Numbers of 64 bits are texts in JSON. */
export function numberOf(fields: Fields, ...keys: readonly string[]): number | undefined {
  const value = own(fields, keys);
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

export function listOf(fields: Fields, ...keys: readonly string[]): readonly unknown[] {
  const value = own(fields, keys);
  return Array.isArray(value) ? value : [];
}

export const textsOf = (fields: Fields, ...keys: readonly string[]): string[] =>
  listOf(fields, ...keys).slice(0, 64).filter((item): item is string => typeof item === 'string' && item !== '');

/** @throws for what is no port */
export function portOf(number: number): number {
  if (!Number.isInteger(number) || number < 1 || number > 65535) { throw new Error(`the flow has port ${number}, which is none of 1 to 65535`); }
  return number;
}
