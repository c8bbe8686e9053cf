import { Policy, Rule } from '../../model/policy-set';
import { ALL_PORTS, isAllTraffic, PortSet, Range, TrafficBox } from '../../model/traffic';
import { distinct, Target } from '../dialect';
import { Feature, refuse as refuseIn } from '../refusals';
import { icmpFields, inEntries } from './icmp';
import { writeServerNames } from './names';
import { hasPorts, PORT_PROTOCOLS, protocolName } from './protocols';
import { ANY_PORT, isTcp, MOST_PORTS } from './read-ports';
import { writePortEffects } from './tls';
import { writeL7 } from './write-l7';

const refuse = (feature: Feature, statement: string, detail?: string) => refuseIn('cilium', feature, statement, detail);

type Json = Record<string, unknown>;

/** What is written beside the peers of an item; ports and messages of ICMP may not stand in one. */
type ItemTraffic = { readonly toPorts: readonly Json[] } | { readonly icmps: readonly Json[] } | Record<string, never>;

interface Entry {
  readonly ports: Json[];
  readonly conditions: Json;
}

/** One for each item that is needed; none: no traffic. */
export function writeTraffic(policy: Policy, rule: Rule, target: Target, statement: string): ItemTraffic[] {
  const effects = writePortEffects(policy, rule, statement);
  const { traffic } = rule.match;
  if (isAllTraffic(traffic)) {
    if (Object.keys(effects).length > 0) { throw refuse('listener' in effects ? 'listener' : 'tls', statement, 'all traffic'); }
    return [{}];
  }
  const entries = new Map<string, Entry>();
  const messages: Json[] = [];
  for (const box of traffic) {
    const fields = icmpFields(box, statement);
    if (fields) {
      messages.push(...fields);
      continue;
    }
    const conditions = writeConditions(box, policy, rule, effects, target, statement);
    if (!conditions) { continue; }
    const key = JSON.stringify(conditions);
    const entry: Entry = entries.get(key) ?? { ports: [], conditions };
    entries.set(key, entry);
    entry.ports.push(...writeBox(box, target, statement));
  }
  if (messages.length > 0 && Object.keys(effects).length > 0) { throw refuse('listener' in effects ? 'listener' : 'tls', statement, 'ICMP'); }
  const toPorts = [...entries.values()].flatMap(({ ports, conditions }) => inChunks(distinct(ports)).map(chunk => ({ ports: chunk, ...conditions })));
  return [
    ...(toPorts.length > 0 ? [{ toPorts }] : []),
    ...(messages.length > 0 ? [{ icmps: inEntries(distinct(messages)) }] : []),
  ];
}

/** Layer 7 rules, server names and effects of one box; undefined where nothing can meet them. */
function writeConditions(box: TrafficBox, policy: Policy, rule: Rule, effects: Json, target: Target, statement: string): Json | undefined {
  const rules = box.l7 && writeL7(box.l7, { policy, rule, target, statement });
  if (rules === 'nothing') { return undefined; }
  const { serverNames } = box;
  if (serverNames) {
    if (rule.action !== 'allow') { throw refuse('server-name', statement, 'a deny rule has no server names'); }
    if (!isTcp(box)) { throw refuse('server-name', statement, 'server names are of TCP'); }
    if (rules && effects.terminatingTLS === undefined) { throw refuse('server-name', statement, 'beside layer 7 rules they need terminatingTLS'); }
  }
  if (rules && effects.listener !== undefined) { throw refuse('listener', statement, 'a listener beside layer 7 rules'); }
  return {
    ...(rules ? { rules } : {}),
    ...(serverNames ? { serverNames: writeServerNames(serverNames, target, statement) } : {}),
    ...effects,
  };
}

function writeBox(box: TrafficBox, target: Target, statement: string): Json[] {
  if (box.sourcePorts) { throw refuse('source-port', statement); }
  const protocols = protocolsOf(box, target, statement);
  const single = box.l7 !== undefined && 'dns' in box.l7;
  // Layer 7 rules take no "0", which is every port, and those of DNS no range either.
  const ports = writePortSet(box.destinationPorts, box.l7 !== undefined, statement);
  if (single && ports.some(({ endPort }) => endPort !== undefined)) { throw refuse('l7', statement, 'a DNS rule needs single ports'); }
  const withPorts = protocols.filter(hasPorts);
  // Also for clusters that have SCTP switched off, where naming it would be an error.
  const written = PORT_PROTOCOLS.every(protocol => withPorts.includes(protocol)) ? ['ANY'] : withPorts;
  const extended = protocols.filter(protocol => !hasPorts(protocol));
  if (extended.length > 0 && box.destinationPorts) { throw refuse('protocol', statement, `${extended.join(', ')} with ports`); }
  return [...written.flatMap(protocol => ports.map(port => ({ ...port, protocol }))), ...extended.map(protocol => ({ port: ANY_PORT, protocol }))];
}

function protocolsOf(box: TrafficBox, target: Target, statement: string): readonly string[] {
  const names = box.protocols.flatMap(([first, last]): (string | undefined)[] => (
    last - first > 255 ? [undefined] : Array.from({ length: last - first + 1 }, (_, i) => protocolName(first + i, target))));
  if (box.icmp || box.ipVersion || names.includes(undefined)) {
    const all = box.protocols.some(([first, last]) => first <= 0 && last >= 255);
    throw refuse('protocol', statement, all ? 'ports of every protocol' : box.protocols.map(range => range.join('-')).join(', '));
  }
  return [...new Set(names as string[])];
}

function writePortSet(ports: PortSet | undefined, l7: boolean, statement: string): Json[] {
  if (!ports) { return l7 ? [{ port: '1', endPort: ALL_PORTS[1] }] : [{ port: ANY_PORT }]; }
  if (ports.exceptNames) { throw refuse('negated-peer', statement, `all ports except ${ports.exceptNames.join(', ')}`); }
  // Nothing travels on port 0, and for Cilium it is every port.
  const ranges = ports.ranges.map(([first, last]): Range => [Math.max(first, 1), last]).filter(([first, last]) => first <= last);
  const numbers = ranges.map(([first, last]): Json => {
    if (first === 1 && last === ALL_PORTS[1] && !l7) { return { port: ANY_PORT }; }
    return first === last ? { port: String(first) } : { port: String(first), endPort: last };
  });
  return [...numbers, ...ports.names.map(name => ({ port: name }))];
}

function inChunks<T>(items: readonly T[]): T[][] {
  const chunks: T[][] = [];
  for (let i = 0; i < items.length; i += MOST_PORTS) { chunks.push(items.slice(i, i + MOST_PORTS)); }
  return chunks;
}
