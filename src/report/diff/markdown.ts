import { DiffReport } from './diff-report';
import { cellsOf, namesOf } from './rows';
import { Difference } from '../../analysis/connections/diff-connections';
import { justificationsText } from '../../model/justification';
import { markdownTable, markdownText } from '../escape/markdown-text';

/** More rows than these fill a comment; what is left out is counted. */
const MOST_ROWS = 200;

/** A comment on a pull request: what it opens first, the details folded. */
export function diffMarkdown(report: DiffReport): string {
  const { diff: { differences, workloadsAdded, workloadsRemoved, reach, exposure }, notes = [] } = report;
  const opened = differences.filter(difference => difference.opened);
  const others = differences.filter(difference => !difference.opened);
  const parts = [
    '### Network policies: who may talk to whom\n',
    differences.length === 0 ? 'No connection changes.\n' : `${headline(opened, others)}\n`,
    ...details(`Opened: ${count(opened.length, 'connection')}`, table(report, opened), opened.length > 0),
    ...details(`Closed: ${count(others.length, 'connection')}`, table(report, others), others.length > 0),
    ...details(`Exposure to others: ${count(exposure.length, 'change')}`,
      limited(['workload', 'direction', 'peer', 'before', 'after'], exposure.map(change => [change.workload, change.direction, change.peer, change.before, change.after])),
      exposure.length > 0),
    ...details(`Workloads reached: ${count(reach.length, 'change')}`,
      limited(['workload', 'before', 'after'], reach.map(({ workload, before, after }) => [workload, String(before), String(after)])), reach.length > 0),
    ...details(`Workloads: ${workloadsAdded.length} added, ${workloadsRemoved.length} removed`,
      limited(['workload', 'change'], [...workloadsAdded.map(name => [name, 'added']), ...workloadsRemoved.map(name => [name, 'removed'])]),
      workloadsAdded.length + workloadsRemoved.length > 0),
    ...notes.map(note => `- ${markdownText(note)}`),
  ];
  return `${parts.join('\n').trimEnd()}\n`;
}

const headline = (opened: readonly Difference[], others: readonly Difference[]): string =>
  (opened.length > 0 ? `**Opens ${count(opened.length, 'connection')}**, closes ${count(others.length, 'connection')}.` : `Opens nothing, closes ${count(others.length, 'connection')}.`);

function table(report: DiffReport, differences: readonly Difference[]): string {
  const why = differences.some(({ justifications = [] }) => justifications.length > 0);
  return limited(
    ['change', 'source', 'destination', ...namesOf(report).map(markdownText), 'workloads', ...why ? ['why'] : []],
    differences.map(difference => [...cellsOf(difference), ...why ? [justificationsText(difference.justifications ?? [])] : []]),
  );
}

function limited(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const left = rows.length - MOST_ROWS;
  return markdownTable(header, rows.slice(0, MOST_ROWS)) + (left > 0 ? `\nand ${left} more\n` : '');
}

const details = (summary: string, body: string, isThere: boolean): string[] =>
  (isThere ? [`<details><summary>${markdownText(summary)}</summary>\n\n${body}\n</details>\n`] : []);

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
