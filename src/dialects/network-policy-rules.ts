import { DocumentReader, Fields } from './document-reader';
import { readLabelSelector } from './label-selector-reader';
import { containsCidr, parseCidr } from '../model/cidr';
import { address, allOf, ANY, anyOf, EndpointExpr, inNamespace, POD, selectorExpr } from '../model/endpoint';
import { portNameProblem } from '../model/labels';
import { Direction, Origin, Rule } from '../model/policy-set';
import { ALL_TRAFFIC, allOfProtocol, namedPort, portRange, TrafficBox } from '../model/traffic';

/** The rules of networking.k8s.io/v1, which stand in a NetworkPolicy and in its previews. */

/** The directions of a NetworkPolicy; absent: Ingress always, Egress when there is an egress rule. */
export function readPolicyTypes(reader: DocumentReader, spec: Fields): Direction[] {
  const given = reader.optionalList(reader.own(spec, 'policyTypes'), 'spec.policyTypes') ?? [];
  if (given.length > 0) {
    return given.map((type, i) => (reader.oneOf(type, `spec.policyTypes[${i}]`, ['Ingress', 'Egress']) === 'Ingress' ? 'ingress' : 'egress'));
  }
  const egress = reader.optionalList(reader.own(spec, 'egress'), 'spec.egress') ?? [];
  return egress.length > 0 ? ['ingress', 'egress'] : ['ingress'];
}

export function readNetworkPolicyRule(reader: DocumentReader, raw: unknown, direction: Direction, path: string, origin: Origin): Rule {
  const fields = reader.object(raw, path);
  const side = direction === 'ingress' ? 'from' : 'to';
  reader.only(fields, path, [side, 'ports'], 'everything');
  const peers = reader.optionalList(reader.own(fields, side), `${path}.${side}`) ?? [];
  const peer = peers.length === 0 ? ANY : anyOf(...peers.map((item, i) => readPeer(reader, item, `${path}.${side}[${i}]`, origin.namespace!)));
  const ports = reader.optionalList(reader.own(fields, 'ports'), `${path}.ports`) ?? [];
  const traffic = ports.length === 0 ? ALL_TRAFFIC : ports.map((item, i) => readPort(reader, item, `${path}.ports[${i}]`));
  return {
    action: 'allow',
    match: direction === 'ingress' ? { source: peer, destination: ANY, traffic } : { source: ANY, destination: peer, traffic },
    origin: { ...origin, part: path.slice('spec.'.length) },
  };
}

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

function readPort(reader: DocumentReader, raw: unknown, path: string): TrafficBox {
  const fields = reader.object(raw, path);
  reader.only(fields, path, ['protocol', 'port', 'endPort']);
  const protocol = reader.oneOf(reader.own(fields, 'protocol') ?? 'TCP', `${path}.protocol`, ['TCP', 'UDP', 'SCTP']);
  const [port, endPort] = [reader.own(fields, 'port'), reader.own(fields, 'endPort')];
  if (port === undefined) {
    if (endPort !== undefined) { throw reader.fail(`${path}.endPort`, 'endPort needs a port'); }
    return allOfProtocol(protocol);
  }
  if (typeof port === 'string') {
    if (endPort !== undefined) { throw reader.fail(`${path}.endPort`, 'endPort needs a port that is a number'); }
    const problem = portNameProblem(port);
    if (problem) { throw reader.fail(`${path}.port`, problem); }
    return namedPort(protocol, port);
  }
  const first = reader.integer(port, `${path}.port`, 1, 65535);
  return portRange(protocol, first, endPort === undefined ? first : reader.integer(endPort, `${path}.endPort`, first, 65535));
}
