import * as fc from 'fast-check';
import { REQUEST_FLOWS, PORT_FLOWS, OTHER_FLOWS } from './documents';
import { answer, document, read } from './support';
import { Target } from '../../../src/dialects/dialect';
import { checkFields } from '../../../src/dialects/field-tree';
import { istio, writeIstio } from '../../../src/dialects/istio';
import { allOf, ANY, anyOf, EndpointExpr, EXTERNAL, inNamespace, labelExists, labelIn, NONE, not, POD } from '../../../src/model/endpoint';
import { HttpMatch } from '../../../src/model/http';
import { Policy, Rule } from '../../../src/model/policy-set';
import { namedPort, portRange, TrafficBox } from '../../../src/model/traffic';
import { judgeIstio } from '../../oracle/istio';
import { runs } from '../../support/models/runs';

const TARGET: Target = {
  cni: 'kubernetes', cidrMatchesPods: true, cidrMatchesNodes: true, clusterCidrs: [], clusterCidrsComplete: true, denyTier: 'netpol-deny',
};
const TCP: TrafficBox = { protocols: [[6, 6]] };
const NOT_TCP: Rule = { action: 'allow', match: { source: ANY, destination: ANY, traffic: [{ protocols: [[0, 5], [7, 255]] }] } };
const WEB = allOf(POD, inNamespace('shop'), labelIn('pod', 'app', 'web'));
const API: EndpointExpr = { principal: 'cluster.local/ns/data/sa/api' };
const anyone = (cidr: string, ...except: string[]): EndpointExpr => ({ cidr, except, anyone: true });

const rule = (source: EndpointExpr, traffic: readonly TrafficBox[] = [TCP], action: Rule['action'] = 'allow'): Rule =>
  ({ action, match: { source, destination: ANY, traffic } });
const http = (...matches: HttpMatch[]): TrafficBox[] => [{ ...TCP, l7: { http: matches } }];
const policy = (rules: readonly Rule[], other: Partial<Policy> = {}): Policy => ({
  origin: { apiVersion: 'x', kind: 'Connections', namespace: 'shop', name: 'web' },
  stage: 'mesh',
  order: [1],
  mode: 'enforce',
  direction: 'ingress',
  subject: WEB,
  isolates: true,
  rules: [...rules, NOT_TCP],
  ...other,
});

/** The documents, which fit the fields, which the judge takes, and which read back. */
function write(...policies: Policy[]): any[] {
  const documents = istio.write(policies, TARGET);
  for (const each of documents) { expect(checkFields(istio.fields.AuthorizationPolicy, each)).toEqual([]); }
  judgeIstio(documents.filter(each => !each.spec?.targetRefs), { source: { address: '10.0.0.1' }, destination: { namespace: 'x', labels: {}, address: '10.0.0.2' }, port: 1 });
  documents.forEach(each => istio.read(each));
  return documents;
}

const spec = (...rules: Rule[]): any => write(policy(rules))[0].spec;

test('a policy that allows nothing has no rules and no action', () => {
  expect(write(policy([]))).toEqual([document({ selector: { matchLabels: { app: 'web' } } })]);
  expect(spec(rule(NONE))).toEqual({ selector: { matchLabels: { app: 'web' } } });
  expect(write(policy([], { subject: allOf(POD, inNamespace('shop')) }))[0].spec).toEqual({});
});

test('what allows and denies becomes two documents', () => {
  const documents = write(policy([rule(API), rule(anyone('10.1.0.0/16'), [TCP], 'deny')]));
  expect(documents.map(({ metadata, spec: { action } }) => [metadata.name, action])).toEqual([['web', 'ALLOW'], ['web-deny', 'DENY']]);
});

test('a policy that only denies keeps its name', () => {
  const [only] = write(policy([], { isolates: false, rules: [rule(ANY, [portRange('TCP', 80)], 'deny')] }));
  expect(only).toEqual(document({ selector: { matchLabels: { app: 'web' } }, action: 'DENY', rules: [{ to: [{ operation: { ports: ['80'] } }] }] }));
});

test('a staged policy is a dry run', () => {
  const [dry] = write(policy([rule(API)], { mode: 'staged' }));
  expect(dry.metadata.annotations).toEqual({ 'istio.io/dry-run': 'true' });
  expect(istio.read(dry)[0].mode).toBe('staged');
});

test('a policy of the root namespace is for the mesh', () => {
  const [root] = write(policy([], { origin: { apiVersion: 'x', kind: 'x', namespace: 'istio-system', name: 'deny-all' }, subject: POD }));
  expect(root).toMatchObject({ metadata: { namespace: 'istio-system' }, spec: {} });
  expect(() => writeIstio([policy([], { subject: POD })])).toThrow(/pods of namespace shop/);
  expect(() => write(policy([], { origin: { apiVersion: 'x', kind: 'x', namespace: 'istio-system', name: 'a' }, subject: allOf(POD, inNamespace('istio-system')) })))
    .toThrow(/for the whole mesh/);
});

describe('callers', () => {
  const from = (source: EndpointExpr): any => spec(rule(source)).rules?.[0].from?.map(({ source: each }: any) => each);

  test.each<[string, EndpointExpr, unknown]>([
    ['anyone', ANY, undefined],
    ['a principal', API, [{ principals: ['cluster.local/ns/data/sa/api'] }]],
    ['several principals are one list', anyOf({ principal: 'b' }, { principal: 'a' }, API), [{ principals: ['a', 'b', 'cluster.local/ns/data/sa/api'] }]],
    ['a namespace', allOf({ principal: '*' }, inNamespace('data')), [{ namespaces: ['data'] }]],
    ['none of two namespaces', not(anyOf(allOf({ principal: '*' }, inNamespace('a')), allOf({ principal: '*' }, inNamespace('b')))), [{ notNamespaces: ['a', 'b'] }]],
    ['who has an identity', { principal: '*' }, [{ principals: ['*'] }]],
    ['who has none', not({ principal: '*' }), [{ notPrincipals: ['*'] }]],
    ['addresses without some', anyone('10.0.0.0/8', '10.1.0.0/16'), [{ ipBlocks: ['10.0.0.0/8'], notIpBlocks: ['10.1.0.0/16'] }]],
    ['a principal at an address', allOf(API, anyone('10.0.0.0/8')), [{ principals: ['cluster.local/ns/data/sa/api'], ipBlocks: ['10.0.0.0/8'] }]],
    ['the smaller of two ranges', allOf(anyone('10.0.0.0/8'), anyone('10.1.0.0/16')), [{ ipBlocks: ['10.1.0.0/16'] }]],
    ['nobody, of two ranges that exclude each other', allOf(anyone('10.0.0.0/16'), anyone('10.1.0.0/16')), undefined],
  ])('%s', (_, source, expected) => {
    expect(from(source)).toEqual(expected);
  });

  test('that exclude each other are no rule, not a rule for anyone', () => {
    expect(spec(rule(allOf({ principal: 'a' }, { principal: 'b' }))).rules).toBeUndefined();
  });

  test('more than an API server takes are several rules', () => {
    const many = anyOf(...Array.from({ length: 600 }, (_, i) => anyone(`10.${i >> 8}.${i & 255}.0/24`, `10.${i >> 8}.${i & 255}.1/32`))); // eslint-disable-line no-bitwise
    expect(spec(rule(many)).rules.map(({ from: each }: any) => each.length)).toEqual([512, 88]);
  });
});

describe('operations', () => {
  const operations = (...boxes: TrafficBox[]): any => spec(rule(API, boxes)).rules
    .map(({ to, when }: any) => ({ ...(to ? { to: to.map((each: any) => each.operation) } : {}), ...(when ? { when } : {}) }));

  test.each<[string, TrafficBox[], unknown]>([
    ['ports are listed', [portRange('TCP', 80, 82)], [{ to: [{ ports: ['80', '81', '82'] }] }]],
    ['all ports but one', [{ ...TCP, destinationPorts: { ranges: [[0, 79], [81, 65535]], names: [] } }], [{ to: [{ notPorts: ['80'] }] }]],
    ['all ports', [portRange('TCP', 1, 65535)], [{}]],
    ['methods and paths', http({ methods: [{ exact: 'GET' }], paths: [{ prefix: '/a' }, { suffix: '.png' }] }), [{ to: [{ methods: ['GET'], paths: ['*.png', '/a*'] }] }]],
    ['a host, whatever its port', http({ hosts: [{ exact: 'a.com' }] }), [{ to: [{ hosts: ['a.com', 'a.com:*'] }] }]],
    ['headers', http({ headers: [{ name: 'X-A', values: [{ prefix: 'b' }] }, { name: 'X-C' }] }),
      [{ when: [{ key: 'request.headers[x-a]', values: ['b*'] }, { key: 'request.headers[x-c]', values: ['*'] }] }]],
    ['alternatives of requests are alternatives', http({ methods: [{ exact: 'GET' }] }, { paths: [{ exact: '/a' }] }), [{ to: [{ methods: ['GET'] }, { paths: ['/a'] }] }]],
    ['requests and ports stand in rules of their own', [...http({ methods: [{ exact: 'GET' }] }), portRange('TCP', 80)],
      [{ to: [{ methods: ['GET'] }] }, { to: [{ ports: ['80'] }] }]],
  ])('%s', (_, boxes, expected) => {
    expect(operations(...boxes)).toEqual(expected);
  });

  test('rules about other protocols are left to the network policy', () => {
    expect(spec(rule(API, [portRange('UDP', 53)])).rules).toBeUndefined();
    expect(operations({ protocols: [[0, 255]] })).toEqual([{}]);
  });

  test('a template that was read is written as it was', () => {
    const given = document({ rules: [{ to: [{ operation: { paths: ['/a/{*}/b.c/{**}'], notHosts: ['*.a.com', 'b.com:8*'] } }] }], action: 'ALLOW' });
    expect(istio.write(istio.read(given), TARGET)).toEqual([given]);
  });
});

test('what is bound to Services is written for them', () => {
  const given = document({ targetRefs: [{ group: '', kind: 'Service', name: 'web' }, { group: '', kind: 'Service', name: 'api' }] });
  expect(write(...istio.read(given))).toEqual([given]);
});

test('CUSTOM keeps its provider, and AUDIT is a policy that logs', () => {
  for (const given of [document({ action: 'CUSTOM', provider: { name: 'opa' }, rules: [{}] }), document({ action: 'AUDIT', rules: [{}] })]) {
    expect(istio.write(istio.read(given), TARGET)).toEqual([given]);
  }
});

test('of policies that write the same name one is refused', () => {
  const both = policy([rule(API), rule(anyone('10.1.0.0/16'), [TCP], 'deny')]);
  const other = policy([rule(API)], { origin: { ...both.origin, name: 'web-deny' } });
  expect(() => istio.write([both, other], TARGET)).toThrow(/two documents would be named shop\/web-deny/);
});

describe('what an AuthorizationPolicy cannot say is refused:', () => {
  const bad = (source: EndpointExpr, traffic?: TrafficBox[], action?: Rule['action']) => policy([rule(source, traffic, action)]);

  test.each<[string, Policy, RegExp]>([
    ['egress', policy([], { direction: 'egress' }), /judges what comes in/],
    ['another stage', policy([], { stage: 'normal' }), /no tiers/],
    ['a policy that nobody enforces', policy([], { mode: 'void' }), /mode void/],
    ['a policy of the cluster', policy([], { origin: { apiVersion: 'x', kind: 'x', name: 'x' } }), /namespaced/],
    ['a hook', policy([], { hook: 'forwarded' }), /host endpoints of Calico/],
    ['effects', policy([], { effects: { description: 'x' } }), /description/],
    ['effects of a rule', policy([{ ...rule(API), effects: { listener: {} } }]), /listener/],
    ['an allow that does not isolate', policy([rule(API)], { isolates: false }), /leave isolate at its default/],
    ['isolation of other protocols', policy([], { rules: [rule(API)] }), /a mesh sees TCP only/],
    ['nothing', policy([], { isolates: false, rules: [] }), /must allow or deny something/],
    ['a pass', bad(API, [TCP], 'pass'), /no tiers to pass to/],
    ['CUSTOM without a provider', bad(API, [TCP], 'external'), /names a provider/],
    ['a subject of two namespaces', policy([], { subject: allOf(POD, inNamespace('data')) }), /pods of namespace shop/],
    ['a subject by a label that exists', policy([], { subject: allOf(WEB, labelExists('pod', 'a')) }), /labels and their values/],
    ['a subject by one of two values', policy([], { subject: allOf(POD, inNamespace('shop'), labelIn('pod', 'a', 'b', 'c')) }), /labels and their values/],
    ['a subject by the labels of its namespace', policy([], { subject: allOf(WEB, labelIn('namespace', 'a', 'b')) }), /namespace label a/],
    ['a subject of alternatives', policy([], { subject: anyOf(WEB, allOf(POD, inNamespace('shop'), labelIn('pod', 'b', 'c'))) }), /2 alternatives/],
    ['callers by labels', bad(allOf(POD, labelIn('pod', 'a', 'b'))), /not by labels/],
    ['callers by where they run', bad(inNamespace('data')), /who has proven an identity/],
    ['a namespace at an address, without an identity', bad(allOf(inNamespace('data'), anyone('10.0.0.0/8'))), /who has proven an identity/],
    ['a namespace that is left out, whoever it is', bad(not(inNamespace('data'))), /who has proven an identity/],
    ['addresses outside', bad(allOf(EXTERNAL, anyone('10.0.0.0/8'))), /who has proven an identity/],
    ['an address of a network policy', bad({ cidr: '10.0.0.0/8', except: [] }), /whoever holds it/],
    ['a name', bad({ fqdn: 'a.com' }), /have no names/],
    ['an entity', bad({ entity: 'host' }), /identities or addresses/],
    ['a cluster', bad({ cluster: 'mars' }), /only its own cluster/],
    ['a reference', bad({ ref: 'addressSet', name: 'x' }), /no references/],
    ['two patterns of principals at once', bad(allOf({ principal: 'a/*' }, { principal: '*/b' })), /no form in a source/],
    ['a range of many ports', bad(API, [portRange('TCP', 8000, 9000)]), /at most 20/],
    ['a named port', bad(API, [namedPort('TCP', 'http')]), /single numbers/],
    ['a source port', bad(API, [{ ...TCP, sourcePorts: { ranges: [[1, 2]], names: [] } }]), /destination ports only/],
    ['an IP version', bad(API, [{ ...TCP, ipVersion: 6 }]), /IPv6/],
    ['a server name', bad(API, [{ ...TCP, serverNames: ['a.com'] }]), /TLS handshakes/],
    ['DNS', bad(API, [{ ...TCP, l7: { dns: ['a.com'] } }]), /HTTP requests only/],
    ['another protocol that is known by name', bad(API, [{ ...TCP, l7: { opaque: 'kafka', value: {} } }]), /HTTP requests only/],
    ['a denial of other protocols', policy([], { isolates: false, rules: [rule(ANY, [{ protocols: [[0, 255]] }], 'deny')] }), /a mesh sees TCP only/],
    ['a pattern', bad(API, http({ paths: [{ pattern: '/a|/b' }] })), /templates of paths/],
    ['a path with a star at its end', bad(API, http({ paths: [{ exact: '/a*' }] })), /templates of paths/],
    ['a path with braces', bad(API, http({ paths: [{ exact: '/{*}' }] })), /templates of paths/],
    ['a method of no letters', bad(API, http({ methods: [{ prefix: '' }] })), /methods/],
    ['the end of a host, whatever its port', bad(API, http({ hosts: [{ suffix: '.a.com' }] })), /hosts/],
    ['a host in capitals', bad(API, http({ hosts: [{ exact: 'A.com' }] })), /hosts/],
    ['a secret header', bad(API, http({ headers: [{ name: 'a', secret: { name: 'b' } }] })), /a secret/],
    ['a header that is the host', bad(API, http({ headers: [{ name: 'Host', values: [{ exact: 'a' }] }] })), /Host/],
    ['a condition of others', bad(API, http({ conditions: [{ key: 'x', values: ['a'], notValues: [] }] })), /no attribute of Istio/],
  ])('%s', (_, refused, reason) => {
    expect(() => istio.write([refused], TARGET)).toThrow(reason);
  });
});

describe('read again, what was written', () => {
  const part = fc.constantFrom<EndpointExpr>(API, { principal: '*/sa/job' }, { principal: '*' }, not({ principal: '*' }), anyone('10.0.0.0/24'), anyone('fd00::/64', 'fd00::9/128'),
    allOf({ principal: '*' }, inNamespace('shop')), not(allOf({ principal: '*' }, inNamespace('data'))), ANY, NONE);
  const text = fc.constantFrom<HttpMatch>({}, { methods: [{ exact: 'GET' }] }, { notPaths: [{ prefix: '/a' }] }, { hosts: [{ exact: 'web.shop' }] },
    { headers: [{ name: 'x-team', notValues: [{ exact: 'red' }] }] }, { methods: [] });
  const box = fc.record({
    destinationPorts: fc.constantFrom<TrafficBox['destinationPorts']>({ ranges: [[80, 80]], names: [] }, { ranges: [[0, 79], [81, 65535]], names: [] }),
    l7: fc.array(text, { maxLength: 2 }).map(matches => ({ http: matches })),
  }, { requiredKeys: [] }).map((fields): TrafficBox => ({ ...TCP, ...fields }));
  const rules = fc.record({
    source: fc.oneof(part, fc.array(part, { maxLength: 3 }).map(parts => anyOf(...parts)), fc.tuple(part, part).map(parts => allOf(...parts))),
    traffic: fc.array(box, { minLength: 1, maxLength: 2 }),
    action: fc.constantFrom<Rule['action']>('allow', 'deny'),
  }).map(({ source, traffic, action }) => rule(source, traffic, action));

  test('means what was stated', () => {
    let told = 0;
    fc.assert(fc.property(fc.array(rules, { maxLength: 3 }), stated => {
      const all = [policy(stated)];
      let documents: any[];
      try {
        documents = write(...all);
      } catch (error) {
        expect(String(error)).toMatch(/this combination of conditions on callers/);
        return;
      }
      told += 1;
      const back = documents.flatMap(each => istio.read(each));
      const wrong = [...REQUEST_FLOWS, ...PORT_FLOWS, ...OTHER_FLOWS].find(flow => answer(all, flow) !== answer(back, flow));
      expect(JSON.stringify(wrong)).toBeUndefined();
    }), runs(200));
    expect(told).toBeGreaterThan(60);
  });

  test('is the same bytes each time', () => {
    const stated = policy([rule(anyOf({ principal: 'b' }, { principal: 'a' })), rule(API, http({ methods: [{ exact: 'GET' }] }))]);
    expect(JSON.stringify(write(stated))).toBe(JSON.stringify(write(stated)));
    expect(read(write(stated)[0].spec)).toMatchObject({ isolates: true, stage: 'mesh' });
  });
});
