/**
 * The pod labels that Cilium's default label filter leaves out of a pod's identity: a selector on one of them never matches.
 * https://docs.cilium.io/en/stable/operations/performance/scalability/identity-relevant-labels/
 * Prefixes of keys, as Cilium matches them. `app.kubernetes.io/` is not among them, and namespace labels are never filtered.
 */
const NOT_IDENTITY: readonly RegExp[] = [
  /^io\.kubernetes/,
  /^kubernetes\.io/,
  /^.*beta\.kubernetes\.io/,
  /^k8s\.io/,
  /^statefulset\.kubernetes\.io\/pod-name/,
  /^apps\.kubernetes\.io\/pod-index/,
  /^batch\.kubernetes\.io\/(job-completion-index|controller-uid)/,
  /^topology\.kubernetes\.io/,
  /^pod-template-generation/,
  /^pod-template-hash/,
  /^controller-revision-hash/,
  /^controller-uid/,
  /^annotation/,
  /^etcd_node/,
  // Not filtered, but Cilium's own: it sets them itself, whatever label of that name the pod has.
  /^io\.cilium\.k8s\./,
];

export const isIdentityLabel = (key: string): boolean => !NOT_IDENTITY.some(prefix => prefix.test(key));
