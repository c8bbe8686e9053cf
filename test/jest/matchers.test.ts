import '../../src/jest';
import { ApiObject, App, Testing } from 'cdk8s';
import { Cni, Connectivity, Peer, Port } from '../../src';
import { shop } from '../connectivity/shop';
import { CLUSTER_NAMES } from '../support/apps';

const RANGES = { podCidrs: ['10.244.0.0/16'], nodeCidrs: ['172.18.0.0/16'] };

/** What a failing expectation says. */
function failure(expectation: () => void): string {
  try { expectation(); } catch (error) { return (error as Error).message; }
  throw new Error('the expectation holds');
}

describe.each(CLUSTER_NAMES)('for %s', cluster => {
  const { app, chart, web, api, database } = shop(cluster);

  test('an app allows and denies', () => {
    expect(app).toAllow({ from: web, to: api, port: Port.tcp(8080) });
    expect(app).toAllow({ from: 'shop/web', to: 'shop/api', port: '8080/tcp' });
    expect(app).toDeny({ from: web, to: database });
    expect(app).toDeny({ from: ['internet', web], to: database, port: '5432/tcp' });
  });

  test('so do a chart, manifests, and a Connectivity', () => {
    expect(chart).toDeny({ from: web, to: database });
    expect(Testing.synth(chart)).toDeny({ from: 'shop/web', to: 'shop/database' }, RANGES);
    expect(Connectivity.ofApp(app)).toAllow({ from: Peer.ingressController(), to: web, port: '8080/tcp' });
  });
});

const { app, chart, web, api, database } = shop();

test('a failing expectation says the statement, the answer, and the rule', () => {
  const message = failure(() => expect(app).toDeny({ from: web, to: api, port: '8080/tcp' }));
  expect(message).toContain('deny Deployment web (shop/web) => Deployment api (shop/api) : TCP 8080\n  does not hold: shop/web[Deployment] => shop/api[Deployment] : TCP 8080 is allowed');
  expect(message).toContain('NetworkPolicy shop/api, ingress[0]');
  expect(message).toContain('shop/netpol:policies/netpol:deployment-api');
});

test('not is the opposite statement', () => {
  expect(app).not.toAllow({ from: web, to: database });
  expect(app).not.toDeny({ from: web, to: api, port: '8080/tcp' });
  expect(failure(() => expect(app).not.toAllow({ from: web, to: api }))).toContain('deny Deployment web');
  // A part of it is allowed, so that it is neither.
  expect(() => expect(app).toAllow({ from: web, to: api })).toThrow();
  expect(() => expect(app).not.toAllow({ from: web, to: api })).toThrow();
});

test('what is unknown fails either way', () => {
  const { chart: open, web: source, api: destination } = shop('kubernetes', { podCidrs: [], nodeCidrs: [] });
  destination.connections.allowFrom(Peer.addresses('10.0.0.0/8'), Port.tcp(9090));
  source.connections.allowTo(Peer.addresses('10.0.0.0/8'), Port.tcp(9090));
  const flow = { from: source, to: destination, port: '9090/tcp' };
  for (const expectation of [
    () => expect(open).toAllow(flow), () => expect(open).toDeny(flow), () => expect(open).not.toAllow(flow), () => expect(open).not.toDeny(flow),
  ]) {
    expect(failure(expectation)).toMatch(/is unknown[^]*It depends on what is not known/);
  }
});

test('a request is part of the flow', () => {
  const cilium = shop('cilium');
  cilium.database.connections.allowFrom(cilium.web, Port.tcp(9090).http({ method: 'GET', path: '/health' }));
  expect(cilium.app).toAllow({ from: 'shop/web', to: 'shop/database', port: '9090/tcp', http: 'GET /health' });
  expect(cilium.app).toDeny({ from: 'shop/web', to: 'shop/database', port: '9090/tcp', http: 'GET /' });
  expect(cilium.app).toAllow({ from: 'shop/web', to: 'shop/database', port: '9090/tcp', http: { method: 'GET', path: '/health', host: 'database', headers: {} } });
  expect(cilium.app).toDeny({ from: 'shop/web', to: 'shop/database', port: '9090/tcp', http: { method: 'POST', path: '/health' } });
  expect(() => expect(cilium.app).toDeny({ from: 'shop/web', to: 'shop/database', port: '9090/tcp', http: { verb: 'GET' } as object })).toThrow(/http has no "verb"/);
  expect(() => expect(cilium.app).toDeny({ from: 'shop/web', to: 'shop/database', port: '9090/tcp', http: { method: 'get' } })).toThrow(/upper-case/);
  expect(cilium.app).toAllow({ from: 'shop/web', to: Peer.dns(), port: Port.DNS, dns: 'api.example.com' });
  expect(() => expect(cilium.app).toAllow({ from: 'shop/web', to: 'shop/api', http: 'GET /' })).toThrow(/without a port/);
});

test('the connections are exactly those of a table', () => {
  expect(app).toMatchConnectivity(`
    shop/api[Deployment] => 203.0.113.0-203.0.113.255[External] : TCP 443
    shop/api[Deployment] => shop/database[Deployment] : TCP 5432
    shop/web[Deployment] => shop/api[Deployment] : TCP 8080
  `);
  expect(app).toMatchConnectivity([
    ['shop/web[Deployment]', 'shop/api[Deployment]', 'TCP 8080'],
    'shop/api[Deployment] => shop/database[Deployment] : TCP 5432',
    ['shop/api[Deployment]', '203.0.113.0-203.0.113.255[External]', 'TCP 443'],
  ]);
  expect(app).not.toMatchConnectivity([]);
});

test('another table fails with the differences, and explains them', () => {
  const message = failure(() => expect(app).toMatchConnectivity([
    ['shop/api[Deployment]', 'shop/database[Deployment]', 'TCP 5432'],
    ['shop/api[Deployment]', '203.0.113.0-203.0.113.255[External]', 'TCP 443'],
    ['shop/web[Deployment]', 'shop/database[Deployment]', 'TCP 5432'],
  ]));
  expect(message.split('\n').slice(1, 3)).toEqual([
    '- shop/web[Deployment] => shop/database[Deployment] : TCP 5432',
    '+ shop/web[Deployment] => shop/api[Deployment] : TCP 8080',
  ]);
  expect(message).toContain('NetworkPolicy shop/api, ingress[0]');
  const actual = Connectivity.ofApp(app).connections().map(({ source, destination, traffic }) => [source, destination, traffic] as const);
  expect(failure(() => expect(app).not.toMatchConnectivity(actual))).toContain('the connections are exactly these');
});

test('a difference is explained by a port that makes it one, and once', () => {
  const message = failure(() => expect(app).toMatchConnectivity([
    ['shop/web[Deployment]', 'shop/api[Deployment]', 'TCP 8080-8081'],
    ['shop/api[Deployment]', 'shop/database[Deployment]', 'TCP 5432'],
    ['shop/api[Deployment]', '203.0.113.0-203.0.113.255[External]', 'TCP 443,444'],
  ]));
  expect(message.match(/^.* is (allowed|denied)$/gm)).toEqual([
    'shop/api[Deployment] => 203.0.113.0-203.0.113.255[External] : TCP 443 is allowed',
    'shop/web[Deployment] => shop/api[Deployment] : TCP 8080 is allowed',
    'shop/api[Deployment] => 203.0.113.0-203.0.113.255[External] : TCP 444 is denied',
  ]);
});

test('what is no question is refused', () => {
  expect(() => expect(3).toAllow({ from: web, to: api })).toThrow(/a number has no connectivity/);
  expect(() => expect(null).toAllow({ from: web, to: api })).toThrow(/null has no connectivity/);
  expect(() => expect(app).toAllow({ from: web, to: api, prot: '80/tcp' } as never)).toThrow(/a flow has no "prot"/);
  expect(() => expect(app).toAllow({ from: [], to: api })).toThrow(/from names nobody/);
  expect(() => expect(app).toAllow({ to: api } as never)).toThrow(/from names nobody/);
  expect(() => expect(app).toAllow({ from: web, to: api, port: '8080' })).toThrow(/did you mean "8080\/tcp"/);
  expect(() => expect(app).toMatchConnectivity('shop/web')).toThrow(/is no connection/);
  expect(() => expect(Connectivity.ofApp(app)).toDeny({ from: web, to: database }, { cni: Cni.calico() })).toThrow(/was made with its own/);
});

test('an app that could not be read fails everything, not too', () => {
  const broken = new App();
  const { chart: other, web: source, database: destination } = shop();
  new ApiObject(other, 'broken', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'broken' }, spec: { podSelector: {}, ingress: 'all' } });
  const flow = { from: source, to: destination };
  for (const expectation of [
    () => expect(other).toDeny(flow), () => expect(other).not.toAllow(flow),
    () => expect(other).toMatchConnectivity([]), () => expect(other).not.toMatchConnectivity([]),
  ]) {
    expect(failure(expectation)).toContain('the analysis is incomplete');
  }
  expect(broken).toMatchConnectivity([]);
  void chart;
});
