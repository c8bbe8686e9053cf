import { containsAddress, containsCidr, Family, familyOf, overlaps } from './cidr';
import { Atom, Cidr, EndpointExpr, EndpointKind, isPassedBy, LabelScope, LabelTest, OWN_CLUSTER } from './endpoint';
import { fqdnMatches } from './fqdn';
import { HttpRequest, matchesHttp } from './http';
import { Match } from './policy-set';
import { inRanges, PortSet, PROTOCOL_NUMBERS, ProtocolName, TrafficBox } from './traffic';

/** Whether one condition holds for one end, or for what travels. Three-valued: what is not known is `maybe`. */

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
  /** Scopes of which only the stated labels are known: it may have others. */
  readonly openLabels?: readonly LabelScope[];
  readonly address?: string;
  /** Where the address is not known: the ranges that it is in. An empty list: none that a policy could name. Absent: anywhere. */
  readonly addressIn?: readonly string[];
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

/** Of what travels it may also be so that some requests match and others do not, and which one it is the flow does not say. */
export const SOME = 1.5;
export type Matched = Tri | typeof SOME;

export const both = <T extends Matched>(a: T, b: T): T => (a < b ? a : b);
/** What may be all of them is not `some` of them. */
const either = (a: Matched, b: Matched): Matched => ((a === MAYBE && b === SOME) || (a === SOME && b === MAYBE) ? MAYBE : a > b ? a : b);
const or = (a: Tri, b: Tri): Tri => (a > b ? a : b);
const invert = (a: Tri): Tri => (2 - a) as Tri;

export function matchesEndpoint(expr: EndpointExpr, endpoint: Endpoint, profile: Profile): Tri {
  if ('any' in expr) { return YES; }
  if ('none' in expr) { return NO; }
  if ('not' in expr) { return invert(matchesEndpoint(expr.not, endpoint, profile)); }
  if ('allOf' in expr) { return expr.allOf.reduce<Tri>((all, part) => (all === NO ? NO : both(all, matchesEndpoint(part, endpoint, profile))), YES); }
  if ('anyOf' in expr) { return expr.anyOf.reduce<Tri>((any, part) => (any === YES ? YES : or(any, matchesEndpoint(part, endpoint, profile))), NO); }
  return matchesAtom(expr, endpoint, profile);
}

function matchesAtom(atom: Atom, endpoint: Endpoint, profile: Profile): Tri {
  if ('kind' in atom) { return sure(atom.kind === endpoint.kind); }
  if ('label' in atom) { return matchesLabel(atom, endpoint); }
  if ('ref' in atom) { return MAYBE; }
  if ('cidr' in atom) {
    return !atom.anyone && !profile.cidrMatches.includes(endpoint.kind) ? NO : matchesCidr(atom, endpoint);
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

function matchesCidr({ cidr, except }: Cidr, { address: own, addressIn }: Endpoint): Tri {
  if (own !== undefined) { return sure(containsAddress(cidr, own) && !except.some(hole => containsAddress(hole, own))); }
  return addressIn === undefined ? MAYBE : agreed(addressIn.map(range => holdsRange(cidr, except, range)));
}

/** Whether the addresses of a range match: all, none, or some of them. */
function holdsRange(cidr: string, except: readonly string[], range: string): Tri {
  if (!overlaps(cidr, range) || except.some(hole => containsCidr(hole, range))) { return NO; }
  return sureOrMaybe(containsCidr(cidr, range) && !except.some(hole => overlaps(hole, range)));
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
  if (value === undefined) { return endpoint.openLabels?.includes(test.of) ? MAYBE : NO; }
  return sure(isPassedBy(test, value));
}

/** Whether both ends are those of the rule. */
export function matchesEnds({ source, destination }: Match, flow: Flow, profile: Profile): Tri {
  const first = matchesEndpoint(source, flow.source, profile);
  return first === NO ? NO : both(first, matchesEndpoint(destination, flow.destination, profile));
}

/** Whether what travels is one of the boxes. */
export const matchesTraffic = (traffic: readonly TrafficBox[], flow: Flow): Matched =>
  traffic.reduce<Matched>((any, box) => (any === YES ? YES : either(any, matchesBox(box, flow))), NO);

function matchesBox(box: TrafficBox, flow: Flow): Matched {
  if (!inRanges(box.protocols, flow.protocol)) { return NO; }
  return [
    matchesIpVersion(box, flow),
    matchesIcmp(box, flow),
    matchesPort(box.sourcePorts, flow.sourcePort, flow.source, flow.protocol),
    matchesPort(box.destinationPorts, flow.port, flow.destination, flow.protocol),
    matchesServerName(box, flow),
    matchesL7(box, flow),
  ].reduce<Matched>(both, YES);
}

function matchesIpVersion({ ipVersion }: TrafficBox, { source, destination }: Flow): Tri {
  if (ipVersion === undefined) { return YES; }
  const [from, to] = [familiesOf(source), familiesOf(destination)];
  // Both ends are of the version in which they meet.
  const families = from && to ? to.filter(family => from.includes(family)) : to ?? from;
  return families === undefined ? MAYBE : agreed(families.map(family => sure(family === ipVersion)));
}

function familiesOf({ address, addressIn }: Endpoint): Family[] | undefined {
  if (address !== undefined) { return [familyOf(address)]; }
  return addressIn === undefined || addressIn.length === 0 ? undefined : addressIn.map(familyOf);
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

export const WITH_PORTS: readonly number[] = [PROTOCOL_NUMBERS.TCP, PROTOCOL_NUMBERS.UDP, PROTOCOL_NUMBERS.SCTP, PROTOCOL_NUMBERS.UDPLite];

function matchesPortName(names: readonly string[], number: number, end: Endpoint, protocol: number): Tri {
  if (names.length === 0 || end.kind !== 'pod') { return NO; }
  if (end.ports === undefined) { return MAYBE; }
  return sure(end.ports.some(port =>
    port.name !== undefined && names.includes(port.name) && port.port === number && PROTOCOL_NUMBERS[port.protocol as ProtocolName] === protocol));
}

const matchesServerName = ({ serverNames }: TrafficBox, flow: Flow): Matched =>
  (serverNames === undefined ? YES : matchesName(serverNames, flow.serverName, flow));

function matchesL7({ l7 }: TrafficBox, flow: Flow): Matched {
  if (!l7) { return YES; }
  if ('dns' in l7) { return matchesName(l7.dns, flow.dnsName, flow); }
  // No request could be stated that decides it.
  if (!('http' in l7)) { return MAYBE; }
  const matched = matchesHttp(l7.http, flow.http);
  if (matched !== undefined) { return sure(matched); }
  // Conditions that are known by name only may be about the caller too.
  return l7.http.some(({ conditions }) => conditions && conditions.length > 0) ? MAYBE : someUnlessStated(flow);
}

function matchesName(patterns: readonly string[], name: string | undefined, flow: Flow): Matched {
  if (patterns.includes('*')) { return YES; }
  return name === undefined ? someUnlessStated(flow) : sure(patterns.some(pattern => fqdnMatches(pattern, name)));
}

/** A flow of which no request is stated may carry some that match; what a stated request leaves open is not known. */
const someUnlessStated = ({ http, dnsName }: Flow): Matched => (http === undefined && dnsName === undefined ? SOME : MAYBE);

const sure = (holds: boolean): Tri => (holds ? YES : NO);
const sureOrMaybe = (holds: boolean): Tri => (holds ? YES : MAYBE);
/** What all say; of nobody it is no. */
const agreed = (answers: readonly Tri[]): Tri => (answers.length === 0 ? NO : answers.every(answer => answer === answers[0]) ? answers[0] : MAYBE);
/** What a test of an absent field says: maybe where the flow has such a field, no where it cannot have it. */
const noUnless = (mayHave: boolean): Tri => (mayHave ? MAYBE : NO);
const equal = (known: string | undefined, wanted: string): Tri => (known === undefined ? MAYBE : sure(known === wanted));
