import { disjunction } from '../../model/dnf';
import { ADMIN, BASELINE, Direction, DIRECTIONS, peerOf, Policy, Rule } from '../../model/policy-set';
import { byDocument, describeOrigin, distinct, Document, ObjectKind, Target } from '../dialect';
import { Reasons } from '../justifications';
import { peerTerms } from '../peer-terms';
import { Feature, refuse as refuseIn } from '../refusals';
import { ADMIN_V1ALPHA1, BASELINE_V1ALPHA1, Form, lastPriority, peersField, V1ALPHA2 } from './kinds';
import { nameIn } from './rule-names';
import { inChunks, writePeers, writePods } from './write-peer';
import { writeTraffic } from './write-traffic';

type Json = Record<string, unknown>;
const refuse = (feature: Feature, statement: string, detail?: string) => refuseIn('cluster-network-policy', feature, statement, detail);

/** https://network-policy-api.sigs.k8s.io/api-overview/ */
export function writeClusterNetworkPolicy(policies: readonly Policy[], target: Target): Document[] {
  const documents = byDocument(policies).map(group => ({ group, form: formFor(group[0], target) }));
  const baselines = documents.filter(({ form }) => form.onlyName !== undefined);
  if (baselines.length > 1) { throw refuse('limit', describeOrigin(baselines[1].group[0]), `a second ${baselines[1].form.kind}`); }
  return documents.map(({ group, form }) => writeDocument(group, form, target));
}

/** The kind in which a policy of this stage is written on this target. */
export function kindFor(stage: string, target: Target): ObjectKind | undefined {
  const version = target.clusterNetworkPolicy?.version;
  if (version === undefined || (stage !== ADMIN && stage !== BASELINE)) { return undefined; }
  const { apiVersion, kind } = version === 'v1alpha2' ? V1ALPHA2 : stage === ADMIN ? ADMIN_V1ALPHA1 : BASELINE_V1ALPHA1;
  return { apiVersion, kind };
}

function formFor(policy: Policy, target: Target): Form {
  if (!target.clusterNetworkPolicy) { throw refuse('tier', describeOrigin(policy, policy.rules.length > 0 ? 0 : undefined), target.version === undefined ? target.cni : `${target.cni} ${target.version}`); }
  const kind = kindFor(policy.stage, target);
  if (!kind) { throw refuse('stage', describeOrigin(policy), `stage ${policy.stage}`); }
  return [V1ALPHA2, ADMIN_V1ALPHA1, BASELINE_V1ALPHA1].find(form => form.kind === kind.kind)!;
}

function writeDocument(policies: readonly Policy[], form: Form, target: Target): Document {
  const [first] = policies;
  const { name } = first.origin;
  if (form.onlyName !== undefined && name !== form.onlyName) { throw refuse('limit', describeOrigin(first), `a ${form.kind} that is called ${name}`); }
  const spec: Json = {
    ...(form === V1ALPHA2 ? { tier: first.stage === ADMIN ? 'Admin' : 'Baseline' } : {}),
    ...(form === BASELINE_V1ALPHA1 ? {} : { priority: priorityOf(first, target) }),
    subject: writeSubject(first),
  };
  const reasons = new Reasons();
  for (const direction of DIRECTIONS) {
    const [policy, other] = policies.filter(candidate => candidate.direction === direction);
    if (!policy) { continue; }
    if (other) { throw refuse('subject', describeOrigin(other), `a second ${direction} policy of one document`); }
    checkPolicy(policy, first);
    // What an earlier rule said already, a later one cannot change.
    const rules = reasons.once(direction, policy.rules, (rule, i) => writeRule(rule, policy, i, form, target));
    if (rules.length > form.most) { throw refuse('limit', describeOrigin(policy), `${rules.length} rules where at most ${form.most} are possible`); }
    if (rules.length > 0) { spec[direction] = rules; }
  }
  return { apiVersion: form.apiVersion, kind: form.kind, metadata: { name, ...reasons.annotations(policies) }, spec };
}

function priorityOf(policy: Policy, target: Target): number {
  const [priority] = policy.order;
  if (typeof priority !== 'number' || !Number.isInteger(priority) || priority < 0 || priority > lastPriority(target)) {
    throw refuse('stage', describeOrigin(policy), `priority ${String(priority)}, where ${target.cni} enforces 0 to ${lastPriority(target)}`);
  }
  return priority;
}

function checkPolicy(policy: Policy, first: Policy): void {
  const statement = describeOrigin(policy);
  if (policy.origin.namespace !== undefined) { throw refuse('subject', statement, `a policy of namespace ${policy.origin.namespace}`); }
  if (policy.hook) { throw refuse('hook', statement, policy.hook); }
  if (policy.effects) { throw refuse('effects', statement, Object.keys(policy.effects).join(', ')); }
  if (policy.mode === 'staged') { throw refuse('staged', statement); }
  if (policy.mode !== 'enforce') { throw refuse('stage', statement, `mode ${policy.mode}`); }
  if (policy.isolates) { throw refuse('isolation-only', statement); }
  if (policy.stage !== first.stage || policy.order[0] !== first.order[0]) { throw refuse('stage', statement, 'its directions have different tiers or priorities'); }
  if (policy.subject !== first.subject && JSON.stringify(policy.subject) !== JSON.stringify(first.subject)) { throw refuse('subject', statement, 'its directions have different subjects'); }
}

function writeSubject(policy: Policy): Json {
  const statement = `${describeOrigin(policy)}, subject`;
  const conjunctions = disjunction(policy.subject);
  if (conjunctions.length !== 1) { throw refuse('subject', statement, `${conjunctions.length} alternatives`); }
  const terms = peerTerms(conjunctions[0]);
  if (conjunctions[0].length === 0 || terms.cidrs.length > 0 || terms.kinds.some(kind => kind !== 'pod')) { throw refuse('subject', statement, 'it must be pods'); }
  return writePods(terms, statement);
}

/** Several rules where the API has no room in one: rules of one action that follow one another are alternatives. */
function writeRule(rule: Rule, policy: Policy, index: number, form: Form, target: Target): Json[] {
  const statement = describeOrigin(policy, index);
  const { direction } = policy;
  if (rule.effects) { throw refuse('effects', statement, Object.keys(rule.effects).join(', ')); }
  if (!('any' in (direction === 'ingress' ? rule.match.destination : rule.match.source))) { throw refuse('own-end', statement); }
  const action = actionOf(rule, form, statement);
  const place = { direction, action: rule.action, form, target, statement };
  const { pods, others, addresses } = writePeers(disjunction(peerOf(direction, rule.match)), place);
  const traffic = writeTraffic(rule.match.traffic, form, target.clusterNetworkPolicy!.experimental, statement);
  const name = nameIn(rule.origin?.part);
  const rules = (peers: readonly Json[], protocols?: readonly Json[]) => rulesOf(peers, protocols, { name, action }, direction, form);
  if (!traffic) { return rules([...pods, ...others]); }
  if (traffic.names.length === 0) { return rules([...pods, ...others], traffic.numbers); }
  // Elsewhere there are no named ports; by its address a pod may have them.
  if (addresses.length > 0) { throw refuse('named-port', statement, `a port name beside ${addresses[0]}`); }
  return [...rules(pods, [...traffic.numbers, ...traffic.names]), ...rules(others, traffic.numbers)];
}

function actionOf({ action }: Rule, form: Form, statement: string): string {
  // Nothing comes after the baseline: to pass there is to allow.
  const word = form.actions[action] ?? (action === 'pass' ? form.actions.allow : undefined);
  if (word === undefined) { throw refuse(action === 'log' ? 'log' : 'external-action', statement); }
  return word;
}

interface Head {
  readonly name?: string;
  readonly action: string;
}

function rulesOf(peers: readonly Json[], protocols: readonly Json[] | undefined, head: Head, direction: Direction, form: Form): Json[] {
  // No peer, or no port, matches nothing; an empty list would be refused, and an absent one would be every port.
  if (peers.length === 0 || protocols?.length === 0) { return []; }
  const traffics: (Json[] | undefined)[] = protocols ? inChunks(protocols, form.most) : [undefined];
  return inChunks(distinct(peers), form.most).flatMap(some => traffics.map((part): Json => ({
    ...(head.name === undefined ? {} : { name: head.name }),
    action: head.action,
    [peersField(direction)]: some,
    ...(part ? { [form.traffic]: part } : {}),
  })));
}
