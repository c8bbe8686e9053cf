import { DEFAULT_TIER } from './tiers';
import { hasFreeNames } from './version';

/** Names of policies: at most one dot, and before 3.32 what stands before it is the tier. */

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const POLICY = new RegExp(`^${LABEL}(\\.${LABEL})?$`);
/** What Calico itself makes of Kubernetes and OpenStack policies. */
const GENERATED = new RegExp(`^(knp|ossg)\\.default\\.${LABEL}(\\.${LABEL})*$`);
const LONGEST = 253;

/** What is wrong with the name of a policy in a tier, or nothing. */
export function policyNameProblem(name: string, global: boolean, tier: string, version: string | undefined): string | undefined {
  if (name.length > LONGEST || !(POLICY.test(name) || (!global && GENERATED.test(name)))) {
    return `${JSON.stringify(name)} is no name of a policy: use lower-case letters, digits and "-", and one "." at most, after the tier`;
  }
  if (hasFreeNames(version) || GENERATED.test(name)) { return undefined; }
  const dot = name.indexOf('.');
  if (dot < 0 ? tier === DEFAULT_TIER : name.slice(0, dot) === tier) { return undefined; }
  const bare = dot < 0 ? name : name.slice(dot + 1);
  const right = tier === DEFAULT_TIER ? `${JSON.stringify(bare)} or ${JSON.stringify(`${DEFAULT_TIER}.${bare}`)}` : JSON.stringify(`${tier}.${bare}`);
  return `before Calico 3.32 the API server refuses a policy of the tier ${JSON.stringify(tier)} with this name; call it ${right}`;
}

/** Calico before 3.32 wants the tier in the name of a policy that is not in the default tier, and at most one dot in any name. */
export function nameInTier(tier: string, name: string): string {
  if (tier === DEFAULT_TIER) { return name; }
  const bare = name.startsWith(`${tier}.`) ? name.slice(tier.length + 1) : name;
  return `${tier}.${bare.replace(/\./g, '-')}`;
}

/** Tiers in which some policies are called after the tier and some are not: to rename these would change which of two of one order comes first. */
export function mixedTiers(policies: readonly { readonly stage: string; readonly origin: { readonly name: string } }[]): ReadonlySet<string> {
  const kinds = new Map<string, Set<string>>();
  for (const { stage, origin: { name } } of policies) {
    const kind = name.startsWith(`${stage}.`) ? 'named' : name.includes('.') ? name : 'bare';
    const known = kinds.get(stage);
    if (known) { known.add(kind); } else { kinds.set(stage, new Set([kind])); }
  }
  return new Set([...kinds].filter(([, found]) => found.size > 1).map(([tier]) => tier));
}

/** The name under which a policy is written: with its tier, which every version takes, save where that is not needed and would change the order. */
export function writtenName(tier: string, name: string, global: boolean, version: string | undefined, mixed: ReadonlySet<string>): string {
  if ((tier === DEFAULT_TIER || mixed.has(tier)) && policyNameProblem(name, global, tier, version) === undefined) { return name; }
  return tier === DEFAULT_TIER ? name.replace(/\./g, '-') : nameInTier(tier, name);
}
