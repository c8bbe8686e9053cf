import { RE2JS } from 're2js';
import { patternSize } from './pattern-size';
import { normalForms } from './request-path';

/** Conditions on HTTP requests. Patterns are of RE2, which needs linear time on any input. */

/** What a text must be. A pattern must match all of it. */
export type TextMatch =
  | { readonly exact: string }
  | { readonly prefix: string }
  | { readonly suffix: string }
  | { readonly pattern: string }
  /** Any text, as long as there is one. */
  | { readonly present: true };

export interface HeaderMatch {
  /** Compared without regard to case. */
  readonly name: string;
  /** OR; absent: the header must only be there. */
  readonly values?: readonly TextMatch[];
  readonly notValues?: readonly TextMatch[];
  /** The value is held elsewhere, and not known here. */
  readonly secret?: { readonly name: string; readonly namespace?: string };
  /** What is done to a request that does not match: it passes, and is logged or changed. */
  readonly mismatch?: 'LOG' | 'ADD' | 'DELETE' | 'REPLACE';
}

/** One condition on requests: all that is stated must hold; the entries of a list are alternatives. */
export interface HttpMatch {
  readonly methods?: readonly TextMatch[];
  readonly notMethods?: readonly TextMatch[];
  /** A pattern sees the query too; exact, prefix and suffix see only the path before it. */
  readonly paths?: readonly TextMatch[];
  readonly notPaths?: readonly TextMatch[];
  /** A pattern sees the whole authority; exact, prefix and suffix only the host, without its port and in lower case. */
  readonly hosts?: readonly TextMatch[];
  readonly notHosts?: readonly TextMatch[];
  readonly headers?: readonly HeaderMatch[];
  /** Conditions that are known by name only, such as the claims of a token: their answer is not known. */
  readonly conditions?: readonly { readonly key: string; readonly values: readonly string[]; readonly notValues: readonly string[] }[];
}

/** One request. What is absent is not known; of stated headers all are stated. */
export interface HttpRequest {
  readonly method?: string;
  /** With the query, where there is one. */
  readonly path?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Truth = boolean | undefined;

/** Whether the request meets one of the conditions; undefined when that is not known. */
export function matchesHttp(matches: readonly HttpMatch[], request: HttpRequest | undefined): Truth {
  return some(matches, match => matchesOne(match, request ?? {}));
}

function matchesOne(match: HttpMatch, { method, path, host, headers }: HttpRequest): Truth {
  const name = host === undefined ? undefined : host.toLowerCase().replace(/:\d+$/, '');
  return all([
    either(match.methods, method, method),
    neither(match.notMethods, method, method),
    inEachForm(path, form => either(match.paths, form, withoutQuery(form))),
    inEachForm(path, form => neither(match.notPaths, form, withoutQuery(form))),
    either(match.hosts, host, name),
    neither(match.notHosts, host, name),
    ...(match.headers ?? []).map(header => matchesHeader(header, headers, host)),
    ...(match.conditions ?? []).map((): Truth => undefined),
  ]);
}

/** Undefined where it depends on what a proxy makes of the path. */
function inEachForm(path: string | undefined, test: (form: string | undefined) => Truth): Truth {
  const [first, ...others] = (path === undefined ? [undefined] : normalForms(path)).map(test);
  return others.every(other => other === first) ? first : undefined;
}

const withoutQuery = (path: string | undefined): string | undefined => path?.replace(/[?#].*$/s, '');

function matchesHeader({ name, values, notValues, secret, mismatch }: HeaderMatch, headers: HttpRequest['headers'], host: string | undefined): Truth {
  if (mismatch !== undefined) { return true; }
  const isHost = name.toLowerCase() === 'host';
  if (isHost ? host === undefined : headers === undefined) { return undefined; }
  const value = isHost ? host : Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  if (value === undefined) { return !values && !secret && notValues !== undefined; }
  if (secret) { return undefined; }
  return all([either(values, value, value), neither(notValues, value, value)]);
}

function either(matches: readonly TextMatch[] | undefined, raw: string | undefined, plain: string | undefined): Truth {
  return matches === undefined ? true : some(matches, match => matchesText(match, raw, plain));
}

function neither(matches: readonly TextMatch[] | undefined, raw: string | undefined, plain: string | undefined): Truth {
  return matches === undefined ? true : invert(some(matches, match => matchesText(match, raw, plain)));
}

function matchesText(match: TextMatch, raw: string | undefined, plain: string | undefined): Truth {
  if (raw === undefined || plain === undefined) { return undefined; }
  if ('exact' in match) { return plain === match.exact; }
  if ('prefix' in match) { return plain.startsWith(match.prefix); }
  if ('suffix' in match) { return plain.endsWith(match.suffix); }
  return 'present' in match ? raw !== '' : matchesPattern(match.pattern, raw);
}

/** Whether a pattern of RE2 matches all of a text. */
export const matchesPattern = (pattern: string, text: string): boolean => compiled(pattern).matches(text);

const PATTERNS = new Map<string, RE2JS>();
/** Of all patterns that are kept compiled, in steps. */
const MOST_STEPS = 200_000;
let steps = 0;

function compiled(pattern: string): RE2JS {
  let found = PATTERNS.get(pattern);
  if (!found) {
    steps += patternSize(pattern);
    if (steps > MOST_STEPS) {
      PATTERNS.clear();
      steps = patternSize(pattern);
    }
    PATTERNS.set(pattern, found = RE2JS.compile(pattern));
  }
  return found;
}

/** Of one pattern of others, in steps: repetitions are copies, so that a short text can need much memory and time. */
const LARGEST_PATTERN = 5_000;

/** What is wrong with a pattern, or nothing. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > LARGEST_PATTERN || patternSize(pattern) > LARGEST_PATTERN) {
    return `${JSON.stringify(pattern.slice(0, 80))} is larger than the ${LARGEST_PATTERN} steps, counted repetitions multiplied out, that are evaluated; state several smaller ones`;
  }
  try {
    compiled(pattern);
    return undefined;
  } catch (error) {
    return `${JSON.stringify(pattern)} is no pattern of RE2: ${(error as Error).message}`;
  }
}

/** A pattern that matches this text and nothing else. */
export const quotePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const all = (parts: readonly Truth[]): Truth => (parts.includes(false) ? false : parts.includes(undefined) ? undefined : true);
const invert = (part: Truth): Truth => (part === undefined ? undefined : !part);

function some<T>(items: readonly T[], test: (item: T) => Truth): Truth {
  const parts = items.map(test);
  return parts.includes(true) ? true : parts.includes(undefined) ? undefined : false;
}
