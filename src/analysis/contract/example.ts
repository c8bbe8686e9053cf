import { TrafficPart } from './traffic-parts';
import { PROTOCOL_NUMBERS } from '../../model/traffic';
import { Party, Traffic } from '../party';

const GRE = 47;

/** Protocols that people know, in the order in which they are taken for an example. */
const KNOWN: readonly number[] = [...(['TCP', 'UDP', 'SCTP', 'ICMP', 'ICMPv6'] as const).map(name => PROTOCOL_NUMBERS[name]), GRE];

/** One flow of parts that fare alike, for an explanation: to a port on which the destination listens where there is one, else of a protocol that people know. */
export function exampleOf(parts: readonly TrafficPart[], { variants }: Party): Traffic {
  for (const { port, protocol } of variants.flatMap(({ ports = [] }) => ports)) {
    const number = PROTOCOL_NUMBERS[protocol as keyof typeof PROTOCOL_NUMBERS];
    const part = parts.find(({ protocols: [own], ports }) => own === number && ports !== undefined && ports[0] <= port && port <= ports[1]);
    if (part) { return { ...part.traffic, port }; }
  }
  for (const protocol of KNOWN) {
    const part = parts.find(({ protocols: [first, last] }) => first <= protocol && protocol <= last);
    if (part) { return { ...part.traffic, protocol }; }
  }
  return parts[0].traffic;
}
