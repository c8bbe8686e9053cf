import { diffCsv } from './csv';
import { diffDot } from './dot';
import { diffJson } from './json';
import { diffMarkdown } from './markdown';
import { diffText } from './text';
import { ConnectionsDiff } from '../../analysis/connections/diff-connections';

export const DIFF_FORMATS = ['text', 'json', 'csv', 'md', 'dot'] as const;
export type DiffFormat = typeof DIFF_FORMATS[number];

export interface DiffReport {
  readonly diff: ConnectionsDiff;
  /**
   * What the two are called.
   * @default ['dir1', 'dir2']
   */
  readonly names?: readonly [string, string];
  /** Sentences; they stand in the forms that people read. */
  readonly notes?: readonly string[];
}

export function diffReport(report: DiffReport, format: DiffFormat): string {
  switch (format) {
    case 'text': return diffText(report);
    case 'json': return diffJson(report);
    case 'csv': return diffCsv(report);
    case 'md': return diffMarkdown(report);
    case 'dot': return diffDot(report);
  }
}
