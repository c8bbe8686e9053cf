import { ANY, anyOfMany, EndpointExpr, NONE } from '../../model/endpoint';
import { Direction, matchOf, Origin, Rule } from '../../model/policy-set';
import { ALL_TRAFFIC, TrafficBox } from '../../model/traffic';
import { Fields } from '../document-reader';
import { absence, isIn } from '../versions';
import { readCidr, readCidrRule } from './addresses';
import { ALWAYS_FAILS, readAuthentication } from './effects';
import { ENTITIES } from './entities';
import { readIcmps } from './icmp';
import { readName } from './names';
import { readNodes } from './nodes';
import { PortEntry, readPortEntry } from './read-ports';
import { Reading } from './reading';
import { NAMESPACE, readRequirements } from './selector-keys';
import { readPeer } from './selectors';
import { readCloudGroup, readService } from './services';

/** One item of ingress, ingressDeny, egress or egressDeny. */

export const LISTS = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;
export type List = typeof LISTS[number];

/** The spec that an item is in. */
interface Spec {
  readonly origin: Origin;
  /** Whether it is about nodes. */
  readonly nodes: boolean;
  /** Whether it is of a whole cluster and about pods that are starting: then Cilium adds no namespace to peers. */
  readonly openPeers: boolean;
}

/** One kind of peers in one item. */
type PeerReader = (reading: Reading, raw: unknown, path: string) => EndpointExpr;

const readFqdn: PeerReader = (reading, raw, path) => ({ fqdn: readName(reading, raw, path) });

const readEntity: PeerReader = (reading, raw, path) => {
  const known = Object.keys(ENTITIES).filter(name => isIn(ENTITIES[name], reading.version));
  if (typeof raw === 'string' && Object.hasOwn(ENTITIES, raw) && !known.includes(raw)) {
    throw reading.refused(path, `Cilium has no entity ${raw} ${absence(ENTITIES[raw], reading.version)}`);
  }
  const entity = reading.reader.oneOf(raw, path, known);
  return entity === 'all' ? ANY : entity === 'none' ? NONE : { entity };
};

/** Cilium 1.19 removed it; before, it asks more of every other item for the same endpoints, which no document says alone. */
const readRequires: PeerReader = (reading, _raw, path) => {
  throw reading.before('1.19')
    ? reading.fail(path, 'this asks more of the selectors of every policy of the same endpoints, and is not evaluated; Cilium 1.19 removed it: write the requirements into each selector')
    : reading.refused(path, 'Cilium 1.19 removed it; write the requirements into each selector of fromEndpoints or toEndpoints');
};

const undeniable: PeerReader = (reading, _raw, path) => {
  throw reading.fail(path, 'Cilium looks up Services for egress only, and here this denies nothing; select the pods with toEndpoints, or state addresses with toCIDRSet');
};

const PEERS: Readonly<Record<string, PeerReader>> = {
  Endpoints: readPeer,
  Entities: readEntity,
  CIDR: readCidr,
  CIDRSet: readCidrRule,
  Nodes: readNodes,
  Groups: readCloudGroup,
  Requires: readRequires,
};

const PEERS_OF: Readonly<Record<List, Readonly<Record<string, PeerReader>>>> = {
  ingress: named('from', PEERS),
  ingressDeny: named('from', PEERS),
  egress: named('to', { ...PEERS, Services: readService, FQDNs: readFqdn }),
  egressDeny: named('to', { ...PEERS, Services: undeniable }),
};

function named(side: 'from' | 'to', peers: Readonly<Record<string, PeerReader>>): Readonly<Record<string, PeerReader>> {
  return Object.fromEntries(Object.entries(peers).map(([kind, read]) => [side + kind, read]));
}

const HINTS = {
  auth: 'mutual authentication is authentication: { mode: required }',
  ports: 'ports stand in toPorts: [{ ports: [...] }]',
  icmp: 'messages of ICMP stand in icmps: [{ fields: [...] }]',
  from: 'peers are fromEndpoints, fromEntities, fromCIDR and others',
  to: 'peers are toEndpoints, toEntities, toCIDR and others',
};

/** None where the item only asks for default deny; one for each set of effects on its ports. */
export function readItem(reading: Reading, raw: unknown, path: string, list: List, spec: Spec): Rule[] {
  const denies = list === 'ingressDeny' || list === 'egressDeny';
  const fields = reading.object(raw, path, [...Object.keys(PEERS_OF[list]), 'toPorts', 'icmps', ...(denies ? [] : ['authentication'])], HINTS);
  const peer = readPeers(reading, fields, path, list);
  if (spec.openPeers) { refuseOpenPeers(reading, fields, path, directionOf(list) === 'ingress' ? 'fromEndpoints' : 'toEndpoints'); }
  const traffic = readTraffic(reading, fields, path, list, spec);
  const mode = reading.own(fields, 'authentication');
  const authentication = mode === undefined ? undefined : readAuthentication(reading, mode, `${path}.authentication`);
  if (!peer && !traffic) { return []; }
  const direction = directionOf(list);
  return (traffic ?? [{ boxes: ALL_TRAFFIC, effects: {} }]).map(({ boxes, effects }): Rule => {
    const fails = authentication === ALWAYS_FAILS;
    const all = { ...(authentication === undefined ? {} : { authentication }), ...(fails ? {} : effects) };
    return {
      // Nobody can authenticate, so that what matches is dropped, whoever else allows it, before any request is looked at.
      action: denies || fails ? 'deny' : 'allow',
      match: matchOf(direction, peer ?? ANY, fails ? boxes.map(withoutConditions) : boxes),
      origin: { ...spec.origin, part: path },
      ...(Object.keys(all).length > 0 ? { effects: all } : {}),
    };
  });
}

export const directionOf = (list: List): Direction => (list === 'ingress' || list === 'ingressDeny' ? 'ingress' : 'egress');

const withoutConditions = ({ l7: _l7, serverNames: _names, ...box }: TrafficBox): TrafficBox => box;

/** Undefined where the item says nothing about peers; an empty list selects none. */
function readPeers(reading: Reading, fields: Fields, path: string, list: List): EndpointExpr | undefined {
  const given = Object.entries(PEERS_OF[list]).flatMap(([field, read]) => {
    const items = reading.list(fields, field, path);
    // Without an entry these two ask nothing.
    return items && !(field.endsWith('Requires') && items.length === 0) ? [{ field, read, items }] : [];
  });
  const [first, second] = given.filter(({ items }) => items.length > 0);
  if (second && ![first, second].some(({ field }) => field.endsWith('Requires'))) {
    throw reading.notEnforced(path, `combining ${first.field} and ${second.field} is not supported yet by Cilium; use an item for each`);
  }
  if (given.length === 0) { return undefined; }
  return anyOfMany(given.flatMap(({ field, read, items }) => items.map((item, i) => read(reading, item, `${path}.${field}[${i}]`))));
}

function refuseOpenPeers(reading: Reading, fields: Fields, path: string, field: string): void {
  (reading.list(fields, field, path) ?? []).forEach((item, i) => {
    const requirements = readRequirements(reading, item, `${path}.${field}[${i}]`);
    if (requirements.some(({ key, source }) => key === NAMESPACE || source === 'reserved')) { return; }
    throw reading.fail(`${path}.${field}[${i}]`, `beside reserved:init in endpointSelector Cilium does not limit peers to pods; add a requirement that ${NAMESPACE} Exists`);
  });
}

/** Undefined where the item says nothing about ports and messages. */
function readTraffic(reading: Reading, fields: Fields, path: string, list: List, spec: Spec): PortEntry[] | undefined {
  const ports = reading.list(fields, 'toPorts', path) ?? [];
  const icmps = reading.list(fields, 'icmps', path) ?? [];
  if (ports.length > 0 && icmps.length > 0) { throw reading.notEnforced(path, 'toPorts and icmps may not stand in one item; use an item for each'); }
  if (icmps.length > 0) { return [{ boxes: readIcmps(reading, icmps, `${path}.icmps`), effects: {} }]; }
  if (ports.length === 0) { return undefined; }
  const direction = directionOf(list);
  const place = { direction, denies: list === 'ingressDeny' || list === 'egressDeny', nodes: spec.nodes };
  return grouped(ports.map((item, i) => readPortEntry(reading, item, `${path}.toPorts[${i}]`, place)));
}

/** Entries with the same effects are one; those without a port match nothing. */
function grouped(entries: readonly PortEntry[]): PortEntry[] {
  const groups = new Map<string, { boxes: TrafficBox[]; effects: Record<string, unknown> }>();
  for (const { boxes, effects } of entries.filter(entry => entry.boxes.length > 0)) {
    const key = JSON.stringify(effects);
    const group = groups.get(key) ?? { boxes: [], effects };
    groups.set(key, group);
    group.boxes.push(...boxes);
  }
  return groups.size > 0 ? [...groups.values()] : [{ boxes: [], effects: {} }];
}
