import { remembered, rememberedPair } from './remembered';

/** A boolean expression over endpoints: pods, nodes, host endpoints, sets of addresses, and whatever is outside the cluster. */

export type EndpointKind = 'pod' | 'node' | 'hostEndpoint' | 'addressSet' | 'external';

/** Whose labels a test looks at. */
export type LabelScope = 'pod' | 'namespace' | 'serviceAccount' | 'node' | 'hostEndpoint' | 'addressSet';

export interface LabelTest {
  readonly label: string;
  readonly of: LabelScope;
  /** The label's source where a dialect names it (Cilium: `k8s`, `reserved`, ...). */
  readonly source?: string;
  /** `in` with several values is their OR; `exists` has none. All are false when the label is absent: absence is said with `not`. */
  readonly op: 'in' | 'exists' | 'contains' | 'startsWith' | 'endsWith';
  readonly values: readonly string[];
}

/** Whether the value of a label that is there is one that the test asks for. */
export function isPassedBy({ op, values }: Pick<LabelTest, 'op' | 'values'>, value: string): boolean {
  switch (op) {
    case 'exists': return true;
    case 'in': return values.includes(value);
    case 'contains': return values.some(part => value.includes(part));
    case 'startsWith': return values.some(part => value.startsWith(part));
    case 'endsWith': return values.some(part => value.endsWith(part));
  }
}

export interface Cidr {
  readonly cidr: string;
  readonly except: readonly string[];
  /** Whoever holds the address, also where the CNI matches addresses outside the cluster only: what a mesh sees. */
  readonly anyone?: true;
  /** Known to be held by somebody outside, though it is in the ranges of pods or nodes: of load balancers that share their subnets. */
  readonly shared?: true;
}

/** Resolved by a dialect's `link` against the other documents. */
export interface Reference {
  readonly ref: 'service' | 'cidrGroup' | 'addressSet' | 'cloudGroup';
  readonly namespace?: string;
  readonly name?: string;
  readonly selector?: EndpointExpr;
  /** What is looked up elsewhere, as it was written, for `cloudGroup`. */
  readonly value?: unknown;
}

/** The cluster of whoever reads the policy. */
export const OWN_CLUSTER = '';

export type Atom =
  | { readonly kind: EndpointKind }
  | LabelTest
  | { readonly namespace: string }
  | { readonly serviceAccount: string }
  | { readonly entity: string }
  /** A mesh identity, such as `cluster.local/ns/shop/sa/web`; `*` alone is any, and at one end stands for the rest. */
  | { readonly principal: string }
  /** Of a mesh of clusters, by its name or `OWN_CLUSTER`. */
  | { readonly cluster: string }
  | Cidr
  | { readonly fqdn: string }
  | Reference;

export type EndpointExpr =
  | { readonly any: true }
  | { readonly none: true }
  | { readonly allOf: readonly EndpointExpr[] }
  | { readonly anyOf: readonly EndpointExpr[] }
  | { readonly not: EndpointExpr }
  | Atom;

export const ANY: EndpointExpr = { any: true };
export const NONE: EndpointExpr = { none: true };

/** A namespace, and not a reference in one. */
export const isNamespace = (expr: EndpointExpr): expr is { readonly namespace: string } => 'namespace' in expr && !('ref' in expr);

/** AND, without the parts that change nothing. */
export const allOf = (...parts: EndpointExpr[]): EndpointExpr => allOfMany(parts);

/** OR, without the parts that change nothing. */
export const anyOf = (...parts: EndpointExpr[]): EndpointExpr => anyOfMany(parts);

/** Lists of documents can be longer than what one call takes as arguments. */
export function allOfMany(parts: readonly EndpointExpr[]): EndpointExpr {
  if (parts.length > 1 && parts.every(isPlain)) { return { allOf: parts }; }
  const flat: EndpointExpr[] = [];
  for (const part of parts) {
    for (const one of 'allOf' in part ? part.allOf : [part]) {
      if ('none' in one) { return NONE; }
      if (!('any' in one)) { flat.push(one); }
    }
  }
  return flat.length === 0 ? ANY : flat.length === 1 ? flat[0] : { allOf: fitted(flat) };
}

export function anyOfMany(parts: readonly EndpointExpr[]): EndpointExpr {
  const flat: EndpointExpr[] = [];
  for (const part of parts) {
    for (const one of 'anyOf' in part ? part.anyOf : [part]) {
      if ('any' in one) { return ANY; }
      if (!('none' in one)) { flat.push(one); }
    }
  }
  return flat.length === 0 ? NONE : flat.length === 1 ? flat[0] : { anyOf: fitted(flat) };
}

/** Whether it stays as it is among others. Most do, and a list of them need not be copied. */
const isPlain = (expr: EndpointExpr): boolean => !('allOf' in expr) && !('anyOf' in expr) && !('any' in expr) && !('none' in expr);

/** A list that was pushed to has room for many more, and of these there are many. */
const fitted = (parts: readonly EndpointExpr[]): readonly EndpointExpr[] => parts.slice();

export function not(part: EndpointExpr): EndpointExpr {
  if ('any' in part) { return NONE; }
  if ('none' in part) { return ANY; }
  return 'not' in part ? part.not : { not: part };
}

export const POD: EndpointExpr = { kind: 'pod' };
export const EXTERNAL: EndpointExpr = { kind: 'external' };
export const inNamespace = remembered((namespace: string): EndpointExpr => ({ namespace }));
export const labelIn = (of: LabelScope, label: string, ...values: string[]): EndpointExpr =>
  (values.length === 1 ? LABEL_IS[of](label, values[0]) : { label, of, op: 'in', values });

const labelIs = (of: LabelScope) => rememberedPair((label, value): LabelTest => ({ label, of, op: 'in', values: [value] }));
const LABEL_IS: Readonly<Record<LabelScope, ReturnType<typeof labelIs>>> = {
  pod: labelIs('pod'),
  namespace: labelIs('namespace'),
  serviceAccount: labelIs('serviceAccount'),
  node: labelIs('node'),
  hostEndpoint: labelIs('hostEndpoint'),
  addressSet: labelIs('addressSet'),
};

export const labelExists = (of: LabelScope, label: string): EndpointExpr => ({ label, of, op: 'exists', values: [] });
export const address = (cidr: string, except: readonly string[] = []): EndpointExpr => ({ cidr, except });
export const sharedAddress = (cidr: string): EndpointExpr => ({ cidr, except: [], shared: true });

/** A Kubernetes label selector; also the shape in which Cilium writes its selectors. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelRequirement[];
}

export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/** What a label selector asks of the labels in `of`. Negative requirements are true where the label is absent. */
export function selectorExpr(of: LabelScope, selector: LabelSelector | undefined): EndpointExpr {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  if (matchExpressions.length === 0) {
    const only = onlyKey(matchLabels);
    if (only !== undefined) { return LABEL_IS[of](only, matchLabels[only]); }
  }
  const equal = Object.keys(matchLabels).map(key => labelIn(of, key, matchLabels[key]));
  return allOf(...equal, ...matchExpressions.map(requirement => requirementExpr(of, requirement)));
}

/** Undefined where there are several, or none. */
function onlyKey(labels: Readonly<Record<string, string>>): string | undefined {
  let only: string | undefined;
  for (const key in labels) {
    if (!Object.hasOwn(labels, key)) { continue; }
    if (only !== undefined) { return undefined; }
    only = key;
  }
  return only;
}

function requirementExpr(of: LabelScope, { key, operator, values }: LabelRequirement): EndpointExpr {
  switch (operator) {
    case 'In': return labelIn(of, key, ...(values ?? []));
    case 'NotIn': return not(labelIn(of, key, ...(values ?? [])));
    case 'Exists': return labelExists(of, key);
    case 'DoesNotExist': return not(labelExists(of, key));
    default: throw new Error(`unknown label operator ${JSON.stringify(operator)} for ${JSON.stringify(key)}; use In, NotIn, Exists or DoesNotExist`);
  }
}
