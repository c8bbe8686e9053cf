import { Assumption } from './assumption';
import { EVERYBODY, linesOf, SideExposure } from './side-exposure';
import { Direction, DIRECTIONS } from '../../../model/policy-set';
import { textOf } from '../../../model/text';
import { Analysis } from '../../analysis';
import { changeOf } from '../change';
import { ConnectionSet, NO_CONNECTIONS } from '../connection-set';
import { changeTexts } from '../connection-text';
import { Ends } from '../ends';
import { EndIndex } from '../matching-ends';
import { compareTexts } from '../order';
import { Outcomes } from '../outcomes';
import { Look } from '../probe';
import { Selection, selection } from '../selection';
import { SideTable } from '../side-table';

/** What a workload is open to, of peers that are no known pods, and was not, or the other way round. */
export interface ExposureChange {
  readonly workload: string;
  readonly direction: Direction;
  /** As in a line of `list --exposure`. */
  readonly peer: string;
  readonly before: string;
  readonly after: string;
  readonly opened: boolean;
  readonly closed: boolean;
}

type PeerChange = Omit<ExposureChange, 'workload' | 'direction'>;

/** What is outside is left out: it has connections of its own. */
export function exposureChanges(before: Analysis, after: Analysis, look: Look, options: Selection): ExposureChange[] {
  const found = DIRECTIONS.flatMap(direction => {
    const [old, recent] = [before, after].map(analysis => exposuresOf(analysis, direction, look, options));
    // Workloads that the same policies select share their exposure.
    const known = new Map<SideExposure | undefined, Map<SideExposure | undefined, readonly PeerChange[]>>();
    return [...new Set([...old.keys(), ...recent.keys()])].flatMap(workload => {
      const [was, is] = [old.get(workload), recent.get(workload)];
      const ofWas = known.get(was) ?? new Map<SideExposure | undefined, readonly PeerChange[]>();
      known.set(was, ofWas);
      const changes = ofWas.get(is) ?? changesOf(was, is);
      ofWas.set(is, changes);
      return changes.map((change): ExposureChange => ({ workload, direction, ...change }));
    });
  });
  return found.sort((a, b) => Number(b.opened) - Number(a.opened)
    || compareTexts(a.workload, b.workload) || compareTexts(a.direction, b.direction) || compareTexts(a.peer, b.peer));
}

function exposuresOf(analysis: Analysis, direction: Direction, look: Look, options: Selection): Map<string, SideExposure> {
  const wanted = selection(options);
  const ends = new Ends(analysis.parties);
  const index = new EndIndex(ends, analysis.engine.profile);
  const table = new SideTable(direction, analysis.engine, ends, index, new Outcomes());
  const known = new Map<string, SideExposure>();
  const found = new Map<string, SideExposure>();
  for (const [i, party] of analysis.parties.entries()) {
    if (!wanted(party)) { continue; }
    const classes = [...new Set(ends.of[i].map(end => table.classOf(end)))];
    const key = classes.map(({ number }) => number).join();
    const exposure = known.get(key) ?? linesOf(analysis, direction, classes, index, look);
    known.set(key, exposure);
    found.set(party.text, exposure);
  }
  return found;
}

/** Peers that fare as everybody does, before and after, are left to the line of everybody. */
function changesOf(before: SideExposure | undefined, after: SideExposure | undefined): PeerChange[] {
  const peers = new Map<string, Assumption>([['entire-cluster', EVERYBODY]]);
  for (const { peer, assumption } of [...before?.lines ?? [], ...after?.lines ?? []]) { peers.set(peer, assumption); }
  const [first, second] = [outcomeIn(before, EVERYBODY), outcomeIn(after, EVERYBODY)];
  return [...peers].flatMap(([peer, assumption]): PeerChange[] => {
    const [was, is] = [outcomeIn(before, assumption), outcomeIn(after, assumption)];
    const isAsEverybody = assumption !== EVERYBODY && textOf(was) === textOf(first) && textOf(is) === textOf(second);
    if (textOf(was) === textOf(is) || isAsEverybody) { return []; }
    const [textBefore, textAfter] = changeTexts(was, is);
    const { opened, closed } = changeOf(was, is);
    return [{ peer, before: textBefore, after: textAfter, opened, closed }];
  });
}

const outcomeIn = (exposure: SideExposure | undefined, assumption: Assumption): ConnectionSet => exposure?.outcome(assumption) ?? NO_CONNECTIONS;
