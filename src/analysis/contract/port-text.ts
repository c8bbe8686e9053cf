import { portNameProblem } from '../../model/labels';
import { allOfProtocol, namedPort, portRange, ProtocolName, TrafficBox } from '../../model/traffic';

/** A port as a person writes it, such as `8080/tcp`. */
interface PortText {
  /** Such as `TCP 8080`. */
  readonly text: string;
  readonly box: TrafficBox;
}

const PROTOCOLS: ReadonlyMap<string, ProtocolName> = new Map([['tcp', 'TCP'], ['udp', 'UDP'], ['sctp', 'SCTP']]);
const WITHOUT_PORTS: ReadonlyMap<string, ProtocolName> = new Map([['icmp', 'ICMP'], ['icmpv6', 'ICMPv6']]);

const FORMS = 'write it like 8080/tcp, 8000-8100/tcp, http/tcp for a container port by name, or tcp for every port; protocols are tcp, udp and sctp, and icmp and icmpv6 alone';

/**
 * @throws when it is no port
 */
export function parsePortText(text: string): PortText {
  const [port, protocol, ...more] = text.split('/');
  if (protocol === undefined) { return parseProtocol(text); }
  const name = PROTOCOLS.get(protocol);
  if (name === undefined || more.length > 0) { throw unreadable(text); }
  if (!/^\d+(-\d+)?$/.test(port)) { return parseName(text, port, name); }
  const [first, last = first] = port.split('-').map(Number);
  for (const number of [first, last]) {
    if (number < 1 || number > 65535) { throw new Error(`${JSON.stringify(text)}: port ${number} is not a number from 1 to 65535`); }
  }
  if (last < first) { throw new Error(`${JSON.stringify(text)} is reversed; did you mean ${JSON.stringify(`${last}-${first}/${protocol}`)}?`); }
  return { text: `${name} ${first === last ? first : `${first}-${last}`}`, box: portRange(name, first, last) };
}

function parseProtocol(text: string): PortText {
  const name = PROTOCOLS.get(text) ?? WITHOUT_PORTS.get(text);
  if (name === undefined) { throw unreadable(text); }
  return { text: PROTOCOLS.has(text) ? `all ${name}` : name, box: allOfProtocol(name) };
}

function parseName(text: string, port: string, protocol: ProtocolName): PortText {
  if (portNameProblem(port) !== undefined) { throw unreadable(text); }
  return { text: `${protocol} ${port}`, box: namedPort(protocol, port) };
}

function unreadable(text: string): Error {
  const [a, b] = text.toLowerCase().split('/');
  const meant = b === undefined && /^\d+$/.test(a) ? `${a}/tcp` : PROTOCOLS.has(a) && b !== undefined ? `${b}/${a}` : PROTOCOLS.has(b) ? `${a}/${b}` : undefined;
  return new Error(`${JSON.stringify(text)} is no port; ${meant === undefined || meant === text ? FORMS : `did you mean ${JSON.stringify(meant)}?`}`);
}
