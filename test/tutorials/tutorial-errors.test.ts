import { CLOUD_ENDPOINTS } from '../../src/cluster/cloud-endpoints';
import { dialectModule } from '../../src/dialects';
import { DialectId } from '../../src/dialects/dialect';
import { Answer, evaluate } from '../../src/model/evaluate';
import { Endpoint, Flow, Profile } from '../../src/model/match';

/**
 * The mistakes of well-known tutorials: each is read with an error that explains it and names the right form, or, where it is valid
 * and means something else than its author thinks, as what it means.
 */

const cilium = (spec: object, clusterwide = false): object => ({
  apiVersion: 'cilium.io/v2',
  kind: clusterwide ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy',
  metadata: { name: 'tutorial', ...(clusterwide ? {} : { namespace: 'shop' }) },
  spec,
});
const calico = (spec: object, kind = 'NetworkPolicy', name = 'tutorial'): object => ({
  apiVersion: 'projectcalico.org/v3',
  kind,
  metadata: { name, ...(kind.includes('Global') ? {} : { namespace: 'shop' }) },
  spec,
});
const calicoEgress = (rule: object): object => calico({ types: ['Egress'], egress: [rule] });
const calicoIngress = (rule: object): object => calico({ types: ['Ingress'], ingress: [rule] });
const ciliumIngress = (...ingress: object[]): object => cilium({ endpointSelector: {}, ingress });
const ciliumEgress = (...egress: object[]): object => cilium({ endpointSelector: {}, egress });

const read = (dialect: DialectId, document: object, version?: string) => dialectModule(dialect).read(document, 'tutorial.yaml:1', version);
const http = (fields: object, port: object = { port: '80', protocol: 'TCP' }): object => ({ toPorts: [{ ports: [port], rules: { http: [fields] } }] });

describe('what would not do what it looks like is refused, with the right form', () => {
  test.each<[string, DialectId, object, string | undefined, RegExp[]]>([
    ['(1) Calico ports without a protocol', 'calico', calicoIngress({ action: 'Allow', destination: { ports: [8080] } }), undefined, [/protocol/, /TCP/]],
    ['(2) Calico protocol TLS', 'calico', calicoEgress({ action: 'Allow', protocol: 'TLS', destination: { ports: [443] } }), undefined, [/TLS/, /TCP/]],
    ['(3) Calico destination.domains', 'calico', calicoEgress({ action: 'Allow', destination: { domains: ['api.example.com'] } }), undefined,
      [/domains/, /Enterprise|Cloud/, /NetworkSet|toFQDNs|cilium/]],
    ['(4) a Cilium port without its list', 'cilium', ciliumIngress({ toPorts: [{ port: '80', protocol: 'TCP' }] }), undefined, [/toPorts\[0\]\.port/, /ports/]],
    ['(4) Cilium allowedHeaders', 'cilium', ciliumIngress(http({ allowedHeaders: ['X-A: 1'] })), undefined, [/allowedHeaders/, /headers/]],
    ['(5) a Cilium header as a map', 'cilium', ciliumIngress(http({ headers: [{ 'X-API-Version': 2 }] })), undefined, [/headers\[0\]/, /string/]],
    ['Cilium port 65536', 'cilium', ciliumIngress({ toPorts: [{ ports: [{ port: '65536', protocol: 'TCP' }] }] }), undefined, [/65536/, /65535/]],
    ['Cilium port 80abc!!', 'cilium', ciliumIngress({ toPorts: [{ ports: [{ port: '80abc!!', protocol: 'TCP' }] }] }), undefined, [/80abc/]],
    ['a Cilium port as a number', 'cilium', ciliumIngress({ toPorts: [{ ports: [{ port: 80, protocol: 'TCP' }] }] }), undefined, [/port/, /string/]],
    ['a Cilium protocol in lower case', 'cilium', ciliumIngress({ toPorts: [{ ports: [{ port: '80', protocol: 'tcp' }] }] }), undefined, [/protocol/, /TCP/]],
    ['Cilium HTTP rules without a protocol', 'cilium', ciliumIngress(http({ method: 'GET' }, { port: '80' })), undefined, [/TCP/]],
    ['two kinds of Cilium peers in one item', 'cilium', ciliumEgress({ toFQDNs: [{ matchName: 'a.example.com' }], toCIDR: ['192.0.2.0/24'] }), undefined,
      [/toFQDNs/, /toCIDR/]],
    ['Cilium fromCIDR beside fromCIDRSet', 'cilium', ciliumIngress({ fromCIDR: ['192.0.2.0/24'], fromCIDRSet: [{ cidr: '198.51.100.0/24' }] }), undefined,
      [/fromCIDR/, /fromCIDRSet/]],
    ['a bare address in toCIDR', 'cilium', ciliumEgress({ toCIDR: ['192.0.2.1'] }), undefined, [/192\.0\.2\.1/]],
    ['Cilium fromRequires where it is gone', 'cilium', ciliumIngress({ fromRequires: [{ matchLabels: { env: 'prod' } }] }), '1.19', [/fromRequires/]],
    ['Cilium Kafka rules where they are gone', 'cilium', ciliumIngress({ toPorts: [{ ports: [{ port: '9092', protocol: 'TCP' }], rules: { kafka: [{ topic: 'a' }] } }] }),
      '1.20', [/kafka/, /1\.20/]],
    ['ICMP ExtendedEchoReply by its name', 'cilium', ciliumIngress({ icmps: [{ fields: [{ type: 'ExtendedEchoReply' }] }] }), undefined, [/icmps\[0\]\.fields\[0\]\.type/, /43|161/]],
    ['Cilium auth, which is no field', 'cilium', ciliumIngress({ fromEndpoints: [{}], auth: { type: 'always-fail' } }), undefined, [/auth/, /authentication/]],
    ['a Calico port range with a dash', 'calico', calicoIngress({ action: 'Allow', protocol: 'TCP', destination: { ports: ['8000-9000'] } }), undefined,
      [/8000-9000/, /name/, /8000:9000/]],
    ['a Calico policy of a tier without the tier in its name', 'calico', calico({ tier: 'security', types: ['Ingress'] }), '3.31', [/security/]],
    ['a newline in a Calico selector', 'calico', calico({ selector: "app == 'web'\n", types: ['Ingress'] }), undefined, [/selector/]],
    ['an unquoted value in a Calico selector', 'calico', calico({ selector: 'app == web', types: ['Ingress'] }), undefined, [/selector/]],
    ['an unmasked CIDR in Calico', 'calico', calicoIngress({ action: 'Allow', source: { nets: ['10.0.0.1/8'] } }), undefined, [/10\.0\.0\.1\/8/, /10\.0\.0\.0\/8/]],
    ['both IP versions in one Calico rule', 'calico', calicoIngress({ action: 'Allow', source: { nets: ['10.0.0.0/8', 'fd00::/8'] } }), undefined, [/IPv4/, /IPv6/]],
    ['Calico rules under types', 'calico', calico({ types: [{ action: 'Allow' }] }), undefined, [/types/]],
  ])('%s', (_name, dialect, document, version, explained) => {
    let message = '';
    try { read(dialect, document, version); } catch (error) { message = (error as Error).message; }
    expect(message).not.toBe('');
    expect(message).toContain('tutorial.yaml:1');
    for (const part of explained) { expect(message).toMatch(part); }
  });
});

const PROFILE: Profile = { cidrMatches: ['external'] };
const BY_ADDRESS: Profile = { cidrMatches: ['external', 'pod', 'node', 'hostEndpoint'] };
const pod = (namespace: string, labels: Record<string, string> = {}, team = 'none'): Endpoint => ({
  kind: 'pod',
  namespace,
  labels,
  namespaceLabels: { 'kubernetes.io/metadata.name': namespace, team },
  serviceAccount: 'default',
  serviceAccountLabels: {},
  address: '10.244.0.1',
  entities: ['cluster'],
});
const OUTSIDE: Endpoint = { kind: 'external', address: '198.51.100.1', entities: ['world'], names: [] };
const SHOP = pod('shop', { app: 'web' });

function answer(dialect: DialectId, document: object, flow: Partial<Flow>, version?: string): Answer {
  const set = dialectModule(dialect).link(read(dialect, document, version), [], version);
  const whole: Flow = { source: SHOP, destination: SHOP, protocol: 6, port: 80, ...flow };
  return evaluate(set, whole, dialect === 'cilium' ? PROFILE : BY_ADDRESS);
}

describe('what is valid means what the CNI does', () => {
  test('(5) a Cilium header with a space must have that value', () => {
    const document = ciliumIngress(http({ headers: ['X-API-Version: 2'] }));
    const requests = ['2', '3'].map(version => answer('cilium', document, { http: { method: 'GET', path: '/', host: 'a', headers: { 'X-API-Version': version } } }));
    expect(requests).toEqual(['allowed', 'denied']);
  });

  test('(5) without the space it asks for a header of that whole name, which no request has', () => {
    const document = ciliumIngress(http({ headers: ['X-API-Version:2'] }));
    expect(answer('cilium', document, { http: { method: 'GET', path: '/', host: 'a', headers: { 'X-API-Version': '2' } } })).toBe('denied');
  });

  test('(6) two items are alternatives: every pod of the namespace, and the pods of the own namespace', () => {
    const document = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'tutorial', namespace: 'shop' },
      spec: { podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'a' } } }, { podSelector: { matchLabels: { app: 'web' } } }] }] },
    };
    const sources = [pod('other', {}, 'a'), pod('shop', { app: 'web' }), pod('other', { app: 'web' })];
    expect(sources.map(source => answer('kubernetes', document, { source }))).toEqual(['allowed', 'allowed', 'denied']);
  });

  test('(6) one item with both selectors is both', () => {
    const document = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'tutorial', namespace: 'shop' },
      spec: { podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'a' } }, podSelector: { matchLabels: { app: 'web' } } }] }] },
    };
    const sources = [pod('other', { app: 'web' }, 'a'), pod('other', {}, 'a'), pod('shop', { app: 'web' })];
    expect(sources.map(source => answer('kubernetes', document, { source }))).toEqual(['allowed', 'denied', 'denied']);
  });

  test('a Cilium path is matched whole: "/public" is not "/public/a"', () => {
    const document = ciliumIngress(http({ path: '/public' }));
    const paths = ['/public', '/public/a'].map(path => answer('cilium', document, { http: { method: 'GET', path, host: 'a', headers: {} } }));
    expect(paths).toEqual(['allowed', 'denied']);
  });

  test('an empty list of Cilium peers is nobody, an empty selector the own namespace, and no list everybody', () => {
    const toPorts = [{ ports: [{ port: '80', protocol: 'TCP' }] }];
    const items = [{ fromEndpoints: [], toPorts }, { fromEndpoints: [{}], toPorts }, { toPorts }];
    expect(items.map(item => [SHOP, pod('other'), OUTSIDE].map(source => answer('cilium', ciliumIngress(item), { source })))).toEqual([
      ['denied', 'denied', 'denied'], ['allowed', 'denied', 'denied'], ['allowed', 'allowed', 'allowed'],
    ]);
  });

  test('enableDefaultDeny without an item of that direction closes nothing', () => {
    const document = cilium({ endpointSelector: {}, egress: [{}], enableDefaultDeny: { ingress: true, egress: true } });
    expect(answer('cilium', document, { source: OUTSIDE })).toBe('allowed');
  });

  test('a Cilium endPort that is not above the port is not there', () => {
    const document = ciliumIngress({ toPorts: [{ ports: [{ port: '80', endPort: 70, protocol: 'TCP' }] }] });
    expect([70, 80].map(port => answer('cilium', document, { port }))).toEqual(['denied', 'allowed']);
  });

  test('a Calico notSelector in a namespaced policy reaches no other namespace', () => {
    const document = calicoIngress({ action: 'Allow', source: { notSelector: 'has(untrusted)' } });
    expect([pod('shop'), pod('other')].map(source => answer('calico', document, { source }))).toEqual(['allowed', 'denied']);
  });

  test('a Calico GlobalNetworkPolicy for all() is about host endpoints too', () => {
    const document = calico({ selector: 'all()', types: ['Ingress'] }, 'GlobalNetworkPolicy');
    const host: Endpoint = { kind: 'hostEndpoint', labels: {}, address: '172.18.0.2', entities: [] };
    expect(answer('calico', document, { source: OUTSIDE, destination: host })).toBe('denied');
  });
});

test('(8) 100.100.100.200 is the metadata service of Alibaba Cloud, and of no other', () => {
  const clouds = Object.entries(CLOUD_ENDPOINTS).filter(([, endpoints]) => endpoints.some(({ address }) => address.startsWith('100.100.100.200')));
  expect(clouds.map(([cloud]) => cloud)).toEqual(['alibaba']);
});
