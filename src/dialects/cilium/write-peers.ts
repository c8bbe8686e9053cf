import { Conjunction } from '../../model/dnf';
import { Policy } from '../../model/policy-set';
import { Target } from '../dialect';
import { foreignTerm, PeerTerms, peerTerms, speaksOfPods } from '../peer-terms';
import { Feature, refuse as refuseIn } from '../refusals';
import { absence, isIn } from '../versions';
import { writeCidr, writeGroup } from './addresses';
import { Clusters, saysNothing, splitClusters, writeClusters } from './clusters';
import { ENTITIES, RESERVED_LABELS } from './entities';
import { refuseMisplacedNames, writeName } from './names';
import { isAboutNodes, writeNodes } from './nodes';
import { writeCloudGroup, writeService } from './services';
import { reservedSelector, writeSelector } from './write-selector';

const refuse = (feature: Feature, statement: string, detail?: string) => refuseIn('cilium', feature, statement, detail);

type Json = Record<string, unknown>;

type PeerKind = 'Endpoints' | 'Entities' | 'CIDRSet' | 'FQDNs' | 'Nodes' | 'Services' | 'Groups';
export type Peers = Record<PeerKind, (Json | string)[]>;

/** One peer, with the field that holds it. */
interface Written {
  readonly kind: PeerKind;
  readonly entry: Json | string;
}

export interface PeerContext {
  readonly policy: Policy;
  readonly denies: boolean;
  readonly target: Target;
  readonly statement: string;
}

/** Peers by the field in which they are written, each of which needs an item of its own. */
export function writePeers(conjunctions: readonly Conjunction[], context: PeerContext): Peers {
  const peers: Peers = { Endpoints: [], Entities: [], CIDRSet: [], FQDNs: [], Nodes: [], Services: [], Groups: [] };
  for (const { conjunction, clusters } of splitClusters(conjunctions)) {
    const written = writePeer(conjunction, clusters, context);
    if (written) { peers[written.kind].push(written.entry); }
  }
  // Beside everything, more says nothing.
  return peers.Entities.includes('all') ? { Endpoints: [], Entities: ['all'], CIDRSet: [], FQDNs: [], Nodes: [], Services: [], Groups: [] } : peers;
}

/** Undefined: nobody. */
function writePeer(conjunction: Conjunction, clusters: Clusters, context: PeerContext): Written | undefined {
  const { target, statement, policy } = context;
  const terms = peerTerms(conjunction);
  if (isAboutNodes(conjunction)) { return { kind: 'Nodes', entry: writeNodes(conjunction, clusters, target, statement) }; }
  if (!saysNothing(clusters)) {
    checkPods(terms, statement);
  } else if (conjunction.length === 0) {
    return { kind: 'Entities', entry: 'all' };
  } else if (terms.refs.length > 0) {
    return writeReference(conjunction, terms, context);
  } else if (terms.cidrs.length > 0) {
    const range = writeCidr(terms, statement);
    return range && { kind: 'CIDRSet', entry: range };
  } else if (terms.fqdns.length > 0) {
    refuseMisplacedNames(policy, context.denies, terms.fqdns, statement);
    return { kind: 'FQDNs', entry: writeName(only(conjunction, terms.fqdns, statement), target, statement) };
  } else if (conjunction.length === 1 && terms.entities.length === 1) {
    const entity = knownEntity(terms.entities[0], target, statement);
    return entity === 'none' ? undefined : { kind: 'Entities', entry: entity };
  } else if (terms.entities.length > 0) {
    return writeReserved(conjunction, terms, statement);
  } else {
    const reserved = reservedSelector(conjunction, RESERVED_LABELS);
    if (reserved) { return { kind: 'Endpoints', entry: reserved }; }
    checkPods(terms, statement);
  }
  const own = policy.origin.namespace;
  return { kind: 'Endpoints', entry: writeSelector(terms, { own, clusters: writeClusters(clusters, target.version, 'peer', statement) }, statement) };
}

/** Several entities, or some without others. */
function writeReserved(conjunction: Conjunction, { entities }: PeerTerms, statement: string): Written {
  const reserved = reservedSelector(conjunction, RESERVED_LABELS);
  if (!reserved) { throw refuse('negated-peer', statement, `${entities.join(' and ')} together with another condition`); }
  return { kind: 'Endpoints', entry: reserved };
}

function writeReference(conjunction: Conjunction, { refs }: PeerTerms, { policy, denies, statement }: PeerContext): Written {
  const [{ ref, negated }] = refs;
  if (negated || conjunction.length > 1) { throw refuse('negated-peer', statement, `a reference to a ${ref.ref}, negated or together with another condition`); }
  switch (ref.ref) {
    case 'cidrGroup': return { kind: 'CIDRSet', entry: writeGroup(ref, statement) };
    case 'cloudGroup': return { kind: 'Groups', entry: writeCloudGroup(ref, statement) };
    case 'service':
      if (policy.direction === 'ingress' || denies) { throw refuse('reference', statement, 'Services are for egress that is allowed'); }
      return { kind: 'Services', entry: writeService(ref, statement) };
    default: throw refuse('reference', statement, `a reference to an ${ref.ref}`);
  }
}

/** Names cannot be narrowed. */
function only(conjunction: Conjunction, found: readonly string[], statement: string): string {
  if (conjunction.length > 1) { throw refuse('negated-peer', statement, `${found.join(' and ')} together with another condition`); }
  return found[0];
}

function knownEntity(entity: string, { version }: Target, statement: string): string {
  const known = Object.hasOwn(ENTITIES, entity) ? ENTITIES[entity] : undefined;
  if (!known) { throw refuse('entity', statement, entity); }
  if (!isIn(known, version)) { throw refuse('entity', statement, `${entity}, ${absence(known, version)}`); }
  return entity;
}

export function checkPods(terms: PeerTerms, statement: string): void {
  const foreign = foreignTerm(terms);
  if (foreign) { throw refuse(terms.principals.length > 0 ? 'principal' : foreign.negated ? 'negated-peer' : 'reference', statement, foreign.what); }
  if (terms.kinds.some(kind => kind === 'hostEndpoint')) { throw refuse('host-endpoint', statement); }
  if (terms.kinds.some(kind => kind !== 'pod')) { throw refuse('entity', statement, terms.kinds.join(', ')); }
  if (terms.entities.length + terms.cidrs.length + terms.fqdns.length > 0) { throw refuse('negated-peer', statement, 'pods together with another condition'); }
  if (!speaksOfPods(terms) || terms.notKinds.length > 0 || terms.notCidrs.length > 0) { throw refuse('negated-peer', statement); }
}
