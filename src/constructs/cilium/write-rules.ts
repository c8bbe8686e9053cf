import { distinct } from '../../dialects/dialect';
import { isBefore } from '../../dialects/versions';
import { Json } from '../native-object';
import { checkBesideMesh } from './besides-mesh';
import { Context, needs, stated, wrong } from './context';
import { fieldName, renamed } from './names';
import { CiliumEgressRule, CiliumIngressRule } from './rules';
import { writeIcmps } from './write-icmp';
import { PEERS, writePeers } from './write-peers';
import { Place, writePortEntries, writePortRule } from './write-ports';

/** A rule as it is stated; deny rules have ports in place of port rules. */
type Rule = Omit<CiliumIngressRule & CiliumEgressRule, 'toPorts'> & { readonly toPorts?: readonly object[] };

/**
 * The items of one list of rules. Alternatives that Cilium does not take in one item become several items, which add up: kinds of peers,
 * and ports beside ICMP messages.
 */
export function writeRules(list: readonly object[], where: string, place: Place, denies: boolean): readonly Json[] {
  const instead = 'leave it out, or say [{}] to close the direction';
  return distinct(stated(list, where, denies ? 'leave it out' : instead).flatMap((rule, i) => writeRule(rule as Rule, `${where}[${i}]`, place, denies)));
}

function writeRule(rule: Rule, where: string, place: Place, denies: boolean): Json[] {
  const writers = PEERS[place.direction];
  const { toPorts, icmps, authentication, acceptAnyPeerBecause, ...others } = rule;
  const peers = Object.keys(writers).filter(property => others[property as keyof typeof others] !== undefined).map((property): Json => {
    const entries = others[property as keyof typeof others] as readonly unknown[];
    return { [fieldName(property)]: writePeers(writers[property], entries, `${where}.${property}`, place.context) };
  });
  const traffic: Json[] = [
    ...(toPorts === undefined ? [] : [{ toPorts: writeToPorts(toPorts, `${where}.toPorts`, place, denies) }]),
    ...(icmps === undefined ? [] : [{ icmps: writeIcmps(icmps, `${where}.icmps`) }]),
  ];
  if (denies && peers.length + traffic.length === 0) {
    throw wrong(where, 'a deny rule without peers and ports denies nothing, it only closes the direction for what no policy allows; to deny everything state the entity ALL');
  }
  checkServices(rule, where, place.context, denies);
  if (!denies) { checkBesideMesh(rule, where, place.context); }
  const rest = {
    ...renamed(Object.fromEntries(Object.entries(others).filter(([property]) => !Object.hasOwn(writers, property)))),
    ...writeAuthentication(rule, `${where}.authentication`, place.context),
  };
  return (peers.length > 0 ? peers : [{}]).flatMap(peer => (traffic.length > 0 ? traffic : [{}]).map(which => ({ ...peer, ...which, ...rest })));
}

/** Without an address behind its Services a rule with ports is, since 1.19, as one that names no peer. */
function checkServices(rule: Rule, where: string, { version, onWider }: Context, denies: boolean): void {
  const { toServices, toPorts, icmps, acceptAnyPeerBecause } = rule;
  const at = `${where}.acceptAnyPeerBecause`;
  if (acceptAnyPeerBecause !== undefined && (typeof acceptAnyPeerBecause !== 'string' || acceptAnyPeerBecause.trim() === '')) {
    throw wrong(at, 'must be the reason, which is recorded on the policy');
  }
  const open = !denies && toServices !== undefined && (toPorts ?? icmps) !== undefined && !isBefore(version, '1.19');
  if (!open) {
    if (acceptAnyPeerBecause !== undefined) { throw wrong(at, 'the rule is not open to any peer: that is so since Cilium 1.19, for toServices beside toPorts or icmps; leave it out'); }
    return;
  }
  const why = 'from Cilium 1.19 on a rule of Services with ports lets everybody on these ports as long as none of the Services exists or has an address';
  if (acceptAnyPeerBecause === undefined) {
    throw wrong(`${where}.toServices`, `${why}; state the pods with toEndpoints, leave the ports out, or accept it with acceptAnyPeerBecause: '...'`);
  }
  onWider(`${where}: ${why}; accepted because ${acceptAnyPeerBecause}`);
}

/* eslint-disable @typescript-eslint/no-explicit-any -- which of the two it is, the list says */
function writeToPorts(entries: readonly object[], where: string, place: Place, denies: boolean): readonly Json[] {
  stated(entries, where, 'leave it out for every port, or the rule for none');
  return distinct(denies
    ? writePortEntries(entries as any, where, place.context)
    : entries.flatMap((entry, i) => writePortRule(entry as any, `${where}[${i}]`, place)));
}

/** What has no identity of its own that could be proven. */
const STRANGERS = ['fromCidr', 'fromCidrSet', 'fromNodes', 'fromGroups', 'toCidr', 'toCidrSet', 'toNodes', 'toGroups', 'toFqdns'] as const;
const WITH_PODS: readonly string[] = ['all', 'cluster', 'cluster-mesh'];

function writeAuthentication({ authentication: mode, ...rule }: Rule, where: string, { features, mesh }: Context): Json {
  if (mode === undefined) { return {}; }
  if (mode !== 'disabled') {
    needs(features.mutualAuthentication, where, 'mutual authentication needs SPIRE and authentication.mutual in the agent, without which every such connection is dropped', 'mutualAuthentication');
    if (mesh !== undefined) { throw wrong(where, `the mesh (${mesh}) proves identities with mutual TLS of its own, and Cilium's does not work together with another; leave it out, and state the identities in the mesh`); }
  }
  if (mode === 'required') {
    const entity = [...rule.fromEntities ?? [], ...rule.toEntities ?? []].find(name => !WITH_PODS.includes(name));
    const stranger = STRANGERS.find(property => rule[property] !== undefined) ?? (entity === undefined ? undefined : `the entity ${entity}`);
    if (stranger !== undefined) { throw wrong(where, `only pods have an identity that mutual authentication proves, and what ${stranger} means would never pass; state pods, or a rule of their own without authentication`); }
  }
  return { authentication: { mode } };
}
