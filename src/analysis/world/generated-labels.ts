/**
 * The labels that a controller gives to each of its pods. They differ between pods that are alike in all else, so that a workload is
 * described without them; where a policy asks for one, the answer is open.
 */
const OF_SETS = ['controller-revision-hash'];
const OF_JOBS = ['controller-uid', 'job-name'];
const OF_JOBS_PREFIX = 'batch.kubernetes.io/';

const GENERATED: Readonly<Record<string, readonly string[]>> = {
  ReplicaSet: ['pod-template-hash'],
  Deployment: ['pod-template-hash'],
  Rollout: ['rollouts-pod-template-hash', 'pod-template-hash'],
  StatefulSet: [...OF_SETS, 'statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index'],
  DaemonSet: [...OF_SETS, 'pod-template-generation'],
  Job: OF_JOBS,
  CronJob: OF_JOBS,
};

/** Whether a controller of this kind gives its pods a label of this name. */
export function isGenerated(kind: string, label: string): boolean {
  return Object.hasOwn(GENERATED, kind) && (GENERATED[kind].includes(label) || (GENERATED[kind] === OF_JOBS && label.startsWith(OF_JOBS_PREFIX)));
}

/** What every generated label is named or begins with, for a first look at a policy. */
export const mayBeGenerated = (label: string): boolean => label.startsWith(OF_JOBS_PREFIX) || ALL.has(label);

const ALL: ReadonlySet<string> = new Set(Object.values(GENERATED).flat());
