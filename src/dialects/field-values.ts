/** How values and their places are seen, and shown, by what walks a field tree. */

/** Own fields; one that is undefined is absent, as it is in JSON. */
export function present(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== undefined);
}

/** Not by prototype, which differs between realms; a Date (YAML makes them) or a Map is none. */
export function isObject(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}

export function join(path: string, key: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key)) { return `${path}[${JSON.stringify(clipped(key))}]`; }
  return path ? `${path}.${clipped(key)}` : clipped(key);
}

export function shown(value: unknown): string {
  if (typeof value === 'string') { return JSON.stringify(clipped(value)); }
  if (typeof value === 'number') { return `the number ${value}`; }
  if (Array.isArray(value)) { return 'a list'; }
  if (isObject(value)) { return 'an object'; }
  return value instanceof Date ? 'a date' : clipped(String(value));
}

export function clipped(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
