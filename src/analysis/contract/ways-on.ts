import { Members } from './members';
import { pairs } from './pairs';
import { trafficParts } from './traffic-parts';
import { Analysis } from '../analysis';
import { Party, Traffic } from '../party';
import { closure, LONGEST_PATH, Passing, PASSING } from '../reach/closure';
import { ReachEdge, ReachGraph } from '../reach/reach-graph';

/** A workload that is reached, and how. */
interface Way {
  readonly party: Party;
  /** Of the least sure connection. */
  readonly answer: Passing;
  readonly steps: readonly WayStep[];
}

interface WayStep {
  readonly source: Party;
  readonly destination: Party;
  readonly traffic: Traffic;
}

/** The workloads that the sources reach, directly or by way of others: the nearest first. */
export function waysOn(analysis: Analysis, sources: Members): Way[] {
  const parties = new Map(analysis.parties.map(party => [party.text, party]));
  const known = sources.parties.filter(({ party }) => parties.has(party.text));
  const rest: Members = { ...sources, parties: sources.parties.filter(({ party }) => !parties.has(party.text)) };
  const ways = [
    ...known.flatMap(({ party, sure }) => onwards(analysis, party, parties).map(way => (sure ? way : { ...way, answer: 'unknown' as const }))),
    ...firstSteps(analysis, rest).flatMap(first => [first, ...onwards(analysis, first.party, parties).map(way => joined(first, way))]),
  ];
  return ways.sort((a, b) => a.steps.length - b.steps.length || PASSING.indexOf(a.answer) - PASSING.indexOf(b.answer));
}

function joined(first: Way, then: Way): Way {
  const answer = PASSING[Math.max(PASSING.indexOf(first.answer), PASSING.indexOf(then.answer))];
  return { party: then.party, answer, steps: [...first.steps, ...then.steps] };
}

function onwards(analysis: Analysis, start: Party, parties: ReadonlyMap<string, Party>): Way[] {
  const graph = ReachGraph.of(analysis);
  return [...closure<ReachEdge>(start.text, end => graph.from(end))].flatMap(([text, { answer, path }]): Way[] => {
    const party = parties.get(text);
    if (!party) { return []; }
    const steps = path(LONGEST_PATH).map(({ source, edge }): WayStep =>
      ({ source: parties.get(source)!, destination: edge.to, traffic: edge.example }));
    return [{ party, answer, steps }];
  });
}

/** From what is not a workload of the input. */
function firstSteps(analysis: Analysis, sources: Members): Way[] {
  const everybody: Members = { parties: analysis.parties.map(party => ({ party, sure: true })), space: [], problems: [] };
  return [...pairs(analysis, sources, everybody)].flatMap(({ source, destination }): Way[] => {
    const parts = trafficParts(undefined, analysis, source, destination);
    if ('missingPort' in parts) { return []; }
    const answers = parts.map(({ traffic }) => ({ traffic, answer: analysis.answer(source, destination, traffic) }));
    const answer = PASSING.find(passing => answers.some(one => one.answer === passing));
    if (answer === undefined) { return []; }
    const { traffic } = answers.find(one => one.answer === answer)!;
    return [{ party: destination, answer, steps: [{ source, destination, traffic }] }];
  });
}
