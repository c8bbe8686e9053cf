import { quotePattern, TextMatch } from '../../model/http';

/** The string matches of Istio: exact, prefix*, *suffix, and * for presence. The star at the front is looked at first. */

export const ANY_TEXT = '(?s:.*)';

export function readText(value: string): TextMatch {
  if (value === '*') { return { present: true }; }
  if (value.startsWith('*')) { return { suffix: value.slice(1) }; }
  return value.endsWith('*') ? { prefix: value.slice(0, -1) } : { exact: value };
}

/** Undefined for what has no form. */
export function writeText(match: TextMatch): string | undefined {
  if ('present' in match) { return '*'; }
  if ('exact' in match) { return match.exact === '' || match.exact.startsWith('*') || match.exact.endsWith('*') ? undefined : match.exact; }
  if ('prefix' in match) { return match.prefix === '' || match.prefix.startsWith('*') ? undefined : `${match.prefix}*`; }
  if ('suffix' in match) { return match.suffix === '' ? undefined : `*${match.suffix}`; }
  return undefined;
}

/**
 * Hosts. Istio looks at the whole authority, with its port where the client sends one, without regard to case. `a.com` together with `a.com:*`
 * is the host whatever the port.
 */
export function readHosts(values: readonly string[]): TextMatch[] {
  const lower = new Set(values.map(value => value.toLowerCase()));
  return [...lower].flatMap((value): TextMatch[] => {
    if (value.endsWith(':*') && lower.has(value.slice(0, -2))) { return []; }
    const match = readText(value);
    if ('exact' in match) { return [lower.has(`${value}:*`) ? match : { pattern: `(?i:${quotePattern(value)})` }]; }
    if ('suffix' in match) { return [{ pattern: `(?is:.*${quotePattern(match.suffix)})` }]; }
    return 'prefix' in match && match.prefix.includes(':') ? [{ pattern: `(?is:${quotePattern(match.prefix)}.*)` }] : [match];
  });
}

export function writeHost(match: TextMatch): string[] | undefined {
  if ('present' in match) { return ['*']; }
  if ('pattern' in match) { return wholeAuthority(match.pattern); }
  // With a port that Istio would have to leave out of the comparison there is no form.
  if ('suffix' in match) { return undefined; }
  const text = writeText(match);
  if (text === undefined || text !== text.toLowerCase() || text.includes(':')) { return undefined; }
  return 'exact' in match ? [text, `${text}:*`] : [text];
}

function wholeAuthority(pattern: string): string[] | undefined {
  const body = /^\(\?is?:(.*)\)$/s.exec(pattern)?.[1];
  if (body === undefined) { return undefined; }
  const value = body.startsWith('.*') ? `*${unquote(body.slice(2))}` : body.endsWith('.*') ? `${unquote(body.slice(0, -2))}*` : unquote(body);
  const [read, ...others] = readHosts([value]);
  return others.length === 0 && read !== undefined && 'pattern' in read && read.pattern === pattern ? [value] : undefined;
}

const unquote = (text: string): string => text.replace(/\\(.)/gs, '$1');

const ONE = '{*}';
const MANY = '{**}';
const SEGMENT = 'a-zA-Z0-9\\-._~%!$&\'()+,;:@=';
const ONE_PATTERN = `[${SEGMENT}]+`;
const MANY_PATTERN = `[${SEGMENT}/]*`;
const QUERY = '(?:[?#].*)?)';

const isTemplate = (path: string): boolean => path.includes(ONE) || path.includes(MANY);

/** What is wrong with a path, or nothing. */
export function pathProblem(path: string): string | undefined {
  const inTemplate = isTemplate(path);
  let last = false;
  for (const segment of path.replace(/^\/+/, '').replace(/(?<!\/)\/+$/, '').split('/')) {
    if (segment === ONE || segment === MANY) {
      if (last) { return `${MANY} must be the last operator of ${JSON.stringify(path)}`; }
      last = segment === MANY;
    } else if (/[{}]/.test(segment)) {
      return `${JSON.stringify(path)} has a brace outside ${ONE} and ${MANY}, which must be whole segments`;
    } else if (inTemplate && !/^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/.test(segment)) {
      return `${JSON.stringify(path)} is a template, whose other segments are plain text and not empty`;
    }
  }
  return inTemplate && !path.startsWith('/') ? `${JSON.stringify(path)} must begin with a slash` : undefined;
}

/** Paths are compared without their query. https://istio.io/latest/docs/reference/config/security/normalization/ */
export function readPath(value: string): TextMatch {
  if (!isTemplate(value)) { return readText(value); }
  const parts = value.split(/(\{\*\*?\})/).map(part => (part === ONE ? ONE_PATTERN : part === MANY ? MANY_PATTERN : quotePattern(part)));
  return { pattern: `(?s:${parts.join('')}${QUERY}` };
}

export function writePath(match: TextMatch): string | undefined {
  if ('pattern' in match) { return template(match.pattern); }
  const text = writeText(match);
  return text === undefined || /[{}]/.test(text) ? undefined : text;
}

function template(pattern: string): string | undefined {
  if (!pattern.startsWith('(?s:/') || !pattern.endsWith(QUERY)) { return undefined; }
  const body = pattern.slice('(?s:'.length, -QUERY.length);
  const path = body.split(MANY_PATTERN).map(part => part.split(ONE_PATTERN).map(unquote).join(ONE)).join(MANY);
  const read = pathProblem(path) === undefined ? readPath(path) : undefined;
  return read !== undefined && 'pattern' in read && read.pattern === pattern ? path : undefined;
}
