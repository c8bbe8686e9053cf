/** How many steps a pattern of RE2 compiles to, at most, without compiling it: each repetition with a count is that many copies. */

interface Group {
  /** Of what is complete in it. */
  size: number;
  /** The last item, which a repetition would repeat. */
  last: number;
}

export function patternSize(pattern: string): number {
  const groups: Group[] = [{ size: 2, last: 0 }];
  const add = (last: number): void => {
    const group = groups[groups.length - 1];
    group.size += group.last;
    group.last = last;
  };
  const close = (): void => {
    const { size, last } = groups.pop()!;
    if (groups.length === 0) { groups.push({ size: 2, last: 0 }); }
    add(size + last);
  };
  for (let i = 0; i < pattern.length; i++) {
    switch (pattern[i]) {
      case '\\': i++; add(1); break;
      case '[': i = endOfClass(pattern, i); add(1); break;
      // Its two ends, and a step for nothing in it; likewise a branch, which may have nothing on both sides.
      case '(': groups.push({ size: 3, last: 0 }); break;
      case '|': add(3); break;
      case ')': close(); break;
      case '{': {
        const copies = countAt(pattern, i);
        if (copies !== undefined) { groups[groups.length - 1].last *= copies; } else { add(1); }
        break;
      }
      // A star, a question mark and all else are one step of their own, and a repetition of a repetition repeats both.
      case '*': case '+': case '?': groups[groups.length - 1].last += 1; break;
      default: add(1);
    }
  }
  while (groups.length > 1) { close(); }
  return groups[0].size + groups[0].last;
}

/** The greater number of `{n}`, `{n,}` or `{n,m}`, with two more steps for each copy that may be left out; undefined where it is no repetition. */
function countAt(pattern: string, at: number): number | undefined {
  const found = /^\{(\d{1,9})(,(\d{0,9}))?\}/.exec(pattern.slice(at, at + 22));
  return found ? 3 * Math.max(Number(found[1]), Number(found[3] || 0), 1) : undefined;
}

/** The place of the bracket that closes a class; the last place where none does. */
function endOfClass(pattern: string, start: number): number {
  let i = start + 1;
  if (pattern[i] === '^') { i++; }
  if (pattern[i] === ']') { i++; }
  while (i < pattern.length && pattern[i] !== ']') {
    if (pattern[i] === '\\') {
      i += 2;
      continue;
    }
    const named = pattern[i] === '[' && pattern[i + 1] === ':' ? /^\[:\^?\w{1,10}:\]/.exec(pattern.slice(i, i + 16)) : null;
    i += named ? named[0].length : 1;
  }
  return Math.min(i, pattern.length - 1);
}
