import { Party } from '../party';

/** Which ends somebody asks about. */
export interface Selection {
  readonly namespaces?: readonly string[];
  /** `web`, `shop/web`, `shop/web[Deployment]` or `{ingress-controller}`. */
  readonly workloads?: readonly string[];
}

/** Whether a party is one of them; without a selection everybody is. */
export function selection({ namespaces, workloads }: Selection): (party: Party) => boolean {
  const [spaces, names] = [namespaces && new Set(namespaces), workloads && new Set(workloads)];
  return ({ text, workload }) => {
    if (spaces && (!workload || !spaces.has(workload.namespace))) { return false; }
    return !names || names.has(text) || (workload !== undefined && (names.has(workload.name) || names.has(`${workload.namespace}/${workload.name}`)));
  };
}
