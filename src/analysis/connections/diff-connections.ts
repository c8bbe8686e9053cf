import { Change, changeOf } from './change';
import { ConnectionSet, NO_CONNECTIONS, passesNoPort } from './connection-set';
import { changeTexts, NO_CONNECTIONS_TEXT } from './connection-text';
import { connections, PartyConnection } from './connections';
import { ExposureChange, exposureChanges } from './exposure/exposure-changes';
import { mergeNeighbours } from './merge-neighbours';
import { compareTexts } from './order';
import { outsideOf } from './outside';
import { Look, probesWithEcho } from './probe';
import { ReachChange, reachChanges, ReachOf, directReach } from './reach-change';
import { ConnectionReasons } from './reasons';
import { Selection } from './selection';
import { Justified } from '../../model/justification';
import { textOf } from '../../model/text';
import { Analysis } from '../analysis';
import { workloadText } from '../world/world';

export type DifferenceType = 'changed' | 'added' | 'removed';

/** Two ends between which something else passes than before. */
export interface Difference {
  readonly type: DifferenceType;
  readonly source: string;
  readonly destination: string;
  readonly before: ConnectionSet;
  readonly after: ConnectionSet;
  /** How the two are written: never alike. */
  readonly texts: readonly [string, string];
  /** Whether something passes that did not, or may. */
  readonly opened: boolean;
  readonly closed: boolean;
  /** Why it is open, or was, where rules say it. */
  readonly justifications?: readonly Justified[];
  /** Of its ends, workloads that only one of the two has. */
  readonly workloads: readonly string[];
}

export interface ConnectionsDiff {
  /** Changed, then added, then removed; those of ingress controllers in the same order after them. */
  readonly differences: readonly Difference[];
  readonly workloadsAdded: readonly string[];
  readonly workloadsRemoved: readonly string[];
  /** Workloads that reach more or fewer workloads than before. */
  readonly reach: readonly ReachChange[];
  /** What workloads are open to beyond the pods that are known: what is opened first. */
  readonly exposure: readonly ExposureChange[];
}

export interface DiffOptions extends Selection {
  /**
   * How many workloads each one reaches.
   * @default - those that it may talk to directly
   */
  readonly reach?: ReachOf;
}

/** What two sets of documents differ in. What is outside is divided as both need it; neighbouring ranges that fare alike are one. */
export function diffConnections(before: Analysis, after: Analysis, { reach = directReach, ...selection }: DiffOptions = {}): ConnectionsDiff {
  const outside = outsideOf(before, after);
  const look: Look = { probes: probesWithEcho(before.set, after.set), conditions: true };
  const [old, recent] = [before, after].map(analysis => connections(analysis, { ...selection, outside, look }));
  const [oldReasons, recentReasons] = [before, after].map(analysis => new ConnectionReasons(analysis));
  const [oldNames, recentNames] = [before, after].map(({ world }) => new Set(world.workloads.map(workloadText)));
  const isNewOrGone = (text: string): boolean => oldNames.has(text) !== recentNames.has(text);
  const differences = mergeNeighbours(changedPairs(old, recent)).map(({ from, to, before: was, after: is, texts, ...ends }): Difference => ({
    type: typeOf(texts),
    source: ends.source,
    destination: ends.destination,
    before: was,
    after: is,
    texts,
    ...withoutRequests(changeOf(was, is)),
    justifications: typeOf(texts) === 'removed' ? oldReasons.of({ from, to, set: was }) : recentReasons.of({ from, to, set: is }),
    workloads: [ends.source, ends.destination].filter(isNewOrGone),
  }));
  return {
    differences: differences.sort(inOrder),
    workloadsAdded: [...recentNames].filter(name => !oldNames.has(name)),
    workloadsRemoved: [...oldNames].filter(name => !recentNames.has(name)),
    reach: reachChanges(reach(before, old.filter(hasPorts)), reach(after, recent.filter(hasPorts))),
    exposure: exposureChanges(before, after, look, selection),
  };
}

const typeOf = ([before, after]: readonly [string, string]): DifferenceType =>
  (before === NO_CONNECTIONS_TEXT ? 'added' : after === NO_CONNECTIONS_TEXT ? 'removed' : 'changed');

const withoutRequests = ({ opened, closed }: Change) => ({ opened, closed });

const hasPorts = ({ set }: PartyConnection): boolean => !passesNoPort(set);

/** The connections of two ends, before and after. */
export interface Pair extends Pick<PartyConnection, 'source' | 'destination' | 'from' | 'to'> {
  readonly before: ConnectionSet;
  readonly after: ConnectionSet;
  readonly texts: readonly [string, string];
}

/** Both lists are sorted. */
function changedPairs(before: readonly PartyConnection[], after: readonly PartyConnection[]): Pair[] {
  const pairs: Pair[] = [];
  const add = (pair: PartyConnection, was: ConnectionSet, is: ConnectionSet) => {
    if (textOf(was) !== textOf(is)) { pairs.push({ ...pair, before: was, after: is, texts: changeTexts(was, is) }); }
  };
  let i = 0;
  for (const is of after) {
    while (i < before.length && comparePairs(before[i], is) < 0) { add(before[i], before[i].set, NO_CONNECTIONS); i++; }
    const was = i < before.length && comparePairs(before[i], is) === 0 ? before[i++].set : NO_CONNECTIONS;
    add(is, was, is.set);
  }
  for (; i < before.length; i++) { add(before[i], before[i].set, NO_CONNECTIONS); }
  return pairs;
}

type Ends = Pick<PartyConnection, 'source' | 'destination'>;

const comparePairs = (a: Ends, b: Ends): number => compareTexts(a.source, b.source) || compareTexts(a.destination, b.destination);

const TYPES: readonly DifferenceType[] = ['changed', 'added', 'removed'];

const isOfController = ({ source }: Ends): boolean => source.startsWith('{');

const inOrder = (a: Difference, b: Difference): number =>
  Number(isOfController(a)) - Number(isOfController(b)) || TYPES.indexOf(a.type) - TYPES.indexOf(b.type) || comparePairs(a, b);
