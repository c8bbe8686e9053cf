import { EndpointExpr } from '../../model/endpoint';
import { Direction, DIRECTIONS, NORMAL, Origin, Policy, Rule } from '../../model/policy-set';
import { DocumentReader, Fields } from '../document-reader';
import { readReasons, withRead } from '../justifications';
import { ALWAYS_FAILS, readPolicyEffects } from './effects';
import { CILIUM_CLUSTERWIDE_NETWORK_POLICY, CILIUM_NETWORK_POLICY } from './kinds';
import { readNodeSubject } from './nodes';
import { directionOf, LISTS, readItem } from './read-item';
import { Reading } from './reading';
import { readRequirements, Sourced } from './selector-keys';
import { readSubject } from './selectors';

/**
 * CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy, cilium.io/v2. What the API server or the agent refuses is unreadable with their reason:
 * an agent stores such a policy and does not enforce it. What cannot be said exactly is unreadable too, and never left out.
 */
export function readCilium(document: unknown, at?: string, version?: string): Policy[] {
  const { reader, fields, origin: found } = DocumentReader.open(document, at);
  const clusterwide = found.kind === CILIUM_CLUSTERWIDE_NETWORK_POLICY.kind;
  if (found.apiVersion !== CILIUM_NETWORK_POLICY.apiVersion || (found.kind !== CILIUM_NETWORK_POLICY.kind && !clusterwide)) {
    throw reader.fail('kind', 'this is not a cilium.io/v2 CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy');
  }
  reader.only(fields, 'document', ['apiVersion', 'kind', 'metadata', 'spec', 'specs', 'status']);
  // A namespace at a cluster-scoped object is dropped by those who apply it.
  const { namespace = 'default', ...unscoped } = found;
  const origin: Origin = clusterwide ? unscoped : { ...unscoped, namespace };
  const reading = new Reading(reader, origin.namespace, version);
  const [spec, specs] = [reader.own(fields, 'spec'), reader.optionalList(reader.own(fields, 'specs'), 'specs') ?? []];
  if (spec === undefined && specs.length === 0) { throw reading.notEnforced('spec', 'spec or specs is needed'); }
  return [
    ...(spec === undefined ? [] : readSpec(reading, spec, 'spec', origin)),
    ...specs.flatMap((raw, i) => readSpec(reading, raw, `specs[${i}]`, origin)),
  ];
}

function readSpec(reading: Reading, raw: unknown, path: string, origin: Origin): Policy[] {
  const fields = reading.object(raw, path, ['endpointSelector', 'nodeSelector', ...LISTS, 'enableDefaultDeny', 'description', 'labels', 'log'], {
    fromEndpoints: 'it stands in an item of ingress',
    toEndpoints: 'it stands in an item of egress',
    podSelector: 'pods are selected with endpointSelector',
    policyTypes: 'an empty item, such as ingress: [{}], closes a direction',
  });
  const { subject, nodes } = readSelected(reading, fields, path);
  const openPeers = !nodes && reading.namespace === undefined && readRequirements(reading, reading.own(fields, 'endpointSelector'), `${path}.endpointSelector`).some(isOfInit);
  const items = (list: typeof LISTS[number]): readonly unknown[] => reading.list(fields, list, path) ?? [];
  if (LISTS.every(list => items(list).length === 0)) {
    throw reading.notEnforced(path, `at least one of ${LISTS.join(', ')} must have an item; to close a direction write an empty one, such as ingress: [{}]`);
  }
  const defaultDeny = readDefaultDeny(reading, reading.own(fields, 'enableDefaultDeny'), `${path}.enableDefaultDeny`);
  const isolates = { ingress: defaultDeny.ingress ?? true, egress: defaultDeny.egress ?? true };
  const { effects, reasons } = readDescribed(readPolicyEffects(reading, fields, path));
  return DIRECTIONS.flatMap((direction): Policy[] => {
    const lists = LISTS.filter(list => directionOf(list) === direction);
    // Default deny is asked for by each item: without an item enableDefaultDeny has no effect.
    if (lists.every(list => items(list).length === 0)) { return []; }
    const rules = lists.flatMap(list => items(list).flatMap((item, i) => readItem(reading, item, `${path}.${list}[${i}]`, list, { origin, nodes, openPeers })));
    const policy: Policy = {
      origin: { ...origin, part: path },
      stage: NORMAL,
      order: [],
      mode: 'enforce',
      direction,
      subject,
      isolates: isolates[direction],
      rules,
      ...(effects ? { effects } : {}),
    };
    checkModes(reading, policy, path);
    return [reasons ? withRead(policy, reasons) : policy];
  });
}

/** Reasons stand in the description, beside what else is there. */
function readDescribed(effects: Policy['effects']) {
  const reasons = readReasons(effects?.description);
  if (!reasons || !effects) { return { effects }; }
  const { description: _, ...others } = effects;
  const left = reasons.rest === '' ? others : { description: reasons.rest, ...others };
  return { reasons, effects: Object.keys(left).length > 0 ? left : undefined };
}

const isOfInit = ({ source, key }: Sourced): boolean => source === 'reserved' && key === 'init';

/** Where some need not authenticate and others cannot, the more specific rule wins, and that is not told here. */
function checkModes(reading: Reading, policy: Policy, path: string): void {
  const has = (mode: string) => (rule: Rule): boolean => rule.effects?.authentication === mode;
  if (policy.rules.some(has(ALWAYS_FAILS)) && policy.rules.some(rule => rule.effects?.authentication !== undefined && !has(ALWAYS_FAILS)(rule))) {
    throw reading.fail(`${path}.${policy.direction}`, `which of several authentication modes counts depends on which rule is more specific, and is not evaluated beside ${ALWAYS_FAILS}`);
  }
}

function readSelected(reading: Reading, fields: Fields, path: string): { subject: EndpointExpr; nodes: boolean } {
  const [endpoints, nodes] = [reading.own(fields, 'endpointSelector'), reading.own(fields, 'nodeSelector')];
  if ((endpoints === undefined) === (nodes === undefined)) { throw reading.refused(path, 'exactly one of endpointSelector and nodeSelector is needed; endpointSelector: {} is every pod'); }
  if (nodes === undefined) { return { subject: readSubject(reading, endpoints, `${path}.endpointSelector`), nodes: false }; }
  if (reading.namespace !== undefined) {
    throw reading.notEnforced(`${path}.nodeSelector`, 'a namespaced policy cannot have a nodeSelector; use a CiliumClusterwideNetworkPolicy');
  }
  return { subject: readNodeSubject(reading, nodes, `${path}.nodeSelector`), nodes: true };
}

function readDefaultDeny(reading: Reading, raw: unknown, path: string): Partial<Record<Direction, boolean>> {
  if (raw === undefined) { return {}; }
  const fields = reading.object(raw, path, DIRECTIONS);
  return Object.fromEntries(DIRECTIONS.filter(direction => reading.own(fields, direction) !== undefined)
    .map(direction => [direction, reading.reader.boolean(reading.own(fields, direction), `${path}.${direction}`)]));
}
