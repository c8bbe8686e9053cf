import { Variant } from './party';
import { fqdnMatches } from '../model/fqdn';
import { both, matchesEndpoint, MAYBE, NO, Profile, Tri, YES } from '../model/match';
import { Policy, PolicySet } from '../model/policy-set';
import { inRanges, TrafficBox } from '../model/traffic';

/**
 * Cilium matches a name by the addresses that its DNS proxy saw in answers, and the proxy sees only what a DNS rule sends through it.
 * https://docs.cilium.io/en/stable/security/policy/language/#dns-based
 */
export class LearnedNames {
  private readonly policies: readonly Policy[];
  private readonly seen = new WeakMap<Variant, WeakMap<Variant, Variant>>();

  public constructor({ policies }: PolicySet, private readonly profile: Profile) {
    this.policies = policies.filter(({ direction, mode }) => direction === 'egress' && mode === 'enforce');
  }

  /** The destination as the policies of the source see it. */
  public ofDestination(source: Variant, destination: Variant): Variant {
    const { names } = destination;
    if (names === undefined || names.length === 0) { return destination; }
    let bySource = this.seen.get(source);
    if (!bySource) { this.seen.set(source, bySource = new WeakMap()); }
    let known = bySource.get(destination);
    if (!known) { bySource.set(destination, known = this.known(source, destination, names)); }
    return known;
  }

  /** Whether the answers about a name that the source asks for pass the proxy. */
  public learns(source: Variant, name: string): Tri {
    const mine = this.policies
      .map(policy => ({ policy, selected: matchesEndpoint(policy.subject, source, this.profile) }))
      .filter(({ selected }) => selected !== NO);
    const isolated = mine.some(({ policy, selected }) => policy.isolates && selected === YES);
    let learned: Tri = NO;
    for (const { policy, selected } of mine) {
      for (const { action, match: { destination, traffic } } of policy.rules) {
        if (action !== 'allow' || 'none' in destination) { continue; }
        for (const box of traffic) {
          // What nothing isolates may ask for everything, and is heard all the same.
          const covers = box.l7 && 'dns' in box.l7 && (!isolated || box.l7.dns.some(pattern => fqdnMatches(pattern, name)));
          const rule = covers ? both(selected, servesDns(box)) : NO;
          if (rule > learned) { learned = rule; }
        }
      }
    }
    return learned;
  }

  private known(source: Variant, destination: Variant, names: readonly string[]): Variant {
    const learned = names.map(name => this.learns(source, name));
    if (learned.every(each => each === YES)) { return destination; }
    const { names: _names, ...rest } = destination;
    return learned.includes(MAYBE) ? rest : { ...rest, names: names.filter((_, i) => learned[i] === YES) };
  }
}

/** Behind another port there may be a server of names or not. */
const servesDns = ({ destinationPorts }: TrafficBox): Tri =>
  (destinationPorts === undefined || inRanges(destinationPorts.ranges, DNS_PORT) ? YES : MAYBE);
const DNS_PORT = 53;
