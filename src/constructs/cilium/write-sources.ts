import { distinct, labelSelector } from '../../dialects/dialect';
import { isIdentityLabel } from '../../dialects/identity-labels';
import { asRequirement, foreignTerm, PeerTerms, peerTerms } from '../../dialects/peer-terms';
import { Conjunction, disjunction } from '../../model/dnf';
import { LabelRequirement } from '../../model/endpoint';
import { Json } from '../native-object';
import { IPeer, PeerContext } from '../peer';
import { stated, wrong } from './context';

const NAMESPACE = 'io.kubernetes.pod.namespace';
const SERVICE_ACCOUNT = 'io.cilium.k8s.policy.serviceaccount';

/** Pods as the selectors of a CiliumEgressGatewayPolicy. */
export function writeSources(sources: readonly IPeer[], context: PeerContext): Json {
  const selectors = stated(sources, 'sources', 'state the pods').flatMap((source, i) => {
    if (typeof source?.toPeer !== 'function') { throw wrong(`sources[${i}]`, `must be a workload or a Peer, got ${JSON.stringify(source)}`); }
    const peer = source.toPeer();
    return disjunction(peer._expr(context)).map(conjunction => writeSource(conjunction, `sources[${i}] (${peer})`));
  });
  if (selectors.length === 0) { throw wrong('sources', 'no pods are meant'); }
  return { selectors: distinct(selectors) };
}

function writeSource(conjunction: Conjunction, where: string): Json {
  const terms = peerTerms(conjunction);
  if (!terms.kinds.includes('pod') || hasOther(terms)) { throw wrong(where, 'only pods leave through an egress gateway; state workloads, Peer.pods(...) or Peer.namespaces(...)'); }
  const labels = (of: 'pod' | 'namespace'): LabelRequirement[] => terms.labels.filter(({ test }) => test.of === of).map(label => asRequirement(label)!);
  const lost = labels('pod').find(({ key }) => !isIdentityLabel(key));
  if (lost) { throw wrong(where, `the label ${JSON.stringify(lost.key)} is not part of a pod's identity for Cilium, so a selector on it never matches; select by a label of your own, such as app.kubernetes.io/name`); }
  const named = (key: string, operator: 'In' | 'NotIn', names: readonly string[]): LabelRequirement[] =>
    (operator === 'In' ? names.map((name): LabelRequirement => ({ key, operator, values: [name] })) : names.length > 0 ? [{ key, operator, values: names }] : []);
  const pods = [
    ...named(NAMESPACE, 'In', terms.namespaces), ...named(NAMESPACE, 'NotIn', terms.notNamespaces),
    ...named(SERVICE_ACCOUNT, 'In', terms.serviceAccounts), ...named(SERVICE_ACCOUNT, 'NotIn', terms.notServiceAccounts),
    ...labels('pod'),
  ];
  const namespaces = labels('namespace');
  return { ...(namespaces.length > 0 ? { namespaceSelector: labelSelector(namespaces) } : {}), podSelector: labelSelector(pods) };
}

const hasOther = (terms: PeerTerms): boolean =>
  terms.cidrs.length + terms.notCidrs.length + terms.entities.length + terms.fqdns.length + terms.notKinds.length > 0
  || terms.kinds.some(kind => kind !== 'pod') || terms.labels.some(({ test }) => test.of !== 'pod' && test.of !== 'namespace') || foreignTerm(terms) !== undefined;
