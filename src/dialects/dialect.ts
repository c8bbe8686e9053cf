import type { FieldTrees } from './field-tree';
import { Cidr, LabelRequirement } from '../model/endpoint';
import { groupBy } from '../model/group-by';
import { Direction, Policy, PolicySet } from '../model/policy-set';

/** What a dialect folder offers. Adding a dialect is adding one folder and one line in `index.ts`. */
export interface DialectModule {
  readonly id: DialectId;
  /** The fields of its kinds. */
  readonly fields: FieldTrees;
  /** Every kind of object that it reads: policies with `read`, what gives them their place or their members with `link`. */
  readonly kinds: readonly DialectKind[];
  /** The kind of object in which a statement is written. */
  kindOf(scope: 'namespaced' | 'cluster'): ObjectKind;
  /**
   * Statements in the reference pipeline, as policies that this dialect has on this target, with the same meaning.
   * @throws Refusal for what it cannot express
   */
  lower(policies: readonly Policy[], target: Target): Lowered;
  /**
   * Policies of this dialect as documents: those of one origin become one.
   * @throws Refusal
   */
  write(policies: readonly Policy[], target: Target): Document[];
  /**
   * One document as policies; the pure inverse of `write`, for anyone's documents.
   * @param version of what enforces it; absent: the newest that is known
   * @throws UnreadableDocument for what the API server or the enforcer refuses, with the reason
   */
  read(document: unknown, at?: string, version?: string): Policy[];
  /**
   * Policies together with the other documents that give them their place: tiers, sets, groups, Services.
   * @param version of what enforces them; absent: the newest that is known
   * @param features what its operator has switched on; absent: nothing beyond its own defaults
   */
  link(policies: readonly Policy[], documents: readonly unknown[], version?: string, features?: TargetFeatures): PolicySet;
}

export type DialectId = 'kubernetes' | 'cilium' | 'calico' | 'cluster-network-policy' | 'istio';

export interface DialectKind extends ObjectKind {
  /** `policy` goes to `read`, `support` to `link`; `other` is neither: known, and without a say in who may talk to whom. */
  readonly role: 'policy' | 'support' | 'other';
}

export const isOfKind = (document: unknown, kinds: readonly ObjectKind[]): boolean => {
  if (typeof document !== 'object' || document === null || !Object.hasOwn(document, 'apiVersion') || !Object.hasOwn(document, 'kind')) { return false; }
  const { apiVersion, kind } = document as { apiVersion: unknown; kind: unknown };
  return kinds.some(known => known.apiVersion === apiVersion && known.kind === kind);
};

export interface ObjectKind {
  readonly apiVersion: string;
  readonly kind: string;
}

export interface Lowered {
  readonly policies: readonly Policy[];
  /** Statements that the dialect can only write wider than they were stated, each as a sentence. */
  readonly wider: readonly string[];
}

/** What a writer must know of the cluster. Plain data: the facts live elsewhere. */
export interface Target {
  readonly cni: string;
  readonly version?: string;
  /** Whether the CNI matches a pod by its address. */
  readonly cidrMatchesPods: boolean;
  /** Whether the CNI matches a node by its address. */
  readonly cidrMatchesNodes: boolean;
  /** Address ranges of pods, nodes and Services, where stated. */
  readonly clusterCidrs: readonly string[];
  /** Whether both the pods' and the nodes' ranges are stated. */
  readonly clusterCidrsComplete: boolean;
  /** The Calico tier for denies; its default action is Pass. */
  readonly denyTier: string;
  /** What the CNI's operator has switched on, by the names of its facts. Absent: nothing beyond the CNI's own defaults. */
  readonly features?: TargetFeatures;
  /** Which version of policy.networking.k8s.io the CNI enforces, where it does. */
  readonly clusterNetworkPolicy?: ClusterNetworkPolicySupport;
}

export interface TargetFeatures {
  /** Cilium: `--enable-node-selector-labels`, for fromNodes and toNodes. */
  readonly nodeSelectorLabels?: boolean;
  /** Cilium: `--enable-extended-ip-protocols`, for VRRP, IGMP, GRE and others, and ports entries without a port. */
  readonly extendedProtocols?: boolean;
  /** Cilium: the host firewall, for nodeSelector. */
  readonly hostFirewall?: boolean;
  /** Cilium: mutual authentication with SPIRE. */
  readonly mutualAuthentication?: boolean;
  /** Calico: application layer policy, for HTTP rules. */
  readonly applicationLayerPolicy?: boolean;
}

export interface ClusterNetworkPolicySupport {
  readonly version: 'v1alpha1' | 'v1alpha2';
  /** Whether the fields of the experimental channel are enforced: nodes, domainNames. */
  readonly experimental: boolean;
}

export interface Document {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [other: string]: unknown };
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Cilium's list of specs, which add up. */
  readonly specs?: readonly Readonly<Record<string, unknown>>[];
}

/** A statement that a dialect cannot express. It is never dropped or widened instead. */
export class Refusal extends Error {
  constructor(readonly statement: string, readonly dialect: DialectId, readonly reason: string, readonly alternative: string) {
    super(`${statement}: the ${dialect} dialect cannot express this: ${reason}; ${alternative}`);
    this.name = 'Refusal';
  }
}

/** Of what a rule is called; rules may be merged of many. */
const LONGEST = 300;

/** What a policy, or its rule at `index`, is called in messages. */
export function describeOrigin(policy: Policy, index?: number): string {
  const { kind, namespace, name, at } = policy.origin;
  const place = `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
  const rule = index === undefined ? policy.direction : policy.rules[index]?.origin?.part ?? `${policy.direction} rule ${index + 1}`;
  return `${place}${at === undefined ? '' : ` (${at})`}, ${rule.length > LONGEST ? `${rule.slice(0, LONGEST)}...` : rule}`;
}

/** The policies of each document, in the order of first appearance. */
export function byDocument(policies: readonly Policy[]): readonly Policy[][] {
  const [first] = policies;
  if (policies.every(({ origin }) => origin === first.origin)) { return policies.length === 0 ? [] : [[...policies]]; }
  return [...groupBy(policies, ({ origin: { apiVersion, kind, namespace, name } }) => JSON.stringify([apiVersion, kind, namespace, name])).values()];
}

export const inDirection = (policies: readonly Policy[], direction: Direction): Policy | undefined =>
  policies.find(policy => policy.direction === direction);

/** A label selector, with only the fields that are used; values sorted, so that equal statements give equal bytes. */
export function labelSelector(requirements: readonly LabelRequirement[]): Record<string, unknown> {
  const equal = new Map<string, string>();
  const expressions: LabelRequirement[] = [];
  for (const requirement of requirements) {
    const { key, operator, values } = requirement;
    if (operator === 'In' && values?.length === 1 && (!equal.has(key) || equal.get(key) === values[0])) {
      equal.set(key, values[0]);
    } else {
      expressions.push(values && values.length > 0 ? { key, operator, values: [...new Set(values)].sort() } : { key, operator });
    }
  }
  expressions.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.operator < b.operator ? -1 : a.operator > b.operator ? 1 : 0));
  return {
    ...(equal.size > 0 ? { matchLabels: Object.fromEntries([...equal].sort(([a], [b]) => (a < b ? -1 : 1))) } : {}),
    ...(expressions.length > 0 ? { matchExpressions: expressions } : {}),
  };
}

/** Two peers or rules that are written the same are one. */
export function distinct<T>(items: readonly T[]): readonly T[] {
  if (items.length < 2) { return items; }
  const seen = new Set<string>();
  return items.filter(item => {
    const key = JSON.stringify(item);
    return !seen.has(key) && seen.add(key);
  });
}

export const isCidr = (atom: object): atom is Cidr => 'cidr' in atom;
