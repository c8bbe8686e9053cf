import { Conjunction } from '../model/dnf';
import { Cidr, EndpointKind, LabelRequirement, LabelTest } from '../model/endpoint';

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
  /** What no dialect of this library writes: principals, references, negated entities and names. */
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
    other: [],
  };
  for (const { atom, negated } of conjunction) {
    if ('label' in atom) {
      terms.labels.push({ test: atom, negated });
    } else if ('ref' in atom || 'principal' in atom) {
      terms.other.push({ what: 'ref' in atom ? `a reference to a ${atom.ref}` : `the principal ${JSON.stringify(atom.principal)}`, negated });
    } else if ('kind' in atom) {
      (negated ? terms.notKinds : terms.kinds).push(atom.kind);
    } else if ('namespace' in atom) {
      (negated ? terms.notNamespaces : terms.namespaces).push(atom.namespace);
    } else if ('serviceAccount' in atom) {
      (negated ? terms.notServiceAccounts : terms.serviceAccounts).push(atom.serviceAccount);
    } else if ('cidr' in atom) {
      (negated ? terms.notCidrs : terms.cidrs).push(atom);
    } else if (negated) {
      terms.other.push({ what: 'entity' in atom ? `the entity ${atom.entity}` : `the name ${atom.fqdn}`, negated });
    } else if ('entity' in atom) {
      terms.entities.push(atom.entity);
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
