import * as fc from 'fast-check';
import {
  ALL_TRAFFIC, allOfProtocol, complementRanges, coversEveryProtocol, inRanges, isAllTraffic, mergeRanges, namedPort, portProtocols, portRange, Range,
} from '../../src/model/traffic';

const LAST = 40;
const range: fc.Arbitrary<Range> = fc.tuple(fc.nat(LAST), fc.nat(LAST)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
const ranges: fc.Arbitrary<Range[]> = fc.array(range, { maxLength: 6 });
const members = (all: readonly Range[], last = LAST): number[] => Array.from({ length: last + 1 }, (_, i) => i).filter(value => inRanges(all, value));

test('merging keeps the members, sorts, and leaves gaps between what remains', () => {
  fc.assert(fc.property(ranges, all => {
    const merged = mergeRanges(all);
    expect(members(merged)).toEqual(members(all));
    expect(merged.every(([first], i) => i === 0 || first > merged[i - 1][1] + 1)).toBe(true);
  }));
});

test('the complement has what the ranges have not, and nothing outside of all', () => {
  fc.assert(fc.property(ranges, fc.nat(LAST), fc.nat(LAST), (all, a, b) => {
    const whole: Range = [Math.min(a, b), Math.max(a, b)];
    const complement = complementRanges(all, whole);
    expect(members(complement)).toEqual(members([whole]).filter(value => !inRanges(all, value)));
    expect(complement.every(([first, last]) => first >= whole[0] && last <= whole[1])).toBe(true);
  }));
});

test('the arguments are left as they were', () => {
  const given: Range[] = [[5, 6], [1, 2], [3, 4]];
  mergeRanges(given);
  complementRanges(given, [0, 9]);
  expect(given).toEqual([[5, 6], [1, 2], [3, 4]]);
});

test('all traffic is a box without any restriction', () => {
  expect(isAllTraffic(ALL_TRAFFIC)).toBe(true);
  expect(isAllTraffic([portRange('TCP', 80), ...ALL_TRAFFIC])).toBe(true);
  expect(isAllTraffic([{ protocols: [[0, 100], [101, 255]] }])).toBe(true);
  expect(isAllTraffic([])).toBe(false);
  expect(isAllTraffic([{ protocols: [[1, 255]] }])).toBe(false);
  const [all] = ALL_TRAFFIC;
  const ports = { ranges: [[0, 65535] as const], names: [] };
  for (const restriction of [{ destinationPorts: ports }, { sourcePorts: ports }, { icmp: [] }, { ipVersion: 4 as const }, { l7: { dns: ['*'] } }, { l7: { http: [{}] } }, { serverNames: ['*'] }]) {
    expect(isAllTraffic([{ ...all, ...restriction }])).toBe(false);
  }
});

test('a box covers every protocol when its ranges leave no gap', () => {
  expect(coversEveryProtocol({ protocols: [[6, 255], [0, 5]] })).toBe(true);
  expect(coversEveryProtocol({ protocols: [[0, 5], [7, 255]] })).toBe(false);
});

test('the protocols with ports have names, all others none', () => {
  expect(portProtocols(portRange('TCP', 80))).toEqual(['TCP']);
  expect(portProtocols({ protocols: [[6, 6], [17, 17], [132, 132]] })).toEqual(['TCP', 'UDP', 'SCTP']);
  expect(portProtocols({ protocols: [[6, 17]] })).toBeUndefined();
  expect(portProtocols(allOfProtocol('ICMP'))).toBeUndefined();
  expect(portProtocols(allOfProtocol('UDPLite'))).toBeUndefined();
});

test('ports are boxes of one protocol', () => {
  expect(portRange('UDP', 53)).toEqual({ protocols: [[17, 17]], destinationPorts: { ranges: [[53, 53]], names: [] } });
  expect(portRange('SCTP', 1, 9)).toEqual({ protocols: [[132, 132]], destinationPorts: { ranges: [[1, 9]], names: [] } });
  expect(namedPort('TCP', 'http')).toEqual({ protocols: [[6, 6]], destinationPorts: { ranges: [], names: ['http'] } });
});
