import { ResolvedCluster } from './cluster';
import { Problem } from './input/source-document';
import { Party } from './party';
import { samePriority } from '../dialects/cluster-network-policy';
import { matchesEndpoint, NO } from '../model/match';
import { Policy, PolicySet } from '../model/policy-set';

/** Of each policy so many others are named. */
const MOST_PROBLEMS = 50;

/**
 * Policies of the whole cluster with one priority that may be about one workload and do not all do the same: which of them decides is not defined.
 * Calico goes by their names.
 */
export function tiedPriorities({ policies }: PolicySet, { cni, profile }: ResolvedCluster, parties: () => readonly Party[]): Problem[] {
  if (cni === 'calico') { return []; }
  const ties = samePriority(policies.filter(({ origin }) => origin.apiVersion.startsWith('policy.networking.k8s.io/')));
  const problems = new Map<Policy, Problem>();
  for (const tied of ties.filter(mayDiffer)) {
    for (const { text, variants } of parties()) {
      for (const variant of variants) {
        const [first, ...others] = tied.filter(({ subject }) => matchesEndpoint(subject, variant, profile) !== NO);
        const other = others.find(each => each.origin.name !== first.origin.name && mayDiffer([first, each]));
        if (other && !problems.has(other)) { problems.set(other, problemOf(first, other, text)); }
        if (problems.size >= MOST_PROBLEMS) { return [...problems.values()]; }
      }
    }
  }
  return [...problems.values()];
}

/** Where all rules do the same, their order says nothing. */
const mayDiffer = (policies: readonly Policy[]): boolean => new Set(policies.flatMap(({ rules }) => rules.map(({ action }) => action))).size > 1;

function problemOf(first: Policy, { origin, order, direction }: Policy, party: string): Problem {
  const place = first.origin.at === undefined ? '' : ` (${first.origin.at})`;
  return {
    at: origin.at ?? `${origin.kind} ${origin.name}`,
    message: `${origin.kind} ${origin.name} has the priority ${order[0]} of ${first.origin.kind} ${first.origin.name}${place}, and both are about ${direction} of ${party}: `
      + 'which of them decides is not defined; give them different priorities',
  };
}
