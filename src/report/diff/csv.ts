import { DiffReport } from './diff-report';
import { cellsOf, namesOf } from './rows';
import { csvTable } from '../escape/csv-cell';

export const diffCsv = (report: DiffReport): string =>
  csvTable([['diff-type', 'source', 'destination', ...namesOf(report), 'workloads-diff-info'], ...report.diff.differences.map(cellsOf)]);
