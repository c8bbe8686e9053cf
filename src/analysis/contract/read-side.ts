import { ContractDocument } from './contract-document';
import { endOf } from './end-text';
import { End, Side } from './side';
import { preview } from '../../dialects/preview';
import { containsCidr, parseCidr } from '../../model/cidr';
import { address, allOf, ANY, EndpointExpr, EXTERNAL, inNamespace, POD, selectorExpr } from '../../model/endpoint';
import { dnsLabelProblem, labelKeyProblem, labelValueProblem } from '../../model/labels';
import { JsonPath } from '../path-text';

const POD_FIELDS = ['namespace', 'namespaceLabels', 'labels', 'external'] as const;
const RANGE_FIELDS = ['cidr', 'except'] as const;

/** One end, or a list of them. */
export function readSide(document: ContractDocument, value: unknown, path: JsonPath): Side | undefined {
  if (!Array.isArray(value)) {
    const end = readEnd(document, value, path);
    return end && [end];
  }
  const ends = document.list(value, path, 'ends, such as shop/web').map((item, i) => readEnd(document, item, [...path, i]));
  return ends.length > 0 && ends.every(end => end !== undefined) ? ends : undefined;
}

function readEnd(document: ContractDocument, value: unknown, path: JsonPath): End | undefined {
  if (typeof value === 'string' && value.trim() !== '') { return document.attempt(path, () => endOf(value)); }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return document.fail(path, `${value === '' ? 'an empty text' : preview(value)} names nobody; write a workload such as shop/web, or fields such as namespace and labels`);
  }
  return Object.hasOwn(value, 'cidr') || Object.hasOwn(value, 'except') ? readRange(document, value, path) : readPods(document, value, path);
}

function readRange(document: ContractDocument, value: object, path: JsonPath): End | undefined {
  const fields = document.mapping(value, path, RANGE_FIELDS);
  const cidr = fields && document.text(fields.cidr, [...path, 'cidr']);
  const range = cidr === undefined ? undefined : document.attempt([...path, 'cidr'], () => parseCidr(cidr));
  if (range === undefined) { return undefined; }
  const holes = fields!.except === undefined ? [] : document.list(fields!.except, [...path, 'except'], 'ranges').map((item, i) => {
    const here = [...path, 'except', i];
    const text = document.text(item, here);
    const hole = text === undefined ? undefined : document.attempt(here, () => parseCidr(text));
    if (hole === undefined) { return undefined; }
    return hole !== range && containsCidr(range, hole) ? hole : document.fail(here, `${JSON.stringify(text)} is not a part of ${JSON.stringify(cidr)}`);
  });
  if (holes.some(hole => hole === undefined)) { return undefined; }
  return { text: holes.length === 0 ? range : `${range} except ${holes.join(', ')}`, expr: allOf(EXTERNAL, address(range, holes as string[])) };
}

function readPods(document: ContractDocument, value: object, path: JsonPath): End | undefined {
  const fields = document.mapping(value, path, [...POD_FIELDS, ...RANGE_FIELDS]);
  if (!fields) { return undefined; }
  const namespace = document.optionalText(fields.namespace, [...path, 'namespace']);
  const problem = namespace === undefined ? undefined : dnsLabelProblem('namespace', namespace);
  if (problem !== undefined) { document.fail([...path, 'namespace'], problem); }
  const ofNamespace = readLabels(document, fields.namespaceLabels, [...path, 'namespaceLabels']);
  const ofPods = readLabels(document, fields.labels, [...path, 'labels']);
  const external = fields.external ?? false;
  if (typeof external !== 'boolean') { document.fail([...path, 'external'], `${preview(external)} is neither true nor false`); }
  if (fields.namespace === undefined && fields.namespaceLabels === undefined && fields.labels === undefined) {
    return document.fail(path, 'nobody is named, which never means everybody; state a namespace, namespaceLabels, labels or a cidr, or write "*"');
  }
  const expr = allOf(
    POD, namespace === undefined ? ANY : inNamespace(namespace), selectorExpr('namespace', { matchLabels: ofNamespace }), selectorExpr('pod', { matchLabels: ofPods }));
  return { text: podsText(namespace, ofNamespace, ofPods), expr: expr as EndpointExpr, ...(external === true ? { elsewhere: true } : {}) };
}

type Labels = Readonly<Record<string, string>>;

function readLabels(document: ContractDocument, value: unknown, path: JsonPath): Labels {
  if (value === undefined) { return {}; }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length === 0) {
    document.fail(path, `${preview(value)} states no labels; write name: value, or leave it out`);
    return {};
  }
  for (const [key, label] of Object.entries(value)) {
    const problem = labelKeyProblem(key) ?? labelValueProblem(key, label);
    if (problem !== undefined) { document.fail([...path, key], problem); }
  }
  return value as Labels;
}

function podsText(namespace: string | undefined, ofNamespace: Labels, ofPods: Labels): string {
  const labels = (of: Labels): string => Object.entries(of).map(([key, value]) => `${key}=${value}`).join(', ');
  const places = [...(namespace === undefined ? [] : [namespace]), ...(Object.keys(ofNamespace).length === 0 ? [] : [`with ${labels(ofNamespace)}`])];
  return [
    Object.keys(ofPods).length === 0 ? 'pods' : `pods with ${labels(ofPods)}`,
    places.length === 0 ? 'in any namespace' : `in ${namespace === undefined ? 'namespaces' : 'namespace'} ${places.join(' ')}`,
  ].join(' ');
}
