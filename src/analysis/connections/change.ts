import { ConnectionSet, PORT_PROTOCOLS, PortProtocol } from './connection-set';
import type { Told } from './outcome';
import { Answer } from '../../model/evaluate';
import { inRanges } from '../../model/traffic';

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
    for (const port of borders(protocol, before, after)) {
      compare(toldAt(before, protocol, port), toldAt(after, protocol, port));
    }
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

function borders(protocol: PortProtocol, ...sets: readonly ConnectionSet[]): Set<number> {
  const ranges = sets.flatMap(set => [
    ...KNOWN.flatMap(answer => set[answer][protocol] ?? []),
    ...(set.conditions?.[protocol] ?? []).map(({ ports }) => ports),
  ]);
  return new Set([1, ...ranges.flatMap(([first, last]) => [first, last + 1])].filter(port => port <= 65535));
}

const KNOWN = ['allowed', 'partial', 'unknown'] as const;

const toldAt = (set: ConnectionSet, protocol: PortProtocol, port: number): Told => ({
  answer: KNOWN.find(answer => inRanges(set[answer][protocol] ?? [], port)) ?? 'denied',
  on: set.conditions?.[protocol]?.find(({ ports }) => inRanges([ports], port))?.on,
});

const toldOf = ({ others = [] }: ConnectionSet, text: string): Told => others.find(other => other.text === text) ?? { answer: 'denied' };
