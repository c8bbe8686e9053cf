import { Answer } from '../../model/evaluate';

/** What a connection that is not denied is. */
export type Passing = Exclude<Answer, 'denied'>;

/** From the surest. */
export const PASSING: readonly Passing[] = ['allowed', 'partial', 'unknown'];

/** How many hops of a path are shown, unless somebody wants more: people's paths are shorter. */
export const LONGEST_PATH = 64;

/** One connection that is not denied. */
export interface Edge {
  readonly destination: string;
  readonly answer: Passing;
}

/** How something is reached: by the shortest path among the surest. */
export interface Found<E extends Edge> {
  /** Of the least sure connection of the path. */
  readonly answer: Passing;
  /** How long the path is. */
  readonly hops: number;
  /**
   * The steps of it, in order.
   * @param most the last so many; all paths together may be far longer than everything that is reached
   */
  path(most?: number): Step<E>[];
}

export interface Step<E extends Edge> {
  readonly source: string;
  readonly edge: E;
}

/**
 * What is reached from a start over connections in a row, without the start itself.
 * @param from the connections of one end; none for what nobody can break into, such as addresses outside
 */
export function closure<E extends Edge>(start: string, from: (end: string) => readonly E[], hops: number = Infinity): ReadonlyMap<string, Found<E>> {
  const found = new Map<string, Found<E>>();
  PASSING.forEach((answer, index) => {
    const passing = PASSING.slice(0, index + 1);
    const before = search(start, end => from(end).filter(edge => passing.includes(edge.answer)), hops);
    for (const [end, { hops: length }] of before) {
      if (!found.has(end)) { found.set(end, { answer, hops: length, path: most => pathTo(end, before, most) }); }
    }
  });
  return found;
}

interface LastStep<E extends Edge> extends Step<E> {
  readonly hops: number;
}

/** Level by level; for everything that is reached, the last step on the way. */
function search<E extends Edge>(start: string, from: (end: string) => readonly E[], hops: number): Map<string, LastStep<E>> {
  const before = new Map<string, LastStep<E>>();
  let level = [start];
  for (let hop = 1; hop <= hops && level.length > 0; hop++) {
    const next: string[] = [];
    for (const source of level) {
      for (const edge of from(source)) {
        if (edge.destination === start || before.has(edge.destination)) { continue; }
        before.set(edge.destination, { source, edge, hops: hop });
        next.push(edge.destination);
      }
    }
    level = next;
  }
  return before;
}

function pathTo<E extends Edge>(end: string, before: ReadonlyMap<string, Step<E>>, most: number = Infinity): Step<E>[] {
  const path: Step<E>[] = [];
  for (let step = before.get(end); step && path.length < most; step = before.get(step.source)) { path.push(step); }
  return path.reverse();
}
