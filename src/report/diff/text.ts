import { DiffReport } from './diff-report';
import { cellsOf, namesOf } from './rows';
import { visibleLine } from '../../analysis/visible';

/** Nothing where nothing differs. */
export function diffText(report: DiffReport): string {
  const [first, second] = namesOf(report);
  const lines = report.diff.differences.map(cellsOf).map(([type, source, destination, before, after, info]) =>
    `diff-type: ${type}, source: ${source}, destination: ${destination}, ${first}: ${before}, ${second}: ${after}${info ? `, workloads-diff-info: ${info}` : ''}`);
  return lines.length === 0 ? '' : ['Connectivity diff:', ...lines].map(line => `${visibleLine(line)}\n`).join('');
}
