import { address, ANY, labelExists, labelIn, LabelScope, not } from '../../src/model/endpoint';
import { Endpoint, Flow, Matched, matchesEndpoint, matchesEnds, matchesTraffic, MAYBE, NO, Profile, SOME, Tri, YES } from '../../src/model/match';
import { ALL_TRAFFIC, allOfProtocol, portRange, TrafficBox } from '../../src/model/traffic';

const BY_ADDRESS: Profile = { cidrMatches: ['pod', 'node', 'external'] };
const FLOW: Flow = { source: { kind: 'pod' }, destination: { kind: 'pod' }, protocol: 6, port: 80 };

describe('what travels', () => {
  const all = allOfProtocol('TCP');
  const yes: TrafficBox = portRange('TCP', 80);
  const no: TrafficBox = portRange('TCP', 81);
  /** The source port is not stated, and no request would tell it. */
  const maybe: TrafficBox = { ...all, sourcePorts: { ranges: [[1, 1024]], names: [] } };
  const some: TrafficBox = { ...yes, l7: { http: [{ methods: [{ exact: 'GET' }] }] } };
  const everyMatch = (boxes: readonly TrafficBox[]): Matched => matchesTraffic(boxes, FLOW);

  test.each<[string, readonly TrafficBox[], Matched]>([
    ['nothing', [], NO],
    ['no', [no], NO],
    ['maybe', [maybe], MAYBE],
    ['some', [some], SOME],
    ['yes', [yes], YES],
    ['no or some', [no, some], SOME],
    ['some or some', [some, some], SOME],
    ['no or maybe', [no, maybe], MAYBE],
    ['maybe or some', [maybe, some], MAYBE],
    ['some or yes', [some, yes], YES],
    ['maybe or yes', [maybe, yes], YES],
    ['maybe or some or yes', [maybe, some, yes], YES],
    ['maybe or some or no', [maybe, some, no], MAYBE],
    ['some and maybe', [{ ...some, ...maybe }], MAYBE],
    ['some and no', [{ ...some, ...no }], NO],
    ['some and some', [{ ...some, serverNames: ['a.test'] }], SOME],
  ])('%s', (_name, boxes, expected) => {
    expect([everyMatch(boxes), everyMatch([...boxes].reverse())]).toEqual([expected, expected]);
  });

  const http = (match: object): TrafficBox => ({ ...yes, l7: { http: [match] } });

  test.each<[string, TrafficBox, Partial<Flow>, Matched]>([
    ['a request that is not stated', http({ paths: [{ exact: '/a' }] }), {}, SOME],
    ['a part of the request that is not stated', http({ paths: [{ exact: '/a' }] }), { http: { method: 'GET' } }, MAYBE],
    ['a request, of a flow that asks a DNS server', http({ paths: [{ exact: '/a' }] }), { dnsName: 'a.test' }, MAYBE],
    ['a condition that is known by name only', http({ conditions: [{ key: 'remote.ip', values: ['10.0.0.1'], notValues: [] }] }), {}, MAYBE],
    ['a condition that is known by name only, beside one that fails',
      http({ methods: [{ exact: 'PUT' }], conditions: [{ key: 'remote.ip', values: ['10.0.0.1'], notValues: [] }] }), { http: { method: 'GET' } }, NO],
    ['a secret, of no request', http({ headers: [{ name: 'x', secret: { name: 's' } }] }), {}, SOME],
    ['a secret, of a request that has the header', http({ headers: [{ name: 'x', secret: { name: 's' } }] }), { http: { headers: { x: '1' } } }, MAYBE],
    ['a secret, of a request without the header', http({ headers: [{ name: 'x', secret: { name: 's' } }] }), { http: { headers: {} } }, NO],
    ['a protocol that is known by name only', { ...yes, l7: { opaque: 'kafka', value: [] } }, {}, MAYBE],
    ['a question that is not stated', { ...yes, l7: { dns: ['a.test'] } }, {}, SOME],
    ['a question, of a flow that carries HTTP', { ...yes, l7: { dns: ['a.test'] } }, { http: { method: 'GET' } }, MAYBE],
    ['a server name that is not stated', { ...yes, serverNames: ['a.test'] }, {}, SOME],
    ['a server name that is not stated beside a request', { ...yes, serverNames: ['a.test'] }, { http: { method: 'GET' } }, MAYBE],
    ['a request that is not stated beside a server name', { ...http({ methods: [{ exact: 'GET' }] }), serverNames: ['a.test'] }, { serverName: 'a.test' }, SOME],
    ['every server name', { ...yes, serverNames: ['*'] }, { http: {} }, YES],
  ])('%s', (_name, box, other, expected) => {
    expect(matchesTraffic([box], { ...FLOW, ...other })).toBe(expected);
  });
});

describe('labels of which only some are known', () => {
  const pod = (openLabels?: readonly LabelScope[]): Endpoint =>
    ({ kind: 'pod', labels: { app: 'web' }, namespaceLabels: { name: 'shop' }, serviceAccountLabels: {}, ...(openLabels ? { openLabels } : {}) });

  test.each<[string, ReturnType<typeof labelIn>, readonly LabelScope[] | undefined, Tri]>([
    ['a label that is stated is known', labelIn('namespace', 'name', 'shop'), ['namespace'], YES],
    ['a label that is stated otherwise is known', labelIn('namespace', 'name', 'data'), ['namespace'], NO],
    ['one that is not stated may be there', labelIn('namespace', 'team', 'red'), ['namespace'], MAYBE],
    ['and may be absent', not(labelExists('namespace', 'team')), ['namespace'], MAYBE],
    ['of another scope it is not', labelIn('pod', 'team', 'red'), ['namespace'], NO],
    ['of several scopes', labelIn('serviceAccount', 'team', 'red'), ['namespace', 'serviceAccount'], MAYBE],
    ['where all are known it is not', labelIn('namespace', 'team', 'red'), undefined, NO],
    ['where none is open it is not', labelIn('namespace', 'team', 'red'), [], NO],
    ['what every object inherits is no label', labelExists('namespace', 'constructor'), undefined, NO],
  ])('%s', (_name, expr, open, expected) => {
    expect(matchesEndpoint(expr, pod(open), BY_ADDRESS)).toBe(expected);
  });

  test('an open scope gives no labels to an endpoint that cannot have them', () => {
    expect(matchesEndpoint(labelIn('node', 'team', 'red'), { ...pod(['node']) }, BY_ADDRESS)).toBe(NO);
  });
});

describe('an address of which only the ranges are known', () => {
  const matches = (addressIn: readonly string[] | undefined, cidr: string, except: readonly string[] = []): Tri =>
    matchesEndpoint(address(cidr, except), { kind: 'pod', ...(addressIn ? { addressIn } : {}) }, BY_ADDRESS);

  test.each<[string, readonly string[] | undefined, string, readonly string[], Tri]>([
    ['anywhere', undefined, '10.0.0.0/8', [], MAYBE],
    ['in the range', ['10.244.0.0/16'], '10.0.0.0/8', [], YES],
    ['in the same range', ['10.244.0.0/16'], '10.244.0.0/16', [], YES],
    ['outside the range', ['10.244.0.0/16'], '192.168.0.0/16', [], NO],
    ['in a range that is wider', ['10.0.0.0/8'], '10.244.0.0/16', [], MAYBE],
    ['all of it in a hole', ['10.244.0.0/16'], '10.0.0.0/8', ['10.244.0.0/15'], NO],
    ['with a hole in it', ['10.244.0.0/16'], '10.0.0.0/8', ['10.244.7.0/24'], MAYBE],
    ['with a hole beside it', ['10.244.0.0/16'], '10.0.0.0/8', ['10.245.0.0/16'], YES],
    ['in holes that only together are all of it', ['10.244.0.0/16'], '10.0.0.0/8', ['10.244.0.0/17', '10.244.128.0/17'], MAYBE],
    ['of another family', ['fd00::/64'], '0.0.0.0/0', [], NO],
    ['of two families, one of them in the range', ['10.244.0.0/16', 'fd00::/64'], '0.0.0.0/0', [], MAYBE],
    ['of two families, none of them in the range', ['10.244.0.0/16', 'fd00::/64'], '192.168.0.0/16', [], NO],
    ['in several ranges, all inside', ['10.244.0.0/16', '10.245.0.0/16'], '10.0.0.0/8', [], YES],
    ['none that a policy could name', [], '0.0.0.0/0', [], NO],
  ])('%s', (_name, addressIn, cidr, except, expected) => {
    expect(matches(addressIn, cidr, except)).toBe(expected);
  });

  test('is not asked where the address itself is known', () => {
    expect(matchesEndpoint(address('10.0.0.0/8'), { kind: 'pod', address: '10.1.2.3', addressIn: ['192.168.0.0/16'] }, BY_ADDRESS)).toBe(YES);
  });

  test('is not asked where the network does not match pods by address', () => {
    expect(matchesEndpoint(address('10.0.0.0/8'), { kind: 'pod', addressIn: ['10.1.0.0/16'] }, { cidrMatches: ['external'] })).toBe(NO);
  });

  test.each<[readonly string[] | undefined, Tri]>([
    [['10.244.0.0/16'], YES],
    [['fd00::/64'], NO],
    [['10.244.0.0/16', 'fd00::/64'], MAYBE],
    [[], MAYBE],
    [undefined, MAYBE],
  ])('in %j tells the IP version', (addressIn, expected) => {
    const destination: Endpoint = { kind: 'pod', ...(addressIn ? { addressIn } : {}) };
    expect(matchesTraffic([{ ...ALL_TRAFFIC[0], ipVersion: 4 }], { ...FLOW, destination })).toBe(expected);
  });
});

test('both ends of a rule must be those of the flow', () => {
  const web = labelIn('pod', 'app', 'web');
  const api = labelIn('pod', 'app', 'api');
  const flow = (known: Partial<Endpoint>): Flow =>
    ({ ...FLOW, source: { kind: 'pod', labels: { app: 'web' } }, destination: { kind: 'pod', labels: { app: 'api' }, ...known } });
  const ends = (source: typeof web, destination: typeof web, known: Partial<Endpoint> = {}): Tri =>
    matchesEnds({ source, destination, traffic: ALL_TRAFFIC }, flow(known), BY_ADDRESS);
  expect([ends(web, api), ends(ANY, api), ends(api, api), ends(web, web)]).toEqual([YES, YES, NO, NO]);
  expect([ends(web, api, { labels: undefined }), ends(api, web, { labels: undefined })]).toEqual([MAYBE, NO]);
});
