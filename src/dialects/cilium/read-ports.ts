import { readServerNames } from './names';
import { EVERY_PORT_PROTOCOL, EXTENDED_PROTOCOLS, hasPorts, knownProtocols, PORT_OPTIONAL_SINCE, PORT_PROTOCOLS } from './protocols';
import { L7Place, readRules } from './read-l7';
import { Reading } from './reading';
import { readPortEffects } from './tls';
import { portNameProblem } from '../../model/labels';
import { ALL_PORTS, L7, PROTOCOL_NUMBERS, TrafficBox } from '../../model/traffic';

/** toPorts: ports with their protocol, and what is asked of what travels on them. */

/** In one entry of toPorts. */
export const MOST_PORTS = 40;
/** Every port of the protocol. */
export const ANY_PORT = '0';

interface PortPlace extends L7Place {
  readonly denies: boolean;
}

export interface PortEntry {
  /** None where the entry has no port: it matches nothing. */
  readonly boxes: readonly TrafficBox[];
  readonly effects: Record<string, unknown>;
}

const HINTS = {
  port: 'ports stand in a list: toPorts: [{ ports: [{ port: "80", protocol: TCP }] }]; what is left without it matches nothing',
  protocol: 'it belongs to an entry of ports',
  endPort: 'it belongs to an entry of ports',
  http: 'it stands under rules',
  dns: 'it stands under rules',
};

export function readPortEntry(reading: Reading, raw: unknown, path: string, place: PortPlace): PortEntry {
  const fields = reading.object(raw, path, place.denies ? ['ports'] : ['ports', 'rules', 'terminatingTLS', 'originatingTLS', 'serverNames', 'listener'], HINTS);
  const ports = reading.list(fields, 'ports', path) ?? [];
  if (ports.length > MOST_PORTS) {
    const [at, problem] = [`${path}.ports`, `at most ${MOST_PORTS} ports, got ${ports.length}; write several entries of toPorts`] as const;
    throw place.denies ? reading.notEnforced(at, problem) : reading.refused(at, problem);
  }
  const effects = readPortEffects(reading, fields, path, place.direction);
  const [rules, names] = [reading.own(fields, 'rules'), reading.own(fields, 'serverNames')];
  const serverNames = names === undefined ? undefined : readServerNames(reading, names, `${path}.serverNames`);
  const l7 = rules === undefined ? undefined : readRules(reading, rules, `${path}.rules`, place);
  if (l7 !== undefined) { checkCompany(reading, path, ports.length, l7, effects, serverNames); }
  const boxes = ports.map((port, i) => readPort(reading, port, `${path}.ports[${i}]`, l7));
  return {
    boxes: boxes.map(box => ({ ...box, ...(l7 === undefined ? {} : { l7 }), ...(serverNames ? { serverNames } : {}) })),
    effects,
  };
}

type Effects = Readonly<Record<string, unknown>>;

function checkCompany(reading: Reading, path: string, ports: number, l7: L7, effects: Effects, serverNames: readonly string[] | undefined): void {
  const { terminatingTLS, listener } = effects;
  if (isDns(l7) && ports === 0) { throw reading.notEnforced(`${path}.rules.dns`, 'DNS rules need ports, such as 53'); }
  if (serverNames && terminatingTLS === undefined) {
    throw reading.notEnforced(`${path}.serverNames`, 'server names beside layer 7 rules need terminatingTLS: without it requests are encrypted');
  }
  if (listener !== undefined) { throw reading.notEnforced(`${path}.listener`, 'a listener and layer 7 rules may not stand together'); }
}

const isDns = (l7: L7 | undefined): boolean => l7 !== undefined && 'dns' in l7;

function readPort(reading: Reading, raw: unknown, path: string, l7: L7 | undefined): TrafficBox {
  const fields = reading.object(raw, path, ['port', 'endPort', 'protocol']);
  const protocol = readProtocol(reading, reading.own(fields, 'protocol') ?? 'ANY', `${path}.protocol`, l7);
  const text = readPortText(reading, reading.own(fields, 'port'), path);
  const end = reading.own(fields, 'endPort');
  const last = end === undefined ? 0 : reading.reader.integer(end, `${path}.endPort`, 0, ALL_PORTS[1]);
  if (!hasPorts(protocol) && protocol !== 'ANY') {
    if (text !== ANY_PORT) { throw reading.notEnforced(`${path}.port`, `${protocol} has no ports; leave port out, or write "0"`); }
    const { number } = EXTENDED_PROTOCOLS[protocol];
    return { protocols: [[number, number]] };
  }
  const protocols = protocol === 'ANY' ? EVERY_PORT_PROTOCOL : EVERY_PORT_PROTOCOL.filter((_, i) => PORT_PROTOCOLS[i] === protocol);
  // Beside a name Cilium ignores endPort, and one that is not above port is as if it were absent.
  if (!/^\d+$/.test(text)) { return { protocols, destinationPorts: { ranges: [], names: [readPortName(reading, text, `${path}.port`)] } }; }
  return { protocols, ...readNumbers(reading, text, last, path, l7) };
}

function readProtocol(reading: Reading, raw: unknown, path: string, l7: L7 | undefined): string {
  const text = reading.reader.string(raw, path);
  const known = knownProtocols(reading.version);
  if (!known.includes(text)) {
    const upper = text.toUpperCase();
    const hint = known.includes(upper) ? `; write ${upper}`
      : upper === 'ICMP' || upper === 'ICMPV6' ? '; ICMP stands in icmps, in an item of its own'
        : Object.hasOwn(EXTENDED_PROTOCOLS, upper) ? `; ${upper} is known since Cilium ${EXTENDED_PROTOCOLS[upper].since}` : '';
    throw reading.refused(path, `must be one of ${known.join(', ')}, got ${JSON.stringify(text.slice(0, 80))}${hint}`);
  }
  if (isDns(l7)) {
    if (!['TCP', 'UDP', 'ANY'].includes(text)) { throw reading.notEnforced(path, 'DNS rules are for TCP, UDP or ANY'); }
  } else if (l7 !== undefined && text !== 'TCP') {
    throw reading.notEnforced(path, `layer 7 rules are for TCP, which must be stated: protocol: TCP, not ${text}`);
  }
  return text;
}

function readPortText(reading: Reading, raw: unknown, path: string): string {
  if (raw === undefined || raw === '') {
    if (reading.before(PORT_OPTIONAL_SINCE) || raw === '') { throw reading.refused(`${path}.port`, 'a port is needed; "0" is every port of the protocol'); }
    return ANY_PORT;
  }
  if (typeof raw === 'number') { throw reading.refused(`${path}.port`, `must be a string, got ${raw}; quote it: "${raw}"`); }
  return reading.reader.string(raw, `${path}.port`);
}

function readNumbers(reading: Reading, text: string, last: number, path: string, l7: L7 | undefined): Pick<TrafficBox, 'destinationPorts'> {
  if (!/^(0|[1-9]\d{0,4})$/.test(text) || Number(text) > ALL_PORTS[1]) {
    if (/^0[0-7]+$/.test(text)) { throw reading.fail(`${path}.port`, `the agent takes ${text} as an octal number; write ${JSON.stringify(text.replace(/^0+(?=.)/, ''))}`); }
    throw reading.notEnforced(`${path}.port`, `must be a port from 0 to 65535, got ${JSON.stringify(text.slice(0, 80))}`);
  }
  const first = Number(text);
  if (isDns(l7) && last > first) { throw reading.notEnforced(`${path}.endPort`, 'DNS rules do not support port ranges'); }
  if (first > 0) { return { destinationPorts: { ranges: [[first, Math.max(first, last)]], names: [] } }; }
  if (l7 !== undefined) { throw reading.notEnforced(`${path}.port`, `${isDns(l7) ? 'DNS' : 'layer 7'} rules need a port, not "0"`); }
  if (last > 0) { throw reading.fail(`${path}.endPort`, 'a range that begins at "0", which is every port, is not evaluated; begin at "1"'); }
  return {};
}

function readPortName(reading: Reading, text: string, path: string): string {
  const name = text.toLowerCase();
  const problem = portNameProblem(name);
  if (problem) { throw reading.notEnforced(path, problem); }
  return name;
}

/** Those who have no protocol that has ports at all. */
export const isTcp = ({ protocols }: TrafficBox): boolean =>
  protocols.length > 0 && protocols.every(([first, last]) => first === PROTOCOL_NUMBERS.TCP && last === first);
