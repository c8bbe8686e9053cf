import { Workload } from './world/world';
import { Family, familyOf } from '../model/cidr';
import { Endpoint, Flow } from '../model/match';

/** What travels: one connection, or one request. */
export type Traffic = Omit<Flow, 'source' | 'destination'>;

/** One end of a question: a workload, an address, a range all of whose addresses are alike, a name. */
export interface Party {
  /** Such as `shop/web[Deployment]`, `203.0.113.0-203.0.113.255[External]` or `{ingress-controller}`. */
  readonly text: string;
  readonly workload?: Workload;
  /**
   * All that it may be to the policies, such as a node that may be the pod's own or another one, or an address of either family.
   * An answer holds when it is that of each of them.
   */
  readonly variants: readonly Variant[];
}

/** What brings requests from outside is called so, whether it is in the input or not. */
export const INGRESS_CONTROLLER = '{ingress-controller}';

/** By this name a question asks for it, whoever it is to the policies. */
export const API_SERVER = '{API server}';

/** One of the things that a party may be. */
export interface Variant extends Endpoint {
  /** The nodes that it may be on, or be itself; absent: any. */
  readonly nodes?: readonly string[];
  /** What it may be to others that connect to it, and has no need of being when it connects: the own node, which always reaches its pods. */
  readonly onlyDestination?: true;
}

/** Whether the two may meet: addresses of two families never do, and the own node is not another one. */
export const canMeet = (source: Variant, destination: Variant): boolean =>
  !source.onlyDestination && familiesOf(source).some(family => familiesOf(destination).includes(family))
  && areNear(source, destination) && isOwnAddress(source, destination);

/** All ways in which the two may meet. */
export const meetings = (source: Party, destination: Party): readonly (readonly [Variant, Variant])[] =>
  source.variants.flatMap(from => destination.variants.filter(to => canMeet(from, to)).map(to => [from, to] as const));

/** The families that its address may be of. */
export function familiesOf({ address, addressIn }: Endpoint): readonly Family[] {
  if (address !== undefined) { return address.includes(':') ? V6 : V4; }
  if (addressIn === undefined || addressIn.length === 0) { return BOTH; }
  const first = familyOf(addressIn[0]);
  return addressIn.every(range => familyOf(range) === first) ? (first === 4 ? V4 : V6) : BOTH;
}

const V4: readonly Family[] = [4];
const V6: readonly Family[] = [6];
const BOTH: readonly Family[] = [4, 6];

/** Which node it is to the other end; undefined for what is no node, or may be either. */
function nearness({ kind, entities }: Variant): 'own' | 'other' | undefined {
  if (kind !== 'node' && kind !== 'hostEndpoint') { return undefined; }
  return entities?.includes('host') ? 'own' : entities?.includes('remote-node') ? 'other' : undefined;
}

/** What is a node to the other end is its own node only on a node that both may be on. */
function areNear(source: Variant, destination: Variant): boolean {
  const [from, to] = [nearness(source), nearness(destination)];
  if (from === undefined && to === undefined) { return true; }
  if (from !== undefined && to !== undefined && from !== to) { return false; }
  const { nodes: a } = source;
  const { nodes: b } = destination;
  if (a === undefined || b === undefined) { return true; }
  return (from ?? to) === 'own' ? a.some(node => b.includes(node)) : !(a.length === 1 && b.length === 1 && a[0] === b[0]);
}

/** Two that have one address of a node are on that node. */
function isOwnAddress(source: Variant, destination: Variant): boolean {
  return source.address === undefined || source.address !== destination.address || nearness(source) !== 'other';
}

/** Whether both are the one pod that there is: what it sends to itself never leaves it. */
export const isSamePod = ({ workload: a }: Party, { workload: b }: Party): boolean =>
  a !== undefined && b !== undefined && a.kind === 'Pod' && b.kind === 'Pod' && a.namespace === b.namespace && a.name === b.name;
