import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { shop } from './shop';
import { ConnectivityContract, ConnectivityContractProps, Peer, Port, Workload } from '../../src';
import * as judging from '../../src/analysis/contract/judge';
import { CLUSTER_NAMES, deployment } from '../support/apps';

/** Every way in which an app is rendered, with validations. */
const WAYS: Readonly<Record<string, (app: App, chart: Chart) => void>> = {
  'App.synth': app => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'netpol-'));
    try {
      Object.defineProperty(app, 'outdir', { value: directory });
      app.synth();
    } finally {
      fs.rmSync(directory, { recursive: true });
    }
  },
  'App.synthYaml': app => void app.synthYaml(),
  'Testing.synth': (_, chart) => void Testing.synth(chart),
  'Chart.toJson': (_, chart) => void chart.toJson(),
};

const contract = (chart: Chart, props: ConnectivityContractProps) => new ConnectivityContract(chart, 'contract', props);

describe.each(CLUSTER_NAMES)('for %s', cluster => {
  test('a contract that holds changes nothing', () => {
    const plain = Testing.synth(shop(cluster).chart);
    const { chart, web, api, database } = shop(cluster);
    contract(chart, {
      allow: [{ source: web, destination: api, traffic: Port.tcp(8080) }],
      deny: [{ source: web, destination: database }, { source: Peer.internet(), destination: web }],
      only: [{ subject: database, peers: [api] }],
      notReachable: [{ source: Peer.internet(), destination: database, transitive: true }],
    });
    expect(Testing.synth(chart)).toEqual(plain);
  });
});

describe.each(Object.entries(WAYS))('by %s', (_, render) => {
  test('a violation fails the synth with the explanation', () => {
    const { app, chart, web, api } = shop();
    contract(chart, { deny: [{ source: web, destination: api, because: 'they are strangers' }] });
    expect(() => render(app, chart)).toThrow([
      '[shop/contract] deny Deployment web (shop/web) => Deployment api (shop/api) : all traffic (deny[0])',
      '  does not hold: shop/web[Deployment] => shop/api[Deployment] : TCP 8080 is allowed',
      '  stated because: they are strangers',
    ].join('\n'));
    expect(() => render(app, chart)).toThrow(/NetworkPolicy shop\/api, ingress.*shop\/netpol:policies\/netpol:deployment-api/);
  });

  test('what changes between two renderings is seen', () => {
    const { app, chart, web, database } = shop();
    contract(chart, { deny: [{ source: web, destination: database }] });
    render(app, chart);
    web.connections.allowTo(database, Port.POSTGRES);
    expect(() => render(app, chart)).toThrow(/TCP 5432 is allowed/);
  });

  test('a policy that the library did not make is judged too', () => {
    const { app, chart, web } = shop();
    const open = Workload.of(deployment(new Chart(app, 'open', { namespace: 'open' }), 'open'));
    contract(chart, { deny: [{ source: Peer.internet(), destination: web }] });
    render(app, chart);
    const foreign = new ApiObject(chart, 'foreign', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'foreign' },
      spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] },
    });
    expect(() => render(app, chart)).toThrow(/NetworkPolicy shop\/foreign.*shop\/foreign/);
    chart.node.tryRemoveChild(foreign.node.id);
    render(app, chart);
    void open;
  });
});

test('what is unknown fails the synth, and says what is missing', () => {
  const { chart, web, api } = shop('kubernetes', { podCidrs: [], nodeCidrs: [] });
  web.connections.allowFrom(Peer.addresses('10.0.0.0/8'), Port.tcp(9090));
  api.connections.allowTo(Peer.addresses('10.0.0.0/8'), Port.tcp(9090));
  contract(chart, { deny: [{ source: api, destination: web }] });
  expect(() => Testing.synth(chart)).toThrow(/TCP 9090 is unknown[^]*It depends on what is not known/);
});

test('several contracts tell all of their violations', () => {
  const { chart, web, api, database } = shop();
  contract(chart, { deny: [{ source: web, destination: api }, { source: api, destination: database }], isolated: ['shop'] });
  new ConnectivityContract(chart, 'second', { only: [{ subject: database, peers: [web] }], notReachable: [{ source: web, destination: database, transitive: true }] });
  const message = messageOf(() => Testing.synth(chart));
  for (const part of ['(deny[0])', '(deny[1])', 'isolated shop (isolated[0])', '[shop/second] only', '(notReachable[0])']) { expect(message).toContain(part); }
});

test('a contract is silent where the app itself is wrong, which is told once', () => {
  const { chart, web, api } = shop();
  web.connections.allowTo(Peer.fqdn('api.example.com'), Port.HTTPS);
  contract(chart, { deny: [{ source: web, destination: api }] });
  const message = messageOf(() => Testing.synth(chart));
  expect(message).toContain('knows addresses, not names');
  expect(message).not.toContain('shop/contract');
});

test('what cannot be read fails the synth, with its place', () => {
  const { chart, web, api } = shop();
  new ApiObject(chart, 'broken', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'broken' }, spec: { podSelector: {}, ingress: 'all' } });
  contract(chart, { allow: [{ source: web, destination: api, traffic: Port.tcp(8080) }] });
  expect(() => Testing.synth(chart)).toThrow(/\[shop\/contract\] the analysis is incomplete[^]*shop\/broken/);
});

test('a statement about nobody fails the synth', () => {
  const { app, chart, web } = shop();
  contract(chart, { deny: [{ source: Workload.select(chart, { labels: { app: 'wbe' }, namespace: 'shop' }), destination: web }] });
  expect(() => app.synthYaml()).toThrow(/nothing in the input is workload wbe/);
});

test('a contract that says nothing, or nothing sensible, is refused where it is made', () => {
  const { chart, web, api } = shop();
  expect(() => contract(chart, {})).toThrow(/shop\/contract states nothing/);
  expect(() => new ConnectivityContract(chart, 'prefix', { deny: [{ source: web, destination: api, traffic: Port.tcp(80).http({ pathPrefix: '/' }) }] })).toThrow(/stands for many requests/);
  expect(() => new ConnectivityContract(chart, 'name', { isolated: ['Shop'] })).toThrow(/isolated\[0\]: namespace "Shop"/);
});

test('a synth judges each statement once, however many charts there are', () => {
  const { app, chart, web, api, database } = shop();
  for (let i = 0; i < 5; i++) { deployment(new Chart(app, `more-${i}`, { namespace: `more-${i}` }), 'more'); }
  contract(chart, { allow: [{ source: web, destination: api, traffic: Port.tcp(8080) }], deny: [{ source: web, destination: database }] });
  const spy = jest.spyOn(judging, 'judge');
  app.synthYaml();
  expect(spy).toHaveBeenCalledTimes(2);
  app.synthYaml();
  expect(spy).toHaveBeenCalledTimes(4);
  spy.mockRestore();
});

function messageOf(run: () => unknown): string {
  try { run(); } catch (error) { return (error as Error).message; }
  throw new Error('nothing was thrown');
}
