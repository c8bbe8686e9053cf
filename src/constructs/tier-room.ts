import { LAST_PRIORITY } from './cluster-policy';
import { targetOf } from './target';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { halfOf } from '../dialects/cluster-network-policy';
import { isBefore } from '../dialects/versions';

/** What policies of the whole cluster have room for, where a CNI has less than others. */

/** The last priority of a tier. */
export function lastPriorityOfTier(facts: ResolvedFacts): number {
  const target = targetOf(facts);
  return facts.dialect === Dialect.CALICO || !target.clusterNetworkPolicy ? LAST_PRIORITY : halfOf(target) - 1;
}

/** How long a selector can be, in characters. */
export const longestSelector = ({ dialect, cni }: ResolvedFacts): number =>
  (dialect === Dialect.CALICO && !isBefore(cni.version, '3.33') ? 1024 : Infinity);
