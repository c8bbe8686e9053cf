import { Atom, OWN_CLUSTER } from '../../../model/endpoint';
import { SideTrace, traceSide } from '../../../model/evaluate';
import { Endpoint, Flow, matchesEndpoint, matchesTraffic, NO, YES } from '../../../model/match';
import { Direction, peerOf, Policy, Rule } from '../../../model/policy-set';
import { PROTOCOL_NUMBERS, Range, TrafficBox } from '../../../model/traffic';
import { Analysis } from '../../analysis';
import { atomsOf } from '../../connections/expression-atoms';
import { portNamesIn } from '../../connections/port-cuts';
import { Party, Variant } from '../../party';
import { policyText, ruleText } from '../policy-text';

/** Of a rule that may well matter for those who are not in the input. */
export const NOBODY_IN_INPUT = 'its peers are nobody in the input';

/** Rules and flows are multiplied; beyond that many nothing is said. */
const MOST_WORK = 4_000_000;

/** Why a rule changes no answer of this side, by rule; those that change one, and those of which nobody can say, are absent. */
export function uselessRules(
  analysis: Analysis, direction: Direction, own: readonly Variant[], policies: readonly Policy[], peers: readonly Party[],
): Map<Rule, string> {
  const found = new Map<Rule, string>();
  const size = policies.reduce((sum, { rules }) => sum + 1 + rules.length, 0);
  const ends = peers.flatMap(({ variants }) => variants);
  const probes = probesOf(policies, direction === 'egress' ? ends : own);
  let work = 0;
  for (const policy of policies.filter(({ mode }) => mode === 'enforce')) {
    for (const rule of policy.rules.filter(({ action }) => action !== 'log' && action !== 'external')) {
      const matched = ends.filter(end => matchesEndpoint(peerOf(direction, rule.match), end, analysis.cluster.profile) !== NO);
      const traffic = probes.filter(probe => concerns(rule, probe));
      work += ends.length + matched.length * traffic.length * own.length * size;
      if (work > MOST_WORK) { return found; }
      const why = uselessness(analysis, { direction, own, policies, policy, rule, matched, traffic });
      if (why !== undefined) { found.set(rule, why); }
    }
  }
  return found;
}

const ANYBODY: Endpoint = { kind: 'pod' };
const concerns = ({ match }: Rule, probe: Probe): boolean =>
  matchesTraffic(match.traffic.map(withoutLayer7), { ...probe, source: ANYBODY, destination: ANYBODY }) !== NO;
const withoutLayer7 = ({ l7: _l7, serverNames: _names, ...box }: TrafficBox): TrafficBox => box;

type Probe = Omit<Flow, 'source' | 'destination'>;

/** Where what is alike begins and ends. */
const starts = ([first, last]: Range): number[] => [first, last + 1];

/** Traffic of every kind that the rules tell apart, save its requests. */
function probesOf(policies: readonly Policy[], destinations: readonly Variant[]): Probe[] {
  const boxes = policies.flatMap(({ rules }) => rules.flatMap(({ match }) => match.traffic));
  const known = Object.values(PROTOCOL_NUMBERS) as number[];
  const protocols = new Set([...known, ...boxes.flatMap(box => box.protocols.flatMap(starts))].filter(number => number <= 255));
  const names = portNamesIn(policies);
  const named = destinations.flatMap(({ ports: own = [] }) => own)
    .flatMap(({ name, port }) => (name !== undefined && names.has(name) ? [port, port + 1] : []));
  const ports = new Set([1, ...named, ...boxes.flatMap(({ destinationPorts }) => (destinationPorts?.ranges ?? []).flatMap(starts))]
    .filter(port => port >= 1 && port <= 65535));
  const messages = [
    { type: 255, code: 255 },
    ...boxes.flatMap(({ icmp = [] }) => icmp.flatMap(({ type, code }) => [{ type, code: code ?? 0 }, { type, code: 255 }])),
  ];
  return [...protocols].flatMap((protocol): Probe[] => {
    if (protocol === PROTOCOL_NUMBERS.ICMP || protocol === PROTOCOL_NUMBERS.ICMPv6) { return messages.map(icmp => ({ protocol, icmp })); }
    return known.includes(protocol) ? [...ports].map(port => ({ protocol, port })) : [{ protocol }];
  });
}

interface Judged {
  readonly direction: Direction;
  readonly own: readonly Variant[];
  readonly policies: readonly Policy[];
  readonly policy: Policy;
  readonly rule: Rule;
  readonly matched: readonly Variant[];
  readonly traffic: readonly Probe[];
}

function uselessness({ set: { pipeline }, cluster: { profile } }: Analysis, judged: Judged): string | undefined {
  const { direction, own, policies, policy, rule, matched, traffic } = judged;
  const peer = peerOf(direction, rule.match);
  if ('none' in peer) { return 'it is about nobody'; }
  // Who else there may be is not in the input.
  if (atomsOf(peer).some(isAboutOthers)) { return undefined; }
  if (matched.length === 0) { return NOBODY_IN_INPUT; }
  if (rule.match.traffic.some(({ sourcePorts }) => sourcePorts !== undefined)) { return undefined; }
  const without = policies.map(each => (each === policy ? { ...each, rules: each.rules.filter(other => other !== rule) } : each));
  const boxes = rule.match.traffic.map(withoutLayer7);
  const instead = new Set<string>();
  for (const mine of own) {
    for (const other of matched) {
      const [source, destination] = direction === 'egress' ? [mine, other] : [other, mine];
      for (const probe of traffic) {
        const flow = { ...probe, source, destination };
        if (matchesTraffic(boxes, flow) === NO) { continue; }
        const [now, then] = [policies, without].map(each => traceSide({ pipeline, policies: each }, direction, flow, profile));
        if (now.answer !== then.answer || !['allowed', 'denied'].includes(now.answer)) { return undefined; }
        instead.add(decider(then));
      }
    }
  }
  return instead.size === 0 ? 'it matches no traffic' : `${[...instead].slice(0, 3).join(', and ')} ${instead.size > 3 ? 'and others say' : instead.size > 1 ? 'say' : 'says'} the same`;
}

function isAboutOthers(atom: Atom): boolean {
  if ('cluster' in atom) { return atom.cluster !== OWN_CLUSTER; }
  if ('kind' in atom) { return atom.kind !== 'pod' && atom.kind !== 'external'; }
  return 'entity' in atom || 'ref' in atom || 'principal' in atom;
}

/** What decides a side for sure. */
function decider({ layers }: SideTrace): string {
  const rules = layers.flatMap(({ stages }) => stages.flatMap(stage => stage.rules.filter(({ matched }) => matched === YES)));
  const last = rules[rules.length - 1];
  if (last) { return ruleText(last.policy, last.rule); }
  const closing = layers.flatMap(({ stages }) => stages.flatMap(stage => stage.closing));
  return closing.length > 0 ? `the isolation by ${policyText(closing[0].policy)}` : 'the default';
}
