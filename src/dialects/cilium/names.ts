import { isWildcard } from '../../model/fqdn';
import { Policy } from '../../model/policy-set';
import { Target } from '../dialect';
import { refuse } from '../refusals';
import { isBefore } from '../versions';
import { Reading } from './reading';

/** DNS names, of toFQDNs and of DNS rules, and the server names of TLS handshakes. */

type Json = Record<string, unknown>;

// The CRD spells these as `([chars]+[.]?)+`, the same language, which a backtracking engine needs exponential time to refuse.
const MATCH_NAME = /^[-a-zA-Z0-9_]+(\.[-a-zA-Z0-9_]+)*\.?$/;
const MATCH_PATTERN = /^[-a-zA-Z0-9_*]+(\.[-a-zA-Z0-9_*]+)*\.?$/;
const PREFIXED_NAME = /^(\*{1,2}\.)?[-a-zA-Z0-9_]+(\.[-a-zA-Z0-9_]+)*\.?$/;
const LONGEST = 255;
/** Any name of one label, before 1.19. */
const ONE_LABEL = '*.';

/** From this version on a leading `**.` is one label or more; before, it is no more than `*.`. */
const ANY_DEPTH_SINCE = '1.19';
/** From this version on `*` may stand anywhere in a server name; before, only as its first label. */
const SERVER_PATTERNS_SINCE = '1.20';

/** Whether a leading `**.` is one label or more. */
export const takesAnyDepth = ({ version }: Pick<Target, 'version'>): boolean => !isBefore(version, ANY_DEPTH_SINCE);

export function writeName(name: string, target: Target, statement: string): Json {
  const anyDepth = takesAnyDepth(target);
  if (name.startsWith('**.') && !anyDepth) { throw refuse('cilium', 'fqdn-any-depth', statement, name); }
  if (name === ONE_LABEL && anyDepth) { throw refuse('cilium', 'fqdn-any-depth', statement, `${name}, since Cilium 1.19 it is every name`); }
  return isWildcard(name) ? { matchPattern: name } : { matchName: name };
}

export function readName(reading: Reading, raw: unknown, path: string): string {
  const fields = reading.object(raw, path, ['matchName', 'matchPattern']);
  const [name, pattern] = [reading.own(fields, 'matchName'), reading.own(fields, 'matchPattern')];
  if ((name === undefined) === (pattern === undefined)) { throw reading.refused(path, 'exactly one of matchName and matchPattern is needed'); }
  const [key, value, form] = name === undefined ? ['matchPattern', pattern, MATCH_PATTERN] as const : ['matchName', name, MATCH_NAME] as const;
  const text = reading.reader.string(value, `${path}.${key}`);
  if (text.length > LONGEST || !form.test(text)) {
    throw reading.refused(`${path}.${key}`, `${JSON.stringify(text.slice(0, 80))} is no domain name of at most 255 characters${name === undefined ? ', in which * may stand' : '; with * it is a matchPattern'}`);
  }
  return plainStars(text, !reading.before(ANY_DEPTH_SINCE));
}

/**
 * Several stars in a row are one. Where the version knows any depth, two or more before the first dot are one label or more, and stars alone are
 * every name, also with a dot after them; where it does not, only a lone star is.
 */
function plainStars(text: string, anyDepth: boolean): string {
  if (/^\*+\.?$/.test(text)) { return anyDepth || text === '*' ? '*' : ONE_LABEL; }
  const plain = text.replace(/\*+/g, '*');
  return anyDepth && /^\*{2,}\./.test(text) ? `*${plain}` : plain;
}

export function readServerNames(reading: Reading, raw: unknown, path: string): string[] {
  const names = reading.reader.strings(raw, path);
  if (names.length === 0) { throw reading.refused(path, 'at least one name is needed; leave the field out where every name may pass'); }
  if (new Set(names).size < names.length) { throw reading.refused(path, 'each name may stand there once'); }
  return names.map((name, i) => {
    if (name === '') { throw reading.notEnforced(`${path}[${i}]`, 'a server name is not empty'); }
    const [form, hint] = serverNameForm(reading.version);
    if (name.length > LONGEST || !form.test(name)) { throw reading.refused(`${path}[${i}]`, `${JSON.stringify(name.slice(0, 80))} is no server name of at most 255 characters, ${hint}`); }
    return plainStars(name, true);
  });
}

export function writeServerNames(names: readonly string[], target: Target, statement: string): string[] {
  const [form, hint] = serverNameForm(target.version);
  const unique = [...new Set(names)];
  const wrong = unique.find(name => name.length > LONGEST || !form.test(name));
  if (unique.length === 0) { throw refuse('cilium', 'server-name', statement, 'a list without a name'); }
  if (wrong !== undefined) { throw refuse('cilium', 'server-name', statement, `${wrong}: ${hint}`); }
  return unique;
}

const serverNameForm = (version: string | undefined): readonly [RegExp, string] => (isBefore(version, SERVER_PATTERNS_SINCE)
  ? [PREFIXED_NAME, 'in which before Cilium 1.20 a wildcard may only be the first label: "*." or "**."']
  : [MATCH_PATTERN, 'in which * may stand']);

/** A name is something to connect to, and to allow. */
export function refuseMisplacedNames(policy: Policy, denies: boolean, names: readonly string[], statement: string): void {
  if (names.length === 0) { return; }
  if (policy.direction === 'ingress') { throw refuse('cilium', 'fqdn-ingress', statement, names.join(', ')); }
  if (denies) { throw refuse('cilium', 'fqdn-deny', statement, names.join(', ')); }
}
