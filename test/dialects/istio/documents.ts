import * as fc from 'fast-check';
import { caller, document, get, plaintext, to, WEB } from './support';
import { Flow } from '../../../src/model/match';
import { PROTOCOL_NUMBERS } from '../../../src/model/traffic';

/** AuthorizationPolicies from a small vocabulary, and every flow that can tell them apart. */

const some = (values: readonly string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });

/** An object with at least one of the fields. */
const anyOfFields = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(fields, { requiredKeys: [] }).filter(value => Object.keys(value).length > 0);

const both = (field: string, values: readonly string[]) => ({ [field]: some(values), [`not${field[0].toUpperCase()}${field.slice(1)}`]: some(values) });

const PRINCIPALS = ['cluster.local/ns/shop/sa/api', 'cluster.local/ns/data/sa/*', '*/sa/job', '*', 'other/ns/shop/sa/api'];
const NAMESPACES = ['shop', 'data', 'sh*', '*ta', '*'];
const ADDRESSES = ['10.0.0.9', '10.0.0.0/24', '10.1.0.7/16', 'fd00::/64'];

export const sources = fc.oneof(
  anyOfFields({ ...both('principals', PRINCIPALS), ...both('namespaces', NAMESPACES), ...both('ipBlocks', ADDRESSES) }),
  anyOfFields({ ...both('serviceAccounts', ['api', 'data/job']), ...both('ipBlocks', ADDRESSES), ...both('trustDomains', ['cluster.local', 'oth*', '*']) }),
);

export const operations = anyOfFields({
  ...both('ports', ['80', '8080']),
  ...both('methods', ['GET', 'P*', '*']),
  ...both('paths', ['/', '/a*', '*.png', '/a/{*}', '/a/{**}', '/a/{*}/c/{**}', '*']),
  ...both('hosts', ['web.shop', 'web.shop:*', 'WEB*', '*.shop', 'web.shop:80*', '*']),
});

const condition = (key: string, values: readonly string[]) =>
  fc.record(both('values', values), { requiredKeys: [] }).filter(value => Object.keys(value).length > 0).map(value => ({ key, ...value }));

const conditions = fc.oneof(
  condition('request.headers[X-Team]', ['red', 'r*', '*d', '*']),
  condition('source.ip', ADDRESSES),
  condition('destination.ip', ['10.0.0.1', '10.9.0.0/16']),
  condition('destination.port', ['80', '8080']),
  condition('source.namespace', NAMESPACES),
  condition('source.principal', PRINCIPALS),
);

/** What only the proxy can tell. */
export const unknowns = fc.oneof(
  condition('request.auth.claims[iss]', ['a', '*']),
  condition('remote.ip', ADDRESSES),
  condition('connection.sni', ['a.com', '*.com']),
);

const rules = (when: fc.Arbitrary<unknown>) => fc.record({
  from: fc.array(sources.map(source => ({ source })), { minLength: 1, maxLength: 2 }),
  to: fc.array(operations.map(operation => ({ operation })), { minLength: 1, maxLength: 2 }),
  when: fc.array(when, { minLength: 1, maxLength: 2 }),
}, { requiredKeys: [] });

const specs = (when: fc.Arbitrary<unknown>) => fc.record({
  action: fc.constantFrom('ALLOW', 'ALLOW', 'DENY', 'AUDIT'),
  rules: fc.array(rules(when), { minLength: 1, maxLength: 2 }),
  selector: fc.constantFrom({ matchLabels: { app: 'web' } }, { matchLabels: { app: 'db' } }, {}),
}, { requiredKeys: ['action', 'rules'] });

export const policies = (when: fc.Arbitrary<unknown> = conditions): fc.Arbitrary<any[]> =>
  fc.array(fc.tuple(specs(when), fc.constantFrom('shop', 'shop', 'data', 'istio-system')), { minLength: 1, maxLength: 3 })
    .map(items => items.map(([spec, namespace], i) => document(spec, { name: `p${i}`, namespace })));

const CALLERS = [
  caller('api', 'shop'), caller('job', 'data', '10.1.2.3'), caller('default', 'shop', 'fd00::9'), plaintext('shop'), plaintext('data', '10.1.2.3'),
  { ...caller('api', 'shop'), principal: 'other/ns/shop/sa/api' },
];

const REQUESTS = [
  get('/'), get('/a/b?x=/'), get('/a/b/c/d'), get('/x.png', { method: 'POST', host: 'Web.Shop:80' }), get('/a/', { headers: { 'x-team': 'red' } }),
  get('/b', { method: 'PUT', host: 'other.shop', headers: { 'X-TEAM': 'blue' } }),
];

export const REQUEST_FLOWS: readonly Flow[] = CALLERS.flatMap(source => [80, 8080].flatMap(port => REQUESTS.map(http => to(source, port, http))));
/** Of the same callers and ports, whose requests are not known. */
export const PORT_FLOWS: readonly Flow[] = CALLERS.flatMap(source => [80, 8080].map(port => to(source, port)));
export const OTHER_FLOWS: readonly Flow[] = [
  { ...to(plaintext('data'), 53), protocol: PROTOCOL_NUMBERS.UDP },
  to(caller('api', 'shop'), 80, get('/'), { ...WEB, labels: { app: 'db' }, address: '10.9.0.1' }),
  to(caller('api', 'shop'), 80, get('/'), { ...WEB, namespace: 'data', address: '10.0.0.2' }),
];
