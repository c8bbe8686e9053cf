import { Conjunction, disjunction } from '../../model/dnf';
import { Direction, DIRECTIONS, NORMAL, peerOf, Policy, Rule } from '../../model/policy-set';
import { byDocument, describeOrigin, distinct, Document, Target } from '../dialect';
import { foreignTerm, PeerTerms, peerTerms, speaksOfPods } from '../peer-terms';
import { Feature, refuse as refuseIn } from '../refusals';
import { writeCidr } from './addresses';
import { ENTITIES } from './entities';
import { CILIUM_CLUSTERWIDE_NETWORK_POLICY, CILIUM_NETWORK_POLICY } from './kinds';
import { refuseMisplacedNames, writeName } from './names';
import { writePorts } from './ports';
import { writeSelector } from './selectors';
import { isAtLeast } from './version';

const refuse = (feature: Feature, statement: string, detail?: string) => refuseIn('cilium', feature, statement, detail);

type Json = Record<string, unknown>;

/** https://docs.cilium.io/en/stable/security/policy/ */
export function writeCilium(policies: readonly Policy[], target: Target): Document[] {
  return byDocument(policies).map(group => writeDocument(group, target));
}

function writeDocument(policies: readonly Policy[], target: Target): Document {
  const [first] = policies;
  const { namespace, name } = first.origin;
  const specs = bySpec(policies).map(group => writeSpec(group, target)).filter(spec => spec !== undefined);
  if (specs.length === 0) { throw refuse('empty', describeOrigin(first)); }
  const head = namespace === undefined
    ? { ...CILIUM_CLUSTERWIDE_NETWORK_POLICY, metadata: { name } }
    : { ...CILIUM_NETWORK_POLICY, metadata: { name, namespace } };
  // `Document` knows only objects with one spec; this kind of object may have a list of them instead.
  return specs.length === 1 ? { ...head, spec: specs[0] } : { ...head, specs };
}

/** The policies of each spec, in the order of first appearance. */
function bySpec(policies: readonly Policy[]): Policy[][] {
  const groups = new Map<string, Policy[]>();
  for (const policy of policies) {
    const spec = /^specs\[\d+\]/.exec(policy.origin.part ?? '')?.[0] ?? 'spec';
    const group = groups.get(spec);
    if (group) { group.push(policy); } else { groups.set(spec, [policy]); }
  }
  return [...groups.values()];
}

/** Undefined when the spec would select endpoints and say nothing about them, which Cilium refuses. */
function writeSpec(policies: readonly Policy[], target: Target): Json | undefined {
  const [first] = policies;
  const spec: Json = { endpointSelector: subjectSelector(first) };
  const defaultDeny: Json = {};
  for (const direction of DIRECTIONS) {
    const [policy, other] = policies.filter(candidate => candidate.direction === direction);
    if (!policy) { continue; }
    if (other) { throw refuse('subject', describeOrigin(other), `a second ${direction} policy of one document`); }
    checkPolicy(policy, first);
    const items = { allow: writeItems(policy, 'allow', target), deny: writeItems(policy, 'deny', target) };
    if (items.allow.length + items.deny.length === 0) {
      // An item that matches nothing: what isolates is that there is one.
      if (policy.isolates) { spec[direction] = [{}]; }
      continue;
    }
    if (items.allow.length > 0) { spec[direction] = items.allow; }
    if (items.deny.length > 0) { spec[`${direction}Deny`] = items.deny; }
    if (!policy.isolates) { defaultDeny[direction] = false; }
  }
  if (Object.keys(spec).length === 1) { return undefined; }
  return { ...spec, ...(Object.keys(defaultDeny).length > 0 ? { enableDefaultDeny: defaultDeny } : {}) };
}

function checkPolicy(policy: Policy, first: Policy): void {
  if (policy.stage !== NORMAL || policy.mode !== 'enforce') { throw refuse('stage', describeOrigin(policy), `stage ${policy.stage}, mode ${policy.mode}`); }
  if (policy !== first && JSON.stringify(policy.subject) !== JSON.stringify(first.subject)) { throw refuse('subject', describeOrigin(policy), 'its directions have different subjects'); }
}

function subjectSelector(policy: Policy): Json {
  const { namespace } = policy.origin;
  const statement = `${describeOrigin(policy)}, subject`;
  const conjunctions = disjunction(policy.subject);
  if (conjunctions.length !== 1) { throw refuse('subject', statement, `${conjunctions.length} alternatives`); }
  const terms = peerTerms(conjunctions[0]);
  if (terms.cidrs.length + terms.entities.length + terms.fqdns.length > 0) { throw refuse('subject', statement, 'it must be pods'); }
  checkPods(terms, statement);
  if (namespace !== undefined && (terms.namespaces.length !== 1 || terms.namespaces[0] !== namespace || terms.notNamespaces.length > 0
    || terms.labels.some(({ test }) => test.of === 'namespace'))) {
    throw refuse('subject', statement, `it must be in namespace ${namespace}`);
  }
  return writeSelector(terms, namespace, statement);
}

function writeItems(policy: Policy, action: 'allow' | 'deny', target: Target): readonly Json[] {
  return distinct(policy.rules.flatMap((rule, i) => {
    const statement = describeOrigin(policy, i);
    if (rule.action !== 'allow' && rule.action !== 'deny') { throw refuse(rule.action === 'external' ? 'external-action' : rule.action, statement); }
    return rule.action === action ? writeRule(rule, policy, target, statement) : [];
  }));
}

/** Peers of different kinds may not stand in one item: one item for each kind. */
function writeRule(rule: Rule, policy: Policy, target: Target, statement: string): Json[] {
  const { direction } = policy;
  if (rule.effects) { throw refuse('effects', statement, Object.keys(rule.effects).join(', ')); }
  const own = direction === 'ingress' ? rule.match.destination : rule.match.source;
  if (!('any' in own)) { throw refuse('own-end', statement); }
  const toPorts = writePorts(policy, rule, target, statement);
  const peers = writePeers(disjunction(peerOf(direction, rule.match)), rule, policy, target, statement);
  // An empty list of ports would be every port.
  if (toPorts?.length === 0) { return []; }
  return Object.entries(peers).filter(([, list]) => list.length > 0).map(([kind, list]) => ({
    [fieldOf(direction, kind)]: distinct(list),
    ...(toPorts ? { toPorts } : {}),
  }));
}

const fieldOf = (direction: Direction, kind: string): string => (direction === 'ingress' ? 'from' : 'to') + kind;

type Peers = Record<'Endpoints' | 'Entities' | 'CIDRSet' | 'FQDNs', (Json | string)[]>;

function writePeers(conjunctions: readonly Conjunction[], rule: Rule, policy: Policy, target: Target, statement: string): Peers {
  const peers: Peers = { Endpoints: [], Entities: [], CIDRSet: [], FQDNs: [] };
  for (const conjunction of conjunctions) {
    const terms = peerTerms(conjunction);
    if (conjunction.length === 0) {
      peers.Entities.push('all');
    } else if (terms.cidrs.length > 0) {
      const range = writeCidr(terms, statement);
      if (range) { peers.CIDRSet.push(range); }
    } else if (terms.fqdns.length > 0) {
      refuseMisplacedNames(policy, rule, terms.fqdns, statement);
      peers.FQDNs.push(writeName(only(conjunction, terms.fqdns, statement), target, statement));
    } else if (terms.entities.length > 0) {
      peers.Entities.push(knownEntity(only(conjunction, terms.entities, statement), target, statement));
    } else {
      checkPods(terms, statement);
      peers.Endpoints.push(writeSelector(terms, policy.origin.namespace, statement));
    }
  }
  // Beside everything, more says nothing.
  return peers.Entities.includes('all') ? { Endpoints: [], Entities: ['all'], CIDRSet: [], FQDNs: [] } : peers;
}

/** Names and entities cannot be narrowed. */
function only(conjunction: Conjunction, found: readonly string[], statement: string): string {
  if (conjunction.length > 1) { throw refuse('negated-peer', statement, `${found.join(' and ')} together with another condition`); }
  return found[0];
}

function knownEntity(entity: string, target: Target, statement: string): string {
  const known = Object.hasOwn(ENTITIES, entity) ? ENTITIES[entity] : undefined;
  if (!known || (known.since && !isAtLeast(target, ...known.since))) { throw refuse('entity', statement, entity); }
  return entity;
}

function checkPods(terms: PeerTerms, statement: string): void {
  const foreign = foreignTerm(terms);
  if (foreign) { throw refuse(foreign.negated ? 'negated-peer' : 'reference', statement, foreign.what); }
  if (terms.kinds.some(kind => kind !== 'pod')) { throw refuse('entity', statement, terms.kinds.join(', ')); }
  if (!speaksOfPods(terms) || terms.notKinds.length > 0 || terms.notCidrs.length > 0) { throw refuse('negated-peer', statement); }
}
