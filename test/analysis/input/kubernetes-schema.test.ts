import { load } from 'js-yaml';
import { KUBERNETES_SCHEMA } from '../../../src/analysis/input/kubernetes-schema';

const read = (text: string): unknown => load(text, { schema: KUBERNETES_SCHEMA });
const valueOf = (scalar: string): unknown => (read(`a: ${scalar}`) as { a: unknown }).a;

// Each pair was held against sigs.k8s.io/yaml 1.6.
describe('plain scalars are what Kubernetes takes them for', () => {
  test.each([
    'y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE',
  ])('%s is true', text => expect(valueOf(text)).toBe(true));

  test.each([
    'n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE',
  ])('%s is false', text => expect(valueOf(text)).toBe(false));

  test.each(['', '~', 'null', 'Null', 'NULL'])('%j is null', text => expect(valueOf(text)).toBeNull());

  test.each<[string, number]>([
    ['0', 0], ['-0_7', -7], ['017', 15], ['0o17', 15], ['0O7', 7], ['08', 8], ['080', 80], ['000', 0], ['0x1F', 31], ['-0x1f', -31], ['+0x1', 1], ['0X1f', 31],
    ['0b101', 5], ['-0b11', -3], ['1_000', 1000], ['0x_ff', 255], ['1e3', 1000], ['1E+3', 1000], ['.5', 0.5], ['-.5', -0.5], ['1.', 1], ['00.5', 0.5],
    ['99999999999999999999', 1e20], ['0xFFFFFFFFFFFFFFFF', 2 ** 64],
  ])('%s is the number %d', (text, number) => expect(valueOf(text)).toBe(number));

  test.each([
    'yEs', 'oN', 'tRUE', 'nULL', '2001-01-01', '2001-12-14t21:59:43.10-05:00', '12:30:45', '190:20:30', '10.0.0.0/8', '1.2.3', '0b2', '0o8', '0x', '1e400',
    '0xFFFFFFFFFFFFFFFFF', '.', '++1', '1-', 'infinity', 'nan', '=', '0x1p3',
  ])('%s is a text', text => expect(valueOf(text)).toBe(text));

  test('quotes make a text of anything', () => {
    expect(read('a: "yes"\nb: \'017\'\nc: |-\n  1\nd: >-\n  null')).toEqual({ a: 'yes', b: '017', c: '1', d: 'null' });
  });

  test('keys are read like values, and are texts then', () => {
    expect(read('on: 1\n0x10: 2\n1.5: 3')).toEqual({ true: 1, 16: 2, 1.5: 3 });
  });
});

describe('tags', () => {
  test.each<[string, unknown]>([
    ['!!str 5', '5'], ['!!str yes', 'yes'], ['!!int "5"', 5], ['!!float 3', 3], ['!!bool "no"', false], ['!!null ""', null], ['!!binary aGVsbG8=', 'hello'],
    ['!!timestamp 2001-01-01', '2001-01-01'], ['!foo bar', 'bar'], ['!Sub [x, 1]', ['x', 1]], ['!Ref {x: 1}', { x: 1 }],
  ])('%s', (text, value) => expect(valueOf(text)).toEqual(value));

  test('a scalar that is not of its tag is refused', () => {
    expect(() => valueOf('!!int x')).toThrow(/explicit tag/);
    expect(() => valueOf('!!bool 1')).toThrow(/explicit tag/);
  });
});

describe('merge keys', () => {
  test('what the mapping states itself wins, wherever the merge stands', () => {
    expect(read('a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\ne:\n  c: 3\n  <<: *x')).toEqual({ a: { b: 1, c: 2 }, d: { b: 1, c: 3 }, e: { c: 3, b: 1 } });
  });

  test('the first of several wins', () => {
    expect(read('a: &x {b: 1}\nc: &z {b: 2, d: 5}\ne:\n  <<: [*x, *z]')).toMatchObject({ e: { b: 1, d: 5 } });
  });

  test('as a value it is a text', () => expect(valueOf('<<')).toBe('<<'));
});
