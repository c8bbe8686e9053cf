import { Refuse } from './expr-selector';
import { canonical } from './write-selection';
import { hostsOf } from './write-subject';
import { Policy, Rule } from '../../model/policy-set';

/** The policies that a document states, without those that a flag states beside them, and these flags. */
interface WrittenHook {
  readonly policies: readonly Policy[];
  readonly flags: Readonly<Record<string, true>>;
  /** Whether pods see nothing of it. */
  readonly onlyHosts: boolean;
}

export function writeHook(group: readonly Policy[], refuse: Refuse): WrittenHook {
  const hook = group.find(policy => policy.hook !== undefined)?.hook;
  if (hook === undefined) { return { policies: group, flags: {}, onlyHosts: false }; }
  if (group[0].origin.namespace !== undefined) { return refuse('hook', `${hook}, in a namespaced policy`); }
  if (hook === 'forwarded') { return { policies: withForwarded(group, refuse), flags: { applyOnForward: true }, onlyHosts: false }; }
  if (group.some(policy => policy.hook !== hook)) { return refuse('hook', `${hook}, beside rules that are not`); }
  if (hook === 'pre-dnat' && group.some(({ direction }) => direction === 'egress')) { return refuse('hook', 'pre-dnat, in egress'); }
  return { policies: group, flags: { ...(hook === 'pre-dnat' ? { preDNAT: true } : { doNotTrack: true }), applyOnForward: true }, onlyHosts: true };
}

/** The flag adds forwarded packets to what a policy judges anyway, with the same rules, at its host endpoints. */
function withForwarded(group: readonly Policy[], refuse: Refuse): Policy[] {
  const others = group.filter(policy => policy.hook === undefined);
  const forwarded = group.filter(policy => policy.hook !== undefined);
  const twins = forwarded.filter(policy => others.some(other => isTwin(other, policy, refuse)));
  if (others.length === 0 || twins.length < forwarded.length || forwarded.length < others.length) {
    return refuse('hook', 'forwarded, without the same rules for packets that are not');
  }
  return others;
}

const isTwin = (policy: Policy, forwarded: Policy, refuse: Refuse): boolean =>
  policy.direction === forwarded.direction && policy.isolates === forwarded.isolates && forwarded.hook === 'forwarded'
  && rulesText(policy.rules) === rulesText(forwarded.rules) && hostsOf(policy.subject, refuse) === canonical(forwarded.subject);

const rulesText = (rules: readonly Rule[]): string => JSON.stringify(rules.map(({ action, match, effects }) => [action, match, effects]));
