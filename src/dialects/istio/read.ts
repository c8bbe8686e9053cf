import { DEFAULT_MESH, IstioMesh } from './mesh';
import { readRule } from './read-rule';
import { Context, namespaceNameProblem } from './read-source';
import { NOT_TCP } from './terms';
import { allOf, ANY, anyOf, EndpointExpr, inNamespace, labelIn, POD } from '../../model/endpoint';
import { labelKeyProblem, labelValueProblem } from '../../model/labels';
import { Action, MESH, Mode, Origin, Policy, Rule } from '../../model/policy-set';
import { DocumentReader, Fields } from '../document-reader';
import { withReasons } from '../justifications';

export const API_VERSIONS: readonly string[] = ['security.istio.io/v1', 'security.istio.io/v1beta1'];
export const DRY_RUN = 'istio.io/dry-run';

const ACTIONS: Readonly<Record<string, Action>> = { ALLOW: 'allow', DENY: 'deny', AUDIT: 'log', CUSTOM: 'external' };

/** security.istio.io AuthorizationPolicy, with the checks of Istio's webhook. `version` is Istio's. */
export function readIstio(document: unknown, at?: string, version?: string, mesh: Partial<IstioMesh> = {}): Policy[] {
  const { reader, fields, origin } = DocumentReader.open(document, at);
  if (!API_VERSIONS.includes(origin.apiVersion) || origin.kind !== 'AuthorizationPolicy') { throw reader.fail('kind', 'this is not a security.istio.io AuthorizationPolicy'); }
  const namespace = origin.namespace ?? 'default';
  const problem = namespaceNameProblem(namespace);
  if (problem !== undefined) { throw reader.fail('metadata.namespace', problem); }
  const context: Context = { reader, namespace, version, mesh: { ...DEFAULT_MESH, ...mesh } };
  const spec = reader.object(reader.own(fields, 'spec') ?? {}, 'spec');
  reader.only(spec, 'spec', ['selector', 'targetRef', 'targetRefs', 'action', 'provider', 'rules']);
  const action = ACTIONS[reader.oneOf(reader.own(spec, 'action') ?? 'ALLOW', 'spec.action', Object.keys(ACTIONS))];
  const mode = readMode(reader, fields, action);
  const own: Origin = { ...origin, namespace };
  const rules = readRules(context, spec, action, own);
  const provider = readProvider(reader, spec, action);
  const unsupported = context.mesh.dataPlane === 'ambient' && (action === 'log' || action === 'external') && !isTargeted(reader, spec);
  return withReasons(document, [{
    origin: own,
    stage: MESH,
    // What is decided elsewhere comes first, so that no allow hides it.
    order: [action === 'external' ? 0 : 1],
    mode: unsupported ? 'void' : mode,
    ...(unsupported ? { voidBecause: `ztunnel does not know the action ${action === 'log' ? 'AUDIT' : 'CUSTOM'}` } : {}),
    direction: 'ingress',
    subject: readSubject(context, spec),
    isolates: action === 'allow',
    rules: action === 'allow' ? [...rules, notSeen(own)] : rules,
    ...(provider === undefined ? {} : { effects: { provider } }),
  }]);
}

/** What an ALLOW policy does not close. */
export const notSeen = (origin: Origin): Rule => ({
  action: 'allow',
  match: { source: ANY, destination: ANY, traffic: [NOT_TCP] },
  origin: { ...origin, part: 'everything but TCP, which the mesh does not see' },
});

function readRules(context: Context, spec: Fields, action: Action, origin: Origin): Rule[] {
  const { reader, version } = context;
  const items = reader.optionalList(reader.own(spec, 'rules'), 'spec.rules') ?? [];
  if (items.length > 512) { throw reader.fail('spec.rules', `the API server takes at most 512 rules${version === undefined ? '' : ' since Istio 1.25'}`); }
  if (items.length === 0 && (action === 'deny' || action === 'external')) {
    throw reader.fail('spec.rules', 'Istio refuses DENY and CUSTOM without rules, which would match nothing; say `rules: [{}]` for everything');
  }
  if (action === 'external') { items.forEach((item, i) => checkCustom(reader, item, `spec.rules[${i}]`)); }
  return items.flatMap((item, i) => readRule(context, item, `spec.rules[${i}]`, action, origin));
}

const NOT_CUSTOM = ['principals', 'notPrincipals', 'requestPrincipals', 'notRequestPrincipals', 'namespaces', 'notNamespaces', 'serviceAccounts',
  'notServiceAccounts', 'trustDomains', 'notTrustDomains'];
const NOT_CUSTOM_KEYS = ['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal'];

function checkCustom(reader: DocumentReader, item: unknown, path: string): void {
  const fields = reader.object(item, path);
  for (const [i, from] of (reader.optionalList(reader.own(fields, 'from'), `${path}.from`) ?? []).entries()) {
    const source = reader.object(reader.own(reader.object(from, `${path}.from[${i}]`), 'source') ?? {}, `${path}.from[${i}].source`);
    const wrong = NOT_CUSTOM.find(key => reader.own(source, key) !== undefined);
    if (wrong !== undefined) { throw reader.fail(`${path}.from[${i}].source.${wrong}`, 'Istio refuses this field with the action CUSTOM'); }
  }
  for (const [i, raw] of (reader.optionalList(reader.own(fields, 'when'), `${path}.when`) ?? []).entries()) {
    const key = reader.own(reader.object(raw, `${path}.when[${i}]`), 'key');
    if (typeof key === 'string' && (NOT_CUSTOM_KEYS.includes(key) || key.startsWith('request.auth.'))) {
      throw reader.fail(`${path}.when[${i}].key`, `Istio refuses ${key} with the action CUSTOM`);
    }
  }
}

function readProvider(reader: DocumentReader, spec: Fields, action: Action): string | undefined {
  const value = reader.own(spec, 'provider');
  if (action !== 'external') {
    if (value !== undefined) { throw reader.fail('spec.provider', 'Istio refuses a provider without the action CUSTOM'); }
    return undefined;
  }
  const fields = reader.object(value, 'spec.provider');
  reader.only(fields, 'spec.provider', ['name']);
  const name = reader.string(reader.own(fields, 'name'), 'spec.provider.name');
  if (name === '') { throw reader.fail('spec.provider.name', 'Istio refuses an empty name'); }
  return name;
}

const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

function readMode(reader: DocumentReader, fields: Fields, action: Action): Mode {
  const metadata = reader.object(reader.own(fields, 'metadata'), 'metadata');
  const annotations = reader.object(reader.own(metadata, 'annotations') ?? {}, 'metadata.annotations');
  const value = reader.own(annotations, DRY_RUN);
  if (value === undefined) { return 'enforce'; }
  const path = `metadata.annotations[${DRY_RUN}]`;
  const text = reader.string(value, path);
  if (action !== 'allow' && action !== 'deny') { throw reader.fail(path, 'Istio takes a dry run of ALLOW and DENY only'); }
  if (!TRUE.includes(text) && !FALSE.includes(text)) { throw reader.fail(path, `must be "true" or "false", got ${JSON.stringify(text.slice(0, 40))}`); }
  return TRUE.includes(text) ? 'staged' : 'enforce';
}

const isTargeted = (reader: DocumentReader, spec: Fields): boolean => targets(reader, spec).length > 0;

function targets(reader: DocumentReader, spec: Fields): readonly unknown[] {
  const one = reader.own(spec, 'targetRef');
  return one === undefined ? reader.optionalList(reader.own(spec, 'targetRefs'), 'spec.targetRefs') ?? [] : [one];
}

function readSubject(context: Context, spec: Fields): EndpointExpr {
  const { reader, namespace, mesh } = context;
  const given = ['selector', 'targetRef', 'targetRefs'].filter(key => reader.own(spec, key) !== undefined);
  if (given.length > 1) { throw reader.fail(`spec.${given[1]}`, `only one of selector, targetRef and targetRefs can be set, not ${given.join(' and ')}`); }
  const references = targets(reader, spec);
  if (references.length > 16) { throw reader.fail('spec.targetRefs', 'the API server takes at most 16'); }
  if (references.length > 0) { return allOf(POD, inNamespace(namespace), anyOf(...references.map((raw, i) => readTarget(context, raw, `spec.${given[0]}[${i}]`)))); }
  const place = namespace === mesh.rootNamespace ? ANY : inNamespace(namespace);
  return allOf(POD, place, readSelector(reader, reader.own(spec, 'selector')));
}

/** Whether what goes to a Service passes a waypoint is nothing that policies tell, so a reference is never resolved. */
function readTarget({ reader, namespace }: Context, raw: unknown, path: string): EndpointExpr {
  const fields = reader.object(raw, path);
  reader.only(fields, path, ['group', 'kind', 'name', 'namespace']);
  const text = (key: string, missing?: string) => reader.string(reader.own(fields, key) ?? missing, `${path}.${key}`);
  const [group, kind, name, other] = [text('group', ''), text('kind'), text('name'), text('namespace', '')];
  if (other !== '') { throw reader.fail(`${path}.namespace`, 'Istio refuses references to other namespaces'); }
  if (name === '') { throw reader.fail(`${path}.name`, 'Istio refuses an empty name'); }
  if (kind === 'Service' && (group === '' || group === 'core')) { return { ref: 'service', namespace, name }; }
  const known = (kind === 'ServiceEntry' && group === 'networking.istio.io') || ((kind === 'Gateway' || kind === 'GatewayClass') && group === 'gateway.networking.k8s.io');
  throw reader.fail(path, known
    ? `which connections pass ${kind} ${name} depends on routes and waypoints, not on policies, so this policy cannot be read; bind it to a Service, or use a selector`
    : `Istio takes Service, networking.istio.io ServiceEntry, gateway.networking.k8s.io Gateway and GatewayClass, not ${JSON.stringify(`${group}/${kind}`)}`);
}

/** The labels of pods. */
export function readSelector(reader: DocumentReader, value: unknown): EndpointExpr {
  if (value === undefined) { return ANY; }
  const fields = reader.object(value, 'spec.selector');
  reader.only(fields, 'spec.selector', ['matchLabels']);
  const labels = Object.entries(reader.object(reader.own(fields, 'matchLabels') ?? {}, 'spec.selector.matchLabels'));
  return allOf(...labels.map(([key, raw]) => {
    const at = `spec.selector.matchLabels[${key.slice(0, 80)}]`;
    const text = reader.string(raw, at);
    if (key.includes('*') || text.includes('*')) { throw reader.fail(at, 'Istio refuses stars in selectors'); }
    const problem = labelKeyProblem(key) ?? labelValueProblem(key, text);
    if (problem) { throw reader.fail(at, problem); }
    return labelIn('pod', key, text);
  }));
}
