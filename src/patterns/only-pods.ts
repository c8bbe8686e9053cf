import type { ResolvedFacts } from '../cluster/cluster';
import { Peer } from '../constructs/peer';
import { Conjunction, disjunction } from '../model/dnf';
import { isNamespace } from '../model/endpoint';

/** Whether only pods can be meant. */
export function meansPods(conjunction: Conjunction): boolean {
  const atoms = conjunction.filter(({ negated }) => !negated).map(({ atom }) => atom);
  return atoms.some(atom => ('kind' in atom && atom.kind === 'pod') || isNamespace(atom) || 'serviceAccount' in atom || ('of' in atom && atom.of === 'pod'))
    && !atoms.some(atom => 'fqdn' in atom || 'entity' in atom || 'cidr' in atom);
}

/** Whether a peer is pods, and nobody else. The labels of workloads are not read: they are known at synth. */
export const areOnlyPods = (peer: Peer, facts: ResolvedFacts, namespace?: string): boolean =>
  peer._parts.every(part => part._workload !== undefined || disjunction(part._expr({ facts, namespace })).every(meansPods));
