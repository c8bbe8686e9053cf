import { DocumentReader, Fields } from './document-reader';
import { readLabelSelector } from './label-selector-reader';
import { containsCidr, parseCidr } from '../model/cidr';
import { address, allOf, ANY, anyOf, EndpointExpr, inNamespace, POD, selectorExpr } from '../model/endpoint';
import { portNameProblem } from '../model/labels';
import { Direction, DIRECTIONS, matchOf, Origin, Policy, Rule } from '../model/policy-set';
import { remembered } from '../model/remembered';
import { ALL_TRAFFIC, allOfProtocol, namedPort, portRange, TrafficBox } from '../model/traffic';

/** The spec of networking.k8s.io/v1, which stands in a NetworkPolicy and in its previews. */

/** What it says about one direction. */
export interface NetworkPolicyPart {
  /** Whether the spec is about this direction: rules of another one may stand in it, too. */
  readonly isMeant: boolean;
  readonly content: Pick<Policy, 'direction' | 'subject' | 'isolates' | 'rules'>;
}

/** @param origin with the namespace of the pods */
export function readNetworkPolicySpec(reader: DocumentReader, spec: Fields, origin: Origin): NetworkPolicyPart[] {
  const pods = readLabelSelector(reader, reader.own(spec, 'podSelector') ?? {}, 'spec.podSelector');
  const subject = allOf(POD, inNamespace(origin.namespace!), selectorExpr('pod', pods));
  const types = readPolicyTypes(reader, spec);
  return DIRECTIONS.flatMap(direction => {
    const raw = reader.optionalList(reader.own(spec, direction), `spec.${direction}`) ?? [];
    const isMeant = types.includes(direction);
    if (!isMeant && raw.length === 0) { return []; }
    const rules = raw.map((rule, i) => readNetworkPolicyRule(reader, rule, direction, `spec.${direction}[${i}]`, origin));
    return [{ isMeant, content: { direction, subject, isolates: true, rules } }];
  });
}

/** The directions of a NetworkPolicy; absent: Ingress always, Egress when there is an egress rule. */
function readPolicyTypes(reader: DocumentReader, spec: Fields): Direction[] {
  const given = reader.optionalList(reader.own(spec, 'policyTypes'), 'spec.policyTypes') ?? [];
  if (given.length > 0) {
    return given.map((type, i) => (reader.oneOf(type, `spec.policyTypes[${i}]`, ['Ingress', 'Egress']) === 'Ingress' ? 'ingress' : 'egress'));
  }
  const egress = reader.optionalList(reader.own(spec, 'egress'), 'spec.egress') ?? [];
  return egress.length > 0 ? ['ingress', 'egress'] : ['ingress'];
}

function readNetworkPolicyRule(reader: DocumentReader, raw: unknown, direction: Direction, path: string, origin: Origin): Rule {
  const fields = reader.object(raw, path);
  const side = direction === 'ingress' ? 'from' : 'to';
  reader.only(fields, path, [side, 'ports'], 'everything');
  const peers = reader.optionalList(reader.own(fields, side), `${path}.${side}`) ?? [];
  const peer = peers.length === 0 ? ANY : anyOf(...peers.map((item, i) => readPeer(reader, item, `${path}.${side}[${i}]`, origin.namespace!)));
  const traffic = readPorts(reader, reader.optionalList(reader.own(fields, 'ports'), `${path}.ports`) ?? [], `${path}.ports`);
  return {
    action: 'allow',
    match: matchOf(direction, peer, traffic),
    origin: inPart(origin, placeOf(path)),
  };
}

/** Field by field: copies by spreading take four times the memory, and of these there are many. */
const inPart = ({ apiVersion, kind, namespace, name, at }: Origin, part: string): Origin =>
  (at === undefined ? { apiVersion, kind, namespace, name, part } : { apiVersion, kind, namespace, name, part, at });

/** Few, and in every document. */
const placeOf = remembered((path: string): string => path.slice('spec.'.length));

function readPeer(reader: DocumentReader, raw: unknown, path: string, namespace: string): EndpointExpr {
  const fields = reader.object(raw, path);
  reader.only(fields, path, ['podSelector', 'namespaceSelector', 'ipBlock']);
  const [block, pods, namespaces] = [reader.own(fields, 'ipBlock'), reader.own(fields, 'podSelector'), reader.own(fields, 'namespaceSelector')];
  if (block !== undefined) {
    if (pods !== undefined || namespaces !== undefined) { throw reader.fail(path, 'ipBlock may not stand beside a selector'); }
    return readIpBlock(reader, block, `${path}.ipBlock`);
  }
  if (pods === undefined && namespaces === undefined) { throw reader.fail(path, 'a peer needs podSelector, namespaceSelector or ipBlock'); }
  return allOf(
    POD,
    namespaces === undefined ? inNamespace(namespace) : selectorExpr('namespace', readLabelSelector(reader, namespaces, `${path}.namespaceSelector`)),
    pods === undefined ? ANY : selectorExpr('pod', readLabelSelector(reader, pods, `${path}.podSelector`)),
  );
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

function readPorts(reader: DocumentReader, ports: readonly unknown[], path: string): readonly TrafficBox[] {
  if (ports.length === 0) { return ALL_TRAFFIC; }
  return ports.length === 1 ? alone(readPort(reader, ports[0], `${path}[0]`)) : ports.map((item, i) => readPort(reader, item, `${path}[${i}]`));
}

function readPort(reader: DocumentReader, raw: unknown, path: string): TrafficBox {
  const fields = reader.object(raw, path);
  reader.only(fields, path, ['protocol', 'port', 'endPort']);
  const protocol = reader.oneOf(reader.own(fields, 'protocol') ?? 'TCP', `${path}.protocol`, PROTOCOLS);
  const [port, endPort] = [reader.own(fields, 'port'), reader.own(fields, 'endPort')];
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
  return endPort === undefined ? ONE_PORT[protocol](`${first}`) : portRange(protocol, first, reader.integer(endPort, `${path}.endPort`, first, 65535));
}

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;

/** Values that equal rules share. */
const EVERY_PORT = { TCP: allOfProtocol('TCP'), UDP: allOfProtocol('UDP'), SCTP: allOfProtocol('SCTP') };
const onePort = (protocol: typeof PROTOCOLS[number]) => remembered((port: string): TrafficBox => portRange(protocol, Number(port)));
const ONE_PORT = { TCP: onePort('TCP'), UDP: onePort('UDP'), SCTP: onePort('SCTP') };

const ALONE = new WeakMap<TrafficBox, readonly TrafficBox[]>();

function alone(box: TrafficBox): readonly TrafficBox[] {
  let list = ALONE.get(box);
  if (!list) { ALONE.set(box, list = [box]); }
  return list;
}
