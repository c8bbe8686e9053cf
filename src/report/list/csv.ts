import { ListReport } from './list-report';
import { exposureRows, listRows } from './rows';
import { csvTable } from '../escape/csv-cell';

export function listCsv({ connections, exposure }: ListReport): string {
  const list = [['src', 'dst', 'conn'], ...listRows(connections).map(({ src, dst, conn }) => [src, dst, conn])];
  if (!exposure) { return csvTable(list); }
  return csvTable([
    ...list,
    ['Exposure Analysis Result:', '', ''],
    ['Egress Exposure:', '', ''],
    ['src', 'dst', 'conn'],
    ...exposureRows(exposure, 'egress').map(({ src, dst, conn }) => [src, dst, conn]),
    ['Ingress Exposure:', '', ''],
    ['dst', 'src', 'conn'],
    ...exposureRows(exposure, 'ingress').map(({ src, dst, conn }) => [dst, src, conn]),
    ...exposure.unprotected.length > 0 ? [['Workloads not protected by network policies:', '', ''], ...exposure.unprotected.map(({ workload, direction }) => [workload, direction, ''])] : [],
  ]);
}
