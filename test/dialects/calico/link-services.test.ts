import { networkPolicy } from './support';
import { calico } from '../../../src/dialects/calico';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { Answer, evaluate } from '../../../src/model/evaluate';
import { Endpoint, Flow } from '../../../src/model/match';

const service = (spec: object, namespace = 'data') => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'db', namespace }, spec });
const slice = (endpoints: unknown, ports: unknown, more: object = {}) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'db-abc', namespace: 'data', labels: { 'kubernetes.io/service-name': 'db' } },
  addressType: 'IPv4',
  endpoints,
  ports,
  ...more,
});

const WEB: Endpoint = { kind: 'pod', namespace: 'shop', labels: {}, serviceAccount: 'default', address: '10.244.0.1', ports: [] };
const DB: Endpoint = {
  kind: 'pod', namespace: 'data', labels: { app: 'db' }, serviceAccount: 'default', address: '10.244.0.2', ports: [{ name: 'sql', port: 5432, protocol: 'TCP' }],
};
const OTHER: Endpoint = { ...DB, labels: { app: 'cache' }, address: '10.244.0.3' };
const OUTSIDE: Endpoint = { kind: 'external', address: '203.0.113.9' };

const RULE = { action: 'Allow', destination: { services: { name: 'db', namespace: 'data' } } };
const judge = (spec: object, documents: readonly unknown[], flow: Flow): Answer =>
  evaluate(calico.link(calico.read(networkPolicy(spec)), documents), flow, { cidrMatches: ['pod', 'node', 'hostEndpoint', 'external'] });
const egress = (documents: readonly unknown[], destination: Endpoint, port: number, protocol: number = 6, rule: object = {}): Answer =>
  judge({ types: ['Egress'], egress: [{ ...RULE, ...rule }] }, documents, { source: WEB, destination, protocol, port });
const ingress = (documents: readonly unknown[], source: Endpoint): Answer => judge(
  { types: ['Ingress'], ingress: [{ action: 'Allow', source: { services: { name: 'db', namespace: 'data' } } }] }, documents, { source, destination: WEB, protocol: 6, port: 80 });

describe('a Service at the destination of egress', () => {
  const slices = [
    slice([{ addresses: ['203.0.113.9', '10.244.0.2'] }, { addresses: ['db.example.com'] }], [{ port: 5432, protocol: 'TCP' }, { port: 53, protocol: 'UDP' }, { name: 'any' }]),
    slice([{ addresses: ['203.0.113.10'], conditions: { ready: false } }], [{ port: 9090 }]),
  ];

  test('is the addresses of its EndpointSlices, each on the ports of its slice', () => {
    expect([OUTSIDE, DB].map(to => egress(slices, to, 5432))).toEqual(['allowed', 'allowed']);
    expect(egress(slices, OUTSIDE, 53, 17)).toBe('allowed');
    expect(egress(slices, OUTSIDE, 53)).toBe('denied');
    expect(egress(slices, OUTSIDE, 80)).toBe('denied');
    expect(egress(slices, OUTSIDE, 9090)).toBe('denied');
    expect(egress(slices, { ...OUTSIDE, address: '203.0.113.10' }, 9090)).toBe('allowed');
    expect(egress(slices, OTHER, 5432)).toBe('denied');
  });

  test('is narrowed by what else the rule asks', () => {
    expect(egress(slices, OUTSIDE, 5432, 6, { protocol: 'UDP' })).toBe('denied');
    expect(egress(slices, OUTSIDE, 53, 17, { protocol: 'UDP' })).toBe('allowed');
    expect(egress(slices, OUTSIDE, 5432, 6, { ipVersion: 6 })).toBe('denied');
    expect(egress(slices, OUTSIDE, 5432, 6, { source: { selector: 'app == "other"' } })).toBe('denied');
  });

  test('is the pods that it selects, on its target ports, where there is no EndpointSlice', () => {
    const documents = [service({ selector: { app: 'db' }, ports: [{ port: 80, targetPort: 'sql' }, { port: 9090 }, { port: 53, targetPort: 5353, protocol: 'UDP' }] })];
    expect(egress(documents, DB, 5432)).toBe('allowed');
    expect(egress(documents, DB, 9090)).toBe('allowed');
    expect(egress(documents, DB, 5353, 17)).toBe('allowed');
    expect(egress(documents, DB, 80)).toBe('denied');
    expect(egress(documents, OTHER, 9090)).toBe('denied');
    expect(egress(documents, { ...DB, namespace: 'shop' }, 9090)).toBe('denied');
  });

  test('is what its EndpointSlices say, whatever the Service selects', () => {
    const documents = [service({ selector: { app: 'db' }, ports: [{ port: 9090 }] }), ...slices];
    expect(egress(documents, OUTSIDE, 5432)).toBe('allowed');
    expect(egress(documents, DB, 9090)).toBe('denied');
  });

  test('of another name, or without endpoints, matches nothing', () => {
    expect(egress([service({ type: 'ExternalName', externalName: 'x.example.com' })], OUTSIDE, 5432)).toBe('denied');
    expect(egress([slice([], [{ port: 5432 }])], OUTSIDE, 5432)).toBe('denied');
    expect(egress([slice([{ addresses: ['203.0.113.9'] }], [])], OUTSIDE, 5432)).toBe('denied');
  });

  test('of which nothing is stated is not known', () => {
    expect(egress([], OUTSIDE, 5432)).toBe('unknown');
    expect(egress([service({ selector: { app: 'db' }, ports: [] }, 'other')], OUTSIDE, 5432)).toBe('unknown');
    // Somebody else makes the endpoints of a Service that selects no pods.
    expect(egress([service({ ports: [{ port: 5432 }] })], OUTSIDE, 5432)).toBe('unknown');
  });

  test('denies in the same way', () => {
    const deny = (port: number) => judge({ types: ['Egress'], egress: [{ ...RULE, action: 'Deny' }, { action: 'Allow' }] }, slices, { source: WEB, destination: OUTSIDE, protocol: 6, port });
    expect([5432, 80].map(deny)).toEqual(['denied', 'allowed']);
  });
});

describe('a Service at the source of ingress', () => {
  test('is its addresses, on whatever port', () => {
    const slices = [slice([{ addresses: ['203.0.113.9'] }], [{ port: 5432 }]), slice([{ addresses: ['10.244.0.2'] }], [])];
    expect([OUTSIDE, DB, OTHER].map(from => ingress(slices, from))).toEqual(['allowed', 'allowed', 'denied']);
  });

  test('is the pods that it selects where there is no EndpointSlice', () => {
    expect([DB, OTHER].map(from => ingress([service({ selector: { app: 'db' }, ports: [] })], from))).toEqual(['allowed', 'denied']);
  });

  test('of which nothing is stated is not known', () => {
    expect(ingress([], OUTSIDE)).toBe('unknown');
  });
});

test.each([
  ['a selector that is no text', service({ selector: { app: 1 } }), 'spec.selector[app]: must be a string'],
  ['a protocol that is none', service({ selector: { app: 'db' }, ports: [{ port: 80, protocol: 'HTTP' }] }), 'spec.ports[0].protocol: must be one of TCP, UDP, SCTP'],
  ['a port that is none', slice([], [{ port: 70_000 }]), 'ports[0].port: must be a whole number'],
  ['addresses that are no list', slice([{ addresses: '10.0.0.1' }], []), 'endpoints[0].addresses: must be a list'],
])('%s is refused', (_, document, said) => {
  expect(() => calico.link([], [document])).toThrow(UnreadableDocument);
  expect(() => calico.link([], [document])).toThrow(said);
});

test('an EndpointSlice of no Service is left alone', () => {
  expect(calico.link([], [{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'x' } }]).policies).toEqual([]);
});
