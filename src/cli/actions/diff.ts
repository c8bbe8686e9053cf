import { ConnectionsDiff, diffConnections } from '../../analysis/connections/diff-connections';
import { transitiveReach, transitiveReachOfSome } from '../../analysis/reach/transitive-reach';
import { diffReport } from '../../report/diff/diff-report';
import { DiffOptions } from '../commands/diff';
import { Context } from '../context';
import { EXIT, ExitCode } from '../exit-code';
import { exitCode, load, refuseTwice, tellNotes } from '../load';
import { selected } from '../selection';

export async function diff(context: Context, before: string, after: string, options: DiffOptions): Promise<ExitCode> {
  refuseTwice([before, after]);
  const [old, recent] = [await load(context, [before], { closed: true }), await load(context, [after], { closed: true })];
  const notes = [...new Set([...old.notes, ...recent.notes])];
  const wanted = selected(options, old.analysis, recent.analysis);
  const isWhole = wanted.namespaces === undefined && wanted.workloads === undefined;
  context.terminal.progress.at('connections are being compared');
  const found = diffConnections(old.analysis, recent.analysis, { ...wanted, reach: isWhole ? transitiveReach : transitiveReachOfSome });
  await context.plainAnswer(diffReport({ diff: found, notes: options.quiet === true ? [] : notes }, options.format));
  await tellNotes(context, [...notes, ...!HAS_EXPOSURE.includes(options.format) ? exposureNotes(found) : [], ...options.format === 'text' ? radiusNotes(found) : []]);
  return exitCode([...old.problems, ...recent.problems], isRefused(found, options) ? EXIT.VIOLATED : EXIT.HOLDS);
}

const isRefused = ({ differences, exposure }: ConnectionsDiff, { failOn }: DiffOptions): boolean =>
  [...differences, ...exposure].some(({ opened, closed }) => (failOn === 'any' && (opened || closed)) || (failOn === 'opened' && opened) || (failOn === 'closed' && closed));

const MOST = 10;

/** The formats in which it stands among the rest. */
const HAS_EXPOSURE: readonly DiffOptions['format'][] = ['json', 'md'];

/** What is opened comes first. */
function exposureNotes({ exposure }: ConnectionsDiff): string[] {
  const lines = exposure.slice(0, MOST).map(({ workload, direction, peer, before, after }) =>
    `exposure of ${direction === 'ingress' ? `${workload} <= ${peer}` : `${workload} => ${peer}`}: ${before} -> ${after}`);
  return exposure.length > MOST ? [...lines, `and ${exposure.length - MOST} more changes of exposure; --format json has all of them`] : lines;
}

/** The text itself keeps to the lines that other tools know. */
function radiusNotes({ reach }: ConnectionsDiff): string[] {
  const lines = reach.slice(0, MOST).map(({ workload, before, after }) => `blast radius of ${workload}: ${before} -> ${after} workloads`);
  return reach.length > MOST ? [...lines, `and of ${reach.length - MOST} more workloads; --format json has all of them`] : lines;
}
