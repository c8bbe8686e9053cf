export { Cluster, type ClusterFacts } from './cluster/cluster';
export { type CalicoOptions, type CiliumOptions, type ClusterNetworkPolicyOptions, Cni } from './cluster/cni';
export { Cloud } from './cluster/cloud';
export { Dialect } from './cluster/dialect';
export { Dns, type NodeLocalCacheOptions } from './cluster/dns';
export { GitOps } from './cluster/git-ops';
export { IngressController } from './cluster/ingress-controller';
export { type IstioOptions, type LinkerdOptions, Mesh } from './cluster/mesh';
export { type PodsAt } from './cluster/place';

export { LabelExpression, type LabelSelection } from './constructs/label-expression';
export { Namespaces } from './constructs/namespaces';
export { type CidrOptions, type IPeer, Peer, type PodSelection } from './constructs/peer';
export { type HttpRequestMatch } from './constructs/http-request';
export { Port, Protocol } from './constructs/port';
export { type Isolation, type PolicyRule, RuleAction } from './constructs/policy-rule';
export { type ConnectionOptions, Connections, type IsolateOptions } from './constructs/connections';
export { Workload, type WorkloadOptions, type WorkloadSelection } from './constructs/workload';

export { AllowDns, type AllowDnsProps } from './constructs/allow-dns';
export { AllowExternal, type AllowExternalProps, type ExternalDestination } from './constructs/allow-external';
export { AllowIngressController, type AllowIngressControllerProps } from './constructs/allow-ingress-controller';
export { BlockCloudMetadata, type BlockCloudMetadataProps } from './constructs/block-cloud-metadata';
export { ClusterPolicy, type ClusterPolicyProps, PolicyTier } from './constructs/cluster-policy';
export { DefaultDeny, type DefaultDenyProps } from './constructs/default-deny';
export { NetworkPolicy, type NetworkPolicyOptions, type NetworkPolicyProps } from './constructs/network-policy';
export { PolicyMode, type PolicyProps } from './constructs/policy-props';

export {
  CalicoAction, type CalicoEntity, CalicoGlobalNetworkPolicy, type CalicoGlobalNetworkPolicyProps, CalicoGlobalNetworkSet,
  type CalicoGlobalNetworkSetProps, type CalicoGlobalPolicyOptions, type CalicoHttp, type CalicoHttpPath, type CalicoIcmp,
  type CalicoKubernetesPeer, type CalicoKubernetesPort, type CalicoKubernetesRule, CalicoNetworkPolicy, type CalicoNetworkPolicyProps,
  CalicoNetworkSet, type CalicoNetworkSetOptions, type CalicoNetworkSetProps, CalicoPerformanceHint, type CalicoPolicyOptions, CalicoPolicyType,
  CalicoPort, CalicoProtocol, type CalicoRule, CalicoSelector, type CalicoServiceAccounts, type CalicoServiceRef, CalicoStagedAction,
  CalicoStagedGlobalNetworkPolicy, type CalicoStagedGlobalNetworkPolicyProps, CalicoStagedKubernetesNetworkPolicy,
  type CalicoStagedKubernetesNetworkPolicyProps, CalicoStagedNetworkPolicy, type CalicoStagedNetworkPolicyProps, CalicoTier, CalicoTierAction,
  type CalicoTierProps, type ICalicoTier,
} from './constructs/calico';
export {
  CiliumAuthenticationMode, type CiliumAwsGroup, CiliumCidrGroup, type CiliumCidrGroupProps, type CiliumCidrRule, CiliumClusterwideNetworkPolicy,
  type CiliumClusterwideNetworkPolicyProps, type CiliumClusterwideRules, type CiliumDefaultDeny, type CiliumEgressDenyRule,
  type CiliumEgressPeers, type CiliumEgressRule, CiliumEntity, CiliumEnvoyConfigKind, type CiliumFqdn, type CiliumHeaderMatch,
  CiliumHeaderMismatch, type CiliumHttpRule, type CiliumIcmp, CiliumIcmpFamily, type CiliumIngressDenyRule, type CiliumIngressPeers,
  type CiliumIngressRule, type CiliumKafkaRule, CiliumLabelOperator, type CiliumLabelRequirement, type CiliumListener, CiliumNetworkPolicy,
  type CiliumNetworkPolicyProps, type CiliumNetworkRules, type CiliumPort, type CiliumPortRule, CiliumProtocol, type CiliumRuleLabel,
  type CiliumRules, type CiliumSelector, type CiliumServiceRef, type CiliumTlsContext, EgressGateway, type EgressGatewayNode,
  type EgressGatewayProps,
} from './constructs/cilium';
export {
  ClusterSpiffeId, type ClusterSpiffeIdProps, IstioEgressGateway, type IstioEgressGatewayProps, IstioEgressProtocol,
} from './constructs/identity';

export { PolicyTiers, type PolicyTiersProps, type TierRuleSet } from './patterns/policy-tiers';
export { PodSecurityLevel, type ZeroTrustIngress, ZeroTrustNamespace, type ZeroTrustNamespaceProps } from './patterns/zero-trust-namespace';
export { ThreeTierApp, type ThreeTierAppProps, type TierProps } from './patterns/three-tier-app';

export { Answer } from './connectivity/answer';
export { ChangeType, type ConnectionChange } from './connectivity/connection-change';
export { Connectivity } from './connectivity/connectivity';
export { ConnectivityContract } from './connectivity/connectivity-contract';
export {
  type ConnectivityContractProps, type ContractAccess, type ContractBarrier, type ContractFlow,
} from './connectivity/connectivity-contract-props';
export { type ConnectivityOptions } from './connectivity/connectivity-options';
export { type FlowRequest } from './connectivity/flow-request';
export { type ListedConnection } from './connectivity/listed-connection';
export { type ReachabilityOptions } from './connectivity/reachability-options';
export { Verdict } from './connectivity/verdict';
export { FlowDirection, type WorkloadExposure } from './connectivity/workload-exposure';
