import * as fc from 'fast-check';
import { disjunction } from '../../../src/model/dnf';
import { address, allOf, anyOf, EndpointExpr, EXTERNAL, inNamespace, labelExists, labelIn, not, POD } from '../../../src/model/endpoint';
import { Endpoint, Flow } from '../../../src/model/match';
import { ALL_TRAFFIC, allOfProtocol, namedPort, portRange, TrafficBox } from '../../../src/model/traffic';

/**
 * A vocabulary so small that the flows of a world can be listed, and so chosen that whatever policies over it can
 * tell apart is there: an address inside and outside of each range and each hole, a port beside each range.
 */

export const NAMESPACES: { readonly [name: string]: Readonly<Record<string, string>> } = {
  shop: { 'kubernetes.io/metadata.name': 'shop', 'team': 'red' },
  data: { 'kubernetes.io/metadata.name': 'data', 'team': 'blue', 'audited': 'yes' },
  ops: { 'kubernetes.io/metadata.name': 'ops' },
};
export const NAMESPACE_NAMES: readonly string[] = Object.keys(NAMESPACES);

export const POD_LABELS: { readonly [key: string]: readonly string[] } = { app: ['web', 'api'], tier: ['front'] };
export const NAMESPACE_LABELS: { readonly [key: string]: readonly string[] } = { team: ['red', 'blue'], audited: ['yes'] };
export const SERVICE_ACCOUNTS: readonly string[] = ['default', 'robot'];

/** Where pods and nodes have their addresses. */
export const POD_CIDRS: readonly string[] = ['10.244.0.0/16', 'fd00:244::/48'];
export const NODE_CIDRS: readonly string[] = ['192.168.7.0/24'];

export interface Block {
  readonly cidr: string;
  readonly except: readonly string[];
}

export const BLOCKS: readonly Block[] = [
  { cidr: '203.0.113.0/24', except: [] },
  { cidr: '203.0.113.0/24', except: ['203.0.113.64/26'] },
  { cidr: '203.0.113.0/24', except: ['203.0.113.64/26', '203.0.113.80/32'] },
  { cidr: '203.0.113.64/26', except: ['203.0.113.80/32'] },
  { cidr: '198.51.100.7/32', except: [] },
  { cidr: '10.0.0.0/8', except: [] },
  { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] },
  { cidr: '0.0.0.0/0', except: [] },
  { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '203.0.113.0/24'] },
  { cidr: '2001:db8::/32', except: [] },
  { cidr: '2001:db8::/32', except: ['2001:db8:1::/48'] },
  { cidr: '::/0', except: ['fd00::/8'] },
];

export const EXTERNAL_ADDRESSES: readonly string[] = [
  '203.0.113.10', '203.0.113.70', '203.0.113.80', '198.51.100.7', '10.1.0.9', '10.2.0.9', '192.0.2.1', '2001:db8::5', '2001:db8:1::5', '2001:dead::1',
];

/** Names and patterns, and the names by which each address is known. */
export const FQDNS: readonly string[] = ['api.example.com', '*.example.com', '**.example.com'];
export const NAMES: { readonly [address: string]: readonly string[] } = {
  '203.0.113.10': ['api.example.com'],
  '203.0.113.70': ['www.example.com'],
  '198.51.100.7': ['a.b.example.com'],
  '2001:db8::5': ['api.example.com', 'other.test'],
  '192.0.2.1': ['example.com'],
};

/** What a pod's container ports may be. */
export const PORT_LISTS: readonly NonNullable<Endpoint['ports']>[] = [
  [],
  [{ name: 'http', port: 8080, protocol: 'TCP' }, { name: 'metrics', port: 9090, protocol: 'TCP' }, { port: 443, protocol: 'TCP' }],
  [{ name: 'http', port: 80, protocol: 'TCP' }, { name: 'metrics', port: 53, protocol: 'UDP' }],
];

export interface Probe extends Pick<Flow, 'http' | 'serverName' | 'dnsName'> {
  readonly protocol: number;
  readonly port?: number;
  /** Of IPv4; between IPv6 addresses an echo request becomes an IPv6 one. */
  readonly icmp?: { readonly type: number; readonly code: number };
}

/** A probe inside and beside everything that `trafficBoxes` can say. */
export const PROBES: readonly Probe[] = [
  ...[80, 443, 8080, 8085, 8090, 8091, 9090, 53].map(port => ({ protocol: 6, port })),
  ...[53, 80, 8080].map(port => ({ protocol: 17, port })),
  ...[80, 443].map(port => ({ protocol: 132, port })),
  { protocol: 1, icmp: { type: 8, code: 0 } },
];

const TCP_PORTS: readonly (readonly [number, number])[] = [[80, 80], [443, 443], [8080, 8090], [8080, 8080], [1, 65535]];

export const PORT_BOXES: readonly TrafficBox[] = [
  ...TCP_PORTS.map(([first, last]) => portRange('TCP', first, last)),
  portRange('UDP', 53),
  portRange('UDP', 53, 80),
  portRange('SCTP', 80),
  allOfProtocol('TCP'),
  allOfProtocol('UDP'),
  allOfProtocol('SCTP'),
];
export const NAMED_BOXES: readonly TrafficBox[] = [
  namedPort('TCP', 'http'), namedPort('TCP', 'metrics'), namedPort('UDP', 'metrics'),
];

export const trafficBoxes = (options: { readonly named?: boolean } = {}): fc.Arbitrary<readonly TrafficBox[]> => fc.oneof(
  { weight: 1, arbitrary: fc.constant(ALL_TRAFFIC) },
  {
    weight: 3,
    arbitrary: fc.uniqueArray(fc.constantFrom(...PORT_BOXES, ...(options.named === false ? [] : NAMED_BOXES)), { minLength: 1, maxLength: 3 }),
  },
);

/** One label test, as it would stand in a Kubernetes selector. */
export function labelTests(of: 'pod' | 'namespace'): fc.Arbitrary<EndpointExpr> {
  const labels = of === 'pod' ? POD_LABELS : NAMESPACE_LABELS;
  return fc.constantFrom(...Object.keys(labels)).chain(key => {
    const values = labels[key];
    return fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...values).map(value => labelIn(of, key, value)) },
      { weight: 1, arbitrary: fc.constant(labelIn(of, key, ...values, 'other')) },
      { weight: 1, arbitrary: fc.constantFrom(...values).map(value => not(labelIn(of, key, value))) },
      { weight: 1, arbitrary: fc.constantFrom(labelExists(of, key), not(labelExists(of, key))) },
    );
  });
}

/** AND of none to two label tests. */
export const podLabels: fc.Arbitrary<EndpointExpr> = fc.array(labelTests('pod'), { maxLength: 2 }).map(tests => allOf(...tests));
export const namespaceLabels: fc.Arbitrary<EndpointExpr> = fc.array(labelTests('namespace'), { maxLength: 2 }).map(tests => allOf(...tests));

/** One label test beside its negation selects nothing, which no document needs to say of its subject. */
export const satisfiable = (expr: EndpointExpr): boolean => disjunction(expr).length > 0;
export const subjectLabels: fc.Arbitrary<EndpointExpr> = podLabels.filter(satisfiable);

export const namespaces: fc.Arbitrary<string> = fc.constantFrom(...NAMESPACE_NAMES);
export const blocks: fc.Arbitrary<Block> = fc.constantFrom(...BLOCKS);

/** Pods of one namespace, of namespaces with labels, or of all. */
export const podPeers: fc.Arbitrary<EndpointExpr> = fc.tuple(
  fc.oneof(
    { weight: 3, arbitrary: namespaces.map(inNamespace) },
    { weight: 2, arbitrary: namespaceLabels },
    { weight: 1, arbitrary: fc.tuple(namespaces, namespaceLabels).map(([name, labels]) => allOf(inNamespace(name), labels)) },
  ),
  podLabels,
).map(([where, labels]) => allOf(POD, where, labels));

export const outside = ({ cidr, except }: Block): EndpointExpr => allOf(EXTERNAL, address(cidr, except));

/** OR of one to three of them. */
export const oneOrMore = (peers: fc.Arbitrary<EndpointExpr>): fc.Arbitrary<EndpointExpr> =>
  fc.array(peers, { minLength: 1, maxLength: 3 }).map(several => anyOf(...several));

