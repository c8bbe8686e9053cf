export { Cluster, type ClusterFacts } from './cluster/cluster';
export { Cni } from './cluster/cni';
export { Cloud } from './cluster/cloud';
export { Dialect } from './cluster/dialect';
export { Dns, type NodeLocalCacheOptions } from './cluster/dns';
export { GitOps } from './cluster/git-ops';
export { IngressController } from './cluster/ingress-controller';
export { type PodsAt } from './cluster/place';

export { LabelExpression, type LabelSelection } from './constructs/label-expression';
export { Namespaces } from './constructs/namespaces';
export { type CidrOptions, type IPeer, Peer, type PodSelection } from './constructs/peer';
export { Port, Protocol } from './constructs/port';
export { type Isolation, type PolicyRule, RuleAction } from './constructs/policy-rule';
export { Connections, type IsolateOptions } from './constructs/connections';
export { Workload, type WorkloadOptions, type WorkloadSelection } from './constructs/workload';

export { AllowDns, type AllowDnsProps } from './constructs/allow-dns';
export { AllowExternal, type AllowExternalProps, type ExternalDestination } from './constructs/allow-external';
export { AllowIngressController, type AllowIngressControllerProps } from './constructs/allow-ingress-controller';
export { BlockCloudMetadata, type BlockCloudMetadataProps } from './constructs/block-cloud-metadata';
export { ClusterPolicy, type ClusterPolicyProps } from './constructs/cluster-policy';
export { DefaultDeny, type DefaultDenyProps } from './constructs/default-deny';
export { NetworkPolicy, type NetworkPolicyOptions, type NetworkPolicyProps } from './constructs/network-policy';

export { PodSecurityLevel, type ZeroTrustIngress, ZeroTrustNamespace, type ZeroTrustNamespaceProps } from './patterns/zero-trust-namespace';
export { ThreeTierApp, type ThreeTierAppProps, type TierProps } from './patterns/three-tier-app';
