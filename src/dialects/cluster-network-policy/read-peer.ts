import { parseCidr } from '../../model/cidr';
import { address, allOf, anyOf, EndpointExpr, POD, selectorExpr } from '../../model/endpoint';
import { Action, Direction } from '../../model/policy-set';
import { DocumentReader, Fields } from '../document-reader';
import { readLabelSelector } from '../label-selector-reader';
import { DOMAIN_NAME, isInsideName } from './fields';
import { Form, LONGEST_NETWORK, MOST_ITEMS, PeerField } from './kinds';

/** Who is at the other end of a rule, and whom a policy is about. */

export interface Peer {
  readonly field: PeerField;
  readonly expr: EndpointExpr;
}

export function readPeer(reader: DocumentReader, raw: unknown, path: string, form: Form, direction: Direction, action: Action): Peer {
  const fields = reader.object(raw, path);
  const known = form.peers[direction];
  const given = known.filter(field => reader.own(fields, field) !== undefined);
  const unknown = Object.keys(fields).find(key => !known.some(field => field === key) && reader.own(fields, key) !== undefined);
  if (unknown !== undefined) { throw reader.fail(`${path}.${unknown.slice(0, 80)}`, unknownPeer(unknown, given, form, direction, action)); }
  if (given.length > 1) { throw reader.fail(path, `exactly one of ${known.join(', ')} is needed, got ${given.join(' and ')}; each is a peer of its own`); }
  if (given.length === 0) { throw reader.fail(path, `exactly one of ${known.join(', ')} is needed; the API server refuses an empty peer, and ${failsClosed(action)}`); }
  return { field: given[0], expr: readField(reader, fields, given[0], path, form) };
}

function unknownPeer(unknown: string, given: readonly PeerField[], form: Form, direction: Direction, action: Action): string {
  if (direction === 'ingress' && form.peers.egress.some(field => field === unknown)) {
    return 'this is a peer of egress rules only; for ingress select pods, and close them to all else with a NetworkPolicy';
  }
  const left = given.length > 0 ? `the peer would be ${given.join(' and ')} without it` : `the peer would be empty: it refuses that, and ${failsClosed(action)}`;
  return `a peer of ${form.kind} has no such field (it has ${form.peers[direction].join(', ')}), so the API server would drop it, and ${left}`;
}

/** What an enforcer does that meets an empty peer, which is what it sees of a field that is newer than itself. */
const failsClosed = (action: Action): string => (action === 'allow'
  ? 'a CNI that meets one takes the rule as matching nothing'
  : 'a CNI that meets one takes the rule as denying everything');

function readField(reader: DocumentReader, fields: Fields, field: PeerField, path: string, form: Form): EndpointExpr {
  const [value, at] = [reader.own(fields, field), `${path}.${field}`];
  switch (field) {
    case 'namespaces': return allOf(POD, selectorExpr('namespace', readLabelSelector(reader, value, at)));
    case 'pods': return readPods(reader, value, at, form);
    case 'nodes': return allOf({ kind: 'node' }, selectorExpr('node', readLabelSelector(reader, value, at)));
    case 'networks': return anyOf(...readItems(reader, value, at, readNetwork).map(cidr => address(cidr)));
    case 'domainNames': return anyOf(...readItems(reader, value, at, readDomainName).map(fqdn => ({ fqdn })));
  }
}

/** Pods with the network of their node are never among them. */
function readPods(reader: DocumentReader, raw: unknown, path: string, form: Form): EndpointExpr {
  const fields = reader.object(raw, path);
  reader.only(fields, path, ['namespaceSelector', 'podSelector']);
  const [namespaces, pods] = [reader.own(fields, 'namespaceSelector'), reader.own(fields, 'podSelector')];
  if (pods === undefined) { throw reader.fail(`${path}.podSelector`, 'this is required; {} is every pod'); }
  if (namespaces === undefined && form.version === 'v1alpha1') { throw reader.fail(`${path}.namespaceSelector`, 'this is required in v1alpha1; {} is every namespace'); }
  return allOf(
    POD,
    selectorExpr('namespace', readLabelSelector(reader, namespaces ?? {}, `${path}.namespaceSelector`)),
    selectorExpr('pod', readLabelSelector(reader, pods, `${path}.podSelector`)),
  );
}

type ReadItem = (reader: DocumentReader, raw: unknown, path: string) => string;

function readItems(reader: DocumentReader, raw: unknown, path: string, read: ReadItem): string[] {
  const items = reader.list(raw, path);
  if (items.length === 0 || items.length > MOST_ITEMS) { throw reader.fail(path, `must have 1 to ${MOST_ITEMS} items, got ${items.length}`); }
  const texts = reader.strings(items, path);
  const repeated = texts.findIndex((text, i) => texts.indexOf(text) < i);
  if (repeated >= 0) { throw reader.fail(`${path}[${repeated}]`, `${JSON.stringify(texts[repeated].slice(0, 80))} is already in the list, and the API server refuses it twice`); }
  return texts.map((text, i) => read(reader, text, `${path}[${i}]`));
}

function readNetwork(reader: DocumentReader, raw: unknown, path: string): string {
  const text = reader.string(raw, path);
  if (text.length > LONGEST_NETWORK) { throw reader.fail(path, `must have at most ${LONGEST_NETWORK} characters, got ${text.length}`); }
  return reader.at(path, () => parseCidr(text));
}

/** The longest name of DNS, and its dot at the end. */
const LONGEST_DOMAIN = 254;

function readDomainName(reader: DocumentReader, raw: unknown, path: string): string {
  const text = reader.string(raw, path);
  if (text.length > LONGEST_DOMAIN || !DOMAIN_NAME.test(text)) {
    throw reader.fail(path, `${JSON.stringify(text.slice(0, 80))} is no domain name of two labels or more, whose only wildcard is a leading "*."`);
  }
  if (isInsideName(text)) { throw reader.fail(path, `${JSON.stringify(text)} is a name of the cluster's own DNS, which CNIs take in different ways; select the pods by labels`); }
  return text.startsWith('*.') ? `*${text}` : text;
}

export function readSubject(reader: DocumentReader, raw: unknown, path: string, form: Form): EndpointExpr {
  const fields = reader.object(raw, path);
  reader.only(fields, path, form.peers.ingress);
  const given = form.peers.ingress.filter(field => reader.own(fields, field) !== undefined);
  if (given.length !== 1) { throw reader.fail(path, `exactly one of ${form.peers.ingress.join(', ')} is needed, got ${given.join(' and ') || 'none'}; every pod is namespaces: {}`); }
  return readField(reader, fields, given[0], path, form);
}
