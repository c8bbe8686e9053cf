import { listCsv } from './csv';
import { listDot } from './dot';
import { listHtml } from './html';
import { listJson } from './json';
import { listMarkdown } from './markdown';
import { listMermaid } from './mermaid';
import { listText } from './text';
import { Connection } from '../../analysis/connections/connection-set';
import { Exposure } from '../../analysis/connections/exposure/exposure';

/** What `list` prints. */
export interface ListReport {
  readonly connections: readonly Connection[];
  readonly exposure?: Exposure;
  /** Sentences; they stand in the forms that people read. */
  readonly notes?: readonly string[];
}

export const LIST_FORMATS = ['text', 'json', 'csv', 'md', 'dot', 'mermaid', 'html'] as const;
export type ListFormat = typeof LIST_FORMATS[number];

/** Ends with a line feed, where there is anything. */
export function listReport(report: ListReport, format: ListFormat): string {
  switch (format) {
    case 'text': return listText(report);
    case 'json': return listJson(report);
    case 'csv': return listCsv(report);
    case 'md': return listMarkdown(report);
    case 'dot': return listDot(report);
    case 'mermaid': return listMermaid(report);
    case 'html': return listHtml(report);
  }
}
