const TEXTS = new WeakMap<object, string>();

/** The JSON of an immutable value, worked out once. */
export function textOf(value: object): string {
  let text = TEXTS.get(value);
  if (text === undefined) { TEXTS.set(value, text = JSON.stringify(value)); }
  return text;
}
