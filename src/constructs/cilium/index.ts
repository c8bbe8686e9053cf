export { CiliumCidrGroup, type CiliumCidrGroupProps } from './cilium-cidr-group';
export { CiliumClusterwideNetworkPolicy, type CiliumClusterwideNetworkPolicyProps } from './cilium-clusterwide-network-policy';
export { CiliumNetworkPolicy, type CiliumNetworkPolicyProps } from './cilium-network-policy';
export { EgressGateway, type EgressGatewayNode, type EgressGatewayProps } from './egress-gateway';
export { type CiliumHeaderMatch, CiliumHeaderMismatch, type CiliumHttpRule, type CiliumKafkaRule } from './layer7';
export { type CiliumAwsGroup, type CiliumCidrRule, CiliumEntity, type CiliumFqdn, type CiliumServiceRef } from './peers';
export {
  CiliumAuthenticationMode, type CiliumEgressDenyRule, type CiliumEgressPeers, type CiliumEgressRule, type CiliumIngressDenyRule,
  type CiliumIngressPeers, type CiliumIngressRule,
} from './rules';
export { CiliumLabelOperator, type CiliumLabelRequirement, type CiliumSelector } from './selector';
export { type CiliumClusterwideRules, type CiliumDefaultDeny, type CiliumNetworkRules, type CiliumRuleLabel, type CiliumRules } from './policy-spec';
export {
  CiliumEnvoyConfigKind, type CiliumIcmp, CiliumIcmpFamily, type CiliumListener, type CiliumPort, type CiliumPortRule, CiliumProtocol,
  type CiliumTlsContext,
} from './traffic';
