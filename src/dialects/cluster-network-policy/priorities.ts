import { Policy } from '../../model/policy-set';

/**
 * Policies of different documents that have one tier and one priority: which of them comes first is not defined, so that CNIs differ.
 * One document cannot show it, so whoever holds all of them asks here.
 */
export function samePriority(policies: readonly Policy[]): Policy[][] {
  const places = new Map<string, Policy[]>();
  for (const policy of policies.filter(({ mode, isolates }) => mode === 'enforce' && !isolates)) {
    const key = JSON.stringify([policy.stage, policy.direction, policy.order[0]]);
    places.set(key, [...places.get(key) ?? [], policy]);
  }
  return [...places.values()].filter(group => new Set(group.map(({ origin }) => origin.name)).size > 1);
}
