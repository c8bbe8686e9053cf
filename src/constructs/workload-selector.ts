import type { Workload } from './workload';
import { labelSelector } from '../dialects/dialect';
import { asRequirement, peerTerms } from '../dialects/peer-terms';
import { disjunction } from '../model/dnf';
import { LabelRequirement } from '../model/endpoint';

/** The pods of a workload as requirements on their labels; known at synth, for a workload of a construct. */
export function workloadRequirements(workload: Workload): LabelRequirement[] {
  // A workload is one conjunction of a namespace and requirements on labels.
  const [conjunction] = disjunction(workload._expr());
  return peerTerms(conjunction).labels.map(label => asRequirement(label)!);
}

/** The pods of a workload as a label selector of Kubernetes. */
export const workloadSelector = (workload: Workload): Record<string, unknown> => labelSelector(workloadRequirements(workload));
