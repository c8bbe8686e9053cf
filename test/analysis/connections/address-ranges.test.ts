import { addressText, numberOf, partition, rangesOf, rangeText } from '../../../src/analysis/connections/address-ranges';
import { Cidr } from '../../../src/model/endpoint';

const texts = (...sets: readonly Cidr[]) => partition(4, sets).map(rangeText);
const set = (cidr: string, ...except: string[]): Cidr => ({ cidr, except });

test('without rules all addresses are one range', () => {
  expect(texts()).toEqual(['0.0.0.0-255.255.255.255']);
  expect(partition(6, []).map(rangeText)).toEqual(['::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']);
});

test('addresses are cut where a range begins and behind where it ends', () => {
  expect(texts(set('10.0.0.0/8'))).toEqual(['0.0.0.0-9.255.255.255', '10.0.0.0-10.255.255.255', '11.0.0.0-255.255.255.255']);
  expect(texts(set('0.0.0.0/1'), set('128.0.0.0/1'))).toEqual(['0.0.0.0-127.255.255.255', '128.0.0.0-255.255.255.255']);
});

test('holes that touch are one hole, and make no cut between them', () => {
  expect(texts(set('0.0.0.0/0', '10.0.0.0/9', '10.128.0.0/9'))).toEqual(['0.0.0.0-9.255.255.255', '10.0.0.0-10.255.255.255', '11.0.0.0-255.255.255.255']);
});

test('a hole at the border of a range leaves the rest of it', () => {
  expect(rangesOf(set('10.0.0.0/8', '10.0.0.0/9')).map(rangeText)).toEqual(['10.128.0.0-10.255.255.255']);
  expect(rangesOf(set('10.0.0.0/8', '10.128.0.0/9')).map(rangeText)).toEqual(['10.0.0.0-10.127.255.255']);
  expect(rangesOf(set('10.0.0.0/8', '10.0.0.0/9', '10.128.0.0/9'))).toEqual([]);
});

test('a hole in a hole changes nothing', () => {
  expect(rangesOf(set('10.0.0.0/8', '10.64.0.0/10', '10.64.0.0/16')).map(rangeText)).toEqual(['10.0.0.0-10.63.255.255', '10.128.0.0-10.255.255.255']);
});

test('each family is cut by its own ranges', () => {
  expect(texts(set('2001:db8::/32'))).toEqual(['0.0.0.0-255.255.255.255']);
  expect(partition(6, [set('10.0.0.0/8'), set('2001:db8::/32')]).map(rangeText)).toEqual([
    '::-2001:db7:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db9::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  ]);
});

test.each(['0.0.0.0', '10.1.2.3', '255.255.255.255'])('%s stays what it is as a number', address => {
  expect(addressText(4, numberOf(address))).toBe(address);
});

test.each(['::', '2001:db8::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'])('%s stays what it is as a number', address => {
  expect(addressText(6, numberOf(address))).toBe(address);
});
