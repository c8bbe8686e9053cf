import { CompiledRule } from './compiled-policy';
import { compileTraffic } from './compiled-traffic';
import { Tri } from '../../model/match';

/** A rule of a policy that selects an endpoint, or may. */
export interface Entry {
  readonly rule: CompiledRule;
  readonly selected: Tri;
}

/** A short list is sooner asked than put in order. */
const FEW = 8;

/** The same outcome by fewer rules. */
export const shortened = (entries: readonly Entry[]): readonly Entry[] => (entries.length <= FEW ? entries : joined(distinct(entries)));

/** A rule that was asked already can say nothing new. */
function distinct(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Set<string>();
  return entries.filter(({ rule: { outcome, own, peer, traffic }, selected }) => {
    const key = `${outcome} ${own.id} ${peer.id} ${traffic.id} ${selected}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Neighbours that differ by their port numbers alone are one rule with all of them. */
function joined(entries: readonly Entry[]): readonly Entry[] {
  const runs: Entry[][] = [];
  for (const entry of entries) {
    const run = runs[runs.length - 1];
    if (run && areAlike(run[0], entry)) { run.push(entry); } else { runs.push([entry]); }
  }
  return runs.map(run => (run.length === 1 ? run[0] : { ...run[0], rule: { ...run[0].rule, traffic: trafficOf(run) } }));
}

const areAlike = ({ rule: a, selected }: Entry, { rule: b, selected: other }: Entry): boolean =>
  a.outcome === b.outcome && a.own === b.own && a.peer === b.peer && selected === other && a.traffic.isOfPorts && b.traffic.isOfPorts;

/** It is compared with no other, so that it needs no number of its own. */
const trafficOf = (run: readonly Entry[]) => compileTraffic(-1, run.flatMap(({ rule }) => rule.traffic.boxes));
