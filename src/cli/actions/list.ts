import { Analysis } from '../../analysis/analysis';
import { connections, PartyConnection } from '../../analysis/connections/connections';
import { exposure } from '../../analysis/connections/exposure/exposure';
import { probesOf } from '../../analysis/connections/probe';
import { ConnectionReasons } from '../../analysis/connections/reasons';
import { unknownNotes } from '../../analysis/connections/unknown-notes';
import { listReport } from '../../report/list/list-report';
import { ListOptions } from '../commands/list';
import { Context } from '../context';
import { EXIT, ExitCode } from '../exit-code';
import { exitCode, load, tellNotes } from '../load';
import { selected } from '../selection';

export async function list(context: Context, paths: readonly string[], options: ListOptions): Promise<ExitCode> {
  const { analysis, problems, notes: told } = await load(context, paths, { closed: true });
  const wanted = selected(options, analysis);
  context.terminal.progress.at('connections are being worked out');
  const found = connections(analysis, { ...wanted, look: { probes: probesOf(analysis.set), conditions: false } });
  const notes = options.quiet === true ? [] : [...told, ...unknownNotes(analysis, found)];
  await context.plainAnswer(listReport({
    connections: SAYS_WHY.includes(options.format) ? withReasons(analysis, found) : found,
    ...(options.exposure === true ? { exposure: exposure(analysis, wanted) } : {}),
    notes,
  }, options.format));
  await tellNotes(context, notes);
  return exitCode(problems, EXIT.HOLDS);
}

/** The other formats are those that other tools know, or pictures. */
const SAYS_WHY: readonly ListOptions['format'][] = ['json', 'md', 'html'];

function withReasons(analysis: Analysis, found: readonly PartyConnection[]): PartyConnection[] {
  const reasons = new ConnectionReasons(analysis);
  return found.map(connection => ({ ...connection, justifications: reasons.of(connection) }));
}
