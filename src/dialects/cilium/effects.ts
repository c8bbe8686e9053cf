import { Policy, Rule } from '../../model/policy-set';
import { refuse } from '../refusals';
import { Reading } from './reading';

/** What a policy or a rule says beside who may connect: kept, and without a say in it. */

type Effects = Readonly<Record<string, unknown>>;
type Json = Record<string, unknown>;

export const ALWAYS_FAILS = 'test-always-fail';
const MODES = ['disabled', 'required', ALWAYS_FAILS] as const;
const LONGEST_LOG = 32;
/** No control characters and nothing that Unicode has not assigned. */
const PRINTABLE = /^\P{C}*$/u;

/** The list of a spec in which a rule stands: one that nobody can authenticate for denies, but is written as one that allows. */
export function listOf({ action, effects }: Rule): 'allow' | 'deny' | undefined {
  if (action === 'deny') { return effects?.authentication === ALWAYS_FAILS ? 'allow' : 'deny'; }
  return action === 'allow' ? 'allow' : undefined;
}

export function readAuthentication(reading: Reading, raw: unknown, path: string): typeof MODES[number] {
  const fields = reading.object(raw, path, ['mode']);
  return reading.reader.oneOf(reading.own(fields, 'mode'), `${path}.mode`, MODES);
}

export function writeAuthentication({ action, effects }: Rule, statement: string): Json {
  const mode = effects?.authentication;
  if (mode === undefined) { return {}; }
  const fits = action === 'deny' ? mode === ALWAYS_FAILS : mode === 'required' || mode === 'disabled';
  if (!fits) { throw refuse('cilium', 'effects', statement, `authentication: ${String(mode)} of a rule whose action is ${action}`); }
  return { authentication: { mode } };
}

/** `undefined` where a spec has none of these. */
export function readPolicyEffects(reading: Reading, fields: Effects, path: string): Effects | undefined {
  const description = reading.text(fields, 'description', path);
  const given = reading.own(fields, 'labels');
  const labels = given === undefined ? undefined : readLabels(reading, given, `${path}.labels`);
  const log = reading.own(fields, 'log');
  const effects = {
    ...(description === undefined ? {} : { description }),
    ...(labels === undefined ? {} : { labels }),
    ...(log === undefined ? {} : { log: readLog(reading, log, `${path}.log`) }),
  };
  return Object.keys(effects).length === 0 ? undefined : effects;
}

function readLabels(reading: Reading, raw: unknown, path: string): Json[] {
  if (!Array.isArray(raw)) { throw reading.refused(path, 'labels of a rule are a list, such as [{ key: team, value: a }]; a map belongs to metadata.labels'); }
  return raw.map((item: unknown, i) => {
    const at = `${path}[${i}]`;
    const fields = reading.object(item, at, ['key', 'value', 'source']);
    reading.reader.string(reading.own(fields, 'key'), `${at}.key`);
    return Object.fromEntries(['key', 'value', 'source'].flatMap(key => {
      const value = reading.text(fields, key, at);
      return value === undefined ? [] : [[key, value]];
    }));
  });
}

function readLog(reading: Reading, raw: unknown, path: string): string {
  const fields = reading.object(raw, path, ['value']);
  const value = reading.text(fields, 'value', path) ?? '';
  const problem = logProblem(value);
  if (problem) { throw reading.refused(`${path}.value`, problem); }
  return value;
}

const logProblem = (value: string): string | undefined => ([...value].length > LONGEST_LOG || !PRINTABLE.test(value)
  ? `${JSON.stringify(value.slice(0, 80))} is no text of at most ${LONGEST_LOG} printable characters` : undefined);

/**
 * Those of all policies of one spec, which can hold them once.
 * @param reasons why the spec is there, which stand in its description too
 */
export function writePolicyEffects(policies: readonly Policy[], statement: string, reasons?: string): Json {
  const [first, ...others] = policies.flatMap(({ effects }) => (effects ? [effects] : []));
  if (!first) { return reasons === undefined ? {} : { description: reasons }; }
  if (others.some(other => JSON.stringify(other) !== JSON.stringify(first))) { throw refuse('cilium', 'effects', statement, 'its directions have different ones'); }
  const { description, labels, log, ...unknown } = first;
  const [other] = Object.keys(unknown).filter(key => unknown[key] !== undefined);
  if (other !== undefined) { throw refuse('cilium', 'effects', statement, other); }
  return {
    ...(description === undefined && reasons === undefined ? {} : { description: describe(description, reasons, statement) }),
    ...(labels === undefined ? {} : { labels: writeLabels(labels, statement) }),
    ...(log === undefined ? {} : { log: { value: writeLog(log, statement) } }),
  };
}

const describe = (description: unknown, reasons: string | undefined, statement: string): string => [
  ...(description === undefined ? [] : [text(description, 'description', statement)]),
  ...(reasons === undefined ? [] : [reasons]),
].join('\n');

function writeLabels(labels: unknown, statement: string): unknown {
  const fits = Array.isArray(labels) && labels.every((label: unknown) => typeof label === 'object' && label !== null && typeof (label as Json).key === 'string');
  if (!fits) { throw refuse('cilium', 'effects', statement, 'labels that are no list of { key, value }'); }
  return labels;
}

function writeLog(log: unknown, statement: string): string {
  const value = text(log, 'log', statement);
  const problem = logProblem(value);
  if (problem) { throw refuse('cilium', 'effects', statement, `log: ${problem}`); }
  return value;
}

function text(value: unknown, what: string, statement: string): string {
  if (typeof value !== 'string') { throw refuse('cilium', 'effects', statement, `${what} that is no text`); }
  return value;
}
