/** How a requirement of a selector compares. */
export enum CiliumLabelOperator {
  /** The label has one of the values. */
  IN = 'In',
  /** The label has none of the values; also true where the label is absent. */
  NOT_IN = 'NotIn',
  /** The label is there, with any value. */
  EXISTS = 'Exists',
  /** The label is not there. */
  DOES_NOT_EXIST = 'DoesNotExist',
}

/** One requirement on a label. */
export interface CiliumLabelRequirement {
  /** The key of the label. It may begin with the label's source, such as `k8s:app` or `reserved:host`. */
  readonly key: string;
  /** How it compares. */
  readonly operator: CiliumLabelOperator;
  /**
   * What it compares with; for `IN` and `NOT_IN` only, which need at least one.
   * @default - none
   */
  readonly values?: string[];
}

/**
 * Endpoints by their labels. Everything that is stated must hold; `{}` is everything in scope: the policy's namespace, or in a
 * clusterwide policy the pods of the cluster.
 *
 * Keys may name the label's source, and what Kubernetes keeps elsewhere is a label too: `io.kubernetes.pod.namespace`,
 * `io.cilium.k8s.namespace.labels.<label of the namespace>`, `io.cilium.k8s.policy.serviceaccount`, `io.cilium.k8s.policy.cluster`.
 *
 * @see https://docs.cilium.io/en/stable/security/policy/language/#endpoints-based
 */
export interface CiliumSelector {
  /**
   * Labels with their values.
   * @default - no label must have a given value
   */
  readonly matchLabels?: { [key: string]: string };
  /**
   * Further requirements.
   * @default - none
   */
  readonly matchExpressions?: CiliumLabelRequirement[];
}
