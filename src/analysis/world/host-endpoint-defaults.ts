import { Implicit, implicitPolicy, implicitRule } from './implicit-policy';
import { profilePolicies } from './profiles';
import { World } from './world';
import { EndpointExpr } from '../../model/endpoint';
import { Direction, DIRECTIONS, Policy, Stage } from '../../model/policy-set';
import { portRange, TrafficBox } from '../../model/traffic';

/** A host endpoint of Calico drops what no policy and no profile lets pass, save ports that keep the node within reach. */

const DOCS = 'https://docs.tigera.io/calico/latest/reference/host-endpoints/overview';

const HOST_ENDPOINT: EndpointExpr = { kind: 'hostEndpoint' };

const FIRST: Stage = { id: 'failsafe ports', combine: 'first-match' };
const LAST: Stage = { id: 'profiles', combine: 'first-match' };

const TCP: readonly number[] = [179, 2379, 2380, 5473, 6443, 6666, 6667];
const tcp = (...ports: readonly number[]): TrafficBox[] => ports.map(port => portRange('TCP', port));
const FAILSAFE: Readonly<Record<Direction, readonly TrafficBox[]>> = {
  ingress: [...tcp(22, ...TCP), portRange('UDP', 68)],
  egress: [...tcp(...TCP), portRange('UDP', 53), portRange('UDP', 67)],
};

interface Placed {
  readonly policy: Policy;
  readonly stage: Stage;
}

/** Before and after all tiers. */
export function hostEndpointDefaults(world: World | undefined): { readonly before: readonly Placed[]; readonly after: readonly Placed[] } {
  if (world === undefined || world.hostEndpoints.length === 0) { return { before: [], after: [] }; }
  const failsafe: Implicit = { by: 'Calico', name: 'failsafe ports of host endpoints', source: DOCS };
  return {
    before: DIRECTIONS.map(direction => ({
      stage: FIRST,
      policy: implicitPolicy(failsafe, {
        direction,
        stage: FIRST.id,
        subject: HOST_ENDPOINT,
        isolates: false,
        rules: [implicitRule(failsafe, 'allow', { traffic: FAILSAFE[direction] })],
      }),
    })),
    after: profilePolicies(world, LAST.id).map(policy => ({ stage: LAST, policy })),
  };
}
