import { familyOf, isAddress, isCidr, isMasked, prefixLength } from './addresses';
import { parseSelector, Place } from './calico-selector';
import { checkNetworkPolicySpec } from './kubernetes';
import { isInteger, isSet, list, nameOf, ofKind, onlyFields, reject } from './manifests';
import { JudgeOptions } from './world';

/** What libcalico-go's validator and the CRD schema refuse (reference section 2). Felix treats a refused policy as missing. */

const GROUP = 'projectcalico.org';
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const NAMES: Record<string, RegExp> = {
  NetworkPolicy: new RegExp(`^(${LABEL}(\\.${LABEL})?|(knp|ossg)\\.default\\.${SUBDOMAIN})$`),
  GlobalNetworkPolicy: new RegExp(`^(${LABEL}\\.)?${LABEL}$`),
};

/** Tiers that are always there; their order and default action are fixed. */
export function builtInTiers({ calicoVersion = '3.33' }: JudgeOptions): Record<string, { order: number; defaultAction: string }> {
  const [admin, baseline] = calicoVersion >= '3.32' ? ['kube-admin', 'kube-baseline'] : ['adminnetworkpolicy', 'baselineadminnetworkpolicy'];
  return {
    [admin]: { order: 1_000, defaultAction: 'Pass' },
    default: { order: 1_000_000, defaultAction: 'Deny' },
    [baseline]: { order: 10_000_000, defaultAction: 'Pass' },
  };
}

/** The lengths of lists and texts, which the CRD schema of 3.33 bounds. */
function isBounded({ calicoVersion = '3.33' }: JudgeOptions): boolean {
  return calicoVersion >= '3.33';
}

/** IP protocol numbers of the names that a rule may use. */
export const PROTOCOLS: Record<string, number> = { ICMP: 1, TCP: 6, UDP: 17, ICMPv6: 58, SCTP: 132, UDPLite: 136 };

export function checkCalicoObjects(manifests: any[], options: JudgeOptions): void {
  const ours = manifests.filter((manifest) => String(manifest.apiVersion).startsWith(`${GROUP}/`));
  ours.forEach((each) => each.apiVersion === `${GROUP}/v3` || reject(nameOf(each), `no version ${each.apiVersion}`));
  ofKind(manifests, GROUP, 'Tier').forEach((tier) => checkTier(tier, options));
  for (const kind of ['NetworkSet', 'GlobalNetworkSet']) ofKind(manifests, GROUP, kind).forEach(checkSet);
  for (const policy of ofKind(manifests, GROUP, 'StagedKubernetesNetworkPolicy')) checkStagedKubernetes(policy);
  const tiers = [...Object.keys(builtInTiers(options)), ...ofKind(manifests, GROUP, 'Tier').map((tier) => tier.metadata.name)];
  for (const kind of ['NetworkPolicy', 'GlobalNetworkPolicy', 'StagedNetworkPolicy', 'StagedGlobalNetworkPolicy']) {
    for (const policy of ofKind(manifests, GROUP, kind)) checkPolicy(policy, tiers, options);
  }
}

function checkStagedKubernetes(policy: any): void {
  const where = nameOf(policy);
  const { stagedAction, ...spec } = policy.spec ?? reject(where, 'needs a spec');
  if (isSet(stagedAction) && !STAGED_ACTIONS.includes(stagedAction)) reject(where, `no stagedAction: ${stagedAction}`);
  if (stagedAction === 'Delete') onlyFields(spec, [], where);
  checkNetworkPolicySpec(spec, where);
}

const STAGED_ACTIONS = ['Set', 'Delete', 'Learn', 'Ignore'];

function checkTier(tier: any, options: JudgeOptions): void {
  const where = nameOf(tier);
  const spec = tier.spec ?? {};
  onlyFields(spec, ['order', 'defaultAction'], where);
  if (!new RegExp(`^${LABEL}$`).test(tier.metadata?.name) || tier.metadata.name.length > 63) reject(where, 'a tier has a single label as its name');
  if (isSet(spec.order) && typeof spec.order !== 'number') reject(where, 'order is a number');
  if (isSet(spec.defaultAction) && !['Deny', 'Pass'].includes(spec.defaultAction)) reject(where, `no defaultAction: ${spec.defaultAction}`);
  if (!Object.hasOwn(builtInTiers(options), tier.metadata.name)) return;
  const fixed = builtInTiers(options)[tier.metadata.name];
  if ((spec.order ?? 1_000_000) !== fixed.order || (spec.defaultAction ?? 'Deny') !== fixed.defaultAction) reject(where, 'order and default action of a built-in tier are fixed');
}

function checkSet(set: any): void {
  const where = nameOf(set);
  onlyFields(set.spec ?? {}, ['nets'], where);
  if (Object.hasOwn(set.metadata?.labels ?? {}, 'projectcalico.org/namespace')) reject(where, 'may not have the label projectcalico.org/namespace');
  for (const net of list(set.spec?.nets, where)) {
    if (!isCidr(net) && !(typeof net === 'string' && isAddress(net))) reject(where, `no network: ${net}`);
  }
}

function checkPolicy(policy: any, tiers: string[], options: JudgeOptions): void {
  const where = nameOf(policy);
  const spec = policy.spec ?? reject(where, 'needs a spec');
  const staged = policy.kind.startsWith('Staged');
  const kind = policy.kind.replace('Staged', '');
  const global = kind === 'GlobalNetworkPolicy';
  const fields = ['tier', 'order', 'selector', 'serviceAccountSelector', 'types', 'ingress', 'egress', 'performanceHints'];
  if (global) fields.push('namespaceSelector', 'doNotTrack', 'preDNAT', 'applyOnForward');
  onlyFields(spec, [...fields, ...(staged ? ['stagedAction'] : [])], where);
  checkName(policy, kind, spec.tier ?? 'default', where, options);
  if (!tiers.includes(spec.tier ?? 'default')) reject(where, `there is no tier ${spec.tier}`);

  if (staged && isSet(spec.stagedAction) && !STAGED_ACTIONS.includes(spec.stagedAction)) reject(where, `no stagedAction: ${spec.stagedAction}`);
  if (staged && spec.stagedAction === 'Delete') {
    onlyFields(spec, ['tier', 'stagedAction'], where);
    return;
  }
  if (isSet(spec.order) && typeof spec.order !== 'number') reject(where, 'order is a number');
  for (const field of ['selector', 'serviceAccountSelector', 'namespaceSelector']) checkSelector(spec[field], where, options);
  if (list(spec.performanceHints, where).some((hint) => hint !== 'AssumeNeededOnEveryNode')) reject(where, `no performanceHints: ${spec.performanceHints}`);
  if (isSet(spec.types)) {
    const types = list(spec.types, where);
    if (types.length === 0 || new Set(types).size < types.length) reject(where, 'types are one or two, without repetition');
    if (types.some((type) => type !== 'Ingress' && type !== 'Egress')) reject(where, `no types: ${types}`);
  }
  checkHostFlags(spec, where);
  for (const direction of ['ingress', 'egress'] as const) {
    if (isBounded(options) && list(spec[direction], where).length > 1024) reject(where, 'more than 1024 rules');
    list(spec[direction], where).forEach((rule, i) => checkRule(rule, direction, global, `${where} ${direction}[${i}]`, options));
  }
}

function checkName(policy: any, kind: string, tier: string, where: string, options: JudgeOptions): void {
  const name = policy.metadata?.name;
  if (typeof name !== 'string' || name.length > 253 || !NAMES[kind].test(name)) reject(where, 'no such name: at most one dot');
  // "<= 3.31 the policy name must be <tier>.<name> for any non-default tier, and the part before the dot must equal the tier".
  const prefix = name.includes('.') ? name.split('.')[0] : 'default';
  if ((options.calicoVersion ?? '3.33') <= '3.31' && prefix !== tier) reject(where, `the name must start with '${tier}.'`);
}

function checkHostFlags(spec: any, where: string): void {
  for (const flag of [spec.doNotTrack, spec.preDNAT, spec.applyOnForward]) if (isSet(flag) && typeof flag !== 'boolean') reject(where, 'the flags of host endpoints are booleans');
  if (spec.preDNAT && spec.doNotTrack) reject(where, 'preDNAT and doNotTrack exclude each other');
  if ((spec.preDNAT || spec.doNotTrack) && !spec.applyOnForward) reject(where, 'preDNAT and doNotTrack need applyOnForward');
  if (spec.preDNAT && (list(spec.egress, where).length > 0 || (spec.types ?? []).includes('Egress'))) reject(where, 'preDNAT is for ingress only');
}

function checkSelector(text: unknown, where: string, options: JudgeOptions, place: Place = {}): void {
  if (!isSet(text)) return;
  if (isBounded(options) && String(text).length > 1024) reject(where, 'a selector has at most 1024 characters');
  try {
    parseSelector(text, place);
  } catch (error) {
    reject(where, (error as Error).message);
  }
}

function checkRule(rule: any, direction: 'ingress' | 'egress', global: boolean, where: string, options: JudgeOptions): void {
  onlyFields(rule, ['action', 'ipVersion', 'protocol', 'notProtocol', 'icmp', 'notICMP', 'source', 'destination', 'http', 'metadata'], where);
  if (!['Allow', 'Deny', 'Log', 'Pass'].includes(rule.action)) reject(where, `no action: ${rule.action}`);
  if (isSet(rule.ipVersion) && rule.ipVersion !== 4 && rule.ipVersion !== 6) reject(where, `no ipVersion: ${rule.ipVersion}`);
  for (const protocol of [rule.protocol, rule.notProtocol]) {
    if (!isSet(protocol)) continue;
    if (!Object.hasOwn(PROTOCOLS, protocol) && !isInteger(protocol, 1, 255)) reject(where, `no protocol: ${protocol}`);
    if (protocol === 'ICMP' && rule.ipVersion === 6) reject(where, 'ICMP is of IP version 4');
    if (protocol === 'ICMPv6' && rule.ipVersion === 4) reject(where, 'ICMPv6 is of IP version 6');
  }
  for (const icmp of [rule.icmp, rule.notICMP]) {
    if (!isSet(icmp)) continue;
    onlyFields(icmp, ['type', 'code'], where);
    if (!['ICMP', 'ICMPv6', 1, 58].includes(rule.protocol)) reject(where, 'icmp needs protocol ICMP or ICMPv6');
    if (isSet(icmp.code) && !isSet(icmp.type)) reject(where, 'an ICMP code needs a type');
    if (isSet(icmp.type) && !isInteger(icmp.type, 0, 254)) reject(where, `no ICMP type: ${icmp.type}`);
    if (isSet(icmp.code) && !isInteger(icmp.code, 0, 255)) reject(where, `no ICMP code: ${icmp.code}`);
  }
  if (isSet(rule.metadata)) {
    onlyFields(rule.metadata, ['annotations'], where);
    if (Object.values(rule.metadata.annotations ?? {}).some((value) => typeof value !== 'string')) reject(where, 'annotations are strings');
  }
  if (isSet(rule.http)) checkHttp(rule, direction, where);
  for (const end of ['source', 'destination'] as const) {
    if (isSet(rule[end])) checkEntity(rule[end], rule, `${where}.${end}`, options);
    const services = rule[end]?.services;
    if (!isSet(services)) continue;
    if ((end === 'destination') !== (direction === 'egress')) reject(where, 'services is for egress destinations and ingress sources');
    if (global && !services.namespace) reject(where, 'services needs a namespace in a GlobalNetworkPolicy');
  }
  const versions = ruleNets(rule).map(familyOf);
  if (new Set(versions).size > 1) reject(where, 'nets of IPv4 and IPv6 in one rule');
  if (isSet(rule.ipVersion) && versions.some((version) => version !== rule.ipVersion)) reject(where, 'nets of another ipVersion');
}

/** All networks that a rule mentions: they share one IP version. */
export function ruleNets(rule: any): string[] {
  return [rule.source, rule.destination].flatMap((entity) => [...(entity?.nets ?? []), ...(entity?.notNets ?? [])]);
}

function checkHttp(rule: any, direction: string, where: string): void {
  onlyFields(rule.http, ['methods', 'paths'], where);
  if (direction === 'egress') reject(where, 'http is for ingress rules');
  if (rule.action !== 'Allow') reject(where, 'http is for action Allow');
  if (isSet(rule.protocol) && rule.protocol !== 'TCP') reject(where, 'http needs protocol TCP');
  const methods = list(rule.http.methods, where);
  if (methods.length > 20 || list(rule.http.paths, where).length > 20) reject(where, 'more than 20 methods or paths');
  if (new Set(methods).size < methods.length) reject(where, 'methods are unique');
  for (const path of list(rule.http.paths, where)) {
    onlyFields(path, ['exact', 'prefix'], where);
    if (isSet(path.exact) === isSet(path.prefix)) reject(where, 'a path is either exact or prefix');
    if (String(path.exact ?? path.prefix).length > 1024 || !/^\/[^?# ]*$/.test(path.exact ?? path.prefix)) reject(where, `no path: ${path.exact ?? path.prefix}`);
  }
}

function checkEntity(entity: any, rule: any, where: string, options: JudgeOptions): void {
  onlyFields(entity, ['nets', 'notNets', 'selector', 'notSelector', 'namespaceSelector', 'ports', 'notPorts', 'serviceAccounts', 'services'], where);
  checkSelector(entity.selector, where, options);
  checkSelector(entity.notSelector, where, options);
  // global() only as the entire namespaceSelector.
  const global = /^[ \t]*global\([ \t]*\)[ \t]*$/.test(entity.namespaceSelector ?? '');
  checkSelector(entity.namespaceSelector, where, options, global ? { global: () => true } : {});
  if (isSet(entity.serviceAccounts)) {
    onlyFields(entity.serviceAccounts, ['names', 'selector'], where);
    checkSelector(entity.serviceAccounts.selector, where, options);
    list(entity.serviceAccounts.names, where);
  }
  for (const net of [...list(entity.nets, where), ...list(entity.notNets, where)]) {
    if (!isCidr(net)) reject(where, `no CIDR: ${net}`);
    if (!isMasked(net)) reject(where, `${net} has bits set beyond its prefix`);
  }
  if (list(entity.notNets, where).some((net) => prefixLength(net) === 0)) reject(where, 'notNets may not hold all addresses');
  const bounded = isBounded(options);
  if (bounded && [entity.nets, entity.notNets].some((nets) => list(nets, where).length > 256)) reject(where, 'more than 256 nets');
  if (bounded && [entity.ports, entity.notPorts].some((ports) => list(ports, where).length > 50)) reject(where, 'more than 50 ports');
  checkPorts(entity, rule, where);
  checkServices(entity, where);
}

function checkPorts(entity: any, rule: any, where: string): void {
  const ports = [...list(entity.ports, where), ...list(entity.notPorts, where)];
  if (ports.length === 0) return;
  ports.forEach((port) => checkPort(port, where));
  if (!isSet(rule.protocol)) {
    if (ports.some((port) => portRange(port) !== undefined)) {
      reject(where, 'rules with numeric port or port range must set protocol to TCP or UDP or SCTP');
    }
  } else if (!['TCP', 'UDP', 'SCTP', 6, 17, 132].includes(rule.protocol)) {
    reject(where, `protocol ${rule.protocol} has no ports`);
  }
}

/** 8080, "8080" and "8000:9000" are numbers; anything else is a name ("8000-9000" is one too). */
export function portRange(port: number | string): [number, number] | undefined {
  const found = /^(\d+)(:(\d+))?$/.exec(String(port));
  return found ? [Number(found[1]), Number(found[3] ?? found[1])] : undefined;
}

function checkPort(port: any, where: string): void {
  const range = portRange(port);
  if (range) {
    if (!(range[0] >= 1 && range[0] <= range[1] && range[1] <= 65535)) reject(where, `no ports: ${port}`);
  } else if (typeof port !== 'string' || !/^[a-zA-Z0-9_.-]{1,128}$/.test(port)) {
    reject(where, `no port: ${port}`);
  }
}

function checkServices(entity: any, where: string): void {
  if (!isSet(entity.services)) return;
  onlyFields(entity.services, ['name', 'namespace'], where);
  if (!entity.services.name) reject(where, 'services needs a name');
  const others = ['selector', 'notSelector', 'namespaceSelector', 'serviceAccounts', 'nets', 'notNets'].filter((field) => isSet(entity[field]));
  if (others.length > 0) reject(where, `services with ${others.join(', ')}`);
  if (where.endsWith('destination') && (isSet(entity.ports) || isSet(entity.notPorts))) reject(where, 'services with ports');
}
