import { ANY, anyOf, EndpointExpr, NONE } from '../../model/endpoint';
import { Direction, DIRECTIONS, NORMAL, Origin, Policy, Rule } from '../../model/policy-set';
import { ALL_TRAFFIC, TrafficBox } from '../../model/traffic';
import { DocumentReader, Fields } from '../document-reader';
import { readCidr, readCidrRule } from './addresses';
import { ENTITIES } from './entities';
import { CILIUM_CLUSTERWIDE_NETWORK_POLICY, CILIUM_NETWORK_POLICY } from './kinds';
import { readName } from './names';
import { readPorts } from './ports';
import { readPeer, readSubject } from './selectors';

/**
 * CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy, cilium.io/v2. What the API server or the agent refuses is unreadable with their reason:
 * an agent stores such a policy and does not enforce it. What this reader does not evaluate yet is unreadable too, and never left out.
 */
export function readCilium(document: unknown, at?: string): Policy[] {
  const { reader, fields, origin: found } = DocumentReader.open(document, at);
  const clusterwide = found.kind === CILIUM_CLUSTERWIDE_NETWORK_POLICY.kind;
  if (found.apiVersion !== CILIUM_NETWORK_POLICY.apiVersion || (found.kind !== CILIUM_NETWORK_POLICY.kind && !clusterwide)) {
    throw reader.fail('kind', 'this is not a cilium.io/v2 CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy');
  }
  reader.only(fields, 'document', ['apiVersion', 'kind', 'metadata', 'spec', 'specs', 'status']);
  // A namespace at a cluster-scoped object is dropped by those who apply it.
  const { namespace = 'default', ...unscoped } = found;
  const origin: Origin = clusterwide ? unscoped : { ...unscoped, namespace };
  const [spec, specs] = [reader.own(fields, 'spec'), reader.optionalList(reader.own(fields, 'specs'), 'specs') ?? []];
  if (spec === undefined && specs.length === 0) { throw reader.fail('spec', 'spec or specs is needed'); }
  return [
    ...(spec === undefined ? [] : readSpec(reader, spec, 'spec', origin)),
    ...specs.flatMap((raw, i) => readSpec(reader, raw, `specs[${i}]`, origin)),
  ];
}

const LISTS = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;
type List = typeof LISTS[number];

function readSpec(reader: DocumentReader, raw: unknown, path: string, origin: Origin): Policy[] {
  const fields = reader.object(raw, path);
  reader.only(fields, path, ['endpointSelector', 'nodeSelector', ...LISTS, 'enableDefaultDeny', 'description', 'labels', 'log']);
  const subject = readSelected(reader, fields, path, origin);
  const items = (list: List): readonly unknown[] => reader.optionalList(reader.own(fields, list), `${path}.${list}`) ?? [];
  if (LISTS.every(list => items(list).length === 0)) { throw reader.fail(path, `at least one of ${LISTS.join(', ')} must have an item`); }
  const defaultDeny = readDefaultDeny(reader, reader.own(fields, 'enableDefaultDeny'), `${path}.enableDefaultDeny`);
  return DIRECTIONS.flatMap((direction): Policy[] => {
    const lists = [direction, `${direction}Deny`] as const;
    const rules = lists.flatMap(list => items(list).flatMap((item, i) => readItem(reader, item, `${path}.${list}[${i}]`, list, origin)));
    // Default deny is asked for by each item: without an item enableDefaultDeny has no effect.
    if (lists.every(list => items(list).length === 0)) { return []; }
    return [{
      origin: { ...origin, part: path },
      stage: NORMAL,
      order: [],
      mode: 'enforce',
      direction,
      subject,
      isolates: defaultDeny[direction] ?? true,
      rules,
    }];
  });
}

function readSelected(reader: DocumentReader, fields: Fields, path: string, { namespace }: Origin): EndpointExpr {
  const [endpoints, nodes] = [reader.own(fields, 'endpointSelector'), reader.own(fields, 'nodeSelector')];
  if ((endpoints === undefined) === (nodes === undefined)) { throw reader.fail(path, 'exactly one of endpointSelector and nodeSelector is needed'); }
  if (nodes !== undefined) {
    throw reader.fail(`${path}.nodeSelector`, namespace === undefined ? 'policies of nodes are not evaluated yet' : 'a namespaced policy cannot have a nodeSelector');
  }
  return readSubject(reader, endpoints, `${path}.endpointSelector`, namespace);
}

function readDefaultDeny(reader: DocumentReader, raw: unknown, path: string): Partial<Record<Direction, boolean>> {
  if (raw === undefined) { return {}; }
  const fields = reader.object(raw, path);
  reader.only(fields, path, DIRECTIONS);
  return Object.fromEntries(DIRECTIONS.filter(direction => reader.own(fields, direction) !== undefined)
    .map(direction => [direction, reader.boolean(reader.own(fields, direction), `${path}.${direction}`)]));
}

/** One kind of peers in one item. */
type PeerReader = (reader: DocumentReader, raw: unknown, path: string, namespace: string | undefined) => EndpointExpr;

const readFqdn: PeerReader = (reader, raw, path) => ({ fqdn: readName(reader, raw, path) });
const notYet: PeerReader = (reader, _raw, path) => { throw reader.fail(path, 'this is not evaluated yet'); };
const removed: PeerReader = (reader, _raw, path) => { throw reader.fail(path, 'this is not evaluated; Cilium 1.19 removed it'); };

const readEntity: PeerReader = (reader, raw, path) => {
  const entity = reader.oneOf(raw, path, Object.keys(ENTITIES));
  return entity === 'all' ? ANY : entity === 'none' ? NONE : { entity };
};

const PEERS: Readonly<Record<string, PeerReader>> = {
  Endpoints: readPeer,
  Entities: readEntity,
  CIDR: readCidr,
  CIDRSet: readCidrRule,
  Nodes: notYet,
  Groups: notYet,
  Requires: removed,
};

const PEERS_OF: Readonly<Record<List, Readonly<Record<string, PeerReader>>>> = {
  ingress: named('from', PEERS),
  ingressDeny: named('from', PEERS),
  egress: named('to', { ...PEERS, Services: notYet, FQDNs: readFqdn }),
  egressDeny: named('to', { ...PEERS, Services: notYet }),
};

function named(side: 'from' | 'to', peers: Readonly<Record<string, PeerReader>>): Readonly<Record<string, PeerReader>> {
  return Object.fromEntries(Object.entries(peers).map(([kind, read]) => [side + kind, read]));
}

/** An item of a list; none where it only asks for default deny. */
function readItem(reader: DocumentReader, raw: unknown, path: string, list: List, origin: Origin): Rule[] {
  const fields = reader.object(raw, path);
  const denies = list === 'ingressDeny' || list === 'egressDeny';
  reader.only(fields, path, [...Object.keys(PEERS_OF[list]), 'toPorts', 'icmps', ...(denies ? [] : ['authentication'])]);
  const peer = readPeers(reader, fields, path, list, origin.namespace);
  const traffic = readTraffic(reader, fields, path, list);
  if (reader.own(fields, 'authentication') !== undefined) { throw reader.fail(`${path}.authentication`, 'this is not evaluated yet'); }
  if (!peer && !traffic) { return []; }
  const [other, boxes] = [peer ?? ANY, traffic ?? ALL_TRAFFIC];
  return [{
    action: denies ? 'deny' : 'allow',
    match: list === 'ingress' || list === 'ingressDeny' ? { source: other, destination: ANY, traffic: boxes } : { source: ANY, destination: other, traffic: boxes },
    origin: { ...origin, part: path },
  }];
}

/** Undefined where the item says nothing about peers; an empty list selects none. */
function readPeers(reader: DocumentReader, fields: Fields, path: string, list: List, namespace: string | undefined): EndpointExpr | undefined {
  const given = Object.entries(PEERS_OF[list]).flatMap(([field, read]) => {
    const items = reader.optionalList(reader.own(fields, field), `${path}.${field}`);
    return items ? [{ field, read, items }] : [];
  });
  const [first, second] = given.filter(({ items }) => items.length > 0);
  if (second) { throw reader.fail(path, `combining ${first.field} and ${second.field} is not supported yet by Cilium; use an item for each`); }
  if (given.length === 0) { return undefined; }
  return anyOf(...given.flatMap(({ field, read, items }) => items.map((item, i) => read(reader, item, `${path}.${field}[${i}]`, namespace))));
}

/** Undefined where the item says nothing about ports. */
function readTraffic(reader: DocumentReader, fields: Fields, path: string, list: List): TrafficBox[] | undefined {
  const ports = reader.optionalList(reader.own(fields, 'toPorts'), `${path}.toPorts`) ?? [];
  const icmps = reader.optionalList(reader.own(fields, 'icmps'), `${path}.icmps`) ?? [];
  if (ports.length > 0 && icmps.length > 0) { throw reader.fail(path, 'toPorts and icmps may not stand in one item'); }
  if (icmps.length > 0) { throw reader.fail(`${path}.icmps`, 'this is not evaluated yet'); }
  return ports.length === 0 ? undefined : ports.flatMap((item, i) => readPorts(reader, item, `${path}.toPorts[${i}]`, list));
}
