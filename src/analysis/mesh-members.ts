import type { MeshFacts } from '../cluster/mesh';
import { allOf, anyOf, EndpointExpr, inNamespace, labelIn, not, POD } from '../model/endpoint';
import type { World } from './world/world';

/** Which pods take part in a mesh: all, save those of the cluster's own namespace and those whose labels say otherwise. */

type Labels = Readonly<Record<string, string>>;

interface OptOut {
  /** Of a pod. */
  readonly label: readonly [key: string, value: string];
  /** Of a namespace. */
  readonly namespaceLabel: readonly [key: string, value: string];
  /** The value of the label with which a pod takes part although its namespace does not. */
  readonly optIn?: string;
}

/**
 * https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/ https://istio.io/latest/docs/ambient/usage/add-workloads/
 * Annotations are not looked at: the world does not keep them.
 */
const OPT_OUT: Readonly<Record<MeshFacts['kind'], OptOut | undefined>> = {
  'istio-sidecar': { label: ['sidecar.istio.io/inject', 'false'], namespaceLabel: ['istio-injection', 'disabled'] },
  'istio-ambient': { label: ['istio.io/dataplane-mode', 'none'], namespaceLabel: ['istio.io/dataplane-mode', 'none'], optIn: 'ambient' },
  'linkerd': undefined,
};

const CLUSTERS_OWN = 'kube-system';

/** Whether a pod has no proxy. */
export function isOutside({ kind }: MeshFacts, namespace: string, labels: Labels, namespaceLabels: Labels): boolean {
  const out = OPT_OUT[kind];
  if (namespace === CLUSTERS_OWN || !out) { return namespace === CLUSTERS_OWN; }
  const { label, namespaceLabel, optIn } = out;
  return has(labels, label) || (has(namespaceLabels, namespaceLabel) && (optIn === undefined || !has(labels, [label[0], optIn])));
}

/** The pods of a world that take part. It speaks of labels only where there are any to speak of. */
export function membersOf(world: World, { kind }: MeshFacts): EndpointExpr {
  const out = OPT_OUT[kind];
  if (!out) { return allOf(POD, not(inNamespace(CLUSTERS_OWN))); }
  const { label: [key, value], namespaceLabel, optIn } = out;
  const namespaces = [...world.namespaces.values()].filter(({ labels }) => has(labels, namespaceLabel));
  const ofNamespaces = anyOf(...namespaces.map(({ name }) => inNamespace(name)));
  const labelled = world.workloads.some(({ shapes, ...workload }) => (shapes ?? [workload]).some(({ labels }) => has(labels, [key, value])));
  return allOf(POD, not(anyOf(
    inNamespace(CLUSTERS_OWN),
    ...(namespaces.length === 0 ? [] : [optIn === undefined ? ofNamespaces : allOf(ofNamespaces, not(labelIn('pod', key, optIn)))]),
    ...(labelled ? [labelIn('pod', key, value)] : []),
  )));
}

const has = (labels: Labels, [key, value]: readonly [string, string]): boolean => Object.hasOwn(labels, key) && labels[key] === value;
