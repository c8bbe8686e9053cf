import { judgeIstio, MeshFlow, MeshVerdict } from './istio';

const policy = (spec: unknown, metadata: object = {}) =>
  ({ apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: 'p', namespace: 'shop', ...metadata }, spec });
const API: MeshFlow = {
  source: { principal: 'cluster.local/ns/data/sa/api', address: '10.0.0.9' },
  destination: { namespace: 'shop', labels: { app: 'web' }, address: '10.0.0.1' },
  port: 80,
  http: { method: 'GET', path: '/a/b?q=1', host: 'web.shop:80', headers: { 'X-Team': 'red' } },
};
const PLAINTEXT: MeshFlow = { ...API, source: { address: '10.0.0.9' } };
const RAW: MeshFlow = { ...API, http: undefined };

const operation = (action: string, ...operations: object[]) => policy({ action, rules: [{ to: operations.map((each) => ({ operation: each })) }] });
const source = (each: object, action = 'ALLOW') => policy({ action, rules: [{ from: [{ source: each }] }] });
const when = (key: string, values: object) => policy({ rules: [{ when: [{ key, ...values }] }] });

test.each<[string, any[], MeshFlow, MeshVerdict]>([
  ['without policies everything is allowed', [], API, 'allowed'],
  ['an empty spec allows nothing', [policy({})], API, 'denied'],
  ['an empty rule allows everything', [policy({ rules: [{}] })], RAW, 'allowed'],
  ['a policy of another namespace has no say', [policy({}, { namespace: 'data' })], API, 'allowed'],
  ['a policy of the root namespace is for everybody', [policy({}, { namespace: 'istio-system' })], API, 'denied'],
  ['a selector selects', [policy({ selector: { matchLabels: { app: 'db' } } })], API, 'allowed'],
  ['a denial goes before an allow', [policy({ rules: [{}] }), policy({ action: 'DENY', rules: [{}] }, { name: 'd' })], API, 'denied'],
  ['a denial alone closes nothing else', [operation('DENY', { ports: ['81'] })], API, 'allowed'],
  ['an audit decides nothing', [policy({ action: 'AUDIT', rules: [{}] })], API, 'allowed'],
  ['a custom action asks somebody', [policy({ action: 'CUSTOM', provider: { name: 'x' }, rules: [{}] })], API, 'asked'],
  ['whatever is asked, a denial stays one', [policy({ action: 'CUSTOM', provider: { name: 'x' }, rules: [{}] }), policy({})], API, 'denied'],
  ['a dry run decides nothing', [policy({}, { annotations: { 'istio.io/dry-run': 'true' } })], API, 'allowed'],
  ['other protocols go past the proxy', [policy({})], { ...API, protocol: 'UDP' }, 'allowed'],
  ['a principal is who has proven to be it', [source({ principals: ['cluster.local/ns/data/sa/api'] })], API, 'allowed'],
  ['plaintext has no principal', [source({ principals: ['*'] })], PLAINTEXT, 'denied'],
  ['plaintext is not any principal that is left out', [source({ notPrincipals: ['cluster.local/ns/data/sa/api'] })], PLAINTEXT, 'allowed'],
  ['a namespace is that of the principal', [source({ namespaces: ['da*'] })], API, 'allowed'],
  ['plaintext is of no namespace', [source({ namespaces: ['data'] })], PLAINTEXT, 'denied'],
  ['a service account without a namespace is of the policy\'s', [source({ serviceAccounts: ['api'] })], API, 'denied'],
  ['a service account with its namespace', [source({ serviceAccounts: ['data/api'] })], API, 'allowed'],
  ['a trust domain is the first part', [source({ trustDomains: ['*.local'] })], API, 'allowed'],
  ['an address is that of the packet', [source({ ipBlocks: ['10.0.0.7/24'] })], PLAINTEXT, 'allowed'],
  ['fields of a source must all match', [source({ namespaces: ['data'], notIpBlocks: ['10.0.0.9'] })], API, 'denied'],
  ['a path is seen without its query', [operation('ALLOW', { paths: ['/a/b'] })], API, 'allowed'],
  ['one segment of a template', [operation('ALLOW', { paths: ['/a/{*}'] })], API, 'allowed'],
  ['several segments are not one', [operation('ALLOW', { paths: ['/{*}'] })], API, 'denied'],
  ['any number of segments', [operation('ALLOW', { paths: ['/{**}'] })], API, 'allowed'],
  ['a host without its port is another one', [operation('ALLOW', { hosts: ['web.shop'] })], API, 'denied'],
  ['a host with any port', [operation('ALLOW', { hosts: ['WEB.shop:*'] })], API, 'allowed'],
  ['an ALLOW rule about requests is left out on other ports', [operation('ALLOW', { methods: ['GET'] })], RAW, 'denied'],
  ['with all its alternatives', [operation('ALLOW', { methods: ['GET'] }, { ports: ['80'] })], RAW, 'denied'],
  ['a DENY rule loses only its conditions on requests', [operation('DENY', { methods: ['POST'], ports: ['80'] })], RAW, 'denied'],
  ['and keeps its ports', [operation('DENY', { methods: ['POST'], ports: ['81'] })], RAW, 'allowed'],
  ['headers are named in any case', [when('request.headers[x-team]', { values: ['r*'] })], API, 'allowed'],
  ['a header that is absent is none of the others', [when('request.headers[x-other]', { notValues: ['*'] })], API, 'allowed'],
  ['the own address', [when('destination.ip', { values: ['10.0.0.1'] })], API, 'allowed'],
  ['a claim that nobody holds', [when('request.auth.claims[iss]', { values: ['*'] })], API, 'denied'],
])('%s', (_, manifests, flow, verdict) => {
  expect(judgeIstio(manifests, flow)).toBe(verdict);
});

test.each<[string, any]>([
  ['an empty source', source({})],
  ['an empty list of sources', policy({ rules: [{ from: [] }] })],
  ['a denial without rules', policy({ action: 'DENY' })],
  ['a number as a port', operation('ALLOW', { ports: ['http'] })],
  ['a brace outside templates', operation('ALLOW', { paths: ['/a{*}'] })],
  ['an unknown field', operation('ALLOW', { verbs: ['GET'] })],
])('%s is no policy', (_, manifest) => {
  expect(() => judgeIstio([manifest], API)).toThrow();
});
