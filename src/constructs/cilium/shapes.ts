import { CiliumHeaderMatch, CiliumHttpRule, CiliumKafkaRule } from './layer7';
import { CiliumAwsGroup, CiliumCidrRule, CiliumFqdn, CiliumServiceRef } from './peers';
import { CiliumClusterwideRules, CiliumDefaultDeny, CiliumNetworkRules, CiliumRuleLabel, CiliumRules } from './policy-spec';
import { CiliumEgressDenyRule, CiliumEgressPeers, CiliumEgressRule, CiliumIngressDenyRule, CiliumIngressPeers, CiliumIngressRule } from './rules';
import { CiliumLabelRequirement, CiliumSelector } from './selector';
import { CiliumIcmp, CiliumListener, CiliumPort, CiliumPortRule, CiliumTlsContext } from './traffic';
import { anyOf, LIST, Part, struct } from '../props';

/** The structs of policies, property by property: a field that is not known is refused by the name that was stated. */

const REQUIREMENT = struct<CiliumLabelRequirement>(anyOf('key', 'operator'), { values: LIST });
export const SELECTOR = struct<CiliumSelector>({}, { matchLabels: 'any', matchExpressions: [REQUIREMENT] });
const CIDR_RULE = struct<CiliumCidrRule>({}, { ...anyOf('cidr', 'cidrGroupRef'), except: LIST, cidrGroupSelector: SELECTOR });
const FQDN = struct<CiliumFqdn>({}, anyOf('matchName', 'matchPattern'));
const SERVICE = struct<CiliumServiceRef>({}, { ...anyOf('name', 'namespace'), selector: SELECTOR });
const GROUP = struct<CiliumAwsGroup>({}, { ...anyOf('labels', 'region'), securityGroupIds: LIST, securityGroupNames: LIST });

const PORT = struct<CiliumPort>({}, anyOf('port', 'endPort', 'portName', 'protocol'));
const TLS = struct<CiliumTlsContext>(anyOf('secretName'), anyOf('secretNamespace', 'trustedCa', 'certificate', 'privateKey'));
const LISTENER = struct<CiliumListener>(anyOf('name', 'envoyConfig'), anyOf('envoyConfigKind', 'priority'));
const HEADER = struct<CiliumHeaderMatch>(anyOf('name'), anyOf('value', 'secretName', 'secretNamespace', 'mismatch'), {
  secret: 'state secretName and secretNamespace',
});
const HTTP = struct<CiliumHttpRule>({}, { ...anyOf('path', 'method', 'host'), headers: LIST, headerMatches: [HEADER] });
const KAFKA = struct<CiliumKafkaRule>({}, anyOf('role', 'apiKey', 'apiVersion', 'clientId', 'topic'));
const ICMP = struct<CiliumIcmp>({}, anyOf('type', 'typeName', 'family'));
const PORT_RULE = struct<CiliumPortRule>({ ports: [PORT] }, {
  http: [HTTP], dns: [FQDN], kafka: [KAFKA], terminatingTls: TLS, originatingTls: TLS, serverNames: LIST, listener: LISTENER,
});

const FROM: Readonly<Record<keyof CiliumIngressPeers, Part>> = {
  fromEndpoints: [SELECTOR], fromEntities: LIST, fromCidr: LIST, fromCidrSet: [CIDR_RULE], fromNodes: [SELECTOR], fromGroups: [GROUP],
};
const TO: Readonly<Record<keyof CiliumEgressPeers, Part>> = {
  toEndpoints: [SELECTOR], toEntities: LIST, toCidr: LIST, toCidrSet: [CIDR_RULE], toNodes: [SELECTOR], toGroups: [GROUP], toServices: [SERVICE],
};
const ALLOWED = { toPorts: [PORT_RULE], icmps: [ICMP], authentication: 'any' } as const;
const DENIED = { toPorts: [PORT], icmps: [ICMP] } as const;

const INGRESS = struct<CiliumIngressRule>({}, { ...FROM, ...ALLOWED });
const INGRESS_DENY = struct<CiliumIngressDenyRule>({}, { ...FROM, ...DENIED });
const EGRESS = struct<CiliumEgressRule>({}, { ...TO, toFqdns: [FQDN], ...ALLOWED, acceptAnyPeerBecause: 'any' });
const EGRESS_DENY = struct<CiliumEgressDenyRule>({}, { ...TO, ...DENIED });

const RULES: Readonly<Record<keyof CiliumRules, Part>> = {
  ingress: [INGRESS],
  ingressDeny: [INGRESS_DENY],
  egress: [EGRESS],
  egressDeny: [EGRESS_DENY],
  enableDefaultDeny: struct<CiliumDefaultDeny>({}, anyOf('ingress', 'egress')),
  labels: [struct<CiliumRuleLabel>(anyOf('key'), anyOf('value', 'source'))],
  ...anyOf('description', 'log'),
};

const OBJECT = { ...RULES, endpointSelector: SELECTOR, ...anyOf('name', 'dnsElsewhere') };

/** The props of a CiliumNetworkPolicy. */
export const NETWORK_POLICY = { ...OBJECT, namespace: 'any', specs: [struct<CiliumNetworkRules>({ endpointSelector: SELECTOR }, RULES)] } as const;

/** The props of a CiliumClusterwideNetworkPolicy. */
export const CLUSTERWIDE_POLICY = {
  ...OBJECT, nodeSelector: SELECTOR, specs: [struct<CiliumClusterwideRules>({}, { ...RULES, endpointSelector: SELECTOR, nodeSelector: SELECTOR })],
} as const;
