import { disjunction } from '../../model/dnf';
import { groupBy } from '../../model/group-by';
import { Direction, DIRECTIONS, NORMAL, peerOf, Policy, Rule } from '../../model/policy-set';
import { byDocument, describeOrigin, distinct, Document, Target } from '../dialect';
import { Reasons, RoomForReasons } from '../justifications';
import { Feature, refuse as refuseIn } from '../refusals';
import { listOf, writeAuthentication, writePolicyEffects } from './effects';
import { CILIUM_CLUSTERWIDE_NETWORK_POLICY, CILIUM_NETWORK_POLICY } from './kinds';
import { writePeers } from './write-peers';
import { writeTraffic } from './write-ports';
import { writeSubject } from './write-subject';

const refuse = (feature: Feature, statement: string, detail?: string) => refuseIn('cilium', feature, statement, detail);

type Json = Record<string, unknown>;

/** https://docs.cilium.io/en/stable/security/policy/ */
export function writeCilium(policies: readonly Policy[], target: Target): Document[] {
  return byDocument(policies).map(group => writeDocument(group, target));
}

function writeDocument(policies: readonly Policy[], target: Target): Document {
  const [first] = policies;
  const { namespace, name } = first.origin;
  const room = new RoomForReasons();
  const specs = bySpec(policies).map(group => writeSpec(group, target, room)).filter(spec => spec !== undefined);
  if (specs.length === 0) { throw refuse('empty', describeOrigin(first)); }
  const head = namespace === undefined
    ? { ...CILIUM_CLUSTERWIDE_NETWORK_POLICY, metadata: { name } }
    : { ...CILIUM_NETWORK_POLICY, metadata: { name, namespace } };
  // `Document` knows only objects with one spec; this kind of object may have a list of them instead.
  return specs.length === 1 ? { ...head, spec: specs[0] } : { ...head, specs };
}

/** The policies of each spec, in the order of first appearance. */
function bySpec(policies: readonly Policy[]): Policy[][] {
  return [...groupBy(policies, ({ origin }) => /^specs\[\d+\]/.exec(origin.part ?? '')?.[0] ?? 'spec').values()];
}

/** Undefined when the spec would select endpoints and say nothing about them, which Cilium refuses. */
function writeSpec(policies: readonly Policy[], target: Target, room: RoomForReasons): Json | undefined {
  const [first] = policies;
  const lists: Json = {};
  const defaultDeny: Json = {};
  const reasons = new Reasons(room);
  policies.forEach(policy => checkPolicy(policy, first));
  const subject = writeSubject(first, target);
  for (const direction of DIRECTIONS) {
    const [policy, other] = policies.filter(candidate => candidate.direction === direction);
    if (!policy) { continue; }
    if (other) { throw refuse('subject', describeOrigin(other), `a second ${direction} policy of one document`); }
    const items = { allow: writeItems(policy, 'allow', target, reasons), deny: writeItems(policy, 'deny', target, reasons) };
    if (items.allow.length + items.deny.length === 0) {
      // An item that matches nothing: what isolates is that there is one.
      if (policy.isolates) { lists[direction] = [{}]; }
      continue;
    }
    if (items.allow.length > 0) { lists[direction] = items.allow; }
    if (items.deny.length > 0) { lists[`${direction}Deny`] = items.deny; }
    if (!policy.isolates) { defaultDeny[direction] = false; }
  }
  if (Object.keys(lists).length === 0) { return undefined; }
  return {
    ...writePolicyEffects(policies, describeOrigin(first), reasons.text(policies)),
    ...subject,
    ...lists,
    ...(Object.keys(defaultDeny).length > 0 ? { enableDefaultDeny: defaultDeny } : {}),
  };
}

function checkPolicy(policy: Policy, first: Policy): void {
  const statement = describeOrigin(policy);
  if (policy.mode === 'staged') { throw refuse('staged', statement); }
  if (policy.hook !== undefined) { throw refuse('hook', statement, policy.hook); }
  if (policy.stage !== NORMAL || policy.mode !== 'enforce') { throw refuse('stage', statement, `stage ${policy.stage}, mode ${policy.mode}`); }
  if (policy !== first && JSON.stringify(policy.subject) !== JSON.stringify(first.subject)) { throw refuse('subject', statement, 'its directions have different subjects'); }
}

function writeItems(policy: Policy, list: 'allow' | 'deny', target: Target, reasons: Reasons): readonly Json[] {
  return reasons.once(list === 'deny' ? `${policy.direction}Deny` : policy.direction, policy.rules, (rule, i) => {
    const statement = describeOrigin(policy, i);
    const own = listOf(rule);
    if (own === undefined) { throw refuse(UNSAID[rule.action] ?? 'external-action', statement); }
    return own === list ? writeRule(rule, policy, target, statement) : [];
  });
}

const UNSAID: Readonly<Record<string, Feature | undefined>> = { pass: 'pass', log: 'log' };

/** Peers of different kinds, and ports and ICMP, may not stand in one item: one item for each. */
function writeRule(rule: Rule, policy: Policy, target: Target, statement: string): Json[] {
  const { direction } = policy;
  const own = direction === 'ingress' ? rule.match.destination : rule.match.source;
  if (!('any' in own)) { throw refuse('own-end', statement); }
  const authentication = writeAuthentication(rule, statement);
  const traffic = writeTraffic(policy, rule, target, statement);
  const denies = listOf(rule) === 'deny';
  const peers = writePeers(disjunction(peerOf(direction, rule.match)), { policy, denies, target, statement });
  return Object.entries(peers).filter(([, list]) => list.length > 0)
    .flatMap(([kind, list]) => traffic.map(part => ({ [fieldOf(direction, kind)]: distinct(list), ...part, ...authentication })));
}

const fieldOf = (direction: Direction, kind: string): string => (direction === 'ingress' ? 'from' : 'to') + kind;
