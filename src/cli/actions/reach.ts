import { reach as reachOf } from '../../analysis/reach/reach';
import { reachJson } from '../../report/reach-json';
import { reachMermaid } from '../../report/reach-mermaid';
import { reachText } from '../../report/reach-text';
import { ReachOptions } from '../commands/reach';
import { Context } from '../context';
import { EXIT, ExitCode } from '../exit-code';
import { exitCode, load, tellNotes } from '../load';
import { workloadOf } from '../parties';

export async function reach(context: Context, paths: readonly string[], options: ReachOptions): Promise<ExitCode> {
  const { analysis, problems, notes } = await load(context, paths, { closed: false });
  context.terminal.progress.at('paths are being worked out');
  const found = reachOf(analysis, workloadOf(analysis, options.from), { hops: options.hops });
  switch (options.format) {
    case 'json': await context.answer(reachJson(found, notes)); break;
    case 'mermaid': await context.answer(reachMermaid(found)); break;
    default: await context.answer(reachText(found));
  }
  if (options.format !== 'json') { await tellNotes(context, notes); }
  return exitCode(problems, EXIT.HOLDS);
}
