import { PolicySet } from '../../model/policy-set';
import { IcmpType, inRanges, PROTOCOL_NUMBERS, TrafficBox } from '../../model/traffic';

/** Where answers may change, by all rules of a policy set: what lies between two cuts is in the same rules. */
export interface TrafficCuts {
  /** First numbers of intervals of 0 to 255, sorted. */
  readonly protocols: readonly number[];
  /** First ports of intervals of UDPLite, whose ports the engine does not cut. */
  readonly udpLite: readonly number[];
  /** By protocol number: what rules name. */
  readonly icmp: ReadonlyMap<number, readonly IcmpType[]>;
}

export const WITH_PORTS: readonly number[] = [PROTOCOL_NUMBERS.TCP, PROTOCOL_NUMBERS.UDP, PROTOCOL_NUMBERS.SCTP, PROTOCOL_NUMBERS.UDPLite];
export const WITH_TYPES: readonly number[] = [PROTOCOL_NUMBERS.ICMP, PROTOCOL_NUMBERS.ICMPv6];

export const LAST_PORT = 65535;
export const LAST_PROTOCOL = 255;

const KNOWN = new WeakMap<PolicySet, TrafficCuts>();

/** Worked out once for a policy set. */
export function trafficCuts(set: PolicySet): TrafficCuts {
  let cuts = KNOWN.get(set);
  if (!cuts) { KNOWN.set(set, cuts = cutsOf(set)); }
  return cuts;
}

function cutsOf({ policies }: PolicySet): TrafficCuts {
  const protocols = new Set<number>([0]);
  for (const known of [...WITH_PORTS, ...WITH_TYPES]) { cut(protocols, [known, known], LAST_PROTOCOL); }
  const udpLite = new Set<number>([1]);
  const icmp = new Map(WITH_TYPES.map(protocol => [protocol, new Map<string, IcmpType>()]));
  const seen = new Set<readonly TrafficBox[]>();
  for (const { rules } of policies) {
    for (const { match: { traffic } } of rules) {
      if (seen.has(traffic)) { continue; }
      seen.add(traffic);
      for (const box of traffic) {
        box.protocols.forEach(range => cut(protocols, range, LAST_PROTOCOL));
        if (inRanges(box.protocols, PROTOCOL_NUMBERS.UDPLite)) { box.destinationPorts?.ranges.forEach(range => cut(udpLite, range, LAST_PORT)); }
        for (const [protocol, types] of icmp) {
          if (inRanges(box.protocols, protocol)) { box.icmp?.forEach(type => types.set(`${type.type} ${type.code ?? ''}`, type)); }
        }
      }
    }
  }
  return {
    protocols: sorted(protocols),
    udpLite: sorted(udpLite),
    icmp: new Map([...icmp].map(([protocol, types]) => [protocol, [...types.values()]])),
  };
}

function cut(starts: Set<number>, [first, last]: readonly [number, number], end: number): void {
  starts.add(first);
  if (last < end) { starts.add(last + 1); }
}

const sorted = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);
