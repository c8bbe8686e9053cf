import { NamedFlow } from './near-rules';
import { policyText, ruleText } from './policy-text';
import { portsText, protocolText } from './traffic-text';
import { unknownFacts } from './unknown-facts';
import { RuleTrace, SideTrace, StageTrace } from '../../model/evaluate';
import { HttpMatch, HttpRequest, matchesHttp } from '../../model/http';
import { Flow, matchesTraffic, MAYBE, Profile } from '../../model/match';
import { Hook, Policy, Rule } from '../../model/policy-set';
import { PROTOCOL_NUMBERS, TrafficBox } from '../../model/traffic';
import { undecidedBecause } from '../undecided';

/** What the answer of a side depends on where it is unknown; sentences. */
export function missingFacts({ answer, direction, layers }: SideTrace, flow: NamedFlow, profile: Profile): string[] {
  if (answer !== 'unknown') { return []; }
  const own = direction === 'egress' ? { text: flow.source, endpoint: flow.flow.source } : { text: flow.destination, endpoint: flow.flow.destination };
  const ofStage = ({ rules, closing }: StageTrace): string[] => [...rules, ...closing].flatMap(each => {
    const { policy } = each;
    return [
      ...(policy.hook === undefined ? [] : [`what ${policyText(policy)} does: ${HOOKS[policy.hook]}`]),
      ...unknownFacts(policy.subject, own, profile),
      ...('rule' in each ? ruleFacts(each, flow, profile) : []),
    ];
  });
  return layers.filter(layer => layer.answer === 'unknown').flatMap(({ stages }) => stages.flatMap(ofStage));
}

const HOOKS: Readonly<Record<Hook, string>> = {
  'untracked': 'host endpoints judge each packet by it, before connections are known (doNotTrack)',
  'pre-dnat': 'host endpoints judge packets by it that address translation has yet to change (preDNAT)',
  'forwarded': 'host endpoints judge by it what they forward (applyOnForward)',
};

function ruleFacts({ policy, rule, matched }: RuleTrace, { flow, source, destination }: NamedFlow, profile: Profile): string[] {
  const { match, action } = rule;
  const elsewhere = action === 'external' && policy.hook === undefined ? [elsewhereText(policy, rule)] : [];
  if (matched !== MAYBE) { return elsewhere; }
  const ends = [
    ...unknownFacts(match.source, { text: source, endpoint: flow.source }, profile),
    ...unknownFacts(match.destination, { text: destination, endpoint: flow.destination }, profile),
  ];
  const open = match.traffic.filter(box => matchesTraffic([box], flow) === MAYBE);
  return [...elsewhere, ...ends, ...open.flatMap(box => boxFacts(box, flow, destination))];
}

function elsewhereText(policy: Policy, rule: Rule): string {
  const because = undecidedBecause(rule);
  return because === undefined ? `what decides in place of ${ruleText(policy, rule)}: it asks somebody outside the policies` : `${ruleText(policy, rule)}: ${because}`;
}

function boxFacts(box: TrafficBox, flow: Flow, destination: string): string[] {
  const { protocols, destinationPorts, sourcePorts, icmp, ipVersion, serverNames, l7 } = box;
  const open = (part: Partial<TrafficBox>): boolean => matchesTraffic([{ protocols, ...part }], flow) === MAYBE;
  return [
    ...(destinationPorts && open({ destinationPorts })
      ? [flow.port === undefined ? `the port of ${protocolText(flow.protocol)}: state one` : `the names of the container ports of ${destination} (asked for: ${portsText(destinationPorts)})`]
      : []),
    ...(sourcePorts && open({ sourcePorts }) ? [`the source port (asked for: ${portsText(sourcePorts)})`] : []),
    ...(icmp && open({ icmp }) ? [`the type of the ICMP message: state ${protocolText(PROTOCOL_NUMBERS.ICMP).toLowerCase()}/TYPE`] : []),
    ...(ipVersion && open({ ipVersion }) ? [`whether it travels over IPv${ipVersion}: state the addresses, or the ranges of pods (--pod-cidr)`] : []),
    ...(serverNames && open({ serverNames }) ? ['the server name of the TLS handshake'] : []),
    ...(l7 && open({ l7 }) ? requestFacts(l7, flow) : []),
  ];
}

function requestFacts(l7: NonNullable<TrafficBox['l7']>, { http }: Flow): string[] {
  if ('dns' in l7) { return ['the name that is asked for']; }
  if (!('http' in l7)) { return [`the requests of ${l7.opaque}: they are not evaluated`]; }
  const conditions = [...new Set(l7.http.flatMap(match => (match.conditions ?? []).map(({ key }) => key)))];
  const secrets = [...new Set(l7.http.flatMap(match => (match.headers ?? []).flatMap(({ secret }) => (secret ? [secret.name] : []))))];
  return [
    ...conditions.map(key => `${key}, which only the proxy knows`),
    ...secrets.map(name => `what the secret ${name} holds`),
    ...(http ? FIELDS.filter(([field, used]) => http[field] === undefined && l7.http.some(used) && matchesHttp(l7.http, http) === undefined).map(([field]) => `the ${field} of the request`) : ['the HTTP request']),
  ];
}

const FIELDS: readonly (readonly [keyof HttpRequest, (match: HttpMatch) => boolean])[] = [
  ['method', match => (match.methods ?? match.notMethods) !== undefined],
  ['path', match => (match.paths ?? match.notPaths) !== undefined],
  ['host', match => (match.hosts ?? match.notHosts) !== undefined],
  ['headers', match => (match.headers ?? []).length > 0],
];
