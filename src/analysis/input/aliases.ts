/** Values that share parts, as YAML's aliases make them, may be much larger than their text once they are written out, or have no end. */

/** How many values a document may hold when each alias is written out: so many, or so many times what its text holds. */
const MOST_VALUES = 1_000_000;
const MOST_TIMES = 10;

/**
 * What is wrong with a value, or nothing. The work is bounded by the text of the document, not by what it would expand to.
 * @param deepest that a value may be nested
 */
export function aliasProblem(value: unknown, deepest: number): string | undefined {
  const sizes = new Map<object, { size: number; depth: number }>();
  const open = new Set<object>();
  let written = 0;
  let problem: string | undefined;

  const measure = (item: unknown, level: number): { size: number; depth: number } => {
    if (typeof item !== 'object' || item === null || problem !== undefined) { return SCALAR; }
    const known = sizes.get(item);
    if (known) {
      if (level + known.depth > deepest) { problem = tooDeep(deepest); }
      return known;
    }
    if (open.has(item)) { problem = 'an alias stands within what it names, so that the value has no end'; return SCALAR; }
    if (level >= deepest) { problem = tooDeep(deepest); return SCALAR; }
    open.add(item);
    let [size, depth] = [1, 0];
    for (const part of Object.values(item)) {
      written++;
      const measured = measure(part, level + 1);
      size += measured.size;
      depth = Math.max(depth, measured.depth);
    }
    open.delete(item);
    const result = { size, depth: depth + 1 };
    sizes.set(item, result);
    return result;
  };

  const { size } = measure(value, 0);
  return problem ?? (size > Math.max(MOST_VALUES, MOST_TIMES * written) ? `its aliases, written out, make ${size} values of ${written}` : undefined);
}

const SCALAR = { size: 1, depth: 0 };

const tooDeep = (deepest: number): string => `it is nested deeper than ${deepest} levels, the most that is read`;
