import { closure, LONGEST_PATH, Passing, PASSING, Step } from './closure';
import { hopRules, HopRule } from './hop-rules';
import { isClusterDns, LandmarkKind } from './landmarks';
import { ReachEdge, ReachGraph } from './reach-graph';
import { Analysis } from '../analysis';
import { compareTexts } from '../connections/order';
import { Party } from '../party';

/** What somebody who has got into a workload gets to. */
export interface Reach {
  readonly source: string;
  readonly hops: number | 'all';
  /** Of how many workloads there are beside the source. */
  readonly workloadsInAll: number;
  /** The surest first, then the nearest. */
  readonly reached: readonly Reached[];
}

/** `range` and `name`: outside, where data can leave. `dns`: where it can leave as names that are asked for. */
export type ReachedKind = 'workload' | 'range' | 'name' | LandmarkKind;

export interface Reached {
  readonly text: string;
  readonly kind: ReachedKind;
  /** Of the whole path: `partial` where some requests only pass, `unknown` where it depends on what is not known. */
  readonly answer: Passing;
  /** How long the shortest of the surest paths is. */
  readonly hops: number;
  /** Its last hops, at most `LONGEST_PATH`: commonly all of them. */
  readonly path: readonly Hop[];
}

export interface Hop {
  readonly source: string;
  readonly destination: string;
  /** What passes, such as `TCP 8080`. */
  readonly what: string;
  readonly answer: Passing;
  /** What lets it pass, on both sides. */
  readonly rules: readonly HopRule[];
}

export interface ReachOptions {
  /**
   * How many connections in a row.
   * @default 'all'
   */
  readonly hops?: number | 'all';
}

/** The blast radius of a workload: directly, and by way of other workloads. */
export function reach(analysis: Analysis, source: Party, { hops = 'all' }: ReachOptions = {}): Reach {
  const graph = ReachGraph.of(analysis);
  const workloads = new Map(analysis.parties.map(party => [party.text, party]));
  const found = closure(source.text, end => graph.fromWithLandmarks(end), hops === 'all' ? Infinity : hops);
  const rules = new Map<ReachEdge, readonly HopRule[]>();
  const reached = [...found].map(([text, { answer, hops: length, path }]): Reached => {
    const steps = path(LONGEST_PATH);
    return {
      text,
      kind: kindOf(steps[steps.length - 1].edge),
      answer,
      hops: length,
      path: steps.map(step => hopOf(analysis, workloads.get(step.source)!, step, rules)),
    };
  });
  reached.sort((a, b) => PASSING.indexOf(a.answer) - PASSING.indexOf(b.answer) || a.hops - b.hops || compareTexts(a.text, b.text));
  return { source: source.text, hops, workloadsInAll: workloads.size - (workloads.has(source.text) ? 1 : 0), reached };
}

function kindOf({ to, landmark }: ReachEdge): ReachedKind {
  if (landmark) { return landmark.kind; }
  if (to.workload) { return isClusterDns(to.workload) ? 'dns' : 'workload'; }
  return /^[\da-f.:]+-[\da-f.:]+\[External\]$/.test(to.text) ? 'range' : 'name';
}

/** Of each edge the rules are looked up once. */
function hopOf(analysis: Analysis, from: Party, { source, edge }: Step<ReachEdge>, known: Map<ReachEdge, readonly HopRule[]>): Hop {
  let rules = known.get(edge);
  if (!rules) { known.set(edge, rules = hopRules(analysis, from, edge.to, edge.example)); }
  return { source, destination: edge.destination, what: edge.what, answer: edge.answer, rules };
}
