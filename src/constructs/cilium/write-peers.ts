import { distinct } from '../../dialects/dialect';
import { isBefore } from '../../dialects/versions';
import { compareCidrs, containsCidr, parseCidr } from '../../model/cidr';
import { inConstruct, Json } from '../native-object';
import { Context, needs, stated, wrong } from './context';
import { renamed } from './names';
import { CiliumAwsGroup, CiliumCidrRule, CiliumFqdn, CiliumServiceRef } from './peers';
import { CiliumSelector } from './selector';
import { writePodSelector, writeSelector } from './write-selector';

/** The kinds of peers by property. One rule of Cilium may have one kind only. */
/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- each kind has its own type of entries */
type PeerWriter = (entry: any, where: string, context: Context) => unknown;

const endpoint: PeerWriter = (selector: CiliumSelector, where) => writePodSelector(selector, where);

const node: PeerWriter = (selector: CiliumSelector, where, { features }) => {
  needs(features.nodeSelectorLabels, where, 'nodes by labels need the agent\'s --enable-node-selector-labels', 'nodeSelectorLabels');
  return writeSelector(selector, where);
};

const entity: PeerWriter = (name: string) => name;

const cidr: PeerWriter = (text: string, where) => canonical(text, where);

const canonical = (text: string, where: string): string => inConstruct(where, () => parseCidr(String(text)));

function cidrRule(rule: CiliumCidrRule, where: string): Json {
  const { cidr: range, except, cidrGroupSelector, ...rest } = rule;
  if (except !== undefined && range === undefined) { throw wrong(`${where}.except`, 'exceptions are of a stated range, not of groups; leave the addresses out of the CiliumCIDRGroup'); }
  const whole = range === undefined ? undefined : canonical(range, `${where}.cidr`);
  const holes = except === undefined ? undefined : stated(except, `${where}.except`, 'leave it out').map((hole, i) => {
    const part = canonical(hole, `${where}.except[${i}]`);
    if (!containsCidr(whole!, part)) { throw wrong(`${where}.except[${i}]`, `${part} is not a part of ${whole}`); }
    return part;
  });
  return {
    ...renamed(rest),
    ...(whole === undefined ? {} : { cidr: whole }),
    ...(holes === undefined ? {} : { except: [...new Set(holes)].sort(compareCidrs) }),
    ...(cidrGroupSelector === undefined ? {} : { cidrGroupSelector: writeSelector(cidrGroupSelector, `${where}.cidrGroupSelector`) }),
  };
}

/** A name of toFQDNs or of a DNS rule. */
export function writeFqdn(fqdn: CiliumFqdn, where: string, { version }: Context): Json {
  if (String(fqdn.matchPattern ?? '').startsWith('**.') && isBefore(version, '1.19')) {
    throw wrong(`${where}.matchPattern`, `before Cilium 1.19 the pattern ${JSON.stringify(fqdn.matchPattern)} means "*.", which is one label; write the number of labels that is meant, such as "*.*.example.com", in entries of their own`);
  }
  if (String(fqdn.matchName ?? '').includes('*')) { throw wrong(`${where}.matchName`, `${JSON.stringify(fqdn.matchName)} has a wildcard, and is one name; write matchPattern: ${JSON.stringify(fqdn.matchName)}`); }
  return renamed(fqdn);
}

function service(ref: CiliumServiceRef, where: string, { namespace }: Context): Json {
  const { name, selector, namespace: own = namespace, ...unknown } = ref;
  if ((name === undefined) === (selector === undefined)) { throw wrong(where, 'exactly one of name and selector is needed'); }
  if (own === undefined && name !== undefined) { throw wrong(`${where}.namespace`, 'a clusterwide policy has no namespace; state that of the Service'); }
  if (name === 'kubernetes' && own === 'default') { throw wrong(where, 'the Service default/kubernetes cannot be selected this way; use toEntities: [CiliumEntity.KUBE_APISERVER]'); }
  const of = own === undefined ? {} : { namespace: own };
  return {
    ...(name === undefined
      ? { k8sServiceSelector: { selector: writeSelector(selector!, `${where}.selector`), ...of } }
      : { k8sService: { serviceName: name, ...of } }),
    ...unknown,
  };
}

function group(aws: CiliumAwsGroup, where: string): Json {
  const conditions = renamed(aws);
  if (Object.entries(conditions).every(([key, value]) => key === 'region' || Object.keys(value as object).length === 0)) { throw wrong(where, 'a group needs labels, ids or names'); }
  return { aws: conditions };
}

const INGRESS: Readonly<Record<string, PeerWriter>> = {
  fromEndpoints: endpoint,
  fromEntities: entity,
  fromCidr: cidr,
  fromCidrSet: cidrRule,
  fromNodes: node,
  fromGroups: group,
};

const EGRESS: Readonly<Record<string, PeerWriter>> = {
  toEndpoints: endpoint,
  toEntities: entity,
  toCidr: cidr,
  toCidrSet: cidrRule,
  toNodes: node,
  toGroups: group,
  toServices: service,
  toFqdns: writeFqdn,
};

export const PEERS = { ingress: INGRESS, egress: EGRESS } as const;

/** The entries of one kind of peers, each once. */
export function writePeers(write: PeerWriter, entries: readonly unknown[], where: string, context: Context): readonly unknown[] {
  const instead = 'leave it out for everything, or the rule for nothing';
  return distinct(stated(entries, where, instead).map((entry, i) => write(entry, `${where}[${i}]`, context)));
}
