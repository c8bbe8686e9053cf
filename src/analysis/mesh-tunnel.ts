import { membersOf } from './mesh-members';
import type { World } from './world/world';
import type { MeshFacts } from '../cluster/mesh';
import { allOf, EndpointExpr, not } from '../model/endpoint';
import { MESH, Policy, PolicySet, Rule } from '../model/policy-set';
import { allOfProtocol, complementRanges, inRanges, PROTOCOL_NUMBERS, Range, TrafficBox } from '../model/traffic';

/** What the proxies of a mesh send to each other, the CNI sees on one port: policies of the network speak of that port, and questions of the application's. */

/**
 * The set in terms of what applications send: between pods of the mesh a rule about the port of the tunnel is one about every TCP port,
 * and one about others is none.
 */
export function withTunnel(set: PolicySet, mesh: MeshFacts | undefined, world: World): PolicySet {
  const port = mesh?.tunnelPort;
  if (mesh === undefined || port === undefined) { return set; }
  const members = membersOf(world, mesh);
  return { ...set, policies: set.policies.map(policy => (policy.stage === MESH ? policy : throughTunnel(policy, port, members))) };
}

function throughTunnel(policy: Policy, port: number, members: EndpointExpr): Policy {
  return { ...policy, rules: policy.rules.flatMap(rule => rulesOf(rule, port, members)) };
}

function rulesOf(rule: Rule, port: number, members: EndpointExpr): Rule[] {
  const { source, destination, traffic } = rule.match;
  if (!traffic.some(({ protocols }) => inRanges(protocols, PROTOCOL_NUMBERS.TCP))) { return [rule]; }
  const tunnelled = traffic.flatMap(box => boxesOf(box, port));
  const ends: [EndpointExpr, EndpointExpr, readonly TrafficBox[]][] = [
    [allOf(source, members), allOf(destination, members), tunnelled],
    [allOf(source, not(members)), destination, traffic],
    [allOf(source, members), allOf(destination, not(members)), traffic],
  ];
  return ends.filter(([, , boxes]) => boxes.length > 0)
    .map(([from, to, boxes]) => ({ ...rule, match: { source: from, destination: to, traffic: boxes } }));
}

/** TCP goes through the tunnel, whatever its port and its requests; all else beside it. */
function boxesOf(box: TrafficBox, port: number): TrafficBox[] {
  if (!inRanges(box.protocols, PROTOCOL_NUMBERS.TCP)) { return [box]; }
  const others = complementRanges([[PROTOCOL_NUMBERS.TCP, PROTOCOL_NUMBERS.TCP], ...complementRanges(box.protocols, EVERY)], EVERY);
  const { l7, destinationPorts } = box;
  const opens = l7 === undefined && box.serverNames === undefined && (destinationPorts === undefined || inRanges(destinationPorts.ranges, port));
  return [
    ...(others.length > 0 ? [{ ...box, protocols: others }] : []),
    ...(opens ? [{ ...allOfProtocol('TCP'), ...(box.ipVersion === undefined ? {} : { ipVersion: box.ipVersion }) }] : []),
  ];
}

const EVERY: Range = [0, 255];
