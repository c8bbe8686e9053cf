import { HttpMatch } from '../../model/http';
import { DocumentReader, Fields } from '../document-reader';
import { RuleContext } from './read-context';
import { readIcmpTypes } from './read-icmp';
import { boxesOf, readPorts } from './read-ports';
import { complementRanges, inRanges, PROTOCOL_NUMBERS, ProtocolName, Range, TrafficBox } from '../../model/traffic';

const EVERY_PROTOCOL: Range = [0, 255];
const TCP: Range = [PROTOCOL_NUMBERS.TCP, PROTOCOL_NUMBERS.TCP];

/** What a rule says of traffic, as boxes. `ipVersion` is what the rule states or its nets imply. */
export function readTraffic(
  context: RuleContext, rule: Fields, source: Fields, destination: Fields, path: string, ipVersion: 4 | 6 | undefined, http: HttpMatch | undefined,
): TrafficBox[] {
  const { reader } = context;
  const protocol = readProtocol(reader, rule, 'protocol', path);
  const notProtocol = readProtocol(reader, rule, 'notProtocol', path);
  const from = readPorts(context, source, `${path}.source`, protocol);
  const to = readPorts(context, destination, `${path}.destination`, protocol);
  const stated: Range = protocol === undefined ? EVERY_PROTOCOL : [protocol, protocol];
  const protocols = notProtocol === undefined ? [stated] : complementWithin(stated, notProtocol);
  const icmp = readIcmpTypes(context, rule, protocol, path);
  checkFamily(reader, rule, protocol, notProtocol, path);
  const boxes = boxesOf(context, from, to, protocols, protocol).map(box => ({
    ...box,
    ...(icmp ? { icmp } : {}),
    ...(ipVersion === undefined ? {} : { ipVersion }),
  }));
  return http ? boxes.flatMap(box => withHttp(box, http)) : boxes;
}

/** Requests travel over TCP; what has another protocol is no request, and passes. */
function withHttp(box: TrafficBox, http: HttpMatch): TrafficBox[] {
  const others = box.protocols.flatMap(range => complementWithin(range, TCP[0]));
  const isTcp = box.protocols.some(range => inRanges([range], TCP[0]));
  return [...(isTcp ? [{ ...box, protocols: [TCP], l7: { http: [http] } }] : []), ...(others.length > 0 ? [{ ...box, protocols: others }] : [])];
}

const complementWithin = (range: Range, without: number): Range[] =>
  (inRanges([range], without) ? complementRanges([[without, without]], range) : [range]);

export function readProtocol(reader: DocumentReader, rule: Fields, key: 'protocol' | 'notProtocol', path: string): number | undefined {
  const value = reader.own(rule, key);
  if (value === undefined) { return undefined; }
  const at = `${path}.${key}`;
  if (typeof value === 'number') { return reader.integer(value, at, 1, 255); }
  const text = reader.string(value, at);
  if (Object.hasOwn(PROTOCOL_NUMBERS, text)) { return PROTOCOL_NUMBERS[text as ProtocolName]; }
  if (/^[1-9]\d{0,2}$/.test(text) && Number(text) <= 255) { return Number(text); }
  throw reader.fail(at, `${JSON.stringify(text)} is no protocol: Calico's validator refuses the policy, and Felix treats it as missing; ${rightProtocol(text)}`);
}

function rightProtocol(text: string): string {
  if (text === 'TLS') { return 'TLS travels over TCP, so write protocol: TCP and the port, such as 443; server names are matched by Calico Enterprise and Cilium only'; }
  const meant = Object.keys(PROTOCOL_NUMBERS).find(name => name.toLowerCase() === text.toLowerCase());
  return meant ? `write ${meant}` : `use ${Object.keys(PROTOCOL_NUMBERS).join(', ')} or a number from 1 to 255`;
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
