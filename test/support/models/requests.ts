import * as fc from 'fast-check';
import { Probe } from './vocabulary';
import { HeaderMatch, HttpMatch, HttpRequest, TextMatch } from '../../../src/model/http';
import { IcmpType, portRange, TrafficBox } from '../../../src/model/traffic';

/** What flows ask for beyond their port, and conditions on it: few enough to list, and each tells some of them apart. */

export const REQUESTS: readonly HttpRequest[] = [
  { method: 'GET', path: '/', host: 'api.shop', headers: {} },
  { method: 'GET', path: '/orders', host: 'API.shop:8080', headers: { 'X-Team': 'red' } },
  { method: 'GET', path: '/orders?page=2', host: 'api.shop', headers: { 'x-team': 'blue' } },
  { method: 'POST', path: '/orders/7', host: 'www.shop', headers: { 'x-trace': '' } },
  { method: 'DELETE', path: '/ordersx', host: 'other.test', headers: {} },
];

const NAMES = ['api.example.com', 'www.example.com', 'a.b.example.com', 'other.test'];

/** ICMP of IPv4 and IPv6 has types of its own. */
export const ICMP_TYPES: readonly IcmpType[] = [{ type: 0 }, { type: 3 }, { type: 8 }];
export const ICMPV6_TYPES: readonly IcmpType[] = [{ type: 128 }, { type: 129 }];

/** Protocols without ports: GRE, ESP, VRRP, IGMP. */
export const PORTLESS: readonly number[] = [47, 50, 112, 2];

/** Probes that know what they ask for. Those of the vocabulary do not: what only some requests may do is unknown of them. */
export const REQUEST_PROBES: readonly Probe[] = [
  ...REQUESTS.map(http => ({ protocol: 6, port: 80, http })),
  ...NAMES.map(serverName => ({ protocol: 6, port: 443, serverName })),
  ...NAMES.map(dnsName => ({ protocol: 17, port: 53, dnsName })),
  { protocol: 1, icmp: { type: 3, code: 1 } },
  ...PORTLESS.slice(0, 2).map(protocol => ({ protocol })),
];

/** Which forms of conditions a dialect has words for. */
export type HttpForms = 'methods-and-paths' | 'patterns';

const PLAIN_METHODS: readonly (readonly TextMatch[])[] = [[{ exact: 'GET' }], [{ exact: 'GET' }, { exact: 'POST' }], [{ exact: 'PUT' }]];
const METHOD_PATTERNS: readonly (readonly TextMatch[])[] = [[{ pattern: 'GET|DELETE' }], [{ prefix: 'P' }], [{ suffix: 'T' }]];
/** A prefix of whole segments, which is how some compare them, is the path itself and what is below. */
const PLAIN_PATHS: readonly (readonly TextMatch[])[] = [[{ exact: '/orders' }], [{ exact: '/orders' }, { prefix: '/orders/' }], [{ prefix: '/' }], [{ exact: '/' }]];
const PATH_PATTERNS: readonly (readonly TextMatch[])[] = [
  [{ prefix: '/orders' }], [{ suffix: '/7' }], [{ suffix: 's' }], [{ pattern: '/orders(/[0-9]+)?' }], [{ pattern: '.*page=[0-9]' }, { exact: '/' }], [{ pattern: '/o.*' }],
];
const HOSTS: readonly (readonly TextMatch[])[] = [
  [{ exact: 'api.shop' }], [{ suffix: '.shop' }], [{ prefix: 'www.' }], [{ pattern: '(?i:api\\.shop)' }], [{ exact: 'www.shop' }, { pattern: '.*:8080' }],
];
const HEADERS: readonly (readonly HeaderMatch[])[] = [
  [{ name: 'x-team' }],
  [{ name: 'X-Team', values: [{ exact: 'red' }] }],
  [{ name: 'x-team', values: [{ exact: 'red' }, { exact: 'blue' }] }],
  [{ name: 'x-team', values: [{ exact: 'red' }], mismatch: 'REPLACE' }],
  [{ name: 'x-team', secret: { name: 'token', namespace: 'shop' } }],
  [{ name: 'x-team', values: [{ exact: 'red' }] }, { name: 'x-trace' }],
];

const conditions = (forms: HttpForms): fc.Arbitrary<HttpMatch> => {
  const full = forms === 'patterns';
  return fc.record({
    methods: fc.constantFrom(...PLAIN_METHODS, ...(full ? METHOD_PATTERNS : [])),
    paths: fc.constantFrom(...PLAIN_PATHS, ...(full ? PATH_PATTERNS : [])),
    ...(full ? { hosts: fc.constantFrom(...HOSTS), headers: fc.constantFrom(...HEADERS) } : {}),
  }, { requiredKeys: [] });
};

/** One box on a port that requests are probed at. */
export const httpBoxes = (forms: HttpForms): fc.Arbitrary<TrafficBox> => fc.record({
  box: fc.constantFrom(portRange('TCP', 80), portRange('TCP', 80), portRange('TCP', 8080)),
  http: fc.array(conditions(forms), { minLength: 1, maxLength: forms === 'patterns' ? 3 : 1 }),
}).map(({ box, http }) => ({ ...box, l7: { http } }));

/** Names of TLS handshakes, on a port that they are probed at. */
export const serverNameBoxes = (anywhere: boolean): fc.Arbitrary<TrafficBox> =>
  fc.subarray(['api.example.com', '*.example.com', '**.example.com', 'other.test', ...(anywhere ? ['a*.example.com', '*'] : [])], { minLength: 1, maxLength: 2 })
    .map(serverNames => ({ ...portRange('TCP', 443), serverNames }));
