import { Labels } from './labels';

/** Calico's selector language (reference section 3): a recursive descent that evaluates nothing until labels are given. */

export type Selector = (labels: Labels) => boolean;

/** What a selector is read as, by the place it stands in. */
export interface Place {
  /** Put before every label key: "pcns." in a namespaceSelector, "pcsa." in the selector of service accounts. */
  prefix?: string;
  all?: Selector;
  /** Absent where global() may not be said. */
  global?: Selector;
}

const LABEL = /[A-Za-z0-9_./-]{1,512}/y;

const ANYWHERE: Place = {};
const parsed = new WeakMap<Place, Map<string, Selector>>();

export function parseSelector(text: unknown, place: Place = ANYWHERE): Selector {
  if (typeof text !== 'string') throw new Error(`a selector is a string, not ${JSON.stringify(text)}`);
  const known = parsed.get(place) ?? new Map<string, Selector>();
  parsed.set(place, known);
  if (!known.has(text)) known.set(text, new Parser(text, place).whole());
  return known.get(text)!;
}

class Parser {
  private at = 0;

  constructor(private readonly text: string, private readonly place: Place) {}

  whole(): Selector {
    this.skip();
    // "" and blanks = all()
    if (this.at === this.text.length) return this.all();
    const selector = this.or();
    if (this.at < this.text.length) this.fail('unexpected characters');
    return selector;
  }

  private or(): Selector {
    const parts = [this.and()];
    while (this.take('||')) parts.push(this.and());
    return (labels) => parts.some((part) => part(labels));
  }

  private and(): Selector {
    const parts = [this.not()];
    while (this.take('&&')) parts.push(this.not());
    return (labels) => parts.every((part) => part(labels));
  }

  /** Any number of !, for the whole primary: !a == "b" is !(a == "b"). */
  private not(): Selector {
    if (!this.take('!')) return this.primary();
    const negated = this.not();
    return (labels) => !negated(labels);
  }

  private primary(): Selector {
    if (this.take('(')) {
      const inner = this.or();
      this.expect(')');
      return inner;
    }
    if (this.take('has(')) {
      const key = this.label();
      this.expect(')');
      return (labels) => Object.hasOwn(labels, key);
    }
    if (this.take('all(')) {
      this.expect(')');
      return this.all();
    }
    if (this.take('global(')) {
      this.expect(')');
      return this.place.global ?? this.fail('global() is only for the namespaceSelector of a rule');
    }
    return this.comparison(this.label());
  }

  private comparison(key: string): Selector {
    // What is said of the value: undefined where the label is absent.
    const on = (test: (value: string | undefined) => boolean): Selector => (labels) => test(Object.hasOwn(labels, key) ? labels[key] : undefined);
    if (this.take('==')) {
      const wanted = this.string();
      return on((value) => value === wanted);
    }
    if (this.take('!=')) {
      const wanted = this.string();
      return on((value) => value !== wanted);
    }
    if (this.take('contains')) {
      const wanted = this.string();
      return on((value) => value !== undefined && value.includes(wanted));
    }
    if (this.take('starts')) {
      this.expect('with');
      const wanted = this.string();
      return on((value) => value !== undefined && value.startsWith(wanted));
    }
    if (this.take('ends')) {
      this.expect('with');
      const wanted = this.string();
      return on((value) => value !== undefined && value.endsWith(wanted));
    }
    if (this.take('not')) {
      this.expect('in');
      const wanted = this.strings();
      return on((value) => value === undefined || !wanted.includes(value));
    }
    if (this.take('in')) {
      const wanted = this.strings();
      return on((value) => value !== undefined && wanted.includes(value));
    }
    return this.fail('expected an operator after a label');
  }

  private label(): string {
    this.skip();
    LABEL.lastIndex = this.at;
    const found = LABEL.exec(this.text);
    if (!found) this.fail('expected a label');
    this.at += found[0].length;
    return (this.place.prefix ?? '') + found[0];
  }

  /** Either quote, no escapes. */
  private string(): string {
    this.skip();
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") this.fail('expected a quoted string');
    const end = this.text.indexOf(quote, this.at + 1);
    if (end < 0) this.fail('unterminated string');
    const value = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    return value;
  }

  /** A set may be empty, and end with a comma. */
  private strings(): string[] {
    const values: string[] = [];
    this.expect('{');
    while (!this.take('}')) {
      values.push(this.string());
      if (this.take(',')) continue;
      this.expect('}');
      break;
    }
    return values;
  }

  private all(): Selector {
    return this.place.all ?? (() => true);
  }

  private take(token: string): boolean {
    this.skip();
    if (!this.text.startsWith(token, this.at)) return false;
    if (token === '!' && this.text[this.at + 1] === '=') return false;
    this.at += token.length;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) this.fail(`expected ${token}`);
  }

  /** Spaces and tabs only: a newline, as a YAML block leaves at its end, is an error. */
  private skip(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at++;
  }

  private fail(why: string): never {
    throw new Error(`selector ${JSON.stringify(this.text)}: ${why} at ${this.at}`);
  }
}
