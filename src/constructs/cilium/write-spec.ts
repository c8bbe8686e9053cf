import { Direction, DIRECTIONS } from '../../model/policy-set';
import { Json } from '../native-object';
import { Context, needs, wrong } from './context';
import { CiliumClusterwideRules, CiliumDefaultDeny } from './policy-spec';
import { CiliumEgressRule } from './rules';
import { writeRules } from './write-rules';
import { writePodSelector, writeSelector } from './write-selector';

/** The properties of one spec. */
const PROPERTIES = ['endpointSelector', 'nodeSelector', 'ingress', 'ingressDeny', 'egress', 'egressDeny', 'enableDefaultDeny', 'description', 'labels', 'log'];

/** Whether anything of a spec is stated. */
export const saysSpec = (rules: object): boolean => Object.entries(rules).some(([key, value]) => PROPERTIES.includes(key) && value !== undefined);

/** One spec, as Cilium takes it. */
export function writeSpec(rules: CiliumClusterwideRules, where: string, policy: Omit<Context, 'nodes'>): Json {
  const { endpointSelector, nodeSelector, ingress, ingressDeny, egress, egressDeny, enableDefaultDeny, labels, log, ...rest } = rules;
  const context: Context = { ...policy, nodes: nodeSelector !== undefined };
  const lists = { ingress, ingressDeny, egress, egressDeny };
  if (Object.values(lists).every(list => list === undefined)) { throw wrong(where, `at least one of ${Object.keys(lists).join(', ')} is needed; to close a direction say ingress: [{}] or egress: [{}]`); }
  const written = Object.entries(lists).filter(([, list]) => list !== undefined).map(([name, list]) => {
    const direction: Direction = name.startsWith('ingress') ? 'ingress' : 'egress';
    return [name, writeRules(list!, `${where}.${name}`, { direction, context }, name.endsWith('Deny'))];
  });
  return {
    ...writeSelected(endpointSelector, nodeSelector, where, context),
    ...Object.fromEntries(written),
    ...(enableDefaultDeny ? { enableDefaultDeny: writeDefaultDeny(enableDefaultDeny, lists, `${where}.enableDefaultDeny`) } : {}),
    ...(labels ? { labels: labels.map(label => ({ ...label })) } : {}),
    ...(log === undefined ? {} : { log: { value: log } }),
    ...rest,
  };
}

function writeSelected(
  endpoints: CiliumClusterwideRules['endpointSelector'], nodes: CiliumClusterwideRules['nodeSelector'], where: string, { namespace, features }: Context,
): Json {
  if (nodes !== undefined && namespace !== undefined) { throw wrong(`${where}.nodeSelector`, 'a policy of a namespace is not about nodes; use CiliumClusterwideNetworkPolicy'); }
  if ((endpoints === undefined) === (nodes === undefined)) {
    throw wrong(where, namespace === undefined ? 'exactly one of endpointSelector and nodeSelector is needed' : 'endpointSelector is needed; {} is every pod of the namespace');
  }
  if (nodes === undefined) { return { endpointSelector: writePodSelector(endpoints!, `${where}.endpointSelector`) }; }
  needs(features.hostFirewall, `${where}.nodeSelector`, 'rules about nodes need the host firewall (hostFirewall.enabled), without which they do nothing', 'hostFirewall');
  return { nodeSelector: writeSelector(nodes, `${where}.nodeSelector`) };
}

/** Where a direction is not closed, Cilium adds a wildcard to the rules of layer 7. */
function checkLooksOnly(rules: unknown, direction: Direction, where: string): void {
  const ports = ((rules ?? []) as CiliumEgressRule[]).flatMap(({ toPorts }) => toPorts ?? []);
  const limited = ports.some(({ http, kafka, dns }) => http?.some(match => Object.keys(match).length > 0) || kafka !== undefined
    || (dns !== undefined && !dns.some(({ matchPattern }) => matchPattern === '*')));
  if (limited) {
    throw wrong(where, `Cilium lets every request pass where ${direction} is not closed by the policy, whatever its conditions; leave enableDefaultDeny out, or the conditions`);
  }
}

function writeDefaultDeny(stated: CiliumDefaultDeny, lists: Readonly<Record<string, unknown>>, where: string): Json {
  for (const direction of DIRECTIONS) {
    if (stated[direction] === false) { checkLooksOnly(lists[direction], direction, `${where}.${direction}`); }
    if (stated[direction] === true && lists[direction] === undefined && lists[`${direction}Deny`] === undefined) {
      throw wrong(`${where}.${direction}`, `Cilium ignores it without a rule in that direction, and the direction would stay open; state ${direction}: [{}]`);
    }
  }
  return { ...stated };
}
