import { LAST_PORT, LAST_PROTOCOL, WITH_PORTS, WITH_TYPES } from './traffic-cuts';
import { TrafficPart } from './traffic-parts';
import { mergeRanges, protocolName, Range, rangeText } from '../../model/traffic';

/** The parts together, such as `TCP 80,443, UDP 53`; `all traffic` for all that there is. */
export function partsText(parts: readonly TrafficPart[]): string {
  if (isEverything(parts)) { return 'all traffic'; }
  return [...portTexts(parts), ...messageTexts(parts), ...otherTexts(parts)].join(', ');
}

const isEverything = (parts: readonly TrafficPart[]): boolean =>
  coversAll(parts.map(({ protocols }) => protocols), [0, LAST_PROTOCOL])
  && WITH_PORTS.every(protocol => coversAll(portRanges(parts, protocol), [1, LAST_PORT]))
  && WITH_TYPES.every(protocol => parts.some(({ protocols, messages }) => protocols[0] === protocol && (messages === '' || messages === 'other types')));

function coversAll(ranges: readonly Range[], [first, last]: Range): boolean {
  const merged = mergeRanges(ranges);
  return merged.length === 1 && merged[0][0] <= first && merged[0][1] >= last;
}

const portRanges = (parts: readonly TrafficPart[], protocol: number): Range[] =>
  parts.flatMap(({ protocols, ports }) => (ports !== undefined && protocols[0] === protocol ? [ports] : []));

const portTexts = (parts: readonly TrafficPart[]): string[] => WITH_PORTS.flatMap(protocol => {
  const ranges = mergeRanges(portRanges(parts, protocol));
  return ranges.length === 0 ? [] : [`${protocolName(protocol)} ${ranges.map(rangeText).join()}`];
});

const messageTexts = (parts: readonly TrafficPart[]): string[] =>
  parts.flatMap(({ protocols: [protocol], messages }) => (messages === undefined ? [] : [`${protocolName(protocol)} ${messages}`.trim()]));

/** Those that are named one by one. */
const NAMED = [...WITH_PORTS, ...WITH_TYPES].map((protocol): Range => [protocol, protocol]);

function otherTexts(parts: readonly TrafficPart[]): string[] {
  const others = mergeRanges(parts.filter(({ ports, messages }) => ports === undefined && messages === undefined).map(({ protocols }) => protocols));
  if (others.length === 0) { return []; }
  return [coversAll([...others, ...NAMED], [0, LAST_PROTOCOL]) ? 'every other protocol' : `protocol ${others.map(rangeText).join()}`];
}
