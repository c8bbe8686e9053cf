import { ConnectionSet, OtherTraffic, PORT_PROTOCOLS } from './connection-set';
import type { PartyConnection } from './connections';
import { groupBy } from '../../model/group-by';
import { inOrder, Justified, together } from '../../model/justification';
import { both, matchesEndpoint, matchesEnds, matchesTraffic, NO } from '../../model/match';
import { DIRECTIONS, Policy, Rule } from '../../model/policy-set';
import { PROTOCOL_NUMBERS, Range } from '../../model/traffic';
import { Analysis } from '../analysis';
import { Party, Variant } from '../party';

/** Why connections are open, as far as the rules that allow them say it. */
export class ConnectionReasons {
  /** By namespace: a policy of one is about its pods only. */
  private readonly policies: ReadonlyMap<string | undefined, readonly Reasoned[]>;
  private readonly selected = new Map<Party, readonly Reasoned[]>();

  public constructor(private readonly analysis: Analysis) {
    const reasoned = analysis.set.policies.filter(({ mode }) => mode === 'enforce').flatMap((policy): Reasoned[] => {
      const rules = policy.rules.filter(rule => rule.action === 'allow' && (rule.justifications ?? policy.justifications));
      return rules.length > 0 ? [{ policy, rules }] : [];
    });
    this.policies = groupBy(reasoned, ({ policy }) => policy.origin.namespace);
  }

  /** Of both ends, each reason once. */
  public of({ from, to, set }: Pick<PartyConnection, 'from' | 'to' | 'set'>): readonly Justified[] {
    if (this.policies.size === 0) { return []; }
    // Rules of one place share one list.
    const lists = DIRECTIONS.flatMap(direction => this.about(direction === 'egress' ? from : to)
      .filter(({ policy }) => policy.direction === direction)
      .flatMap(({ policy, rules }) => rules
        .filter(rule => this.lets(policy, rule, { from, to, set }))
        .map(rule => rule.justifications ?? policy.justifications ?? [])));
    const found = [...new Set(lists)].flat();
    return found.length === 0 ? NONE : withoutEcho(found);
  }

  private about(party: Party): readonly Reasoned[] {
    let found = this.selected.get(party);
    if (!found) {
      const namespaces = new Set([undefined, ...party.variants.map(({ namespace }) => namespace)]);
      const near = [...namespaces].flatMap(namespace => this.policies.get(namespace) ?? []);
      const { profile } = this.analysis.cluster;
      found = near.filter(({ policy }) => party.variants.some(variant => matchesEndpoint(policy.subject, variant, profile) !== NO));
      this.selected.set(party, found);
    }
    return found;
  }

  private lets({ subject, direction }: Policy, { match }: Rule, { from, to, set }: Pick<PartyConnection, 'from' | 'to' | 'set'>): boolean {
    const { profile } = this.analysis.cluster;
    return this.analysis.meetings(from, to).some(([source, destination]) => {
      const at = (protocol: number, port?: number) => ({ source, destination, protocol, ...(port === undefined ? {} : { port }) });
      const ends = both(matchesEndpoint(subject, direction === 'egress' ? source : destination, profile), matchesEnds(match, at(PROTOCOL_NUMBERS.TCP), profile));
      if (ends === NO) { return false; }
      const ports = PORT_PROTOCOLS.flatMap(protocol => samples(set, protocol, match, destination).map(port => at(PROTOCOL_NUMBERS[protocol], port)));
      return ports.some(flow => matchesTraffic(match.traffic, flow) !== NO) || passesOthers(set);
    });
  }
}

/** Its rules that allow and say why. */
interface Reasoned {
  readonly policy: Policy;
  readonly rules: readonly Rule[];
}

const NONE: readonly Justified[] = [];

/** What passes without ports is not told apart by numbers here: where nothing else passes, a rule about both ends is why. */
const passesOthers = ({ allowed, partial, unknown, others = [] }: ConnectionSet): boolean =>
  others.some(({ answer }: OtherTraffic) => answer !== 'denied') && [allowed, partial, unknown].every(ports => Object.keys(ports).length === 0);

/** Of the ports that pass, or may: one for each way in which the rule may treat them. */
function samples(set: ConnectionSet, protocol: typeof PORT_PROTOCOLS[number], { traffic }: Rule['match'], { ports: own = [] }: Variant): number[] {
  const open = [set.allowed, set.partial, set.unknown].flatMap(ports => ports[protocol] ?? []);
  if (open.length === 0) { return []; }
  const stated = traffic.flatMap(({ destinationPorts }) => destinationPorts?.ranges.map(([first]) => first) ?? []);
  const starts = [...stated, ...own.map(({ port }) => port)];
  return open.flatMap(([first, last]: Range) => [first, ...starts.filter(port => port > first && port <= last)]);
}

/** The two ends of one edge have the same reason in other words. One that is alone needs no words. */
function withoutEcho(found: readonly Justified[]): readonly Justified[] {
  const groups = [...groupBy(together(found), ({ statement: _, ...reason }) => JSON.stringify(inOrder(reason))).values()];
  if (groups.length > 1) { return groups.map(([first]) => first); }
  const [[{ statement: _, ...reason }]] = groups;
  return [reason];
}
