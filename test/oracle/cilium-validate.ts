import { RE2JS } from 're2js';
import { cidrContains, cidrCovers, isCidr } from './addresses';
import { parseKey } from './cilium-identity';
import { isServiceName } from './kubernetes';
import { checkSelector, isLabelKey } from './labels';
import { isInteger, isSet, list, nameOf, onlyFields, reject } from './manifests';
import { JudgeOptions } from './world';

/** What the CRD schema and the agent's Sanitize() refuse (reference sections 1 and 2). A refused policy is stored and never enforced. */

const RULE = ['endpointSelector', 'nodeSelector', 'ingress', 'ingressDeny', 'egress', 'egressDeny', 'enableDefaultDeny', 'description', 'labels', 'log'];

/** "One L3 kind per rule". */
export const PEER_FIELDS = {
  ingress: ['fromEndpoints', 'fromEntities', 'fromCIDR', 'fromCIDRSet', 'fromNodes', 'fromGroups'],
  egress: ['toEndpoints', 'toEntities', 'toCIDR', 'toCIDRSet', 'toNodes', 'toGroups', 'toServices', 'toFQDNs'],
};

const ENTITIES = ['all', 'world', 'cluster', 'host', 'init', 'ingress', 'unmanaged', 'remote-node', 'health', 'none', 'kube-apiserver'];

const EXTENDED_PROTOCOLS: Record<string, string[]> = {
  '1.18': [],
  '1.19': ['VRRP', 'IGMP'],
  '1.20': ['VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH'],
};

/** The types that have a name, by family. */
export const ICMP_TYPES: Record<string, Record<string, number>> = {
  IPv4: {
    EchoReply: 0,
    DestinationUnreachable: 3,
    Redirect: 5,
    Echo: 8,
    EchoRequest: 8,
    RouterAdvertisement: 9,
    RouterSelection: 10,
    TimeExceeded: 11,
    ParameterProblem: 12,
    Timestamp: 13,
    TimestampReply: 14,
    Photuris: 40,
    ExtendedEchoRequest: 42,
  },
  IPv6: {
    DestinationUnreachable: 1,
    PacketTooBig: 2,
    TimeExceeded: 3,
    ParameterProblem: 4,
    EchoRequest: 128,
    EchoReply: 129,
    NeighborSolicitation: 135,
    NeighborAdvertisement: 136,
    ExtendedEchoRequest: 160,
  },
};

export function checkCiliumPolicy(policy: any, options: JudgeOptions): void {
  const where = nameOf(policy);
  if (policy.apiVersion !== 'cilium.io/v2') reject(where, `no version ${policy.apiVersion}`);
  if (!policy.metadata?.name) reject(where, 'needs a name');
  if (!isSet(policy.spec) && !isSet(policy.specs)) reject(where, 'needs spec or specs');
  for (const [i, rule] of [...(isSet(policy.spec) ? [policy.spec] : []), ...list(policy.specs, where)].entries()) {
    checkRule(rule, policy.kind === 'CiliumClusterwideNetworkPolicy', `${where} rule ${i}`, options);
  }
}

function checkRule(rule: any, clusterwide: boolean, where: string, options: JudgeOptions): void {
  onlyFields(rule, RULE, where);
  if (isSet(rule.endpointSelector) === isSet(rule.nodeSelector)) reject(where, 'needs exactly one of endpointSelector and nodeSelector');
  if (isSet(rule.nodeSelector) && !clusterwide) reject(where, 'rule cannot have NodeSelector');
  checkCiliumSelector(rule.endpointSelector ?? rule.nodeSelector, where);
  const sections = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;
  if (sections.every((section) => list(rule[section], where).length === 0)) {
    reject(where, `rule must have at least one of ${sections.join(', ')}`);
  }
  for (const section of sections) {
    list(rule[section], where).forEach((item, i) => checkItem(item, section, { host: isSet(rule.nodeSelector), clusterwide }, `${where} ${section}[${i}]`, options));
  }
  if (isSet(rule.enableDefaultDeny)) {
    onlyFields(rule.enableDefaultDeny, ['ingress', 'egress'], where);
    if (Object.values(rule.enableDefaultDeny).some((value) => typeof value !== 'boolean')) reject(where, 'enableDefaultDeny takes booleans');
  }
  for (const label of list(rule.labels, `${where} labels`)) {
    onlyFields(label, ['key', 'value', 'source'], `${where} labels`);
    if (!label.key) reject(where, 'a label needs a key');
  }
  if (isSet(rule.description) && typeof rule.description !== 'string') reject(where, 'description is a string');
  if (isSet(rule.log)) {
    onlyFields(rule.log, ['value'], `${where} log`);
    if (typeof (rule.log.value ?? '') !== 'string' || !/^\P{C}{0,32}$/u.test(rule.log.value ?? '')) reject(where, 'log has at most 32 printable characters');
  }
}

export function checkCiliumGroup(group: any): void {
  const where = nameOf(group);
  if (!['cilium.io/v2', 'cilium.io/v2alpha1'].includes(group.apiVersion)) reject(where, `no version ${group.apiVersion}`);
  onlyFields(group.spec, ['externalCIDRs'], where);
  if (!isSet(group.spec.externalCIDRs)) reject(where, 'needs externalCIDRs');
  for (const cidr of list(group.spec.externalCIDRs, where)) if (!isCidr(cidr)) reject(where, `no CIDR: ${cidr}`);
}

export function checkCiliumSelector(selector: any, where: string): void {
  checkSelector(selector, where, (key) => key.split(':').length <= 2 && isLabelKey(parseKey(key).name) && /^[A-Za-z0-9]+$/.test(parseKey(key).source));
}

interface Scope { host: boolean; clusterwide: boolean }

function checkItem(item: any, section: string, scope: Scope, where: string, options: JudgeOptions): void {
  const deny = section.endsWith('Deny');
  const direction = section.startsWith('ingress') ? 'ingress' : 'egress';
  // "Deny rules have no L7/FQDN/auth fields at all".
  const peers = PEER_FIELDS[direction].filter((field) => !(deny && field === 'toFQDNs'));
  onlyFields(item, [...peers, 'fromRequires', 'toRequires', 'toPorts', 'icmps', ...(deny ? [] : ['authentication'])], where);
  if (list(item.fromRequires, where).length + list(item.toRequires, where).length > 0) reject(where, 'Requires was removed in 1.19');

  const used = peers.filter((field) => list(item[field], where).length > 0);
  if (used.length > 1) reject(where, `combining ${used.join(' and ')} is not supported yet`);
  for (const field of used) item[field].forEach((peer: any) => checkPeer(peer, field, where, options));

  if (list(item.toPorts, where).length > 0 && list(item.icmps, where).length > 0) reject(where, 'toPorts and icmps in one rule');
  list(item.toPorts, where).forEach((rule, i) => checkPortRule(rule, direction, deny, scope, `${where}.toPorts[${i}]`, options));
  list(item.icmps, where).forEach((icmp, i) => checkIcmp(icmp, `${where}.icmps[${i}]`));
  if (!isSet(item.authentication)) return;
  onlyFields(item.authentication, ['mode'], `${where}.authentication`);
  const { mode } = item.authentication;
  if (!['disabled', 'required', 'test-always-fail'].includes(mode)) reject(where, `no authentication mode: ${mode}`);
}

function checkPeer(peer: any, field: string, where: string, options: JudgeOptions): void {
  switch (field.replace(/^(from|to)/, '')) {
    case 'Endpoints': return checkCiliumSelector(peer, where);
    case 'Entities': return checkEntity(peer, where, options);
    case 'CIDR': return isCidr(peer) ? undefined : reject(where, `no CIDR: ${peer}`);
    case 'CIDRSet': return checkCidrRule(peer, where, options);
    case 'Nodes': return options.features?.nodeSelectorLabels ? checkCiliumSelector(peer, where) : reject(where, 'needs --enable-node-selector-labels, which is off by default');
    case 'Groups': return checkGroups(peer, where);
    case 'Services': return checkService(peer, where);
    case 'FQDNs': return checkName(peer, where);
    default: throw new Error(field);
  }
}

function checkGroups(groups: any, where: string): void {
  onlyFields(groups, ['aws'], where);
  if (isSet(groups.aws)) onlyFields(groups.aws, ['labels', 'securityGroupsIds', 'securityGroupsNames', 'region'], where);
}

function checkEntity(entity: any, where: string, options: JudgeOptions): void {
  const known = (options.ciliumVersion ?? '1.20') >= '1.20' ? [...ENTITIES, 'cluster-mesh'] : ENTITIES;
  if (!known.includes(entity)) reject(where, `unsupported entity: ${entity}`);
}

function checkCidrRule(rule: any, where: string, options: JudgeOptions): void {
  onlyFields(rule, ['cidr', 'cidrGroupRef', 'cidrGroupSelector', 'except'], where);
  const given = ['cidr', 'cidrGroupRef', 'cidrGroupSelector'].filter((field) => isSet(rule[field]));
  if (given.length !== 1) reject(where, 'needs exactly one of cidr, cidrGroupRef and cidrGroupSelector');
  const except = list(rule.except, where);
  if (given[0] !== 'cidr') {
    if (except.length > 0) reject(where, 'except with a group is not supported yet');
    if (given[0] === 'cidrGroupSelector') checkSelector(rule.cidrGroupSelector, where);
    if (given[0] === 'cidrGroupRef' && !/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(rule.cidrGroupRef)) reject(where, `no name of a group: ${rule.cidrGroupRef}`);
    return;
  }
  if (!isCidr(rule.cidr)) reject(where, `no CIDR: ${rule.cidr}`);
  for (const each of except) {
    // "1.20 also checks prefix length; before, only the address".
    const inside = isCidr(each) && ((options.ciliumVersion ?? '1.20') >= '1.20' ? cidrCovers(rule.cidr, each) : cidrContains(rule.cidr, each.split('/')[0]));
    if (!inside) reject(where, `${rule.cidr} does not contain the exception ${each}`);
  }
}

function checkService(service: any, where: string): void {
  onlyFields(service, ['k8sService', 'k8sServiceSelector'], where);
  if (isSet(service.k8sService)) onlyFields(service.k8sService, ['serviceName', 'namespace'], where);
  if (isSet(service.k8sService) === isSet(service.k8sServiceSelector)) reject(where, 'needs exactly one of k8sService and k8sServiceSelector');
  if (!isSet(service.k8sServiceSelector)) return;
  onlyFields(service.k8sServiceSelector, ['selector', 'namespace'], where);
  checkSelector(service.k8sServiceSelector.selector, where);
}

function checkName(selector: any, where: string): void {
  onlyFields(selector, ['matchName', 'matchPattern'], where);
  if (isSet(selector.matchName) === isSet(selector.matchPattern)) reject(where, 'needs exactly one of matchName and matchPattern');
  const text = String(selector.matchName ?? selector.matchPattern);
  const form = isSet(selector.matchName) ? /^([-a-zA-Z0-9_]+[.]?)+$/ : /^([-a-zA-Z0-9_*]+[.]?)+$/;
  if (text.length > 255 || !form.test(text)) reject(where, `no DNS name: ${text}`);
}

function checkPortRule(rule: any, direction: string, deny: boolean, scope: Scope, where: string, options: JudgeOptions): void {
  onlyFields(rule, deny ? ['ports'] : ['ports', 'rules', 'terminatingTLS', 'originatingTLS', 'serverNames', 'listener'], where);
  const ports = list(rule.ports, where);
  if (ports.length > 40) reject(where, 'too many ports, the max is 40');
  ports.forEach((port) => checkPort(port, where, options));

  const serverNames = list(rule.serverNames, where);
  if (isSet(rule.serverNames) && serverNames.length === 0) reject(where, 'serverNames needs a name');
  if (serverNames.some((name) => typeof name !== 'string' || name === '')) reject(where, 'empty server name');
  const names = SERVER_NAME[options.ciliumVersion ?? '1.20'];
  if (serverNames.some((name) => name.length > 255 || !names.test(name))) reject(where, `no server names: ${serverNames}`);
  if (new Set(serverNames).size < serverNames.length) reject(where, 'serverNames is a set');
  for (const tls of [rule.terminatingTLS, rule.originatingTLS]) if (isSet(tls)) checkTls(tls, where);
  if (isSet(rule.listener)) checkListener(rule.listener, direction, scope, where);

  if (!isSet(rule.rules)) return;
  if (scope.host && direction === 'ingress') reject(where, 'host policies do not support L7 rules on ingress');
  if ((options.ciliumVersion ?? '1.20') < '1.20' && !isSet(rule.rules.http) && !isSet(rule.rules.dns)) {
    checkOtherProtocol(rule.rules, ports, where);
    return;
  }
  onlyFields(rule.rules, ['http', 'dns'], where);
  if (isSet(rule.rules.http) === isSet(rule.rules.dns)) reject(where, 'rules needs exactly one of http and dns');
  if (serverNames.length > 0 && !isSet(rule.terminatingTLS)) reject(where, 'serverNames with L7 rules need TLS termination');
  if (isSet(rule.listener)) reject(where, 'listener is not allowed with L7 rules');
  if (ports.some((port) => port.port === '0' || !port.port)) reject(where, 'L7 rules can not be used when a port is 0');
  if (isSet(rule.rules.dns)) {
    if (direction === 'ingress') reject(where, 'DNS rules are not allowed on ingress');
    if (ports.length === 0) reject(where, 'port 53 must be specified for DNS rules');
    if (ports.some((port) => !port.port)) reject(where, 'DNS rules need a port');
    if (ports.some((port) => isSet(port.endPort) && port.endPort > Number(port.port))) reject(where, 'DNS rules do not support port ranges');
    if (ports.some((port) => !['TCP', 'UDP', 'ANY', undefined].includes(port.protocol))) reject(where, 'DNS rules apply to TCP and UDP');
    list(rule.rules.dns, where).forEach((name) => checkName(name, where));
  } else {
    if (scope.host) reject(where, 'host policies do not support HTTP rules');
    if (ports.some((port) => port.protocol !== 'TCP')) reject(where, 'L7 rules can only apply to TCP, which must be stated');
    list(rule.rules.http, where).forEach((http) => checkHttp(http, where));
  }
  // Whether an empty list restricts to nothing or does not restrict is not written down.
  if (list(rule.rules.http ?? rule.rules.dns, where).length === 0) reject(where, 'an empty list of L7 rules');
}

function checkHttp(http: any, where: string): void {
  onlyFields(http, ['path', 'method', 'host', 'headers', 'headerMatches'], where);
  for (const text of [http.path, http.method]) {
    if (!isSet(text)) continue;
    if (typeof text !== 'string') reject(where, 'path and method are regular expressions');
    try {
      RE2JS.compile(text);
    } catch {
      reject(where, `not a regular expression: ${text}`);
    }
  }
  if (list(http.headers, where).some((header) => typeof header !== 'string')) reject(where, 'headers are strings');
  for (const match of list(http.headerMatches, where)) {
    onlyFields(match, ['name', 'value', 'secret', 'mismatch'], where);
    if (!match.name) reject(where, 'headerMatches needs a name');
    if (isSet(match.secret)) onlyFields(match.secret, ['name', 'namespace'], where);
    if (isSet(match.secret) && !match.secret.name) reject(where, 'a secret needs a name');
    if (isSet(match.mismatch) && !['LOG', 'ADD', 'DELETE', 'REPLACE'].includes(match.mismatch)) reject(where, `no mismatch: ${match.mismatch}`);
  }
}

const SERVER_NAME: Record<string, RegExp> = {
  '1.18': /^(\*?\*\.)?[-a-zA-Z0-9_]+(\.[-a-zA-Z0-9_]+)*\.?$/,
  '1.19': /^(\*?\*\.)?[-a-zA-Z0-9_]+(\.[-a-zA-Z0-9_]+)*\.?$/,
  '1.20': /^[-a-zA-Z0-9_*]+(\.[-a-zA-Z0-9_*]+)*\.?$/,
};

function checkTls(tls: any, where: string): void {
  onlyFields(tls, ['secret', 'trustedCA', 'certificate', 'privateKey'], where);
  onlyFields(tls.secret, ['name', 'namespace'], where);
  if (!tls.secret.name) reject(where, 'a TLS context needs the name of a secret');
}

function checkListener(listener: any, direction: string, scope: Scope, where: string): void {
  onlyFields(listener, ['name', 'envoyConfig', 'priority'], where);
  onlyFields(listener.envoyConfig, ['name', 'kind'], where);
  if (direction === 'ingress') reject(where, 'listener is not allowed on ingress');
  if (!listener.name || !listener.envoyConfig.name) reject(where, 'a listener and its configuration need names');
  const { kind } = listener.envoyConfig;
  if (isSet(kind) && !['CiliumEnvoyConfig', 'CiliumClusterwideEnvoyConfig'].includes(kind)) reject(where, `no kind of listener: ${kind}`);
  if (scope.clusterwide && kind === 'CiliumEnvoyConfig') reject(where, 'a clusterwide policy can not use a namespaced listener');
  if (isSet(listener.priority) && !isInteger(listener.priority, 1, 100)) reject(where, `no priority: ${listener.priority}`);
}

/** Kafka and key-value rules, which 1.20 no longer has. */
function checkOtherProtocol(rules: any, ports: any[], where: string): void {
  onlyFields(rules, ['kafka', 'l7proto', 'l7'], where);
  if (isSet(rules.kafka) === isSet(rules.l7proto)) reject(where, 'rules needs exactly one of http, dns, kafka and l7proto');
  if (ports.some((port) => port.protocol !== 'TCP' || port.port === '0' || !port.port)) reject(where, 'L7 rules can only apply to TCP, on a port');
}

function checkPort(entry: any, where: string, options: JudgeOptions): void {
  onlyFields(entry, ['port', 'endPort', 'protocol'], where);
  const { port, endPort, protocol } = entry;
  const extended = EXTENDED_PROTOCOLS[options.ciliumVersion ?? '1.20'];
  const named = options.features?.extendedProtocols === true;
  const absent = port === undefined && named && (options.ciliumVersion ?? '1.20') >= '1.19';
  if (extended.includes(protocol) && !named) reject(where, `${protocol} needs --enable-extended-ip-protocols, which is off by default`);
  if (absent && isSet(endPort)) reject(where, 'endPort needs a port');
  if (!absent && typeof port !== 'string') reject(where, `a port is a string, not ${JSON.stringify(port)}`);
  const numeric = /^(0|[1-9]\d*)$/.test(port) && Number(port) <= 65535;
  if (!absent && !numeric && !isServiceName(port.toLowerCase())) reject(where, `unable to parse port: ${port}`);
  if (isSet(protocol) && !['TCP', 'UDP', 'SCTP', 'ANY', ...extended].includes(protocol)) reject(where, `no protocol: ${protocol}`);
  if (extended.includes(protocol) && !absent && port !== '0') reject(where, `${protocol} has no ports`);
  if (isSet(endPort) && !isInteger(endPort, 0, 65535)) reject(where, `no endPort: ${endPort}`);
  if (port === '0' && endPort > 0) reject(where, 'a range from port 0 is not written down');
}

function checkIcmp(rule: any, where: string): void {
  onlyFields(rule, ['fields'], where);
  const fields = list(rule.fields, where);
  if (fields.length > 40) reject(where, 'too many types, the max is 40');
  for (const field of fields) {
    onlyFields(field, ['type', 'family'], where);
    const family = field.family ?? 'IPv4';
    if (!Object.hasOwn(ICMP_TYPES, family)) reject(where, `wrong family: ${family}`);
    if (!isInteger(field.type, 0, 255) && !Object.hasOwn(ICMP_TYPES[family], field.type)) reject(where, `ICMP type ${field.type} not found in ${family}`);
  }
}
