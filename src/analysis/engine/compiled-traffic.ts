import { Asked } from './asked';
import { Matched, matchesTraffic, MAYBE, NO, Tri, WITH_PORTS, YES } from '../../model/match';
import { inRanges, mergeRanges, Range, TrafficBox } from '../../model/traffic';

/** An OR of boxes. */
export interface CompiledTraffic {
  /** Equal ones have the same. */
  readonly id: number;
  readonly boxes: readonly TrafficBox[];
  /** Whether it is about port numbers alone, so that several can be joined. */
  readonly isOfPorts: boolean;
  test(asked: Asked): Matched;
}

export function compileTraffic(id: number, boxes: readonly TrafficBox[]): CompiledTraffic {
  if (!boxes.every(isPlain)) { return new AnyTraffic(id, boxes); }
  return boxes.length > FEW && boxes.every(isOfPorts) ? new PortTable(id, boxes) : new PlainTraffic(id, boxes);
}

/** So many are sooner tested than looked up. */
const FEW = 8;

/** Without more than protocols and port numbers. */
function isPlain({ destinationPorts, sourcePorts, icmp, ipVersion, l7, serverNames }: TrafficBox): boolean {
  if (sourcePorts || icmp || ipVersion !== undefined || l7 || serverNames) { return false; }
  return !destinationPorts || (destinationPorts.names.length === 0 && !destinationPorts.exceptNames && destinationPorts.ranges.length > 0);
}

const isOfPorts = (box: TrafficBox): boolean =>
  isPlain(box) && box.destinationPorts !== undefined && box.protocols.length === 1 && box.protocols[0][0] === box.protocols[0][1];

const unknownPort = (protocol: number): Tri => (WITH_PORTS.includes(protocol) ? MAYBE : NO);

/** Boxes of protocols and port numbers, as flat ranges. */
class PlainTraffic implements CompiledTraffic {
  public readonly isOfPorts: boolean;
  /** By fours: protocols from and to, ports from and to; -1 for all ports. */
  private readonly ranges: readonly number[];

  public constructor(public readonly id: number, public readonly boxes: readonly TrafficBox[]) {
    this.isOfPorts = boxes.every(isOfPorts);
    this.ranges = boxes.flatMap(({ protocols, destinationPorts }) =>
      protocols.flatMap(protocol => (destinationPorts?.ranges ?? [[-1, -1]]).flatMap(ports => [...protocol, ...ports])));
  }

  public test({ traffic: { protocol, port } }: Asked): Matched {
    const { ranges } = this;
    let any: Matched = NO;
    for (let i = 0; i < ranges.length; i += 4) {
      if (protocol < ranges[i] || protocol > ranges[i + 1]) { continue; }
      if (ranges[i + 2] < 0) { return YES; }
      if (port === undefined) {
        any = unknownPort(protocol);
      } else if (port >= ranges[i + 2] && port <= ranges[i + 3]) {
        return YES;
      }
    }
    return any;
  }
}

/** Many port numbers: sorted ranges by protocol. */
class PortTable implements CompiledTraffic {
  public readonly isOfPorts = true;
  private readonly byProtocol = new Map<number, readonly Range[]>();

  public constructor(public readonly id: number, public readonly boxes: readonly TrafficBox[]) {
    const ranges = new Map<number, Range[]>();
    for (const { protocols: [[protocol]], destinationPorts } of boxes) {
      const known = ranges.get(protocol) ?? [];
      ranges.set(protocol, known);
      for (const range of destinationPorts!.ranges) { known.push(range); }
    }
    for (const [protocol, all] of ranges) { this.byProtocol.set(protocol, mergeRanges(all)); }
  }

  public test({ traffic: { protocol, port } }: Asked): Matched {
    const ranges = this.byProtocol.get(protocol);
    if (!ranges) { return NO; }
    if (port === undefined) { return unknownPort(protocol); }
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (ranges[middle][1] < port) { low = middle + 1; } else { high = middle; }
    }
    return low < ranges.length && ranges[low][0] <= port ? YES : NO;
  }
}

/** As the model matches it, where it can match. */
class AnyTraffic implements CompiledTraffic {
  public readonly isOfPorts = false;

  public constructor(public readonly id: number, public readonly boxes: readonly TrafficBox[]) {}

  public test(asked: Asked): Matched {
    return this.boxes.some(box => canMatch(box, asked)) ? matchesTraffic(this.boxes, asked.flow) : NO;
  }
}

/** What needs no look at more than numbers. */
function canMatch({ protocols, destinationPorts }: TrafficBox, { traffic: { protocol, port } }: Asked): boolean {
  if (!inRanges(protocols, protocol)) { return false; }
  return port === undefined || !destinationPorts || destinationPorts.names.length > 0 || inRanges(destinationPorts.ranges, port);
}
