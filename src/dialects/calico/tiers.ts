import { ADMIN, BASELINE, SECURITY } from '../../model/policy-set';
import { Document, Target } from '../dialect';
import { hasClusterNetworkPolicy } from './version';

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

const DEFAULT: Tier = { name: DEFAULT_TIER, order: 1_000_000, defaultAction: 'Deny' };

/** Where policies of policy.networking.k8s.io stand: before and after the default tier. */
interface UpstreamTiers {
  readonly admin: Tier;
  readonly baseline: Tier;
}

const CLUSTER_NETWORK_POLICY: UpstreamTiers = {
  admin: { name: 'kube-admin', order: 1_000, defaultAction: 'Pass' },
  baseline: { name: 'kube-baseline', order: 10_000_000, defaultAction: 'Pass' },
};

const ADMIN_NETWORK_POLICY: UpstreamTiers = {
  admin: { name: 'adminnetworkpolicy', order: 1_000, defaultAction: 'Pass' },
  baseline: { name: 'baselineadminnetworkpolicy', order: 10_000_000, defaultAction: 'Pass' },
};

export const upstreamTiers = (version: string | undefined): UpstreamTiers =>
  (hasClusterNetworkPolicy(version) ? CLUSTER_NETWORK_POLICY : ADMIN_NETWORK_POLICY);

/** They always exist, and neither their order nor their default action can be changed. */
export function builtinTiers(version: string | undefined): readonly Tier[] {
  const { admin, baseline } = upstreamTiers(version);
  return [admin, DEFAULT, baseline];
}

export const builtinTier = (name: string, version: string | undefined): Tier | undefined => builtinTiers(version).find(tier => tier.name === name);

/** The tiers of what constructs state for the whole cluster. What a policy of theirs does not decide goes on to the next tier. */
const STAGE_TIERS: Readonly<Record<string, Tier>> = {
  [SECURITY]: { name: 'netpol-security', order: 100, defaultAction: 'Pass' },
  [ADMIN]: { name: 'netpol-platform', order: 200, defaultAction: 'Pass' },
  [BASELINE]: { name: 'netpol-baseline', order: 2_000_000, defaultAction: 'Pass' },
};

export const tierOfStage = (stage: string): Tier | undefined => (Object.hasOwn(STAGE_TIERS, stage) ? STAGE_TIERS[stage] : undefined);

/** Before the default tier; what no deny rule of it matches goes on to the next tier. */
const DENY_TIER_ORDER = 500;

const documentOf = ({ name, order, defaultAction }: Tier): Document =>
  ({ apiVersion: CALICO_V3, kind: 'Tier', metadata: { name }, spec: { order, defaultAction } });

/** The tier into which `lower` puts deny rules. It must be applied before the policies in it. */
export const tierDocument = (target: Target): Document => documentOf({ name: target.denyTier, order: DENY_TIER_ORDER, defaultAction: 'Pass' });

/** The tier into which `lower` puts the statements of a stage; undefined for a stage that needs none of its own. */
export function tierDocumentOf(stage: string, _target: Target): Document | undefined {
  const tier = tierOfStage(stage);
  return tier && documentOf(tier);
}

/** The default action of a tier whose Tier object is not at hand, where it is known. */
export function knownDefaultAction(tier: string, target: Target): Tier['defaultAction'] | undefined {
  if (tier === target.denyTier || Object.values(STAGE_TIERS).some(({ name }) => name === tier)) { return 'Pass'; }
  return builtinTier(tier, target.version)?.defaultAction;
}

/** The order of Kubernetes NetworkPolicies in the default tier, and of what this library states. */
export const NORMAL_ORDER = 1_000;

/** Inside a tier, policies go by order, then by this text. */
export const policyOrder = (order: number | undefined, name: string, namespace: string | undefined, kind: string): [number, string] =>
  [order ?? Infinity, `${name}/${namespace ?? ''}/${kind}`];
