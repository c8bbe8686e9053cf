import { analysisOptions } from './analysis-options';
import { Context } from './context';
import { EXIT, ExitCode } from './exit-code';
import { UsageError } from './usage-error';
import { Analysis } from '../analysis/analysis';
import { readPaths, readText } from '../analysis/input/read-paths';
import { Problem, SourceDocument } from '../analysis/input/source-document';
import { SourceDocuments } from '../analysis/input/source-documents';

/** Manifests, read, and whether all of them could be. */
export interface Loaded {
  readonly analysis: Analysis;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

interface LoadOptions {
  /** Whether what the manifests do not hold is taken not to be. */
  readonly closed: boolean;
  /** Who wants every document too. */
  readonly onDocument?: (document: SourceDocument) => void;
}

const CLOSED_NOTE = 'the world is taken to be closed: a namespace that is not in the input has no labels but its name, '
  + 'and an address range matches a pod only by an address that is stated; explain and check take neither for granted';

/** Problems are told here, and notes by `tellNotes`, after the answer. */
export async function load(context: Context, paths: readonly string[], { closed, onDocument }: LoadOptions): Promise<Loaded> {
  const options = analysisOptions(context.options, closed);
  const input = new Input(context, paths, onDocument);
  let analysis: Analysis;
  try {
    analysis = Analysis.of(input.documents(), options);
  } finally {
    // What is wrong with the files is told even where nothing can be made of the rest.
    await tell(context, input.problems);
  }
  if (input.count === 0) { throw new UsageError('there is nothing to analyse'); }
  await tell(context, analysis.problems);
  return {
    analysis,
    problems: [...input.problems, ...analysis.problems],
    notes: [...closed ? [CLOSED_NOTE] : [], ...input.notes, ...analysis.notes, ...skippedNote(analysis)],
  };
}

export async function tellNotes(context: Context, notes: readonly string[]): Promise<void> {
  for (const note of new Set(notes)) { await context.terminal.note(note); }
}

/** An analysis of a part of the input is none of which one could say that all is well. */
export const exitCode = (problems: readonly Problem[], otherwise: ExitCode): ExitCode => (problems.length > 0 ? EXIT.BAD : otherwise);

/** Standard input can be read once. */
export function refuseTwice(paths: readonly string[]): void {
  if (paths.filter(path => path === '-').length > 1) { throw new UsageError('standard input (-) is named twice; write one of the two to a file'); }
}

async function tell({ terminal }: Context, problems: readonly Problem[]): Promise<void> {
  for (const { at, message } of problems) { await terminal.problem(`${at}: ${message}`); }
}

function skippedNote({ skipped }: Analysis): string[] {
  if (skipped.size === 0) { return []; }
  return [`skipped, since their kinds are not known here: ${[...skipped].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => `${count} ${kind}`).join(', ')}`];
}

/** The documents of all paths, one after the other. */
class Input {
  public count = 0;
  private readonly sources: readonly SourceDocuments[];
  private readonly emptyProblems: Problem[] = [];

  public constructor(private readonly context: Context, private readonly paths: readonly string[], private readonly onDocument: LoadOptions['onDocument']) {
    const { stdin } = context.io;
    this.sources = stdin === undefined || !paths.includes('-') ? [readPaths(paths)]
      : paths.map(path => (path === '-' ? readText(stdin, 'stdin') : readPaths([path])));
  }

  public get problems(): readonly Problem[] {
    return [...this.sources.flatMap(({ problems }) => problems), ...this.emptyProblems];
  }

  public get notes(): readonly string[] { return this.sources.flatMap(({ notes }) => notes); }

  public* documents(): Iterable<SourceDocument> {
    const { progress } = this.context.terminal;
    for (const source of this.sources) {
      for (const document of source) {
        progress.at(`${++this.count} objects read`);
        this.onDocument?.(document);
        yield document;
      }
    }
    if (this.count === 0 && this.problems.length === 0) { this.emptyProblems.push({ at: this.paths.join(', '), message: 'there is no object of Kubernetes in it' }); }
    progress.at(`${this.count} objects read, policies are being worked out`);
  }
}
