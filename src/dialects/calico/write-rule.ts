import { Refuse } from './expr-selector';
import { hasLimits, MOST_NETS } from './version';
import { writeEnd } from './write-end';
import { withOtherProtocols } from './write-http';
import { Entity } from './write-peer';
import { familyOfProtocol, TrafficFields, writeTraffic } from './write-traffic';
import { Family, familyOf } from '../../model/cidr';
import { Action, Policy, Rule } from '../../model/policy-set';
import { Target } from '../dialect';
import { Feature } from '../refusals';

type Json = Record<string, unknown>;

const ACTIONS: Readonly<Record<Exclude<Action, 'external'>, string>> = { allow: 'Allow', deny: 'Deny', pass: 'Pass', log: 'Log' };

/** A rule of the model as rules of Calico: one for each way in which it can match. */
export function writeRule(rule: Rule, { origin: { namespace }, direction }: Policy, target: Target, refuse: Refuse): Json[] {
  if (rule.action === 'external') { return refuse('external-action', rule.action); }
  const metadata = writeEffects(rule, refuse);
  const { version } = target;
  const sources = writeEnd(rule.match.source, { namespace, end: 'source', direction, version }, refuse);
  const destinations = writeEnd(rule.match.destination, { namespace, end: 'destination', direction, version }, refuse);
  const traffic = withOtherProtocols(rule.match.traffic).flatMap(box => writeTraffic(box, { action: rule.action, direction, target }, refuse));
  const written: Json[] = [];
  for (const source of sources) {
    for (const destination of destinations) {
      for (const fields of traffic) {
        checkFields(source, destination, fields, version, refuse);
        for (const body of writeMatch(source, destination, fields)) { written.push({ action: ACTIONS[rule.action], ...body, ...metadata }); }
      }
    }
  }
  return written;
}

function checkFields(source: Entity, destination: Entity, { destinationPorts }: TrafficFields, version: string | undefined, refuse: Refuse): void {
  if ('services' in destination.selectors && Object.keys(destinationPorts).length > 0) { refuse('reference', 'ports beside a Service, which brings its own'); }
  const most = Math.max(source.notNets.length, destination.notNets.length);
  if (hasLimits(version) && most > MOST_NETS) { refuse('limit', `${most} ranges that are excluded`); }
}

/** What a rule does beside deciding. */
const UNKNOWN_EFFECTS: Readonly<Record<string, Feature>> = {
  authentication: 'authentication', terminatingTLS: 'tls', originatingTLS: 'tls', listener: 'listener',
};

function writeEffects({ effects }: Rule, refuse: Refuse): Json {
  if (!effects) { return {}; }
  for (const [name, value] of Object.entries(effects)) {
    if (name !== 'annotations' && value !== undefined) { return refuse(Object.hasOwn(UNKNOWN_EFFECTS, name) ? UNKNOWN_EFFECTS[name] : 'effects', name); }
  }
  return effects.annotations === undefined ? {} : { metadata: { annotations: effects.annotations } };
}

/** A rule speaks of one IP version: without nets, what is left out of each version needs a rule of its own. */
function writeMatch(source: Entity, destination: Entity, traffic: TrafficFields): Json[] {
  const ofNets = [source, destination].map(({ nets }) => (nets.length > 0 ? familyOf(nets[0]) : undefined));
  const stated = [traffic.ipVersion, familyOfProtocol(traffic), ...ofNets].filter((family): family is Family => family !== undefined);
  if (new Set(stated).size > 1) { return []; }
  const excludes = [...source.notNets, ...destination.notNets].length > 0;
  const families: (Family | undefined)[] = stated.length > 0 ? [stated[0]] : excludes ? [4, 6] : [undefined];
  return families.flatMap(family => {
    const ends = [source, destination].map(({ notNets, ...rest }): Entity =>
      ({ ...rest, notNets: notNets.filter(cidr => family === undefined || familyOf(cidr) === family) }));
    if (ends.some(({ notNets }) => notNets.some(cidr => cidr.endsWith('/0')))) { return []; }
    const ipVersion = traffic.ipVersion ?? (stated.length === 0 ? family : undefined);
    const [from, to] = [entityFields(ends[0], traffic.sourcePorts), entityFields(ends[1], traffic.destinationPorts)];
    return [{
      ...(ipVersion === undefined ? {} : { ipVersion }),
      ...protocolFields(traffic.protocol, ipVersion),
      ...(Object.keys(from).length > 0 ? { source: from } : {}),
      ...(Object.keys(to).length > 0 ? { destination: to } : {}),
      ...traffic.http,
    }];
  });
}

/** "Not ICMP" is no condition for IPv6, and Calico refuses to hear it there. */
const protocolFields = (protocol: Json, ipVersion: Family | undefined): Json =>
  ((protocol.notProtocol === 'ICMP' && ipVersion === 6) || (protocol.notProtocol === 'ICMPv6' && ipVersion === 4) ? {} : protocol);

const entityFields = ({ nets, notNets, selectors }: Entity, ports: Json): Json => ({
  ...selectors,
  ...(nets.length > 0 ? { nets } : {}),
  ...(notNets.length > 0 ? { notNets } : {}),
  ...ports,
});
