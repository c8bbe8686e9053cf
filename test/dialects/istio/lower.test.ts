import { answer, caller, get, plaintext, to } from './support';
import { Target } from '../../../src/dialects/dialect';
import { IstioMesh, istio, lowerIstio, writeIstio } from '../../../src/dialects/istio';
import { address, allOf, ANY, anyOf, EndpointExpr, EXTERNAL, inNamespace, labelIn, not, POD } from '../../../src/model/endpoint';
import { Answer } from '../../../src/model/evaluate';
import { Flow } from '../../../src/model/match';
import { Policy, Rule } from '../../../src/model/policy-set';
import { ALL_TRAFFIC, portRange, TrafficBox } from '../../../src/model/traffic';

const TARGET: Target = {
  cni: 'cilium', cidrMatchesPods: false, cidrMatchesNodes: false, clusterCidrs: ['10.0.0.0/16'], clusterCidrsComplete: true, denyTier: 'netpol-deny',
};
const WEB = allOf(POD, inNamespace('shop'), labelIn('pod', 'app', 'web'));
const API = allOf(POD, inNamespace('data'), { serviceAccount: 'api' });

const rule = (source: EndpointExpr, traffic: readonly TrafficBox[] = [portRange('TCP', 80)], action: Rule['action'] = 'allow'): Rule =>
  ({ action, match: { source, destination: ANY, traffic } });
const policy = (rules: readonly Rule[], other: Partial<Policy> = {}): Policy => ({
  origin: { apiVersion: 'x', kind: 'Connections', namespace: 'shop', name: 'web' },
  stage: 'normal',
  order: [],
  mode: 'enforce',
  direction: 'ingress',
  subject: WEB,
  isolates: true,
  rules,
  ...other,
});
const written = (rules: readonly Rule[], mesh?: Partial<IstioMesh>, other?: Partial<Policy>): any[] =>
  writeIstio(lowerIstio([policy(rules, other)], TARGET, mesh).policies, mesh);
const source = (peer: EndpointExpr, mesh?: Partial<IstioMesh>): any =>
  written([rule(peer)], mesh)[0].spec.rules[0].from?.map((each: any) => each.source);

test.each<[string, EndpointExpr, unknown]>([
  ['a service account is its principal', API, [{ principals: ['cluster.local/ns/data/sa/api'] }]],
  ['a principal stays', { principal: 'other/ns/a/sa/b' }, [{ principals: ['other/ns/a/sa/b'] }]],
  ['pods of a namespace are its identities', allOf(POD, inNamespace('data')), [{ namespaces: ['data'] }]],
  ['namespaces by their name label', allOf(POD, labelIn('namespace', 'kubernetes.io/metadata.name', 'a', 'b')), [{ namespaces: ['a', 'b'] }]],
  ['every pod is every identity of the trust domain', POD, [{ principals: ['cluster.local/*'] }]],
  ['anyone needs no source', ANY, undefined],
  ['addresses outside leave out those of pods and nodes', allOf(EXTERNAL, address('10.0.0.0/8', ['10.9.0.0/16'])),
    [{ ipBlocks: ['10.0.0.0/8'], notIpBlocks: ['10.0.0.0/16', '10.9.0.0/16'] }]],
  ['addresses of whoever holds them', address('10.0.0.0/24'), [{ ipBlocks: ['10.0.0.0/24'] }]],
  ['several peers', anyOf(API, allOf(POD, inNamespace('data')), allOf(POD, inNamespace('data'), { serviceAccount: 'job' })),
    [{ namespaces: ['data'] }, { principals: ['cluster.local/ns/data/sa/api', 'cluster.local/ns/data/sa/job'] }]],
])('%s', (_, peer, expected) => {
  expect(source(peer)).toEqual(expected);
});

test('the trust domain is a fact', () => {
  expect(source(API, { trustDomain: 'prod.example' })).toEqual([{ principals: ['prod.example/ns/data/sa/api'] }]);
});

test('what was stated is what the mesh allows', () => {
  const stated = [rule(API, [portRange('TCP', 80)]), rule(allOf(POD, inNamespace('shop')), [{ ...portRange('TCP', 8080), l7: { http: [{ paths: [{ prefix: '/a' }] }] } }])];
  const read = written(stated).flatMap(each => istio.read(each));
  const table: [Flow, Answer][] = [
    [to(caller('api', 'data'), 80), 'allowed'],
    [to(caller('job', 'data'), 80), 'denied'],
    [to(plaintext('data'), 80), 'denied'],
    [to(caller('api', 'data'), 8080), 'denied'],
    [to(caller('x', 'shop'), 8080, get('/a/b')), 'allowed'],
    [to(caller('x', 'shop'), 8080, get('/b')), 'denied'],
    [{ ...to(plaintext('data'), 53), protocol: 17 }, 'allowed'],
  ];
  expect(table.map(([flow]) => answer(read, flow))).toEqual(table.map(([, expected]) => expected));
});

test('isolation without rules closes the workload', () => {
  expect(written([])[0].spec).toEqual({ selector: { matchLabels: { app: 'web' } } });
});

test('rules about other protocols are the network policy\'s', () => {
  expect(written([rule(API, [portRange('UDP', 53)])])[0].spec.rules).toBeUndefined();
  expect(written([rule(API, ALL_TRAFFIC)])[0].spec.rules).toEqual([{ from: [{ source: { principals: ['cluster.local/ns/data/sa/api'] } }] }]);
  expect(lowerIstio([policy([rule(ANY, [portRange('UDP', 53)], 'deny')], { isolates: false })], TARGET).policies).toEqual([]);
});

test('a denial of everything on a port, and of addresses', () => {
  const [allow, deny] = written([rule(ANY, ALL_TRAFFIC), rule(address('10.0.0.0/24'), ALL_TRAFFIC, 'deny')]);
  expect([allow.spec.action, deny.spec.rules]).toEqual(['ALLOW', [{ from: [{ source: { ipBlocks: ['10.0.0.0/24'] } }] }]]);
});

test('a denial of identities needs that everybody has one', () => {
  const denied = [rule(API, [portRange('TCP', 80)], 'deny')];
  expect(() => written(denied)).toThrow(/does not reach callers in plaintext/);
  expect(written(denied, { strictMtls: true }, { isolates: false })[0].spec).toMatchObject({ action: 'DENY' });
});

describe('what a mesh does not know is refused:', () => {
  const requests = [{ ...portRange('TCP', 80), l7: { http: [{ methods: [{ exact: 'GET' }] }] } }];

  test.each<[string, Policy, RegExp]>([
    ['egress', policy([], { direction: 'egress' }), /leave egress to the network policy/],
    ['a tier', policy([], { stage: 'admin' }), /no tiers/],
    ['pods by labels', policy([rule(allOf(POD, inNamespace('data'), labelIn('pod', 'app', 'api')))]), /pod label app.*name the workload/],
    ['namespaces by labels', policy([rule(allOf(POD, labelIn('namespace', 'team', 'a')))]), /namespace label team/],
    ['a service account of any namespace', policy([rule(allOf(POD, { serviceAccount: 'api' }))]), /service account of a namespace/],
    ['what is left out', policy([rule(allOf(POD, not(inNamespace('data'))))]), /who sends plaintext/],
    ['an entity', policy([rule({ entity: 'host' })]), /identities or addresses/],
    ['a node', policy([rule({ kind: 'node' })]), /cannot select nodes/],
    ['whatever is outside', policy([rule(EXTERNAL)]), /identities or addresses/],
    ['a name', policy([rule({ fqdn: 'a.com' })]), /have no names/],
    ['a range inside the cluster', policy([rule(allOf(EXTERNAL, address('10.0.1.0/24')))]), /inside the stated ranges/],
    ['a pass', policy([rule(API, undefined, 'pass')]), /no tiers to pass to/],
    ['a log', policy([rule(API, undefined, 'log')]), /marks requests for a plugin/],
    ['the own end', policy([{ action: 'allow', match: { source: ANY, destination: address('10.0.0.1/32'), traffic: ALL_TRAFFIC } }]), /narrow the subject/],
    ['a denial of requests without a port', policy([rule(ANY, [{ protocols: [[6, 6]], l7: requests[0].l7 }], 'deny')]), /state the port/],
  ])('%s', (_, refused, reason) => {
    expect(() => istio.lower([refused], TARGET)).toThrow(reason);
  });

  test('requests, where ztunnel enforces', () => {
    expect(() => lowerIstio([policy([rule(API, requests)])], TARGET, { dataPlane: 'ambient' })).toThrow(/needs a waypoint/);
  });
});
