import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ApiObject, App, Chart, Include, JsonPatch, Testing } from 'cdk8s';
import * as yaml from 'js-yaml';
import { shop } from './shop';
import { Answer, ChangeType, Cluster, Cni, Connectivity, FlowDirection, IngressController, Namespaces, NetworkPolicy, Peer, Port, Risk, Workload } from '../../src';
import { CLUSTER_NAMES, deployment, synthesize } from '../support/apps';

describe.each(CLUSTER_NAMES)('an app for %s', cluster => {
  const { app, web, api, database } = shop(cluster);
  const net = Connectivity.ofApp(app);

  test('allows what it states', () => {
    net.assertAllowed(web, api, Port.tcp(8080));
    net.assertAllowed(Peer.ingressController(), web, Port.tcp(8080));
    net.assertAllowed(Peer.oneOf(web, api), Peer.dns(), Port.DNS);
    net.assertAllowed(api, Peer.cidr('203.0.113.0/24'), Port.HTTPS);
  });

  test('denies everything else', () => {
    net.assertDenied(web, database);
    net.assertDenied(Peer.oneOf(web, database), Peer.internet());
    net.assertDenied(Peer.internet(), Peer.oneOf(web, api, database));
    net.assertDenied(web, api, Port.tcp(8081));
  });

  test('lets exactly these in', () => {
    net.assertOnly(database, api);
    net.assertOnly(web, Peer.ingressController());
    expect(() => net.assertOnly(api, database)).toThrow(/shop\/database\[Deployment\] => shop\/api\[Deployment\] : all traffic is denied/);
    expect(() => net.assertOnly(api)).toThrow('only nobody => Deployment api (shop/api)');
  });

  test('is a chain of steps', () => {
    net.assertNotReachable(web, database);
    net.assertNotReachable(Peer.internet(), database, { transitive: true });
    expect(() => net.assertNotReachable(web, database, { transitive: true }))
      .toThrow('shop/web[Deployment] => shop/api[Deployment] => shop/database[Deployment] : each connection of this chain is allowed');
  });

  test('is not isolated, since the ingress controller gets in', () => {
    expect(net.isolated('shop')).toBe(false);
    expect(() => net.assertIsolated('shop')).toThrow(/ingress-nginx/);
  });
});

test('a failing assertion says what was stated, the answer, and the rule with its construct path', () => {
  const { app, web, api } = shop();
  const net = Connectivity.ofApp(app);
  expect(() => net.assertDenied(web, api)).toThrow([
    'deny Deployment web (shop/web) => Deployment api (shop/api) : all traffic',
    '  does not hold: shop/web[Deployment] => shop/api[Deployment] : TCP 8080 is allowed',
  ].join('\n'));
  expect(() => net.assertDenied(web, api)).toThrow(/allows: NetworkPolicy shop\/web, egress.*shop\/netpol:policies\/netpol:deployment-web/);
});

test('an isolated namespace is told', () => {
  const { app, web } = shop();
  const chart = new Chart(app, 'inner', { namespace: 'inner' });
  const inner = Workload.of(deployment(chart, 'inner'));
  inner.connections.isolate();
  const net = Connectivity.ofApp(app);
  expect(net.isolated('inner')).toBe(true);
  net.assertIsolated('inner');
  net.assertDenied(web, inner);
  expect(() => net.isolated('outer')).toThrow(/namespace outer/);
  expect(() => net.isolated('Outer')).toThrow(/lower-case/);
});

test('a verdict has an answer, an explanation, and what is missing', () => {
  const { app, web, api, database } = shop();
  const net = Connectivity.ofApp(app);
  const denied = net.verdict(web, database, Port.POSTGRES);
  expect([denied.answer, denied.isAllowed, denied.isDenied, denied.missing]).toEqual([Answer.DENIED, false, true, []]);
  expect(denied.explanation).toContain('shop/web[Deployment] => shop/database[Deployment] : TCP 5432 is denied');
  expect(net.explain(web, database, Port.POSTGRES)).toBe(denied.toString());
  expect(net.verdict(web, api, Port.tcp(8080)).isAllowed).toBe(true);
  // Some of it passes, and some does not.
  expect(net.verdict(web, api).answer).toBe(Answer.PARTIAL);
  expect(net.verdict(Peer.oneOf(web, database), api, Port.tcp(8080)).answer).toBe(Answer.PARTIAL);
  expect(() => net.verdict(Connectivity.named('shop/wbe'), api)).toThrow(/shop\/wbe/);
});

test('what is unknown about the internet is said once, whatever ranges rules divide it into', () => {
  const { app, chart, web } = shop('cilium');
  new NetworkPolicy(chart, 'out', {
    subject: web, egress: [{ peers: [Peer.fqdn('api.example.com')], ports: [Port.HTTPS] }, { peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.tcp(8443)] }],
  });
  const { answer, missing, explanation } = Connectivity.ofApp(app).verdict(web, Peer.internet(), Port.HTTPS);
  expect(answer).toBe(Answer.UNKNOWN);
  expect(missing).toHaveLength(1);
  expect(missing[0]).toMatch(/by which DNS name .* was found/);
  expect(explanation.match(/It depends on what is not known:/g)).toHaveLength(1);
});

test('a line of the list is a text', () => {
  const { app } = shop();
  const [first] = Connectivity.ofApp(app).connections();
  expect(`${first}`).toBe(`${first.source} => ${first.destination} : ${first.traffic}`);
});

test('without the ranges of pods, what a range decides about them is unknown, and fails with what is missing', () => {
  const { app, chart, web, api } = shop('kubernetes', { podCidrs: [], nodeCidrs: [] });
  new NetworkPolicy(chart, 'metrics', { subject: web, ingress: [{ peers: [Peer.addresses('10.0.0.0/8')], ports: [Port.tcp(9090)] }], egress: [] });
  new NetworkPolicy(chart, 'out', { subject: api, ingress: [], egress: [{ peers: [Peer.addresses('10.0.0.0/8')], ports: [Port.tcp(9090)] }] });
  const net = Connectivity.ofApp(app);
  const { answer, missing } = net.verdict(api, web, Port.tcp(9090));
  expect(answer).toBe(Answer.UNKNOWN);
  expect(missing.join()).toContain('address');
  for (const assertion of [() => net.assertAllowed(api, web, Port.tcp(9090)), () => net.assertDenied(api, web, Port.tcp(9090))]) {
    expect(assertion).toThrow(/is unknown[^]*It depends on what is not known:/);
  }
  Connectivity.ofApp(app, { podCidrs: ['10.244.0.0/16'] }).assertAllowed(api, web, Port.tcp(9090));
});

describe('a request', () => {
  const { app, web, api } = shop('cilium');
  const other = Workload.of(deployment(new Chart(app, 'other', { namespace: 'other' }), 'other'));
  other.connections.allowTo(api, Port.tcp(9090).http({ method: 'GET', pathPrefix: '/api/' }));
  web.connections.allowTo(Peer.fqdn('api.example.com'), Port.HTTPS);
  const net = Connectivity.ofApp(app);

  test('is stated with the port, or beside it', () => {
    net.assertAllowed(other, api, Port.tcp(9090).http({ method: 'GET', path: '/api/users' }));
    net.assertAllowed(other, api, Port.tcp(9090), { method: 'GET', path: '/api/users' });
    net.assertDenied(other, api, Port.tcp(9090), { method: 'POST', path: '/api/users' });
  });

  test('that is not stated passes in part', () => {
    expect(net.verdict(other, api, Port.tcp(9090)).answer).toBe(Answer.PARTIAL);
    expect(() => net.assertDenied(other, api, Port.tcp(9090))).toThrow(/is allowed for some requests only/);
  });

  test('is exact', () => {
    expect(() => net.assertAllowed(other, api, Port.tcp(9090).http({ method: 'GET', pathPrefix: '/api/' }))).toThrow(/stands for many requests.*state an exact one/);
    expect(() => net.assertAllowed(other, api, Port.tcp(9090).http({ method: 'GET' }), { path: '/api' })).toThrow(/stated twice/);
    expect(() => net.assertAllowed(other, api, undefined, { method: 'GET' })).toThrow(/without a port/);
    expect(() => net.assertAllowed(other, api, Port.tcp(9090), { method: 'get' })).toThrow(/upper-case/);
    expect(() => net.assertAllowed(other, api, Port.tcp(9090), { path: 'api' })).toThrow(/begins with "\/"/);
    expect(() => net.assertAllowed(web, Peer.dns(), Port.DNS, { dnsName: '*.example.com' })).toThrow(/many names/);
    expect(() => net.assertAllowed(other, api, Port.udp(9090), { method: 'GET' })).toThrow(/travels over TCP/);
  });

  test('asks DNS for a name', () => {
    net.assertAllowed(web, Peer.dns(), Port.DNS, { dnsName: 'api.example.com' });
  });

  test('goes to a name', () => {
    net.assertAllowed(web, Peer.fqdn('api.example.com'), Port.HTTPS);
    expect(() => net.assertAllowed(web, Peer.fqdn('*.example.com'), Port.HTTPS)).toThrow(/name one of them/);
  });
});

describe('peers', () => {
  const { app, chart, web, api, database } = shop();
  const net = Connectivity.ofApp(app);

  test('that select pods mean all of them', () => {
    net.assertDenied(Peer.pods({ labels: { app: 'web' }, namespaces: Namespaces.named('shop') }), database);
    expect(() => net.assertDenied(Peer.namespaces(Namespaces.named('shop')), database)).toThrow(/shop\/api\[Deployment\] => shop\/database/);
  });

  test('that select nobody fail', () => {
    expect(() => net.assertDenied(Peer.pods({ labels: { app: 'wbe' }, namespaces: Namespaces.all() }), database)).toThrow(/nothing in the input is pods with app=wbe/);
    expect(() => net.assertDenied(Connectivity.named('nowhere/*'), database)).toThrow(/nothing in the input/);
  });

  test('of the same namespace are those of none', () => {
    expect(() => net.assertDenied(Peer.pods({ labels: { app: 'web' } }), database)).toThrow(/pods with app=web in namespace \(same\): Namespaces.same\(\) means nothing/);
  });

  test('may be named by a text', () => {
    net.assertAllowed(Connectivity.named('shop/web'), Connectivity.named('shop/api'), Port.tcp(8080));
    net.assertDenied(Connectivity.named('*'), Connectivity.named('shop/database'), Port.SSH);
    net.assertAllowed(api, Connectivity.named('203.0.113.7'), Port.HTTPS);
    expect(() => api.connections.allowTo(Connectivity.named('shop/web'), Port.HTTP)).toThrow(/is a name for questions/);
  });

  test('that another app holds are judged by their labels', () => {
    const external = Workload.external(chart, { namespace: 'elsewhere', labels: { app: 'legacy' } });
    net.assertDenied(external, web);
    net.assertDenied(web, external);
  });

  test('are nodes, too', () => {
    net.assertDenied(Peer.remoteNodes(), database);
    net.assertDenied(web, Peer.remoteNodes());
  });
});

describe('the whole app is read', () => {
  test('with policies of others, as they are rendered', () => {
    const { app, web, database } = shop();
    const before = Connectivity.ofApp(app);
    before.assertDenied(web, database);
    const chart = new Chart(app, 'extra', { namespace: 'shop' });
    const extra = new ApiObject(chart, 'extra', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'extra' },
      spec: { podSelector: { matchLabels: { app: 'database' } }, policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: {} }] }] },
    });
    // The web's own egress is closed still.
    Connectivity.ofApp(chart).assertDenied(web, database);
    extra.addJsonPatch(JsonPatch.replace('/spec/policyTypes', ['Ingress', 'Egress']));
    const web2 = new ApiObject(chart, 'web', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'web-out' },
      spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress: [{ to: [{ podSelector: {} }] }] },
    });
    expect(() => Connectivity.ofApp(chart).assertDenied(web, database)).toThrow(new RegExp(`${extra.node.path}[^]*`));
    chart.node.tryRemoveChild(web2.node.id);
    Connectivity.ofApp(chart).assertDenied(web, database);
    // The older one is of the app as it was.
    before.assertDenied(web, database);
  });

  test('with files that are included', () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'netpol-'));
    const file = path.join(directory, 'all.yaml');
    fs.writeFileSync(file, yaml.dump({ apiVersion: 'v1', kind: 'List', items: synthesize('kubernetes', ({ chart }) => { deployment(chart, 'included'); }) }));
    const app = new App();
    Cluster.of(app).configure({});
    new Include(new Chart(app, 'included'), 'include', { url: file });
    const net = Connectivity.ofApp(app);
    net.assertAllowed(Connectivity.named('*'), Connectivity.named('shop/included'), Port.tcp(8080));
    fs.rmSync(directory, { recursive: true });
  });
});

describe('what cannot be read', () => {
  const BROKEN = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'broken', namespace: 'shop' }, spec: { podSelector: {}, ingress: 'all' } };

  test('fails every assertion, with its place', () => {
    const { app, chart, web, api, database } = shop();
    new ApiObject(chart, 'broken', BROKEN);
    const net = Connectivity.ofApp(app);
    expect(net.problems).toEqual([expect.stringMatching(/^shop\/broken: /)]);
    for (const assertion of [
      () => net.assertAllowed(web, api, Port.tcp(8080)), () => net.assertDenied(web, database), () => net.assertOnly(database, api),
      () => net.assertNotReachable(web, database), () => net.assertIsolated('shop'),
    ]) {
      expect(assertion).toThrow(/the analysis is incomplete[^]*shop\/broken: /);
    }
    expect(net.isolated('shop')).toBe(false);
    const { answer, missing, explanation } = net.verdict(web, api, Port.tcp(8080));
    expect([answer, missing]).toEqual([Answer.UNKNOWN, net.problems]);
    expect(explanation).toContain('the analysis is incomplete');
  });

  test('is told of objects that cannot be rendered', () => {
    const { app, chart, web, api } = shop();
    const object = new ApiObject(chart, 'odd', { apiVersion: 'v1', kind: 'ConfigMap' });
    object.toJson = () => { throw new Error('no data'); };
    expect(() => Connectivity.ofApp(app).assertAllowed(web, api, Port.tcp(8080))).toThrow(/shop\/odd: ConfigMap cannot be rendered: no data/);
  });

  test('is told of statements that cannot be written, as a synth tells them', () => {
    const { app, web } = shop();
    web.connections.allowTo(Peer.fqdn('api.example.com'), Port.HTTPS);
    expect(() => Connectivity.ofApp(app)).toThrow(/the app does not synthesize, so that nothing can be said of it:\n {2}.*knows addresses, not names/);
  });

  test('is told of a CNI that enforces nothing', () => {
    const { app } = shop('kubernetes', { cni: Cni.flannel() });
    expect(() => Connectivity.ofApp(app)).toThrow(/Flannel enforces no network policy/);
  });

  test('knows that nothing is enforced where that was accepted', () => {
    const acceptedRisks = [Risk.INGRESS, Risk.EGRESS, Risk.POD_START].map(risk => ({ risk, because: 'a cluster for demos' }));
    const { app, web, api, database } = shop('kubernetes', { cni: Cni.flannel(), acceptedRisks });
    const net = Connectivity.ofApp(app);
    net.assertAllowed(web, api, Port.tcp(8080));
    expect(() => net.assertDenied(web, database)).toThrow(/does not hold: .* is allowed[^]*it is ignored: flannel does not enforce rules for what comes in/);
    expect(net.notes).toContainEqual(expect.stringMatching(/^NOTHING IS ENFORCED/));
  });

  test('knows the ranges of Services and the ingress controller of the facts', () => {
    const { app, web, api } = shop('kubernetes', { serviceCidrs: ['203.0.113.128/25'], ingressController: IngressController.traefik() });
    const net = Connectivity.ofApp(app);
    // The policy leaves out what nobody outside has.
    net.assertAllowed(api, Peer.cidr('203.0.113.0/24'), Port.HTTPS);
    net.assertAllowed(Connectivity.named('{ingress-controller}'), web, Port.tcp(8080));
    net.assertDenied(Connectivity.named('{ingress-controller}'), api);
    const files = Connectivity.ofManifests(Testing.synth(web._object!.chart as Chart), { podCidrs: ['10.244.0.0/16'], serviceCidrs: ['203.0.113.128/25'] });
    files.assertAllowed(Connectivity.named('shop/api'), Peer.cidr('203.0.113.0/24'), Port.HTTPS);
    expect(files.verdict(Connectivity.named('{ingress-controller}'), Connectivity.named('shop/web'), Port.tcp(8080)).answer).toBe(Answer.UNKNOWN);
  });
});

describe('manifests', () => {
  const manifests = () => Testing.synth(shop('calico').chart);

  test('are read as the CNI enforces them, which follows from their kinds', () => {
    const net = Connectivity.ofManifests(manifests(), { podCidrs: ['10.244.0.0/16'], nodeCidrs: ['172.18.0.0/16'] });
    net.assertAllowed(Connectivity.named('shop/web'), Connectivity.named('shop/api'), Port.tcp(8080));
    net.assertDenied(Connectivity.named('shop/web'), Connectivity.named('shop/database'));
    expect(() => Connectivity.ofManifests(manifests(), { cni: Cni.cilium() }).assertAllowed(Connectivity.named('shop/web'), Connectivity.named('shop/api'), Port.tcp(8080)))
      .toThrow(/incomplete/);
  });

  test('are a list', () => {
    expect(() => Connectivity.ofManifests('dist' as never)).toThrow(/no list of objects/);
    expect(Connectivity.ofManifests([]).connections()).toEqual([]);
  });

  test('are read from a folder, with file and line', () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'netpol-'));
    fs.mkdirSync(path.join(directory, 'inner'));
    const all = Testing.synth(shop().chart);
    fs.writeFileSync(path.join(directory, 'a.yaml'), all.slice(0, 3).map(manifest => yaml.dump(manifest)).join('---\n'));
    fs.writeFileSync(path.join(directory, 'inner', 'b.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: all.slice(3) }));
    const net = Connectivity.ofDirectory(directory, { podCidrs: ['10.244.0.0/16'] });
    net.assertDenied(Connectivity.named('shop/web'), Connectivity.named('shop/database'));
    expect(() => net.assertDenied(Connectivity.named('shop/web'), Connectivity.named('shop/api'))).toThrow(/NetworkPolicy shop\/api.*inner\/b\.json:1/);
    fs.mkdirSync(path.join(directory, '.hidden'));
    expect(Connectivity.ofDirectory(directory).notes).toContain(`hidden folders and node_modules are not looked into; name those that hold manifests: ${path.join(directory, '.hidden')}`);
    fs.writeFileSync(path.join(directory, 'c.yaml'), 'kind: [');
    expect(() => Connectivity.ofDirectory(directory).assertDenied(Connectivity.named('shop/web'), Connectivity.named('shop/database'))).toThrow(/incomplete[^]*c\.yaml:/);
    fs.rmSync(directory, { recursive: true });
    expect(() => Connectivity.ofDirectory(directory)).toThrow(directory);
  });

  test('a part of a list leaves open what the rest says', () => {
    const part = { apiVersion: 'v1', kind: 'List', metadata: { continue: 'abc' }, items: ['text'] };
    expect(Connectivity.ofManifests([part]).problems).toEqual([
      expect.stringContaining('manifests[0]: the list goes on'), expect.stringContaining('manifests[0] items[0]: an entry of a List must be an object'),
    ]);
  });

  test('of an empty folder are none', () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'netpol-'));
    expect(() => Connectivity.ofDirectory(directory)).toThrow(/holds no .*\.yaml/);
    fs.writeFileSync(path.join(directory, 'values.yaml'), 'replicas: 2\n');
    expect(() => Connectivity.ofDirectory(directory)).toThrow(/no object of Kubernetes/);
    fs.rmSync(directory, { recursive: true });
  });
});

describe('lists', () => {
  test('of connections are those of the closed world', () => {
    const { app } = shop();
    expect(Connectivity.ofApp(app).connections()).toEqual([
      { source: 'shop/api[Deployment]', destination: '203.0.113.0-203.0.113.255[External]', traffic: 'TCP 443' },
      { source: 'shop/api[Deployment]', destination: 'shop/database[Deployment]', traffic: 'TCP 5432' },
      { source: 'shop/web[Deployment]', destination: 'shop/api[Deployment]', traffic: 'TCP 8080' },
    ]);
  });

  test('of changes say what opens and closes', () => {
    const [before, after] = [shop(), shop()];
    after.web.connections.allowTo(after.database, Port.POSTGRES);
    after.web.connections.allowTo(after.api, Port.tcp(9090));
    const [old, recent] = [before, after].map(({ app }) => Connectivity.ofApp(app));
    expect(old.diff(recent)).toEqual([
      { kind: ChangeType.CHANGED, source: 'shop/web[Deployment]', destination: 'shop/api[Deployment]', before: 'TCP 8080', after: 'TCP 8080,9090', opens: true, closes: false },
      { kind: ChangeType.ADDED, source: 'shop/web[Deployment]', destination: 'shop/database[Deployment]', before: 'No Connections', after: 'TCP 5432', opens: true, closes: false },
    ]);
    expect(recent.diff(old).map(({ kind, closes }) => [kind, closes])).toEqual([[ChangeType.CHANGED, true], [ChangeType.REMOVED, true]]);
    expect(old.diff(old)).toEqual([]);
  });

  test('of exposure name who is not known', () => {
    const { app, chart } = shop();
    deployment(new Chart(app, 'open', { namespace: 'open' }), 'open');
    void chart;
    const exposure = Connectivity.ofApp(app).exposure();
    expect(exposure).toContainEqual(expect.objectContaining({ workload: 'shop/web[Deployment]', direction: FlowDirection.INGRESS, peer: expect.stringContaining('ingress-nginx'), traffic: 'TCP 8080', isProtected: true }));
    expect(exposure).toContainEqual({ workload: 'open/open[Deployment]', direction: FlowDirection.INGRESS, peer: 'entire-cluster', traffic: 'All Connections', isProtected: false });
  });
});

test('an app that renders the same is not analysed again, and one that changed is', () => {
  const { app, web, database } = shop();
  const first = Connectivity.ofApp(app);
  expect((Connectivity.ofApp(app) as never as { source: unknown }).source).toBe((first as never as { source: unknown }).source);
  web.connections.allowTo(database, Port.POSTGRES);
  Connectivity.ofApp(app).assertAllowed(web, database, Port.POSTGRES);
  first.assertDenied(web, database);
});
