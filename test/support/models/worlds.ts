import * as fc from 'fast-check';
import { EXTERNAL_ADDRESSES, NAMES, NAMESPACE_NAMES, NAMESPACES, POD_LABELS, PORT_LISTS, Probe, PROBES, SERVICE_ACCOUNTS } from './vocabulary';
import { OWN_CLUSTER } from '../../../src/model/endpoint';
import { Endpoint, Flow } from '../../../src/model/match';
import { PROTOCOL_NUMBERS } from '../../../src/model/traffic';

/** Endpoints of which everything is known. */
export type World = readonly Endpoint[];

export interface PodFacts {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly ports: NonNullable<Endpoint['ports']>;
  readonly ipv6?: boolean;
  /** Of a mesh; absent: the own one. */
  readonly cluster?: string;
}

/** The pod number `index` of a world: pods have addresses of their own in the pods' ranges. */
export function podOf(facts: PodFacts, index: number): Endpoint {
  const { ipv6, cluster = OWN_CLUSTER, ...rest } = facts;
  const own = cluster === OWN_CLUSTER;
  return {
    kind: 'pod',
    ...rest,
    namespaceLabels: NAMESPACES[facts.namespace],
    serviceAccountLabels: facts.serviceAccount === 'robot' ? { duty: 'robot' } : {},
    cluster,
    address: ipv6 ? `fd00:244::${(index + 1).toString(16)}` : `10.244.${own ? 0 : 9}.${index + 1}`,
    entities: ['all', 'cluster-mesh', ...(own ? ['cluster'] : [])],
  };
}

export const externalOf = (address: string): Endpoint => ({
  kind: 'external',
  address,
  names: NAMES[address] ?? [],
  entities: ['all', 'world', address.includes(':') ? 'world-ipv6' : 'world-ipv4'],
});

/** The API server of a managed cluster, outside. */
export const API_SERVER: Endpoint = {
  kind: 'external',
  address: '198.51.100.99',
  names: [],
  entities: ['all', 'world', 'world-ipv4', 'cluster', 'cluster-mesh', 'kube-apiserver'],
};

/** The first is that of the pods, the second another one. */
export const nodeOf = (index: number): Endpoint => ({
  kind: 'node',
  labels: { 'kubernetes.io/os': 'linux', ...(index === 0 ? {} : { zone: 'a' }) },
  address: `192.168.7.${index + 1}`,
  cluster: OWN_CLUSTER,
  entities: ['all', 'cluster', 'cluster-mesh', index === 0 ? 'host' : 'remote-node'],
});

/** A host endpoint of Calico. */
export const HOST_ENDPOINT: Endpoint = {
  kind: 'hostEndpoint',
  labels: { role: 'gateway', app: 'web' },
  address: '192.168.7.9',
  cluster: OWN_CLUSTER,
  entities: ['all', 'cluster', 'cluster-mesh', 'remote-node'],
};

const labelSets = Object.entries(POD_LABELS).reduce<Record<string, string>[]>(
  (sets, [key, values]) => sets.flatMap(set => [set, ...values.map(value => ({ ...set, [key]: value }))]), [{}]);

/** Every combination. */
const identities = NAMESPACE_NAMES.flatMap(namespace => labelSets
  .flatMap(labels => SERVICE_ACCOUNTS.map(serviceAccount => ({ namespace, labels, serviceAccount }))));

const pods: fc.Arbitrary<PodFacts> = fc.record({
  namespace: fc.constantFrom(...NAMESPACE_NAMES),
  labels: fc.constantFrom(...labelSets),
  serviceAccount: fc.constantFrom(...SERVICE_ACCOUNTS),
  ports: fc.constantFrom(...PORT_LISTS),
  ipv6: fc.boolean(),
});

export interface WorldOptions {
  /** With nodes, and an API server that is outside. */
  readonly nodes?: boolean;
  /** With a host endpoint beside the nodes. */
  readonly hosts?: boolean;
  /** With a pod of another cluster. */
  readonly mesh?: boolean;
}

/** A few endpoints of the vocabulary. */
export function worlds({ nodes = false, hosts = false, mesh = false }: WorldOptions = {}): fc.Arbitrary<World> {
  return fc.tuple(
    fc.array(pods, { minLength: 1, maxLength: nodes || mesh ? 4 : 5 }),
    fc.subarray([...EXTERNAL_ADDRESSES], { minLength: 1, maxLength: nodes || mesh ? 3 : 5 }),
    nodes ? fc.subarray([nodeOf(0), nodeOf(1), API_SERVER, ...(hosts ? [HOST_ENDPOINT] : [])], { minLength: 1, maxLength: 2 }) : fc.constant([]),
    mesh ? pods.map(facts => [podOf({ ...facts, ipv6: false, cluster: 'mars' }, 7)]) : fc.constant([]),
  ).map(([facts, addresses, machines, remote]) => [...facts.map(podOf), ...addresses.map(externalOf), ...machines, ...remote]);
}

/** Every combination of namespace, labels and service account, and every address. */
export const EVERYTHING: World = [
  ...identities.flatMap((facts, i) => [
    podOf({ ...facts, ports: PORT_LISTS[i % PORT_LISTS.length] }, i),
    ...(i % 12 === 0 ? [podOf({ ...facts, ports: PORT_LISTS[1], ipv6: true }, i)] : []),
  ]),
  ...EXTERNAL_ADDRESSES.map(externalOf),
];

/** Every flow of every pair of one IP version, on every port that matters, save those between two ends that are outside. */
export function flowsOf(world: World, probes: readonly Probe[] = PROBES): Flow[] {
  return world.flatMap(source => world
    .filter(destination => source.kind !== 'external' || destination.kind !== 'external')
    .filter(destination => isIpv6(source) === isIpv6(destination))
    .flatMap(destination => probes.map(probe => ({ source, destination, ...overIp(probe, isIpv6(source)) }))));
}

const overIp = (probe: Probe, ipv6: boolean): Omit<Flow, 'source' | 'destination'> => {
  if (probe.icmp) { return ipv6 ? { protocol: PROTOCOL_NUMBERS.ICMPv6, icmp: { type: 128, code: 0 } } : probe; }
  return probe.port === undefined ? probe : { sourcePort: 40000, ...probe };
};

const isIpv6 = ({ address }: Endpoint): boolean => address?.includes(':') ?? false;

/** A flow as one line, for messages. */
export function describeFlow({ source, destination, protocol, port, icmp, http, serverName, dnsName }: Flow): string {
  const asks = JSON.stringify({ icmp, http, serverName, dnsName });
  return `${describeEndpoint(source)} -> ${describeEndpoint(destination)} protocol ${protocol}${port === undefined ? '' : ` port ${port}`}${asks === '{}' ? '' : ` ${asks}`}`;
}

function describeEndpoint({ kind, namespace, labels, serviceAccount, address, names, ports, cluster }: Endpoint): string {
  const where = { namespace, labels, serviceAccount, address, names, ports: ports?.map(port => `${port.name}:${port.protocol}/${port.port}`), cluster };
  return `${kind}${JSON.stringify(where)}`;
}
