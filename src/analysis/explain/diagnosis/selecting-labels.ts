import { isIdentityLabel } from '../../../dialects/identity-labels';
import { Analysis } from '../../analysis';
import { Known } from '../../find/known';
import { Labels } from '../../world/interner';
import { Workload } from '../../world/world';

/** What people select pods by, the best first. */
const PREFERRED: readonly (readonly string[])[] = [
  ['app.kubernetes.io/name'],
  ['app.kubernetes.io/name', 'app.kubernetes.io/instance'],
  ['app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/component'],
  ['app'],
  ['k8s-app'],
  ['name'],
];

/** Labels that change with every release. */
const PASSING = /(^|[./-])(version|chart|hash|revision|managed-by)$/;

/** The fewest labels that select the pods of a workload and of no other one in its namespace; undefined where it has no label of its own. */
export function selectingLabels(analysis: Analysis, workload: Workload): Labels | undefined {
  const { labels } = workload;
  const others = Known.of(analysis).workloadsIn(workload.namespace)
    .flatMap(party => (party.workload && party.workload !== workload ? [party.workload.labels] : []));
  const lasting = Object.keys(labels).filter(key => isIdentityLabel(key) && !PASSING.test(key)).sort();
  const candidates = [...PREFERRED.filter(keys => keys.every(key => Object.hasOwn(labels, key))), ...lasting.map(key => [key]), lasting];
  const alike = (other: Labels, keys: readonly string[]): boolean => keys.every(key => Object.hasOwn(other, key) && other[key] === labels[key]);
  const keys = candidates.find(each => each.length > 0 && !others.some(other => alike(other, each)));
  return keys && Object.fromEntries(keys.map(key => [key, labels[key]]));
}
