import { DocumentReader, Fields } from './document-reader';
import { readLabelSelector } from './label-selector-reader';
import { containsCidr, parseCidr } from '../model/cidr';
import { address, allOf, ANY, anyOfMany, EndpointExpr, inNamespace, POD, selectorExpr } from '../model/endpoint';
import { portNameProblem } from '../model/labels';
import { Direction, DIRECTIONS, matchOf, Origin, Policy, Rule } from '../model/policy-set';
import { remembered } from '../model/remembered';
import { ALL_TRAFFIC, allOfProtocol, namedPort, portRange, TrafficBox } from '../model/traffic';

/** The spec of networking.k8s.io/v1, which stands in a NetworkPolicy and in its previews. */

/** What it says about one direction. */
interface NetworkPolicyPart {
  /** Whether the spec is about this direction: rules of another one may stand in it, too. */
  readonly isMeant: boolean;
  readonly content: Pick<Policy, 'direction' | 'subject' | 'isolates' | 'rules'>;
}

/** @param origin with the namespace of the pods */
export function readNetworkPolicySpec(reader: DocumentReader, spec: Fields, origin: Origin): NetworkPolicyPart[] {
  const pods = readLabelSelector(reader, reader.own(spec, 'podSelector') ?? {}, 'spec.podSelector');
  const subject = allOf(POD, inNamespace(origin.namespace!), selectorExpr('pod', pods));
  const types = readPolicyTypes(reader, spec);
  const parts: NetworkPolicyPart[] = [];
  for (const direction of DIRECTIONS) {
    const raw = reader.optionalList(reader.own(spec, direction), LIST_PATHS[direction]) ?? NOTHING;
    const isMeant = types.includes(direction);
    if (!isMeant && raw.length === 0) { continue; }
    const rules = raw.map((rule, i) => readNetworkPolicyRule(reader, rule, direction, i, origin));
    parts.push({ isMeant, content: { direction, subject, isolates: true, rules } });
  }
  return parts;
}

const NOTHING: readonly unknown[] = [];
const LIST_PATHS: Readonly<Record<Direction, string>> = { ingress: 'spec.ingress', egress: 'spec.egress' };

/** The directions of a NetworkPolicy; absent: Ingress always, Egress when there is an egress rule. */
function readPolicyTypes(reader: DocumentReader, spec: Fields): readonly Direction[] {
  const given = reader.optionalList(reader.own(spec, 'policyTypes'), 'spec.policyTypes') ?? NOTHING;
  if (given.length === 2 && given[0] === 'Ingress' && given[1] === 'Egress') { return DIRECTIONS; }
  if (given.length > 0) {
    return given.map((type, i) => (reader.oneOf(type, `spec.policyTypes[${i}]`, ['Ingress', 'Egress']) === 'Ingress' ? 'ingress' : 'egress'));
  }
  const egress = reader.optionalList(reader.own(spec, 'egress'), 'spec.egress') ?? [];
  return egress.length > 0 ? ['ingress', 'egress'] : ['ingress'];
}

function readNetworkPolicyRule(reader: DocumentReader, raw: unknown, direction: Direction, place: number, origin: Origin): Rule {
  const paths = RULE_PATHS[direction](place);
  const fields = reader.object(raw, paths.rule);
  reader.only(fields, paths.rule, FIELDS_OF_RULE[direction], 'everything');
  const peers = reader.optionalList(reader.own(fields, direction === 'ingress' ? 'from' : 'to'), paths.side);
  const peer = peers === undefined || peers.length === 0 ? ANY
    : peers.length === 1 ? readPeer(reader, peers[0], paths.peer(0), origin.namespace!)
      : anyOfMany(peers.map((item, i) => readPeer(reader, item, paths.peer(i), origin.namespace!)));
  const ports = reader.optionalList(reader.own(fields, 'ports'), paths.ports);
  const traffic = ports === undefined || ports.length === 0 ? ALL_TRAFFIC : readPorts(reader, ports, paths.port);
  return {
    action: 'allow',
    match: matchOf(direction, peer, traffic),
    origin: inPart(origin, RULE_PLACES[direction](place)),
  };
}

/** Field by field: copies by spreading take four times the memory, and of these there are many. */
const inPart = ({ apiVersion, kind, namespace, name, at }: Origin, part: string): Origin =>
  (at === undefined ? { apiVersion, kind, namespace, name, part } : { apiVersion, kind, namespace, name, part, at });

/** Few, and in every document. */
const placesOf = (list: string) => remembered((place: number) => `${list}[${place}]`);
const RULE_PLACES = { ingress: placesOf('ingress'), egress: placesOf('egress') };

/** Where the parts of a rule are: in every document the same, so that the texts are made once. */
interface RulePaths {
  readonly rule: string;
  readonly side: string;
  readonly ports: string;
  peer(place: number): PeerPaths;
  port(place: number): string;
}

interface PeerPaths {
  readonly peer: string;
  readonly podSelector: string;
  readonly namespaceSelector: string;
  readonly ipBlock: string;
}

const rulePaths = (direction: Direction) => remembered((place: number): RulePaths => {
  const rule = `spec.${direction}[${place}]`;
  const side = `${rule}.${direction === 'ingress' ? 'from' : 'to'}`;
  return { rule, side, ports: `${rule}.ports`, peer: peerPaths(side), port: placesOf(`${rule}.ports`) };
});
const peerPaths = (side: string) => remembered((place: number): PeerPaths => {
  const peer = `${side}[${place}]`;
  return { peer, podSelector: `${peer}.podSelector`, namespaceSelector: `${peer}.namespaceSelector`, ipBlock: `${peer}.ipBlock` };
});
const RULE_PATHS = { ingress: rulePaths('ingress'), egress: rulePaths('egress') };

const FIELDS_OF_RULE: Readonly<Record<Direction, readonly string[]>> = { ingress: ['from', 'ports'], egress: ['to', 'ports'] };
const FIELDS_OF_PEER = ['podSelector', 'namespaceSelector', 'ipBlock'];
const FIELDS_OF_PORT = ['protocol', 'port', 'endPort'];

function readPeer(reader: DocumentReader, raw: unknown, paths: PeerPaths, namespace: string): EndpointExpr {
  const fields = reader.object(raw, paths.peer);
  reader.only(fields, paths.peer, FIELDS_OF_PEER);
  const block = reader.own(fields, 'ipBlock');
  const pods = reader.own(fields, 'podSelector');
  const namespaces = reader.own(fields, 'namespaceSelector');
  if (block !== undefined) {
    if (pods !== undefined || namespaces !== undefined) { throw reader.fail(paths.peer, 'ipBlock may not stand beside a selector'); }
    return readIpBlock(reader, block, paths.ipBlock);
  }
  if (pods === undefined && namespaces === undefined) { throw reader.fail(paths.peer, 'a peer needs podSelector, namespaceSelector or ipBlock'); }
  const home = namespaces === undefined ? inNamespace(namespace) : selectorExpr('namespace', readLabelSelector(reader, namespaces, paths.namespaceSelector));
  return pods === undefined ? allOf(POD, home) : allOf(POD, home, selectorExpr('pod', readLabelSelector(reader, pods, paths.podSelector)));
}

function readIpBlock(reader: DocumentReader, raw: unknown, path: string): EndpointExpr {
  const fields = reader.object(raw, path);
  reader.only(fields, path, ['cidr', 'except']);
  const cidr = reader.at(`${path}.cidr`, () => parseCidr(reader.string(reader.own(fields, 'cidr'), `${path}.cidr`)));
  const except = (reader.optionalList(reader.own(fields, 'except'), `${path}.except`) ?? []).map((item, i) => {
    const hole = reader.at(`${path}.except[${i}]`, () => parseCidr(reader.string(item, `${path}.except[${i}]`)));
    if (hole === cidr || !containsCidr(cidr, hole)) { throw reader.fail(`${path}.except[${i}]`, `${hole} must be a part of ${cidr}`); }
    return hole;
  });
  return address(cidr, except);
}

const readPorts = (reader: DocumentReader, ports: readonly unknown[], pathOf: (place: number) => string): readonly TrafficBox[] =>
  (ports.length === 1 ? alone(readPort(reader, ports[0], pathOf(0))) : ports.map((item, i) => readPort(reader, item, pathOf(i))));

function readPort(reader: DocumentReader, raw: unknown, path: string): TrafficBox {
  const fields = reader.object(raw, path);
  reader.only(fields, path, FIELDS_OF_PORT);
  const stated = reader.own(fields, 'protocol');
  const protocol = stated === undefined || stated === 'TCP' ? 'TCP' : reader.oneOf(stated, `${path}.protocol`, PROTOCOLS);
  const port = reader.own(fields, 'port');
  const endPort = reader.own(fields, 'endPort');
  if (port === undefined) {
    if (endPort !== undefined) { throw reader.fail(`${path}.endPort`, 'endPort needs a port'); }
    return EVERY_PORT[protocol];
  }
  if (typeof port === 'string') {
    if (endPort !== undefined) { throw reader.fail(`${path}.endPort`, 'endPort needs a port that is a number'); }
    const problem = portNameProblem(port);
    if (problem) { throw reader.fail(`${path}.port`, problem); }
    return namedPort(protocol, port);
  }
  const first = reader.integer(port, `${path}.port`, 1, 65535);
  return endPort === undefined ? ONE_PORT[protocol](first) : portRange(protocol, first, reader.integer(endPort, `${path}.endPort`, first, 65535));
}

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;

/** Values that equal rules share. */
const EVERY_PORT = { TCP: allOfProtocol('TCP'), UDP: allOfProtocol('UDP'), SCTP: allOfProtocol('SCTP') };
const onePort = (protocol: typeof PROTOCOLS[number]) => remembered((port: number): TrafficBox => portRange(protocol, port));
const ONE_PORT = { TCP: onePort('TCP'), UDP: onePort('UDP'), SCTP: onePort('SCTP') };

const ALONE = new WeakMap<TrafficBox, readonly TrafficBox[]>();

function alone(box: TrafficBox): readonly TrafficBox[] {
  let list = ALONE.get(box);
  if (!list) { ALONE.set(box, list = [box]); }
  return list;
}
