import { answer, caller, document, get, plaintext, read, to, WEB } from './support';
import { istio, readIstio } from '../../../src/dialects/istio';
import { Answer } from '../../../src/model/evaluate';
import { Flow } from '../../../src/model/match';
import { PROTOCOL_NUMBERS } from '../../../src/model/traffic';

const API = caller('api', 'data');
const source = (each: object) => ({ rules: [{ from: [{ source: each }] }] });
const operation = (each: object) => ({ rules: [{ to: [{ operation: each }] }] });
const when = (key: string, values: object) => ({ rules: [{ when: [{ key, ...values }] }] });

describe('an AuthorizationPolicy', () => {
  test.each<[string, object, Flow, Answer]>([
    ['without rules allows nothing', {}, to(API, 80), 'denied'],
    ['with an empty rule allows everything', { rules: [{}] }, to(plaintext('x'), 1), 'allowed'],
    ['has no say about what is not TCP', {}, { ...to(API, 53), protocol: PROTOCOL_NUMBERS.UDP }, 'allowed'],
    ['has no say in another namespace', {}, to(API, 80, undefined, { ...WEB, namespace: 'data' }), 'allowed'],
    ['has no say for other workloads', { selector: { matchLabels: { app: 'db' } } }, to(API, 80), 'allowed'],
    ['has no say about what its workloads call', {}, to(WEB, 80, undefined, API), 'allowed'],
    ['that audits decides nothing', { action: 'AUDIT', rules: [{}] }, to(API, 80), 'allowed'],
    ['that asks somebody else is not known', { action: 'CUSTOM', provider: { name: 'opa' }, rules: [{}] }, to(API, 80), 'unknown'],
    ['knows a principal', source({ principals: ['cluster.local/ns/data/sa/api'] }), to(API, 80), 'allowed'],
    ['knows no principal of plaintext', source({ principals: ['*'] }), to(plaintext('data'), 80), 'denied'],
    ['does not guess a principal', source({ principals: ['*'] }), to({ kind: 'pod', namespace: 'data' }, 80), 'unknown'],
    ['takes plaintext for none of the principals that it leaves out', source({ notPrincipals: ['*'] }), to(plaintext('data'), 80), 'allowed'],
    ['knows a namespace by its identities', source({ namespaces: ['data'] }), to(API, 80), 'allowed'],
    ['knows no namespace of plaintext', source({ namespaces: ['data'] }), to(plaintext('data'), 80), 'denied'],
    ['does not leave out plaintext of a namespace', source({ notNamespaces: ['data'] }), to(plaintext('data'), 80), 'allowed'],
    ['knows namespaces by a prefix', source({ namespaces: ['da*'] }), to(API, 80), 'allowed'],
    ['knows service accounts of its own namespace', source({ serviceAccounts: ['api'] }), to(API, 80), 'denied'],
    ['knows service accounts of others', source({ serviceAccounts: ['data/api'] }), to(API, 80), 'allowed'],
    ['knows trust domains', source({ trustDomains: ['cluster.local'] }), to(API, 80), 'allowed'],
    ['cannot tell the end of a trust domain', source({ trustDomains: ['*.local'] }), to(API, 80), 'unknown'],
    ['takes an address for whoever holds it', source({ ipBlocks: ['10.0.0.0/24'] }), to(plaintext('x'), 80), 'allowed'],
    ['takes bits beyond the prefix for nothing', source({ ipBlocks: ['10.0.0.77/24'] }), to(plaintext('x'), 80), 'allowed'],
    ['cannot tell who sent what a proxy passed on', source({ remoteIpBlocks: ['10.0.0.0/24'] }), to(plaintext('x'), 80), 'unknown'],
    ['cannot tell who a token names', source({ requestPrincipals: ['*'] }), to(API, 80, get('/')), 'unknown'],
    ['knows ports', operation({ ports: ['80'] }), to(API, 81), 'denied'],
    ['knows ports that it leaves out', operation({ notPorts: ['80'] }), to(API, 80), 'denied'],
    ['knows methods', operation({ methods: ['GET'] }), to(API, 80, get('/')), 'allowed'],
    ['depends on the request', operation({ methods: ['GET'] }), to(API, 80), 'partial'],
    ['knows paths without their query', operation({ paths: ['/a'] }), to(API, 80, get('/a?b')), 'allowed'],
    ['knows templates of one segment', operation({ paths: ['/a/{*}/c'] }), to(API, 80, get('/a/b/c')), 'allowed'],
    ['knows that one segment has no slash', operation({ paths: ['/a/{*}'] }), to(API, 80, get('/a/b/c')), 'denied'],
    ['knows templates of many segments', operation({ paths: ['/a/{**}/c'] }), to(API, 80, get('/a/x/y/c?z')), 'allowed'],
    ['knows a host without a port only as it is', operation({ hosts: ['web.shop'] }), to(API, 80, get('/', { host: 'web.shop:80' })), 'denied'],
    ['knows a host with every port', operation({ hosts: ['web.shop', 'web.shop:*'] }), to(API, 80, get('/', { host: 'WEB.shop:80' })), 'allowed'],
    ['knows hosts by their end', operation({ hosts: ['*.shop'] }), to(API, 80, get('/')), 'allowed'],
    ['knows headers', when('request.headers[X-A]', { values: ['b*'] }), to(API, 80, get('/', { headers: { 'x-a': 'bc' } })), 'allowed'],
    ['knows a header that must be there, whatever it holds', when('request.headers[X-A]', { values: ['*'] }), to(API, 80, get('/', { headers: { 'x-a': '' } })), 'allowed'],
    ['knows a header that must not be there', when('request.headers[X-A]', { notValues: ['*'] }), to(API, 80, get('/', { headers: { 'x-a': '' } })), 'denied'],
    ['cannot tell parts of the request line as headers', when('request.headers[:path]', { values: ['/'] }), to(API, 80, get('/')), 'unknown'],
    ['cannot tell claims', when('request.auth.claims[iss]', { values: ['a'] }), to(API, 80, get('/')), 'unknown'],
    ['cannot tell the server name that a proxy sees', when('connection.sni', { values: ['a.com'] }), to(API, 80), 'unknown'],
    ['knows ports of conditions beside those of operations', { rules: [{ to: [{ operation: { ports: ['80', '81'] } }], when: [{ key: 'destination.port', notValues: ['80'] }] }] },
      to(API, 80), 'denied'],
    ['knows the own address', when('destination.ip', { values: ['10.0.0.2'] }), to(API, 80), 'denied'],
  ])('%s', (_, spec, flow, expected) => {
    expect(answer([read(spec)], flow)).toBe(expected);
  });

  test('of the root namespace is for the whole mesh', () => {
    const policy = read({}, { namespace: 'istio-system' });
    expect(answer([policy], to(API, 80))).toBe('denied');
    const [elsewhere] = readIstio(document({}, { namespace: 'mesh' }), undefined, undefined, { rootNamespace: 'mesh' });
    expect(answer([elsewhere], to(API, 80))).toBe('denied');
  });

  test('that is a dry run decides nothing', () => {
    const policy = read({}, { annotations: { 'istio.io/dry-run': 'T' } });
    expect([policy.mode, answer([policy], to(API, 80))]).toEqual(['staged', 'allowed']);
    expect(read({}, { annotations: { 'istio.io/dry-run': 'false' } }).mode).toBe('enforce');
  });

  test('that denies goes before those that allow and those that ask', () => {
    const all = [read({ rules: [{}] }), read({ action: 'CUSTOM', provider: { name: 'x' }, rules: [{}] }, { name: 'c' }), read({ action: 'DENY', rules: [{}] }, { name: 'd' })];
    expect(answer(all, to(API, 80))).toBe('denied');
    expect(answer(all.slice(0, 2), to(API, 80))).toBe('unknown');
    expect(answer([...all.slice(0, 2)].reverse(), to(API, 80))).toBe('unknown');
  });

  test('with a rule that mentions requests depends on the request, with all its alternatives', () => {
    const spec = (action: string) => ({ action, rules: [{ to: [{ operation: { ports: ['80'] } }, { operation: { methods: ['GET'] } }] }] });
    expect(answer([read(spec('ALLOW'))], to(API, 80))).toBe('partial');
    expect(answer([read(spec('ALLOW'))], to(API, 80, get('/', { method: 'POST' })))).toBe('allowed');
    // A denial keeps what it can tell.
    expect(answer([read(spec('DENY'))], to(API, 80))).toBe('denied');
    expect(answer([read(spec('DENY'))], to(API, 81))).toBe('partial');
  });

  test('names the place of each rule', () => {
    expect(read({ rules: [{}] }).rules[0].origin).toMatchObject({ part: 'rules[0]', name: 'web' });
  });

  test('of a Service is not known, since waypoints are not', () => {
    const spec = { targetRefs: [{ group: '', kind: 'Service', name: 'web' }], rules: [{ from: [{ source: { namespaces: ['data'] } }] }] };
    expect(answer([read(spec)], to(plaintext('x'), 80))).toBe('unknown');
    expect(answer([read(spec)], to(plaintext('x'), 80, undefined, { ...WEB, namespace: 'data' }))).toBe('allowed');
  });

  test('of the trust domain is for all its names', () => {
    const mesh = { trustDomain: 'new', trustDomainAliases: ['old'] };
    for (const written of ['cluster.local', 'new', 'old', '*ld']) {
      const [policy] = readIstio(document(source({ principals: [`${written}/ns/data/sa/api`] })), undefined, undefined, mesh);
      const answers = ['new', 'old', 'other'].map(domain => answer([policy], to({ ...API, principal: `${domain}/ns/data/sa/api` }, 80)));
      expect([written, ...answers]).toEqual([written, 'allowed', 'allowed', 'denied']);
    }
  });
});

describe('in ambient mode, where ztunnel sees no requests,', () => {
  const ambient = (spec: object) => readIstio(document(spec), undefined, undefined, { dataPlane: 'ambient' });

  test.each<[string, object, Flow, Answer]>([
    ['an ALLOW rule about requests is left out', operation({ methods: ['GET'] }), to(API, 80, get('/')), 'denied'],
    ['and its alternatives with it', { rules: [{ to: [{ operation: { methods: ['GET'] } }, { operation: { ports: ['80'] } }] }] }, to(API, 80), 'denied'],
    ['other rules stay', { rules: [{ to: [{ operation: { methods: ['GET'] } }] }, {}] }, to(API, 80), 'allowed'],
    ['a DENY rule that is about requests only denies nothing', { action: 'DENY', ...operation({ methods: ['GET'] }) }, to(API, 80, get('/')), 'allowed'],
    ['a DENY rule keeps its ports', { action: 'DENY', ...operation({ methods: ['GET'], ports: ['80'] }) }, to(API, 80, get('/', { method: 'POST' })), 'denied'],
    ['a DENY rule with a condition on requests denies nothing', { action: 'DENY', ...when('request.headers[a]', { values: ['*'] }) }, to(API, 80, get('/')), 'allowed'],
    ['a DENY rule without conditions denies everything', { action: 'DENY', rules: [{}] }, to(API, 80), 'denied'],
    ['a source by remote address allows nobody', source({ remoteIpBlocks: ['10.0.0.0/8'] }), to(API, 80), 'denied'],
    ['a source by trust domain allows nobody', source({ trustDomains: ['*'] }), to(API, 80), 'denied'],
    ['a trust domain beside a namespace is left out', source({ trustDomains: ['other'], namespaces: ['data'] }), to(API, 80), 'allowed'],
  ])('%s', (_, spec, flow, expected) => {
    expect(answer(ambient(spec), flow)).toBe(expected);
  });

  test('AUDIT and CUSTOM are not known', () => {
    expect(ambient({ action: 'AUDIT', rules: [{}] })[0]).toMatchObject({ mode: 'void', voidBecause: 'ztunnel does not know the action AUDIT' });
    expect(ambient({ action: 'CUSTOM', provider: { name: 'x' }, rules: [{}] })[0].mode).toBe('void');
  });
});

describe('what Istio or the API server refuses cannot be read:', () => {
  test.each<[string, unknown, RegExp]>([
    ['an empty source', source({}), /rules\[0\]\.from\[0\]\.source: Istio refuses an empty source/],
    ['a source of empty lists', source({ namespaces: [] }), /refuses an empty source/],
    ['an entry without a source', { rules: [{ from: [{}] }] }, /from\[0\]\.source: Istio refuses an entry without it/],
    ['an empty operation', operation({}), /refuses an empty operation/],
    ['an empty list of sources, which would be anyone', { rules: [{ from: [] }] }, /leave `from` out/],
    ['an empty value', source({ principals: [''] }), /empty values/],
    ['a rule that is nothing', { rules: [null] }, /rules\[0\]: must be an object/],
    ['a denial without rules', { action: 'DENY' }, /would match nothing/],
    ['an unknown action', { action: 'Deny' }, /must be one of ALLOW, DENY, AUDIT, CUSTOM/],
    ['service accounts beside namespaces', source({ serviceAccounts: ['a'], namespaces: ['b'] }), /may not stand beside/],
    ['a star in a service account', source({ serviceAccounts: ['a*'] }), /take no star/],
    ['a service account of two slashes', source({ serviceAccounts: ['a/b/c'] }), /must be "serviceAccount" or/],
    ['a star inside a namespace', source({ namespaces: ['a*b'] }), /disagree/],
    ['a pattern as a namespace', source({ namespaces: ['a|b'] }), /no name of a namespace/],
    ['a trust domain with a slash', source({ trustDomains: ['a/b'] }), /no slash/],
    ['a name as an address', source({ ipBlocks: ['example.com'] }), /no IPv4 or IPv6 address/],
    ['a prefix that is too long', source({ remoteIpBlocks: ['10.0.0.0/33'] }), /33/],
    ['a number as a port', operation({ ports: [80] }), /must be a string/],
    ['a range of ports', operation({ ports: ['80-90'] }), /single numbers/],
    ['a port that is too large', operation({ ports: ['65536'] }), /0 to 65535/],
    ['a brace outside a template', operation({ paths: ['/a{b}'] }), /brace/],
    ['a star beside a template', operation({ paths: ['/*/{*}'] }), /plain text/],
    ['something after {**}', operation({ paths: ['/{**}/{*}'] }), /last operator/],
    ['a template without a slash at its front', operation({ paths: ['a/{*}'] }), /begin with a slash/],
    ['an unknown attribute', when('source.pod', { values: ['a'] }), /no attribute of Istio/],
    ['labels of the destination', when('destination.labels[a]', { values: ['a'] }), /use the selector/],
    ['a header without its brackets', when('request.headers', { values: ['a'] }), /request\.headers\[NAME\]/],
    ['a condition without values', when('source.ip', {}), /without values/],
    ['a selector beside a reference', { selector: {}, targetRefs: [{ kind: 'Service', name: 'a' }] }, /only one of/],
    ['a reference to another namespace', { targetRefs: [{ kind: 'Service', name: 'a', namespace: 'b' }] }, /other namespaces/],
    ['a reference to a Deployment', { targetRefs: [{ group: 'apps', kind: 'Deployment', name: 'a' }] }, /Istio takes Service/],
    ['a star in a selector', { selector: { matchLabels: { app: 'w*' } } }, /stars/],
    ['expressions in a selector', { selector: { matchExpressions: [] } }, /not known here/],
    ['a provider without CUSTOM', { provider: { name: 'a' } }, /without the action CUSTOM/],
    ['CUSTOM without a provider', { action: 'CUSTOM', rules: [{}] }, /provider/],
    ['CUSTOM by principal', { action: 'CUSTOM', provider: { name: 'a' }, ...source({ principals: ['*'] }) }, /with the action CUSTOM/],
    ['an unknown field', operation({ verbs: ['GET'] }), /not known here/],
    ['too many rules', { rules: Array.from({ length: 513 }, () => ({})) }, /512/],
    ['text as rules', { rules: 'all' }, /must be a list/],
  ])('%s', (_, spec, reason) => {
    expect(() => read(spec)).toThrow(reason);
  });

  test.each<[string, object, object, RegExp]>([
    ['a dry run of AUDIT', { action: 'AUDIT', rules: [{}] }, { annotations: { 'istio.io/dry-run': 'true' } }, /ALLOW and DENY only/],
    ['a dry run of anything but true and false', {}, { annotations: { 'istio.io/dry-run': 'yes' } }, /"true" or "false"/],
  ])('%s', (_, spec, metadata, reason) => {
    expect(() => read(spec, metadata)).toThrow(reason);
  });

  test('a reference to a gateway, with the true reason', () => {
    const gateway = { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'waypoint' }] };
    expect(() => read(gateway)).toThrow(/which connections pass Gateway waypoint depends on routes and waypoints/);
  });

  test('a field that the version does not have yet, which would be dropped', () => {
    const fresh = document(source({ serviceAccounts: ['api'] }));
    expect(() => istio.read(fresh, undefined, '1.24')).toThrow(/since 1\.25/);
    expect(istio.read(fresh, undefined, '1.25')).toHaveLength(1);
    expect(() => istio.read(document(source({ trustDomains: ['a'] })), undefined, '1.29')).toThrow(/since 1\.30/);
  });

  test('another kind', () => {
    expect(() => istio.read({ ...document({}), kind: 'RequestAuthentication' })).toThrow(/not a security\.istio\.io AuthorizationPolicy/);
  });
});

test('what combines without bound is refused, and long paths take no long time', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => ({ operation: { ports: [String(i)] } }));
  const from = Array.from({ length: 512 }, () => ({ source: { requestPrincipals: ['a'] } }));
  expect(() => read({ rules: [{ from, to: many(100) }] })).toThrow(/state several rules/);
  expect(() => read(operation({ paths: [`${'/'.repeat(200_000)}{`] }))).toThrow(/brace/);
});
