import { cidrContains } from './addresses';
import { Answer, best, sure } from './cilium-answer';
import { identityMatches, identityOf, isEntity, nodeSelectorMatches, peerSelector } from './cilium-identity';
import { PEER_FIELDS } from './cilium-validate';
import { lookUp, selects } from './labels';
import { isSet, namespaceOf, ofKind } from './manifests';
import { Direction, JudgeOptions, Party, World } from './world';

/** Who is at the other end: the L3 fields of an item (reference 3.2, 3.6 to 3.9). */

export interface Surroundings {
  manifests: any[];
  world: World;
  options: JudgeOptions;
  /** The namespace of the policy; undefined if it is clusterwide. */
  namespace: string | undefined;
  peer: Party;
  /** Whether a name is one by which the subject found the peer. */
  isLearnedName(selector: any): boolean;
}

export function peerFieldsOf(item: any, direction: Direction): string[] {
  return PEER_FIELDS[direction].filter((field) => isSet(item[field]));
}

/** Absent L3 is everybody; a list that is there and empty is nobody. */
export function peerAnswer(item: any, direction: Direction, around: Surroundings): Answer {
  const fields = peerFieldsOf(item, direction);
  if (fields.length === 0) return 'all';
  if (isOrphaned(item, around)) return 'all';
  return best(fields.flatMap((field) => item[field].map((each: any) => oneAnswer(field, each, around))));
}

function oneAnswer(field: string, value: any, around: Surroundings): Answer {
  const { peer, world, options } = around;
  switch (field.replace(/^(from|to)/, '')) {
    case 'Endpoints': return sure(identityMatches(peerSelector(value, around.namespace, world, options), identityOf(peer, world, options)));
    case 'Entities': return sure(isEntity(value, identityOf(peer, world), world));
    case 'CIDR': return sure(inCidrs([value], [], peer));
    case 'CIDRSet': return sure(inCidrs(cidrsOf(value, around), value.except ?? [], peer));
    case 'Services': return sure(isBehindService(value, around));
    case 'FQDNs': return sure(around.isLearnedName(value));
    // "Remote nodes only, never the local host".
    case 'Nodes': return sure(peer.kind === 'node' && !peer.local && nodeSelectorMatches(value, peer.labels ?? {}, 'node'));
    // What a cloud group holds is not known; like CIDRs, it holds nobody of the cluster.
    case 'Groups': return peer.kind === 'outside' ? 'some' : 'none';
    default: throw new Error(`the judge does not know ${field}`);
  }
}

/** Reference 3.7: addresses of pods and nodes never match; `except` removes from its own entry only. */
function inCidrs(cidrs: string[], except: string[], peer: Party): boolean {
  return peer.kind === 'outside'
    && cidrs.some((cidr) => cidrContains(cidr, peer.address))
    && !except.some((cidr) => cidrContains(cidr, peer.address));
}

/** "Missing group = matches nothing". */
function cidrsOf(rule: any, { manifests }: Surroundings): string[] {
  if (isSet(rule.cidr)) return [rule.cidr];
  const groups = ofKind(manifests, 'cilium.io', 'CiliumCIDRGroup').filter((group) => (
    isSet(rule.cidrGroupRef)
      ? group.metadata.name === rule.cidrGroupRef
      : selects(rule.cidrGroupSelector, lookUp(group.metadata.labels ?? {}))
  ));
  return groups.flatMap((group) => group.spec.externalCIDRs);
}

const hasSelector = (service: any): boolean => Object.keys(service.spec?.selector ?? {}).length > 0;

/** Since 1.19 ports beside Services of which none is there, or has an address, are open to everybody (as read in the agent's source). */
function isOrphaned(item: any, around: Surroundings): boolean {
  const since = Number((around.options.ciliumVersion ?? '1.20').split('.')[1]) >= 19;
  return since && isSet(item.toServices) && item.toServices.length > 0 && (item.toPorts ?? []).length > 0
    && item.toServices.every((reference: any) => !servicesOf(reference, around).some((service) => (
      hasSelector(service)
        || slicesOf(service, around).some((slice) => slice.endpoints.some((each: any) => each.addresses.length > 0)))));
}

/** Reference 3.8. A reference without a namespace is to any namespace. */
function servicesOf(reference: any, { manifests }: Surroundings): any[] {
  const { k8sService, k8sServiceSelector } = reference;
  const namespace = (k8sServiceSelector ?? k8sService)?.namespace;
  return ofKind(manifests, '', 'Service').filter((service) => (
    (!namespace || namespaceOf(service) === namespace)
      && (isSet(k8sServiceSelector)
        ? selects(k8sServiceSelector.selector, lookUp(service.metadata.labels ?? {}))
        : service.metadata.name === k8sService?.serviceName)
  ));
}

const slicesOf = (service: any, { manifests }: Surroundings): any[] => ofKind(manifests, 'discovery.k8s.io', 'EndpointSlice').filter((slice) => (
  namespaceOf(slice) === namespaceOf(service) && slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name
));

function isBehindService(reference: any, around: Surroundings): boolean {
  const { world, options, peer } = around;
  return servicesOf(reference, around).some((service) => {
    const selector = service.spec?.selector ?? {};
    if (Object.keys(selector).length > 0) {
      // "Its selector as toEndpoints (service namespace)".
      const asPeer = peerSelector({ matchLabels: { ...selector, 'k8s:io.kubernetes.pod.namespace': namespaceOf(service) } }, undefined, world, options);
      return identityMatches(asPeer, identityOf(peer, world));
    }
    // Addresses are CIDRs to Cilium: they cannot select pods.
    return peer.kind === 'outside' && slicesOf(service, around).some((slice) => slice.endpoints.some((each: any) => each.addresses.includes(peer.address)));
  });
}
