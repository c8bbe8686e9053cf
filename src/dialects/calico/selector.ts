import { LabelTest } from '../../model/endpoint';

/**
 * Calico's selector language: what a selector says, and how to parse it. The tree has one form for what can be said in
 * several ways (`a != 'b'`, `!(a == 'b')`), so that equal trees print equally.
 */
export type Selector =
  | { readonly all: true }
  | { readonly global: true }
  | SelectorTest
  | { readonly not: Selector }
  | { readonly and: readonly Selector[] }
  | { readonly or: readonly Selector[] };

export interface SelectorTest {
  readonly label: string;
  /** `==` is `in` with one value. All are false when the label is absent. */
  readonly op: LabelTest['op'];
  /** Sorted and without repeats. */
  readonly values: readonly string[];
}

export const ALL: Selector = { all: true };
export const has = (label: string): Selector => ({ label, op: 'exists', values: [] });
export const oneOf = (label: string, values: readonly string[]): Selector => ({ label, op: 'in', values: [...new Set(values)].sort() });
export const equals = (label: string, value: string): Selector => oneOf(label, [value]);
export const negate = (part: Selector): Selector => ('not' in part ? part.not : { not: part });

/** No part at all: everything. */
export function every(parts: readonly Selector[]): Selector {
  const flat = parts.flatMap(part => ('and' in part ? part.and : [part]));
  return flat.length === 0 ? ALL : flat.length === 1 ? flat[0] : { and: flat };
}

/** At least one part. */
export function some(parts: readonly Selector[]): Selector {
  const flat = parts.flatMap(part => ('or' in part ? part.or : [part]));
  return flat.length === 1 ? flat[0] : { or: flat };
}

/** The same selector with other tests or constants in it. */
export function replace(selector: Selector, leaf: (part: SelectorTest | { readonly all: true } | { readonly global: true }) => Selector): Selector {
  if ('not' in selector) { return negate(replace(selector.not, leaf)); }
  if ('and' in selector) { return every(selector.and.map(part => replace(part, leaf))); }
  if ('or' in selector) { return some(selector.or.map(part => replace(part, leaf))); }
  return leaf(selector);
}

export function mentionsGlobal(selector: Selector): boolean {
  if ('not' in selector) { return mentionsGlobal(selector.not); }
  if ('and' in selector) { return selector.and.some(mentionsGlobal); }
  if ('or' in selector) { return selector.or.some(mentionsGlobal); }
  return 'global' in selector;
}

/** Calico itself takes 1024 characters since 3.33; before that there was no bound, but documents come from others. */
const MOST_CHARACTERS = 65_536;
/** More than 1024 characters can nest, and far less than the stack takes. */
const DEEPEST = 512;
const LONGEST_LABEL = 512;

/**
 * The selector that a text states; blank text is `all()`.
 * @throws with the position when it is not a selector
 */
export function parseSelector(text: string): Selector {
  if (text.length > MOST_CHARACTERS) { throw new Error(`a selector of ${text.length} characters is too long; at most ${MOST_CHARACTERS} are read`); }
  return new Parser(text).parse();
}

const OPERATORS = '==, !=, in, not in, contains, starts with or ends with';

const WORD_OPERATORS: readonly { readonly pattern: RegExp; readonly op: LabelTest['op']; readonly negated: boolean }[] = [
  { pattern: /contains/y, op: 'contains', negated: false },
  { pattern: /starts[ \t]*with/y, op: 'startsWith', negated: false },
  { pattern: /ends[ \t]*with/y, op: 'endsWith', negated: false },
  { pattern: /not[ \t]*in/y, op: 'in', negated: true },
  { pattern: /in/y, op: 'in', negated: false },
];

class Parser {
  private position = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  parse(): Selector {
    this.skipBlanks();
    if (this.atEnd()) { return ALL; }
    const selector = this.alternatives();
    if (!this.atEnd()) { throw this.fail(this.peek(')') ? 'there is no "(" for this ")"' : 'expected "&&", "||" or the end'); }
    return selector;
  }

  private alternatives(): Selector {
    const parts = [this.conjunction()];
    while (this.takeTwice('|')) { parts.push(this.conjunction()); }
    return some(parts);
  }

  private conjunction(): Selector {
    const parts = [this.operand()];
    while (this.takeTwice('&')) { parts.push(this.operand()); }
    return every(parts);
  }

  private operand(): Selector {
    let negated = false;
    while (this.peek('!')) {
      if (this.text[this.position + 1] === '=') { throw this.fail('expected a label before "!="'); }
      this.take('!');
      negated = !negated;
    }
    const primary = this.primary();
    return negated ? negate(primary) : primary;
  }

  private primary(): Selector {
    if (this.peek('(')) { return this.group(); }
    if (this.match(/has\(/y)) { return this.presence(); }
    for (const [pattern, selector] of [[/all\(/y, ALL], [/global\(/y, { global: true }]] as const) {
      if (this.match(pattern)) {
        this.expect(')');
        return selector;
      }
    }
    const start = this.position;
    const label = this.label();
    if (label === undefined) { throw this.fail(this.primaryProblem()); }
    return this.test(label, start);
  }

  private group(): Selector {
    if (++this.depth > DEEPEST) { throw this.fail(`more than ${DEEPEST} nested parentheses are too many`); }
    this.expect('(');
    const selector = this.alternatives();
    if (!this.peek(')')) { throw this.fail(this.atEnd() ? 'a ")" is missing' : 'expected "&&", "||" or ")"'); }
    this.take(')');
    this.depth--;
    return selector;
  }

  private presence(): Selector {
    const label = this.label();
    if (label === undefined) { throw this.fail('expected a label name in has(...), without quotes'); }
    this.expect(')');
    return has(label);
  }

  private test(label: string, start: number): Selector {
    if (this.peek('=') || this.peek('!')) {
      const negated = this.peek('!');
      if (this.text[this.position + 1] !== '=') { throw this.fail(negated ? `expected an operator after the label ${label}: ${OPERATORS}` : 'expected "=="'); }
      this.take(negated ? '!=' : '==');
      const test = equals(label, this.literal());
      return negated ? negate(test) : test;
    }
    for (const { pattern, op, negated } of WORD_OPERATORS) {
      if (!this.match(pattern)) { continue; }
      const test: Selector = op === 'in' ? oneOf(label, this.set()) : { label, op, values: [this.literal()] };
      return negated ? negate(test) : test;
    }
    if (this.peek('(') && ['has', 'all', 'global'].includes(label)) {
      throw this.fail(`write ${label}(${label === 'has' ? '...' : ''}) without a space before "("`, start);
    }
    throw this.fail(`expected an operator after the label ${label}: ${OPERATORS}; to ask only whether it is there, write has(${label})`);
  }

  private set(): string[] {
    this.expect('{');
    const values: string[] = [];
    while (!this.peek('}')) {
      values.push(this.literal());
      if (!this.peek(',')) { break; }
      this.take(',');
    }
    if (!this.peek('}')) { throw this.fail('expected "," or "}"'); }
    this.take('}');
    return values;
  }

  private literal(): string {
    const quote = this.text[this.position];
    if (quote !== '\'' && quote !== '"') { throw this.fail('expected a string in quotes, such as \'value\''); }
    const end = this.text.indexOf(quote, this.position + 1);
    if (end < 0) { throw this.fail('this string has no closing quote'); }
    const value = this.text.slice(this.position + 1, end);
    this.position = end + 1;
    this.skipBlanks();
    return value;
  }

  private label(): string | undefined {
    const start = this.position;
    const label = this.match(/[a-zA-Z0-9_./-]+/y);
    if (label && label.length > LONGEST_LABEL) { throw this.fail(`a label name has at most ${LONGEST_LABEL} characters`, start); }
    return label;
  }

  private primaryProblem(): string {
    if (this.atEnd()) { return 'expected a label, has(...), all() or "(", but it ends here'; }
    if (this.peek('\'') || this.peek('"')) { return 'expected a label on the left side, without quotes'; }
    return 'expected a label, has(...), all() or "("';
  }

  private takeTwice(character: string): boolean {
    if (!this.peek(character)) { return false; }
    if (this.text[this.position + 1] !== character) { throw this.fail(`expected "${character}${character}"`); }
    this.take(character + character);
    return true;
  }

  private expect(character: string): void {
    if (!this.peek(character)) { throw this.fail(`expected "${character}"`); }
    this.take(character);
  }

  private peek(character: string): boolean {
    return this.text[this.position] === character;
  }

  private take(token: string): void {
    this.position += token.length;
    this.skipBlanks();
  }

  /** Takes what a sticky pattern matches here. */
  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found) { this.take(found); }
    return found;
  }

  /** Only spaces and tabs: Calico refuses line breaks. */
  private skipBlanks(): void {
    while (this.peek(' ') || this.peek('\t')) { this.position++; }
  }

  private atEnd(): boolean {
    return this.position >= this.text.length;
  }

  private fail(problem: string, position: number = this.position): Error {
    const lineBreak = this.peek('\n') || this.peek('\r');
    const said = lineBreak ? 'a line break is not allowed (in YAML write the selector in quotes, or after ">-")' : problem;
    const shown = this.text.length > 120 ? `${this.text.slice(0, 117)}...` : this.text;
    return new Error(`the selector ${JSON.stringify(shown)} is invalid at character ${position + 1}: ${said}`);
  }
}
