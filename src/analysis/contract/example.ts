import { TrafficPart } from './traffic-parts';
import { PROTOCOL_NUMBERS } from '../../model/traffic';
import { Party, Traffic } from '../party';

/** One flow of parts that fare alike, for an explanation: to a port on which the destination listens where there is one, else over TCP. */
export function exampleOf(parts: readonly TrafficPart[], { variants }: Party): Traffic {
  for (const { port, protocol } of variants.flatMap(({ ports = [] }) => ports)) {
    const number = PROTOCOL_NUMBERS[protocol as keyof typeof PROTOCOL_NUMBERS];
    const part = parts.find(({ protocols: [own], ports }) => own === number && ports !== undefined && ports[0] <= port && port <= ports[1]);
    if (part) { return { ...part.traffic, port }; }
  }
  return (parts.find(({ protocols: [own] }) => own === PROTOCOL_NUMBERS.TCP) ?? parts[0]).traffic;
}
