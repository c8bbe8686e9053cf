import { flowsOf } from './vocabulary';
import { dialectModule } from '../../src/dialects';
import { DialectId, Target } from '../../src/dialects/dialect';
import { linkAll } from '../../src/dialects/link';
import { Answer, evaluate } from '../../src/model/evaluate';
import { Flow, Profile } from '../../src/model/match';
import { DIRECTIONS, Hook, Policy, PolicySet } from '../../src/model/policy-set';
import { difference } from '../support/models/compare';

export interface Cluster {
  /** Of the CNI. */
  readonly dialect: DialectId;
  readonly target: Target;
  readonly profile: Profile;
}

/** What policies mean beside other documents. Staged policies are compared as if they were enforced. */
export function meaning({ dialect, target }: Cluster, policies: readonly Policy[], documents: readonly unknown[]): PolicySet {
  const set = linkAll(dialect, policies, documents, target.version);
  return { ...set, policies: set.policies.map(policy => ({ ...policy, mode: policy.mode === 'staged' ? 'enforce' : policy.mode })) };
}

/** Policies as their dialect writes them, and as YAML holds them. */
export const written = (of: DialectId, policies: readonly Policy[], { target }: Cluster): any[] =>
  JSON.parse(JSON.stringify(dialectModule(of).write(policies, target)));

type Change = (policy: Policy) => Policy;

/**
 * How policies are looked at. Beside what they decide, what they say: a deny that isolation repeats, an allow where nobody is isolated and
 * a log change no answer, and must not get lost all the same.
 */
const LOOKS: readonly Change[] = [
  policy => policy,
  policy => ({ ...policy, isolates: false, rules: policy.rules.map(rule => (rule.action === 'log' ? { ...rule, action: 'deny' } : rule)) }),
  policy => ({ ...policy, isolates: true }),
];

/** One direction and one hook at a time: what one end or one hook decides must not hide what the other does. */
function parts(set: PolicySet): PolicySet[] {
  return DIRECTIONS.flatMap(direction => HOOKS.flatMap(hook => LOOKS.map(look => ({
    ...set,
    policies: set.policies.filter(policy => policy.direction === direction && policy.hook === hook).map(({ hook: _hook, ...policy }) => look(policy)),
  }))));
}

const HOOKS: readonly (Hook | undefined)[] = [undefined, 'untracked', 'pre-dnat', 'forwarded'];

/** On flows of the words of both. */
export function differenceOf({ profile }: Cluster, one: PolicySet, other: PolicySet): string | undefined {
  const after = parts(other);
  for (const [i, before] of parts(one).entries()) {
    if (before.policies.length === 0 && after[i].policies.length === 0) { continue; }
    const found = difference({ set: before, profile }, { set: after[i], profile }, flowsOf([...before.policies, ...after[i].policies]));
    if (found !== undefined) { return found; }
  }
  return undefined;
}

export function answersOf({ profile }: Cluster, set: PolicySet): ReadonlySet<Answer> {
  return new Set(flowsOf(set.policies).map((flow: Flow) => evaluate(set, flow, profile)));
}

/** The policies with one rule less, or closed where they were open: what a reader or writer that loses something would make of them. */
export function mutants(policies: readonly Policy[]): Policy[][] {
  return policies.flatMap((policy, i) => policy.rules.map((_, k) =>
    policies.map((each, j) => (j === i ? { ...each, rules: each.rules.filter((__, l) => l !== k) } : each))));
}

/** What is kept beside what decides: each effect once, since one rule may be written as several. */
export const effectsOf = (policies: readonly Policy[]): string[] => [...new Set(policies
  .flatMap(({ effects, rules }) => [effects, ...rules.map(rule => rule.effects)])
  .filter(effects => effects !== undefined)
  .map(effects => JSON.stringify(Object.entries(effects).sort(([a], [b]) => (a < b ? -1 : 1)))))].sort();
