import { answer, caller, plaintext, to, WEB } from './support';
import { isOfKind } from '../../../src/dialects/dialect';
import { checkFields } from '../../../src/dialects/field-tree';
import { istio } from '../../../src/dialects/istio';
import { Answer } from '../../../src/model/evaluate';
import { Endpoint } from '../../../src/model/match';

const tls = (spec: object, namespace: string = 'shop', metadata: object = {}): any =>
  ({ apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace, ...metadata }, spec });
const mode = (text: string) => ({ mtls: { mode: text } });
const web = (spec: object) => ({ selector: { matchLabels: { app: 'web' } }, ...spec });
const STRICT = mode('STRICT');
const MESH = 'istio-system';

test.each<[string, any[], number, Answer]>([
  ['without any, plaintext comes in', [], 80, 'allowed'],
  ['STRICT of the namespace closes it', [tls(STRICT)], 80, 'denied'],
  ['STRICT of another namespace does not', [tls(STRICT, 'data')], 80, 'allowed'],
  ['STRICT of the mesh closes every namespace', [tls(STRICT, MESH)], 80, 'denied'],
  ['a namespace overrides the mesh', [tls(STRICT, MESH), tls(mode('PERMISSIVE'))], 80, 'allowed'],
  ['UNSET of a namespace leaves it to the mesh', [tls(STRICT, MESH), tls(mode('UNSET'))], 80, 'denied'],
  ['a workload overrides its namespace', [tls(STRICT), tls(web(mode('DISABLE')), 'shop', { name: 'web' })], 80, 'allowed'],
  ['a workload that leaves it unset does not', [tls(STRICT), tls(web({}), 'shop', { name: 'web' })], 80, 'denied'],
  ['another workload has no say', [tls(STRICT), tls({ selector: { matchLabels: { app: 'db' } }, ...mode('DISABLE') }, 'shop', { name: 'db' })], 80, 'denied'],
  ['a selector in the root namespace is ignored', [tls(web(STRICT), MESH)], 80, 'allowed'],
  ['a port may be left open', [tls(web({ ...STRICT, portLevelMtls: { 80: mode('DISABLE').mtls } }))], 80, 'allowed'],
  ['the other ports stay closed', [tls(web({ ...STRICT, portLevelMtls: { 80: mode('DISABLE').mtls } }))], 81, 'denied'],
  ['a port may be closed', [tls(web({ portLevelMtls: { 80: mode('STRICT').mtls } }))], 80, 'denied'],
  ['a port that is unset is as the workload', [tls(web({ ...STRICT, portLevelMtls: { 80: {} } }))], 80, 'denied'],
  ['of two for one workload nobody knows which holds', [tls(web(STRICT), 'shop', { name: 'a' }), tls(web(mode('DISABLE')), 'shop', { name: 'b' })], 80, 'unknown'],
  ['two that say the same are one', [tls(web(STRICT), 'shop', { name: 'a' }), tls(web(STRICT), 'shop', { name: 'b' })], 80, 'denied'],
  ['the older of two holds', [tls(web(STRICT), 'shop', { name: 'a', creationTimestamp: '2026-01-02T00:00:00Z' }),
    tls(web(mode('DISABLE')), 'shop', { name: 'b', creationTimestamp: '2026-01-01T00:00:00Z' })], 80, 'allowed'],
])('%s', (_, documents, port, expected) => {
  expect(answer([], to(plaintext('shop'), port), documents)).toBe(expected);
  // Whoever has an identity comes in all the same.
  if (expected !== 'unknown') { expect(answer([], to(caller('api', 'shop'), port), documents)).toBe('allowed'); }
  for (const each of documents) {
    expect(checkFields(istio.fields.PeerAuthentication, { ...each, metadata: { name: 'a', namespace: 'b' } })).toEqual([]);
    expect(isOfKind(each, istio.kinds.filter(({ role }) => role === 'support'))).toBe(true);
  }
});

test('what has no known identity is not known', () => {
  const stranger: Endpoint = { kind: 'pod', namespace: 'shop' };
  expect(answer([], to(stranger, 80), [tls(STRICT)])).toBe('unknown');
});

test('what is not TCP, and other endpoints than pods, are not closed', () => {
  expect(answer([], { ...to(plaintext('shop'), 53), protocol: 17 }, [tls(STRICT, MESH)])).toBe('allowed');
  expect(answer([], to(WEB, 443, undefined, { kind: 'external', address: '203.0.113.1' }), [tls(STRICT, MESH)])).toBe('allowed');
});

test.each<[string, any[], RegExp]>([
  ['an unknown mode', [tls(mode('strict'))], /must be one of UNSET, DISABLE, PERMISSIVE, STRICT/],
  ['ports without a selector', [tls({ portLevelMtls: { 80: {} } })], /without a selector/],
  ['no ports', [tls(web({ portLevelMtls: {} }))], /without a port/],
  ['a name as a port', [tls(web({ portLevelMtls: { http: {} } }))], /1 to 65535/],
  ['two for one namespace that differ', [tls(STRICT), tls(mode('DISABLE'), 'shop', { name: 'b' })], /takes the older one/],
  ['an unknown field', [tls({ mode: 'STRICT' })], /not known here/],
])('%s cannot be read', (_, documents, reason) => {
  expect(() => istio.link([], documents)).toThrow(reason);
});
