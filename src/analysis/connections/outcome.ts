import { Conditions, ConnectionSet, OtherTraffic, PORT_PROTOCOLS, PortProtocol, Ports } from './connection-set';
import type { Probe } from './probe';
import { Answer } from '../../model/evaluate';
import { mergeRanges, PROTOCOL_NUMBERS, Range } from '../../model/traffic';
import { Traffic } from '../party';

/** The answer for every port of the three protocols, as steps: each holds up to the next one, and two neighbours differ. */
export interface Outcome extends Readonly<Record<PortProtocol, readonly Step[]>> {
  /** Of each probe, in their order; undefined where it never travels. */
  readonly others?: readonly (Told | undefined)[];
}

/** An answer. */
export interface Told {
  readonly answer: Answer;
  /** What it depends on, line by line; absent: nobody asked, or nothing. */
  readonly on?: string;
}

export interface Step extends Told {
  readonly from: number;
}

/** Where, beside port 1, an answer may change. */
export type PortCuts = Readonly<Record<PortProtocol, readonly number[]>>;

const LAST_PORT = 65535;

/** Asks once for each interval between two cuts. */
export const outcomeOf = (cuts: PortCuts, ask: (protocol: PortProtocol, port: number) => Answer): Outcome => forEachProtocol(protocol =>
  joinSteps([1, ...cuts[protocol]].map(from => ({ from, answer: ask(protocol, from) }))));

/** The same with what travels without ports, and with what answers depend on. */
export function closeOutcomeOf(
  cuts: PortCuts, probes: readonly Probe[], travels: (probe: Probe) => boolean, tell: (traffic: Traffic) => Told,
): Outcome {
  const stepAt = (protocol: PortProtocol, from: number): Step => ({ from, ...tell({ protocol: PROTOCOL_NUMBERS[protocol], port: from }) });
  const ports = forEachProtocol(protocol => joinSteps([1, ...cuts[protocol]].map(from => stepAt(protocol, from))));
  return probes.length === 0 ? ports : { ...ports, others: probes.map(probe => (travels(probe) ? tell(probe.traffic) : undefined)) };
}

/** What several outcomes are together, port by port. */
export function combineOutcomes(outcomes: readonly Outcome[], combine: (answers: readonly Answer[]) => Answer): Outcome {
  const ports = forEachProtocol(protocol => {
    const all = outcomes.map(outcome => outcome[protocol]);
    const starts = [...new Set(all.flatMap(steps => steps.map(({ from }) => from)))].sort((a, b) => a - b);
    const places = all.map(() => 0);
    return joinSteps(starts.map(from => {
      const answers = all.map((steps, i) => {
        while (places[i] + 1 < steps.length && steps[places[i] + 1].from <= from) { places[i]++; }
        return steps[places[i]];
      });
      return { from, ...together(answers, combine) };
    }));
  });
  const others = outcomes[0]?.others?.map((_, i) => {
    const told = outcomes.map(outcome => outcome.others?.[i]).filter(each => each !== undefined);
    return told.length === 0 ? undefined : together(told, combine);
  });
  return others ? { ...ports, others } : ports;
}

function together(told: readonly Told[], combine: (answers: readonly Answer[]) => Answer): Told {
  const answer = combine(told.map(each => each.answer));
  const on = new Set(told.flatMap(each => each.on?.split('\n') ?? []));
  return on.size === 0 || answer === 'allowed' || answer === 'denied' ? { answer } : { answer, on: [...on].sort().join('\n') };
}

export const outcomeText = (outcome: Outcome): string => [
  ...PORT_PROTOCOLS.map(protocol => outcome[protocol].map(({ from, ...told }) => `${from}${toldText(told)}`).join()),
  ...(outcome.others ?? []).map(told => (told ? toldText(told) : '')),
].join(';');

const toldText = ({ answer, on }: Told): string => (on === undefined ? answer[0] : `${answer[0]}${JSON.stringify(on)}`);

export const passesNothing = (outcome: Outcome): boolean =>
  PORT_PROTOCOLS.every(protocol => outcome[protocol].every(({ answer }) => answer === 'denied'))
  && (outcome.others ?? []).every(told => !told || told.answer === 'denied');

/** @param probes those that the outcome was asked for */
export function connectionSetOf(outcome: Outcome, probes: readonly Probe[] = []): ConnectionSet {
  const others = probes.flatMap(({ text, isImplied }, i): OtherTraffic[] => {
    const told = outcome.others?.[i];
    return told && told.answer !== 'denied' ? [{ text, ...told, ...(isImplied ? { isImplied } : {}) }] : [];
  });
  const conditions = conditionsIn(outcome);
  return {
    allowed: portsWith(outcome, 'allowed'),
    partial: portsWith(outcome, 'partial'),
    unknown: portsWith(outcome, 'unknown'),
    ...(others.length > 0 ? { others } : {}),
    ...(Object.keys(conditions).length > 0 ? { conditions } : {}),
  };
}

const lastOf = (steps: readonly Step[], i: number): number => (i + 1 < steps.length ? steps[i + 1].from - 1 : LAST_PORT);

function conditionsIn(outcome: Outcome): Conditions {
  const found: Partial<Record<PortProtocol, Conditions[PortProtocol]>> = {};
  for (const protocol of PORT_PROTOCOLS) {
    const steps = outcome[protocol];
    const stated = steps.flatMap(({ from, on }, i) => (on === undefined ? [] : [{ ports: [from, lastOf(steps, i)] as const, on }]));
    if (stated.length > 0) { found[protocol] = stated; }
  }
  return found;
}

function portsWith(outcome: Outcome, wanted: Answer): Ports {
  const found: Partial<Record<PortProtocol, readonly Range[]>> = {};
  for (const protocol of PORT_PROTOCOLS) {
    const steps = outcome[protocol];
    const ranges = steps.flatMap(({ from, answer }, i): Range[] => (answer === wanted ? [[from, lastOf(steps, i)]] : []));
    if (ranges.length > 0) { found[protocol] = mergeRanges(ranges); }
  }
  return found;
}

/** Neighbours of one answer are one. */
export const joinSteps = (steps: readonly Step[]): Step[] =>
  steps.filter(({ answer, on }, i) => i === 0 || steps[i - 1].answer !== answer || steps[i - 1].on !== on);

const forEachProtocol = (make: (protocol: PortProtocol) => readonly Step[]): Record<PortProtocol, readonly Step[]> =>
  ({ SCTP: make('SCTP'), TCP: make('TCP'), UDP: make('UDP') });
