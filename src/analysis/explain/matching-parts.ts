import { NamedFlow } from './near-rules';
import { alternativesOf } from './policy-text';
import { EndpointExpr } from '../../model/endpoint';
import { matchesEndpoint, matchesTraffic, NO, Profile } from '../../model/match';
import { peerOf, Policy, Rule } from '../../model/policy-set';
import { coversEveryProtocol, TrafficBox } from '../../model/traffic';

/** Which of the peers and of the ports it is, where each of them is one alternative of the rule. */
export function matchingParts(policy: Policy, rule: Rule, part: string, { flow }: NamedFlow, profile: Profile): string[] {
  const { peers, ports } = alternativesOf(policy, rule);
  const peer = peerOf(policy.direction, rule.match);
  const other = policy.direction === 'ingress' ? flow.source : flow.destination;
  const byPeer = best(alternatives(peer), each => matchesEndpoint(each, other, profile));
  const byPort = best(rule.match.traffic, (each: TrafficBox) => matchesTraffic([each], flow));
  return [
    ...(peers === undefined || 'any' in peer || byPeer === undefined ? [] : [`${part}.${peers}[${byPeer}]`]),
    ...(ports === undefined || isUnlimited(rule.match.traffic) || byPort === undefined ? [] : [`${part}.${ports}[${byPort}]`]),
  ];
}

const alternatives = (expr: EndpointExpr): readonly EndpointExpr[] => ('anyOf' in expr ? expr.anyOf : [expr]);
/** As it is where no ports are stated. */
const isUnlimited = (boxes: readonly TrafficBox[]): boolean => boxes.length === 1 && coversEveryProtocol(boxes[0]);

/** The first of those that match most surely. */
function best<T>(items: readonly T[], match: (item: T) => number): number | undefined {
  const matched = items.map(match);
  const most = matched.reduce((max, each) => Math.max(max, each), NO as number);
  return most === NO ? undefined : matched.indexOf(most);
}
