import { anyOf } from '../../model/endpoint';
import { Action, ADMIN, BASELINE, Direction, DIRECTIONS, matchOf, Origin, Policy, Rule } from '../../model/policy-set';
import { ALL_TRAFFIC, TrafficBox } from '../../model/traffic';
import { DocumentReader, Fields } from '../document-reader';
import { withReasons } from '../justifications';
import { BASELINE_V1ALPHA1, Form, FORMS, LONGEST_NAME, MOST_PRIORITY, peersField, V1ALPHA2 } from './kinds';
import { Peer, readPeer, readSubject } from './read-peer';
import { readTraffic } from './read-traffic';
import { partOf } from './rule-names';

/** ClusterNetworkPolicy, AdminNetworkPolicy or BaselineAdminNetworkPolicy: one policy for each direction that has rules, and none that isolates. */
export function readClusterNetworkPolicy(document: unknown, at?: string): Policy[] {
  const { reader, fields, origin } = DocumentReader.open(document, at);
  const form = formOf(reader, origin);
  if (origin.namespace !== undefined) { throw reader.fail('metadata.namespace', `a ${form.kind} is of the whole cluster, and has no namespace`); }
  if (form.onlyName !== undefined && origin.name !== form.onlyName) {
    throw reader.fail('metadata.name', `there is one ${form.kind} in a cluster, and it is called ${JSON.stringify(form.onlyName)}`);
  }
  const spec = reader.object(reader.own(fields, 'spec'), 'spec');
  const own = form === V1ALPHA2 ? ['tier', 'priority'] : form === BASELINE_V1ALPHA1 ? [] : ['priority'];
  reader.only(spec, 'spec', [...own, 'subject', ...DIRECTIONS]);
  const stage = readStage(reader, spec, form);
  const priority = form === BASELINE_V1ALPHA1 ? 0 : reader.integer(reader.own(spec, 'priority'), 'spec.priority', 0, MOST_PRIORITY);
  const subject = readSubject(reader, reader.own(spec, 'subject'), 'spec.subject', form);
  return withReasons(document, DIRECTIONS.flatMap((direction): Policy[] => {
    const rules = readRules(reader, spec, direction, form, origin);
    return rules.length === 0 ? [] : [{ origin, stage, order: [priority, origin.name], mode: 'enforce', direction, subject, isolates: false, rules }];
  }));
}

function formOf(reader: DocumentReader, { apiVersion, kind }: Origin): Form {
  const form = FORMS.find(candidate => candidate.apiVersion === apiVersion && candidate.kind === kind);
  if (form) { return form; }
  const known = FORMS.find(candidate => candidate.kind === kind);
  throw reader.fail('apiVersion', known
    ? `${kind} is of ${known.apiVersion}; the versions have different kinds and fields, and nothing converts between them`
    : `this is none of ${FORMS.map(candidate => `${candidate.apiVersion} ${candidate.kind}`).join(', ')}`);
}

function readStage(reader: DocumentReader, spec: Fields, form: Form): string {
  if (form !== V1ALPHA2) { return form === BASELINE_V1ALPHA1 ? BASELINE : ADMIN; }
  return reader.oneOf(reader.own(spec, 'tier'), 'spec.tier', ['Admin', 'Baseline']) === 'Admin' ? ADMIN : BASELINE;
}

function readRules(reader: DocumentReader, spec: Fields, direction: Direction, form: Form, origin: Origin): Rule[] {
  const path = `spec.${direction}`;
  const rules = reader.optionalList(reader.own(spec, direction), path) ?? [];
  if (rules.length > form.most) { throw reader.fail(path, `at most ${form.most} rules, got ${rules.length}; put the rest into a policy of the next priority`); }
  return rules.map((raw, i) => readRule(reader, raw, direction, `${path}[${i}]`, form, origin));
}

function readRule(reader: DocumentReader, raw: unknown, direction: Direction, path: string, form: Form, origin: Origin): Rule {
  const fields = reader.object(raw, path);
  const side = peersField(direction);
  refuseUnknown(reader, fields, path, ['name', 'action', side, form.traffic], form);
  const name = reader.own(fields, 'name');
  const text = name === undefined ? undefined : reader.string(name, `${path}.name`);
  if (text !== undefined && [...text].length > LONGEST_NAME) { throw reader.fail(`${path}.name`, `must have at most ${LONGEST_NAME} characters, got ${[...text].length}`); }
  const action = readAction(reader, reader.own(fields, 'action'), `${path}.action`, form);
  const peers = readList(reader, fields, side, path, form).map((item, i) => readPeer(reader, item, `${path}.${side}[${i}]`, form, direction, action));
  const given = reader.own(fields, form.traffic);
  const traffic = given === undefined
    ? ALL_TRAFFIC
    : readList(reader, fields, form.traffic, path, form).map((item, i) => readTraffic(reader, item, `${path}.${form.traffic}[${i}]`, form));
  checkTogether(reader, path, action, peers, traffic);
  const peer = anyOf(...peers.map(({ expr }) => expr));
  return {
    action,
    match: matchOf(direction, peer, traffic),
    origin: { ...origin, part: partOf(path.slice('spec.'.length), text) },
  };
}

/** A rule that lost what narrows it to ports would be a rule about all traffic. */
function refuseUnknown(reader: DocumentReader, fields: Fields, path: string, known: readonly string[], form: Form): void {
  const other = form.traffic === 'protocols' ? 'ports' : 'protocols';
  if (reader.own(fields, other) !== undefined) {
    throw reader.fail(`${path}.${other}`, `${form.version} has ${form.traffic} and not ${other}: the API server would drop this, and the rule would be about all traffic`);
  }
  reader.only(fields, path, known);
}

/** Never empty: neither an absent list nor an empty one is every peer, or every port. */
function readList(reader: DocumentReader, fields: Fields, field: string, path: string, form: Form): readonly unknown[] {
  const items = reader.list(reader.own(fields, field), `${path}.${field}`);
  if (items.length === 0 || items.length > form.most) { throw reader.fail(`${path}.${field}`, `must have 1 to ${form.most} items, got ${items.length}`); }
  return items;
}

function readAction(reader: DocumentReader, value: unknown, path: string, form: Form): Action {
  const words = Object.entries(form.actions) as [Action, string][];
  const said = reader.string(value, path);
  const found = words.find(([, word]) => word === said);
  if (found) { return found[0]; }
  const hint = said === 'Allow' || said === 'Accept' ? `; what v1alpha1 calls Allow is Accept in v1alpha2, and this is ${form.version}`
    : said === 'Pass' ? '; nothing comes after the baseline to pass to' : '';
  throw reader.fail(path, `must be one of ${words.map(([, word]) => word).join(', ')}, got ${JSON.stringify(said.slice(0, 80))}${hint}`);
}

/** What is right by itself, and not together. */
function checkTogether(reader: DocumentReader, path: string, action: Action, peers: readonly Peer[], traffic: readonly TrafficBox[]): void {
  const has = (...wanted: readonly string[]) => peers.find(({ field }) => wanted.includes(field));
  if (action !== 'allow' && has('domainNames')) {
    throw reader.fail(path, 'domainNames stand in rules that accept only; accept the names that are needed, and deny networks in a later rule');
  }
  const without = has('networks', 'nodes', 'domainNames');
  const named = traffic.flatMap(({ destinationPorts }) => destinationPorts?.names ?? []);
  if (without && named.length > 0) {
    throw reader.fail(path, `the port name ${JSON.stringify(named[0])} may not stand beside ${without.field}, which have no named ports; state the number, or make two rules`);
  }
}
