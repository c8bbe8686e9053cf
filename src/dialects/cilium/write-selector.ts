import { Conjunction } from '../../model/dnf';
import { LabelRequirement } from '../../model/endpoint';
import { labelKeyProblem } from '../../model/labels';
import { labelSelector } from '../dialect';
import { asRequirement, PeerTerms } from '../peer-terms';
import { refuse } from '../refusals';
import { WORLD_LABELS } from './entities';
import { fromKubernetes, NAMESPACE, NAMESPACE_LABELS, SERVICE_ACCOUNT } from './selector-keys';

type Json = Record<string, unknown>;

export interface Surroundings {
  /** The namespace that Cilium adds by itself, to a selector that says nothing about namespaces. */
  readonly own: string | undefined;
  /** Requirements on the cluster. */
  readonly clusters: readonly LabelRequirement[];
  /** Whether what has no namespace is meant too: Cilium's own endpoints. */
  readonly open?: boolean;
}

/** A selector of pods that means exactly the terms. Pod labels are written without a source, for people; the keys that are Cilium's own with theirs. */
export function writeSelector(terms: PeerTerms, { own, clusters, open }: Surroundings, statement: string): Json {
  return labelSelector([
    ...(open ? [] : namespaceRequirements(terms, own)),
    ...(open ? notIn(NAMESPACE, terms.notNamespaces) : []),
    ...clusters,
    ...terms.serviceAccounts.map((name): LabelRequirement => ({ key: fromKubernetes(SERVICE_ACCOUNT), operator: 'In', values: [name] })),
    ...notIn(SERVICE_ACCOUNT, terms.notServiceAccounts),
    ...labelRequirements(terms, statement),
  ]);
}

function labelRequirements({ labels }: PeerTerms, statement: string): LabelRequirement[] {
  return labels.map((literal): LabelRequirement => {
    const { test } = literal;
    const requirement = asRequirement(literal);
    if (!requirement) { throw refuse('cilium', 'label-operator', statement, `${test.label} ${test.op}`); }
    if (test.of !== 'pod' && test.of !== 'namespace') { throw refuse('cilium', 'label-scope', statement, `${test.of} label ${test.label}`); }
    if (test.of === 'pod') { return requirement; }
    // A label key has at most 63 characters after its prefix, and this one is longer than the namespace's.
    const problem = labelKeyProblem(NAMESPACE_LABELS + test.label);
    if (problem) { throw refuse('cilium', 'namespace-label-key', statement, test.label); }
    return { ...requirement, key: fromKubernetes(NAMESPACE_LABELS + test.label) };
  });
}

function namespaceRequirements({ namespaces, notNamespaces, labels }: PeerTerms, own: string | undefined): LabelRequirement[] {
  const byLabels = labels.filter(({ test }) => test.of === 'namespace');
  if (own !== undefined && namespaces.length === 1 && namespaces[0] === own && notNamespaces.length === 0 && byLabels.length === 0) { return []; }
  const key = fromKubernetes(NAMESPACE);
  return [
    ...namespaces.map((name): LabelRequirement => ({ key, operator: 'In', values: [name] })),
    // Without it Cilium would narrow the selector to the own namespace, or let it match what has no namespace at all: nodes, and all outside.
    ...(namespaces.length === 0 && byLabels.every(({ negated }) => negated) ? [{ key, operator: 'Exists' } as const] : []),
    ...notIn(NAMESPACE, notNamespaces),
  ];
}

const notIn = (key: string, values: readonly string[]): LabelRequirement[] =>
  (values.length === 0 ? [] : [{ key: fromKubernetes(key), operator: 'NotIn', values }]);

/** Entities together, or left out, are labels of the source `reserved`; undefined where the conjunction is of something else. */
export function reservedSelector(conjunction: Conjunction, known: readonly string[]): Json | undefined {
  const requirements = conjunction.flatMap(({ atom, negated }): (LabelRequirement | undefined)[] => {
    if (!('entity' in atom) || !known.includes(atom.entity)) { return [undefined]; }
    if (atom.entity !== 'world') { return [{ key: `reserved:${atom.entity}`, operator: negated ? 'DoesNotExist' : 'Exists' }]; }
    // Which of these an address has depends on the families of the cluster: one of them cannot be asked for, and all can be left out.
    return negated ? WORLD_LABELS.map(label => ({ key: `reserved:${label}`, operator: 'DoesNotExist' })) : [undefined];
  });
  return requirements.length === 0 || requirements.includes(undefined) ? undefined : labelSelector(requirements as LabelRequirement[]);
}
