import { LabelRequirement } from '../../model/endpoint';
import { labelKeyProblem } from '../../model/labels';
import { readLabelSelector } from '../label-selector-reader';
import { Reading } from './reading';

/**
 * Cilium's selectors are label selectors over identities: keys may name the label's source (`k8s:app`), and what Kubernetes keeps elsewhere,
 * such as the namespace of a pod, is a label too.
 */

export const NAMESPACE = 'io.kubernetes.pod.namespace';
export const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
export const SERVICE_ACCOUNT = 'io.cilium.k8s.policy.serviceaccount';
export const DERIVED = 'io.cilium.k8s.policy.';
export const fromKubernetes = (key: string): string => `k8s:${key}`;

/** A requirement, with the source of its key; `any` where none is named. */
export interface Sourced extends LabelRequirement {
  readonly source: string;
}

/** The namespace first, so that peers read alike however their keys are sorted. */
export function readRequirements({ reader }: Reading, raw: unknown, path: string): Sourced[] {
  const { matchLabels, matchExpressions } = readLabelSelector(reader, raw, path, keyProblem);
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
