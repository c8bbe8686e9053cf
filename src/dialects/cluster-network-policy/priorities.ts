import { groupBy } from '../../model/group-by';
import { Policy } from '../../model/policy-set';

/**
 * Policies of different documents that have one tier and one priority: which of them comes first is not defined, so that CNIs differ.
 * One document cannot show it, so whoever holds all of them asks here.
 */
export function samePriority(policies: readonly Policy[]): Policy[][] {
  const enforced = policies.filter(({ mode, isolates }) => mode === 'enforce' && !isolates);
  const places = groupBy(enforced, ({ stage, direction, order }) => JSON.stringify([stage, direction, order[0]]));
  return [...places.values()].filter(group => new Set(group.map(({ origin }) => origin.name)).size > 1);
}
