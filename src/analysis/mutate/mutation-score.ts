import { Operator } from './edit';
import { Mutant, mutants } from './mutants';
import { Analysis } from '../analysis';
import { diffConnections } from '../connections/diff-connections';
import { SourceDocument } from '../input/source-document';
import { AnalysisOptions } from '../options';

/** How well a contract notices mistakes in the manifests. */
export interface MutationReport {
  /** How many changes there are, and how many of them were tried. */
  readonly possible: number;
  readonly tried: number;
  /** The contract no longer held. */
  readonly caught: number;
  /** Connections changed, and the contract did not notice. */
  readonly survivors: readonly Survivor[];
  /** Nothing changed for the workloads that there are; these do not count. */
  readonly equivalent: number;
  /** What came out is no valid policy; these do not count. */
  readonly invalid: number;
  /** From 0 to 1: the caught among those that count. Absent where none does. */
  readonly score?: number;
}

export interface Survivor {
  readonly operator: Operator;
  readonly edit: string;
  /** `file:line` */
  readonly at: string;
}

interface MutationOptions {
  /** Whether a contract, or a lint, is not content. */
  readonly notices: (analysis: Analysis) => boolean;
  /** Most changes to try, picked evenly from all. */
  readonly limit: number;
  readonly onProgress?: (tried: number, of: number) => void;
}

/** Makes one small mistake at a time, and looks whether anybody notices. Equal input gives an equal report. */
export function mutationScore(documents: readonly SourceDocument[], options: AnalysisOptions, mutation: MutationOptions): MutationReport {
  const { notices, limit, onProgress } = mutation;
  const original = Analysis.of(documents, options);
  const all = [...mutants(documents, original.cluster.version)];
  const picked = evenly(all, limit);
  const outcomes = picked.map((mutant, index) => {
    onProgress?.(index, picked.length);
    return { mutant, outcome: outcomeOf(mutant, options, original, notices) };
  });
  const count = (wanted: Outcome) => outcomes.filter(({ outcome }) => outcome === wanted).length;
  const survivors = outcomes.filter(({ outcome }) => outcome === 'survived').map(({ mutant: { operator, edit, at } }) => ({ operator, edit, at: at() }));
  const caught = count('caught');
  return {
    possible: all.length,
    tried: picked.length,
    caught,
    survivors,
    equivalent: count('equivalent'),
    invalid: count('invalid'),
    ...(caught + survivors.length === 0 ? {} : { score: caught / (caught + survivors.length) }),
  };
}

type Outcome = 'caught' | 'survived' | 'equivalent' | 'invalid';

function outcomeOf(mutant: Mutant, options: AnalysisOptions, original: Analysis, notices: MutationOptions['notices']): Outcome {
  let analysis: Analysis;
  // The CNI is that of the original: a policy that is left out is no reason to take it for another one.
  try {
    analysis = Analysis.of(mutant.documents(), { ...options, cni: original.cluster.cni });
  } catch {
    return 'invalid';
  }
  if (analysis.problems.length > original.problems.length) { return 'invalid'; }
  if (notices(analysis)) { return 'caught'; }
  return changesAnything(original, analysis) ? 'survived' : 'equivalent';
}

/** Also other requests, what has no ports, and what is open to pods that are not there yet. */
function changesAnything(before: Analysis, after: Analysis): boolean {
  const { differences, exposure } = diffConnections(before, after, { reach: () => new Map() });
  return differences.length > 0 || exposure.length > 0;
}

function evenly<T>(items: readonly T[], most: number): readonly T[] {
  return items.length <= most ? items : Array.from({ length: most }, (_, i) => items[Math.floor(i * items.length / most)]);
}
