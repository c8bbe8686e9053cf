import { meansPods } from './only-pods';
import type { ResolvedFacts } from '../cluster/cluster';
import { Peer } from '../constructs/peer';
import { containsCidr, familyOf } from '../model/cidr';
import { Conjunction, disjunction, Literal } from '../model/dnf';
import { Atom } from '../model/endpoint';
import { isWildcard } from '../model/fqdn';

/** What Cilium calls the nodes of the cluster. Its own ingress is none of them: what comes from there comes from wherever the ingress is open to. */
const NODES = ['host', 'remote-node', 'kube-apiserver'];
/** The shortest prefixes of a destination in a network that is not trusted. */
const SHORTEST = { 4: 16, 6: 32 } as const;
/** What a wildcard leaves fixed, at its end. */
const FEWEST_LABELS = 2;

/** Where the other end of a peer is, and what is trusted there. */
export interface Surroundings {
  readonly facts: ResolvedFacts;
  readonly namespace: string;
  /** Ranges of networks outside the cluster. */
  readonly trusted: readonly string[];
}

/** Whether a peer may be in a network that nobody has stated to be trusted: what is neither pods, nodes nor the API server of the cluster. */
export const mayBeUntrusted = (peer: Peer, around: Surroundings): boolean => some(peer, around, conjunction => !isInside(conjunction, around));

/** Whether a peer is more than destinations that somebody could name: anything, or a large part of what is not trusted. */
export const isUnbounded = (peer: Peer, around: Surroundings): boolean =>
  some(peer, around, conjunction => !isInside(conjunction, around) && !atomsOf(conjunction).some(isBounded));

/** Workloads are pods. */
const some = (peer: Peer, { facts, namespace }: Surroundings, test: (conjunction: Conjunction) => boolean): boolean =>
  peer._parts.some(part => part._workload === undefined && disjunction(part._expr({ facts, namespace })).some(test));

function isInside(conjunction: Conjunction, { facts, trusted }: Surroundings): boolean {
  const ranges = [...trusted, ...facts.podCidrs, ...facts.nodeCidrs, ...facts.apiServerCidrs];
  // To Cilium its own ingress is a part of the cluster.
  const entities = facts.ingressController._sources().some(source => 'entity' in source) ? NODES : [...NODES, 'cluster'];
  return meansPods(conjunction) || atomsOf(conjunction).some(atom => ('entity' in atom && entities.includes(atom.entity))
    || ('kind' in atom && atom.kind === 'node') || ('cidr' in atom && ranges.some(range => containsCidr(range, atom.cidr))));
}

const atomsOf = (conjunction: readonly Literal[]): Atom[] => conjunction.filter(({ negated }) => !negated).map(({ atom }) => atom);

function isBounded(atom: Atom): boolean {
  if ('cidr' in atom) { return Number(atom.cidr.split('/')[1]) >= SHORTEST[familyOf(atom.cidr)]; }
  if ('fqdn' in atom) { return !atom.fqdn.split('.').slice(-FEWEST_LABELS).some(isWildcard); }
  return 'entity' in atom && (atom.entity === 'cluster' || atom.entity === 'ingress');
}
