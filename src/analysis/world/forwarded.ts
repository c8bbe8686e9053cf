import { asEndpoint } from './host-endpoint';
import { World } from './world';
import { allOf, anyOf, EndpointExpr, EXTERNAL, not, POD } from '../../model/endpoint';
import { matchesEndpoint, NO, Profile } from '../../model/match';
import { Direction, DIRECTIONS, Layer, matchOf, Policy } from '../../model/policy-set';
import { ALL_TRAFFIC, TrafficBox } from '../../model/traffic';

/**
 * What pods exchange with other nodes and with the outside is forwarded through the host endpoints of their nodes, where policies with a hook
 * judge packets that address translation may have changed. What could be dropped there is not known.
 */

const STAGE = 'forwarded through host endpoints';

/** Every layer must allow: what the policies of the pods deny stays denied. */
export const FORWARDED: Layer = { name: 'host', stages: [{ id: STAGE, combine: 'first-match' }], otherwise: 'allow' };

/** Of pods on known nodes that have no host endpoint. */
export const WITHOUT_HOST_ENDPOINT = 'node-without-host-endpoint';

const OWN_NODE: EndpointExpr = allOf(anyOf({ kind: 'node' }, { kind: 'hostEndpoint' }), { entity: 'host' });
const BEHIND: EndpointExpr = allOf(POD, not({ entity: WITHOUT_HOST_ENDPOINT }));

/** What the policies with a hook mean for pods. */
export function forwardedPolicies(policies: readonly Policy[], world: World, profile: Profile): Policy[] {
  if (world.hostEndpoints.length === 0) { return []; }
  const endpoints = world.hostEndpoints.map(endpoint => asEndpoint(endpoint, world));
  return policies
    .filter(({ hook, mode }) => hook !== undefined && mode === 'enforce')
    .filter(({ subject }) => endpoints.some(endpoint => matchesEndpoint(subject, endpoint, profile) !== NO))
    .flatMap(policy => directionsOf(policy).flatMap(direction => mayDrop(policy, direction)));
}

/** Without connection tracking the answers of a connection are judged too. */
const directionsOf = ({ hook, direction }: Policy): readonly Direction[] => (hook === 'untracked' ? DIRECTIONS : [direction]);

/** What comes from outside may come by way of any node. */
function mayDrop(policy: Policy, direction: Direction): Policy[] {
  const traffic = droppable(policy);
  if (traffic.length === 0) { return []; }
  const dropped = (subject: EndpointExpr, peer: EndpointExpr): Policy => ({
    ...policy,
    direction,
    stage: STAGE,
    subject,
    isolates: false,
    rules: [{ action: 'external', match: matchOf(direction, peer, traffic), origin: policy.origin }],
  });
  return [dropped(BEHIND, not(OWN_NODE)), ...(direction === 'ingress' ? [dropped(allOf(POD, { entity: WITHOUT_HOST_ENDPOINT }), EXTERNAL)] : [])];
}

/** Addresses and ports may be others than those of the flow; the protocol is not. */
const droppable = ({ isolates, rules }: Policy): readonly TrafficBox[] => (isolates
  ? ALL_TRAFFIC
  : rules.filter(({ action }) => action === 'deny').flatMap(({ match }) => match.traffic.map(({ protocols }) => ({ protocols }))));
