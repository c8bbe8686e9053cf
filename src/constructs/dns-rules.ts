import { RuleOrigin } from './rule-origin';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { DnsScope } from '../cluster/dns-scope';
import { ANY, EndpointExpr } from '../model/endpoint';
import { Match, Origin, Rule } from '../model/policy-set';
import { portRange, TrafficBox } from '../model/traffic';

/** What another policy of the namespace lets every pod ask DNS for. */
export type DnsElsewhere = 'nothing' | 'names' | 'everything';

export interface DnsLimits {
  /** The only names that may be asked for. */
  readonly names?: readonly string[];
  readonly scope?: DnsScope;
}

/**
 * The DNS that goes with egress isolation.
 * @param rules what else the policy says of egress
 * @param limits what was said of the policy's DNS beyond that it goes with it
 */
export function dnsRules(rules: readonly Rule[], facts: ResolvedFacts, elsewhere: DnsElsewhere, policy: Origin, limits: DnsLimits = {}): Rule[] {
  const { names: only, scope = DnsScope.PODS } = limits;
  if (only) {
    // What is connected to by its name is asked for too.
    const names = [...new Set([...only, ...rules.flatMap(({ match }) => namesIn(match.destination))])];
    return toRules(policy, matchesFor(facts, names, scope), `egress to dns for ${names.join(', ')}`);
  }
  // Cilium learns the addresses of names from the lookups that its proxy sees; the rule must stand with the names.
  const names = facts.dialect === Dialect.CILIUM && rules.some(({ match }) => mentionsName(match.destination));
  // What was said of the whole namespace of the DNS pods is more than others say.
  if (scope === DnsScope.NAMESPACE) { return toRules(policy, matchesFor(facts, names ? ['*'] : undefined, scope), 'egress to the namespace of dns'); }
  if (elsewhere !== 'nothing' && !names) { return []; }
  // Where only some names may be asked for, these are asked for too, and no others.
  const matches = names && elsewhere === 'names'
    ? matchesFor(facts, [...new Set(rules.flatMap(({ match }) => namesIn(match.destination)))].sort())
    : knownMatches(facts, names);
  return toRules(policy, matches, 'egress to dns');
}

function toRules(policy: Origin, matches: readonly Match[], text: string): Rule[] {
  const origin = new RuleOrigin(policy, () => text);
  return matches.map(match => ({ action: 'allow', match, origin }));
}

function matchesFor(facts: ResolvedFacts, names?: readonly string[], scope?: DnsScope): readonly Match[] {
  const l7 = names ? { l7: { dns: names } } : {};
  return facts.dns._servers(facts.dialect, scope).map(({ peer, port }) => {
    const traffic: TrafficBox[] = [{ ...portRange('UDP', port), ...l7 }, { ...portRange('TCP', port), ...l7 }];
    return { source: ANY, destination: peer, traffic };
  });
}

/** The same for every policy of an app, and so the same objects. */
function knownMatches(facts: ResolvedFacts, names: boolean): readonly Match[] {
  const known = KNOWN.get(facts) ?? new Map<boolean, readonly Match[]>();
  KNOWN.set(facts, known);
  let matches = known.get(names);
  if (!matches) { known.set(names, matches = matchesFor(facts, names ? ['*'] : undefined)); }
  return matches;
}

const KNOWN = new WeakMap<ResolvedFacts, Map<boolean, readonly Match[]>>();

function mentionsName(expr: EndpointExpr): boolean {
  if ('allOf' in expr) { return expr.allOf.some(mentionsName); }
  if ('anyOf' in expr) { return expr.anyOf.some(mentionsName); }
  return 'fqdn' in expr;
}

function namesIn(expr: EndpointExpr): string[] {
  if ('allOf' in expr) { return expr.allOf.flatMap(namesIn); }
  if ('anyOf' in expr) { return expr.anyOf.flatMap(namesIn); }
  return 'fqdn' in expr ? [expr.fqdn] : [];
}
