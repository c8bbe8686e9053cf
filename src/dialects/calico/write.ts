import { Family, familyOf } from '../../model/cidr';
import { EndpointExpr } from '../../model/endpoint';
import { Action, DIRECTIONS, NORMAL, Policy, Rule } from '../../model/policy-set';
import { byDocument, describeOrigin, distinct, Document, inDirection, Target } from '../dialect';
import { Feature, refuse as refuseIn } from '../refusals';
import { inOrder, Known, Refuse, selectorOf } from './expr-selector';
import { NAMESPACE, OF_NAMESPACE, OWN_NAME } from './labels';
import { ALL, every, has, negate, replace, Selector, some } from './selector';
import { holdsForHostEndpoints } from './selector-expr';
import { printSelector } from './selector-printer';
import { builtinTier, CALICO_V3, DEFAULT_TIER, nameInTier } from './tiers';
import { asNamespaceSelector, Entity, writeEnd } from './write-peer';
import { familyOfProtocol, TrafficFields, writeTraffic } from './write-traffic';

type Json = Record<string, unknown>;

/** https://docs.tigera.io/calico/latest/reference/resources/networkpolicy */
export function writeCalico(policies: readonly Policy[], target: Target): Document[] {
  return byDocument(policies).map(group => writeDocument(group, target));
}

const refuserOf = (statement: string): Refuse => (feature: Feature, detail: string): never => { throw refuseIn('calico', feature, statement, detail); };

function writeDocument(policies: readonly Policy[], target: Target): Document {
  const [first] = policies;
  const { namespace, name } = first.origin;
  for (const policy of policies) { checkPolicy(policy, first, target); }
  for (const direction of DIRECTIONS) {
    const second = policies.filter(policy => policy.direction === direction)[1];
    if (second) { throw refuseIn('calico', 'subject', describeOrigin(second), `a second ${direction} policy of one document`); }
  }
  const refuse = refuserOf(`${describeOrigin(first)}, subject`);
  const order = first.order[0];
  const spec: Json = {
    ...(first.stage === DEFAULT_TIER ? {} : { tier: first.stage }),
    ...(typeof order === 'number' && Number.isFinite(order) ? { order } : {}),
    ...(namespace === undefined ? globalSubject(first.subject, refuse) : namespacedSubject(first.subject, namespace, refuse)),
    types: DIRECTIONS.filter(direction => inDirection(policies, direction)).map(direction => (direction === 'ingress' ? 'Ingress' : 'Egress')),
  };
  for (const direction of DIRECTIONS) {
    const policy = inDirection(policies, direction);
    const rules = policy ? distinct(policy.rules.flatMap((rule, i) => writeRule(rule, policy, i))) : [];
    if (rules.length > 0) { spec[direction] = rules; }
  }
  const staged = first.mode === 'staged' ? 'Staged' : '';
  return {
    apiVersion: CALICO_V3,
    kind: staged + (namespace === undefined ? 'GlobalNetworkPolicy' : 'NetworkPolicy'),
    metadata: { name: nameInTier(first.stage, name), ...(namespace === undefined ? {} : { namespace }) },
    spec,
  };
}

function checkPolicy(policy: Policy, first: Policy, target: Target): void {
  const refuse = refuserOf(describeOrigin(policy));
  if (policy.stage === NORMAL || policy.mode === 'void') { refuse('stage', `stage ${policy.stage}, mode ${policy.mode}`); }
  if (policy.stage !== first.stage || policy.order[0] !== first.order[0] || policy.mode !== first.mode) { refuse('stage', 'its directions have different tiers, orders or modes'); }
  if (JSON.stringify(policy.subject) !== JSON.stringify(first.subject)) { refuse('subject', 'its directions have different subjects'); }
  // What other tiers do is stated by their Tier objects, which are not at hand.
  const isolates = policy.stage === target.denyTier ? false : builtinTier(policy.stage) ? builtinTier(policy.stage)!.defaultAction === 'Deny' : policy.isolates;
  if (policy.isolates && !isolates) { refuse('isolation-only', `tier ${policy.stage}`); }
  if (!policy.isolates && isolates) { refuse('allow-without-isolation', `tier ${policy.stage}`); }
}

function namespacedSubject(subject: EndpointExpr, namespace: string, refuse: Refuse): Json {
  const known: Known = { kind: 'pod', namespace };
  // Every endpoint of another namespace, or none, must be left out by the subject itself.
  if (!implies(subject, namespace)) { return refuse('subject', `it must be in namespace ${namespace}`); }
  return { selector: printSelector(asSelector(selectorOf(subject, known, refuse))) };
}

function implies(subject: EndpointExpr, namespace: string): boolean {
  if ('none' in subject) { return true; }
  if ('allOf' in subject) { return subject.allOf.some(part => implies(part, namespace)); }
  if ('anyOf' in subject) { return subject.anyOf.every(part => implies(part, namespace)); }
  return 'namespace' in subject && !('ref' in subject) && subject.namespace === namespace;
}

/** Without a namespaceSelector a global policy is about host endpoints too. */
function globalSubject(subject: EndpointExpr, refuse: Refuse): Json {
  const hosts = selectorOf(subject, { kind: 'hostEndpoint' }, refuse);
  const pods = selectorOf(subject, { kind: 'pod' }, refuse);
  if (hosts !== false) {
    const onlyHosts = negate(has(NAMESPACE));
    const selector = pods === true ? ALL : pods === false ? onlyHosts : some([onlyHosts, pods]);
    return { selector: printSelector(selector) };
  }
  const parts = inOrder(partsOf(asSelector(pods)));
  const ofNamespaces = parts.filter(onlyNamespaces);
  const others = parts.filter(part => !ofNamespaces.includes(part));
  const limited = ofNamespaces.length > 0 && holdsForHostEndpoints(every(ofNamespaces)) === false;
  const namespaces = asNamespaceSelector(every(ofNamespaces));
  return {
    namespaceSelector: printSelector(ofNamespaces.length === 0 || limited ? namespaces : every([has(OWN_NAME), namespaces])),
    selector: printSelector(every(others)),
  };
}

const partsOf = (selector: Selector): readonly Selector[] => ('all' in selector ? [] : 'and' in selector ? selector.and : [selector]);

/** Constants mean something else in a namespaceSelector. */
function onlyNamespaces(selector: Selector): boolean {
  let only = true;
  replace(selector, part => {
    if (!('label' in part) || (part.label !== NAMESPACE && !part.label.startsWith(OF_NAMESPACE))) { only = false; }
    return part;
  });
  return only;
}

const asSelector = (selector: Selector | boolean): Selector => (selector === true ? ALL : selector === false ? negate(ALL) : selector);

const ACTIONS: Readonly<Record<Exclude<Action, 'external'>, string>> = { allow: 'Allow', deny: 'Deny', pass: 'Pass', log: 'Log' };

function writeRule(rule: Rule, policy: Policy, index: number): Json[] {
  const refuse = refuserOf(describeOrigin(policy, index));
  if (rule.action === 'external') { return refuse('external-action', rule.action); }
  const metadata = writeEffects(rule, refuse);
  const { namespace } = policy.origin;
  const [sources, destinations] = [writeEnd(rule.match.source, namespace, refuse), writeEnd(rule.match.destination, namespace, refuse)];
  const traffic = rule.match.traffic.flatMap(box => writeTraffic(box, refuse));
  const written: Json[] = [];
  for (const source of sources) {
    for (const destination of destinations) {
      for (const fields of traffic) {
        for (const body of writeMatch(source, destination, fields)) { written.push({ action: ACTIONS[rule.action], ...body, ...metadata }); }
      }
    }
  }
  return written;
}

function writeEffects({ effects }: Rule, refuse: Refuse): Json {
  if (!effects) { return {}; }
  const unknown = Object.keys(effects).filter(name => name !== 'annotations');
  if (unknown.length > 0) { return refuse('effects', unknown.join(', ')); }
  return { metadata: { annotations: effects.annotations } };
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
