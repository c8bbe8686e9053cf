import { compareCidrs, containsCidr, overlaps } from '../../model/cidr';
import { Conjunction, disjunction } from '../../model/dnf';
import { LabelRequirement } from '../../model/endpoint';
import { HOST_NETWORK_GROUP, NAMESPACE_NAME } from '../../model/labels';
import { DIRECTIONS, NORMAL, peerOf, Policy, Rule } from '../../model/policy-set';
import { ALL_PORTS, coversEveryProtocol, isAllTraffic, PortSet, portProtocols, Range, TrafficBox } from '../../model/traffic';
import { byDocument, describeOrigin, distinct, Document, labelSelector, Target } from '../dialect';
import { Reasons } from '../justifications';
import { NETWORK_POLICY } from '../network-policy-fields';
import { asRequirement, foreignTerm, PeerTerms, peerTerms, speaksOfPods } from '../peer-terms';
import { Feature, refuse as refuseIn } from '../refusals';

/** What a statement is called; worked out only for an error. */
type Called = () => string;

const refuse = (feature: Feature, statement: Called, detail?: string) => refuseIn('kubernetes', feature, statement(), detail);

type Json = Record<string, unknown>;

/** https://kubernetes.io/docs/concepts/services-networking/network-policies/ */
export function writeKubernetes(policies: readonly Policy[], target: Target): Document[] {
  return byDocument(policies).map(document => writeDocument(document, target));
}

function writeDocument(policies: readonly Policy[], target: Target): Document {
  const [first] = policies;
  const { namespace, name } = first.origin;
  if (namespace === undefined) { throw refuse('cluster-scope', () => describeOrigin(first)); }
  const spec: Json = { podSelector: subjectSelector(first, namespace), policyTypes: [] };
  const reasons = new Reasons();
  for (const direction of DIRECTIONS) {
    const [policy, other] = policies.filter(candidate => candidate.direction === direction);
    if (!policy) { continue; }
    if (other) { throw refuse('subject', () => describeOrigin(other), `a second ${direction} policy of one document`); }
    checkPolicy(policy, first);
    policy.rules.forEach((rule, i) => checkAction(rule, () => describeOrigin(policy, i)));
    if (!policy.isolates) {
      if (policy.rules.length > 0) { throw refuse('allow-without-isolation', () => describeOrigin(policy)); }
      continue;
    }
    // Rules that policyTypes leaves out stand there all the same.
    if (policy.mode !== 'void') { (spec.policyTypes as string[]).push(direction === 'ingress' ? 'Ingress' : 'Egress'); }
    const rules = reasons.once(direction, policy.rules, (rule, i) => writeRule(rule, policy, i, target));
    if (rules.length > 0) { spec[direction] = rules; }
  }
  // Without any type the API server would fill in Ingress, which isolates.
  if ((spec.policyTypes as string[]).length === 0) { throw refuse('empty', () => describeOrigin(first)); }
  return { ...NETWORK_POLICY, metadata: { name, namespace, ...reasons.annotations(policies) }, spec };
}

function checkPolicy(policy: Policy, first: Policy): void {
  if (policy.hook) { throw refuse('hook', () => describeOrigin(policy), policy.hook); }
  if (policy.effects) { throw refuse('effects', () => describeOrigin(policy), Object.keys(policy.effects).join(', ')); }
  if (policy.mode === 'staged') { throw refuse('staged', () => describeOrigin(policy)); }
  if (policy.stage !== NORMAL) { throw refuse('stage', () => describeOrigin(policy), `stage ${policy.stage}, mode ${policy.mode}`); }
  if (policy.subject !== first.subject && JSON.stringify(policy.subject) !== JSON.stringify(first.subject)) { throw refuse('subject', () => describeOrigin(policy), 'its directions have different subjects'); }
}

function subjectSelector(policy: Policy, namespace: string): Json {
  const conjunctions = disjunction(policy.subject);
  if (conjunctions.length !== 1) { throw refuse('subject', () => describeOrigin(policy), `${conjunctions.length} alternatives`); }
  const terms = peerTerms(conjunctions[0]);
  const statement = () => `${describeOrigin(policy)}, subject`;
  checkPods(terms, statement);
  if (terms.namespaces.some(other => other !== namespace) || terms.namespaces.length === 0 || terms.notNamespaces.length > 0
    || terms.labels.some(({ test }) => test.of === 'namespace')) {
    throw refuse('subject', statement, `it must be in namespace ${namespace}`);
  }
  return labelSelector(requirements(terms, 'pod', statement));
}

function checkAction({ action }: Rule, statement: Called): void {
  if (action !== 'allow') { throw refuse(action === 'external' ? 'external-action' : action, statement); }
}

function writeRule(rule: Rule, policy: Policy, index: number, target: Target): Json[] {
  const statement = () => describeOrigin(policy, index);
  if (rule.effects) { throw refuse('effects', statement, Object.keys(rule.effects).join(', ')); }
  const own = policy.direction === 'ingress' ? rule.match.destination : rule.match.source;
  if (!('any' in own)) { throw refuse('own-end', statement); }
  const peers = disjunction(peerOf(policy.direction, rule.match));
  if (peers.length === 0 || rule.match.traffic.length === 0) { return []; }
  const ports = isAllTraffic(rule.match.traffic) ? undefined : writeTraffic(rule.match.traffic, statement);
  const side = policy.direction === 'ingress' ? 'from' : 'to';
  // No port at all matches nothing; an empty list would mean every port.
  if (ports?.length === 0) { return []; }
  const portsField = ports ? { ports } : {};
  if (peers.some(peer => peer.length === 0)) { return [portsField]; }
  const written = distinct(peers.flatMap(peer => writePeer(peer, policy.origin.namespace!, target, statement)));
  return written.length > 0 ? [{ [side]: written, ...portsField }] : [];
}

function writePeer(peer: Conjunction, namespace: string, { cni }: Target, statement: Called): Json[] {
  const written = WRITTEN[cni === CILIUM ? 'cilium' : 'other'];
  const known = written.get(peer) ?? new Map<string, Json[]>();
  written.set(peer, known);
  let own = known.get(namespace);
  if (!own) { known.set(namespace, own = writeNewPeer(peer, namespace, cni, statement)); }
  return own;
}

/** Peers are immutable values, and some (DNS) stand in every policy. */
const WRITTEN = { cilium: new WeakMap<Conjunction, Map<string, Json[]>>(), other: new WeakMap<Conjunction, Map<string, Json[]>>() };

const CILIUM = 'cilium';

function writeNewPeer(peer: Conjunction, namespace: string, cni: string, statement: Called): Json[] {
  const terms = peerTerms(peer);
  return terms.cidrs.length > 0 ? writeIpBlock(terms, statement) : [writePods(terms, namespace, cni, statement)];
}

function writePods(terms: PeerTerms, namespace: string, cni: string, statement: Called): Json {
  checkPods(terms, statement);
  const pods = labelSelector(requirements(terms, 'pod', statement));
  const names: LabelRequirement[] = [
    ...terms.namespaces.map((value): LabelRequirement => ({ key: NAMESPACE_NAME, operator: 'In', values: [value] })),
    ...terms.notNamespaces.map((value): LabelRequirement => ({ key: NAMESPACE_NAME, operator: 'NotIn', values: [value] })),
  ];
  const onlyOwn = terms.namespaces.length === 1 && terms.namespaces[0] === namespace && terms.notNamespaces.length === 0
    && !terms.labels.some(({ test }) => test.of === 'namespace');
  if (onlyOwn) { return { podSelector: pods }; }
  const asked = [...names, ...requirements(terms, 'namespace', statement)];
  const namespaces = labelSelector(cni === CILIUM && onlyLeavesOut(asked) ? [{ key: NAMESPACE_NAME, operator: 'Exists' }, ...asked] : asked);
  const ofNodes = terms.labels.some(({ test }) => test.of === 'namespace' && test.label === HOST_NETWORK_GROUP);
  return { namespaceSelector: namespaces, ...(Object.keys(pods).length > 0 || ofNodes ? { podSelector: pods } : {}) };
}

/** To Cilium a selector that only leaves out namespaces also means what has none: nodes, and all outside (https://github.com/cilium/cilium/issues/46949). */
const onlyLeavesOut = (asked: readonly LabelRequirement[]): boolean =>
  asked.length > 0 && asked.every(({ operator }) => operator === 'NotIn' || operator === 'DoesNotExist');

function checkPods(terms: PeerTerms, statement: Called): void {
  if (terms.fqdns.length > 0) { throw refuse('fqdn', statement, terms.fqdns.join(', ')); }
  if (terms.entities.length > 0) { throw refuse('entity', statement, terms.entities.join(', ')); }
  if (terms.serviceAccounts.length + terms.notServiceAccounts.length > 0) {
    throw refuse('service-account', statement, [...terms.serviceAccounts, ...terms.notServiceAccounts].join(', '));
  }
  const foreign = foreignTerm(terms);
  if (foreign) { throw refuse(foreign.negated ? 'negated-peer' : 'reference', statement, foreign.what); }
  if (terms.kinds.some(kind => kind !== 'pod')) { throw refuse('entity', statement, terms.kinds.join(', ')); }
  if (terms.cidrs.length > 0) { throw refuse('addresses', statement, terms.cidrs.map(({ cidr }) => cidr).join(', ')); }
  if (!speaksOfPods(terms) || terms.notKinds.length > 0 || terms.notCidrs.length > 0) { throw refuse('negated-peer', statement); }
}

function requirements(terms: PeerTerms, of: 'pod' | 'namespace', statement: Called): LabelRequirement[] {
  return terms.labels.filter(({ test }) => {
    if (test.of !== 'pod' && test.of !== 'namespace') { throw refuse('label-scope', statement, `${test.of} label ${test.label}`); }
    return test.of === of;
  }).map(literal => {
    const requirement = asRequirement(literal);
    if (!requirement) { throw refuse('label-operator', statement, `${literal.test.label} ${literal.test.op}`); }
    return requirement;
  });
}

function writeIpBlock(terms: PeerTerms, statement: Called): Json[] {
  if (speaksOfPods(terms) || terms.labels.length + terms.notNamespaces.length + terms.notServiceAccounts.length > 0) { throw refuse('negated-peer', statement, 'an address together with labels'); }
  if (terms.kinds.length > 0) { throw refuse('addresses', statement, terms.cidrs.map(({ cidr }) => cidr).join(', ')); }
  if (terms.fqdns.length + terms.entities.length + terms.notKinds.length > 0 || foreignTerm(terms)) { throw refuse('negated-peer', statement); }
  const [range] = terms.cidrs;
  if (terms.cidrs.length > 1) { throw refuse('several-cidrs', statement, terms.cidrs.map(({ cidr }) => cidr).join(', ')); }
  if (terms.notCidrs.some(({ except }) => except.length > 0)) { throw refuse('negated-peer', statement, 'an exception of an exception'); }
  const holes = [...range.except, ...terms.notCidrs.map(({ cidr }) => cidr)].filter(hole => overlaps(hole, range.cidr));
  if (holes.some(hole => containsCidr(hole, range.cidr))) { return []; }
  const except = [...new Set(holes)].sort(compareCidrs);
  return [{ ipBlock: { cidr: range.cidr, ...(except.length > 0 ? { except } : {}) } }];
}

/** Traffic is an immutable value, and the same one stands in many rules. */
const WRITTEN_TRAFFIC = new WeakMap<readonly TrafficBox[], readonly Json[]>();

function writeTraffic(traffic: readonly TrafficBox[], statement: Called): readonly Json[] {
  let written = WRITTEN_TRAFFIC.get(traffic);
  if (!written) { WRITTEN_TRAFFIC.set(traffic, written = distinct(traffic.flatMap(box => writePorts(box, statement)))); }
  return written;
}

function writePorts(box: TrafficBox, statement: Called): Json[] {
  if (box.l7) { throw refuse('http' in box.l7 ? 'http' : 'l7', statement); }
  if (box.serverNames) { throw refuse('server-name', statement, box.serverNames.join(', ')); }
  if (box.sourcePorts) { throw refuse('source-port', statement); }
  const protocols = portProtocols(box);
  if (!protocols || box.icmp || box.ipVersion) {
    throw refuse('protocol', statement, coversEveryProtocol(box) ? 'ports of every protocol' : box.protocols.map(range => range.join('-')).join(', '));
  }
  return protocols.flatMap(protocol => writePortSet(box.destinationPorts, statement).map(port => ({ ...port, protocol })));
}

function writePortSet(ports: PortSet | undefined, statement: Called): Json[] {
  if (!ports) { return [{}]; }
  if (ports.exceptNames) { throw refuse('negated-peer', statement, `all ports except ${ports.exceptNames.join(', ')}`); }
  // Nothing travels on port 0, and an API server refuses it.
  const ranges = ports.ranges.map(([first, last]): Range => [Math.max(first, 1), last]).filter(([first, last]) => first <= last);
  const numbers = ranges.map(([first, last]): Json => {
    if (first === 1 && last === ALL_PORTS[1]) { return {}; }
    return first === last ? { port: first } : { port: first, endPort: last };
  });
  return [...numbers, ...ports.names.map(name => ({ port: name }))];
}
