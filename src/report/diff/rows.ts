import { DiffReport } from './diff-report';
import { Difference } from '../../analysis/connections/diff-connections';

export const namesOf = ({ names = ['dir1', 'dir2'] }: DiffReport): readonly [string, string] => names;

/** Such as `workload shop/web[Deployment] added`; nothing where both have its ends. */
const workloadsInfo = ({ type, workloads }: Difference): string => (workloads.length === 0 ? '' : `workload ${workloads.join(' and ')} ${type}`);

export const cellsOf = (difference: Difference): string[] => {
  const { type, source, destination, texts: [before, after] } = difference;
  return [type, source, destination, before, after, workloadsInfo(difference)];
};
