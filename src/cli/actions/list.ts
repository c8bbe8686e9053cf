import { connections } from '../../analysis/connections/connections';
import { exposure } from '../../analysis/connections/exposure/exposure';
import { probesOf } from '../../analysis/connections/probe';
import { listReport } from '../../report/list/list-report';
import { ListOptions } from '../commands/list';
import { Context } from '../context';
import { EXIT, ExitCode } from '../exit-code';
import { exitCode, load, tellNotes } from '../load';
import { selected } from '../selection';

export async function list(context: Context, paths: readonly string[], options: ListOptions): Promise<ExitCode> {
  const { analysis, problems, notes } = await load(context, paths, { closed: true });
  const wanted = selected(options, analysis);
  context.terminal.progress.at('connections are being worked out');
  await context.plainAnswer(listReport({
    connections: connections(analysis, { ...wanted, look: { probes: probesOf(analysis.set), conditions: false } }),
    ...(options.exposure === true ? { exposure: exposure(analysis, wanted) } : {}),
    notes,
  }, options.format));
  await tellNotes(context, notes);
  return exitCode(problems, EXIT.HOLDS);
}
