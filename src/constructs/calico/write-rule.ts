import { CalicoPort } from './port';
import { CalicoEntity, CalicoRule } from './rule';
import { CalicoSelector } from './selector';
import { MOST_NETS, MOST_PORTS } from '../../dialects/calico/version';
import { distinct, TargetFeatures } from '../../dialects/dialect';
import { compareCidrs, Family, familyOf, parseCidr } from '../../model/cidr';
import { dnsSubdomainProblem } from '../../model/labels';
import { chunks, inConstruct, Json } from '../native-object';

/** What a rule must know of its policy. */
export interface RuleContext {
  readonly features: TargetFeatures;
  /** Undefined in a policy of the whole cluster. */
  readonly namespace?: string;
}

/** One end as it is written, with what may have to be divided apart. */
interface End {
  readonly nets: readonly string[];
  readonly notNets: readonly string[];
  readonly ports: readonly (number | string)[];
  readonly rest: Json;
}

/**
 * The rules of one direction, in their order. What Calico does not take in one rule becomes several rules of one action, which match the same:
 * ranges of both IP versions, and more ranges or ports than a rule may have.
 */
export const writeRules = (rules: readonly CalicoRule[], where: string, context: RuleContext): readonly Json[] =>
  // The first of two equal rules has decided when the second is asked.
  distinct(stated(rules, where, 'to close a direction for all that nothing else allows, leave it out and state types').flatMap((rule, i) => writeRule(rule, `${where}[${i}]`, context)));

function writeRule(rule: CalicoRule, where: string, { features, namespace }: RuleContext): Json[] {
  const { ipVersion, protocol, notProtocol, notIcmp, source, destination, http, annotations, ...rest } = rule;
  if (http && features.applicationLayerPolicy !== true) {
    throw new Error(`${where}.http: without application layer policy every request would pass, and the facts do not say that it runs; state it where it does: Cni.calico(version, { applicationLayerPolicy: true })`);
  }
  http?.methods?.forEach((method, i) => {
    const upper = String(method).toUpperCase();
    if (upper !== method) { throw new Error(`${where}.http.methods[${i}]: methods are in upper case, and ${JSON.stringify(method)} matches none; write ${JSON.stringify(upper)}`); }
  });
  const ends = [writeEnd(source, `${where}.source`, namespace), writeEnd(destination, `${where}.destination`, namespace)];
  const matches = byFamily(ends, ipVersion, protocol?.toString(), where).flatMap(({ family, sides }) => {
    const [sources, destinations] = sides.map(parts);
    return sources.flatMap(from => destinations.map(to => ({
      ...(family === undefined ? {} : { ipVersion: family }),
      ...(Object.keys(from).length > 0 ? { source: from } : {}),
      ...(Object.keys(to).length > 0 ? { destination: to } : {}),
    })));
  });
  const common = {
    ...rest,
    ...(protocol === undefined ? {} : { protocol: valueOf(protocol, `${where}.protocol`) }),
    ...(notProtocol === undefined ? {} : { notProtocol: valueOf(notProtocol, `${where}.notProtocol`) }),
    ...(notIcmp === undefined ? {} : { notICMP: notIcmp }),
    ...(http === undefined ? {} : { http }),
    ...(annotations === undefined ? {} : { metadata: { annotations } }),
  };
  return matches.map(match => ({ ...common, ...match }));
}

/** Of the values that are classes, since plain JavaScript may pass a text. */
function valueOf(value: { readonly _value: number | string }, where: string): number | string {
  if (value?._value === undefined) { throw new Error(`${where}: ${JSON.stringify(value)} is neither a CalicoProtocol nor a CalicoPort`); }
  return value._value;
}

/** Plain JavaScript may pass a text; the empty one would be everything. */
export function selectorText(selector: CalicoSelector | string, where: string): string {
  if (typeof selector !== 'string' && !(selector instanceof CalicoSelector)) { throw new Error(`${where}: must be a CalicoSelector, such as CalicoSelector.oneOf('app', 'api'), got ${JSON.stringify(selector)}`); }
  return typeof selector === 'string' ? inConstruct(where, () => CalicoSelector.parse(selector)).toString() : selector.toString();
}

function writeEnd(entity: CalicoEntity | undefined, where: string, namespace: string | undefined): End {
  const { nets, notNets, ports, notPorts, selector, notSelector, namespaceSelector, serviceAccounts, services, ...rest } = entity ?? {};
  if (serviceAccounts && serviceAccounts.selector === undefined && (serviceAccounts.names ?? []).length === 0) {
    throw new Error(`${where}.serviceAccounts: states neither names nor a selector, and would be ignored; state one, or leave it out`);
  }
  serviceAccounts?.names?.forEach((name, i) => {
    const problem = dnsSubdomainProblem('service account', String(name));
    if (problem) { throw new Error(`${where}.serviceAccounts.names[${i}]: ${problem}`); }
  });
  return {
    nets: cidrs(nets, `${where}.nets`),
    notNets: cidrs(notNets, `${where}.notNets`),
    ports: portList(ports, `${where}.ports`),
    rest: {
      ...rest,
      // Felix looks for a Service without a namespace in none.
      ...(services === undefined ? {} : { services: { ...(namespace === undefined ? {} : { namespace }), ...services } }),
      ...(selector === undefined ? {} : { selector: selectorText(selector, `${where}.selector`) }),
      ...(notSelector === undefined ? {} : { notSelector: selectorText(notSelector, `${where}.notSelector`) }),
      ...(namespaceSelector === undefined ? {} : { namespaceSelector: selectorText(namespaceSelector, `${where}.namespaceSelector`) }),
      ...(notPorts === undefined ? {} : { notPorts: portList(notPorts, `${where}.notPorts`) }),
      ...(serviceAccounts === undefined ? {} : {
        serviceAccounts: {
          ...serviceAccounts,
          ...(serviceAccounts.names ? { names: [...new Set(serviceAccounts.names)].sort() } : {}),
          ...(serviceAccounts.selector === undefined ? {} : { selector: selectorText(serviceAccounts.selector, `${where}.serviceAccounts.selector`) }),
        },
      }),
    },
  };
}

const cidrs = (list: readonly string[] | undefined, where: string): string[] =>
  (list === undefined ? [] : [...new Set(stated(list, where, 'leave it out for any address').map((cidr, i) => inConstruct(`${where}[${i}]`, () => parseCidr(String(cidr)))))].sort(compareCidrs));

const portList = (ports: readonly CalicoPort[] | undefined, where: string): (number | string)[] =>
  (ports === undefined ? [] : [...new Set(stated(ports, where, 'leave it out for any port').map((port, i) => valueOf(port, `${where}[${i}]`)))]);

/** An empty list is, for Calico, no condition at all. */
function stated<T>(list: readonly T[], where: string, instead: string): readonly T[] {
  if (!Array.isArray(list)) { throw new Error(`${where}: must be a list, got ${JSON.stringify(list)}`); }
  if (list.length === 0) { throw new Error(`${where}: an empty list says something else than it looks like; ${instead}`); }
  return list;
}

interface OfFamily {
  /** Where the rule has to say it. */
  readonly family?: number;
  readonly sides: readonly End[];
}

/** A rule is of one IP version where it has ranges. */
function byFamily(ends: readonly End[], ipVersion: number | undefined, protocol: string | undefined, where: string): OfFamily[] {
  const families = new Set(ends.flatMap(({ nets, notNets }) => [...nets, ...notNets]).map(familyOf));
  const only = protocol === 'ICMP' ? 4 : protocol === 'ICMPv6' ? 6 : undefined;
  if (only !== undefined && families.has(only === 4 ? 6 : 4)) {
    throw new Error(`${where}: ${protocol} is of IPv${only}, and a range is not; state a rule with ${only === 4 ? 'ICMPV6' : 'ICMP'} for the others`);
  }
  if (families.size < 2) { return [{ family: ipVersion, sides: ends }]; }
  if (ipVersion !== undefined) { throw new Error(`${where}: is of IPv${ipVersion} and has ranges of both IP versions; leave ipVersion out, or the other ranges`); }
  const split = ([4, 6] as const).flatMap((family): OfFamily[] => {
    const sides = ends.map(end => ({ ...end, nets: ofFamily(end.nets, family), notNets: ofFamily(end.notNets, family) }));
    // Stated ranges of which none is of this version leave nothing of it.
    return sides.some(({ nets }, i) => nets.length === 0 && ends[i].nets.length > 0) ? [] : [{ family, sides }];
  });
  if (split.length === 0) { throw new Error(`${where}: no packet is of both IP versions, so that the rule would never match; state ranges of one version at both ends`); }
  return split;
}

const ofFamily = (ranges: readonly string[], family: Family): string[] => ranges.filter(range => familyOf(range) === family);

/** The forms of one end, each within the limits of a rule. */
function parts({ nets, notNets, ports, rest }: End): Json[] {
  const fixed: Json = { ...rest, ...(notNets.length > 0 ? { notNets } : {}) };
  return (nets.length > 0 ? chunks(nets, MOST_NETS) : [[]]).flatMap(some => (ports.length > 0 ? chunks(ports, MOST_PORTS) : [[]]).map(of => ({
    ...fixed,
    ...(some.length > 0 ? { nets: some } : {}),
    ...(of.length > 0 ? { ports: of } : {}),
  })));
}
