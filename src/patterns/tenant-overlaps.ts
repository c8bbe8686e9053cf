import type { SharedService, Tenant } from './multi-tenant-cluster';
import { namespacesIn } from './peer-namespaces';
import type { ResolvedFacts } from '../cluster/cluster';
import type { PodsOfNamespace } from '../constructs/namespace-labels';
import { Peer } from '../constructs/peer';
import { containsCidr } from '../model/cidr';
import { Conjunction, disjunction, exprOf, Literal } from '../model/dnf';
import { isNamespace } from '../model/endpoint';
import { NAMESPACE_NAME } from '../model/labels';
import { matchesEndpoint, YES } from '../model/match';

type Labels = Readonly<Record<string, string>>;

/** Two tenants of which one has all namespaces of the other, as far as their labels say; returns what is wrong. */
export function sameLabels(tenants: readonly Tenant[]): string | undefined {
  for (const [i, { name, namespaceLabels: labels }] of tenants.entries()) {
    for (const other of tenants.slice(0, i)) {
      if (!labels || !other.namespaceLabels) { continue; }
      if (holds(labels, other.namespaceLabels) || holds(other.namespaceLabels, labels)) {
        return `tenant ${name}: namespaces with its labels ${JSON.stringify(labels)} are also those of tenant ${other.name} with ${JSON.stringify(other.namespaceLabels)}; give each a label of one key with a value of its own, or state namespaces`;
      }
    }
  }
  return undefined;
}

/** The namespaces that tenants other than this one name. */
export const namedByOthers = (tenant: Tenant, tenants: readonly Tenant[]): string[] =>
  tenants.filter(other => other !== tenant).flatMap(({ namespaces = [] }) => namespaces).sort();

/** Whether a peer is every pod of the cluster, or of everybody's namespaces: tenants would share each other. */
export const isWholeCluster = (peer: Peer, facts: ResolvedFacts): boolean => alternativesOf(peer, facts).some(conjunction => {
  const atoms = conjunction.filter(({ negated }) => !negated).map(({ atom }) => atom);
  if (atoms.some(atom => 'kind' in atom && atom.kind !== 'pod')) { return false; }
  return atoms.every(atom => 'kind' in atom
    || ('entity' in atom && (atom.entity === 'all' || atom.entity === 'cluster'))
    || ('label' in atom && atom.label === NAMESPACE_NAME && atom.op === 'exists')
    || ('cidr' in atom && (atom.cidr.endsWith('/0') || facts.podCidrs.some(pods => containsCidr(atom.cidr, pods)))));
});

/** The tenant in whose namespaces a peer plainly is. */
export const ownerOf = (peer: Peer, tenants: readonly Tenant[], facts: ResolvedFacts): Tenant | undefined => {
  const alternatives = alternativesOf(peer, facts);
  const named = namedBy(peer, facts);
  return tenants.find(({ namespaces = [], namespaceLabels }) => namespaces.some(namespace => named.includes(namespace))
    || (namespaceLabels !== undefined && alternatives.some(conjunction => Object.entries(namespaceLabels).every(([key, value]) =>
      conjunction.some(({ atom, negated }) => !negated && 'label' in atom && atom.of === 'namespace' && atom.label === key
        && atom.op === 'in' && atom.values.length === 1 && atom.values[0] === value)))));
};

/** What only the Namespaces of the app tell, when all of it is there. */
export interface Declared {
  /** Their names. */
  readonly namespaces: readonly string[];
  readonly podsOf: PodsOfNamespace;
}

/** What is wrong with tenants, seen beside the Namespaces that the app holds. */
export function overlapOfDeclared(
  tenants: readonly Tenant[], shared: readonly SharedService[], { namespaces, podsOf }: Declared, facts: ResolvedFacts,
): string | undefined {
  const ownersOf = (namespace: string): Tenant[] => {
    const named = tenants.find(tenant => tenant.namespaces?.includes(namespace));
    if (named) { return [named]; }
    const labels = podsOf(namespace).namespaceLabels ?? {};
    if (facts.systemNamespaces.includes(namespace)) { return []; }
    return tenants.filter(({ namespaceLabels }) => namespaceLabels && holds(labels, namespaceLabels));
  };
  for (const namespace of namespaces) {
    const [owner, other] = ownersOf(namespace);
    if (!owner) { continue; }
    if (other) { return `tenant ${other.name}: namespace ${namespace} has its labels, and those of tenant ${owner.name}; give each a label of one key with a value of its own, or state namespaces`; }
    const inside = shared.find(({ peer }) => alternativesOf(peer.toPeer(), facts).some(conjunction => isIn(conjunction, namespace, podsOf))
      || namedBy(peer.toPeer(), facts).includes(namespace));
    if (inside) { return insideOf(inside.peer.toPeer(), owner, `namespace ${namespace}`); }
  }
  return undefined;
}

export const insideOf = (peer: Peer, { name }: Tenant, where = 'a namespace'): string =>
  `shared service ${peer} is in ${where} of tenant ${name}, which is closed to the others; move it to a namespace that is no tenant's`;

/** Whether pods of a namespace are meant, where the peer says anything about namespaces. */
function isIn(conjunction: Conjunction, namespace: string, podsOf: PodsOfNamespace): boolean {
  const about = conjunction.filter(isAboutNamespace);
  return about.some(({ negated }) => !negated) && matchesEndpoint(exprOf(about), podsOf(namespace), { cidrMatches: [] }) === YES;
}

const isAboutNamespace = ({ atom }: Literal): boolean => isNamespace(atom) || ('label' in atom && atom.of === 'namespace');

/** Labels of workloads are known at synth, and their namespaces now. */
const alternativesOf = (peer: Peer, facts: ResolvedFacts): Conjunction[] =>
  peer._parts.filter(({ _workload: workload }) => !workload).flatMap(part => disjunction(part._expr({ facts })));

const namedBy = (peer: Peer, facts: ResolvedFacts): string[] => [
  ...peer._parts.flatMap(({ _workload: workload }) => (workload ? [workload.namespace] : [])),
  ...alternativesOf(peer, facts).flatMap(conjunction => namespacesIn(conjunction) ?? []),
];

/** Whether labels have all of those that are asked for. */
const holds = (labels: Labels, asked: Labels): boolean =>
  Object.entries(asked).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
