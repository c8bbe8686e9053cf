import * as fc from 'fast-check';
import { HeaderMatch, HttpMatch, HttpRequest, matchesHttp, patternProblem, quotePattern, TextMatch } from '../../src/model/http';

const REQUEST: HttpRequest = { method: 'GET', path: '/orders/7?page=2', host: 'Shop.Example.com:8443', headers: { 'X-Team': 'red', 'Empty': '' } };
const meets = (match: HttpMatch, request: HttpRequest | undefined = REQUEST) => matchesHttp([match], request);

describe('the path', () => {
  test.each<[string, TextMatch, string, boolean]>([
    ['exact', { exact: '/orders' }, '/orders', true],
    ['exact, with a query', { exact: '/orders' }, '/orders?page=2', true],
    ['exact, with a fragment', { exact: '/orders' }, '/orders#top', true],
    ['exact, with an empty query', { exact: '/orders' }, '/orders?', true],
    ['exact, of the beginning only', { exact: '/orders' }, '/orders/7', false],
    ['exact, in another case', { exact: '/orders' }, '/Orders', false],
    ['exact, with the query stated', { exact: '/orders?page=2' }, '/orders?page=2', false],
    ['prefix', { prefix: '/orders' }, '/orders/7?page=2', true],
    ['prefix, of part of a segment', { prefix: '/ord' }, '/orders', true],
    ['prefix, in the query only', { prefix: '/orders?page' }, '/orders?page=2', false],
    ['prefix, in the middle', { prefix: '/7' }, '/orders/7', false],
    ['suffix', { suffix: '/7' }, '/orders/7?page=2', true],
    ['suffix, of the query only', { suffix: '=2' }, '/orders/7?page=2', false],
    ['pattern, which must match all of it', { pattern: '/orders' }, '/orders/7', false],
    ['pattern, which sees the query', { pattern: '/orders' }, '/orders?page=2', false],
    ['pattern, with the query', { pattern: '/orders(\\?.*)?' }, '/orders?page=2', true],
    ['pattern, of alternatives', { pattern: '/a|/b' }, '/b', true],
    ['pattern, of alternatives, whose parts are not enough', { pattern: '/a|/b' }, '/ab', false],
    ['present', { present: true }, '/', true],
    ['present, but empty', { present: true }, '', false],
  ])('%s', (_name, text, path, expected) => {
    expect(meets({ paths: [text] }, { path })).toBe(expected);
    expect(meets({ notPaths: [text] }, { path })).toBe(!expected);
  });
});

describe('the host', () => {
  test.each<[string, TextMatch, string, boolean]>([
    ['exact', { exact: 'a.com' }, 'a.com', true],
    ['exact, with a port', { exact: 'a.com' }, 'a.com:8080', true],
    ['exact, in another case', { exact: 'a.com' }, 'A.Com', true],
    ['exact, of a host below', { exact: 'a.com' }, 'b.a.com', false],
    ['suffix, with a port', { suffix: '.a.com' }, 'B.a.com:80', true],
    ['prefix', { prefix: 'b.' }, 'B.a.com', true],
    ['exact, of an IPv6 address', { exact: '[::1]' }, '[::1]:80', true],
    ['exact, of an IPv6 address without a port', { exact: '[::1]' }, '[::1]', true],
    ['pattern, which sees the port', { pattern: 'a\\.com' }, 'a.com:80', false],
    ['pattern, with the port', { pattern: 'a\\.com(:[0-9]+)?' }, 'a.com:80', true],
    ['pattern, which sees the case', { pattern: 'a\\.com' }, 'A.com', false],
    ['pattern, without regard to case', { pattern: '(?i:a\\.com)' }, 'A.com', true],
  ])('%s', (_name, text, host, expected) => {
    expect(meets({ hosts: [text] }, { host })).toBe(expected);
    expect(meets({ notHosts: [text] }, { host })).toBe(!expected);
  });
});

describe('the method', () => {
  test.each<[string, TextMatch, string, boolean]>([
    ['exact', { exact: 'GET' }, 'GET', true],
    ['exact, in another case', { exact: 'GET' }, 'get', false],
    ['pattern', { pattern: 'GET|HEAD' }, 'HEAD', true],
    ['pattern, of the beginning', { pattern: 'P' }, 'POST', false],
    ['present', { present: true }, 'POST', true],
  ])('%s', (_name, text, method, expected) => {
    expect(meets({ methods: [text] }, { method })).toBe(expected);
    expect(meets({ notMethods: [text] }, { method })).toBe(!expected);
  });
});

describe('a header', () => {
  const red: TextMatch = { exact: 'red' };
  const [yes, no, unknown] = [true, false, undefined];
  test.each<[string, HeaderMatch, boolean | undefined, boolean | undefined]>([
    // With X-Team: red and an empty header Empty; with no headers at all.
    ['is there, whatever the case of its name', { name: 'x-team' }, yes, no],
    ['is there, though it is empty', { name: 'empty' }, yes, no],
    ['is not there', { name: 'x-other' }, no, no],
    ['has the value', { name: 'x-team', values: [red] }, yes, no],
    ['has one of the values', { name: 'x-team', values: [{ exact: 'blue' }, { prefix: 'r' }] }, yes, no],
    ['has another value', { name: 'x-team', values: [{ exact: 'blue' }] }, no, no],
    ['has a value in another case', { name: 'x-team', values: [{ exact: 'RED' }] }, no, no],
    ['has no empty list of values', { name: 'x-team', values: [] }, no, no],
    ['is empty, and a value is wanted', { name: 'empty', values: [{ present: true }] }, no, no],
    ['has not the value that is left out', { name: 'x-team', notValues: [{ exact: 'blue' }] }, yes, yes],
    ['has the value that is left out', { name: 'x-team', notValues: [red] }, no, yes],
    ['has a value, and not another', { name: 'x-team', values: [{ prefix: 'r' }], notValues: [{ exact: 'rose' }] }, yes, no],
    ['has a secret value, which is not known', { name: 'x-team', secret: { name: 'token' } }, unknown, no],
    ['has a secret value, but is not there', { name: 'x-other', secret: { name: 'token', namespace: 'shop' } }, no, no],
    ['is only logged where it does not match', { name: 'x-team', values: [{ exact: 'blue' }], mismatch: 'LOG' }, yes, yes],
    ['is added where it is not there', { name: 'x-other', values: [red], mismatch: 'ADD' }, yes, yes],
    ['is deleted where it does not match', { name: 'x-team', secret: { name: 'token' }, mismatch: 'DELETE' }, yes, yes],
    ['is replaced where it does not match', { name: 'x-team', values: [{ exact: 'blue' }], mismatch: 'REPLACE' }, yes, yes],
  ])('%s', (_name, header, stated, none) => {
    expect(meets({ headers: [header] })).toBe(stated);
    expect(meets({ headers: [header] }, { headers: {} })).toBe(none);
    // Whoever does not state headers has not said that there are none.
    expect(meets({ headers: [header] }, {})).toBe(header.mismatch === undefined ? unknown : yes);
  });

  test('that only a prototype has is not there', () => {
    expect(['constructor', '__proto__', 'toString'].map(name => meets({ headers: [{ name }] }))).toEqual([no, no, no]);
  });

  test('of several must each match', () => {
    expect(meets({ headers: [{ name: 'x-team' }, { name: 'empty' }] })).toBe(true);
    expect(meets({ headers: [{ name: 'x-team' }, { name: 'x-other' }] })).toBe(false);
  });
});

describe('a condition', () => {
  test('needs everything that it states', () => {
    const match: HttpMatch = { methods: [{ exact: 'GET' }], paths: [{ prefix: '/orders' }], hosts: [{ exact: 'shop.example.com' }], headers: [{ name: 'x-team' }] };
    expect(meets(match)).toBe(true);
    const others: HttpRequest[] = [{ ...REQUEST, method: 'POST' }, { ...REQUEST, path: '/' }, { ...REQUEST, host: 'a.com' }, { ...REQUEST, headers: {} }];
    expect(others.map(request => meets(match, request))).toEqual([false, false, false, false]);
  });

  test('that states nothing is met by every request, also by one that is not known', () => {
    expect([meets({}), meets({}, {}), matchesHttp([{}], undefined)]).toEqual([true, true, true]);
  });

  test('takes the values of a list for alternatives, and an empty list for none', () => {
    const get: HttpMatch = { methods: [{ exact: 'HEAD' }, { exact: 'GET' }] };
    expect([meets(get), meets({ methods: [] }), meets({ notMethods: [] }), meets({ notMethods: [{ exact: 'HEAD' }, { exact: 'GET' }] })]).toEqual([true, false, true, false]);
  });

  test('and its negation are both stated, and both must hold', () => {
    const match: HttpMatch = { paths: [{ prefix: '/orders' }], notPaths: [{ prefix: '/orders/admin' }] };
    expect([meets(match, { path: '/orders/7' }), meets(match, { path: '/orders/admin/7' })]).toEqual([true, false]);
  });

  test('that is known by name only is never answered, save where the rest is false', () => {
    const claim = { conditions: [{ key: 'request.auth.claims[iss]', values: ['a'], notValues: [] }] };
    expect([meets(claim), meets({ ...claim, methods: [{ exact: 'GET' }] }), meets({ ...claim, methods: [{ exact: 'PUT' }] })]).toEqual([undefined, undefined, false]);
  });

  test('of several is enough, and of none there is no request that meets it', () => {
    expect(matchesHttp([{ methods: [{ exact: 'PUT' }] }, { paths: [{ prefix: '/' }] }], REQUEST)).toBe(true);
    expect([matchesHttp([], REQUEST), matchesHttp([], undefined)]).toEqual([false, false]);
  });
});

describe('what a request does not say', () => {
  test.each<[string, HttpMatch, HttpRequest, boolean | undefined]>([
    ['a method', { methods: [{ exact: 'GET' }] }, { path: '/' }, undefined],
    ['a method that must be another', { notMethods: [{ exact: 'GET' }] }, { path: '/' }, undefined],
    ['a path', { paths: [{ prefix: '/' }] }, { method: 'GET' }, undefined],
    ['a host', { hosts: [{ suffix: 'a.com' }] }, { method: 'GET' }, undefined],
    ['a path, where the method decides', { methods: [{ exact: 'PUT' }], paths: [{ prefix: '/' }] }, { method: 'GET' }, false],
    ['a path, where the method does not', { methods: [{ exact: 'GET' }], paths: [{ prefix: '/' }] }, { method: 'GET' }, undefined],
  ])('%s: is not known', (_name, match, request, expected) => {
    expect(meets(match, request)).toBe(expected);
  });

  test('leaves a request unknown, save where another condition is met', () => {
    expect(matchesHttp([{ methods: [{ exact: 'GET' }] }], undefined)).toBeUndefined();
    expect(matchesHttp([{ paths: [{ prefix: '/' }] }, { methods: [{ exact: 'GET' }] }], { method: 'GET' })).toBe(true);
    expect(matchesHttp([{ paths: [{ prefix: '/' }] }, { methods: [{ exact: 'PUT' }] }], { method: 'GET' })).toBeUndefined();
  });

  test('never makes the answer contradict what a request says in full', () => {
    const texts = fc.oneof(
      fc.constantFrom('/', '/a', 'GET', 'x').map((exact): TextMatch => ({ exact })),
      fc.constantFrom('/', 'G').map((prefix): TextMatch => ({ prefix })),
      fc.constantFrom('a', 'T').map((suffix): TextMatch => ({ suffix })),
      fc.constantFrom('.*', '/a?', 'GET|POST').map((pattern): TextMatch => ({ pattern })),
      fc.constant<TextMatch>({ present: true }),
    );
    const list = fc.option(fc.array(texts, { maxLength: 2 }), { nil: undefined });
    const headers = fc.array(fc.record({ name: fc.constantFrom('x', 'y'), values: list, notValues: list }), { maxLength: 2 });
    const match = fc.record({ methods: list, notMethods: list, paths: list, notPaths: list, hosts: list, notHosts: list, headers });
    const matches = fc.array(match, { maxLength: 3 });
    const requests = fc.record({
      method: fc.constantFrom('GET', 'POST'),
      path: fc.constantFrom('/', '/a', '/a?x'),
      host: fc.constantFrom('x', 'a:1'),
      headers: fc.constantFrom<Record<string, string>>({}, { x: 'x' }, { x: '/a', Y: '' }),
    });
    let known = 0;
    fc.assert(fc.property(matches, requests, fc.subarray(['method', 'path', 'host', 'headers'] as const), (all, request, forgotten) => {
      const truth = matchesHttp(all, request);
      expect(typeof truth).toBe('boolean');
      const rest = Object.fromEntries(Object.entries(request).filter(([field]) => !forgotten.some(gone => gone === field)));
      const answer = matchesHttp(all, rest);
      known += answer === undefined ? 0 : 1;
      expect([undefined, truth]).toContain(answer);
    }), { numRuns: 1_000 });
    expect(known).toBeGreaterThan(80);
  });
});

describe('a pattern', () => {
  test.each(['', '.*', '/a(\\?.*)?', '(?i:a\\.com)(:[0-9]+)?', '[[:alpha:]]+', '(?P<name>a)', '\\pL'])('of RE2 is one: %s', pattern => {
    expect(patternProblem(pattern)).toBeUndefined();
  });

  test.each(['(', '[z-a]', '(?=a)', '(?<!a)b', '(a)\\1', '*', 'a**', '\\q', 'a{1001}'])('that RE2 has not is a problem that is named: %s', pattern => {
    expect(patternProblem(pattern)).toMatch(/^".+" is no pattern of RE2: ./);
  });

  test('takes time that grows with the text only, whatever the pattern', () => {
    const text = `${'a'.repeat(50_000)}!`;
    const started = performance.now();
    for (const pattern of ['(a+)+', '(a|a)*', '(a*)*b', '(.*a){20}x']) { expect(meets({ paths: [{ pattern }] }, { path: text })).toBe(false); }
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('of a quoted text matches that text and no other', () => {
    const special = fc.string({ unit: fc.constantFrom(...'.*+?^${}()|[]\\/-#&ab\n é') });
    fc.assert(fc.property(fc.oneof(special, fc.string()), fc.oneof(special, fc.string()), (text, other) => {
      const pattern = quotePattern(text);
      expect(patternProblem(pattern)).toBeUndefined();
      expect(meets({ methods: [{ pattern }] }, { method: text })).toBe(true);
      expect(meets({ methods: [{ pattern }] }, { method: other })).toBe(text === other);
      expect(meets({ methods: [{ pattern }] }, { method: `${text}x` })).toBe(false);
    }));
  });

  test('is forgotten when there were too many, and compiled anew', () => {
    const matched = Array.from({ length: 2_500 }, (_, i) => meets({ paths: [{ pattern: `/${i}` }] }, { path: `/${i}` }));
    expect(matched.every(Boolean)).toBe(true);
    expect(meets({ paths: [{ pattern: '/0' }] }, { path: '/1' })).toBe(false);
  });
});
