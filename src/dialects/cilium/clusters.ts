import { Conjunction, Literal } from '../../model/dnf';
import { allOf, allOfMany, anyOf, anyOfMany, EndpointExpr, LabelRequirement, not, OWN_CLUSTER } from '../../model/endpoint';
import { textOf } from '../../model/text';
import { refuse } from '../refusals';
import { isBefore } from '../versions';

/** A mesh of clusters: the label io.cilium.k8s.policy.cluster, and what a selector without it means. */

export const CLUSTER = 'io.cilium.k8s.policy.cluster';

const OWN: EndpointExpr = { cluster: OWN_CLUSTER };

/** Says of the cluster that it does not matter, where saying nothing would mean the own one. */
export const ANY_CLUSTER: EndpointExpr = anyOf(OWN, not(OWN));

/** From this version on a selector that names no cluster is of the own one. */
export const OWN_CLUSTER_SINCE = '1.19';

/** What a selector asks of the cluster. */
export interface Clusters {
  readonly names: readonly string[];
  readonly notNames: readonly string[];
  readonly any: boolean;
}

/** Conjunctions without their clusters, beside what these were; two that differ only in being of the own cluster or not are one of any. */
export function splitClusters(conjunctions: readonly Conjunction[]): { readonly conjunction: Conjunction; readonly clusters: Clusters }[] {
  const split = conjunctions.map(conjunction => ({
    conjunction: conjunction.filter(({ atom }) => !('cluster' in atom)),
    clusters: clustersOf(conjunction),
  }));
  const twins = new Map<string, { own: boolean; other: boolean }>();
  const keyOf = ({ conjunction, clusters }: typeof split[number]): string | undefined =>
    (clusters.names.length + clusters.notNames.length === 1 && [...clusters.names, ...clusters.notNames][0] === OWN_CLUSTER
      ? conjunction.map(({ atom, negated }) => (negated ? '!' : '') + textOf(atom)).join() : undefined);
  for (const part of split) {
    const key = keyOf(part);
    if (key === undefined) { continue; }
    const seen = twins.get(key) ?? { own: false, other: false };
    twins.set(key, { own: seen.own || part.clusters.names.length > 0, other: seen.other || part.clusters.notNames.length > 0 });
  }
  return split.flatMap(part => {
    const key = keyOf(part);
    const both = key !== undefined && twins.get(key)!.own && twins.get(key)!.other;
    if (!both) { return [part]; }
    return part.clusters.names.length > 0 ? [{ ...part, clusters: { names: [], notNames: [], any: true } }] : [];
  });
}

function clustersOf(conjunction: Conjunction): Clusters {
  const named = (negated: boolean): string[] => conjunction.flatMap((literal: Literal) =>
    ('cluster' in literal.atom && literal.negated === negated ? [literal.atom.cluster] : []));
  return { names: named(false), notNames: named(true), any: false };
}

export const saysNothing = ({ names, notNames, any }: Clusters): boolean => !any && names.length + notNames.length === 0;

/** A subject is always of the own cluster; a peer is from 1.19 on, unless it says otherwise. */
export function writeClusters({ names, notNames, any }: Clusters, version: string | undefined, role: 'subject' | 'peer', statement: string): LabelRequirement[] {
  const key = `k8s:${CLUSTER}`;
  if (any) { return [{ key, operator: 'Exists' }]; }
  if (notNames.includes(OWN_CLUSTER)) { throw refuse('cilium', 'cluster', statement, 'every cluster but the own one'); }
  const own = names.includes(OWN_CLUSTER);
  if (own && role === 'peer' && isBefore(version, OWN_CLUSTER_SINCE)) { throw refuse('cilium', 'cluster', statement, 'the own cluster, by no name'); }
  if (own && role === 'peer' && names.length + notNames.length > 1) { throw refuse('cilium', 'cluster', statement, 'the own cluster together with a name'); }
  return [
    ...names.filter(name => name !== OWN_CLUSTER).map((name): LabelRequirement => ({ key, operator: 'In', values: [name] })),
    ...(notNames.length > 0 ? [{ key, operator: 'NotIn', values: notNames } as const] : []),
  ];
}

/** What a requirement on the label means. */
export function readCluster(operator: 'In' | 'NotIn' | 'Exists', values: readonly string[]): EndpointExpr {
  const names = values.map((cluster): EndpointExpr => ({ cluster }));
  return operator === 'Exists' ? ANY_CLUSTER : operator === 'In' ? anyOfMany(names) : allOfMany(names.map(not));
}

/** The expression with the cluster that Cilium takes it to be of, where it speaks of pods or nodes and names none. */
export function inOwnCluster(expr: EndpointExpr): EndpointExpr {
  if ('anyOf' in expr) { return anyOfMany(expr.anyOf.map(inOwnCluster)); }
  return speaksOfMembers(expr) && !mentionsCluster(expr) ? allOf(expr, OWN) : expr;
}

function mentionsCluster(expr: EndpointExpr): boolean {
  if ('allOf' in expr) { return expr.allOf.some(mentionsCluster); }
  if ('anyOf' in expr) { return expr.anyOf.some(mentionsCluster); }
  return 'not' in expr ? mentionsCluster(expr.not) : 'cluster' in expr;
}

/** Whether only pods and nodes, the members of a cluster, can be meant. */
function speaksOfMembers(expr: EndpointExpr): boolean {
  if ('allOf' in expr) { return expr.allOf.some(speaksOfMembers); }
  if ('anyOf' in expr) { return expr.anyOf.length > 0 && expr.anyOf.every(speaksOfMembers); }
  if ('ref' in expr) { return false; }
  if ('kind' in expr) { return expr.kind === 'pod' || expr.kind === 'node'; }
  return 'label' in expr || 'namespace' in expr || 'serviceAccount' in expr;
}
