import { Conjunction } from '../model/dnf';
import { Cidr, EndpointKind, LabelRequirement, LabelTest, Reference } from '../model/endpoint';

/** A conjunction sorted by what it speaks of, which is how a dialect writes a peer. */
export interface PeerTerms {
  readonly kinds: readonly EndpointKind[];
  readonly notKinds: readonly EndpointKind[];
  readonly namespaces: readonly string[];
  readonly notNamespaces: readonly string[];
  readonly serviceAccounts: readonly string[];
  readonly notServiceAccounts: readonly string[];
  readonly labels: readonly { readonly test: LabelTest; readonly negated: boolean }[];
  readonly cidrs: readonly Cidr[];
  readonly notCidrs: readonly Cidr[];
  readonly entities: readonly string[];
  readonly fqdns: readonly string[];
  readonly clusters: readonly string[];
  readonly principals: readonly { readonly principal: string; readonly negated: boolean }[];
  readonly refs: readonly { readonly ref: Reference; readonly negated: boolean }[];
  /** What no dialect of this library writes: negated entities, names and clusters. */
  readonly other: readonly { readonly what: string; readonly negated: boolean }[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };

export function peerTerms(conjunction: Conjunction): PeerTerms {
  const terms: Mutable<PeerTerms> = {
    kinds: [],
    notKinds: [],
    namespaces: [],
    notNamespaces: [],
    serviceAccounts: [],
    notServiceAccounts: [],
    labels: [],
    cidrs: [],
    notCidrs: [],
    entities: [],
    fqdns: [],
    clusters: [],
    principals: [],
    refs: [],
    other: [],
  };
  for (const { atom, negated } of conjunction) {
    if ('label' in atom) {
      terms.labels.push({ test: atom, negated });
    } else if ('ref' in atom) {
      terms.refs.push({ ref: atom, negated });
    } else if ('principal' in atom) {
      terms.principals.push({ principal: atom.principal, negated });
    } else if ('kind' in atom) {
      (negated ? terms.notKinds : terms.kinds).push(atom.kind);
    } else if ('namespace' in atom) {
      (negated ? terms.notNamespaces : terms.namespaces).push(atom.namespace);
    } else if ('serviceAccount' in atom) {
      (negated ? terms.notServiceAccounts : terms.serviceAccounts).push(atom.serviceAccount);
    } else if ('cidr' in atom) {
      (negated ? terms.notCidrs : terms.cidrs).push(atom);
    } else if (negated) {
      const what = 'entity' in atom ? `the entity ${atom.entity}` : 'cluster' in atom ? `the cluster ${atom.cluster}` : `the name ${atom.fqdn}`;
      terms.other.push({ what, negated });
    } else if ('entity' in atom) {
      terms.entities.push(atom.entity);
    } else if ('cluster' in atom) {
      terms.clusters.push(atom.cluster);
    } else {
      terms.fqdns.push(atom.fqdn);
    }
  }
  return terms;
}

/** Whether the terms can only be true of pods. */
export const speaksOfPods = (terms: PeerTerms): boolean =>
  terms.kinds.includes('pod') || terms.namespaces.length > 0 || terms.serviceAccounts.length > 0
  || terms.labels.some(({ test, negated }) => !negated && (test.of === 'pod' || test.of === 'namespace' || test.of === 'serviceAccount'));

/** A label test as a requirement of a Kubernetes selector; undefined for operators that it does not have. */
export function asRequirement({ test, negated }: { readonly test: LabelTest; readonly negated: boolean }): LabelRequirement | undefined {
  const key = test.label;
  if (test.op === 'exists') { return { key, operator: negated ? 'DoesNotExist' : 'Exists' }; }
  return test.op === 'in' ? { key, operator: negated ? 'NotIn' : 'In', values: test.values } : undefined;
}

/** What a dialect that knows no such terms would lose; undefined when there is nothing of the kind. */
export function foreignTerm({ refs, principals, clusters, other }: PeerTerms): { readonly what: string; readonly negated: boolean } | undefined {
  if (refs.length > 0) { return { what: `a reference to a ${refs[0].ref.ref}`, negated: refs[0].negated }; }
  if (principals.length > 0) { return { what: `the principal ${JSON.stringify(principals[0].principal)}`, negated: principals[0].negated }; }
  return clusters.length > 0 ? { what: `the cluster ${JSON.stringify(clusters[0])}`, negated: false } : other[0];
}
