import { Document, Target } from '../dialect';

/** Tiers: the order in which policies are asked, and what a tier does with what none of its policies decides. */

export const CALICO_V3 = 'projectcalico.org/v3';
export const DEFAULT_TIER = 'default';

export interface Tier {
  readonly name: string;
  readonly order: number;
  readonly defaultAction: 'Deny' | 'Pass';
}

/** What the API server fills in for a tier that states none. */
export const UNSTATED_TIER_ORDER = 1_000_000;

/** They always exist, and neither their order nor their default action can be changed. */
export const BUILTIN_TIERS: readonly Tier[] = [
  { name: 'kube-admin', order: 1_000, defaultAction: 'Pass' },
  { name: DEFAULT_TIER, order: 1_000_000, defaultAction: 'Deny' },
  { name: 'kube-baseline', order: 10_000_000, defaultAction: 'Pass' },
];

export const builtinTier = (name: string): Tier | undefined => BUILTIN_TIERS.find(tier => tier.name === name);

/** Before the default tier; what no deny rule of it matches goes on to the next tier. */
const DENY_TIER_ORDER = 500;

/** The tier into which `lower` puts deny rules. It must be applied before the policies in it. */
export const tierDocument = (target: Target): Document =>
  ({ apiVersion: CALICO_V3, kind: 'Tier', metadata: { name: target.denyTier }, spec: { order: DENY_TIER_ORDER, defaultAction: 'Pass' } });

/** Calico before 3.32 wants the tier in the name of a policy that is not in the default tier, and at most one dot in any name. */
export function nameInTier(tier: string, name: string): string {
  if (tier === DEFAULT_TIER) { return name; }
  const bare = name.startsWith(`${tier}.`) ? name.slice(tier.length + 1) : name;
  return `${tier}.${bare.replace(/\./g, '-')}`;
}

/** The order of Kubernetes NetworkPolicies in the default tier, and of what this library states. */
export const NORMAL_ORDER = 1_000;

/** Inside a tier, policies go by order, then by this text. */
export const policyOrder = (order: number | undefined, name: string, namespace: string | undefined, kind: string): [number, string] =>
  [order ?? Infinity, `${name}/${namespace ?? ''}/${kind}`];
