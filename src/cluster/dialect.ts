/** The kind of manifests that a program is written as. */
export enum Dialect {
  /** networking.k8s.io/v1 NetworkPolicy, understood by every CNI that enforces policy at all. */
  KUBERNETES = 'kubernetes',
  /** cilium.io/v2 CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy. */
  CILIUM = 'cilium',
  /** projectcalico.org/v3 NetworkPolicy, GlobalNetworkPolicy and Tier. */
  CALICO = 'calico',
}
