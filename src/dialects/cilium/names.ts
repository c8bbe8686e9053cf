import { isWildcard } from '../../model/fqdn';
import { Policy, Rule } from '../../model/policy-set';
import { Target } from '../dialect';
import { DocumentReader } from '../document-reader';
import { refuse } from '../refusals';
import { isAtLeast } from './version';

/** DNS names, of toFQDNs and of DNS rules alike. */

type Json = Record<string, unknown>;

// The CRD spells these two as `([chars]+[.]?)+`, the same language, which a backtracking engine needs exponential time to refuse.
const MATCH_NAME = /^[-a-zA-Z0-9_]+(\.[-a-zA-Z0-9_]+)*\.?$/;
const MATCH_PATTERN = /^[-a-zA-Z0-9_*]+(\.[-a-zA-Z0-9_*]+)*\.?$/;

export function writeName(name: string, target: Target, statement: string): Json {
  // Before 1.19 a leading `**.` is no more than `*.`, which is one label.
  if (name.startsWith('**.') && !isAtLeast(target, 1, 19)) { throw refuse('cilium', 'fqdn-any-depth', statement, name); }
  return isWildcard(name) ? { matchPattern: name } : { matchName: name };
}

export function readName(reader: DocumentReader, raw: unknown, path: string): string {
  const fields = reader.object(raw, path);
  reader.only(fields, path, ['matchName', 'matchPattern']);
  const [name, pattern] = [reader.own(fields, 'matchName'), reader.own(fields, 'matchPattern')];
  if ((name === undefined) === (pattern === undefined)) { throw reader.fail(path, 'exactly one of matchName and matchPattern is needed'); }
  const [key, value, form] = name === undefined ? ['matchPattern', pattern, MATCH_PATTERN] as const : ['matchName', name, MATCH_NAME] as const;
  const text = reader.string(value, `${path}.${key}`);
  if (text.length > 255 || !form.test(text)) {
    throw reader.fail(`${path}.${key}`, `${JSON.stringify(text.slice(0, 80))} is no domain name of at most 255 characters${name === undefined ? ', in which * may stand' : ''}`);
  }
  return text;
}

/** A name is something to connect to, and to allow. */
export function refuseMisplacedNames(policy: Policy, rule: Rule, names: readonly string[], statement: string): void {
  if (names.length === 0) { return; }
  if (policy.direction === 'ingress') { throw refuse('cilium', 'fqdn-ingress', statement, names.join(', ')); }
  if (rule.action === 'deny') { throw refuse('cilium', 'fqdn-deny', statement, names.join(', ')); }
}
