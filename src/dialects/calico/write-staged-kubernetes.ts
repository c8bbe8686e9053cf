import { Conjunction, disjunction } from '../../model/dnf';
import { EndpointExpr, LabelRequirement } from '../../model/endpoint';
import { Direction, DIRECTIONS, Policy, Rule } from '../../model/policy-set';
import { coversEveryProtocol, portProtocols, PortSet, Range, TrafficBox } from '../../model/traffic';
import { describeOrigin, distinct, Document, inDirection, labelSelector } from '../dialect';
import { Reasons } from '../justifications';
import { asRequirement, peerTerms, PeerTerms } from '../peer-terms';
import { Refuse } from './expr-selector';
import { CALICO_V3 } from './tiers';

type Json = Record<string, unknown>;

/** The preview of a Kubernetes NetworkPolicy, which can say no more than that. */
export function writeStagedKubernetes(policies: readonly Policy[], refuserOf: (statement: string) => Refuse): Document {
  const [first] = policies;
  const { name, namespace } = first.origin;
  const refuse = refuserOf(describeOrigin(first));
  const stagedAction = first.effects?.stagedAction;
  const subject = disjunction(first.subject);
  if (subject.length !== 1 || policies.some(policy => JSON.stringify(policy.subject) !== JSON.stringify(first.subject))) { return refuse('subject', 'several sets of pods'); }
  const terms = peerTerms(subject[0]);
  if (terms.namespaces[0] !== namespace || !onlyPods(terms)) { return refuse('subject', 'more than labels of pods of its namespace'); }
  const spec: Json = {
    ...(stagedAction === undefined ? {} : { stagedAction }),
    podSelector: labelSelector(requirements(terms.labels, refuse)),
    policyTypes: DIRECTIONS.filter(direction => inDirection(policies, direction)).map(direction => (direction === 'ingress' ? 'Ingress' : 'Egress')),
  };
  const reasons = new Reasons();
  for (const direction of DIRECTIONS) {
    const policy = inDirection(policies, direction);
    const rules = policy?.rules.map((rule, i) => writeRule(rule, direction, namespace!, refuserOf(describeOrigin(policy, i)))) ?? [];
    reasons.each(direction, policy?.rules ?? []);
    if (rules.length > 0) { spec[direction] = rules; }
  }
  return { apiVersion: CALICO_V3, kind: first.origin.kind, metadata: { name, namespace: namespace!, ...reasons.annotations(policies) }, spec };
}

function writeRule({ action, match, effects }: Rule, direction: Direction, namespace: string, refuse: Refuse): Json {
  if (action !== 'allow') { return refuse('staged', `${action}, in the preview of a Kubernetes NetworkPolicy`); }
  if (effects) { return refuse('effects', Object.keys(effects).join(', ')); }
  const [peer, own, side] = direction === 'ingress' ? [match.source, match.destination, 'from'] : [match.destination, match.source, 'to'];
  if (!('any' in own)) { return refuse('staged', 'conditions on the own end, in the preview of a Kubernetes NetworkPolicy'); }
  const ports = match.traffic.some(isAll) ? [] : match.traffic.flatMap(box => writePorts(box, refuse));
  return {
    ...('any' in peer ? {} : { [side]: writePeers(peer, namespace, refuse) }),
    ...(ports.length > 0 ? { ports: distinct(ports) } : {}),
  };
}

function writePeers(peer: EndpointExpr, namespace: string, refuse: Refuse): readonly Json[] {
  const peers = disjunction(peer).map(conjunction => writePeer(conjunction, namespace, refuse));
  return peers.length > 0 ? distinct(peers) : refuse('staged', 'a peer that is nobody, in the preview of a Kubernetes NetworkPolicy');
}

function writePeer(conjunction: Conjunction, namespace: string, refuse: Refuse): Json {
  const terms = peerTerms(conjunction);
  const [cidr] = terms.cidrs;
  if (conjunction.length === 1 && cidr) { return { ipBlock: { cidr: cidr.cidr, ...(cidr.except.length > 0 ? { except: cidr.except } : {}) } }; }
  if (!onlyPods(terms) || terms.namespaces.some(name => name !== namespace)) { return refuse('staged', 'a peer that is neither pods by labels nor addresses'); }
  const pods = labelSelector(requirements(terms.labels.filter(({ test }) => test.of === 'pod'), refuse));
  const namespaces = labelSelector(requirements(terms.labels.filter(({ test }) => test.of === 'namespace'), refuse));
  if (terms.namespaces.length === 0) { return { namespaceSelector: namespaces, ...(Object.keys(pods).length > 0 ? { podSelector: pods } : {}) }; }
  return Object.keys(namespaces).length > 0 ? refuse('staged', 'its own namespace, by labels too') : { podSelector: pods };
}

/** Labels of pods and namespaces, and the own namespace. */
const onlyPods = ({ kinds, namespaces, labels, ...others }: PeerTerms): boolean =>
  kinds.every(kind => kind === 'pod') && new Set(namespaces).size < 2 && labels.every(({ test }) => test.of === 'pod' || test.of === 'namespace')
  && Object.values(others).every(list => list.length === 0) && (kinds.length > 0 || namespaces.length > 0);

const requirements = (labels: PeerTerms['labels'], refuse: Refuse): LabelRequirement[] =>
  labels.map(label => asRequirement(label) ?? refuse('staged', `${label.test.op}, in the preview of a Kubernetes NetworkPolicy`));

const isAll = (box: TrafficBox): boolean => coversEveryProtocol(box) && Object.keys(box).every(key => key === 'protocols');

function writePorts(box: TrafficBox, refuse: Refuse): Json[] {
  const protocols = portProtocols(box);
  const known = Object.keys(box).every(key => key === 'protocols' || key === 'destinationPorts');
  if (!protocols || !known || box.destinationPorts?.exceptNames) { return refuse('staged', 'traffic other than ports of TCP, UDP and SCTP'); }
  return protocols.flatMap(protocol => portsOf(box.destinationPorts).map(port => ({ protocol, ...port })));
}

function portsOf(ports: PortSet | undefined): Json[] {
  if (!ports) { return [{}]; }
  const ranges = ports.ranges.map(([first, last]: Range): Json => ({ port: first, ...(last > first ? { endPort: last } : {}) }));
  return [...ranges, ...ports.names.map(port => ({ port }))];
}
