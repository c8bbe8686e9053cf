import { Refuse } from './expr-selector';
import { MOST_PORTS } from './version';
import { RulePlace, WrittenBox, writeHttp } from './write-http';
import { ALL_PORTS, complementRanges, coversEveryProtocol, IcmpType, mergeRanges, PortSet, PROTOCOL_NUMBERS, Range, TrafficBox } from '../../model/traffic';

type Json = Record<string, unknown>;

/** The parts of a rule that speak of traffic. */
export interface TrafficFields {
  readonly ipVersion?: 4 | 6;
  /** protocol or notProtocol, icmp or notICMP. */
  readonly protocol: Json;
  /** ports and notPorts of each end. */
  readonly sourcePorts: Json;
  readonly destinationPorts: Json;
  /** `http`, where requests are asked about. */
  readonly http: Json;
}

const EVERY_PROTOCOL: Range = [0, 255];
/** More rules than this from one box would be unreadable. */
const MOST_PROTOCOLS = 64;

/** A box as rules: one for each protocol, ICMP type and kind of request, and for each 50 ports. */
export function writeTraffic(box: WrittenBox, place: RulePlace, refuse: Refuse): TrafficFields[] {
  const requests = writeHttp(box, place, refuse);
  const [sources, destinations] = [writePorts(box.sourcePorts, refuse), writePorts(box.destinationPorts, refuse)];
  const hasPorts = [...sources, ...destinations].some(ports => Object.keys(ports).length > 0);
  const written: TrafficFields[] = [];
  for (const protocol of writeProtocols(box, hasPorts, refuse)) {
    for (const sourcePorts of sources) {
      for (const destinationPorts of destinations) {
        for (const http of requests) {
          written.push({ protocol, sourcePorts, destinationPorts, http, ...(box.ipVersion === undefined ? {} : { ipVersion: box.ipVersion }) });
        }
      }
    }
  }
  return written;
}

/** Only IPv4 has ICMP, and only IPv6 has ICMPv6. */
export function familyOfProtocol({ protocol: { protocol } }: TrafficFields): 4 | 6 | undefined {
  return protocol === 'ICMP' ? 4 : protocol === 'ICMPv6' ? 6 : undefined;
}

function writeProtocols(box: TrafficBox, hasPorts: boolean, refuse: Refuse): Json[] {
  if (coversEveryProtocol(box)) {
    if (hasPorts) { return refuse('protocol', 'ports of every protocol'); }
    return box.icmp ? refuse('protocol', 'ICMP types of every protocol') : [{}];
  }
  const absent = complementRanges(box.protocols, EVERY_PROTOCOL);
  const [only, until] = absent[0] ?? [0, 0];
  if (absent.length === 1 && only === until && only > 0 && !hasPorts && !box.icmp) { return [{ notProtocol: nameOf(only) }]; }
  const numbers = mergeRanges(box.protocols).flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
  if (numbers.length > MOST_PROTOCOLS || numbers.includes(0)) { return refuse('protocol', box.protocols.map(range => range.join('-')).join(', ')); }
  return numbers.flatMap(number => {
    if (hasPorts && !PORT_PROTOCOLS.includes(number)) { return refuse('protocol', `ports of protocol ${nameOf(number)}`); }
    if (!box.icmp) { return [{ protocol: nameOf(number) }]; }
    if (number !== PROTOCOL_NUMBERS.ICMP && number !== PROTOCOL_NUMBERS.ICMPv6) { return refuse('protocol', `ICMP types of protocol ${nameOf(number)}`); }
    return writeIcmp(box.icmp, refuse).map(icmp => ({ protocol: nameOf(number), ...icmp }));
  });
}

const PORT_PROTOCOLS: readonly number[] = [PROTOCOL_NUMBERS.TCP, PROTOCOL_NUMBERS.UDP, PROTOCOL_NUMBERS.SCTP];

const nameOf = (number: number): string | number => Object.entries(PROTOCOL_NUMBERS).find(([, known]) => known === number)?.[0] ?? number;

/** One rule for each type; all types but one are said as that one's negation. */
function writeIcmp(types: readonly IcmpType[], refuse: Refuse): Json[] {
  const whole = new Set(types.filter(({ code }) => code === undefined).map(({ type }) => type));
  const missing = Array.from({ length: 256 }, (_, type) => type).filter(type => !whole.has(type));
  if (missing.length === 0) { return [{}]; }
  if (missing.length === 1) {
    const codes = new Set(types.filter(({ type, code }) => type === missing[0] && code !== undefined).map(({ code }) => code));
    const missingCodes = Array.from({ length: 256 }, (_, code) => code).filter(code => !codes.has(code));
    if (codes.size === 0) { return [{ notICMP: { type: missing[0] } }]; }
    if (missingCodes.length === 1) { return [{ notICMP: { type: missing[0], code: missingCodes[0] } }]; }
  }
  return types.map(({ type, code }) => {
    if (type > 254) { return refuse('protocol', `ICMP type ${type}`); }
    return { icmp: { type, ...(code === undefined ? {} : { code }) } };
  });
}

/** Alternatives, each of which is at most 50 entries long; `{}` is every port. */
function writePorts(ports: PortSet | undefined, refuse: Refuse): Json[] {
  if (!ports) { return [{}]; }
  const ranges = mergeRanges(ports.ranges);
  const exceptNames = [...new Set(ports.exceptNames ?? [])].sort();
  const numbers = writeRanges(ranges, exceptNames, refuse);
  const names = [...new Set(ports.names)].sort();
  if (numbers.some(fields => !('ports' in fields)) || exceptNames.length > 0) { return [...numbers, ...chunks(names).map(list => ({ ports: list }))]; }
  return chunks([...ranges.map(writeRange), ...names]).map(list => ({ ports: list }));
}

function writeRanges(ranges: readonly Range[], exceptNames: readonly string[], refuse: Refuse): Json[] {
  if (ranges.length === 0) { return []; }
  // Port 0 cannot be said, but it can be left out of what is not meant.
  const negated = ranges[0][0] === ALL_PORTS[0];
  const notPorts = [...(negated ? complementRanges(ranges, ALL_PORTS).map(writeRange) : []), ...exceptNames];
  if (notPorts.length > MOST_PORTS) { return refuse('negated-peer', `all ports except ${notPorts.length} others`); }
  const rest = notPorts.length > 0 ? { notPorts } : {};
  return negated ? [rest] : chunks(ranges.map(writeRange)).map(list => ({ ports: list, ...rest }));
}

const writeRange = ([first, last]: Range): number | string => (first === last ? first : `${first}:${last}`);

function chunks<T>(items: readonly T[]): T[][] {
  const lists: T[][] = [];
  for (let i = 0; i < items.length; i += MOST_PORTS) { lists.push(items.slice(i, i + MOST_PORTS)); }
  return lists;
}
