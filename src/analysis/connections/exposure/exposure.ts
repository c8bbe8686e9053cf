import { Assumption } from './assumption';
import { isProtected, linesOf } from './side-exposure';
import { Direction, DIRECTIONS } from '../../../model/policy-set';
import { Analysis } from '../../analysis';
import { ConnectionSet } from '../connection-set';
import { outsideConnections } from '../connections';
import { Ends } from '../ends';
import { EndIndex } from '../matching-ends';
import { compareTexts } from '../order';
import { Outcomes } from '../outcomes';
import { Selection, selection } from '../selection';
import { SideTable } from '../side-table';

/** What workloads are open to beyond the pods that are known. */
export interface Exposure {
  /** By workload, then by peer. */
  readonly lines: readonly ExposureLine[];
  readonly unprotected: readonly Unprotected[];
  /** What the lines leave out, as sentences. */
  readonly notes: readonly string[];
}

export interface ExposureLine {
  readonly workload: string;
  readonly direction: Direction;
  /** `entire-cluster`, `shop/[all pods]`, `[namespace with {team=red}]/[pod with {app=web}]`, or a range outside. */
  readonly peer: string;
  /** Who the peer is, as data; absent: outside. */
  readonly assumption?: Assumption;
  /** Empty: an exception of what a wider peer is allowed. */
  readonly set: ConnectionSet;
}

/** A workload that nothing closes in a direction. */
interface Unprotected {
  readonly workload: string;
  readonly direction: Direction;
}

/** Peers are those that rules speak of: everybody in the cluster, namespaces and pods by their labels, and what is outside. */
export function exposure(analysis: Analysis, options: Selection = {}): Exposure {
  const wanted = selection(options);
  const lines: ExposureLine[] = outsideConnections(analysis, wanted).map(({ from, to, set }) => (from.workload
    ? { workload: from.text, direction: 'egress', peer: to.text, set }
    : { workload: to.text, direction: 'ingress', peer: from.text, set }));
  const unprotected: Unprotected[] = [];
  const notes = new Set<string>();
  const ends = new Ends(analysis.parties);
  const index = new EndIndex(ends, analysis.engine.profile);
  for (const direction of DIRECTIONS) {
    const table = new SideTable(direction, analysis.engine, ends, index, new Outcomes());
    const known = new Map<string, ReturnType<typeof linesOf>>();
    for (const [i, { text }] of analysis.parties.entries()) {
      if (!wanted(analysis.parties[i])) { continue; }
      const classes = [...new Set(ends.of[i].map(end => table.classOf(end)))];
      const key = classes.map(({ number }) => number).join();
      let found = known.get(key);
      if (!found) { known.set(key, found = linesOf(analysis, direction, classes, index)); }
      lines.push(...found.lines.map(line => ({ ...line, workload: text, direction })));
      found.notes.forEach(note => notes.add(note));
      if (classes.some(({ policies }) => !isProtected(policies))) { unprotected.push({ workload: text, direction }); }
    }
  }
  lines.sort((a, b) => compareTexts(a.workload, b.workload) || compareTexts(a.peer, b.peer));
  unprotected.sort((a, b) => compareTexts(a.workload, b.workload) || compareTexts(a.direction, b.direction));
  return { lines, unprotected, notes: [...notes] };
}
