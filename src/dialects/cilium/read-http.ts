import { Reading } from './reading';
import { readSecret } from './tls';
import { HeaderMatch, HttpMatch, patternProblem, quotePattern, TextMatch } from '../../model/http';

/** HTTP rules. Path, method and host are RE2 patterns of the whole text; the path is that of the request line, with the query. */

/** What follows a path that is meant without its query, and a host that is meant without its port, where this library writes them. */
export const QUERY = '(\\?.*)?';
export const PORT = '(:[0-9]+)?';
export const ANY_CASE = '(?i:';

const MISMATCHES = ['LOG', 'ADD', 'DELETE', 'REPLACE'] as const;

export function readHttp(reading: Reading, raw: unknown, path: string): HttpMatch {
  const fields = reading.object(raw, path, ['path', 'method', 'host', 'headers', 'headerMatches'], {
    allowedHeaders: 'headers with their values are headerMatches: [{ name, value }]',
    paths: 'each rule has one path, which is a pattern',
    methods: 'each rule has one method, which is a pattern such as "GET|HEAD"',
    hosts: 'each rule has one host, which is a pattern',
  });
  const [method, route, host] = ['method', 'path', 'host'].map(key => readPattern(reading, reading.text(fields, key, path), `${path}.${key}`, key));
  const headers: HeaderMatch[] = [
    ...(reading.list(fields, 'headers', path) ?? []).map((item, i) => readHeader(reading, item, `${path}.headers[${i}]`)),
    ...(reading.list(fields, 'headerMatches', path) ?? []).map((item, i) => readHeaderMatch(reading, item, `${path}.headerMatches[${i}]`)),
  ];
  const pseudo = headers.find(({ name }) => name.startsWith(':'));
  if (pseudo) { throw reading.fail(path, `${JSON.stringify(pseudo.name.slice(0, 80))} is no header to write a rule for; use path, method and host`); }
  return {
    ...(method === undefined ? {} : { methods: [plainText(method)] }),
    ...(route === undefined ? {} : { paths: [readRoute(route)] }),
    ...(host === undefined ? {} : { hosts: [readHost(host)] }),
    ...(headers.length === 0 ? {} : { headers }),
  };
}

/** An empty pattern is none. */
function readPattern(reading: Reading, pattern: string | undefined, path: string, key: string): string | undefined {
  const problem = pattern ? patternProblem(pattern) : undefined;
  if (problem && key === 'host') { throw reading.fail(path, `${problem}; neither the API server nor the agent looks at it, and Envoy refuses the policy`); }
  if (problem) { throw reading.notEnforced(path, problem); }
  return pattern === '' ? undefined : pattern;
}

const SPECIAL = /[.*+?^${}()|[\]\\]/;

/** The text that a quoted pattern stands for; undefined where it stands for more. */
function unquoted(pattern: string): string | undefined {
  const text = pattern.replace(/\\([.*+?^${}()|[\]\\])/g, '$1');
  return quotePattern(text) === pattern ? text : undefined;
}

const plainText = (pattern: string): TextMatch => (SPECIAL.test(pattern) ? { pattern } : { exact: pattern });

function readRoute(pattern: string): TextMatch {
  const exact = pattern.endsWith(QUERY) ? unquoted(pattern.slice(0, -QUERY.length)) : undefined;
  if (exact !== undefined && !/[?#]/.test(exact)) { return { exact }; }
  const prefix = pattern.endsWith('.*') ? unquoted(pattern.slice(0, -2)) : undefined;
  return prefix !== undefined && prefix !== '' && !/[?#]/.test(prefix) ? { prefix } : { pattern };
}

function readHost(pattern: string): TextMatch {
  const tail = `)${PORT}`;
  if (!pattern.startsWith(ANY_CASE) || !pattern.endsWith(tail)) { return { pattern }; }
  const host = pattern.slice(ANY_CASE.length, -tail.length);
  const suffix = host.startsWith('.*') ? unquoted(host.slice(2)) : undefined;
  const text = suffix ?? unquoted(host);
  if (text === undefined || text === '' || text !== text.toLowerCase() || text.includes(':')) { return { pattern }; }
  // Digits alone can be the end of the port too.
  if (suffix !== undefined && /^\d+$/.test(suffix)) { return { pattern }; }
  return suffix === undefined ? { exact: text } : { suffix };
}

/** `K: V` or `K V` is the exact value after the first space; without a space it is the presence of a header of that whole name. */
function readHeader({ reader }: Reading, raw: unknown, path: string): HeaderMatch {
  if (typeof raw === 'object' && raw !== null) { throw reader.fail(path, 'must be a string such as "X-Token: value", with its quotes; without them YAML makes it an object'); }
  const text = reader.string(raw, path);
  const space = text.indexOf(' ');
  if (space < 0) { return { name: text }; }
  return { name: withoutColons(text.slice(0, space)), values: [{ exact: text.slice(space + 1) }] };
}

function withoutColons(name: string): string {
  let end = name.length;
  while (end > 0 && name[end - 1] === ':') { end--; }
  return name.slice(0, end);
}

function readHeaderMatch(reading: Reading, raw: unknown, path: string): HeaderMatch {
  const fields = reading.object(raw, path, ['name', 'value', 'secret', 'mismatch']);
  const name = reading.reader.string(reading.own(fields, 'name'), `${path}.name`);
  if (name === '') { throw reading.refused(`${path}.name`, 'a header needs a name'); }
  const [value, secret, mismatch] = [reading.text(fields, 'value', path), reading.own(fields, 'secret'), reading.own(fields, 'mismatch')];
  return {
    name,
    // An empty value is none: the header must only be there.
    ...(value ? { values: [{ exact: value }] } : {}),
    ...(secret === undefined ? {} : { secret: readSecret(reading, secret, `${path}.secret`) }),
    ...(mismatch === undefined ? {} : { mismatch: reading.reader.oneOf(mismatch, `${path}.mismatch`, MISMATCHES) }),
  };
}
