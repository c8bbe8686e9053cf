import type { MeshFacts } from '../cluster/mesh';
import type { TargetFeatures } from '../dialects/dialect';

/** What the operator of the CNI has switched on. */
export interface Features extends TargetFeatures {
  /** Policies of policy.networking.k8s.io, where a flag switches them on. */
  readonly clusterNetworkPolicy?: boolean;
}

/** What is known of the cluster beside its documents. */
export interface AnalysisOptions {
  /**
   * The CNI, by its name in `CNI_PROFILES`, such as `cilium`, `calico` or `kubernetes`.
   * @default - follows from the kinds of the policies
   */
  readonly cni?: string;
  /** Of the CNI; absent: the newest that is known. */
  readonly version?: string;
  readonly features?: Features;
  /** The ranges of pods and nodes, where stated. */
  readonly podCidrs?: readonly string[];
  readonly nodeCidrs?: readonly string[];
  /**
   * The mesh in which the workloads take part.
   * @default - not known: what depends on the identities of a mesh is unknown, and whether its policies are enforced
   */
  readonly mesh?: MeshFacts;
  /**
   * Whether what the documents do not say is taken not to be: a namespace that is not among them has no labels but its name, and a range
   * matches a pod by a known address only. `list` and `diff` close the world, and print a note; verdicts leave open what is not known.
   * @default false
   */
  readonly closed?: boolean;
}
