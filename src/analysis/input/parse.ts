import { load, State } from 'js-yaml';
import { aliasProblem } from './aliases';
import { parseJson, UnreadableValue } from './json';
import { KUBERNETES_SCHEMA } from './kubernetes-schema';

/** How deep a value may be nested. Kinds of Kubernetes stay far below it, and the readers may recurse. */
const DEEPEST = 100;

export interface Parsed {
  /** Undefined: the document is empty. */
  readonly value: unknown;
  /** The lines of what stands in a top-level list such as `items`, from 0; absent where they are not known. */
  readonly lines?: ReadonlyMap<unknown, number>;
}

/**
 * One document of YAML or JSON, as Kubernetes reads it.
 * @throws YAMLException, UnreadableValue
 */
export function parse(text: string): Parsed {
  if (/^\s*[[{]/.test(text)) {
    const value = parseJson(text, DEEPEST);
    if (value !== undefined) { return { value }; }
  }
  const lines = text.startsWith('items:') || text.includes('\nitems:') ? new Map<unknown, number>() : undefined;
  const value = load(text, { schema: KUBERNETES_SCHEMA, ...(lines ? { listener: listenForItems(lines) } : {}), ...{ maxDepth: DEEPEST } });
  if (text.includes('*') && text.includes('&')) {
    const problem = aliasProblem(value, DEEPEST);
    if (problem !== undefined) { throw new UnreadableValue(problem); }
  }
  if (text.includes('{{') && holdsTemplate(value)) { throw new UnreadableValue('it holds a template where a value is due'); }
  return { value, ...(lines ? { lines } : {}) };
}

/** The entries of a top-level list are the third level. */
const LEVEL_OF_ITEMS = 3;

function listenForItems(lines: Map<unknown, number>): (event: 'open' | 'close', state: State) => void {
  let level = 0;
  let line = 0;
  return (event, state) => {
    if (event === 'open') {
      if (++level === LEVEL_OF_ITEMS) { line = state.line; }
    } else {
      if (level-- === LEVEL_OF_ITEMS && typeof state.result === 'object' && state.result !== null) { lines.set(state.result, line); }
    }
  };
}

/** An unquoted `{{ x }}` is a mapping with a mapping for its key, which the parser calls so. */
const MAPPING_AS_KEY = '[object Object]';

function holdsTemplate(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) { return false; }
  return Object.hasOwn(value, MAPPING_AS_KEY) || Object.values(value).some(holdsTemplate);
}
