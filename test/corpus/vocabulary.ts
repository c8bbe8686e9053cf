import { BYSTANDERS, endpointsOf, MOST_ENDS } from './ends';
import { portNames, probesOf, USUAL, withPorts } from './probes';
import { disjunction } from '../../src/model/dnf';
import { allOf, EndpointExpr } from '../../src/model/endpoint';
import { Flow } from '../../src/model/match';
import { peerOf, Policy, Rule } from '../../src/model/policy-set';

/**
 * Flows that policies can tell apart, made of their own words: for each alternative of an end one endpoint that it matches, and one for each
 * of its conditions that fails just there; for each box of traffic its edges and what lies beyond them.
 */

const MOST_PROBES = 40;

/** Of all policies together, so that both of two policy sets are asked about the words of both. */
export function flowsOf(policies: readonly Policy[]): Flow[] {
  const ports = portNames(policies);
  const subjects = distinct(policies.flatMap(({ subject }) => endpointsOf(disjunction(subject)))).slice(0, MOST_ENDS);
  const flows = policies.flatMap(rulesOf).flatMap(({ policy, rule }) => {
    const stated = rule ? allOf(policy.subject, ownEnd(policy, rule)) : policy.subject;
    const own = distinct([...endpointsOf(disjunction(stated)), ...subjects.slice(0, 4)]).map(end => withPorts(end, ports));
    const named = rule ? endpointsOf(disjunction(peerOf(policy.direction, rule.match))) : [];
    const peers = distinct([...named, ...BYSTANDERS]).slice(0, MOST_ENDS).map(end => withPorts(end, ports));
    const probes = distinct([...(rule ? rule.match.traffic.flatMap(probesOf) : []), ...USUAL]).slice(0, MOST_PROBES);
    return own.flatMap(end => peers.flatMap(peer => {
      const [source, destination] = policy.direction === 'ingress' ? [peer, end] : [end, peer];
      return probes.map((probe): Flow => ({ source, destination, ...probe }));
    }));
  });
  return flows.filter(({ source, destination }) => source.kind !== 'external' || destination.kind !== 'external');
}

/** Also of a policy that has none. */
const rulesOf = (policy: Policy): { policy: Policy; rule?: Rule }[] =>
  (policy.rules.length > 0 ? policy.rules.map(rule => ({ policy, rule })) : [{ policy }]);

/** What a rule asks of the end that its policy is about. */
const ownEnd = ({ direction }: Policy, { match }: Rule): EndpointExpr => peerOf(direction === 'ingress' ? 'egress' : 'ingress', match);

function distinct<T>(items: readonly T[]): T[] {
  const seen = new Set<string>();
  return items.filter(item => {
    const key = JSON.stringify(item);
    return !seen.has(key) && seen.add(key);
  });
}
