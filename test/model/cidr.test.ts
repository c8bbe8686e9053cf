import * as fc from 'fast-check';
import {
  boundsOf, compareCidrs, containsAddress, containsCidr, familyOf, hostRange, ipv4Bytes, isAddress, maskedCidr, minimalCidrs, overlaps, parseCidr,
} from '../../src/model/cidr';
import { runs } from '../support/models/runs';

/** Addresses as numbers: nothing here is shared with what is tested. */
interface Numbered {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly prefix: number;
}

const bits = (family: 4 | 6): number => (family === 4 ? 32 : 128);
const sizeOf = ({ family, prefix }: Numbered): bigint => 2n ** BigInt(bits(family) - prefix);
const lastOf = (range: Numbered): bigint => range.first + sizeOf(range) - 1n;

/** IPv6 in full: eight groups, no `::`. */
function textOf(family: 4 | 6, address: bigint): string {
  return family === 4
    ? [24n, 16n, 8n, 0n].map(shift => ((address / 2n ** shift) % 256n).toString()).join('.')
    : Array.from({ length: 8 }, (_, i) => ((address / 2n ** BigInt(112 - 16 * i)) % 65536n).toString(16)).join(':');
}

const numberOf = (text: string): bigint => (text.includes(':') ? groupsOf(text).reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n)
  : text.split('.').reduce((sum, byte) => sum * 256n + BigInt(byte), 0n));

function groupsOf(text: string): string[] {
  const [head, tail] = text.split('::').map(half => half.split(':').filter(group => group !== ''));
  return tail ? [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail] : head;
}

const cidrOf = ({ family, first, prefix }: Numbered): string => parseCidr(`${textOf(family, first)}/${prefix}`);

/** IPv4-mapped addresses (::ffff:0:0/96) are refused, so they are not made here. */
const isMapped = (family: 4 | 6, address: bigint): boolean => family === 6 && address / 2n ** 32n === 0xffffn;

/** Few distinct high and low bits, so that ranges nest and touch often. */
const addresses = (family: 4 | 6): fc.Arbitrary<bigint> => fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** BigInt(bits(family)) - 1n }),
  fc.array(fc.constantFrom(0n, 1n, 128n, 255n), { minLength: bits(family) / 8, maxLength: bits(family) / 8 })
    .map(bytes => bytes.reduce<bigint>((sum, byte) => sum * 256n + byte, 0n)),
).filter(address => !isMapped(family, address));

const rangeAt = (family: 4 | 6, address: bigint, prefix: number): Numbered =>
  ({ family, prefix, first: address - (address % 2n ** BigInt(bits(family) - prefix)) });

const ranges = (family: 4 | 6): fc.Arbitrary<Numbered> => fc.tuple(addresses(family), fc.integer({ min: 0, max: bits(family) }))
  .map(([address, prefix]) => rangeAt(family, address, prefix))
  .filter(({ first }) => !isMapped(family, first));

const families = fc.constantFrom(4 as const, 6 as const);
const anyRange = families.chain(ranges);
/** Two ranges, mostly related: the same address cut at two places. */
const twoRanges = fc.oneof(
  fc.tuple(anyRange, anyRange),
  families.chain(family => fc.tuple(addresses(family), fc.nat(bits(family)), fc.nat(bits(family)))
    .map(([address, p, q]) => [p, q].map(prefix => rangeAt(family, address, prefix)))
    .filter(pair => pair.every(({ first }) => !isMapped(family, first)))),
);

const naiveContains = (outer: Numbered, inner: Numbered): boolean =>
  outer.family === inner.family && outer.first <= inner.first && lastOf(inner) <= lastOf(outer);
const naiveOverlaps = (a: Numbered, b: Numbered): boolean => a.family === b.family && a.first <= lastOf(b) && b.first <= lastOf(a);

describe('against arithmetic with whole numbers', () => {
  test('a range contains another when its first and last address enclose it', () => {
    fc.assert(fc.property(twoRanges, ([a, b]) => containsCidr(cidrOf(a), cidrOf(b)) === naiveContains(a, b)), runs(1000));
  });

  test('ranges overlap when they share an address', () => {
    fc.assert(fc.property(twoRanges, ([a, b]) => overlaps(cidrOf(a), cidrOf(b)) === naiveOverlaps(a, b)), runs(1000));
  });

  test('a range contains the addresses from its first to its last', () => {
    const cases = anyRange.chain(range => fc.tuple(fc.constant(range), fc.oneof(
      addresses(range.family),
      fc.constantFrom(range.first, lastOf(range), range.first - 1n, lastOf(range) + 1n)
        .filter(address => address >= 0n && address < 2n ** BigInt(bits(range.family))),
    ).filter(address => !isMapped(range.family, address))));
    fc.assert(fc.property(cases, ([range, address]) =>
      containsAddress(cidrOf(range), textOf(range.family, address)) === (address >= range.first && address <= lastOf(range))), runs(1000));
  });

  test('its bounds are its first and its last address', () => {
    fc.assert(fc.property(anyRange, range => {
      expect(boundsOf(cidrOf(range)).map(numberOf)).toEqual([range.first, lastOf(range)]);
    }), runs(500));
  });

  test('bits beyond the prefix are an error that says the range that was meant', () => {
    const crooked = anyRange.filter(({ family, prefix }) => prefix < bits(family))
      .chain(range => fc.tuple(fc.constant(range), fc.bigInt({ min: 1n, max: sizeOf(range) - 1n })))
      .filter(([range, offset]) => !isMapped(range.family, range.first + offset));
    fc.assert(fc.property(crooked, ([range, offset]) => {
      const text = `${textOf(range.family, range.first + offset)}/${range.prefix}`;
      expect(() => parseCidr(text)).toThrow(`did you mean ${JSON.stringify(cidrOf(range))}`);
    }), runs(300));
  });

  test('the order is total: by family, then address, then prefix length', () => {
    const key = ({ family, first, prefix }: Numbered): (bigint | number)[] => [family, first, prefix];
    fc.assert(fc.property(twoRanges, ([a, b]) => {
      const wanted = key(a).map((part, i) => (part < key(b)[i] ? -1 : part > key(b)[i] ? 1 : 0)).find(sign => sign !== 0) ?? 0;
      expect(Math.sign(compareCidrs(cidrOf(a), cidrOf(b)))).toBe(wanted);
    }), runs(500));
  });

  test('the minimal list holds the same addresses, sorted, and no range twice', () => {
    fc.assert(fc.property(fc.array(twoRanges, { maxLength: 4 }), pairs => {
      const all = pairs.flat();
      const minimal = minimalCidrs(all.map(cidrOf));
      for (const range of all) { expect(minimal.filter(cidr => containsCidr(cidr, cidrOf(range)))).toHaveLength(1); }
      expect(minimal.every(cidr => all.some(range => cidrOf(range) === cidr))).toBe(true);
      expect([...minimal].sort(compareCidrs)).toEqual(minimal);
    }), runs(300));
  });
});

describe('parseCidr', () => {
  test.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['203.0.113.7/32', '203.0.113.7/32'],
    ['2001:DB8:0:0::/32', '2001:db8::/32'],
    ['::/0', '::/0'],
    ['2001:db8:0:0:0:0:0:1/128', '2001:db8::1/128'],
  ])('%s has the canonical form %s', (text, canonical) => {
    expect(parseCidr(text)).toBe(canonical);
  });

  test.each([
    ['10.0.0.0', '"10.0.0.0" has no prefix length; did you mean "10.0.0.0/32"?'],
    ['2001:db8::1', '"2001:db8::1" has no prefix length; did you mean "2001:db8::1/128"?'],
    ['10.0.0.1/8', '"10.0.0.1/8" has bits set beyond /8; did you mean "10.0.0.0/8", or the single address "10.0.0.1/32"?'],
    ['10.0.0.0/33', '"10.0.0.0/33" is not a CIDR: the prefix length must be a number from 0 to 32'],
    ['10.0.0.0/08', 'the prefix length must be a number from 0 to 32'],
    ['10.0.0.0/', 'the prefix length must be a number from 0 to 32'],
    ['10.0.0.0/-1', 'the prefix length must be a number from 0 to 32'],
    ['10.0.0.0/8/8', 'the prefix length must be a number from 0 to 32'],
    ['::/129', 'the prefix length must be a number from 0 to 128'],
    ['example.com/32', '"example.com" is no IPv4 or IPv6 address'],
    ['10.1/16', '"10.1" is no IPv4 or IPv6 address'],
    ['010.0.0.0/8', '"010.0.0.0" is no IPv4 or IPv6 address'],
    ['0x0a.0.0.0/8', '"0x0a.0.0.0" is no IPv4 or IPv6 address'],
    ['256.0.0.0/8', '"256.0.0.0" is no IPv4 or IPv6 address'],
    ['::ffff:10.0.0.0/104', '"::ffff:10.0.0.0" is no IPv4 or IPv6 address'],
    ['fe80::1%eth0/128', '"fe80::1%eth0" is no IPv4 or IPv6 address'],
    ['', '"" is no IPv4 or IPv6 address'],
    [' 10.0.0.0/8', '" 10.0.0.0" is no IPv4 or IPv6 address'],
  ])('%s is an error', (text, message) => {
    expect(() => parseCidr(text)).toThrow(message);
  });
});

test('an address is IPv4 in four decimal parts, or IPv6 without a zone', () => {
  expect(['10.0.0.1', '0.0.0.0', '::', '2001:DB8::1', '1:2:3:4:5:6:7:8'].filter(isAddress)).toHaveLength(5);
  expect(['10.0.1', '10.0.0.01', '1.2.3.4.5', '::ffff:1.2.3.4', 'fe80::1%1', ':::', '1:2:3:4:5:6:7:8:9', '12345::', 'localhost', '', '10.0.0.1/32'].filter(isAddress)).toEqual([]);
});

test('the family is told by the colons', () => {
  expect(['10.0.0.0/8', '::/0'].map(familyOf)).toEqual([4, 6]);
});

test('one address is a range of its own length', () => {
  expect(['10.0.0.1', '2001:db8::1'].map(hostRange)).toEqual(['10.0.0.1/32', '2001:db8::1/128']);
});

test('ranges of the two families never contain one another', () => {
  expect(containsCidr('::/0', '10.0.0.0/8')).toBe(false);
  expect(containsCidr('0.0.0.0/0', '::/0')).toBe(false);
  expect(containsAddress('::/0', '10.0.0.1')).toBe(false);
});

test('the minimal list knows two spellings of one range', () => {
  expect(minimalCidrs(['2001:DB8::/32', '2001:db8:0::/32', '2001:db8:1::/48'])).toEqual(['2001:db8::/32']);
});

test('the bytes of IPv4 are those of four decimal numbers, and of no other text', () => {
  expect([ipv4Bytes('0.0.0.0'), ipv4Bytes('203.0.113.255')]).toEqual([[0, 0, 0, 0], [203, 0, 113, 255]]);
  const others = ['', '1.2.3', '1.2.3.4.5', '1.2.3.256', '1.2.3.', '.1.2.3', '1..2.3', '01.2.3.4', '1.2.3.00', '1.2.3.4 ', ' 1.2.3.4', '1.2.3.-4', '1.2.3.4/8', '0x1.2.3.4', '1.2.3.1e1', '::1', '1.2.3.1000'];
  expect(others.filter(text => ipv4Bytes(text) !== undefined)).toEqual([]);
});

test('a range may be masked whatever its bits beyond the prefix are', () => {
  expect(['10.1.2.3/8', '10.1.2.3/9', '192.0.2.77/26', '10.1.2.3/32', '10.1.2.3/0', '2001:db8:0:1::5/33', '2001:db8::/128'].map(maskedCidr)).toEqual([
    '10.0.0.0/8', '10.0.0.0/9', '192.0.2.64/26', '10.1.2.3/32', '0.0.0.0/0', '2001:db8::/33', '2001:db8::/128',
  ]);
  expect(() => maskedCidr('10.0.0.0/33')).toThrow('the prefix length must be a number from 0 to 32');
});
