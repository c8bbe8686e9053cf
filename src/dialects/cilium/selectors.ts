import { allOf, anyOf, ANY, EndpointExpr, inNamespace, LabelRequirement, LabelSelector, not, NONE, POD, selectorExpr } from '../../model/endpoint';
import { labelKeyProblem } from '../../model/labels';
import { labelSelector } from '../dialect';
import { DocumentReader } from '../document-reader';
import { readLabelSelector } from '../label-selector-reader';
import { asRequirement, PeerTerms } from '../peer-terms';
import { refuse } from '../refusals';
import { RESERVED_ENDPOINTS, RESERVED_LABELS } from './entities';

/**
 * Cilium's selectors are label selectors over identities: keys may name the label's source (`k8s:app`), and what Kubernetes keeps elsewhere,
 * such as the namespace of a pod, is a label too. Cilium adds requirements to what a selector says; both ways here are exact about these.
 */

const NAMESPACE = 'io.kubernetes.pod.namespace';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
const SERVICE_ACCOUNT = 'io.cilium.k8s.policy.serviceaccount';
const CLUSTER = 'io.cilium.k8s.policy.cluster';
const DERIVED = 'io.cilium.k8s.policy.';
const fromKubernetes = (key: string): string => `k8s:${key}`;

/**
 * A selector of pods that means exactly the terms. Pod labels are written without a source, for people; the keys that are Cilium's own with theirs.
 * `own` is the namespace that Cilium adds by itself, to a selector that says nothing about namespaces.
 */
export function writeSelector(terms: PeerTerms, own: string | undefined, statement: string): Record<string, unknown> {
  const labels = terms.labels.map((literal): LabelRequirement => {
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
  return labelSelector([
    ...namespaceRequirements(terms, own),
    ...terms.serviceAccounts.map((name): LabelRequirement => ({ key: fromKubernetes(SERVICE_ACCOUNT), operator: 'In', values: [name] })),
    ...notIn(SERVICE_ACCOUNT, terms.notServiceAccounts),
    ...labels,
  ]);
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

/** A requirement, with the source of its key; `any` where none is named. */
interface Sourced extends LabelRequirement {
  readonly source: string;
}

/** The endpoints that a policy of namespace `own` (of the cluster, where undefined) is about. */
export function readSubject(reader: DocumentReader, raw: unknown, path: string, own: string | undefined): EndpointExpr {
  const requirements = sourced(readLabelSelector(reader, raw, path, keyProblem));
  if (requirements.some(({ source }) => source === 'reserved')) {
    const entities = readReserved(reader, requirements, path, RESERVED_ENDPOINTS);
    // Cilium adds the namespace of the policy, which none of these has.
    return own === undefined ? entities : NONE;
  }
  const terms = requirements.map(requirement => meaning(reader, requirement, path));
  // Without a requirement these are Cilium's health, ingress and init endpoints too, which are outside of the model.
  if (own === undefined) { return allOf(POD, ...terms); }
  for (const { key, operator, values = [] } of requirements) {
    if (key === NAMESPACE && ((operator === 'In' && !values.includes(own)) || (operator === 'NotIn' && values.includes(own)))) {
      throw reader.fail(path, `a policy of namespace ${own} is about endpoints of its own namespace; Cilium does not look at the other namespace that this names`);
    }
  }
  return allOf(POD, inNamespace(own), ...requirements.flatMap((requirement, i) => (requirement.key === NAMESPACE ? [] : [terms[i]])));
}

/** The endpoints that an entry of fromEndpoints or toEndpoints selects, with what Cilium adds to it. */
export function readPeer(reader: DocumentReader, raw: unknown, path: string, own: string | undefined): EndpointExpr {
  const requirements = sourced(readLabelSelector(reader, raw, path, keyProblem));
  if (requirements.some(({ source }) => source === 'reserved')) { return readReserved(reader, requirements, path, RESERVED_LABELS); }
  const terms = requirements.map(requirement => meaning(reader, requirement, path));
  const names = requirements.some(({ key }) => key === NAMESPACE);
  const labels = requirements.some(({ key }) => key.startsWith(NAMESPACE_LABELS));
  if (!names && own === undefined) { return allOf(POD, ...terms); }
  if (!names && !labels) { return allOf(POD, inNamespace(own!), ...terms); }
  if (requirements.every(({ operator }) => operator === 'NotIn' || operator === 'DoesNotExist')) {
    throw reader.fail(path, `whether this also matches nodes and addresses outside depends on the version of Cilium; add a requirement that ${NAMESPACE} Exists`);
  }
  return allOf(POD, ...terms);
}

/** A selector of reserved labels is used as it is. */
function readReserved(reader: DocumentReader, requirements: readonly Sourced[], path: string, known: readonly string[]): EndpointExpr {
  return allOf(...requirements.map(({ source, key, operator, values }): EndpointExpr => {
    const plain = source === 'reserved' && (operator === 'Exists' || (operator === 'In' && values?.every(value => value === '')));
    if (!plain) { throw reader.fail(path, 'reserved labels beside other ones, or asked for other than by Exists, are not evaluated yet'); }
    if (!known.includes(key)) { throw reader.fail(path, `the label reserved:${key} is not evaluated here (known: ${known.join(', ')})`); }
    return { entity: key };
  }));
}

function meaning(reader: DocumentReader, { source, ...requirement }: Sourced, path: string): EndpointExpr {
  const { key, operator } = requirement;
  // The labels of a pod come from Kubernetes, so that `any` and `k8s` mean the same.
  if (source !== 'any' && source !== 'k8s') { throw reader.fail(path, `labels of the source ${JSON.stringify(source)} are not evaluated yet`); }
  if (key === CLUSTER) { throw reader.fail(path, `${key}: the pods of other clusters are not evaluated yet`); }
  if (key === NAMESPACE || key === SERVICE_ACCOUNT) {
    if (operator === 'DoesNotExist') { throw reader.fail(path, `every pod has a ${key}; endpoints without one are not evaluated yet`); }
    const names = (requirement.values ?? []).map((name): EndpointExpr => (key === NAMESPACE ? { namespace: name } : { serviceAccount: name }));
    return operator === 'Exists' ? ANY : operator === 'In' ? anyOf(...names) : allOf(...names.map(not));
  }
  if (key.startsWith(NAMESPACE_LABELS)) {
    return selectorExpr('namespace', { matchExpressions: [{ ...requirement, key: key.slice(NAMESPACE_LABELS.length) }] });
  }
  if (key.startsWith(DERIVED)) { throw reader.fail(path, `${key} is no label of a pod`); }
  return selectorExpr('pod', { matchExpressions: [requirement] });
}

/** The namespace first, so that peers read alike however their keys are sorted. */
function sourced({ matchLabels, matchExpressions }: LabelSelector): Sourced[] {
  const equal = Object.entries(matchLabels ?? {}).map(([key, value]): LabelRequirement => ({ key, operator: 'In', values: [value] }));
  const all = [...equal, ...(matchExpressions ?? [])].map((requirement): Sourced => {
    const colon = requirement.key.indexOf(':');
    return colon < 0 ? { ...requirement, source: 'any' } : { ...requirement, source: requirement.key.slice(0, colon), key: requirement.key.slice(colon + 1) };
  });
  return [...all.filter(({ key }) => key === NAMESPACE), ...all.filter(({ key }) => key !== NAMESPACE)];
}

function keyProblem(key: string): string | undefined {
  const [name, source, ...more] = key.split(':').reverse();
  if (more.length > 0 || (source !== undefined && !/^[a-zA-Z0-9]+$/.test(source))) {
    return `label key ${JSON.stringify(key)} is invalid: before the key there may be one source, such as "k8s:"`;
  }
  return labelKeyProblem(name);
}
