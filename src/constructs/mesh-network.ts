import type { StatedRule } from './policy-statement';
import type { Workload } from './workload';
import type { ResolvedFacts } from '../cluster/cluster';
import { AMBIENT_PROBES, ISTIO_PORTS, LINKERD_PORTS, MeshFacts } from '../cluster/mesh';
import { containsCidr, overlaps } from '../model/cidr';
import { Conjunction, disjunction, exprOfAll } from '../model/dnf';
import { address, allOf, anyOf, EndpointExpr, EXTERNAL, inNamespace, isNamespace, labelIn, POD } from '../model/endpoint';
import { Direction, Match, matchOf, peerOf, Rule } from '../model/policy-set';
import { coversEveryProtocol, inRanges, portRange, PROTOCOL_NUMBERS, TrafficBox } from '../model/traffic';

/** What a mesh changes in the network policies of its pods: a CNI sees what proxies send, not what applications send. */

/** What isolation must leave to the proxy of a pod. */
export function proxyMatches(direction: Direction, mesh: MeshFacts, facts: ResolvedFacts): readonly Match[] {
  const matches = (other: EndpointExpr, ports: readonly number[]): Match => matchOf(direction, other, ports.map(port => portRange('TCP', port)));
  const monitoring = facts.monitoring._peer(facts);
  const controlPlane = (label: string, ...values: string[]) => allOf(POD, inNamespace(mesh.namespace), labelIn('pod', label, ...values));
  switch (mesh.kind) {
    case 'istio-sidecar':
      return direction === 'ingress' ? [matches(monitoring, ISTIO_PORTS.metrics)] : [matches(controlPlane('app', 'istiod'), [ISTIO_PORTS.controlPlane])];
    case 'istio-ambient':
      // The proxy is the node's, and the kubelet's probes come from addresses of its own.
      return direction === 'egress' ? [] : [matchOf(direction, anyOf(...AMBIENT_PROBES.map(probe => allOf(EXTERNAL, address(probe)))), [ANY_TCP])];
    case 'linkerd':
      return direction === 'ingress'
        ? [matches(monitoring, [LINKERD_PORTS.metrics])]
        : [matches(controlPlane('linkerd.io/control-plane-component', 'destination', 'identity'), [...LINKERD_PORTS.controlPlane, LINKERD_PORTS.tunnel])];
  }
}

const ANY_TCP: TrafficBox = { protocols: [[PROTOCOL_NUMBERS.TCP, PROTOCOL_NUMBERS.TCP]] };

/** What the mesh does beside the rules of one statement. */
export interface MeshLayer {
  readonly mesh: MeshFacts;
  readonly facts: ResolvedFacts;
  /** Whether an authorization policy says the same of the requests that arrive. */
  readonly authorized: boolean;
  readonly keepsPorts: KeepsPorts;
}

/** Whether an authorization policy keeps what arrives at a workload, from the pods of a statement, to the ports that the statement opens to it. */
export type KeepsPorts = (workload: Workload) => boolean;

export interface Tunnelled {
  readonly rules: readonly Rule[];
  /** What is wider than stated for it, each as a sentence. */
  readonly wider: readonly string[];
}

/**
 * The rules as a CNI must have them. Where proxies speak to each other on a port of their own, that port is opened to the same peers;
 * that it carries every port is made good by an authorization policy at the other end, or said to be wider.
 * @throws for what neither the CNI nor the mesh would enforce
 */
export function throughMesh(direction: Direction, stated: readonly StatedRule[], rules: readonly Rule[], layer: MeshLayer): Tunnelled {
  const { mesh, facts, authorized } = layer;
  const wider: string[] = [];
  const changed = rules.flatMap((rule, i): Rule[] => {
    const network = withoutHttp(rule, mesh, authorized);
    const tunnelled = mesh.tunnelPort !== undefined && !stated[i].plain;
    const peers = !tunnelled ? [] : disjunction(peerOf(direction, rule.match)).filter(peer => mayBeInMesh(peer, facts));
    if (peers.length === 0 || !rule.match.traffic.some(isTcp)) { return [network]; }
    const where = rule.origin?.part ?? direction;
    const everyPort = rule.match.traffic.some(box => isTcp(box) && !box.destinationPorts && !box.l7);
    if (rule.action === 'deny' && !everyPort) {
      throw new Error(`${where}: between pods of the mesh a CNI sees only port ${mesh.tunnelPort}, so a deny of some ports would miss them; deny Port.allTcp(), or in the mesh`);
    }
    if (everyPort && rule.match.traffic.some(coversEveryProtocol)) { return [network]; }
    if (!everyPort && !keepsToPorts(direction, stated[i], layer)) { wider.push(widerThan(where, mesh)); }
    return [network, { ...rule, match: { ...network.match, ...end(direction, exprOfAll(peers.map(podsOf))), traffic: [portRange('TCP', mesh.tunnelPort!)] } }];
  });
  return { rules: changed, wider };
}

/** What a mesh enforces needs no second enforcement, and in front of its encryption there could be none. */
function withoutHttp(rule: Rule, mesh: MeshFacts, authorized: boolean): Rule {
  if (!rule.match.traffic.some(box => box.l7 && 'http' in box.l7)) { return rule; }
  if (rule.action !== 'allow') {
    throw new Error(`${rule.origin?.part ?? 'rule'}: the mesh is told which requests may pass only, and without the conditions this would ${rule.action} all of them; state the requests that may pass`);
  }
  if (mesh.kind !== 'istio-sidecar' || !authorized) {
    const why = mesh.kind === 'linkerd' ? 'this library writes no policies of Linkerd'
      : mesh.kind === 'istio-ambient' ? 'in ambient mode HTTP conditions need a waypoint, which this library does not write'
        : 'the mesh encrypts the requests, and no AuthorizationPolicy is written for this: its authorization is switched off, or the policy is for the whole cluster, or about egress';
    throw new Error(`${rule.origin?.part ?? 'rule'}: ${why}; state the port without HTTP conditions, or use Mesh.istioSidecar()`);
  }
  const traffic = rule.match.traffic.map(box => {
    if (!box.l7 || !('http' in box.l7)) { return box; }
    const { l7, ...others } = box;
    return others;
  });
  return { ...rule, match: { ...rule.match, traffic } };
}

const isTcp = (box: TrafficBox): boolean => inRanges(box.protocols, PROTOCOL_NUMBERS.TCP);

/** Everything else has no proxy of the mesh: what is outside, nodes, and the pods of kube-system. */
export function mayBeInMesh(peer: Conjunction, facts: ResolvedFacts): boolean {
  return !peer.some(({ atom, negated }) => !negated && (
    ('cidr' in atom && !mayBePods(atom.cidr, facts)) || 'fqdn' in atom || ('kind' in atom && atom.kind !== 'pod') || ('entity' in atom && !['all', 'cluster'].includes(atom.entity))
    || (isNamespace(atom) && atom.namespace === 'kube-system')));
}

/** Addresses that are not said to be outside may be those of pods; the addresses of nodes are not. */
const mayBePods = (cidr: string, { podCidrs, nodeCidrs, apiServerCidrs }: ResolvedFacts): boolean => (podCidrs.length > 0
  ? podCidrs.some(range => overlaps(range, cidr))
  : ![...nodeCidrs, ...apiServerCidrs, ...NEVER_PODS].some(range => containsCidr(range, cidr)));

const NEVER_PODS = ['127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '::1/128', 'fe80::/10', 'ff00::/8'];

const podsOf = (peer: Conjunction): Conjunction => (peer.length === 0 ? [{ atom: { kind: 'pod' }, negated: false }] : peer);

const end = (direction: Direction, other: EndpointExpr): Pick<Match, 'source'> | Pick<Match, 'destination'> =>
  (direction === 'ingress' ? { source: other } : { destination: other });

/** At the receiving end ztunnel enforces the ports; whether there is a policy for it is known of the workloads of this app only. */
function keepsToPorts(direction: Direction, stated: StatedRule | undefined, { mesh, authorized, keepsPorts }: MeshLayer): boolean {
  if (direction === 'ingress') { return authorized; }
  if (!mesh.authorization) { return false; }
  const workloads = stated?.peer._workloads ?? [];
  return workloads.length > 0 && stated?.peer._onlyWorkloads === true && workloads.every(workload => !workload.isExternal && keepsPorts(workload));
}

function widerThan(where: string, mesh: MeshFacts): string {
  if (mesh.kind !== 'linkerd') {
    return `${where}: between pods of the mesh port ${mesh.tunnelPort} carries every port; state the other end as a workload of this app, or its AuthorizationPolicy there`;
  }
  if (mesh.acceptAnyPortBecause === undefined) {
    throw new Error(`${where}: between pods of Linkerd's mesh a CNI sees only port ${mesh.tunnelPort}, which carries every port; state Port.allTcp(), or accept it with Mesh.linkerd({ acceptAnyPortBecause: ... }) and write Linkerd's own policies`);
  }
  return `${where}: between pods of the mesh port ${mesh.tunnelPort} carries every port; accepted because ${mesh.acceptAnyPortBecause}`;
}
