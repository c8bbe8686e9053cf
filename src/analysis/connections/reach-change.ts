import type { PartyConnection } from './connections';
import { compareTexts } from './order';
import { Analysis } from '../analysis';

/** How many workloads a workload reaches, by its text. */
export type ReachOf = (analysis: Analysis, connections: readonly PartyConnection[]) => ReadonlyMap<string, number>;

/** A change of the blast radius of a workload. */
export interface ReachChange {
  readonly workload: string;
  /** How many workloads it reaches. */
  readonly before: number;
  readonly after: number;
}

/** Those that it may talk to without another workload between. */
export const directReach: ReachOf = (_analysis, connections) => {
  const reach = new Map<string, number>();
  for (const { from, to, source } of connections) {
    if (from.workload && to.workload) { reach.set(source, (reach.get(source) ?? 0) + 1); }
  }
  return reach;
};

export const reachChanges = (before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): ReachChange[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .map(workload => ({ workload, before: before.get(workload) ?? 0, after: after.get(workload) ?? 0 }))
    .filter(change => change.before !== change.after)
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || compareTexts(a.workload, b.workload));
