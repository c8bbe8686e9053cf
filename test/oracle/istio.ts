import { cidrContains, isAddress, isCidr } from './addresses';
import { isSet, list, nameOf, namespaceOf, ofKind, onlyFields, reject } from './manifests';

/** AuthorizationPolicy, as Istio's reference and its proxies tell it: one connection or request at a sidecar at a time. */

export interface MeshFlow {
  source: {
    /** Without `spiffe://`; absent in plaintext. */
    principal?: string;
    address: string;
  };
  destination: { namespace: string; labels: Record<string, string>; address: string };
  port: number;
  /** Other protocols than TCP go past the proxy. */
  protocol?: 'TCP' | 'UDP';
  /** Absent where the port is not one of HTTP. */
  http?: MeshRequest;
  /** What nobody but the proxy knows, by the keys of `when`; absent ones are empty. */
  attributes?: Record<string, string>;
}

export interface MeshRequest {
  method: string;
  path: string;
  host: string;
  headers: Record<string, string>;
}

type Action = 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM';

/** 'asked' where a CUSTOM policy matches and no DENY does: somebody else decides. */
export type MeshVerdict = 'allowed' | 'denied' | 'asked';

export function judgeIstio(manifests: any[], flow: MeshFlow, rootNamespace = 'istio-system'): MeshVerdict {
  const policies = ofKind(manifests, 'security.istio.io', 'AuthorizationPolicy');
  policies.forEach(checkPolicy);
  if (flow.protocol === 'UDP') return 'allowed';
  const mine = policies.filter((policy) => isAbout(policy, flow, rootNamespace) && !isDryRun(policy));
  const matching = (action: Action) => mine.some((policy) => (
    actionOf(policy) === action && rulesOf(policy).some((rule) => ruleMatches(rule, action, policy, flow))
  ));
  const asked = matching('CUSTOM');
  if (matching('DENY')) return 'denied';
  if (mine.some((policy) => actionOf(policy) === 'ALLOW') && !matching('ALLOW')) return 'denied';
  return asked ? 'asked' : 'allowed';
}

const actionOf = (policy: any): Action => policy.spec?.action ?? 'ALLOW';
const rulesOf = (policy: any): any[] => policy.spec?.rules ?? [];
const isDryRun = (policy: any): boolean => ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(policy.metadata.annotations?.['istio.io/dry-run']);

function isAbout(policy: any, { destination }: MeshFlow, rootNamespace: string): boolean {
  if (policy.spec?.targetRefs || policy.spec?.targetRef) throw new Error('the judge has no waypoints');
  const wanted: Record<string, string> = policy.spec?.selector?.matchLabels ?? {};
  return [rootNamespace, destination.namespace].includes(namespaceOf(policy))
    && Object.entries(wanted).every(([key, value]) => destination.labels[key] === value);
}

/** A field that cannot be told on this port: an ALLOW rule with it is left out, elsewhere the field alone is. */
class NotHere extends Error {}

function ruleMatches(rule: any, action: Action, policy: any, flow: MeshFlow): boolean {
  try {
    // Everything is asked, since one field of HTTP anywhere takes a whole ALLOW rule away from a TCP port.
    const from = (rule.from ?? [{ source: {} }]).map(({ source }: any) => sourceMatches(source, action, policy, flow));
    const to = (rule.to ?? [{ operation: {} }]).map(({ operation }: any) => operationMatches(operation, action, flow));
    const when = (rule.when ?? []).map((condition: any) => conditionMatches(condition, action, policy, flow));
    return from.includes(true) && to.includes(true) && !when.includes(false);
  } catch (error) {
    if (error instanceof NotHere) return false;
    throw error;
  }
}

const HTTP_SOURCES = ['requestPrincipals'];
const SOURCE_KEYS: Record<string, string> = {
  principals: 'source.principal',
  namespaces: 'source.namespace',
  serviceAccounts: 'source.serviceAccount',
  trustDomains: 'source.trustDomain',
  ipBlocks: 'source.ip',
  remoteIpBlocks: 'remote.ip',
  requestPrincipals: 'request.auth.principal',
};

function sourceMatches(source: any, action: Action, policy: any, flow: MeshFlow): boolean {
  return Object.entries(SOURCE_KEYS).map(([field, key]) => {
    const values = source[field] ?? [];
    const notValues = source[`not${field[0].toUpperCase()}${field.slice(1)}`] ?? [];
    if (values.length + notValues.length === 0) return true;
    if (HTTP_SOURCES.includes(field) && !flow.http) return leftOut(action);
    return wanted(values, notValues, (value) => attributeIs(key, value, policy, flow));
  }).every(Boolean);
}

function leftOut(action: Action): true {
  if (action === 'ALLOW') throw new NotHere();
  return true;
}

const wanted = (values: string[], notValues: string[], is: (value: string) => boolean): boolean =>
  (values.length === 0 || values.some(is)) && !notValues.some(is);

function attributeIs(key: string, value: string, policy: any, { source, destination, port, attributes = {} }: MeshFlow): boolean {
  const uri = source.principal === undefined ? '' : `spiffe://${source.principal}`;
  const [, , ownNamespace, , account] = source.principal?.split('/') ?? [];
  const [domain] = source.principal?.split('/') ?? [''];
  switch (key) {
    case 'source.principal': return value === '*' ? uri !== '' : uri !== '' && textIs(value, source.principal!);
    case 'source.namespace': return uri !== '' && (value === '*' || textIs(value, ownNamespace));
    case 'source.serviceAccount': return uri !== '' && (value.includes('/') ? value : `${namespaceOf(policy)}/${value}`) === `${ownNamespace}/${account}`;
    case 'source.trustDomain': return uri !== '' && (value === '*' || textIs(value, domain));
    case 'source.ip': return inRange(value, source.address);
    case 'destination.ip': return inRange(value, destination.address);
    case 'destination.port': return Number(value) === port;
    case 'remote.ip': return attributes[key] !== undefined && inRange(value, attributes[key]);
    default: return textIs(value, attributes[key] ?? '');
  }
}

const inRange = (range: string, address: string): boolean => cidrContains(range.includes('/') ? range : `${range}/${range.includes(':') ? 128 : 32}`, address);

function textIs(pattern: string, text: string): boolean {
  if (pattern === '*') return text !== '';
  if (pattern.startsWith('*')) return text.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return text.startsWith(pattern.slice(0, -1));
  return pattern === text;
}

function operationMatches(operation: any, action: Action, { port, http }: MeshFlow): boolean {
  const ask = (field: string, is: (value: string, request: MeshRequest) => boolean): boolean => {
    const values = operation[field] ?? [];
    const notValues = operation[`not${field[0].toUpperCase()}${field.slice(1)}`] ?? [];
    if (values.length + notValues.length === 0) return true;
    return http ? wanted(values, notValues, (value) => is(value, http)) : leftOut(action);
  };
  return [
    wanted(operation.ports ?? [], operation.notPorts ?? [], (value) => Number(value) === port),
    ask('methods', (value, { method }) => textIs(value, method)),
    ask('paths', (value, { path }) => pathIs(value, path.split(/[?#]/)[0])),
    ask('hosts', (value, { host }) => textIs(value.toLowerCase(), host.toLowerCase())),
  ].every(Boolean);
}

const isTemplate = (pattern: string): boolean => pattern.includes('{*}') || pattern.includes('{**}');

function pathIs(pattern: string, path: string): boolean {
  if (!isTemplate(pattern)) return textIs(pattern, path);
  return segmentsAre(pattern.split('/'), path.split('/'));
}

/** `{*}` is one segment, `{**}` as many as are left for what follows it. */
function segmentsAre([first, ...rest]: string[], path: string[]): boolean {
  if (first === undefined) return path.length === 0;
  if (path.length === 0) return false;
  if (first === '{**}') return path.some((_, i) => segmentsAre(rest, path.slice(i + 1)));
  return (first === '{*}' ? path[0] !== '' : first === path[0]) && segmentsAre(rest, path.slice(1));
}

function conditionMatches({ key, values = [], notValues = [] }: any, action: Action, policy: any, flow: MeshFlow): boolean {
  if (key.startsWith('request.') && !flow.http) return leftOut(action);
  const header = /^request\.headers\[(.*)\]$/.exec(key)?.[1].toLowerCase();
  if (header === undefined) return wanted(values, notValues, (value) => attributeIs(key, value, policy, flow));
  const held = Object.entries(flow.http!.headers).find(([name]) => name.toLowerCase() === header)?.[1];
  return wanted(values, notValues, (value) => held !== undefined && (value === '*' || textIs(value, held)));
}

function checkPolicy(policy: any): void {
  const where = nameOf(policy);
  const spec = policy.spec ?? {};
  onlyFields(spec, ['selector', 'targetRef', 'targetRefs', 'action', 'provider', 'rules'], where);
  if ([spec.selector, spec.targetRef, spec.targetRefs].filter(isSet).length > 1) reject(where, 'only one of targetRefs or selector can be set');
  if (!['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'].includes(actionOf(policy))) reject(where, `no action: ${spec.action}`);
  if (isSet(spec.selector)) onlyFields(spec.selector, ['matchLabels'], where);
  if (isSet(spec.provider) !== (actionOf(policy) === 'CUSTOM')) reject(where, 'provider goes with CUSTOM');
  const rules = list(spec.rules, where);
  if (rules.length === 0 && ['DENY', 'CUSTOM'].includes(actionOf(policy))) reject(where, 'action without rules is meaningless');
  if (rules.length > 512) reject(where, 'at most 512 rules');
  rules.forEach((rule, i) => checkRule(rule, `${where} rules[${i}]`));
}

const SOURCES = Object.keys(SOURCE_KEYS).flatMap((field) => [field, `not${field[0].toUpperCase()}${field.slice(1)}`]);
const OPERATIONS = ['hosts', 'notHosts', 'ports', 'notPorts', 'methods', 'notMethods', 'paths', 'notPaths'];

function checkRule(rule: any, where: string): void {
  onlyFields(rule, ['from', 'to', 'when'], where);
  for (const [field, part, known] of [['from', 'source', SOURCES], ['to', 'operation', OPERATIONS]] as const) {
    if (!isSet(rule[field])) continue;
    if (list(rule[field], where).length === 0) reject(where, `${field} must not be empty`);
    for (const each of rule[field]) {
      onlyFields(each, [part], where);
      if (!isSet(each[part])) reject(where, `${part} must not be nil`);
      onlyFields(each[part], [...known], where);
      checkValues(each[part], `${where} ${part}`);
    }
  }
  for (const condition of list(rule.when, where)) {
    onlyFields(condition, ['key', 'values', 'notValues'], where);
    if (!condition.key) reject(where, 'key must not be empty');
    const { key, ...values } = condition;
    checkValues(values, `${where} ${key}`);
  }
}

function checkValues(fields: Record<string, any>, where: string): void {
  if (Object.values(fields).every((values) => list(values, where).length === 0)) reject(where, 'must not be empty');
  for (const [field, values] of Object.entries(fields)) {
    for (const value of list(values, where)) {
      if (typeof value !== 'string' || value === '') reject(where, `empty value not allowed in ${field}`);
      if (/ports$/i.test(field) && !(/^\d+$/.test(value) && Number(value) <= 65535)) reject(where, `bad port ${value}`);
      if (/ipBlocks$/i.test(field) && !isCidr(value) && !isAddress(value)) reject(where, `bad address ${value}`);
      if (/paths$/i.test(field) && /[{}]/.test(value.replace(/(^|\/)\{\*\*?\}(?=\/|$)/g, ''))) reject(where, `bad path ${value}`);
    }
  }
}
