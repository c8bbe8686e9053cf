export { Cluster, ClusterFacts } from './cluster/cluster';
export { Cni } from './cluster/cni';
export { Cloud } from './cluster/cloud';
export { Dialect } from './cluster/dialect';
export { Dns, NodeLocalCacheOptions } from './cluster/dns';
export { IngressController } from './cluster/ingress-controller';
export { PodsAt } from './cluster/place';

export { LabelExpression, LabelSelection } from './constructs/label-expression';
export { Namespaces } from './constructs/namespaces';
export { CidrOptions, IPeer, Peer, PodSelection } from './constructs/peer';
export { Port, Protocol } from './constructs/port';
export { Isolation, PolicyRule, RuleAction } from './constructs/policy-rule';
export { Connections, IsolateOptions } from './constructs/connections';
export { Workload, WorkloadOptions, WorkloadSelection } from './constructs/workload';

export { AllowDns, AllowDnsProps } from './constructs/allow-dns';
export { AllowExternal, AllowExternalProps, ExternalDestination } from './constructs/allow-external';
export { AllowIngressController, AllowIngressControllerProps } from './constructs/allow-ingress-controller';
export { BlockCloudMetadata, BlockCloudMetadataProps } from './constructs/block-cloud-metadata';
export { ClusterPolicy, ClusterPolicyProps } from './constructs/cluster-policy';
export { DefaultDeny, DefaultDenyProps } from './constructs/default-deny';
export { NetworkPolicy, NetworkPolicyOptions, NetworkPolicyProps } from './constructs/network-policy';

export { PodSecurityLevel, ZeroTrustIngress, ZeroTrustNamespace, ZeroTrustNamespaceProps } from './patterns/zero-trust-namespace';
export { ThreeTierApp, ThreeTierAppProps, TierProps } from './patterns/three-tier-app';
