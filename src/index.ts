export { type AcceptedRisk, Risk } from './cluster/accepted-risk';
export { Cluster, type ClusterFacts } from './cluster/cluster';
export {
  AwsVpcMode, type AwsVpcOptions, type AzureOptions, type CalicoOptions, type CiliumOptions, type ClusterNetworkPolicyOptions, Cni,
  type KubeRouterOptions,
} from './cluster/cni';
export { Cloud } from './cluster/cloud';
export { Dialect } from './cluster/dialect';
export { Distribution } from './cluster/distribution';
export { Dns, type NodeLocalCacheOptions } from './cluster/dns';
export { DnsScope } from './cluster/dns-scope';
export { GitOps } from './cluster/git-ops';
export {
  type AwsLoadBalancerOptions, type GkeNegOptions, IngressController, type OpenShiftRouterOptions,
} from './cluster/ingress-controller';
export { type IstioOptions, type LinkerdOptions, Mesh } from './cluster/mesh';
export { Monitoring } from './cluster/monitoring';
export { type PodsAt } from './cluster/place';

export { type Justification } from './constructs/justification';
export { LabelExpression, type LabelSelection } from './constructs/label-expression';
export { Namespaces } from './constructs/namespaces';
export { type CidrOptions, type IPeer, Peer, type PodSelection } from './constructs/peer';
export { type HttpRequestMatch } from './constructs/http-request';
export { Port, Protocol } from './constructs/port';
export { type Isolation, type PolicyRule, RuleAction } from './constructs/policy-rule';
export { type ConnectionOptions, Connections, type DenyOptions, type IsolateOptions } from './constructs/connections';
export { Precedence } from './constructs/precedence';
export { Workload, type WorkloadOptions, type WorkloadSelection } from './constructs/workload';

export { AllowDns, type AllowDnsProps } from './constructs/allow-dns';
export { AllowExternal, type AllowExternalProps, type ExternalDestination } from './constructs/allow-external';
export { AllowHealthChecks, type AllowHealthChecksProps } from './constructs/allow-health-checks';
export { AllowIngressController, type AllowIngressControllerProps } from './constructs/allow-ingress-controller';
export { AllowKubeApi, type AllowKubeApiProps } from './constructs/allow-kube-api';
export { AllowMonitoring, type AllowMonitoringProps } from './constructs/allow-monitoring';
export { BlockCloudMetadata, type BlockCloudMetadataProps } from './constructs/block-cloud-metadata';
export { ClusterPolicy, type ClusterPolicyProps, PolicyTier } from './constructs/cluster-policy';
export { DefaultDeny, type DefaultDenyProps } from './constructs/default-deny';
export { type BorderCrossing, IsolateNamespace, type IsolateNamespaceProps } from './constructs/isolate-namespace';
export { NetworkPolicy, type NetworkPolicyOptions, type NetworkPolicyProps } from './constructs/network-policy';
export { PolicyMode, type PolicyProps } from './constructs/policy-props';
export { type ApiServerBackend, ProtectSystemNamespace, type ProtectSystemNamespaceProps } from './constructs/protect-system-namespace';

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

export {
  type CardholderConnection, CardholderDataEnvironment, type CardholderDataEnvironmentProps, type CardholderInbound, type CardholderInternal,
  type CardholderOutbound,
} from './patterns/cardholder-data-environment';
export { ClusterDefaultDeny, type ClusterDefaultDenyProps } from './patterns/cluster-default-deny';
export { IngressService, type IngressServiceProps, type ServiceDependency } from './patterns/ingress-service';
export { type PartIngress, type PartProps, type ServerPartProps } from './patterns/part';
export {
  MultiTenantCluster, type MultiTenantClusterProps, type SharedService, type Tenant, type TenantInbound,
} from './patterns/multi-tenant-cluster';
export { PolicyTiers, type PolicyTiersProps, type TierRuleSet } from './patterns/policy-tiers';
export { PodSecurityLevel, type ZeroTrustIngress, ZeroTrustNamespace, type ZeroTrustNamespaceProps } from './patterns/zero-trust-namespace';
export { ThreeTierApp, type ThreeTierAppProps, type TierProps } from './patterns/three-tier-app';
export { type QueueWorkerProps, WorkerQueue, type WorkerQueueProps } from './patterns/worker-queue';

export { Answer } from './connectivity/answer';
export { ChangeType, type ConnectionChange } from './connectivity/connection-change';
export { Connectivity } from './connectivity/connectivity';
export { ConnectivityContract } from './connectivity/connectivity-contract';
export {
  type ConnectivityContractProps, type ContractAccess, type ContractBarrier, type ContractFlow,
} from './connectivity/connectivity-contract-props';
export { type ConnectivityOptions } from './connectivity/connectivity-options';
export { type FlowRequest } from './connectivity/flow-request';
export { ListedConnection } from './connectivity/listed-connection';
export { type ReachabilityOptions } from './connectivity/reachability-options';
export { Verdict } from './connectivity/verdict';
export { FlowDirection, type WorkloadExposure } from './connectivity/workload-exposure';
