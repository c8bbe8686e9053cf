import { allowFrom, answer, cnp, denyFrom, policy, rewritten, SHOP, write } from './support';
import { cilium } from '../../../src/dialects/cilium';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { Answer } from '../../../src/model/evaluate';
import { HttpMatch, HttpRequest } from '../../../src/model/http';
import { portRange } from '../../../src/model/traffic';

const TCP = [{ port: '80', protocol: 'TCP' }];
const rules = (...http: unknown[]): unknown =>
  cnp({ endpointSelector: {}, ingress: [{ fromEndpoints: [{}], toPorts: [{ ports: TCP, rules: { http } }] }] });
const ask = (document: unknown, http: HttpRequest | undefined): Answer => answer([document], { http });
const GET: HttpRequest = { method: 'GET', path: '/public', host: 'shop.example.com', headers: {} };

/** What a rule says of a request, the same before and after it was read and written. */
function passes(rule: unknown, request: Partial<HttpRequest>): Answer {
  const document = rules(rule);
  const first = ask(document, { ...GET, ...request });
  expect(ask(rewritten(document), { ...GET, ...request })).toBe(first);
  return first;
}

describe('patterns', () => {
  test('path and method are patterns of the whole text, query included', () => {
    const rule = { method: 'GET|HEAD', path: '/public' };
    expect(passes(rule, {})).toBe('allowed');
    expect(passes(rule, { method: 'HEAD' })).toBe('allowed');
    expect(passes(rule, { method: 'GETS' })).toBe('denied');
    expect(passes(rule, { path: '/public/a' })).toBe('denied');
    expect(passes(rule, { path: '/public?a=b' })).toBe('denied');
    expect(passes({ path: '/public.*' }, { path: '/public/a?b' })).toBe('allowed');
    expect(passes({ path: '/path1$' }, { path: '/path1' })).toBe('allowed');
  });

  test('a host is a pattern with its port, and with the case that it has', () => {
    expect(passes({ host: '^shop\\.example\\.com$' }, {})).toBe('allowed');
    expect(passes({ host: 'shop\\.example\\.com' }, { host: 'shop.example.com:80' })).toBe('denied');
    expect(passes({ host: 'shop\\.example\\.com' }, { host: 'SHOP.example.com' })).toBe('denied');
  });

  test('an empty rule, and one of empty patterns, is every request', () => {
    expect(passes({}, { method: 'DELETE' })).toBe('allowed');
    expect(passes({ method: '', path: '', host: '' }, { method: 'DELETE' })).toBe('allowed');
    expect(ask(rules({}), undefined)).toBe('allowed');
    expect(ask(rules({ method: 'GET' }), undefined)).toBe('partial');
  });

  test('rules are alternatives', () => {
    const document = rules({ method: 'GET' }, { path: '/health' });
    expect([ask(document, GET), ask(document, { ...GET, method: 'PUT', path: '/health' }), ask(document, { ...GET, method: 'PUT' })]).toEqual(['allowed', 'allowed', 'denied']);
  });

  test('patterns that are none are unreadable, by whoever refuses them', () => {
    expect(() => cilium.read(rules({ path: '/a(' }))).toThrow('rules.http[0].path: "/a(" is no pattern of RE2');
    expect(() => cilium.read(rules({ method: '(?=a)' }))).toThrow('the agent refuses it, and the policy is not enforced');
    expect(() => cilium.read(rules({ host: '(' }))).toThrow('neither the API server nor the agent looks at it, and Envoy refuses the policy');
  });
});

describe('headers', () => {
  test('what follows the first space is the exact value', () => {
    for (const header of ['X-Token: a b', 'X-Token a b', 'X-Token:: a b']) {
      expect(passes({ headers: [header] }, { headers: { 'x-token': 'a b' } })).toBe('allowed');
      expect(passes({ headers: [header] }, { headers: { 'x-token': 'a' } })).toBe('denied');
      expect(passes({ headers: [header] }, {})).toBe('denied');
    }
    expect(passes({ headers: ['X-Token:  a'] }, { headers: { 'x-token': 'a' } })).toBe('denied');
  });

  test('without a space it is the presence of a header of that whole name, which no header with a colon has', () => {
    expect(passes({ headers: ['X-Token'] }, { headers: { 'X-TOKEN': '' } })).toBe('allowed');
    expect(passes({ headers: ['X-Token'] }, {})).toBe('denied');
    expect(passes({ headers: ['X-Token:a'] }, { headers: { 'X-Token': 'a' } })).toBe('denied');
  });

  test('headerMatches have exact values, presence, secrets, and what happens to others', () => {
    const match = (headerMatch: object) => (headers: Record<string, string>) => passes({ headerMatches: [{ name: 'X-Token', ...headerMatch }] }, { headers });
    expect([match({ value: 'a.c' })({ 'X-Token': 'a.c' }), match({ value: 'a.c' })({ 'X-Token': 'abc' })]).toEqual(['allowed', 'denied']);
    expect([match({})({ 'X-Token': 'a' }), match({ value: '' })({ 'X-Token': 'a' }), match({})({})]).toEqual(['allowed', 'allowed', 'denied']);
    const secret = { name: 'token', namespace: 'shop' };
    expect([match({ secret })({ 'X-Token': 'a' }), match({ secret })({})]).toEqual(['unknown', 'denied']);
    expect(['LOG', 'ADD', 'DELETE', 'REPLACE'].map(mismatch => match({ value: 'a', mismatch })({}))).toEqual(Array(4).fill('allowed'));
    expect((rewritten(rules({ headerMatches: [{ name: 'X-Token', secret, mismatch: 'REPLACE' }] })) as any).spec.ingress[0].toPorts[0].rules.http)
      .toEqual([{ headerMatches: [{ name: 'X-Token', secret, mismatch: 'REPLACE' }] }]);
  });

  test.each([
    [{ headers: [{ 'X-Token': 'a' }] }, 'without them YAML makes it an object'],
    [{ headers: { a: 'b' } }, 'headers: must be a list'],
    [{ headerMatches: [{ name: '' }] }, 'a header needs a name (the API server refuses this)'],
    [{ headerMatches: [{ name: 'a', mismatch: 'DROP' }] }, 'must be one of LOG, ADD, DELETE, REPLACE'],
    [{ headerMatches: [{ name: 'a', secret: {} }] }, 'secret.name: must be a string'],
    [{ headerMatches: [{ name: 'a', secret: { name: '' } }] }, 'a secret needs a name'],
    [{ allowedHeaders: ['a'] }, 'headers with their values are headerMatches: [{ name, value }]'],
    [{ query: 'a' }, 'this field is not known here'],
  ])('%j is unreadable', (rule, reason) => {
    expect(() => cilium.read(rules(rule))).toThrow(UnreadableDocument);
    expect(() => cilium.read(rules(rule))).toThrow(reason);
  });
});

describe('what is stated', () => {
  const httpOf = (...http: HttpMatch[]): any[] =>
    write(policy('ingress', [allowFrom(SHOP, { ...portRange('TCP', 80), l7: { http } })])).spec.ingress[0].toPorts[0].rules.http;

  test('exact and prefixed paths, hosts and methods have a quoted form, which is read as it was stated', () => {
    expect(httpOf({ methods: [{ exact: 'GET' }], paths: [{ exact: '/a.b' }], hosts: [{ exact: 'a.com' }] }))
      .toEqual([{ method: 'GET', path: '/a\\.b(\\?.*)?', host: '(?i:a\\.com)(:[0-9]+)?' }]);
    const stated: HttpMatch[] = [
      { methods: [{ exact: 'GET' }], paths: [{ exact: '/a.b+' }], hosts: [{ exact: 'a.com' }], headers: [{ name: 'X', values: [{ exact: 'y' }] }] },
      { paths: [{ prefix: '/a[' }], hosts: [{ suffix: '.a.com' }] },
      { paths: [{ pattern: '/users/[0-9]+' }], methods: [{ pattern: 'GET|PUT' }], hosts: [{ pattern: 'a:[0-9]+' }] },
    ];
    const written = write(policy('ingress', [allowFrom(SHOP, { ...portRange('TCP', 80), l7: { http: stated } })]));
    expect(cilium.read(written)[0].rules[0].match.traffic[0].l7).toEqual({ http: stated });
  });

  test('alternatives of each condition are rules of their own', () => {
    expect(httpOf({ methods: [{ exact: 'GET' }, { exact: 'PUT' }], paths: [{ prefix: '/a' }, { exact: '/b' }] })).toEqual([
      { method: 'GET', path: '/a.*' }, { method: 'GET', path: '/b(\\?.*)?' }, { method: 'PUT', path: '/a.*' }, { method: 'PUT', path: '/b(\\?.*)?' },
    ]);
    expect(httpOf({ headers: [{ name: 'A', values: [{ exact: '1' }, { exact: '2' }] }, { name: 'B' }] })).toEqual([
      { headerMatches: [{ name: 'A', value: '1' }, { name: 'B' }] }, { headerMatches: [{ name: 'A', value: '2' }, { name: 'B' }] },
    ]);
    expect(httpOf({ methods: [{ present: true }], paths: [{ suffix: '.png' }] })).toEqual([{ path: '[^?]*\\.png(\\?.*)?' }]);
  });

  test('what means no request is no rule, never an empty list', () => {
    expect(write(policy('ingress', [allowFrom(SHOP, { ...portRange('TCP', 80), l7: { http: [{ methods: [] }] } })])).spec).toEqual({ endpointSelector: {}, ingress: [{}] });
  });

  test('on all ports of TCP it is a range, since "0" takes no such rules', () => {
    const { spec } = write(policy('ingress', [allowFrom(SHOP, { protocols: [[6, 6]], l7: { http: [{ methods: [{ exact: 'GET' }] }] } })]));
    expect(spec.ingress[0].toPorts[0].ports).toEqual([{ port: '1', endPort: 65535, protocol: 'TCP' }]);
  });

  test.each<[HttpMatch | undefined, string]>([
    [undefined, 'HTTP rules without a rule'],
    [{ notMethods: [{ exact: 'GET' }] }, 'notMethods: the cilium dialect cannot express this: an HTTP rule is a conjunction'],
    [{ notPaths: [] }, 'notPaths'],
    [{ conditions: [] }, 'conditions'],
    [{ headers: [{ name: 'A', notValues: [{ exact: 'x' }] }] }, 'header A without a value'],
    [{ headers: [{ name: 'A', values: [{ prefix: 'x' }] }] }, 'header A with a value that is not stated exactly'],
    [{ headers: [{ name: 'A', values: [{ exact: '' }] }] }, 'not stated exactly'],
    [{ headers: [{ name: 'A', values: [{ exact: 'a' }, { exact: 'b' }], mismatch: 'LOG' }] }, 'what is done where none matches'],
    [{ paths: [{ exact: '/a?b' }] }, 'a path ends before its query'],
    [{ paths: [{ exact: '' }] }, 'an empty text'],
    [{ paths: [{ pattern: '(' }] }, 'is no pattern of RE2'],
    [{ hosts: [{ exact: 'A.com' }] }, 'a host is a name in lower case, without its port'],
    [{ hosts: [{ prefix: 'a:80' }] }, 'without its port'],
    [{ methods: Array(33).fill(0).map((_, i) => ({ exact: `M${i}` })), paths: Array(33).fill(0).map((_, i) => ({ exact: `/${i}` })) }, 'combine to 1089 rules'],
  ])('%j is refused', (match, reason) => {
    expect(() => httpOf(...(match ? [match] : []))).toThrow(reason);
  });

  test('requests are of TCP, in rules that allow', () => {
    const http = { http: [{ methods: [{ exact: 'GET' }] }] };
    expect(() => write(policy('ingress', [denyFrom(SHOP, { ...portRange('TCP', 80), l7: http })]))).toThrow('a deny rule has no HTTP rules');
    expect(() => write(policy('ingress', [allowFrom(SHOP, { ...portRange('UDP', 80), l7: http })]))).toThrow('requests on ports that are not of TCP');
    expect(write(policy('ingress', [allowFrom(SHOP, { ...portRange('TCP', 80), l7: { http: [...http.http, {}] } })], { isolates: false })).spec.ingress[0].toPorts[0].rules)
      .toEqual({ http: [{ method: 'GET' }, {}] });
  });
});
