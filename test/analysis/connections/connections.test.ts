import { app, deployment, namespace, policy } from './manifests';
import { analyse } from './worlds';
import { connectionTexts } from '../../../src/analysis/connections/connection-text';
import { connections, ConnectionsOptions } from '../../../src/analysis/connections/connections';
import { AnalysisOptions } from '../../../src/analysis/options';

function lines(documents: readonly unknown[], analysis: AnalysisOptions = {}, options: ConnectionsOptions = {}): string[] {
  return connections(analyse(documents, analysis), options)
    .flatMap(({ source, destination, set }) => connectionTexts(set).map(text => `${source} => ${destination} : ${text}`));
}

const WEB = deployment('shop/web');
const DB = deployment('shop/db', { app: 'db' }, [{ name: 'sql', containerPort: 5432 }]);
const WORLD = [namespace('shop'), WEB, DB];
const DENY_ALL = policy('shop/deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });

test('without policies everybody talks to everybody, save to itself and outside to outside', () => {
  expect(lines(WORLD)).toEqual([
    '0.0.0.0-255.255.255.255[External] => shop/db[Deployment] : All Connections',
    '0.0.0.0-255.255.255.255[External] => shop/web[Deployment] : All Connections',
    'shop/db[Deployment] => 0.0.0.0-255.255.255.255[External] : All Connections',
    'shop/db[Deployment] => shop/web[Deployment] : All Connections',
    'shop/web[Deployment] => 0.0.0.0-255.255.255.255[External] : All Connections',
    'shop/web[Deployment] => shop/db[Deployment] : All Connections',
  ]);
});

test('pairs between which nothing passes are absent', () => {
  expect(lines([...WORLD, DENY_ALL])).toEqual([]);
});

test('both sides must allow a port, and a name is that of the destination', () => {
  expect(lines([
    ...WORLD,
    DENY_ALL,
    policy('shop/web', { ...app('web'), policyTypes: ['Egress'], egress: [{ to: [app('db')], ports: [{ port: 'sql' }, { port: 80, endPort: 90 }] }] }),
    policy('shop/db', { ...app('db'), ingress: [{ from: [app('web')], ports: [{ port: 5432 }, { port: 85, endPort: 99 }, { port: 53, protocol: 'UDP' }] }] }),
  ])).toEqual(['shop/web[Deployment] => shop/db[Deployment] : TCP 85-90,5432']);
});

test('sources outside are cut by rules of ingress, destinations by rules of egress', () => {
  const found = lines([
    namespace('shop'),
    WEB,
    policy('shop/in', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }),
    policy('shop/out', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } }] }] }),
  ]);
  expect(found).toEqual([
    '10.0.0.0-10.255.255.255[External] => shop/web[Deployment] : All Connections',
    'shop/web[Deployment] => 0.0.0.0-169.254.169.253[External] : All Connections',
    'shop/web[Deployment] => 169.254.169.255-255.255.255.255[External] : All Connections',
  ]);
});

test('IPv6 is listed as soon as anything mentions it', () => {
  expect(lines([namespace('shop'), WEB]).some(line => line.includes('::'))).toBe(false);
  expect(lines([namespace('shop'), WEB], { podCidrs: ['10.244.0.0/16', 'fd00::/48'] })).toContain(
    'shop/web[Deployment] => ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff[External] : All Connections');
  const out = policy('shop/out', { podSelector: {}, policyTypes: ['Egress', 'Ingress'], egress: [{ to: [{ ipBlock: { cidr: '2001:db8::/32' } }] }] });
  expect(lines([namespace('shop'), WEB, out])).toEqual([
    'shop/web[Deployment] => 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff[External] : All Connections',
  ]);
});

const cilium = (name: string, spec: object) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name, namespace: 'shop' }, spec });
const selecting = (name: string) => ({ endpointSelector: { matchLabels: { app: name } } });

test('ports with HTTP rules let some requests pass', () => {
  const toPorts = [{ ports: [{ port: '8080', protocol: 'TCP' }], rules: { http: [{ method: 'GET' }] } }, { ports: [{ port: '9090', protocol: 'TCP' }] }];
  expect(lines([
    ...WORLD,
    cilium('db', { ...selecting('db'), ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts }] }),
    cilium('web', { ...selecting('web'), ingress: [{}] }),
  ], { cni: 'cilium' }).filter(line => line.includes('=> shop/db'))).toEqual(['shop/web[Deployment] => shop/db[Deployment] : TCP 9090,Some TCP 8080']);
});

test('names are ends of their own, and not every address outside', () => {
  const toPorts = [{ ports: [{ port: '443', protocol: 'TCP' }] }];
  const dns = { toEndpoints: [{ matchLabels: { app: 'db' } }], toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [{ matchPattern: '*' }] } }] };
  expect(lines([
    ...WORLD,
    cilium('web', { ...selecting('web'), egress: [dns, { toFQDNs: [{ matchName: 'api.example.com' }], toPorts }], ingress: [{}] }),
  ], { cni: 'cilium' }).filter(line => line.startsWith('shop/web'))).toEqual([
    'shop/web[Deployment] => api.example.com : TCP 443',
    'shop/web[Deployment] => shop/db[Deployment] : UDP 53',
  ]);
});

test('what depends on labels that nobody states is unknown in the open world, and closed in the closed one', () => {
  const from = [{ namespaceSelector: { matchLabels: { team: 'red' } } }];
  const documents = [namespace('shop'), DB, deployment('elsewhere/web'), policy('shop/db', { ...app('db'), ingress: [{ from, ports: [{ port: 5432 }] }] })];
  const line = 'elsewhere/web[Deployment] => shop/db[Deployment] : ';
  expect(lines(documents, { closed: false }).filter(each => each.startsWith(line))).toEqual([`${line}Unknown TCP 5432`]);
  expect(lines(documents).filter(each => each.startsWith(line))).toEqual([]);
});

test('rules that ask something of the own end hold for those ends only', () => {
  const calico = {
    apiVersion: 'projectcalico.org/v3',
    kind: 'NetworkPolicy',
    metadata: { name: 'in', namespace: 'shop' },
    spec: { types: ['Ingress'], ingress: [{ action: 'Allow', destination: { selector: 'app == "db"' } }] },
  };
  expect(lines([...WORLD, calico], { cni: 'calico' }).filter(line => !line.includes('[External]'))).toEqual(['shop/web[Deployment] => shop/db[Deployment] : All Connections']);
});

describe('an ingress controller', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'db', namespace: 'shop' }, spec: { selector: { app: 'db' }, ports: [{ port: 80, targetPort: 'sql' }] } };
  const path = { path: '/', pathType: 'Prefix', backend: { service: { name: 'db', port: { number: 80 } } } };
  const route = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'db', namespace: 'shop' }, spec: { rules: [{ http: { paths: [path] } }] } };
  const controllerLines = (...more: unknown[]) => lines([...WORLD, service, route, ...more]).filter(line => line.startsWith('{'));

  test('reaches the target port of the backend', () => {
    expect(controllerLines()).toEqual(['{ingress-controller} => shop/db[Deployment] : TCP 5432']);
  });

  test('reaches nothing where policies admit no unknown pod', () => {
    expect(controllerLines(DENY_ALL)).toEqual([]);
    expect(controllerLines(policy('shop/db', { ...app('db'), ingress: [{ from: [{ namespaceSelector: {} }] }] }))).toEqual(['{ingress-controller} => shop/db[Deployment] : TCP 5432']);
    expect(controllerLines(policy('shop/db', { ...app('db'), ingress: [{ from: [{ podSelector: {} }] }] }))).toEqual([]);
  });
});

test('a selection keeps what has a selected end', () => {
  const documents = [...WORLD, deployment('other/web'), namespace('other')];
  const ends = (options: ConnectionsOptions) => lines(documents, {}, options).map(line => line.split(' : ')[0]);
  expect(ends({ namespaces: ['other'] }).every(pair => pair.includes('other/web'))).toBe(true);
  expect(ends({ workloads: ['db'] })).toEqual(ends({ workloads: ['shop/db'] }));
  expect(ends({ workloads: ['web'], namespaces: ['shop'] })).toEqual(ends({ workloads: ['shop/web[Deployment]'] }));
  expect(ends({ workloads: ['nobody'] })).toEqual([]);
});
