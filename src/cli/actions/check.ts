import * as fs from 'fs';
import { Analysis } from '../../analysis/analysis';
import { judge } from '../../analysis/contract/judge';
import { readContract } from '../../analysis/contract/read-contract';
import { Statement } from '../../analysis/contract/statement';
import { SourceDocument } from '../../analysis/input/source-document';
import { mutationScore } from '../../analysis/mutate/mutation-score';
import { checkJson } from '../../report/check-json';
import { checkJunit } from '../../report/check-junit';
import { CheckReport, holds, StatementResult } from '../../report/check-report';
import { checkSarif } from '../../report/check-sarif';
import { checkText } from '../../report/check-text';
import { CheckOptions } from '../commands/check';
import { Context } from '../context';
import { EXIT, ExitCode } from '../exit-code';
import { exitCode, load, Loaded, refuseTwice, tellNotes } from '../load';
import { UsageError } from '../usage-error';
import { versionOf } from '../version';

export async function check(context: Context, paths: readonly string[], options: CheckOptions): Promise<ExitCode> {
  refuseTwice([...paths, options.contract]);
  if (options.mutate !== true && options.mutateMin !== undefined) { throw new UsageError('--mutate-min needs --mutate'); }
  const read = readContract(contractText(context, options.contract), options.contract === '-' ? 'stdin' : options.contract);
  for (const { at, message } of read.problems) { await context.terminal.problem(`${at}: ${message}`); }
  if (read.problems.length > 0) { return EXIT.BAD; }
  const documents: SourceDocument[] = [];
  const keep = (document: SourceDocument) => { documents.push(document); };
  const loaded = await load(context, paths, { closed: false, ...(options.mutate === true ? { onDocument: keep } : {}) });
  const report = reportOf(context, { ...loaded, documents }, read.statements, options);
  await context.answer(written(report, context, options));
  if (options.format !== 'json') { await tellNotes(context, loaded.notes); }
  return exitCode(loaded.problems, holds(report) ? EXIT.HOLDS : EXIT.VIOLATED);
}

/** With the documents themselves, where they are to be changed. */
interface LoadedDocuments extends Loaded {
  readonly documents: readonly SourceDocument[];
}

function contractText({ io }: Context, file: string): string {
  if (file === '-') { return io.stdin ?? fs.readFileSync(0, 'utf8'); }
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the contract ${JSON.stringify(file)}: ${(error as Error).message}`);
  }
}

function reportOf(context: Context, loaded: LoadedDocuments, statements: readonly Statement[], options: CheckOptions): CheckReport {
  const { progress } = context.terminal;
  const { analysis, documents, problems, notes } = loaded;
  const results = statements.map((statement, index): StatementResult => {
    progress.at(`statement ${index + 1} of ${statements.length}`);
    return { statement, violations: judge(analysis, statement) };
  });
  const mutation = options.mutate === true && results.every(({ violations }) => violations.length === 0)
    ? mutationScore(documents, analysis.options, {
      notices: mutated => notices(mutated, statements),
      limit: options.mutateLimit,
      onProgress: (tried, of) => progress.at(`change ${tried + 1} of ${of}`),
    }) : undefined;
  return {
    contract: options.contract,
    results,
    problems,
    notes,
    ...(options.mutate === true ? { mutation: mutation ?? 'not tried' } : {}),
    ...(options.mutateMin === undefined ? {} : { wantedScore: options.mutateMin }),
  };
}

/** Whether anything is stated that does not hold. */
const notices = (analysis: Analysis, statements: readonly Statement[]): boolean =>
  statements.some(statement => judge(analysis, statement).length > 0);

function written(report: CheckReport, { style }: Context, { format }: CheckOptions): string {
  switch (format) {
    case 'json': return checkJson(report);
    case 'junit': return checkJunit(report);
    case 'sarif': return checkSarif(report, versionOf());
    default: return checkText(report, style);
  }
}
