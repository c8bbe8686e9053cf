import * as fc from 'fast-check';
import { CALICO, CALICO_3_30, CILIUM, CILIUM_1_18, KUBERNETES, Place, written } from '../support/models/places';

/** The generated policies say everything that their dialect has words for, so that no property holds because nobody asked. */

/** Every field, and every value of those whose values are words. */
function wordsOf(value: unknown, words: Set<string>): Set<string> {
  if (Array.isArray(value)) {
    value.forEach(item => wordsOf(item, words));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      words.add(key);
      if (typeof inner === 'string') { words.add(`${key}: ${inner}`); }
      wordsOf(inner, words);
    }
  }
  return words;
}

const CILIUM_WORDS = [
  'specs', 'spec', 'endpointSelector', 'ingress', 'ingressDeny', 'egress', 'egressDeny', 'enableDefaultDeny', 'description', 'labels', 'log',
  'fromEndpoints', 'fromEntities', 'fromCIDRSet', 'fromGroups', 'toEndpoints', 'toEntities', 'toCIDRSet', 'toGroups', 'toServices', 'toFQDNs',
  'cidrGroupRef', 'cidrGroupSelector', 'except', 'k8sService', 'k8sServiceSelector', 'toPorts', 'icmps', 'authentication', 'endPort',
  'http', 'method', 'path', 'host', 'headerMatches', 'secret', 'mismatch', 'dns', 'serverNames', 'terminatingTLS', 'originatingTLS', 'listener',
  'k8s:io.cilium.k8s.policy.cluster', 'k8s:io.cilium.k8s.policy.serviceaccount', 'k8s:io.cilium.k8s.namespace.labels.team', 'mode: required', 'mode: disabled',
  'kind: CiliumNetworkPolicy', 'kind: CiliumClusterwideNetworkPolicy', 'protocol: TCP', 'protocol: UDP', 'protocol: SCTP', 'family: IPv6',
];

const CALICO_WORDS = [
  'tier', 'order', 'selector', 'types', 'performanceHints', 'doNotTrack', 'preDNAT', 'applyOnForward', 'namespaceSelector',
  'action: Allow', 'action: Deny', 'action: Pass', 'action: Log', 'ipVersion', 'protocol', 'notProtocol', 'icmp', 'code', 'http', 'methods', 'exact', 'prefix',
  'nets', 'notNets', 'notSelector', 'ports', 'notPorts', 'serviceAccounts', 'names', 'services', 'annotations', 'namespaceSelector: all()',
  'kind: NetworkPolicy', 'kind: GlobalNetworkPolicy', 'kind: StagedNetworkPolicy', 'kind: StagedGlobalNetworkPolicy',
];

test.each<[string, Place, readonly string[], readonly string[]]>([
  ['kubernetes', KUBERNETES, ['podSelector', 'namespaceSelector', 'ipBlock', 'except', 'policyTypes', 'port', 'endPort', 'protocol: SCTP'], []],
  [CILIUM_1_18.name, CILIUM_1_18, [...CILIUM_WORDS, 'kafka'], ['fromNodes', 'nodeSelector', 'protocol: VRRP', 'protocol: GRE']],
  [CILIUM.name, CILIUM, [...CILIUM_WORDS, 'fromNodes', 'toNodes', 'nodeSelector', 'protocol: VRRP', 'protocol: IGMP', 'protocol: GRE', 'protocol: ESP'], ['kafka']],
  [CALICO_3_30.name, CALICO_3_30, [...CALICO_WORDS, 'tier: adminnetworkpolicy'], ['tier: kube-admin']],
  [CALICO.name, CALICO, [...CALICO_WORDS, 'tier: kube-admin', 'tier: kube-baseline'], ['tier: adminnetworkpolicy']],
])('%s', (_name, place, words, others) => {
  const said = new Set<string>();
  for (const { policies } of fc.sample(place.native, { numRuns: 1_000, seed: 7 })) { wordsOf(written(place, policies), said); }
  expect(words.filter(word => !said.has(word))).toEqual([]);
  expect(others.filter(word => said.has(word))).toEqual([]);
});
