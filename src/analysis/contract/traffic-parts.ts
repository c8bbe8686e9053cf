import { AskedBox, AskedTraffic } from './asked-traffic';
import { LAST_PORT, LAST_PROTOCOL, trafficCuts, TrafficCuts, WITH_PORTS, WITH_TYPES } from './traffic-cuts';
import { ALL_TRAFFIC, inRanges, mergeRanges, PROTOCOL_NUMBERS, Range } from '../../model/traffic';
import { Analysis } from '../analysis';
import { PORT_PROTOCOLS } from '../connections/connection-set';
import { Party, Traffic } from '../party';

/** A part of what a statement asks about: an answer to `traffic` is the answer to all of it. */
export interface TrafficPart {
  readonly protocols: Range;
  /** Absent for protocols without ports. */
  readonly ports?: Range;
  /** Of ICMP: which messages, in words. */
  readonly messages?: string;
  readonly traffic: Traffic;
}

/** A named port that the pods do not have, so that there is nothing to ask about. */
interface NoSuchPort {
  readonly missingPort: string;
}

const EVERYTHING: AskedTraffic = { text: 'all traffic', boxes: ALL_TRAFFIC.map(box => ({ box, request: {} })) };

/** The traffic, cut wherever a rule for these two begins or ends. */
export function trafficParts(asked: AskedTraffic | undefined, analysis: Analysis, source: Party, destination: Party): TrafficPart[] | NoSuchPort {
  const cuts = trafficCuts(analysis.set);
  const starts = new Map<number, readonly number[]>();
  const startsOf = (protocol: number): readonly number[] => {
    let known = starts.get(protocol);
    if (!known) { starts.set(protocol, known = portCuts(analysis, source, destination, protocol)); }
    return known;
  };
  const parts: TrafficPart[] = [];
  for (const { box, request } of (asked ?? EVERYTHING).boxes) {
    const ports = portsOf(box, destination);
    if ('missingPort' in ports) { return ports; }
    for (const protocols of intervals(cuts.protocols, box.protocols, LAST_PROTOCOL)) {
      const [protocol] = protocols;
      if (WITH_PORTS.includes(protocol)) {
        for (const range of intervals(startsOf(protocol), ports.ranges, LAST_PORT)) {
          parts.push({ protocols, ports: range, traffic: { ...request, protocol, port: range[0] } });
        }
      } else if (WITH_TYPES.includes(protocol)) {
        parts.push(...messages(protocol, box, cuts).map(([text, icmp]) => ({ protocols, messages: text, traffic: { ...request, protocol, icmp } })));
      } else if (!box.destinationPorts && !box.icmp) {
        parts.push({ protocols, traffic: { ...request, protocol } });
      }
    }
  }
  return parts;
}

const EVERY_PORT: readonly Range[] = [[1, LAST_PORT]];

function portsOf({ destinationPorts, protocols }: AskedBox['box'], destination: Party): { readonly ranges: readonly Range[] } | NoSuchPort {
  if (!destinationPorts) { return { ranges: EVERY_PORT }; }
  const ranges = [...destinationPorts.ranges];
  for (const name of destinationPorts.names) {
    const found = containerPorts(destination).filter(port => port.name === name && inRanges(protocols, port.protocol));
    if (found.length === 0) { return { missingPort: name }; }
    ranges.push(...found.map(({ port }): Range => [port, port]));
  }
  return { ranges: mergeRanges(ranges).map(([first, last]): Range => [Math.max(first, 1), last]) };
}

function portCuts({ engine, set }: Analysis, source: Party, destination: Party, number: number): readonly number[] {
  const protocol = PORT_PROTOCOLS.find(name => PROTOCOL_NUMBERS[name] === number);
  if (protocol === undefined) { return trafficCuts(set).udpLite; }
  const [from, to] = [source, destination].map(({ variants }) => variants.map(variant => engine.compile(variant)));
  return [...new Set(from.flatMap(one => to.flatMap(other => engine.portCuts(one, other, protocol))))].sort((a, b) => a - b);
}

const containerPorts = ({ variants }: Party) => variants.flatMap(({ ports = [] }) => ports)
  .map(({ name, port, protocol }) => ({ name, port, protocol: PROTOCOL_NUMBERS[protocol as keyof typeof PROTOCOL_NUMBERS] }));

/** What lies in the ranges, in pieces that no start of an interval divides. */
function intervals(starts: readonly number[], ranges: readonly Range[], end: number): Range[] {
  return ranges.flatMap(([first, last]) => {
    const inside = [first, ...new Set(starts.filter(start => start > first && start <= last))];
    return inside.map((start, i): Range => [start, i + 1 < inside.length ? inside[i + 1] - 1 : Math.min(last, end)]);
  });
}

type Message = readonly [string, { readonly type: number; readonly code: number }];

const EVERY_BYTE = Array.from({ length: 256 }, (_, i) => i);

/** One of each kind that rules tell apart. */
function messages(protocol: number, { icmp: asked, destinationPorts }: AskedBox['box'], cuts: TrafficCuts): Message[] {
  if (destinationPorts) { return []; }
  const named = cuts.icmp.get(protocol) ?? [];
  const types = asked ? [...new Set(asked.map(({ type }) => type))] : [...new Set(named.map(({ type }) => type))];
  const found = types.flatMap((type): Message[] => {
    const wanted = asked?.filter(one => one.type === type).map(({ code }) => code) ?? [undefined];
    const codes = [...new Set([...named, ...asked ?? []].filter(one => one.type === type).flatMap(({ code }) => (code === undefined ? [] : [code])))];
    const other = wanted.includes(undefined) ? EVERY_BYTE.find(code => !codes.includes(code)) : undefined;
    return [
      ...codes.filter(code => wanted.includes(undefined) || wanted.includes(code)).map((code): Message => [`type ${type} code ${code}`, { type, code }]),
      ...(other === undefined ? [] : [[`type ${type}`, { type, code: other }] as Message]),
    ];
  });
  const other = asked ? undefined : EVERY_BYTE.find(type => !types.includes(type));
  return other === undefined ? found : [...found, [types.length === 0 ? '' : 'other types', { type: other, code: 0 }]];
}
