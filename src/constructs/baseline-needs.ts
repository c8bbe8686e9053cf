import { proxyMatches } from './mesh-network';
import { Namespaces } from './namespaces';
import { Peer } from './peer';
import { Port } from './port';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { MeshFacts } from '../cluster/mesh';
import { anyOf, EndpointExpr } from '../model/endpoint';
import { Direction, Match } from '../model/policy-set';
import { TrafficBox } from '../model/traffic';

/** What every pod needs, whatever a baseline closes: DNS, and what the proxies of a mesh cannot do without. */

export interface NeededRule {
  readonly direction: Direction;
  readonly peer: Peer;
  readonly port: Port;
}

/** The rules of one policy of the baseline. */
export interface NeededPolicy {
  readonly id: string;
  /** Undefined for every pod. */
  readonly subject?: Peer;
  readonly rules: readonly NeededRule[];
}

/** @param closes the directions in which the baseline denies */
export function needsOf(closes: Readonly<Record<Direction, boolean>>, facts: ResolvedFacts): NeededPolicy[] {
  const ofPods = [
    ...(closes.egress ? [...dnsOf(facts), ...controlPlane(facts).map(asEgress)] : []),
    ...(closes.ingress ? proxies(facts) : []),
  ];
  return [...(ofPods.length > 0 ? [{ id: 'dns', rules: ofPods }] : []), ...(closes.ingress ? [...dnsServers(facts), ...controlPlanes(facts)] : [])];
}

/** Peers are told apart by their texts and ports, so that servers on one port are one peer. */
function dnsOf({ dns, dialect }: ResolvedFacts): NeededRule[] {
  const servers = dns._servers(dialect);
  return [...new Set(servers.map(({ port }) => port))].map((port): NeededRule => {
    const peers = servers.filter(server => server.port === port).map(({ peer }) => peer);
    return { direction: 'egress', peer: Peer._ofExpr('dns', anyOf(...peers)), port: dnsPort(port) };
  });
}

const dnsPort = (port: number): Port => Port.oneOf(Port.udp(port), Port.tcp(port));

function dnsServers(facts: ResolvedFacts): NeededPolicy[] {
  return facts.dns._pods().map(({ pods: { namespace, labels }, port }, i) => ({
    id: i === 0 ? 'dns-servers' : `dns-servers-${i + 1}`,
    subject: Peer.pods({ namespaces: Namespaces.named(namespace), labels }),
    rules: [{ direction: 'ingress', peer: everyone(facts), port: dnsPort(port) }],
  }));
}

/** Nodes ask too, and so do caches on them; only Calico can be told so, by their addresses. */
const everyone = ({ dialect, nodeCidrs }: ResolvedFacts): Peer =>
  (dialect === Dialect.CALICO && nodeCidrs.length > 0 ? Peer.cluster() : Peer.namespaces(Namespaces.all()));

// --- proxies of a mesh

interface ControlPlane {
  readonly pods: EndpointExpr;
  readonly traffic: readonly TrafficBox[];
}

/** In ambient mode the proxies are pods of their own, which need it too. */
function controlPlane(facts: ResolvedFacts): ControlPlane[] {
  const mesh = facts.mesh._facts;
  if (!mesh) { return []; }
  const asSidecar: MeshFacts = mesh.kind === 'istio-ambient' ? { ...mesh, kind: 'istio-sidecar' } : mesh;
  return proxyMatches('egress', asSidecar, facts).map(({ destination, traffic }) => ({ pods: destination, traffic }));
}

const CONTROL_PLANE = 'the control plane of the mesh';
const asEgress = ({ pods, traffic }: ControlPlane): NeededRule => ({ direction: 'egress', peer: Peer._ofExpr(CONTROL_PLANE, pods), port: portOf(traffic) });

function controlPlanes(facts: ResolvedFacts): NeededPolicy[] {
  return controlPlane(facts).map(({ pods, traffic }) => ({
    id: 'mesh',
    subject: Peer._ofExpr(CONTROL_PLANE, pods),
    rules: [{ direction: 'ingress', peer: Peer.namespaces(Namespaces.all()), port: portOf(traffic) }],
  }));
}

/** Only Calico denies at ingress what is not pods, and so only there what comes from outside is in need of a rule. */
function proxies(facts: ResolvedFacts): NeededRule[] {
  const mesh = facts.mesh._facts;
  if (!mesh || (facts.dialect !== Dialect.CALICO && mesh.kind === 'istio-ambient')) { return []; }
  const matches: readonly Match[] = proxyMatches('ingress', mesh, facts);
  return matches.map(({ source, traffic }) => ({ direction: 'ingress', peer: Peer._ofExpr('the proxy of the mesh', source), port: portOf(traffic) }));
}

/** The TCP ports of a match; without ports, all of them. */
function portOf(traffic: readonly TrafficBox[]): Port {
  const ranges = traffic.flatMap(({ destinationPorts }) => destinationPorts?.ranges ?? []);
  if (ranges.length === 0) { return Port.allTcp(); }
  return Port.oneOf(...ranges.map(([first, last]) => (first === last ? Port.tcp(first) : Port.tcpRange(first, last))));
}
