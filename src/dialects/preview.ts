const MOST = 60;
/** How many entries of a list or an object are looked at. */
const WIDTH = 8;
const DEPTH = 5;

/** The beginning of a value as JSON. The work is bounded, whatever the value holds. */
export function preview(value: unknown, more: string = '...'): string {
  const text = json(value, DEPTH);
  return text.length > MOST ? text.slice(0, MOST) + more : text;
}

function json(value: unknown, depth: number): string {
  if (typeof value === 'string') { return JSON.stringify(value.slice(0, 200)); }
  if (typeof value !== 'object' || value === null) { return value === undefined ? 'nothing' : String(value); }
  if (depth === 0) { return '...'; }
  if (Array.isArray(value)) {
    return `[${value.slice(0, WIDTH).map(item => json(item, depth - 1)).join(',')}${value.length > WIDTH ? ',...' : ''}]`;
  }
  const parts: string[] = [];
  for (const key in value) {
    if (!Object.hasOwn(value, key)) { continue; }
    if (parts.length === WIDTH) { parts.push('...'); break; }
    parts.push(`${JSON.stringify(key.slice(0, 200))}:${json((value as Record<string, unknown>)[key], depth - 1)}`);
  }
  return `{${parts.join(',')}}`;
}
