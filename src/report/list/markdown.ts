import { ListReport } from './list-report';
import { exposureRows, hasWhy, listRows, whyOf } from './rows';
import { Exposure } from '../../analysis/connections/exposure/exposure';
import { markdownTable, markdownText } from '../escape/markdown-text';

export function listMarkdown({ connections, exposure, notes = [] }: ListReport): string {
  const rows = listRows(connections);
  const list = hasWhy(rows)
    ? markdownTable(['src', 'dst', 'conn', 'why'], rows.map(row => [row.src, row.dst, row.conn, whyOf(row)]))
    : markdownTable(['src', 'dst', 'conn'], rows.map(({ src, dst, conn }) => [src, dst, conn]));
  const remarks = [...notes, ...exposure?.notes ?? []].map(note => `- ${markdownText(note)}\n`).join('');
  return [list, ...exposure ? exposureParts(exposure) : [], ...remarks ? [remarks] : []].join('\n');
}

const exposureParts = (exposure: Exposure): string[] => [
  '## Exposure Analysis Result:\n',
  `### Egress Exposure:\n\n${markdownTable(['src', 'dst', 'conn'], exposureRows(exposure, 'egress').map(({ src, dst, conn }) => [src, dst, conn]))}`,
  `### Ingress Exposure:\n\n${markdownTable(['dst', 'src', 'conn'], exposureRows(exposure, 'ingress').map(({ src, dst, conn }) => [dst, src, conn]))}`,
  ...exposure.unprotected.length === 0 ? [] : [
    `### Workloads not protected by network policies:\n\n${markdownTable(['workload', 'direction'], exposure.unprotected.map(({ workload, direction }) => [workload, direction]))}`,
  ],
];
