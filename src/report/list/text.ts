import { ListReport } from './list-report';
import { exposureRows, listRows } from './rows';
import { Exposure } from '../../analysis/connections/exposure/exposure';
import { visibleLine } from '../../analysis/visible';

/** The lines that users of netpol-analyzer know. */
export function listText({ connections, exposure }: ListReport): string {
  const lines = listRows(connections).map(({ src, dst, conn }) => `${src} => ${dst} : ${conn}`);
  const all = exposure ? [...lines, ...lines.length > 0 ? [''] : [], ...exposureLines(exposure)] : lines;
  return all.map(line => `${visibleTabs(line)}\n`).join('');
}

function exposureLines(exposure: Exposure): string[] {
  const egress = exposureRows(exposure, 'egress').map(({ src, dst, conn }) => ({ workload: src, rest: ` \t=> \t${dst} : ${conn}` }));
  const ingress = exposureRows(exposure, 'ingress').map(({ src, dst, conn }) => ({ workload: dst, rest: ` \t<= \t${src} : ${conn}` }));
  const width = [...egress, ...ingress].reduce((most, { workload }) => Math.max(most, workload.length), 0);
  const section = (title: string, rows: typeof egress): string[] =>
    (rows.length === 0 ? [] : [title, ...rows.map(({ workload, rest }) => workload.padEnd(width) + rest), '']);
  const unprotected = exposure.unprotected.map(({ workload, direction }) => `${workload} is not protected on ${direction === 'egress' ? 'Egress' : 'Ingress'}`);
  const all = [
    'Exposure Analysis Result:',
    ...section('Egress Exposure:', egress),
    ...section('Ingress Exposure:', ingress),
    ...unprotected.length > 0 ? ['Workloads not protected by network policies:', ...unprotected, ''] : [],
    ...exposure.notes.map(note => `Note: ${note}`),
  ];
  return all[all.length - 1] === '' ? all.slice(0, -1) : all;
}

/** The tabs of the form itself stay. */
const visibleTabs = (line: string): string => line.split(/( \t(?:=>|<=) \t)/).map((part, i) => (i % 2 === 1 ? part : visibleLine(part))).join('');
