/** What is wrong with a document that could be parsed. */
export class UnreadableValue extends Error {}

const [QUOTE, COLON, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN, CLOSE] = [0x22, 0x3a, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d];

/**
 * The value of a JSON text; undefined where it is none, or states a key twice: the parser for YAML, of which JSON is a part, says what is wrong.
 * @throws UnreadableValue for a text that is nested deeper than `deepest`
 */
export function parseJson(text: string, deepest: number): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { keys, depth } = shapeOf(text);
  if (depth > deepest) { throw new UnreadableValue(`it is nested ${depth} levels deep, and ${deepest} is the most that is read`); }
  return countKeys(value) === keys ? value : undefined;
}

/** How many keys a valid JSON text states, and how deep it is. */
function shapeOf(text: string): { keys: number; depth: number } {
  let [keys, open, depth] = [0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      // In valid JSON a colon outside of a string stands behind a key.
      case COLON: keys++; break;
      case QUOTE: i = endOfString(text, i); break;
      case OPEN: case OPEN_LIST: depth = Math.max(depth, ++open); break;
      case CLOSE: case CLOSE_LIST: open--; break;
    }
  }
  return { keys, depth };
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; ; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) { return i; }
    if (code === BACKSLASH) { i++; }
  }
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) { return 0; }
  let keys = 0;
  if (Array.isArray(value)) {
    for (const item of value) { keys += countKeys(item); }
    return keys;
  }
  for (const key in value) { keys += 1 + countKeys((value as Record<string, unknown>)[key]); }
  return keys;
}
