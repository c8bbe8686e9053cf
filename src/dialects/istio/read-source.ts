import { Condition, addressRange } from './conditions';
import { IstioMesh, withAliases } from './mesh';
import { chosen, IDENTITY, identityIn } from './terms';
import { allOf, ANY, anyOf, EndpointExpr } from '../../model/endpoint';
import { dnsLabelProblem } from '../../model/labels';
import { DocumentReader, Fields } from '../document-reader';
import { isBefore } from '../versions';

/** Who calls: one `source`, or the attributes of a `when` that are about the same. */
export interface Caller {
  readonly expr: EndpointExpr;
  readonly conditions: readonly Condition[];
  /** Whether ztunnel knows any of it. */
  readonly layer4: boolean;
  /** Whether ztunnel takes any of it for a condition on requests. */
  readonly request: boolean;
}

interface Lists {
  readonly values: readonly string[];
  readonly notValues: readonly string[];
}

/** What a caller may be known by: how it is written in `source`, and as a key of `when`. */
interface Attribute {
  readonly field: string;
  readonly key: string;
  readonly since?: string;
  /** ztunnel leaves the others out. */
  readonly layer4: boolean;
  /** Undefined for what only a proxy can tell. */
  expr?(value: string, context: Context): EndpointExpr | undefined;
  problem?(value: string): string | undefined;
}

export interface Context {
  readonly reader: DocumentReader;
  readonly mesh: IstioMesh;
  /** The policy's own. */
  readonly namespace: string;
  readonly version: string | undefined;
}

export const ATTRIBUTES: readonly Attribute[] = [
  { field: 'principals', key: 'source.principal', layer4: true, expr: (value, { mesh }) => anyOf(...withAliases(value, mesh).map(principal => ({ principal }))) },
  { field: 'namespaces', key: 'source.namespace', layer4: true, expr: identityIn, problem: namespaceProblem },
  { field: 'serviceAccounts', key: 'source.serviceAccount', since: '1.25', layer4: true, expr: serviceAccount, problem: serviceAccountProblem },
  { field: 'trustDomains', key: 'source.trustDomain', since: '1.30', layer4: false, expr: trustDomain, problem: trustDomainProblem },
  { field: 'ipBlocks', key: 'source.ip', layer4: true, expr: range },
  { field: 'remoteIpBlocks', key: 'remote.ip', layer4: false, problem: rangeProblem },
  { field: 'requestPrincipals', key: 'request.auth.principal', layer4: false },
];

const negative = (field: string): string => `not${field[0].toUpperCase()}${field.slice(1)}`;

export function readSource(context: Context, raw: unknown, path: string): Caller {
  const { reader, version } = context;
  const fields = reader.object(raw, path);
  reader.only(fields, path, ATTRIBUTES.flatMap(({ field }) => [field, negative(field)]));
  const given = ATTRIBUTES.map(attribute => {
    const lists: Lists = { values: texts(reader, fields, attribute.field, path), notValues: texts(reader, fields, negative(attribute.field), path) };
    const stated = lists.values.length + lists.notValues.length > 0;
    if (stated && attribute.since !== undefined && isBefore(version, attribute.since)) {
      throw reader.fail(`${path}.${attribute.field}`, `Istio knows this field since ${attribute.since}; before, the API server drops it and the source is wider`);
    }
    return { attribute, lists, stated };
  }).filter(({ stated }) => stated);
  if (given.length === 0) { throw reader.fail(path, 'Istio refuses an empty source; leave `from` out for any caller'); }
  const has = (...names: string[]) => given.some(({ attribute }) => names.includes(attribute.field));
  if (has('serviceAccounts') && has('principals', 'namespaces')) { throw reader.fail(path, 'serviceAccounts may not stand beside principals or namespaces'); }
  return callers(given.map(({ attribute, lists }) => attributeCaller(context, attribute, lists, `${path}.${attribute.field}`)));
}

/** A list of texts, none of them empty. */
export function texts(reader: DocumentReader, fields: Fields, key: string, path: string): string[] {
  const value = reader.own(fields, key);
  const items = value === undefined ? [] : reader.strings(value, `${path}.${key}`);
  if (items.includes('')) { throw reader.fail(`${path}.${key}`, 'Istio refuses empty values'); }
  return items;
}

/** All of them at once. */
export const callers = (parts: readonly Caller[]): Caller => ({
  expr: allOf(...parts.map(({ expr }) => expr)),
  conditions: parts.flatMap(({ conditions }) => conditions),
  layer4: parts.some(({ layer4 }) => layer4),
  request: parts.some(({ request }) => request),
});

export function attributeCaller(context: Context, attribute: Attribute, { values, notValues }: Lists, path: string): Caller {
  const { reader, mesh } = context;
  const { key, layer4, problem } = attribute;
  const request = attribute.field === 'remoteIpBlocks' || attribute.field === 'requestPrincipals';
  for (const value of [...values, ...notValues]) {
    const wrong = problem?.(value);
    if (wrong !== undefined) { throw reader.fail(path, wrong); }
  }
  if (attribute.field === 'serviceAccounts' && Math.max(values.length, notValues.length) > 16) { throw reader.fail(path, 'Istio takes at most 16 values'); }
  // ztunnel leaves out what it does not know.
  if (!layer4 && mesh.dataPlane === 'ambient') { return { expr: ANY, conditions: [], layer4, request }; }
  const exprs = new Map([...values, ...notValues].map(value => [value, reader.at(path, () => attribute.expr?.(value, context))]));
  if ([...exprs.values()].includes(undefined)) { return { expr: ANY, conditions: [{ key, values, notValues }], layer4, request }; }
  return { expr: chosen(values, notValues, value => exprs.get(value)!) ?? ANY, conditions: [], layer4, request };
}

function namespaceProblem(value: string): string | undefined {
  const name = value.replace(/^\*|\*$/, '');
  if (name.includes('*')) { return `${JSON.stringify(value)}: sidecars and ztunnel disagree about a star that is not at one end; list the namespaces`; }
  return /^[a-z0-9-]*$/.test(name) ? undefined : `${JSON.stringify(value)} is no name of a namespace; before Istio 1.30 its special characters would be a pattern`;
}

function serviceAccountProblem(value: string): string | undefined {
  const parts = value.split('/');
  if (value.includes('*')) { return `${JSON.stringify(value)}: serviceAccounts take no star`; }
  if (parts.length > 2 || parts.includes('')) { return `${JSON.stringify(value)} must be "serviceAccount" or "namespace/serviceAccount"`; }
  return value.length > 320 ? 'a service account has at most 320 characters' : undefined;
}

/** Of any trust domain. */
function serviceAccount(value: string, { namespace }: Context): EndpointExpr {
  const [first, second] = value.split('/');
  return { principal: second === undefined ? `*/ns/${namespace}/sa/${first}` : `*/ns/${first}/sa/${second}` };
}

function trustDomainProblem(value: string): string | undefined {
  const stars = value.split('*').length - 1;
  if (value.includes('/')) { return `${JSON.stringify(value)}: a trust domain has no slash`; }
  return stars > 1 || (stars === 1 && !value.startsWith('*') && !value.endsWith('*')) ? `${JSON.stringify(value)}: one star, at one end` : undefined;
}

/** A suffix of the first part of a principal is nothing that can be said of the whole. */
function trustDomain(value: string, { mesh: { trustDomain: own, trustDomainAliases } }: Context): EndpointExpr | undefined {
  if (value === '*') { return IDENTITY; }
  if (value.startsWith('*')) { return undefined; }
  if (value.endsWith('*')) { return { principal: value }; }
  const names = [own, ...trustDomainAliases];
  return anyOf(...(names.includes(value) ? names : [value]).map(name => ({ principal: `${name}/*` })));
}

/** Whoever holds the address. */
function range(value: string): EndpointExpr {
  return { cidr: addressRange(value), except: [], anyone: true };
}

function rangeProblem(value: string): string | undefined {
  try {
    addressRange(value);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** For a namespace in `metadata`. */
export const namespaceNameProblem = (name: string): string | undefined => dnsLabelProblem('namespace', name);
