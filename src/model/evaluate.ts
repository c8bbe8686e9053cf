import { containsAddress } from './cidr';
import { Atom, EndpointExpr, EndpointKind, LabelTest, OWN_CLUSTER } from './endpoint';
import { fqdnMatches } from './fqdn';
import { HttpRequest, matchesHttp } from './http';
import { Direction, Layer, Match, Pipeline, Policy, PolicySet, Rule, Stage } from './policy-set';
import { inRanges, PortSet, PROTOCOL_NUMBERS, ProtocolName, TrafficBox } from './traffic';

/**
 * The one evaluator. It is three-valued: what is not known is `maybe`, a stage yields a set of
 * possible outcomes, and a flow whose answer depends on what is not known is `unknown`, never guessed.
 */
export type Tri = 0 | 1 | 2;
export const NO: Tri = 0;
export const MAYBE: Tri = 1;
export const YES: Tri = 2;

/** Everything that may be known about one end of a flow. A field that is absent is not known, unless its kind cannot have it. */
export interface Endpoint {
  readonly kind: EndpointKind;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  readonly serviceAccount?: string;
  readonly serviceAccountLabels?: Readonly<Record<string, string>>;
  readonly address?: string;
  /** Such as `host`, `remote-node`, `kube-apiserver`, `world`, `cluster`. */
  readonly entities?: readonly string[];
  /** The DNS names by which the source found this address. */
  readonly names?: readonly string[];
  /** Absent: of the own cluster. */
  readonly cluster?: string;
  /** The identity that a mesh has proven; '' for none. Absent: not known. */
  readonly principal?: string;
  /** Container ports, for named ports. */
  readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol: string }[];
}

export interface Flow {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** IP protocol number. */
  readonly protocol: number;
  /** Ports and ICMP types that are absent are not known, where the protocol has them. */
  readonly sourcePort?: number;
  readonly port?: number;
  readonly icmp?: { readonly type: number; readonly code: number };
  /** The name that a DNS request asks for. */
  readonly dnsName?: string;
  /** The request, of a flow that carries HTTP. */
  readonly http?: HttpRequest;
  /** The server name of the TLS handshake. */
  readonly serverName?: string;
}

/** What a CNI does on its own. */
export interface Profile {
  /** The kinds of endpoints that an address range can match. */
  readonly cidrMatches: readonly EndpointKind[];
}

export type Answer = 'allowed' | 'denied' | 'unknown';

/* eslint-disable no-bitwise -- a stage's possible outcomes are a set of three, and sets of three are bits */
const ALLOW = 1;
const DENY = 2;
const NEXT = 4;

/** Whether the policies let the flow pass: egress at the source and ingress at the destination, in every layer. */
export function evaluate(set: PolicySet, flow: Flow, profile: Profile): Answer {
  const outcomes = (['egress', 'ingress'] as const).map(direction => sideOutcome(set.pipeline, set.policies, direction, flow, profile));
  if (outcomes.some(outcome => outcome === DENY)) { return 'denied'; }
  return outcomes.every(outcome => outcome === ALLOW) ? 'allowed' : 'unknown';
}

/** The set of possible outcomes of one direction, as bits. */
function sideOutcome(pipeline: Pipeline, policies: readonly Policy[], direction: Direction, flow: Flow, profile: Profile): number {
  const own = direction === 'ingress' ? flow.destination : flow.source;
  const mine = policies
    .filter(policy => policy.direction === direction && policy.mode === 'enforce')
    .map(policy => ({ policy, selected: selects(policy, own, profile) }))
    .filter(({ selected }) => selected !== NO);
  let outcome = ALLOW;
  for (const layer of pipeline) {
    const result = layerOutcome(layer, mine, match => matchesFlow(match, flow, profile));
    // Allowed only where both may allow, denied where either may deny.
    outcome = (outcome & result & ALLOW) | ((outcome | result) & DENY);
  }
  return outcome;
}

/** What a hook decides depends on more than the flow. */
function selects({ subject, hook }: Policy, own: Endpoint, profile: Profile): Tri {
  const selected = matchesEndpoint(subject, own, profile);
  return hook === undefined ? selected : and(selected, MAYBE);
}

interface Selected {
  readonly policy: Policy;
  readonly selected: Tri;
}

function layerOutcome(layer: Layer, policies: readonly Selected[], match: (match: Match) => Tri): number {
  let possible = 0;
  for (const stage of layer.stages) {
    const outcome = stageOutcome(stage, policies.filter(({ policy }) => policy.stage === stage.id), match);
    possible |= outcome & (ALLOW | DENY);
    if (!(outcome & NEXT)) { return possible; }
  }
  return possible | (layer.otherwise === 'allow' ? ALLOW : DENY);
}

function stageOutcome(stage: Stage, policies: readonly Selected[], match: (match: Match) => Tri): number {
  let possible = 0;
  for (const { rule, matched } of inOrder(stage, policies, match)) {
    possible |= outcomeOf(rule);
    if (matched === YES) { return possible; }
  }
  const isolating = policies.filter(({ policy }) => policy.isolates);
  if (isolating.some(({ selected }) => selected === YES)) { return possible | DENY; }
  return possible | NEXT | (isolating.length > 0 ? DENY : 0);
}

function inOrder(stage: Stage, policies: readonly Selected[], match: (match: Match) => Tri): { rule: Rule; matched: Tri }[] {
  const rules = [...policies]
    .sort((a, b) => compareOrder(a.policy.order, b.policy.order))
    .flatMap(({ policy, selected }) => policy.rules.map(rule => ({ rule, matched: rule.action === 'log' ? NO : and(selected, match(rule.match)) })))
    .filter(({ matched }) => matched !== NO);
  return stage.combine === 'first-match' ? rules : [...rules.filter(({ rule }) => rule.action === 'deny'), ...rules.filter(({ rule }) => rule.action !== 'deny')];
}

function outcomeOf(rule: Rule): number {
  switch (rule.action) {
    case 'allow': return ALLOW;
    case 'deny': return DENY;
    case 'pass': return NEXT;
    default: return ALLOW | DENY;
  }
}

function compareOrder(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] === b[i]) { continue; }
    if (a[i] === undefined) { return -1; }
    if (b[i] === undefined) { return 1; }
    return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}

const and = (a: Tri, b: Tri): Tri => (a < b ? a : b);
const or = (a: Tri, b: Tri): Tri => (a > b ? a : b);
const invert = (a: Tri): Tri => (2 - a) as Tri;

function matchesFlow(match: Match, flow: Flow, profile: Profile): Tri {
  const ends = and(matchesEndpoint(match.source, flow.source, profile), matchesEndpoint(match.destination, flow.destination, profile));
  return ends === NO ? NO : and(ends, match.traffic.reduce<Tri>((any, box) => or(any, matchesTraffic(box, flow)), NO));
}

export function matchesEndpoint(expr: EndpointExpr, endpoint: Endpoint, profile: Profile): Tri {
  if ('any' in expr) { return YES; }
  if ('none' in expr) { return NO; }
  if ('not' in expr) { return invert(matchesEndpoint(expr.not, endpoint, profile)); }
  if ('allOf' in expr) { return expr.allOf.reduce<Tri>((all, part) => (all === NO ? NO : and(all, matchesEndpoint(part, endpoint, profile))), YES); }
  if ('anyOf' in expr) { return expr.anyOf.reduce<Tri>((any, part) => (any === YES ? YES : or(any, matchesEndpoint(part, endpoint, profile))), NO); }
  return matchesAtom(expr, endpoint, profile);
}

function matchesAtom(atom: Atom, endpoint: Endpoint, profile: Profile): Tri {
  if ('kind' in atom) { return sure(atom.kind === endpoint.kind); }
  if ('label' in atom) { return matchesLabel(atom, endpoint); }
  if ('ref' in atom) { return MAYBE; }
  if ('cidr' in atom) {
    if (!atom.anyone && !profile.cidrMatches.includes(endpoint.kind)) { return NO; }
    if (endpoint.address === undefined) { return MAYBE; }
    const own = endpoint.address;
    return sure(containsAddress(atom.cidr, own) && !atom.except.some(hole => containsAddress(hole, own)));
  }
  if ('fqdn' in atom) {
    if (endpoint.kind !== 'external') { return NO; }
    return endpoint.names === undefined ? MAYBE : sure(endpoint.names.some(name => fqdnMatches(atom.fqdn, name)));
  }
  if ('entity' in atom) { return endpoint.entities === undefined ? MAYBE : sure(endpoint.entities.includes(atom.entity)); }
  if ('principal' in atom) { return endpoint.principal === undefined ? MAYBE : sure(matchesPrincipal(atom.principal, endpoint.principal)); }
  if ('cluster' in atom) { return matchesCluster(atom.cluster, endpoint); }
  if (endpoint.kind !== 'pod') { return NO; }
  return 'namespace' in atom ? equal(endpoint.namespace, atom.namespace) : equal(endpoint.serviceAccount, atom.serviceAccount);
}

function matchesPrincipal(pattern: string, principal: string): boolean {
  if (principal === '') { return false; }
  if (pattern === '*') { return true; }
  if (pattern.endsWith('*')) { return principal.startsWith(pattern.slice(0, -1)); }
  return pattern.startsWith('*') ? principal.endsWith(pattern.slice(1)) : principal === pattern;
}

/** What the own cluster is called is not known here. */
function matchesCluster(name: string, { kind, cluster }: Endpoint): Tri {
  if (kind === 'external') { return NO; }
  if (cluster === undefined) { return name === OWN_CLUSTER ? YES : MAYBE; }
  return sure(name === cluster);
}

function matchesLabel(test: LabelTest, endpoint: Endpoint): Tri {
  const owner = test.of === 'pod' || test.of === 'namespace' || test.of === 'serviceAccount' ? 'pod' : test.of;
  if (endpoint.kind !== owner) { return NO; }
  const labels = test.of === 'namespace' ? endpoint.namespaceLabels : test.of === 'serviceAccount' ? endpoint.serviceAccountLabels : endpoint.labels;
  if (labels === undefined) { return MAYBE; }
  const value = Object.hasOwn(labels, test.label) ? labels[test.label] : undefined;
  if (value === undefined) { return NO; }
  switch (test.op) {
    case 'exists': return YES;
    case 'in': return sure(test.values.includes(value));
    case 'contains': return sure(test.values.some(part => value.includes(part)));
    case 'startsWith': return sure(test.values.some(part => value.startsWith(part)));
    case 'endsWith': return sure(test.values.some(part => value.endsWith(part)));
  }
}

function matchesTraffic(box: TrafficBox, flow: Flow): Tri {
  if (!inRanges(box.protocols, flow.protocol)) { return NO; }
  return [
    matchesIpVersion(box, flow),
    matchesIcmp(box, flow),
    matchesPort(box.sourcePorts, flow.sourcePort, flow.source, flow.protocol),
    matchesPort(box.destinationPorts, flow.port, flow.destination, flow.protocol),
    matchesL7(box, flow),
  ].reduce(and);
}

function matchesIpVersion({ ipVersion }: TrafficBox, { source, destination }: Flow): Tri {
  if (ipVersion === undefined) { return YES; }
  const known = destination.address ?? source.address;
  return known === undefined ? MAYBE : sure((known.includes(':') ? 6 : 4) === ipVersion);
}

function matchesIcmp({ icmp }: TrafficBox, { protocol, icmp: own }: Flow): Tri {
  if (!icmp) { return YES; }
  if (own) { return sure(icmp.some(({ type, code }) => type === own.type && (code === undefined || code === own.code))); }
  return noUnless(protocol === PROTOCOL_NUMBERS.ICMP || protocol === PROTOCOL_NUMBERS.ICMPv6);
}

function matchesPort(set: PortSet | undefined, number: number | undefined, end: Endpoint, protocol: number): Tri {
  if (!set) { return YES; }
  if (number === undefined) { return noUnless(WITH_PORTS.includes(protocol)); }
  const { ranges, names, exceptNames } = set;
  if (inRanges(ranges, number)) { return exceptNames ? invert(matchesPortName(exceptNames, number, end, protocol)) : YES; }
  return matchesPortName(names, number, end, protocol);
}

const WITH_PORTS: readonly number[] = [PROTOCOL_NUMBERS.TCP, PROTOCOL_NUMBERS.UDP, PROTOCOL_NUMBERS.SCTP, PROTOCOL_NUMBERS.UDPLite];

function matchesPortName(names: readonly string[], number: number, end: Endpoint, protocol: number): Tri {
  if (names.length === 0 || end.kind !== 'pod') { return NO; }
  if (end.ports === undefined) { return MAYBE; }
  return sure(end.ports.some(port =>
    port.name !== undefined && names.includes(port.name) && port.port === number && PROTOCOL_NUMBERS[port.protocol as ProtocolName] === protocol));
}

/** A port-level flow that only some requests may use is `maybe`: the answer depends on the request. */
function matchesL7({ l7, serverNames }: TrafficBox, flow: Flow): Tri {
  const named = serverNames === undefined ? YES : matchesName(serverNames, flow.serverName);
  if (!l7 || named === NO) { return named; }
  if ('dns' in l7) { return and(named, matchesName(l7.dns, flow.dnsName)); }
  if ('http' in l7) {
    const matched = matchesHttp(l7.http, flow.http);
    return and(named, matched === undefined ? MAYBE : sure(matched));
  }
  return MAYBE;
}

function matchesName(patterns: readonly string[], name: string | undefined): Tri {
  if (patterns.includes('*')) { return YES; }
  return name === undefined ? MAYBE : sure(patterns.some(pattern => fqdnMatches(pattern, name)));
}

const sure = (holds: boolean): Tri => (holds ? YES : NO);
/** What a test of an absent field says: maybe where the flow has such a field, no where it cannot have it. */
const noUnless = (mayHave: boolean): Tri => (mayHave ? MAYBE : NO);
const equal = (known: string | undefined, wanted: string): Tri => (known === undefined ? MAYBE : sure(known === wanted));
