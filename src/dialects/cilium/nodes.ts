import { Conjunction } from '../../model/dnf';
import { allOf, EndpointExpr, LabelRequirement, selectorExpr } from '../../model/endpoint';
import { labelSelector, Target } from '../dialect';
import { isIdentityLabel, notIdentity } from '../identity-labels';
import { asRequirement, PeerTerms, peerTerms } from '../peer-terms';
import { refuse } from '../refusals';
import { Clusters, CLUSTER, readCluster, saysNothing, writeClusters } from './clusters';
import { Reading } from './reading';
import { readRequirements, Sourced } from './selector-keys';

/** Nodes: fromNodes and toNodes, which are never the node of the pod itself, and nodeSelector, which is the node itself. */

const NODE: EndpointExpr = { kind: 'node' };
const REMOTE: EndpointExpr = { entity: 'remote-node' };

/** An entry of fromNodes or toNodes. */
export const readNodes = (reading: Reading, raw: unknown, path: string): EndpointExpr =>
  allOf(NODE, ...readRequirements(reading, raw, path).map(requirement => meaning(reading, requirement, path, PEER)), REMOTE);

/** The nodes that a policy is about: each of them as itself, with the pods on its host network, and without what it forwards. */
export const readNodeSubject = (reading: Reading, raw: unknown, path: string): EndpointExpr =>
  allOf(NODE, ...readRequirements(reading, raw, path).map(requirement => meaning(reading, requirement, path, SUBJECT)));

/** Where the labels of a node come from. Those of a peer are all kept, and those of a subject are filtered as those of pods are. */
interface Labels {
  readonly source: string;
  readonly filtered: boolean;
}
const PEER: Labels = { source: 'node', filtered: false };
const SUBJECT: Labels = { source: 'k8s', filtered: true };

function meaning(reading: Reading, { source, ...requirement }: Sourced, path: string, labels: Labels): EndpointExpr {
  const { key, operator, values = [] } = requirement;
  if (source === 'reserved') { throw reading.fail(path, `reserved:${key} is no label of a node; say which node with fromEntities or toEntities`); }
  if (key === CLUSTER && (source === 'any' || source === 'k8s')) {
    if (operator === 'DoesNotExist') { throw reading.fail(path, `every node has a ${key}`); }
    return readCluster(operator, values);
  }
  if (source !== 'any' && source !== labels.source) {
    throw reading.fail(path, `here labels of nodes have the source ${labels.source}, and none the source ${JSON.stringify(source)}; write the key alone`);
  }
  if (key.startsWith('io.kubernetes.pod.') || key.startsWith('io.cilium.k8s.')) { throw reading.fail(path, `${key} is no label of a node`); }
  if (labels.filtered && !isIdentityLabel(key)) { throw reading.fail(path, notIdentity(key)); }
  return selectorExpr('node', { matchExpressions: [requirement] });
}

export const isAboutNodes = (conjunction: Conjunction): boolean =>
  conjunction.some(({ atom, negated }) => !negated && ('kind' in atom ? atom.kind === 'node' : 'label' in atom && atom.of === 'node'));

/** Nodes other than the own, as an entry of fromNodes or toNodes. */
export function writeNodes(conjunction: Conjunction, clusters: Clusters, target: Target, statement: string): Record<string, unknown> {
  const terms = peerTerms(conjunction);
  if (terms.entities.length !== 1 || terms.entities[0] !== 'remote-node') {
    throw refuse('cilium', 'node', statement, 'nodes by labels, the own one among them: for Cilium the node of a pod has no labels');
  }
  if (!target.features?.nodeSelectorLabels) { throw refuse('cilium', 'node', statement, 'a peer'); }
  return labelSelector([...writeClusters(clusters, target.version, 'peer', statement), ...nodeLabels(terms, statement)]);
}

/** A nodeSelector. */
export function writeNodeSubject(conjunction: Conjunction, clusters: Clusters, target: Target, statement: string): Record<string, unknown> {
  const terms = peerTerms(conjunction);
  if (terms.entities.length > 0) { throw refuse('cilium', 'node', statement, `nodes that are ${terms.entities.join(' and ')}`); }
  if (!target.features?.hostFirewall) { throw refuse('cilium', 'node', statement, 'a subject'); }
  if (!saysNothing(clusters)) { writeClusters(clusters, target.version, 'subject', statement); }
  return labelSelector(nodeLabels(terms, statement));
}

function nodeLabels(terms: PeerTerms, statement: string): LabelRequirement[] {
  const { kinds, notKinds, namespaces, notNamespaces, serviceAccounts, notServiceAccounts, cidrs, notCidrs, fqdns, principals, refs, other } = terms;
  const others = [notKinds, namespaces, notNamespaces, serviceAccounts, notServiceAccounts, cidrs, notCidrs, fqdns, principals, refs, other];
  if (kinds.some(kind => kind !== 'node') || others.some(list => list.length > 0)) { throw refuse('cilium', 'negated-peer', statement, 'nodes together with another condition'); }
  return terms.labels.map((literal): LabelRequirement => {
    const requirement = asRequirement(literal);
    if (!requirement) { throw refuse('cilium', 'label-operator', statement, `${literal.test.label} ${literal.test.op}`); }
    if (literal.test.of !== 'node') { throw refuse('cilium', 'label-scope', statement, `${literal.test.of} label ${literal.test.label}`); }
    return requirement;
  });
}

/** Where nodes have no labels to look at they are the two entities; by labels they are other nodes, as far as that is what is stated. */
export function lowerNodes(conjunction: Conjunction, ownNodeComesInAnyway: boolean, statement: string): Conjunction[] {
  const isNode = ({ atom, negated }: Conjunction[number]): boolean => !negated && 'kind' in atom && atom.kind === 'node';
  if (!isAboutNodes(conjunction) || conjunction.some(({ atom }) => 'entity' in atom)) { return [conjunction]; }
  const others = conjunction.filter(literal => !isNode(literal));
  if (others.length === 0) { return ['host', 'remote-node'].map(entity => [{ atom: { entity }, negated: false }]); }
  if (!ownNodeComesInAnyway) {
    throw refuse('cilium', 'node', statement, 'nodes by labels, the own one among them: for Cilium the node of a pod has no labels');
  }
  return [[...conjunction, { atom: { entity: 'remote-node' }, negated: false }]];
}
