import { UnreadableDocument } from '../../dialects/document-reader';
import { ALL_DIALECTS } from '../../dialects/index';
import { preview } from '../../dialects/preview';
import { unevaluated } from '../../dialects/unevaluated';
import { nearest } from '../contract/near';

/**
 * What copying through a web page or a word processor does to a policy: the fields lose their indentation and slide to the top, quotes become
 * typographic. Much of it is still YAML, and would be read as a policy that says nothing, which is one that denies everything.
 */

export interface Damage {
  /** Of the field. */
  readonly path: string;
  readonly message: string;
}

/** @throws UnreadableDocument for a policy that was damaged, save in the texts of one whose reader lets no such text pass */
export function refuseDamage(value: unknown, at: string): void {
  refuse(damageOfForm(value), at);
  if (!isHeldToTheLetter(value)) { refuseDamagedTexts(value, at); }
}

/** @throws UnreadableDocument for a policy whose texts were damaged: for one that could not be read, this says why */
export function refuseDamagedTexts(value: unknown, at: string): void {
  refuse(damageOfTexts(value), at);
}

function refuse(found: Damage | undefined, at: string): void {
  if (found) { throw new UnreadableDocument(at, found.message, found.path); }
}

/** What is damaged in a policy of any dialect, or in what looks like a part of one; nothing for every other document. */
export const damage = (value: unknown): Damage | undefined => damageOfForm(value) ?? damageOfTexts(value);

/** Of a NetworkPolicy every text but its name is a label, a number, a range or one of a few words. */
function isHeldToTheLetter(value: unknown): boolean {
  if (!isObject(value) || value.kind !== 'NetworkPolicy' || value.apiVersion !== 'networking.k8s.io/v1' || !isObject(value.metadata)) { return false; }
  const { name, namespace } = value.metadata;
  return typeof name === 'string' && !isTypographic(name) && (namespace === undefined || (typeof namespace === 'string' && !isTypographic(namespace)));
}

function damageOfForm(value: unknown): Damage | undefined {
  if (!isObject(value)) { return undefined; }
  const { kind, apiVersion } = value;
  const versions = typeof kind === 'string' && Object.hasOwn(value, 'kind') ? VERSIONS.get(kind) : undefined;
  if (versions === undefined) { return typeof kind === 'string' ? mistakenKind(value, kind) : damageWithoutKind(value); }
  if (typeof apiVersion !== 'string' || !Object.hasOwn(value, 'apiVersion')) {
    return { path: 'apiVersion', message: `a ${kind} needs one, such as ${[...versions.keys()][0]}` };
  }
  const role = versions.get(apiVersion);
  if (role === undefined) { return damageOfVersion(value, apiVersion, versions); }
  return strayField(value, role) ?? (role === 'policy' ? damageOfParts(value) : undefined);
}

/** Of a policy in its place. */
function damageOfTexts(value: unknown): Damage | undefined {
  if (!isObject(value) || typeof value.kind !== 'string' || !Object.hasOwn(value, 'kind')) { return undefined; }
  const { metadata, spec, apiVersion } = value;
  if (VERSIONS.get(value.kind)?.get(String(apiVersion)) !== 'policy' || !isObject(metadata)) { return undefined; }
  return typographic({ name: metadata.name, namespace: metadata.namespace }, 'metadata', DEEPEST)
    ?? typographic(spec, 'spec', DEEPEST) ?? typographic(Object.hasOwn(value, 'specs') ? value.specs : undefined, 'specs', DEEPEST);
}

type Fields = Readonly<Record<string, unknown>>;
type Role = 'policy' | 'support';

/** Namespaces, Services and their endpoints. */
const NOT_OF_POLICIES = /^(v1|discovery\.k8s\.io\/.*)$/;

/** The versions of each kind that has its fields in a `spec`, and what it is. */
const VERSIONS: ReadonlyMap<string, ReadonlyMap<string, Role>> = versionsOfKinds();

function versionsOfKinds(): Map<string, Map<string, Role>> {
  const versions = new Map<string, Map<string, Role>>();
  for (const { role, kind, apiVersion } of ALL_DIALECTS.flatMap(({ kinds }) => kinds)) {
    if (role === 'other' || NOT_OF_POLICIES.test(apiVersion)) { continue; }
    const known = versions.get(kind) ?? new Map<string, Role>();
    versions.set(kind, known.set(apiVersion, role));
  }
  return versions;
}

const AT_THE_TOP: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'specs', 'status']);
const OF_METADATA: ReadonlySet<string> = new Set(['name', 'namespace', 'labels', 'annotations']);

function strayField(value: Fields, role: Role): Damage | undefined {
  const stray = Object.keys(value).find(key => value[key] !== undefined && !AT_THE_TOP.has(key));
  if (stray === undefined) { return undefined; }
  const home = OF_METADATA.has(stray) ? 'metadata' : 'spec';
  return {
    path: stray,
    message: `${preview(stray)} stands at the top of the document, where a ${role === 'policy' ? 'policy' : value.kind} has apiVersion, kind, metadata and spec: `
      + `the indentation was lost; indent it under ${home}, or leave it out`,
  };
}

function damageOfParts(value: Fields): Damage | undefined {
  const { metadata, spec } = value;
  if (!isObject(metadata)) { return { path: 'metadata', message: `must be an object with a name, got ${preview(metadata)}; was the indentation of what it holds lost?` }; }
  const specs = Object.hasOwn(value, 'specs') ? value.specs : undefined;
  if ((spec === undefined || spec === null) && (specs === undefined || specs === null)) {
    return { path: 'spec', message: `${spec === null ? 'it is empty' : 'there is none'}${whereSpecWent(metadata)}; for a policy that states nothing on purpose, write {}` };
  }
  return undefined;
}

const whereSpecWent = (metadata: Fields): string =>
  (Object.hasOwn(metadata, 'spec') ? ': it stands in metadata, where it is indented too far' : ': was the indentation of its fields lost?');

/** A version that is no longer served, or never was; the same kind of another group is another kind. */
function damageOfVersion(value: Fields, apiVersion: string, versions: ReadonlyMap<string, Role>): Damage | undefined {
  const served = [...versions.keys()];
  const group = apiVersion.split('/')[0];
  const meant = group === FORMER_GROUP || !apiVersion.includes('/') ? served : served.filter(version => version.startsWith(`${group}/`));
  if (meant.length === 0) { return undefined; }
  return { path: 'apiVersion', message: `there is no ${value.kind} of ${preview(apiVersion)}; write ${meant[0]}` };
}

/** A kind that an API server would refuse, and that would be passed over here. */
function mistakenKind(value: Fields, kind: string): Damage | undefined {
  const { apiVersion, spec } = value;
  if (typeof apiVersion !== 'string') { return undefined; }
  const group = apiVersion.split('/')[0];
  const policies = group === FORMER_GROUP ? ['NetworkPolicy'] : POLICY_KINDS.get(group) ?? [];
  const meant = policies.find(known => known.toLowerCase() === kind.toLowerCase());
  if (meant !== undefined) { return { path: 'kind', message: `${preview(kind)} is no kind; did you mean ${meant}?` }; }
  if (policies.length === 0 || unevaluated(value) !== undefined || !looksLikePolicy(spec)) { return undefined; }
  return { path: 'kind', message: `there is no ${preview(kind)} of ${group} that is known here, and it looks like a policy; did you mean ${nearest(kind, policies) ?? policies.join(' or ')}?` };
}

const looksLikePolicy = (spec: unknown): boolean =>
  isObject(spec) && SELECTING.some(key => Object.hasOwn(spec, key)) && RULES.some(key => Object.hasOwn(spec, key));

const SELECTING = ['podSelector', 'endpointSelector', 'nodeSelector', 'selector', 'subject'];
const RULES = ['ingress', 'egress', 'ingressDeny', 'egressDeny'];

/** By group. */
const POLICY_KINDS: ReadonlyMap<string, readonly string[]> = new Map(
  [...new Set(ALL_DIALECTS.flatMap(({ kinds }) => kinds.filter(({ role }) => role === 'policy').map(({ apiVersion }) => apiVersion.split('/')[0])))].map(group => [
    group,
    [...VERSIONS].filter(([, versions]) => [...versions].some(([version, role]) => role === 'policy' && version.startsWith(`${group}/`))).map(([kind]) => kind),
  ]));

/** Where NetworkPolicy was until Kubernetes 1.16. */
const FORMER_GROUP = 'extensions';

/** Fields that only policies have; values of Helm charts have `ingress` and `nodeSelector` too. */
const OF_POLICIES_ONLY = ['podSelector', 'policyTypes', 'endpointSelector', 'ingressDeny', 'egressDeny'];

function damageWithoutKind(value: Fields): Damage | undefined {
  const spec = isObject(value.spec) ? value.spec : {};
  const telling = OF_POLICIES_ONLY.find(key => Object.hasOwn(value, key)) ?? ['ingress', 'egress'].find(key => holdsRules(value, key));
  if (telling !== undefined) {
    return { path: telling, message: 'it stands at the top of a document without a kind: the indentation or the head of a policy was lost' };
  }
  const inside = OF_POLICIES_ONLY.find(key => Object.hasOwn(spec, key));
  if (inside === undefined) { return undefined; }
  return { path: `spec.${inside}`, message: 'it stands in a document without a kind: write apiVersion and kind of the policy' };
}

function holdsRules(value: Fields, key: string): boolean {
  const rules = Object.hasOwn(value, key) ? value[key] : undefined;
  return Array.isArray(rules) && rules.some(rule => isObject(rule) && ['from', 'to', 'fromEndpoints', 'toEndpoints', 'toPorts'].some(field => Object.hasOwn(rule, field)));
}

/** Deeper than any policy; the rest of a deeper value is the readers' to refuse. */
const DEEPEST = 24;
/** Free text. */
const DESCRIPTION = 'description';

/** A text that begins or ends with a typographic quote, which YAML takes as a part of it. */
function typographic(value: unknown, path: string, deepest: number): Damage | undefined {
  if (typeof value === 'string') {
    return isTypographic(value) ? { path, message: `${preview(value)} has typographic quotes, which are a part of the text: write " or ' instead` } : undefined;
  }
  if (typeof value !== 'object' || value === null || deepest === 0) { return undefined; }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = typographic(value[i], `[${i}]`, deepest - 1);
      if (found) { return within(path, found); }
    }
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (isTypographic(key) || isSpaceOfText(key.charCodeAt(0))) {
      return { path, message: `the key ${preview(key)} begins or ends with a character of a word processor: indent by spaces, and write " or ' for quotes` };
    }
    const found = key === DESCRIPTION ? undefined : typographic((value as Fields)[key], key, deepest - 1);
    if (found) { return within(path, found); }
  }
  return undefined;
}

/** Paths are put together only where there is something to say. */
const within = (path: string, { path: inner, message }: Damage): Damage => ({ path: inner.startsWith('[') ? `${path}${inner}` : `${path}.${inner}`, message });

const isTypographic = (text: string): boolean => isQuote(text.charCodeAt(0)) || isQuote(text.charCodeAt(text.length - 1));
const isQuote = (code: number): boolean => code >= 0x2018 && code <= 0x201f;
/** No-break, ideographic and zero-width spaces, and a byte order mark. */
const isSpaceOfText = (code: number): boolean => code === 0xa0 || code === 0x3000 || code === 0x200b || code === 0xfeff;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
