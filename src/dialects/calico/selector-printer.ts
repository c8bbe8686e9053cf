import { Selector, SelectorTest } from './selector';

/** The canonical text: single quotes, sorted sets, and parentheses only where they are needed. */
export function printSelector(selector: Selector): string {
  return print(selector, OR);
}

/** How tightly the surroundings bind. */
const OR = 0;
const AND = 1;
const NOT = 2;

function print(selector: Selector, around: number): string {
  if ('all' in selector) { return 'all()'; }
  if ('global' in selector) { return 'global()'; }
  if ('and' in selector) { return inParentheses(around > AND, selector.and.map(part => print(part, AND + 1)).join(' && ')); }
  if ('or' in selector) { return inParentheses(around > OR, selector.or.map(part => print(part, OR + 1)).join(' || ')); }
  if ('not' in selector) {
    return 'label' in selector.not && selector.not.op === 'in' ? membership(selector.not, '!=', 'not in') : `!${print(selector.not, NOT)}`;
  }
  return test(selector);
}

function test(part: SelectorTest): string {
  const { label, op, values } = part;
  switch (op) {
    case 'exists': return `has(${label})`;
    case 'in': return membership(part, '==', 'in');
    case 'contains': return `${label} contains ${quoted(values[0])}`;
    case 'startsWith': return `${label} starts with ${quoted(values[0])}`;
    case 'endsWith': return `${label} ends with ${quoted(values[0])}`;
  }
}

const membership = ({ label, values }: SelectorTest, single: string, several: string): string =>
  values.length === 1 ? `${label} ${single} ${quoted(values[0])}` : `${label} ${several} {${values.map(quoted).join(', ')}}`;

const inParentheses = (needed: boolean, text: string): string => (needed ? `(${text})` : text);

/** The language has no escapes. */
function quoted(value: string): string {
  if (!value.includes('\'')) { return `'${value}'`; }
  if (value.includes('"')) { throw new Error(`a selector cannot say the value ${JSON.stringify(value)}: it has both kinds of quotes`); }
  return `"${value}"`;
}
