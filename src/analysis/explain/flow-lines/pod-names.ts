/** What the controllers of pods add to their own name. */
const SUFFIXES: readonly RegExp[] = [
  // A Deployment: of its ReplicaSet, and of the pod.
  /-[a-z0-9]{6,10}-[a-z0-9]{5}$/,
  // A DaemonSet, a ReplicaSet, a Job.
  /-[a-z0-9]{5}$/,
  // A StatefulSet.
  /-\d{1,9}$/,
  // A CronJob: the minute, and of the pod.
  /-\d{8,10}-[a-z0-9]{5}$/,
];

/** What a pod may be found by: its own name, then the names of what may have made it. */
export function podTexts(namespace: string, pod: string): string[] {
  const names = [pod, ...SUFFIXES.map(suffix => pod.replace(suffix, ''))].filter(name => name !== '');
  return [...new Set(names)].map(name => `${namespace}/${name}`);
}
