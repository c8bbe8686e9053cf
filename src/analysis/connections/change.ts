import { ConnectionSet, PORT_PROTOCOLS, PortProtocol } from './connection-set';
import type { Told } from './outcome';
import { Answer } from '../../model/evaluate';
import { Range } from '../../model/traffic';

/** What a change does to a pair: both may be true, of different ports or of what is not known. */
export interface Change {
  /** Something passes that did not, or more of it, or it may. */
  readonly opened: boolean;
  readonly closed: boolean;
  /** Whether other requests pass on a port, or other facts decide it, of which nobody says whether they are more or less. */
  readonly requests: boolean;
}

export function changeOf(before: ConnectionSet, after: ConnectionSet): Change {
  let [opened, closed, requests] = [false, false, false];
  const compare = (was: Told, is: Told) => {
    requests ||= was.answer === is.answer && was.on !== is.on;
    if (was.answer === is.answer) { return; }
    opened ||= LEAST[was.answer] < MOST[is.answer];
    closed ||= LEAST[is.answer] < MOST[was.answer];
  };
  for (const protocol of PORT_PROTOCOLS) {
    const [was, is] = [before, after].map(set => new PortWalk(set, protocol));
    for (const port of borders(protocol, before, after)) { compare(was.at(port), is.at(port)); }
  }
  for (const protocol of PORT_PROTOCOLS) {
    const [was, is] = [before, after].map(({ named }) => named?.[protocol] ?? []);
    opened ||= is.some(name => !was.includes(name));
    closed ||= was.some(name => !is.includes(name));
  }
  for (const text of new Set([before, after].flatMap(({ others = [] }) => others.map(other => other.text)))) {
    compare(toldOf(before, text), toldOf(after, text));
  }
  return { opened: opened || requests, closed: closed || requests, requests };
}

/** How much passes: what is not known may be all or nothing. */
const LEAST: Readonly<Record<Answer, number>> = { denied: 0, unknown: 0, partial: 1, allowed: 2 };
const MOST: Readonly<Record<Answer, number>> = { denied: 0, unknown: 2, partial: 1, allowed: 2 };

/** Where an answer may change, in order. */
function borders(protocol: PortProtocol, ...sets: readonly ConnectionSet[]): readonly number[] {
  const ranges = sets.flatMap(set => [
    ...KNOWN.flatMap(answer => set[answer][protocol] ?? []),
    ...(set.conditions?.[protocol] ?? []).map(({ ports }) => ports),
  ]);
  return [...new Set([1, ...ranges.flatMap(([first, last]) => [first, last + 1])])].filter(port => port <= 65535).sort((a, b) => a - b);
}

const KNOWN = ['allowed', 'partial', 'unknown'] as const;

/** The answers of a set to ports that are asked in order: its ranges are sorted, and each of them is passed once. */
class PortWalk {
  private readonly ranges: readonly { readonly answer: Answer; readonly next: Next<Range> }[];
  private readonly conditions: Next<{ readonly ports: Range; readonly on: string }>;

  public constructor(set: ConnectionSet, protocol: PortProtocol) {
    this.ranges = KNOWN.map(answer => ({ answer, next: new Next(set[answer][protocol] ?? [], range => range) }));
    this.conditions = new Next(set.conditions?.[protocol] ?? [], ({ ports }) => ports);
  }

  public at(port: number): Told {
    const found = this.ranges.filter(({ next }) => next.holding(port) !== undefined);
    return { answer: found[0]?.answer ?? 'denied', on: this.conditions.holding(port)?.on };
  }
}

/** Sorted items of ranges, looked at from the first to the last. */
class Next<T> {
  private index = 0;

  public constructor(private readonly items: readonly T[], private readonly rangeOf: (item: T) => Range) {}

  public holding(port: number): T | undefined {
    while (this.index < this.items.length && this.rangeOf(this.items[this.index])[1] < port) { this.index++; }
    const item = this.items[this.index];
    return item !== undefined && this.rangeOf(item)[0] <= port ? item : undefined;
  }
}

const toldOf = ({ others = [] }: ConnectionSet, text: string): Told => others.find(other => other.text === text) ?? { answer: 'denied' };
