import { Conjunction, disjunction } from '../model/dnf';
import { Atom, EndpointExpr, EndpointKind, isNamespace, LabelTest } from '../model/endpoint';
import { NAMESPACE_NAME } from '../model/labels';
import { Endpoint } from '../model/match';

/**
 * Endpoints that stand for everything that is meant. Of each no more is known than the expression says, so that what is sure of all of them is sure of
 * whatever is meant.
 */
export const endsOf = (expr: EndpointExpr): Endpoint[] => disjunction(expr).flatMap(conjunction => {
  const atoms = conjunction.filter(({ negated }) => !negated).map(({ atom }) => atom);
  return kindsOf(atoms, conjunction).flatMap(kind => (kind === 'pod' ? podsOf(atoms) : [{ kind, ...addressOf(atoms), ...entitiesOf(kind, atoms) }]));
});

const KINDS: readonly EndpointKind[] = ['pod', 'node', 'external'];
const OF_PODS: ReadonlySet<string> = new Set(['pod', 'namespace', 'serviceAccount']);

function kindsOf(atoms: readonly Atom[], conjunction: Conjunction): EndpointKind[] {
  const stated = atoms.flatMap(atom => ('kind' in atom ? [atom.kind] : []));
  const excluded = conjunction.flatMap(({ atom, negated }) => (negated && 'kind' in atom ? [atom.kind] : []));
  const possible = atoms.map(kindsOfAtom);
  return (stated.length > 0 ? stated : KINDS).filter(kind => !excluded.includes(kind) && possible.every(kinds => kinds.includes(kind)));
}

function kindsOfAtom(atom: Atom): readonly EndpointKind[] {
  if ('label' in atom) { return OF_PODS.has(atom.of) ? ['pod'] : KINDS; }
  if (isNamespace(atom) || 'serviceAccount' in atom) { return ['pod']; }
  if ('fqdn' in atom) { return ['external']; }
  return 'entity' in atom ? KINDS_OF_ENTITY[atom.entity] ?? KINDS : KINDS;
}

const KINDS_OF_ENTITY: Readonly<Record<string, readonly EndpointKind[]>> = {
  'world': ['external'],
  'host': ['node'],
  'remote-node': ['node'],
  'kube-apiserver': ['node', 'external'],
};

/** One for each namespace, where these are named. */
function podsOf(atoms: readonly Atom[]): Endpoint[] {
  const tests = atoms.filter((atom): atom is LabelTest => 'label' in atom && atom.op === 'in');
  const byName = tests.find(test => test.of === 'namespace' && test.label === NAMESPACE_NAME);
  const named = atoms.filter(isNamespace).map(({ namespace }) => namespace);
  const namespaces: readonly (string | undefined)[] = named.length > 0 ? named.slice(0, 1) : byName?.values ?? [undefined];
  const account = atoms.find(atom => 'serviceAccount' in atom);
  return namespaces.map((namespace): Endpoint => ({
    kind: 'pod',
    labels: single(tests, 'pod'),
    namespaceLabels: { ...single(tests, 'namespace'), ...(namespace === undefined ? {} : { [NAMESPACE_NAME]: namespace }) },
    openLabels: ['pod', 'namespace'],
    ...(namespace === undefined ? {} : { namespace }),
    ...(account ? { serviceAccount: account.serviceAccount } : {}),
    ...addressOf(atoms),
  }));
}

/** The labels that have one value. */
const single = (tests: readonly LabelTest[], of: LabelTest['of']): Record<string, string> =>
  Object.fromEntries(tests.filter(test => test.of === of && test.values.length === 1).map(({ label, values }) => [label, values[0]]));

function addressOf(atoms: readonly Atom[]): Pick<Endpoint, 'addressIn'> {
  const range = atoms.find(atom => 'cidr' in atom);
  return range ? { addressIn: [range.cidr] } : {};
}

function entitiesOf(kind: EndpointKind, atoms: readonly Atom[]): Pick<Endpoint, 'entities'> {
  const stated = atoms.flatMap(atom => ('entity' in atom ? [atom.entity] : []));
  if (stated.length === 0) { return {}; }
  return { entities: ['all', ...(kind === 'external' ? ['world'] : ['cluster', ...(stated.includes('host') ? [] : ['remote-node'])]), ...stated] };
}
