import { HeaderMatch, HttpMatch, patternProblem, quotePattern, TextMatch } from '../../model/http';
import { refuse } from '../refusals';
import { ANY_CASE, PORT, QUERY } from './read-http';

type Json = Record<string, unknown>;

/** Alternatives of lists multiply, and each is a rule of its own. */
const MOST_RULES = 1024;

/** Each alternative of each condition as an HTTP rule. */
export function writeHttp(matches: readonly HttpMatch[], statement: string): Json[] {
  if (matches.length === 0) { throw refuse('cilium', 'http', statement, 'HTTP rules without a rule'); }
  return matches.flatMap(match => writeMatch(match, statement));
}

function writeMatch(match: HttpMatch, statement: string): Json[] {
  const { methods, paths, hosts, headers = [], ...others } = match;
  const [other] = Object.entries(others).filter(([, value]) => value !== undefined);
  if (other) { throw refuse('cilium', 'http', statement, other[0]); }
  const choices: readonly (readonly Json[])[] = [
    alternatives('method', methods, part => anyText(part, statement)),
    alternatives('path', paths, part => pathPattern(part, statement)),
    alternatives('host', hosts, part => hostPattern(part, statement)),
    ...headers.map(header => headerAlternatives(header, statement)),
  ];
  const size = choices.reduce((product, list) => product * list.length, 1);
  if (size > MOST_RULES) { throw refuse('cilium', 'http', statement, `conditions that combine to ${size} rules, of at most ${MOST_RULES}`); }
  return choices.reduce<readonly Json[]>((rules, list) => rules.flatMap(rule => list.map(part => merged(rule, part))), [{}]) as Json[];
}

const merged = (rule: Json, { headerMatches, ...part }: Json): Json => ({
  ...rule,
  ...part,
  ...(headerMatches === undefined ? {} : { headerMatches: [...(rule.headerMatches as Json[] | undefined) ?? [], ...headerMatches as Json[]] }),
});

/** A condition that is not stated is met by all, one without an alternative by none. */
function alternatives(field: string, texts: readonly TextMatch[] | undefined, write: (part: TextMatch) => string | undefined): Json[] {
  if (!texts) { return [{}]; }
  return [...new Set(texts.map(write))].map(written => (written === undefined ? {} : { [field]: written }));
}

/** Undefined: any. */
function anyText(part: TextMatch, statement: string): string | undefined {
  if ('present' in part) { return undefined; }
  if ('exact' in part) { return notEmpty(quotePattern(part.exact), statement); }
  if ('prefix' in part) { return `${quotePattern(part.prefix)}.*`; }
  return 'suffix' in part ? `.*${quotePattern(part.suffix)}` : pattern(part.pattern, statement);
}

/** Envoy looks at the path with its query, and exact, prefix and suffix are of the path before it. */
function pathPattern(part: TextMatch, statement: string): string | undefined {
  const text = 'exact' in part ? part.exact : 'prefix' in part ? part.prefix : 'suffix' in part ? part.suffix : '';
  if (/[?#]/.test(text)) { throw refuse('cilium', 'http', statement, `${text}: a path ends before its query`); }
  if ('exact' in part) { return quotePattern(notEmpty(part.exact, statement)) + QUERY; }
  return 'suffix' in part ? `[^?]*${quotePattern(part.suffix)}${QUERY}` : anyText(part, statement);
}

/** Envoy looks at the host with its port and its case, and exact, prefix and suffix are of the name in lower case. */
function hostPattern(part: TextMatch, statement: string): string | undefined {
  const text = 'exact' in part ? part.exact : 'prefix' in part ? part.prefix : 'suffix' in part ? part.suffix : '';
  if (text !== text.toLowerCase() || text.includes(':')) { throw refuse('cilium', 'http', statement, `${text}: a host is a name in lower case, without its port`); }
  if ('suffix' in part && /^\d+$/.test(part.suffix)) { throw refuse('cilium', 'http', statement, `${part.suffix}: it could be the end of a port too`); }
  if ('exact' in part) { return `${ANY_CASE}${quotePattern(notEmpty(part.exact, statement))})${PORT}`; }
  if ('suffix' in part) { return `${ANY_CASE}.*${quotePattern(part.suffix)})${PORT}`; }
  return 'prefix' in part ? `${ANY_CASE}${quotePattern(part.prefix)}.*)` : anyText(part, statement);
}

/** For Cilium an empty pattern is none. */
function notEmpty(text: string, statement: string): string {
  if (text === '') { throw refuse('cilium', 'http', statement, 'an empty text'); }
  return text;
}

function pattern(text: string, statement: string): string {
  const problem = text === '' ? 'an empty pattern' : patternProblem(text);
  if (problem) { throw refuse('cilium', 'http', statement, problem); }
  return text;
}

/** Envoy compares values exactly: each is a rule of its own. */
function headerAlternatives({ name, values, notValues, secret, mismatch }: HeaderMatch, statement: string): Json[] {
  if (notValues) { throw refuse('cilium', 'http', statement, `header ${name} without a value`); }
  const rest = { ...(secret ? { secret } : {}), ...(mismatch ? { mismatch } : {}) };
  if (!values) { return [{ headerMatches: [{ name, ...rest }] }]; }
  if (mismatch && values.length !== 1) { throw refuse('cilium', 'http', statement, `header ${name} with ${values.length} values and what is done where none matches`); }
  return values.map(value => {
    // Presence in Envoy is also that of an empty value.
    if (!('exact' in value) || value.exact === '') { throw refuse('cilium', 'http', statement, `header ${name} with a value that is not stated exactly`); }
    return { headerMatches: [{ name, value: value.exact, ...rest }] };
  });
}
