import {
  ALL_PORTS, complementRanges, IcmpType, inRanges, mergeRanges, PortSet, PROTOCOL_NUMBERS, ProtocolName, Range, TrafficBox,
} from '../../model/traffic';
import { DocumentReader, Fields } from '../document-reader';

/** The ports of one end of a rule, as they are written. */
interface Ports {
  readonly path: string;
  readonly ports?: PortList;
  readonly notPorts?: PortList;
}

interface PortList {
  readonly ranges: readonly Range[];
  readonly names: readonly string[];
}

const EVERY_PROTOCOL: Range = [0, 255];
const PORT_PROTOCOLS: readonly number[] = [PROTOCOL_NUMBERS.TCP, PROTOCOL_NUMBERS.UDP, PROTOCOL_NUMBERS.SCTP];

/** What a rule says of traffic, as boxes. `ipVersion` is what the rule states or its nets imply. */
export function readTraffic(
  reader: DocumentReader, rule: Fields, source: Fields, destination: Fields, path: string, ipVersion: 4 | 6 | undefined,
): TrafficBox[] {
  const protocol = readProtocol(reader, rule, 'protocol', path);
  const notProtocol = readProtocol(reader, rule, 'notProtocol', path);
  const [from, to] = [readPorts(reader, source, `${path}.source`), readPorts(reader, destination, `${path}.destination`)];
  for (const ports of [from, to]) { checkPorts(reader, ports, protocol, path); }
  const protocols = mergeRanges(protocol === undefined ? [EVERY_PROTOCOL] : [[protocol, protocol]])
    .flatMap(range => (notProtocol === undefined ? [range] : complementWithin(range, notProtocol)));
  const icmp = readIcmpTypes(reader, rule, protocol, path);
  checkFamily(reader, rule, protocol, notProtocol, path);
  return boxesOf(reader, from, to, protocols, protocol).map(box => ({
    ...box,
    ...(icmp ? { icmp } : {}),
    ...(ipVersion === undefined ? {} : { ipVersion }),
  }));
}

const complementWithin = (range: Range, without: number): Range[] =>
  (inRanges([range], without) ? complementRanges([[without, without]], range) : [range]);

function readProtocol(reader: DocumentReader, rule: Fields, key: 'protocol' | 'notProtocol', path: string): number | undefined {
  const value = reader.own(rule, key);
  if (value === undefined) { return undefined; }
  const at = `${path}.${key}`;
  if (typeof value === 'number') { return reader.integer(value, at, 1, 255); }
  const text = reader.string(value, at);
  if (Object.hasOwn(PROTOCOL_NUMBERS, text)) { return PROTOCOL_NUMBERS[text as ProtocolName]; }
  if (/^[1-9]\d{0,2}$/.test(text) && Number(text) <= 255) { return Number(text); }
  const meant = Object.keys(PROTOCOL_NUMBERS).find(name => name.toLowerCase() === text.toLowerCase());
  const known = `use ${Object.keys(PROTOCOL_NUMBERS).join(', ')} or a number from 1 to 255`;
  throw reader.fail(at, `${JSON.stringify(text)} is no protocol; ${meant ? `write ${meant}` : known}`);
}

/** ICMP is IPv4's, ICMPv6 is IPv6's. */
function checkFamily(
  reader: DocumentReader, rule: Fields, protocol: number | undefined, notProtocol: number | undefined, path: string,
): void {
  const ipVersion = reader.own(rule, 'ipVersion');
  for (const number of [protocol, notProtocol]) {
    const family = number === PROTOCOL_NUMBERS.ICMP ? 4 : number === PROTOCOL_NUMBERS.ICMPv6 ? 6 : undefined;
    if (family !== undefined && ipVersion !== undefined && family !== ipVersion) {
      throw reader.fail(path, `${family === 4 ? 'ICMP' : 'ICMPv6'} is of IPv${family} and the rule is of IPv${ipVersion}; use ${family === 4 ? 'ICMPv6' : 'ICMP'}`);
    }
  }
}

function readPorts(reader: DocumentReader, entity: Fields, path: string): Ports {
  const list = (key: 'ports' | 'notPorts'): Partial<Ports> => {
    const items = reader.optionalList(reader.own(entity, key), `${path}.${key}`) ?? [];
    if (items.length === 0) { return {}; }
    const ports = items.map((item, i) => readPort(reader, item, `${path}.${key}[${i}]`));
    return { [key]: { ranges: mergeRanges(ports.filter(port => typeof port !== 'string')), names: ports.filter(port => typeof port === 'string') } };
  };
  return { path, ...list('ports'), ...list('notPorts') };
}

function readPort(reader: DocumentReader, value: unknown, path: string): Range | string {
  if (typeof value === 'number') {
    const port = reader.integer(value, path, 1, 65535);
    return [port, port];
  }
  const text = reader.string(value, path);
  if (/^\d+$/.test(text)) { return readPort(reader, Number(text), path); }
  const range = /^(\d+):(\d+)$/.exec(text);
  if (range) {
    const first = reader.integer(Number(range[1]), path, 1, 65535);
    return [first, reader.integer(Number(range[2]), path, first, 65535)];
  }
  const dashed = /^(\d+)-(\d+)$/.exec(text);
  if (dashed) { throw reader.fail(path, `${JSON.stringify(text)} is the name of a port, not a range; for a range write "${dashed[1]}:${dashed[2]}"`); }
  if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(text)) { throw reader.fail(path, `${JSON.stringify(text)} is no port; write a number, a range such as "8000:8080" or a name`); }
  return text;
}

function checkPorts(reader: DocumentReader, { path, ports, notPorts }: Ports, protocol: number | undefined, rule: string): void {
  if (!ports && !notPorts) { return; }
  if (protocol === undefined && [ports, notPorts].some(list => list && list.ranges.length > 0)) {
    throw reader.fail(path, 'ports that are numbers need a protocol; add protocol: TCP, UDP or SCTP to the rule');
  }
  if (protocol !== undefined && !PORT_PROTOCOLS.includes(protocol)) { throw reader.fail(`${rule}.protocol`, 'a rule with ports must be of TCP, UDP or SCTP'); }
}

function remaining(ports: PortList | undefined, notPorts: PortList | undefined): Range[] {
  const left = complementRanges(notPorts?.ranges ?? [], ALL_PORTS);
  return (ports?.ranges ?? [ALL_PORTS]).flatMap(([first, last]) => left
    .map(([low, high]): Range => [Math.max(first, low), Math.min(last, high)])
    .filter(([low, high]) => low <= high));
}

function portSet(reader: DocumentReader, { path, ports, notPorts }: Ports): PortSet | undefined {
  if (!ports && !notPorts) { return undefined; }
  const [names, exceptNames] = [ports?.names ?? [], notPorts?.names ?? []];
  if (names.length > 0 && notPorts) { throw reader.fail(path, 'port names together with notPorts are not evaluated yet; state the ports as numbers'); }
  return { ranges: remaining(ports, notPorts), names, ...(exceptNames.length > 0 ? { exceptNames } : {}) };
}

function boxesOf(reader: DocumentReader, from: Ports, to: Ports, protocols: Range[], protocol: number | undefined): TrafficBox[] {
  const [sourcePorts, destinationPorts] = [portSet(reader, from), portSet(reader, to)];
  const ports = { ...(sourcePorts ? { sourcePorts } : {}), ...(destinationPorts ? { destinationPorts } : {}) };
  if (protocol !== undefined || (!sourcePorts && !destinationPorts)) { return [{ protocols, ...ports }]; }
  // Without a protocol there are only names, and Calico looks them up among the TCP ports.
  const named = protocols.some(range => inRanges([range], TCP[0])) ? [{ protocols: [TCP], ...ports }] : [];
  return from.ports || to.ports ? named : [...named, { protocols: protocols.flatMap(range => complementWithin(range, TCP[0])) }];
}

const TCP: Range = [PROTOCOL_NUMBERS.TCP, PROTOCOL_NUMBERS.TCP];

/** Undefined: every type. */
function readIcmpTypes(reader: DocumentReader, rule: Fields, protocol: number | undefined, path: string): IcmpType[] | undefined {
  const [icmp, notIcmp] = [readIcmp(reader, rule, 'icmp', path), readIcmp(reader, rule, 'notICMP', path)];
  if (!icmp && !notIcmp) { return undefined; }
  if (protocol !== PROTOCOL_NUMBERS.ICMP && protocol !== PROTOCOL_NUMBERS.ICMPv6) {
    throw reader.fail(`${path}.${icmp ? 'icmp' : 'notICMP'}`, 'needs protocol: ICMP or ICMPv6');
  }
  if (icmp && notIcmp) { throw reader.fail(`${path}.notICMP`, 'icmp together with notICMP is not evaluated yet; state the types that are meant'); }
  if (icmp) { return icmp.type === undefined ? undefined : [{ type: icmp.type, ...(icmp.code === undefined ? {} : { code: icmp.code }) }]; }
  if (notIcmp!.type === undefined) { return undefined; }
  const types = upTo255.filter(type => type !== notIcmp!.type).map((type): IcmpType => ({ type }));
  if (notIcmp!.code === undefined) { return types; }
  return [...types, ...upTo255.filter(code => code !== notIcmp!.code).map(code => ({ type: notIcmp!.type!, code }))];
}

const upTo255 = Array.from({ length: 256 }, (_, i) => i);

function readIcmp(reader: DocumentReader, rule: Fields, key: 'icmp' | 'notICMP', path: string): { type?: number; code?: number } | undefined {
  const value = reader.own(rule, key);
  if (value === undefined) { return undefined; }
  const at = `${path}.${key}`;
  const fields = reader.object(value, at);
  reader.only(fields, at, ['type', 'code']);
  const [type, code] = [reader.own(fields, 'type'), reader.own(fields, 'code')];
  if (type === undefined) {
    if (code !== undefined) { throw reader.fail(`${at}.code`, 'a code needs a type'); }
    return {};
  }
  return { type: reader.integer(type, `${at}.type`, 0, 254), ...(code === undefined ? {} : { code: reader.integer(code, `${at}.code`, 0, 255) }) };
}
