import { AskedBox, AskedTraffic } from './asked-traffic';
import { inRanges, portRange, PROTOCOL_NUMBERS } from '../../model/traffic';
import { PortMapping } from '../find-party';

/** What is asked of the ports of a Service, as what it is at one of its backends; nothing where the Service has no such port there. */
export function throughService(asked: AskedTraffic | undefined, ports: readonly PortMapping[]): AskedTraffic {
  const boxes = ports.flatMap(({ protocol, port, target }): AskedBox[] => {
    if (target === undefined) { return []; }
    const box = portRange(protocol, target);
    return asked === undefined ? [{ box, request: {} }]
      : asked.boxes.filter(one => isOf(one, PROTOCOL_NUMBERS[protocol], port)).map(({ request }) => ({ box, request }));
  });
  return { text: asked?.text ?? 'the ports of the Service', boxes };
}

const isOf = ({ box: { protocols, destinationPorts } }: AskedBox, protocol: number, port: number): boolean =>
  inRanges(protocols, protocol) && (destinationPorts === undefined || inRanges(destinationPorts.ranges, port));
