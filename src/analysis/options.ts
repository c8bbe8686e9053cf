import type { IngressController } from '../cluster/ingress-controller';
import type { MeshFacts } from '../cluster/mesh';
import type { TargetFeatures } from '../dialects/dialect';

/** What the operator of the CNI has switched on. */
export interface Features extends TargetFeatures {
  /** Policies of policy.networking.k8s.io, where a flag switches them on. */
  readonly clusterNetworkPolicy?: boolean;
  /** Of AWS's VPC CNI: NETWORK_POLICY_ENFORCING_MODE is strict. */
  readonly strict?: boolean;
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
  /** The ranges of Services, where stated: nobody outside has such an address, and policies see who is behind it. */
  readonly serviceCidrs?: readonly string[];
  /** Where the API server answers, where stated: on nodes, or outside the cluster. */
  readonly apiServerCidrs?: readonly string[];
  /**
   * What `{ingress-controller}` is.
   * @default - not known: a pod that may be anywhere
   */
  readonly ingressController?: IngressController;
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
