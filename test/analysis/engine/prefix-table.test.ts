import * as fc from 'fast-check';
import { positionOf } from '../../../src/analysis/engine/positions';
import { PrefixTable } from '../../../src/analysis/engine/prefix-table';
import { containsAddress, overlaps } from '../../../src/model/cidr';

const CIDRS = ['0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/9', '10.128.0.0/9', '10.1.2.0/24', '10.1.2.3/32', '::/0', '2001:db8::/32', '2001:db8:1::/48', '2001:db8:1::1/128'];

const tableOf = (cidrs: readonly string[]): PrefixTable => {
  const table = new PrefixTable();
  cidrs.forEach((cidr, word) => table.add(cidr, word));
  return table;
};

test('ranges are found by the addresses that they hold', () => {
  fc.assert(fc.property(fc.subarray(CIDRS), fc.constantFrom('10.1.2.3', '10.200.0.1', '11.0.0.1', '2001:db8:1::1', '2001:db8::1', '::1'), (cidrs, address) => {
    const wanted = cidrs.flatMap((cidr, word) => (containsAddress(cidr, address) ? [word] : []));
    expect(tableOf(cidrs).holding(positionOf(address)).sort()).toEqual(wanted.sort());
  }));
});

test('ranges are found by the ranges that they touch, from inside and from outside', () => {
  fc.assert(fc.property(fc.subarray(CIDRS), fc.constantFrom(...CIDRS, '10.0.0.0/10', '192.0.2.0/24', '2001::/16'), (cidrs, range) => {
    const wanted = cidrs.flatMap((cidr, word) => (overlaps(cidr, range) ? [word] : []));
    expect([...tableOf(cidrs).touching(range)].sort()).toEqual(wanted.sort());
  }));
});

test('one range can stand for several words', () => {
  const table = new PrefixTable();
  [1, 2].forEach(word => table.add('10.0.0.0/8', word));
  expect(table.holding(positionOf('10.9.9.9'))).toEqual([1, 2]);
});
