import { Implicit, implicitPolicy, implicitRule } from './implicit-policy';
import { HostEndpoint, World } from './world';
import { allOf, EndpointExpr } from '../../model/endpoint';
import { DIRECTIONS, Policy, Rule } from '../../model/policy-set';

/** What the profiles of host endpoints decide, after all tiers: the first rule that matches, and a drop where none does. */

const DOCS = 'https://docs.tigera.io/calico/latest/reference/resources/profile';

export const PROFILE_ALLOWING_ALL = 'projectcalico-default-allow';

/** Of host endpoints without any profile. */
export const WITHOUT_PROFILE = 'host-endpoint-without-profile';

const HOST_ENDPOINT: EndpointExpr = { kind: 'hostEndpoint' };

/** What those with the same profiles have in common; undefined where these let all pass. */
export function profilesEntity({ profiles }: Pick<HostEndpoint, 'profiles'>): string | undefined {
  if (profiles[0] === PROFILE_ALLOWING_ALL) { return undefined; }
  return profiles.length === 0 ? WITHOUT_PROFILE : `host-endpoint-with-profiles ${profiles.join(', ')}`;
}

/** One for each list of profiles and each direction. */
export function profilePolicies(world: World, stage: string): Policy[] {
  const lists = new Map<string, readonly string[]>([[WITHOUT_PROFILE, []]]);
  for (const endpoint of world.hostEndpoints) {
    const entity = profilesEntity(endpoint);
    if (entity !== undefined) { lists.set(entity, endpoint.profiles); }
  }
  return [...lists].flatMap(([entity, profiles]) => DIRECTIONS.map((direction): Policy => {
    const closed: Implicit = { by: 'Calico', name: profiles.length === 0 ? 'host endpoint without a profile' : `profiles of host endpoints: ${profiles.join(', ')}`, source: DOCS };
    return implicitPolicy(closed, {
      direction,
      stage,
      subject: allOf(HOST_ENDPOINT, { entity }),
      isolates: true,
      rules: profiles.flatMap((name): readonly Rule[] => world.profiles.get(name)?.[direction] ?.map(decided) ?? [unstated(name)]),
    });
  }));
}

/** What passing on means where nothing comes after is not documented. */
const decided = (rule: Rule): Rule => (rule.action === 'pass' ? { ...rule, action: 'external' } : rule);

/** Its rules are not among the documents. */
const unstated = (name: string): Rule => {
  const implicit: Implicit = { by: 'Calico', name: `Profile ${name}`, source: DOCS };
  return implicitRule(implicit, name === PROFILE_ALLOWING_ALL ? 'allow' : 'external', {});
};
