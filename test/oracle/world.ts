import { cidrContains, Family, familyOf, isAddress } from './addresses';

/** What there is besides the policies. */
export interface World {
  /** Labels of each namespace; kubernetes.io/metadata.name is added where absent. */
  namespaces: Record<string, Record<string, string>>;
  pods: Pod[];
  podCidrs?: string[];
  nodeCidrs?: string[];
  /** What this cluster is called among those of a mesh: 'default' where absent. */
  clusterName?: string;
}

export interface Pod {
  namespace: string;
  name: string;
  labels: Record<string, string>;
  /** 'default' where absent, as the API server sees to. */
  serviceAccount?: string;
  ips?: string[];
  ports?: { name?: string; port: number; protocol: 'TCP' | 'UDP' | 'SCTP' }[];
  /** Such a pod has its node's address and identity: to every CNI it is its node. */
  hostNetwork?: boolean;
  /** The node it runs on: tells whether a hostNetwork pod is the local or a remote node to the other end. */
  node?: string;
  /** The cluster of the mesh that it runs in, whose policies are not judged here: this one where absent. */
  cluster?: string;
}

/** ICMP is that of either IP version. */
export type Protocol = 'TCP' | 'UDP' | 'SCTP' | 'UDPLite' | 'ICMP' | 'VRRP' | 'IGMP' | 'GRE' | 'IPIP' | 'IPV6' | 'ESP' | 'AH';

/** One HTTP request, of which all is stated: absent headers are not there. */
export interface Request {
  method: string;
  /** With the query. */
  path: string;
  /** With the port, where there is one. */
  host: string;
  headers?: Record<string, string>;
}

export type End =
  | { pod: Pod }
  /** Outside the cluster; `name` is the DNS name that the client resolved to get the address. */
  | { address: string; name?: string }
  /** Local or remote as the pod at the other end sees it; with the labels of its Node object, and those of its host endpoint, if it has one. */
  | { node: 'local' | 'remote'; address: string; labels?: Record<string, string>; hostEndpoint?: Record<string, string> }
  /** On a node where `nodeCidrs` hold the address, else outside the cluster. */
  | { entity: 'kube-apiserver'; address: string };

export interface Flow {
  source: End;
  destination: End;
  protocol: Protocol;
  /** The destination's port, after any Service was resolved: required where the protocol has ports. */
  port?: number;
  /** An ephemeral port where absent. */
  sourcePort?: number;
  /** An echo request where absent. */
  icmp?: { type: number; code?: number };
  /** Only needed where both ends have addresses of both families. */
  ipVersion?: Family;
  /** The name that the flow asks a DNS server for. */
  dnsQuery?: string;
  /** The name that the TLS handshake of the flow asks for. */
  serverName?: string;
  /** The request of a flow that carries HTTP. */
  http?: Request;
}

export interface Verdict {
  allowed: boolean;
  /** A side that is not judged allows: what is not a pod, and what is in another cluster. */
  egress: boolean;
  ingress: boolean;
  /** True where the flow is allowed only for some requests (paths, names), or depends on what is held elsewhere (secrets, cloud groups). */
  l7?: boolean;
}

export interface JudgeOptions {
  /** Of the CNI that is judged, in place of its own option below. */
  version?: string;
  /** The one side that is asked; the other one allows. */
  onlySide?: Direction;
  /** What the operator has switched on: all of it off where absent. */
  features?: { nodeSelectorLabels?: boolean; extendedProtocols?: boolean; hostFirewall?: boolean };
  /** 1.20 where absent. */
  ciliumVersion?: '1.18' | '1.19' | '1.20';
  /** The destination ports at which the DNS proxy of Cilium is believed to see queries: 53 where absent. */
  dnsPorts?: number[];
  /** 3.33 where absent. */
  calicoVersion?: '3.30' | '3.31' | '3.32' | '3.33';
  /** What Felix does with traffic of a pod to its own node once the pod's egress policy let it go: Accept where absent. */
  defaultEndpointToHostAction?: 'Accept' | 'Drop';
}

/** An end as the data plane meets it. A party without an address is a pod, or hostNetwork pod, that was given none of that family. */
export type Party =
  | { kind: 'pod'; pod: Pod; address?: string }
  | { kind: 'node'; local: boolean; apiServer: boolean; address?: string; labels?: Record<string, string>; hostEndpoint?: Record<string, string> }
  | { kind: 'outside'; apiServer: boolean; address: string; name?: string };

/** A flow with everything settled that all dialects see alike. */
export interface Packet {
  source: Party;
  destination: Party;
  protocol: Protocol;
  port: number;
  sourcePort: number;
  icmp: { type: number; code: number };
  ipVersion: Family;
  dnsQuery?: string;
  serverName?: string;
  http?: Request;
}

export type Direction = 'ingress' | 'egress';

/** The pod whose policies are asked, and the party at the other end. */
export function sides(packet: Packet, direction: Direction): { subject: Party; peer: Party } {
  return direction === 'egress'
    ? { subject: packet.source, peer: packet.destination }
    : { subject: packet.destination, peer: packet.source };
}

export function packetOf(flow: Flow, world: World): Packet {
  checkFlow(flow, world);
  const ipVersion = flow.ipVersion ?? ipVersionOf(flow);
  return {
    source: partyOf(flow.source, flow.destination, ipVersion, world),
    destination: partyOf(flow.destination, flow.source, ipVersion, world),
    protocol: flow.protocol,
    port: flow.port ?? 0,
    sourcePort: flow.sourcePort ?? 49152,
    icmp: { type: flow.icmp?.type ?? (ipVersion === 4 ? 8 : 128), code: flow.icmp?.code ?? 0 },
    ipVersion,
    dnsQuery: flow.dnsQuery,
    serverName: flow.serverName,
    http: flow.http,
  };
}

const WITH_PORTS: Protocol[] = ['TCP', 'UDP', 'SCTP', 'UDPLite'];

function checkFlow(flow: Flow, world: World): void {
  if ((flow.port === undefined) === WITH_PORTS.includes(flow.protocol)) throw new Error('a flow has a destination port, unless it is ICMP or the like');
  if (flow.port !== undefined && !(Number.isInteger(flow.port) && flow.port >= 1 && flow.port <= 65535)) throw new Error(`no port: ${flow.port}`);
  for (const end of [flow.source, flow.destination]) {
    if ('pod' in end) continue;
    if (!isAddress(end.address)) throw new Error(`no address: ${end.address}`);
    if ('node' in end || 'entity' in end) continue;
    // An outside address is outside: an end that is somebody of the cluster must say so, since its identity decides.
    if (world.pods.some((pod) => pod.ips?.includes(end.address)) || inAny(world.podCidrs, end.address)) {
      throw new Error(`${end.address} is an address of pods: name the pod`);
    }
    if (inAny(world.nodeCidrs, end.address)) throw new Error(`${end.address} is an address of nodes: say which node`);
  }
}

function inAny(cidrs: string[] | undefined, address: string): boolean {
  return (cidrs ?? []).some((cidr) => cidrContains(cidr, address));
}

function addressesOf(end: End): string[] {
  return 'pod' in end ? end.pod.ips ?? [] : [end.address];
}

/**
 * The family that both ends have. Else that of the end whose address is stated, since a pod may not have been given all of its
 * addresses; IPv4 where no end has an address.
 */
function ipVersionOf(flow: Flow): Family {
  const source = addressesOf(flow.source).map(familyOf);
  const destination = addressesOf(flow.destination).map(familyOf);
  const stated = 'pod' in flow.source ? destination : source;
  return destination.find((family) => source.includes(family)) ?? stated[0] ?? destination[0] ?? source[0] ?? 4;
}

function partyOf(end: End, other: End, ipVersion: Family, world: World): Party {
  const address = addressesOf(end).find((each) => familyOf(each) === ipVersion);
  if ('pod' in end) {
    if (!end.pod.hostNetwork) return { kind: 'pod', pod: end.pod, address };
    const local = end.pod.node !== undefined && 'pod' in other && other.pod.node === end.pod.node;
    return { kind: 'node', local, apiServer: false, address };
  }
  if (address === undefined) throw new Error(`${end.address} is not of IP version ${ipVersion}`);
  if ('node' in end) return { kind: 'node', local: end.node === 'local', apiServer: false, address, labels: end.labels, hostEndpoint: end.hostEndpoint };
  if ('entity' in end) {
    return inAny(world.nodeCidrs, address)
      ? { kind: 'node', local: false, apiServer: true, address }
      : { kind: 'outside', apiServer: true, address };
  }
  return { kind: 'outside', apiServer: false, address, name: end.name };
}
