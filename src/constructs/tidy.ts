import { anyOf, EndpointExpr } from '../model/endpoint';
import { groupBy } from '../model/group-by';
import { reasonsOf } from '../model/justification';
import { Origin, peerOf, Policy, Rule } from '../model/policy-set';
import { textOf } from '../model/text';

/**
 * The same policy, readable and independent of the order of statements: peers with the same ports are one rule, and
 * rules and peers are sorted. Right only where the order of rules has no meaning, as in the reference pipeline's normal stage.
 */
export function tidy(policy: Policy): Policy {
  if (policy.rules.length === 0 || (policy.rules.length === 1 && !('anyOf' in peerOf(policy.direction, policy.rules[0].match)))) { return policy; }
  const groups = groupBy(policy.rules, ({ action, match, effects }) => `${action} ${textOf(match.traffic)} ${JSON.stringify(effects)}`);
  const rules = [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => merge(group, policy));
  return { ...policy, rules };
}

function merge(group: readonly Rule[], policy: Policy): Rule {
  const [first] = group;
  const own = peerOf(policy.direction, first.match);
  // The very same object stays itself, so that what was worked out for it is known.
  if (group.length === 1 && !('anyOf' in own)) { return first; }
  const peers = new Map<string, EndpointExpr>();
  for (const rule of group) {
    const peer = peerOf(policy.direction, rule.match);
    for (const part of 'anyOf' in peer ? peer.anyOf : [peer]) { peers.set(textOf(part), part); }
  }
  const all = anyOf(...[...peers].sort(([a], [b]) => compare(a, b)).map(([, part]) => part));
  const match = { ...first.match, ...(policy.direction === 'ingress' ? { source: all } : { destination: all }) };
  return group.length === 1 ? { ...first, match } : { ...first, match, ...originOf(group), ...reasonsOf(group) };
}

/** A merged rule is called by all that was stated. */
function originOf(group: readonly Rule[]): { readonly origin?: Origin } {
  const [{ origin }] = group;
  if (!origin) { return {}; }
  const { apiVersion, kind, namespace, name, at } = origin;
  return {
    origin: { apiVersion, kind, namespace, name, at, get part() { return group.flatMap(rule => rule.origin?.part ?? []).join('; '); } },
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
