import { ANY } from '../../src/model/endpoint';
import { Answer, evaluate } from '../../src/model/evaluate';
import { HttpMatch } from '../../src/model/http';
import { Flow, Profile } from '../../src/model/match';
import { Action, Policy, REFERENCE_PIPELINE, Rule } from '../../src/model/policy-set';
import { portRange, TrafficBox } from '../../src/model/traffic';

const PROFILE: Profile = { cidrMatches: ['external'] };
const TCP_80: Flow = { source: { kind: 'pod' }, destination: { kind: 'pod' }, protocol: 6, sourcePort: 40000, port: 80 };
const [HTTP, TLS]: TrafficBox[] = [portRange('TCP', 80), portRange('TCP', 80, 443)];

/** Ingress policies that isolate, each of one rule. */
function answer(rules: readonly [Action, ...TrafficBox[]][], flow: Partial<Flow> = {}): Answer {
  const policies = rules.map(([action, ...traffic]): Policy => ({
    origin: { apiVersion: 'v1', kind: 'Test', name: 'test' },
    stage: 'normal',
    order: [],
    mode: 'enforce',
    direction: 'ingress',
    subject: ANY,
    isolates: true,
    rules: [{ action, match: { source: ANY, destination: ANY, traffic } } satisfies Rule],
  }));
  return evaluate({ pipeline: REFERENCE_PIPELINE, policies }, { ...TCP_80, ...flow }, PROFILE);
}

const withHttp = (...http: HttpMatch[]): TrafficBox => ({ ...HTTP, l7: { http } });
const withNames = (...serverNames: string[]): TrafficBox => ({ ...TLS, serverNames });
const GET: HttpMatch = { methods: [{ exact: 'GET' }] };

describe('a rule with HTTP conditions', () => {
  test.each<[string, TrafficBox, Partial<Flow>, Answer]>([
    ['a request that meets them', withHttp(GET), { http: { method: 'GET' } }, 'allowed'],
    ['a request that does not', withHttp(GET), { http: { method: 'PUT' } }, 'denied'],
    ['a request of which nobody knows', withHttp(GET), { http: { path: '/' } }, 'unknown'],
    ['a flow of which no request is stated', withHttp(GET), {}, 'partial'],
    ['conditions that every request meets', withHttp({}), {}, 'allowed'],
    ['conditions that no request meets', withHttp(), {}, 'denied'],
    ['one condition of several', withHttp({ methods: [{ exact: 'PUT' }] }, GET), { http: { method: 'GET' } }, 'allowed'],
    ['another port', withHttp(GET), { port: 81, http: { method: 'GET' } }, 'denied'],
    ['another protocol', withHttp(GET), { protocol: 17, http: { method: 'GET' } }, 'denied'],
  ])('decides for %s', (_name, box, flow, expected) => {
    expect(answer([['allow', box]], flow)).toBe(expected);
  });

  test('adds up with rules that have none', () => {
    expect(answer([['allow', withHttp(GET)], ['allow', HTTP]], { http: { method: 'PUT' } })).toBe('allowed');
    expect(answer([['allow', withHttp(GET), portRange('TCP', 70, 90)]])).toBe('allowed');
  });

  test('never lets a request through that a deny forbids, on whatever port', () => {
    expect(answer([['allow', withHttp(GET)], ['deny', HTTP]], { http: { method: 'GET' } })).toBe('denied');
    expect(answer([['allow', HTTP], ['deny', withHttp(GET)]])).toBe('partial');
    expect(['GET', 'PUT'].map(method => answer([['allow', HTTP], ['deny', withHttp(GET)]], { http: { method } }))).toEqual(['denied', 'allowed']);
  });
});

describe('a rule with server names', () => {
  test.each<[string, TrafficBox, string | undefined, Answer]>([
    ['the name', withNames('api.example.com'), 'api.example.com', 'allowed'],
    ['the name in another case', withNames('api.example.com'), 'API.example.com', 'allowed'],
    ['another name', withNames('api.example.com'), 'www.example.com', 'denied'],
    ['a name that is not stated', withNames('api.example.com'), undefined, 'partial'],
    ['one of several names', withNames('a.test', '*.example.com'), 'api.example.com', 'allowed'],
    ['a wildcard, of one label only', withNames('*.example.com'), 'a.b.example.com', 'denied'],
    ['a wildcard of all labels', withNames('**.example.com'), 'a.b.example.com', 'allowed'],
    ['every name', withNames('*'), undefined, 'allowed'],
    ['no name', withNames(), 'api.example.com', 'denied'],
  ])('decides for %s', (_name, box, serverName, expected) => {
    expect(answer([['allow', box]], serverName === undefined ? {} : { serverName })).toBe(expected);
  });

  test('and with HTTP conditions needs both', () => {
    const both: TrafficBox = { ...withNames('a.test'), l7: { http: [GET] } };
    const flows: Partial<Flow>[] = [
      { serverName: 'a.test', http: { method: 'GET' } }, { serverName: 'b.test', http: { method: 'GET' } }, { serverName: 'a.test', http: { method: 'PUT' } },
      { serverName: 'b.test' }, { http: { method: 'PUT' } }, { serverName: 'a.test' }, { http: { method: 'GET' } },
    ];
    expect(flows.map(flow => answer([['allow', both]], flow))).toEqual(['allowed', 'denied', 'denied', 'denied', 'denied', 'partial', 'unknown']);
  });
});

test('a rule of a protocol that is known by name only is never certain, and its server names still shut out', () => {
  const kafka: TrafficBox = { ...HTTP, l7: { opaque: 'kafka', value: [{ topic: 'orders' }] } };
  expect(answer([['allow', kafka]], { http: { method: 'GET' } })).toBe('unknown');
  expect(answer([['deny', kafka], ['allow', HTTP]])).toBe('unknown');
  expect(answer([['allow', { ...kafka, serverNames: ['a.test'] }]], { serverName: 'b.test' })).toBe('denied');
});

test('a DNS question is answered apart from server names', () => {
  const dns: TrafficBox = { ...HTTP, l7: { dns: ['*.example.com'] } };
  expect(answer([['allow', dns]], { dnsName: 'api.example.com' })).toBe('allowed');
  expect(answer([['allow', dns]], { serverName: 'api.example.com' })).toBe('partial');
  expect(answer([['allow', dns]], { http: { method: 'GET' } })).toBe('unknown');
  expect(answer([['allow', { ...dns, serverNames: ['a.test'] }]], { dnsName: 'api.example.com', serverName: 'b.test' })).toBe('denied');
});
