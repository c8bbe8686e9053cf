import * as fc from 'fast-check';
import { EXTERNAL_ADDRESSES, NAMES, NAMESPACE_NAMES, NAMESPACES, POD_LABELS, PORT_LISTS, Probe, PROBES, SERVICE_ACCOUNTS } from './vocabulary';
import { Endpoint, Flow } from '../../../src/model/evaluate';
import { PROTOCOL_NUMBERS } from '../../../src/model/traffic';

/** Endpoints of which everything is known. */
export type World = readonly Endpoint[];

export interface PodFacts {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly ports: NonNullable<Endpoint['ports']>;
  readonly ipv6?: boolean;
}

/** The pod number `index` of a world: pods have addresses of their own in the pods' ranges. */
export function podOf(facts: PodFacts, index: number): Endpoint {
  const { ipv6, ...rest } = facts;
  return {
    kind: 'pod',
    ...rest,
    namespaceLabels: NAMESPACES[facts.namespace],
    serviceAccountLabels: facts.serviceAccount === 'robot' ? { duty: 'robot' } : {},
    address: ipv6 ? `fd00:244::${(index + 1).toString(16)}` : `10.244.0.${index + 1}`,
    entities: ['all', 'cluster'],
  };
}

export const externalOf = (address: string): Endpoint => ({
  kind: 'external',
  address,
  names: NAMES[address] ?? [],
  entities: ['all', 'world', address.includes(':') ? 'world-ipv6' : 'world-ipv4'],
});

export const nodeOf = (index: number): Endpoint => ({
  kind: 'node',
  labels: { 'kubernetes.io/os': 'linux' },
  address: `192.168.7.${index + 1}`,
  entities: ['all', 'cluster', index === 0 ? 'host' : 'remote-node'],
});

/** A host endpoint of Calico. */
const HOST_ENDPOINT: Endpoint = { kind: 'hostEndpoint', labels: {}, address: '192.168.7.9', entities: ['all', 'cluster'] };

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

/** A few endpoints of the vocabulary. */
export function worlds(options: { readonly nodes?: boolean } = {}): fc.Arbitrary<World> {
  return fc.tuple(
    fc.array(pods, { minLength: 1, maxLength: 5 }),
    fc.subarray([...EXTERNAL_ADDRESSES], { minLength: 1, maxLength: 5 }),
    options.nodes ? fc.integer({ min: 1, max: 2 }) : fc.constant(0),
  ).map(([facts, addresses, nodes]) => [
    ...facts.map(podOf),
    ...addresses.map(externalOf),
    ...Array.from({ length: nodes }, (_, i) => nodeOf(i)),
    ...(nodes > 0 ? [HOST_ENDPOINT] : []),
  ]);
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
  if (!probe.icmp) { return { sourcePort: 40000, ...probe }; }
  return ipv6 ? { protocol: PROTOCOL_NUMBERS.ICMPv6, icmp: { type: 128, code: 0 } } : probe;
};

const isIpv6 = ({ address }: Endpoint): boolean => address?.includes(':') ?? false;

/** A flow as one line, for messages. */
export function describeFlow({ source, destination, protocol, port }: Flow): string {
  return `${describeEndpoint(source)} -> ${describeEndpoint(destination)} protocol ${protocol}${port === undefined ? '' : ` port ${port}`}`;
}

function describeEndpoint({ kind, namespace, labels, serviceAccount, address, names, ports }: Endpoint): string {
  return `${kind}${JSON.stringify({ namespace, labels, serviceAccount, address, names, ports: ports?.map(port => `${port.name}:${port.protocol}/${port.port}`) })}`;
}
