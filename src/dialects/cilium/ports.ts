import { portNameProblem } from '../../model/labels';
import { Policy, Rule } from '../../model/policy-set';
import { ALL_PORTS, coversEveryProtocol, isAllTraffic, L7, PortSet, portProtocols, PROTOCOL_NUMBERS, Range, TrafficBox } from '../../model/traffic';
import { distinct, Target } from '../dialect';
import { DocumentReader } from '../document-reader';
import { Feature, refuse as refuseIn } from '../refusals';
import { readName, writeName } from './names';

/** toPorts: ports with their protocol, and the DNS rules of these ports. */

const refuse = (feature: Feature, statement: string, detail?: string) => refuseIn('cilium', feature, statement, detail);

type Json = Record<string, unknown>;

/** In one entry of toPorts. */
const MOST_PORTS = 40;
const ANY_PORT = '0';
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
/** Not ICMP. */
const EVERY_PORT_PROTOCOL: readonly Range[] = PROTOCOLS.map((name): Range => [PROTOCOL_NUMBERS[name], PROTOCOL_NUMBERS[name]]);
/** Protocols without ports, off unless the agent is told otherwise. */
const EXTENDED = ['VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH'] as const;

interface Entry {
  readonly ports: Json[];
  readonly rules?: Json;
}

/** Undefined: all traffic. Empty: none. */
export function writePorts(policy: Policy, rule: Rule, target: Target, statement: string): Json[] | undefined {
  const { traffic } = rule.match;
  if (isAllTraffic(traffic)) { return undefined; }
  const entries = new Map<string, Entry>();
  for (const box of traffic) {
    const rules = box.l7 && { dns: dnsNames(box.l7, policy, rule, statement).map(name => writeName(name, target, statement)) };
    const key = JSON.stringify(rules ?? null);
    const entry: Entry = entries.get(key) ?? { ports: [], ...(rules ? { rules } : {}) };
    entries.set(key, entry);
    entry.ports.push(...writeBox(box, statement));
  }
  return [...entries.values()].flatMap(({ ports, ...rules }) => inChunks(distinct(ports)).map(chunk => ({ ports: chunk, ...rules })));
}

function dnsNames(l7: L7, policy: Policy, rule: Rule, statement: string): readonly string[] {
  if (!('dns' in l7)) { throw refuse('l7', statement, Object.keys(l7)[0]); }
  if (policy.direction === 'ingress') { throw refuse('l7', statement, 'DNS rules are for egress only'); }
  if (rule.action === 'deny') { throw refuse('l7', statement, 'a deny rule has no DNS rules'); }
  if (l7.dns.length === 0) { throw refuse('l7', statement, 'a DNS rule without a name'); }
  return [...new Set(l7.dns)];
}

function writeBox(box: TrafficBox, statement: string): Json[] {
  if (box.sourcePorts) { throw refuse('source-port', statement); }
  const protocols = portProtocols(box);
  if (!protocols || box.icmp || box.ipVersion) {
    throw refuse('protocol', statement, coversEveryProtocol(box) ? 'ports of every protocol' : box.protocols.map(range => range.join('-')).join(', '));
  }
  const ports = writePortSet(box.destinationPorts, statement);
  if (box.l7) {
    if (ports.some(({ port, endPort }) => port === ANY_PORT || endPort !== undefined)) { throw refuse('l7', statement, 'a DNS rule needs single ports'); }
    if (protocols.every(protocol => protocol === 'SCTP')) { throw refuse('l7', statement, 'DNS over SCTP'); }
  }
  // Also for clusters that have SCTP switched off, where naming it would be an error.
  const written = PROTOCOLS.every(protocol => protocols.includes(protocol)) ? ['ANY'] : [...new Set(protocols)];
  return written.flatMap(protocol => ports.map(port => ({ ...port, protocol })));
}

function writePortSet(ports: PortSet | undefined, statement: string): Json[] {
  if (!ports) { return [{ port: ANY_PORT }]; }
  if (ports.exceptNames) { throw refuse('negated-peer', statement, `all ports except ${ports.exceptNames.join(', ')}`); }
  // Nothing travels on port 0, and for Cilium it is every port.
  const ranges = ports.ranges.map(([first, last]): Range => [Math.max(first, 1), last]).filter(([first, last]) => first <= last);
  const numbers = ranges.map(([first, last]): Json => {
    if (first === 1 && last === ALL_PORTS[1]) { return { port: ANY_PORT }; }
    return first === last ? { port: String(first) } : { port: String(first), endPort: last };
  });
  return [...numbers, ...ports.names.map(name => ({ port: name }))];
}

function inChunks<T>(items: readonly T[]): T[][] {
  const chunks: T[][] = [];
  for (let i = 0; i < items.length; i += MOST_PORTS) { chunks.push(items.slice(i, i + MOST_PORTS)); }
  return chunks;
}

/** One entry of toPorts; without a port it matches nothing. */
export function readPorts(reader: DocumentReader, raw: unknown, path: string, list: 'ingress' | 'ingressDeny' | 'egress' | 'egressDeny'): TrafficBox[] {
  const fields = reader.object(raw, path);
  const denies = list === 'ingressDeny' || list === 'egressDeny';
  reader.only(fields, path, denies ? ['ports'] : ['ports', 'rules', 'terminatingTLS', 'originatingTLS', 'serverNames', 'listener']);
  for (const later of ['terminatingTLS', 'originatingTLS', 'serverNames', 'listener']) {
    if (reader.own(fields, later) !== undefined) { throw reader.fail(`${path}.${later}`, 'this is not evaluated yet'); }
  }
  const ports = reader.optionalList(reader.own(fields, 'ports'), `${path}.ports`) ?? [];
  if (ports.length > MOST_PORTS) { throw reader.fail(`${path}.ports`, `at most ${MOST_PORTS} ports, got ${ports.length}`); }
  const rules = reader.own(fields, 'rules');
  const dns = rules === undefined ? undefined : readDns(reader, rules, `${path}.rules`);
  if (dns && list !== 'egress') { throw reader.fail(`${path}.rules.dns`, 'DNS rules are for egress only'); }
  if (dns && ports.length === 0) { throw reader.fail(`${path}.rules.dns`, 'DNS rules need ports'); }
  return ports.map((port, i): TrafficBox => {
    const box = readPort(reader, port, `${path}.ports[${i}]`, dns !== undefined);
    return dns ? { ...box, l7: { dns } } : box;
  });
}

function readDns(reader: DocumentReader, raw: unknown, path: string): string[] {
  const fields = reader.object(raw, path);
  reader.only(fields, path, ['http', 'dns', 'kafka', 'l7proto', 'l7']);
  for (const other of ['http', 'kafka', 'l7proto', 'l7']) {
    if (reader.own(fields, other) !== undefined) { throw reader.fail(`${path}.${other}`, 'this is not evaluated yet'); }
  }
  const names = reader.own(fields, 'dns');
  if (names === undefined) { throw reader.fail(path, 'exactly one of http and dns is needed'); }
  const read = reader.list(names, `${path}.dns`).map((name, i) => readName(reader, name, `${path}.dns[${i}]`));
  if (read.length === 0) { throw reader.fail(`${path}.dns`, 'a list without a name is not evaluated'); }
  return read;
}

function readPort(reader: DocumentReader, raw: unknown, path: string, dns: boolean): TrafficBox {
  const fields = reader.object(raw, path);
  reader.only(fields, path, ['port', 'endPort', 'protocol']);
  const protocol = reader.oneOf(reader.own(fields, 'protocol') ?? 'ANY', `${path}.protocol`, ['ANY', ...PROTOCOLS, ...EXTENDED]);
  if (EXTENDED.some(other => other === protocol)) { throw reader.fail(`${path}.protocol`, `${protocol} is not evaluated yet`); }
  const protocols = protocol === 'ANY' ? EVERY_PORT_PROTOCOL : EVERY_PORT_PROTOCOL.filter((_, i) => PROTOCOLS[i] === protocol);
  if (dns && protocol === 'SCTP') { throw reader.fail(`${path}.protocol`, 'DNS rules are for TCP, UDP or ANY'); }
  const given = reader.own(fields, 'port');
  if (given === undefined) { throw reader.fail(`${path}.port`, 'a port is needed; "0" is every port of the protocol'); }
  const text = reader.string(given, `${path}.port`);
  const end = reader.own(fields, 'endPort');
  const last = end === undefined ? 0 : reader.integer(end, `${path}.endPort`, 0, 65535);
  if (dns && last > 0) { throw reader.fail(`${path}.endPort`, 'DNS rules do not support port ranges'); }
  // Beside a name Cilium ignores endPort, and one that is not above port is as if it were absent.
  if (!/^\d+$/.test(text)) { return { protocols, destinationPorts: { ranges: [], names: [readPortName(reader, text, `${path}.port`)] } }; }
  if (!/^(0|[1-9]\d{0,4})$/.test(text) || Number(text) > ALL_PORTS[1]) { throw reader.fail(`${path}.port`, `must be a port from 0 to 65535, got ${JSON.stringify(text)}`); }
  const first = Number(text);
  if (first > 0) { return { protocols, destinationPorts: { ranges: [[first, Math.max(first, last)]], names: [] } }; }
  if (dns) { throw reader.fail(`${path}.port`, 'DNS rules need a port, not "0"'); }
  if (last > 0) { throw reader.fail(`${path}.endPort`, 'a range that begins at "0", which is every port, is not evaluated'); }
  return { protocols };
}

function readPortName(reader: DocumentReader, text: string, path: string): string {
  const name = text.toLowerCase();
  const problem = portNameProblem(name);
  if (problem) { throw reader.fail(path, problem); }
  return name;
}
