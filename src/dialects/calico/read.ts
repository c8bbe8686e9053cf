import { Family } from '../../model/cidr';
import { EndpointExpr } from '../../model/endpoint';
import { Action, Direction, DIRECTIONS, Origin, Policy, Rule } from '../../model/policy-set';
import { DocumentReader, Fields } from '../document-reader';
import { NAMESPACE, OF_NAMESPACE, OF_SERVICE_ACCOUNT, prefixed, SERVICE_ACCOUNT } from './labels';
import { End, readEnd, readSelector, withConstants } from './read-entity';
import { readTraffic } from './read-traffic';
import { equals, every, Selector } from './selector';
import { endpointsExpr } from './selector-expr';
import { builtinTier, CALICO_V3, DEFAULT_TIER, policyOrder } from './tiers';

/**
 * NetworkPolicy and GlobalNetworkPolicy of projectcalico.org/v3 and their staged kinds, with the defaults that Calico fills in
 * and the checks that it makes: what it refuses it does not enforce.
 */
export function readCalico(document: unknown, at?: string): Policy[] {
  const { reader, fields, origin: { namespace: stated, ...named } } = DocumentReader.open(document, at);
  const kind = Object.hasOwn(KINDS, named.kind) ? KINDS[named.kind] : undefined;
  if (named.apiVersion === 'crd.projectcalico.org/v1') { throw reader.fail('apiVersion', `this is how Calico stores its objects; write ${CALICO_V3}`); }
  if (named.apiVersion !== CALICO_V3 || !kind) {
    throw reader.fail('kind', named.apiVersion === CALICO_V3 ? `${named.kind} is not evaluated yet` : `this is not a policy of ${CALICO_V3}`);
  }
  if (kind.global && stated !== undefined) { throw reader.fail('metadata.namespace', `a ${named.kind} has no namespace`); }
  const origin: Origin = kind.global ? named : { ...named, namespace: stated ?? 'default' };
  checkName(reader, origin);
  const spec = reader.object(reader.own(fields, 'spec'), 'spec');
  reader.only(spec, 'spec', [...SPEC, ...(kind.global ? GLOBAL_SPEC : []), ...(kind.staged ? ['stagedAction'] : [])]);
  if (kind.staged && readStagedAction(reader, spec) === 'Delete') { return []; }
  return readSpec(reader, spec, origin, kind.staged);
}

const KINDS: Readonly<Record<string, { readonly global: boolean; readonly staged: boolean }>> = {
  NetworkPolicy: { global: false, staged: false },
  GlobalNetworkPolicy: { global: true, staged: false },
  StagedNetworkPolicy: { global: false, staged: true },
  StagedGlobalNetworkPolicy: { global: true, staged: true },
};

// performanceHints change no answer.
const SPEC = ['tier', 'order', 'selector', 'serviceAccountSelector', 'types', 'ingress', 'egress', 'performanceHints'];
const HOST_ONLY = ['doNotTrack', 'preDNAT', 'applyOnForward'];
const GLOBAL_SPEC = ['namespaceSelector', ...HOST_ONLY];

function readSpec(reader: DocumentReader, spec: Fields, origin: Origin, staged: boolean): Policy[] {
  for (const field of HOST_ONLY) {
    const value = reader.own(spec, field);
    if (value !== undefined && reader.boolean(value, `spec.${field}`)) { throw reader.fail(`spec.${field}`, 'policies of this kind are not evaluated yet'); }
  }
  const tier = reader.string(reader.own(spec, 'tier') ?? DEFAULT_TIER, 'spec.tier') || DEFAULT_TIER;
  const order = reader.own(spec, 'order');
  const common = {
    origin,
    stage: tier,
    order: policyOrder(order === undefined ? undefined : reader.number(order, 'spec.order'), origin.name, origin.namespace, origin.kind),
    mode: staged ? 'staged' as const : 'enforce' as const,
    subject: readSubject(reader, spec, origin),
    // Other tiers are known when the Tier objects are: `link` corrects this.
    isolates: builtinTier(tier)?.defaultAction !== 'Pass',
  };
  const rules = { ingress: readRules(reader, spec, 'ingress', origin), egress: readRules(reader, spec, 'egress', origin) };
  const types = readTypes(reader, spec, rules);
  return DIRECTIONS.filter(direction => types.includes(direction)).map(direction => ({ ...common, direction, rules: rules[direction] }));
}

/** Rules of Calico's own: with at most one dot, which separates a tier from a name. */
function checkName(reader: DocumentReader, { kind, name }: Origin): void {
  const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
  const generated = kind.endsWith('GlobalNetworkPolicy') ? '' : `|(knp|ossg)\\.default\\.${label}(\\.${label})*`;
  if (name.length > 253 || !new RegExp(`^(${label}(\\.${label})?${generated})$`).test(name)) {
    throw reader.fail('metadata.name', `${JSON.stringify(name)} is no name of a policy: use lower-case letters, digits and "-", and one "." at most, after the tier`);
  }
}

function readStagedAction(reader: DocumentReader, spec: Fields): 'Set' | 'Delete' {
  const action = reader.oneOf(reader.own(spec, 'stagedAction') ?? 'Set', 'spec.stagedAction', ['Set', 'Delete', 'Learn', 'Ignore']);
  if (action === 'Learn' || action === 'Ignore') { throw reader.fail('spec.stagedAction', `${action} is not evaluated yet`); }
  const extra = Object.keys(spec).find(key => !['stagedAction', 'tier'].includes(key) && reader.own(spec, key) !== undefined);
  if (action === 'Delete' && extra !== undefined) { throw reader.fail(`spec.${extra}`, 'must be absent when stagedAction is Delete'); }
  return action;
}

/** As Calico combines them: in a global policy with a namespaceSelector a stated all() means what is in a namespace, and so on. */
function readSubject(reader: DocumentReader, spec: Fields, { namespace }: Origin): EndpointExpr {
  const selector = readSelector(reader, spec, 'selector', 'spec');
  const accounts = readSelector(reader, spec, 'serviceAccountSelector', 'spec');
  const namespaces = readSelector(reader, spec, 'namespaceSelector', 'spec');
  let parts: Selector[] = [...(namespace === undefined ? [] : [equals(NAMESPACE, namespace)]), ...(selector ? [selector] : [])];
  if (namespaces) { parts = [prefixed(namespaces, OF_NAMESPACE), ...parts].map(part => withConstants(part, NAMESPACE)); }
  if (accounts) { parts = [...parts, prefixed(accounts, OF_SERVICE_ACCOUNT)].map(part => withConstants(part, SERVICE_ACCOUNT)); }
  return reader.at('spec', () => endpointsExpr(every(parts)));
}

/** Absent: the directions that have rules, and Ingress when none has. */
function readTypes(reader: DocumentReader, spec: Fields, rules: Readonly<Record<Direction, readonly Rule[]>>): Direction[] {
  const given = reader.optionalList(reader.own(spec, 'types'), 'spec.types') ?? [];
  const types = given.map((type, i): Direction => (reader.oneOf(type, `spec.types[${i}]`, ['Ingress', 'Egress']) === 'Ingress' ? 'ingress' : 'egress'));
  if (new Set(types).size < types.length) { throw reader.fail('spec.types', 'states a direction twice'); }
  if (types.length > 0) { return types; }
  if (rules.egress.length === 0) { return ['ingress']; }
  return rules.ingress.length === 0 ? ['egress'] : ['ingress', 'egress'];
}

const readRules = (reader: DocumentReader, spec: Fields, direction: Direction, origin: Origin): Rule[] =>
  (reader.optionalList(reader.own(spec, direction), `spec.${direction}`) ?? []).map((raw, i) => readRule(reader, raw, `spec.${direction}[${i}]`, origin));

const ACTIONS = { Allow: 'allow', Deny: 'deny', Pass: 'pass', Log: 'log' } as const satisfies Record<string, Action>;

function readRule(reader: DocumentReader, raw: unknown, path: string, origin: Origin): Rule {
  const fields = reader.object(raw, path);
  reader.only(fields, path, ['action', 'ipVersion', 'protocol', 'notProtocol', 'icmp', 'notICMP', 'source', 'destination', 'http', 'metadata']);
  const action = reader.oneOf(reader.own(fields, 'action'), `${path}.action`, ['Allow', 'Deny', 'Pass', 'Log']);
  if (reader.own(fields, 'http') !== undefined) { throw reader.fail(`${path}.http`, 'HTTP rules are not evaluated yet'); }
  const [sourceFields, destinationFields] = ['source', 'destination'].map(key => reader.object(reader.own(fields, key) ?? {}, `${path}.${key}`));
  const source = readEnd(reader, sourceFields, `${path}.source`, origin.namespace);
  const destination = readEnd(reader, destinationFields, `${path}.destination`, origin.namespace);
  const ipVersion = readIpVersion(reader, fields, path, [source, destination]);
  const traffic = readTraffic(reader, fields, sourceFields, destinationFields, path, ipVersion);
  const effects = readEffects(reader, fields, path);
  return {
    action: ACTIONS[action],
    match: { source: source.expr, destination: destination.expr, traffic },
    origin: { ...origin, part: path.slice('spec.'.length) },
    ...(effects ? { effects } : {}),
  };
}

/** A rule is of one IP version. Nets say it themselves; notNets alone leave the other version out, which has to be said. */
function readIpVersion(reader: DocumentReader, fields: Fields, path: string, ends: readonly End[]): Family | undefined {
  const value = reader.own(fields, 'ipVersion');
  if (value !== undefined && value !== 4 && value !== 6) { throw reader.fail(`${path}.ipVersion`, `must be 4 or 6, got ${JSON.stringify(value)}`); }
  const ofNets = ends.flatMap(({ netFamilies }) => netFamilies);
  const families = [...new Set([...ofNets, ...ends.flatMap(({ notNetFamilies }) => notNetFamilies)])];
  if (families.length > 1) { throw reader.fail(path, 'mixes IPv4 and IPv6 nets; write one rule for each'); }
  if (value !== undefined && families.length > 0 && families[0] !== value) { throw reader.fail(`${path}.ipVersion`, `the nets of this rule are IPv${families[0]}`); }
  return value ?? (ofNets.length > 0 ? undefined : families[0]);
}

function readEffects(reader: DocumentReader, fields: Fields, path: string): Rule['effects'] {
  const value = reader.own(fields, 'metadata');
  if (value === undefined) { return undefined; }
  const metadata = reader.object(value, `${path}.metadata`);
  reader.only(metadata, `${path}.metadata`, ['annotations']);
  const annotations = reader.own(metadata, 'annotations');
  return annotations === undefined ? undefined : { annotations: reader.object(annotations, `${path}.metadata.annotations`) };
}
