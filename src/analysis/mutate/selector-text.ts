/** The terms of a Calico selector that all must hold; one where it is no conjunction. */
export function conjuncts(selector: string): string[] {
  const terms: string[] = [];
  let [start, depth, quote] = [0, 0, ''];
  for (let i = 0; i < selector.length; i++) {
    const character = selector[i];
    if (quote !== '') {
      if (character === quote) { quote = ''; }
    } else if (character === '"' || character === '\'') {
      quote = character;
    } else if (character === '(' || character === '{') {
      depth++;
    } else if (character === ')' || character === '}') {
      depth--;
    } else if (depth === 0 && selector.startsWith('||', i)) {
      return [selector.trim()];
    } else if (depth === 0 && selector.startsWith('&&', i)) {
      terms.push(selector.slice(start, i).trim());
      start = i + 2;
      i++;
    }
  }
  return [...terms, selector.slice(start).trim()];
}
