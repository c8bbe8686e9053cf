export { CalicoGlobalNetworkPolicy, type CalicoGlobalNetworkPolicyProps } from './calico-global-network-policy';
export { CalicoGlobalNetworkSet, type CalicoGlobalNetworkSetProps } from './calico-global-network-set';
export { CalicoNetworkPolicy, type CalicoNetworkPolicyProps } from './calico-network-policy';
export { CalicoNetworkSet, type CalicoNetworkSetProps } from './calico-network-set';
export { CalicoStagedGlobalNetworkPolicy, type CalicoStagedGlobalNetworkPolicyProps } from './calico-staged-global-network-policy';
export {
  type CalicoKubernetesPeer, type CalicoKubernetesPort, type CalicoKubernetesRule, CalicoStagedKubernetesNetworkPolicy,
  type CalicoStagedKubernetesNetworkPolicyProps,
} from './calico-staged-kubernetes-network-policy';
export { CalicoStagedNetworkPolicy, type CalicoStagedNetworkPolicyProps } from './calico-staged-network-policy';
export { type CalicoNetworkSetOptions } from './network-sets';
export { CalicoPort } from './port';
export { CalicoProtocol } from './protocol';
export {
  CalicoAction, type CalicoEntity, type CalicoHttp, type CalicoHttpPath, type CalicoIcmp, type CalicoRule, type CalicoServiceAccounts,
  type CalicoServiceRef,
} from './rule';
export { CalicoSelector } from './selector';
export { type CalicoGlobalPolicyOptions, CalicoPerformanceHint, type CalicoPolicyOptions, CalicoPolicyType, CalicoStagedAction } from './policy-spec';
export { CalicoTier, CalicoTierAction, type CalicoTierProps, type ICalicoTier } from './tier';
