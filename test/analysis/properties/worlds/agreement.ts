import * as fc from 'fast-check';
import { Judge, judgeOf, Ranges } from './judged';
import { Manifest } from './manifest';
import { ask, Asked, askedWorkloads, describe, expected, judged, Question, questions } from './questions';
import { Analysis } from '../../../../src/analysis/analysis';
import { Answer } from '../../../../src/model/evaluate';
import { Dialect, JudgeOptions } from '../../../oracle';
import { NODE_CIDRS, POD_CIDRS, Probe } from '../../../support/models/vocabulary';

/** A CNI, and what is stated of its cluster. */
export interface Cni {
  readonly dialect: Dialect;
  readonly version?: string;
  readonly ranges: Ranges;
}

export const RANGES: Ranges = { podCidrs: POD_CIDRS, nodeCidrs: NODE_CIDRS };

/** What a file of these names stands at, so that messages name it. */
export const analysed = (documents: readonly Manifest[], { dialect, version, ranges }: Cni): Analysis => {
  const analysis = Analysis.of(documents.map((value, i) => ({ value, at: `world.yaml:${i + 1}` })), { cni: dialect, ...ranges, ...(version === undefined ? {} : { version }) });
  if (analysis.problems.length > 0) { throw new Error(`not read: ${JSON.stringify(analysis.problems)}`); }
  return analysis;
};

export const judgeAt = (documents: readonly Manifest[], { dialect, version, ranges }: Cni): Judge =>
  judgeOf(dialect, documents, ranges, { ...(version === undefined ? {} : { version }) } as JudgeOptions);

/** How often each answer was given, so that no property holds because all is open. */
export class Counts {
  private readonly counts = new Map<string, number>();

  public add(answer: string): void { this.counts.set(answer, (this.counts.get(answer) ?? 0) + 1); }
  public of(answer: string): number { return this.counts.get(answer) ?? 0; }
  public share(answer: string): number { return this.of(answer) / [...this.counts.values()].reduce((sum, one) => sum + one, 0); }
  public toString(): string { return [...this.counts].map(([answer, count]) => `${answer} ${count}`).join(', '); }
}

/** What the workloads of a world are asked about, beside each other. */
export interface Asking {
  readonly outside: readonly Asked[];
  readonly probes: readonly Probe[];
}

/** Few of many, so that there is time for many worlds. */
export const askings = (outside: readonly Asked[], probes: readonly Probe[]): fc.Arbitrary<Asking> => fc.record({
  outside: fc.shuffledSubarray([...outside], { minLength: 4, maxLength: 4 }),
  probes: fc.shuffledSubarray([...probes], { minLength: 8, maxLength: 8 }),
}).map(asking => ({ ...asking, [fc.toStringMethod]: () => 'what is asked' }));

/** Where an answer may be unknown though the judge knows it. */
const isOpen = (documents: readonly Manifest[], { source, destination }: Question): boolean =>
  // Which pods of a Service are in the network of their nodes, the Service does not say.
  (JSON.stringify(documents).includes('"services"') && [source, destination].some(({ ends }) => ends.some(end => 'pod' in end && end.pod.hostNetwork)))
  // Between pods of one workload each stands for the others, and for itself too.
  || (source.party === destination.party && source.ends.length > 1);

/** Every flow of the world: what the facade says is what the naive judge says. */
export function expectAgreement(documents: readonly Manifest[], cni: Cni, { outside, probes }: Asking, counts: Counts): void {
  const [analysis, judge] = [analysed(documents, cni), judgeAt(documents, cni)];
  for (const question of questions(askedWorkloads(analysis, judge), outside, probes)) {
    const [ours, theirs] = [ask(analysis, question), expected(judged(judge, question), question)];
    counts.add(ours);
    if (ours === theirs || (ours === 'unknown' && isOpen(documents, question))) { continue; }
    throw new Error(`${describe(question)}: ${ours}, but the judge says ${theirs}`);
  }
}

/** What the facade says of every flow. */
export function answersTo(documents: readonly Manifest[], cni: Cni, { outside, probes }: Asking): Answer[] {
  const analysis = analysed(documents, cni);
  return questions(askedWorkloads(analysis, judgeAt(documents, cni)), outside, probes).map(question => ask(analysis, question));
}
