import * as fc from 'fast-check';
import { addressAt, comparePositions, holds, Interval, intervalsOf, Position, positionOf, prefixAt, prefixOf } from '../../../src/analysis/engine/positions';
import { containsAddress } from '../../../src/model/cidr';
import { BLOCKS, EXTERNAL_ADDRESSES } from '../../support/models/vocabulary';

const texts = (intervals: readonly Interval[]): string[] =>
  intervals.map(({ first, end }) => `${addressAt(first)}-${addressAt(typeof end === 'number' ? end - 1 : end - 1n)}`);

test('an address is what its position was made of', () => {
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.constantFrom('::', '2001:db8::5', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')), address => {
    expect(addressAt(positionOf(address))).toBe(address);
  }));
});

test('every address of IPv4 stands before every address of IPv6', () => {
  const sorted: Position[] = ['::1', '255.255.255.255', '::', '0.0.0.0', 'fd00::'].map(positionOf).sort(comparePositions);
  expect(sorted.map(addressAt)).toEqual(['0.0.0.0', '255.255.255.255', '::', '::1', 'fd00::']);
});

test('a prefix begins where its range does, also when its text does not', () => {
  expect(texts([prefixOf('10.0.0.9/8'), prefixOf('2001:db8::7/32'), prefixOf('0.0.0.0/0'), prefixAt(positionOf('203.0.113.77'), 26)])).toEqual([
    '10.0.0.0-10.255.255.255', '2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '0.0.0.0-255.255.255.255', '203.0.113.64-203.0.113.127',
  ]);
});

test('ranges that touch or overlap become one, and holes are left out', () => {
  expect(texts(intervalsOf([
    { cidr: '10.0.1.0/24', except: [] },
    { cidr: '10.0.0.0/24', except: ['10.0.0.0/26', '10.0.0.0/25', '10.0.0.200/32'] },
    { cidr: '10.0.0.128/32', except: [] },
    { cidr: '192.0.2.0/24', except: ['192.0.2.0/24'] },
    { cidr: '2001:db8::/32', except: ['2001:db8:1::/48'] },
  ]))).toEqual([
    '10.0.0.128-10.0.0.199', '10.0.0.201-10.0.1.255',
    '2001:db8::-2001:db8:0:ffff:ffff:ffff:ffff:ffff', '2001:db8:2::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
  ]);
});

test('intervals hold the addresses that one of the ranges has', () => {
  const ranges = fc.subarray([...BLOCKS]);
  fc.assert(fc.property(ranges, fc.oneof(fc.ipV4(), fc.constantFrom(...EXTERNAL_ADDRESSES)), (some, address) => {
    const wanted = some.some(({ cidr, except }) => containsAddress(cidr, address) && !except.some(hole => containsAddress(hole, address)));
    expect(holds(intervalsOf(some), positionOf(address))).toBe(wanted);
  }));
});
