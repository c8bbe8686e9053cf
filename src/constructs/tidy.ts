import { anyOf, EndpointExpr } from '../model/endpoint';
import { peerOf, Policy, Rule } from '../model/policy-set';

/**
 * The same policy, readable and independent of the order of statements: peers with the same ports are one rule, and
 * rules and peers are sorted. Right only where the order of rules has no meaning, as in the reference pipeline's normal stage.
 */
export function tidy(policy: Policy): Policy {
  const groups = new Map<string, Rule[]>();
  for (const rule of policy.rules) {
    const key = JSON.stringify([rule.action, rule.match.traffic, rule.effects]);
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  const rules = [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => merge(group, policy));
  return { ...policy, rules };
}

function merge(group: readonly Rule[], policy: Policy): Rule {
  const peers = new Map<string, EndpointExpr>();
  for (const rule of group) {
    const peer = peerOf(policy.direction, rule.match);
    for (const part of 'anyOf' in peer ? peer.anyOf : [peer]) { peers.set(JSON.stringify(part), part); }
  }
  const all = anyOf(...[...peers].sort(([a], [b]) => compare(a, b)).map(([, part]) => part));
  const [first] = group;
  const parts = group.map(({ origin }) => origin?.part).filter(part => part !== undefined);
  const origin = first.origin && parts.length > 1 ? { ...first.origin, part: parts.join('; ') } : first.origin;
  return { ...first, ...(origin ? { origin } : {}), match: { ...first.match, ...(policy.direction === 'ingress' ? { source: all } : { destination: all }) } };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
