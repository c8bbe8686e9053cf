import { Justification } from './justification';
import { IPeer } from './peer';
import { Isolation, PolicyRule } from './policy-rule';

/** Whether a policy decides, or only shows what it would decide. */
export enum PolicyMode {
  /** It decides. */
  ENFORCE = 'enforce',
  /**
   * It decides nothing, and the CNI's flow logs show what it would decide. Calico only, as Staged policies.
   * @see https://docs.tigera.io/calico/latest/network-policy/staged-network-policies
   */
  AUDIT = 'audit',
}

/** What every policy can say. */
export interface PolicyProps extends Justification {
  /**
   * The pods that the policy is about: in a policy of a namespace a `Workload`, or `Peer.pods(...)` in that namespace; in one of the
   * cluster such as `Peer.pods({ namespaces: Namespaces.all(), labels: ... })`.
   * @default - every pod of the namespace, or of the cluster
   */
  readonly subject?: IPeer;
  /**
   * Who may (or may not) connect to the pods.
   * @default - nothing is said
   */
  readonly ingress?: PolicyRule[];
  /**
   * Where the pods may (or may not) connect to.
   * @default - nothing is said
   */
  readonly egress?: PolicyRule[];
  /**
   * Which directions are closed for all that no policy allows.
   * @default - the directions with rules that allow
   */
  readonly isolate?: Isolation;
  /**
   * Whether DNS goes with egress isolation.
   * @default true
   */
  readonly dns?: boolean;
  /**
   * Whether the policy decides, or only shows what it would decide.
   * @default PolicyMode.ENFORCE
   */
  readonly mode?: PolicyMode;
}
