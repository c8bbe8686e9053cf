import { DIRECTIONS, NORMAL, Policy, Rule } from '../../model/policy-set';
import { byDocument, describeOrigin, distinct, Document, inDirection, Target } from '../dialect';
import { hasReasons, JUSTIFICATION, Reasons, writtenOnce } from '../justifications';
import { Feature, refuse as refuseIn } from '../refusals';
import { Refuse } from './expr-selector';
import { mixedTiers, writtenName } from './names';
import { STAGED_KUBERNETES } from './read';
import { CALICO_V3, DEFAULT_TIER, knownDefaultAction } from './tiers';
import { hasLimits, LONGEST_SELECTOR, MOST_RULES } from './version';
import { writeHook } from './write-hook';
import { writeRule } from './write-rule';
import { writeStagedKubernetes } from './write-staged-kubernetes';
import { globalSubject, hostSubject, namespacedSubject } from './write-subject';

type Json = Record<string, unknown>;

/** https://docs.tigera.io/calico/latest/reference/resources/networkpolicy */
export function writeCalico(policies: readonly Policy[], target: Target): Document[] {
  const mixed = mixedTiers(policies);
  return byDocument(policies).map(group => (group[0].origin.kind === STAGED_KUBERNETES && group[0].mode === 'staged'
    ? writeStagedKubernetes(group, refuserOf)
    : writeDocument(group, target, mixed)));
}

const refuserOf = (statement: string): Refuse => (feature: Feature, detail: string): never => { throw refuseIn('calico', feature, statement, detail); };

function writeDocument(group: readonly Policy[], target: Target, mixed: ReadonlySet<string>): Document {
  const [first] = group;
  const { namespace, name } = first.origin;
  for (const policy of group) { checkPolicy(policy, first, target); }
  const { policies, flags, onlyHosts } = writeHook(group, refuserOf(describeOrigin(first)));
  for (const direction of DIRECTIONS) {
    const second = policies.filter(policy => policy.direction === direction)[1];
    if (second) { throw refuseIn('calico', 'subject', describeOrigin(second), `a second ${direction} policy of one document`); }
  }
  const refuse = refuserOf(`${describeOrigin(policies[0])}, subject`);
  const order = first.order[0];
  const reasons = new Reasons();
  const { subject } = policies[0];
  const spec: Json = {
    ...(first.stage === DEFAULT_TIER ? {} : { tier: first.stage }),
    ...(typeof order === 'number' && Number.isFinite(order) ? { order } : {}),
    ...flags,
    ...writeEffects(first),
    ...(namespace !== undefined ? namespacedSubject(subject, namespace, refuse) : (onlyHosts ? hostSubject : globalSubject)(subject, refuse)),
    types: DIRECTIONS.filter(direction => inDirection(policies, direction)).map(direction => (direction === 'ingress' ? 'Ingress' : 'Egress')),
  };
  for (const direction of DIRECTIONS) {
    const policy = inDirection(policies, direction);
    const rules = policy ? writeRules(policy, target, reasons) : [];
    if (rules.length > 0) { spec[direction] = rules; }
  }
  if (hasLimits(target.version)) { checkLimits(spec, first); }
  const global = namespace === undefined;
  return {
    apiVersion: CALICO_V3,
    kind: `${first.mode === 'staged' ? 'Staged' : ''}${global ? 'Global' : ''}NetworkPolicy`,
    metadata: {
      name: writtenName(first.stage, name, global, target.version, mixed),
      ...(global ? {} : { namespace }),
      ...reasons.annotations(group),
    },
    spec,
  };
}

/** Each rule once, with its reasons in metadata of its own. */
function writeRules(policy: Policy, target: Target, ofObject: Reasons): readonly Json[] {
  const write = (rule: Rule, i: number): Json[] => writeRule(rule, policy, target, refuserOf(describeOrigin(policy, i)));
  if (!hasReasons(policy.rules)) { return distinct(policy.rules.flatMap(write)); }
  return writtenOnce(policy.rules, write).map(({ raw, reasons }) => {
    if (reasons.length === 0) { return raw; }
    const { annotations } = (raw.metadata ?? {}) as { annotations?: Json };
    return { ...raw, metadata: { annotations: { ...annotations, [JUSTIFICATION]: ofObject.ofRule(reasons) } } };
  });
}

function checkPolicy(policy: Policy, first: Policy, target: Target): void {
  const refuse = refuserOf(describeOrigin(policy));
  if (policy.stage === NORMAL || policy.mode === 'void') { refuse('stage', `stage ${policy.stage}, mode ${policy.mode}`); }
  if (policy.stage !== first.stage || policy.order[0] !== first.order[0] || policy.mode !== first.mode) { refuse('stage', 'its directions have different tiers, orders or modes'); }
  if (!policy.hook && !first.hook && JSON.stringify(policy.subject) !== JSON.stringify(first.subject)) { refuse('subject', 'its directions have different subjects'); }
  if (JSON.stringify(policy.effects ?? {}) !== JSON.stringify(first.effects ?? {})) { refuse('effects', 'its directions have different effects'); }
  const isolates = isolatesIn(policy, target);
  if (policy.isolates && !isolates) { refuse('isolation-only', `tier ${policy.stage}`); }
  if (!policy.isolates && isolates) { refuse('allow-without-isolation', `tier ${policy.stage}`); }
}

/** What other tiers do is stated by their Tier objects, which are not at hand. */
function isolatesIn(policy: Policy, target: Target): boolean {
  if (policy.hook === 'untracked' || policy.hook === 'pre-dnat') { return false; }
  const action = knownDefaultAction(policy.stage, target);
  return action === undefined ? policy.isolates : action === 'Deny';
}

function writeEffects({ effects, mode, ...policy }: Policy): Json {
  const { performanceHints, stagedAction, ...others } = effects ?? {};
  const unknown = Object.entries(others).find(([, value]) => value !== undefined);
  if (unknown) { throw refuseIn('calico', 'effects', describeOrigin({ ...policy, mode }), unknown[0]); }
  if (stagedAction !== undefined && mode !== 'staged') { throw refuseIn('calico', 'effects', describeOrigin({ ...policy, mode }), 'stagedAction of a policy that is enforced'); }
  return { ...(stagedAction === undefined ? {} : { stagedAction }), ...(performanceHints === undefined ? {} : { performanceHints }) };
}

function checkLimits(spec: Json, policy: Policy): void {
  for (const direction of DIRECTIONS) {
    const rules = spec[direction] as readonly unknown[] | undefined;
    if (rules && rules.length > MOST_RULES) { throw refuseIn('calico', 'limit', describeOrigin(policy), `${rules.length} ${direction} rules`); }
  }
  const long = longSelector(spec);
  if (long !== undefined) { throw refuseIn('calico', 'limit', describeOrigin(policy), `a selector of ${long.length} characters`); }
}

const SELECTORS = ['selector', 'notSelector', 'namespaceSelector', 'serviceAccountSelector'];

/** The selectors of service accounts have no limit in a rule. */
function longSelector(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) { return undefined; }
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === 'string' && SELECTORS.includes(key) && item.length > LONGEST_SELECTOR && [...item].length > LONGEST_SELECTOR) { return item; }
    const inner = key === 'serviceAccounts' ? undefined : longSelector(item);
    if (inner !== undefined) { return inner; }
  }
  return undefined;
}
