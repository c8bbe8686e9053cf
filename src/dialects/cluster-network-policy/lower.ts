import { Conjunction, disjunction, exprOfAll } from '../../model/dnf';
import { address, allOf, anyOf, EndpointExpr, EXTERNAL } from '../../model/endpoint';
import { ADMIN, BASELINE, Policy, SECURITY } from '../../model/policy-set';
import { describeOrigin, Lowered, Target } from '../dialect';
import { refuseLabels } from '../identity-labels';
import { narrowToOutside, refuseAddresses } from '../outside';
import { Feature, refuse as refuseIn } from '../refusals';
import { lastPriority } from './kinds';
import { EVERYWHERE } from './networks';

const refuse = (feature: Feature, statement: string, detail?: string) => refuseIn('cluster-network-policy', feature, statement, detail);

/** The first half of the Admin tier's priorities is for `security`, the second one for `admin`: 0 to 499 and 500 to 999 where a CNI has them all. */
/** Of the priorities of the tier Admin, `security` has those below. */
export const halfOf = (target: Target): number => Math.floor((lastPriority(target) + 1) / 2);

/** Statements of the reference pipeline in the two tiers. */
export function lowerClusterNetworkPolicy(policies: readonly Policy[], target: Target): Lowered {
  if (target.cni === 'cilium') { policies.forEach(policy => refuseLabels('cluster-network-policy', policy)); }
  const placed = policies.map(policy => withRangesOutside(place(policy, target)));
  if (!target.cidrMatchesPods) { refuseAddresses('cluster-network-policy', placed); }
  const { policies: narrowed, wider } = narrowToOutside('cluster-network-policy', placed, target);
  return { policies: narrowed.map(policy => mapPeers(policy, withoutOutside)), wider: [...wider, ...widerNames(narrowed, target)] };
}

function place(policy: Policy, target: Target): Policy {
  const statement = describeOrigin(policy);
  if (policy.mode === 'staged') { throw refuse('staged', statement); }
  if (policy.hook) { throw refuse('hook', statement, policy.hook); }
  if (policy.isolates) { throw refuse('isolation-only', statement); }
  const [priority, ...rest] = policy.order;
  const stage = policy.stage === SECURITY || policy.stage === ADMIN ? ADMIN : BASELINE;
  if (stage !== policy.stage && policy.stage !== SECURITY) { throw refuse('stage', statement, `stage ${policy.stage}`); }
  if (typeof priority !== 'number' || !Number.isInteger(priority) || priority < 0 || priority >= halfOf(target)) {
    throw refuse('stage', statement, `priority ${String(priority)}, where each tier has 0 to ${halfOf(target) - 1} on ${target.cni}`);
  }
  const passes = policy.stage === SECURITY ? policy.rules.findIndex(({ action }) => action === 'pass') : -1;
  if (passes >= 0) { throw refuse('pass', describeOrigin(policy, passes)); }
  return { ...policy, stage, order: [policy.stage === ADMIN ? halfOf(target) + priority : priority, ...rest] };
}

/** Outside without a range is every address that is not the cluster's. */
const withRangesOutside = (policy: Policy): Policy => mapPeers(policy, conjunction => {
  const ranged = conjunction.some(({ atom, negated }) => !negated && ('cidr' in atom || 'fqdn' in atom));
  if (ranged || !saysOutside(conjunction)) { return [conjunction]; }
  const ranges = allOf(EXTERNAL, anyOf(...EVERYWHERE.map(cidr => address(cidr))));
  return disjunction(ranges).map(range => [...range, ...conjunction.filter(({ atom }) => !('kind' in atom && atom.kind === 'external'))]);
});

/** A name is outside anyway. */
const withoutOutside = (conjunction: Conjunction): Conjunction[] => (conjunction.some(({ atom }) => 'fqdn' in atom)
  ? [conjunction.filter(({ atom, negated }) => negated || !('kind' in atom && atom.kind === 'external'))]
  : [conjunction]);

const saysOutside = (conjunction: Conjunction): boolean =>
  conjunction.some(({ atom, negated }) => !negated && 'kind' in atom && atom.kind === 'external');

function mapPeers(policy: Policy, change: (conjunction: Conjunction) => Conjunction[]): Policy {
  const map = (expr: EndpointExpr): EndpointExpr => {
    const conjunctions = disjunction(expr);
    // What says nothing of outside stays as it was stated.
    return conjunctions.some(saysOutside) ? exprOfAll(conjunctions.flatMap(change)) : expr;
  };
  return {
    ...policy,
    rules: policy.rules.map(rule => {
      const { source, destination, ...rest } = rule.match;
      return { ...rule, match: { ...rest, source: map(source), destination: map(destination) } };
    }),
  };
}

/** Cilium adds a DNS rule of its own to a rule with names. */
function widerNames(policies: readonly Policy[], { cni }: Target): string[] {
  if (cni !== 'cilium') { return []; }
  return policies.flatMap(policy => policy.rules.flatMap((rule, i) => {
    const atoms = disjunction(rule.match.destination).flat().map(({ atom }) => atom);
    const name = atoms.map(atom => ('fqdn' in atom ? atom.fqdn : undefined)).find(fqdn => fqdn !== undefined);
    return name === undefined ? [] : [`${describeOrigin(policy, i)}: beside ${name}, Cilium accepts DNS requests for the names of the rule to every pod `
      + 'with the label k8s-app=kube-dns, and lets its DNS proxy refuse them requests for other names'];
  }));
}
