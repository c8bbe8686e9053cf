import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ApiObject, App, Chart, JsonPatch, Testing, Yaml } from 'cdk8s';
import * as cdk8s from 'cdk8s';
import * as constructs from 'constructs';
import * as yaml from 'js-yaml';
import * as netpol from '../../src';
import { AllowDns, Cluster, Cni, DefaultDeny, Namespaces, NetworkPolicy, Peer, Port, RuleAction, Workload } from '../../src';
import { Statements } from '../../src/constructs/statements';
import { CLUSTER_NAMES, CLUSTERS, ClusterName, Manifest, RANGES, sound } from '../support/apps';

function deployment(chart: Chart, name: string, labels: Record<string, string> = { app: name }): ApiObject {
  const template = { metadata: { labels }, spec: { containers: [{ name, image: name }] } };
  return new ApiObject(chart, name, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { selector: { matchLabels: labels }, template } } as never);
}

/** Statements about three workloads, in any order. */
type Statement = (of: (name: string) => Workload) => void;
const STATEMENTS: readonly Statement[] = [
  of => of('web').connections.allowTo(of('api'), Port.tcp(8080)),
  of => of('api').connections.allowTo(of('db'), Port.POSTGRES),
  of => of('web').connections.allowTo(Peer.internet(), Port.HTTPS),
  of => of('web').connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS),
  of => of('web').connections.allowTo(Peer.cidr('10.0.0.0/8'), Port.oneOf(Port.udp(9000), Port.HTTPS)),
  of => of('web').connections.allowFrom(Peer.ingressController(), Port.tcp(8080)),
  of => of('api').connections.allowFrom(Peer.monitoring(), Port.tcp(9090)),
  of => of('api').connections.allowFrom(Peer.pods({ namespaces: Namespaces.named('a', 'b') }), Port.tcp(9090)),
  of => of('db').connections.isolate({ dns: false }),
  of => of('api').connections.allowInternally(Port.tcp(7000)),
];
const TWICE = [...STATEMENTS, STATEMENTS[1]];

const stating = (statements: readonly Statement[], cluster: ClusterName): Map<string, string> => {
  const manifests = sound(cluster, ({ chart }) => {
    const workloads = new Map(['web', 'api', 'db'].map(name => [name, Workload.of(deployment(chart, name))]));
    statements.forEach(state => state(name => workloads.get(name)!));
  });
  return new Map(manifests.map(manifest => [manifest.metadata.name, Yaml.stringify(manifest)]));
};

const sorted = (documents: Map<string, string>) => [...documents].sort();

/** Always the same shuffles. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const rest = [...items];
  const result: T[] = [];
  for (let state = seed; rest.length > 0;) {
    state = (state * 1103515245 + 12345) % 2147483648;
    result.push(...rest.splice(state % rest.length, 1));
  }
  return result;
}

function appOf(cluster: ClusterName, outdir?: string): App {
  const app = new App({ outdir });
  Cluster.of(app).configure({ ...RANGES, ...CLUSTERS[cluster] });
  return app;
}

/** Charts that speak of each other, with every kind of statement. */
function twoTeams(cluster: ClusterName, outdir?: string): App {
  const app = appOf(cluster, outdir);
  const [shop, data] = ['shop', 'data'].map(namespace => new Chart(app, namespace, { namespace }));
  const [web, db] = [Workload.of(deployment(shop, 'web')), Workload.of(deployment(data, 'db'))];
  web.connections.allowTo(db, Port.POSTGRES);
  new DefaultDeny(shop, 'deny');
  new AllowDns(data, 'dns');
  const rule = { peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.HTTPS], action: cluster === 'kubernetes' ? RuleAction.ALLOW : RuleAction.DENY };
  new NetworkPolicy(shop, 'no', { egress: [rule] });
  return app;
}

const temporary = () => fs.mkdtempSync(path.join(os.tmpdir(), 'netpol-'));
const read = (directory: string): Manifest[] => fs.readdirSync(directory).sort()
  .flatMap(file => yaml.loadAll(fs.readFileSync(path.join(directory, file), 'utf8')));
const byName = (manifests: readonly Manifest[]): Manifest[] =>
  [...manifests].sort((a, b) => (JSON.stringify([a.kind, a.metadata]) < JSON.stringify([b.kind, b.metadata]) ? -1 : 1));

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('statements in another order give the same bytes for each object', () => {
    const expected = sorted(stating(STATEMENTS, cluster));
    expect(expected.map(([name]) => name)).toEqual(['api', 'db', 'web']);
    for (const order of [TWICE, [...TWICE].reverse(), ...[1, 2, 3, 4, 5].map(seed => shuffled(TWICE, seed))]) {
      expect(sorted(stating(order, cluster))).toEqual(expected);
    }
  });

  test('each of the statements is needed', () => {
    const expected = sorted(stating(STATEMENTS, cluster));
    for (const statement of STATEMENTS) {
      expect(sorted(stating(STATEMENTS.filter(other => other !== statement), cluster))).not.toEqual(expected);
    }
  });

  test('rules in another order give the same bytes', () => {
    const rules = [
      { peers: [Peer.cidr('203.0.113.0/24'), Peer.dns()], ports: [Port.HTTPS] },
      { peers: [Peer.pods({ labels: { app: 'x' } })], ports: [Port.HTTP, Port.HTTPS] },
      { peers: [Peer.internet()], ports: [Port.all()] },
    ];
    const written = (ordered: typeof rules) => sound(cluster, ({ chart }) => { new NetworkPolicy(chart, 'p', { egress: ordered, ingress: ordered }); });
    expect(Yaml.stringify(...written([...rules].reverse()))).toBe(Yaml.stringify(...written(rules)));
  });

  test('the same program twice gives the same bytes', () => {
    expect(twoTeams(cluster).synthYaml()).toBe(twoTeams(cluster).synthYaml());
  });

  test('App.synth, App.synthYaml and Testing.synth give the same objects, and so does a second time', () => {
    const outdir = temporary();
    const app = twoTeams(cluster, outdir);
    const tested = byName(app.charts.flatMap(chart => Testing.synth(chart)));
    expect(tested.length).toBeGreaterThan(5);
    for (let i = 0; i < 2; i++) {
      app.synth();
      expect(byName(read(outdir))).toEqual(tested);
      expect(byName(yaml.loadAll(app.synthYaml()) as Manifest[])).toEqual(tested);
      expect(byName(app.charts.flatMap(chart => Testing.synth(chart)))).toEqual(tested);
    }
    fs.rmSync(outdir, { recursive: true });
  });

  test('App.synth works before anything else was read', () => {
    const outdir = temporary();
    twoTeams(cluster, outdir).synth();
    expect(byName(read(outdir))).toEqual(byName(yaml.loadAll(twoTeams(cluster).synthYaml()) as Manifest[]));
    fs.rmSync(outdir, { recursive: true });
  });
});

test('one synth of many charts compiles once', () => {
  const outdir = temporary();
  const app = appOf('kubernetes', outdir);
  for (let i = 0; i < 30; i++) {
    const chart = new Chart(app, `team-${i}`, { namespace: `team-${i}` });
    Workload.of(deployment(chart, 'web')).connections.allowTo(Peer.internet(), Port.HTTPS);
  }
  const statements = Statements.of(app);
  expect(statements.generation).toBe(0);
  app.synth();
  expect(statements.generation).toBe(1);
  expect(read(outdir)).toHaveLength(60);
  app.synthYaml();
  expect(statements.generation).toBe(2);
  fs.rmSync(outdir, { recursive: true });
});

test('a failing synth fails again, and a corrected one does not', () => {
  const app = appOf('kubernetes', temporary());
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  Workload.select(chart, { labels: { app: 'web' } }).connections.isolate();
  for (let i = 0; i < 2; i++) { expect(() => app.synth()).toThrow('selects no pods of this app'); }
  deployment(chart, 'web');
  expect(() => app.synth()).not.toThrow();
  fs.rmSync(app.outdir, { recursive: true });
});

describe('a change of a workload', () => {
  const changing = () => {
    const app = appOf('kubernetes', temporary());
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    const object = deployment(chart, 'web');
    const policies = Workload.of(object).connections;
    policies.isolate();
    const change = () => {
      for (const place of ['/spec/selector/matchLabels', '/spec/template/metadata/labels']) { object.addJsonPatch(JsonPatch.replace(place, { app: 'new' })); }
    };
    const selected = (manifests: readonly Manifest[]) => manifests.find(({ kind }) => kind === 'NetworkPolicy')!.spec.podSelector.matchLabels.app;
    return { app, chart, change, selected };
  };

  test('is seen by the next Testing.synth', () => {
    const { chart, change, selected } = changing();
    expect(selected(Testing.synth(chart))).toBe('web');
    change();
    expect(selected(Testing.synth(chart))).toBe('new');
  });

  test('is seen by the next App.synth and App.synthYaml', () => {
    const { app, change, selected } = changing();
    app.synth();
    expect(selected(read(app.outdir))).toBe('web');
    change();
    app.synth();
    expect(selected(read(app.outdir))).toBe('new');
    expect(selected(yaml.loadAll(app.synthYaml()) as Manifest[])).toBe('new');
    fs.rmSync(app.outdir, { recursive: true });
  });
});

test('a statement after a synth is seen by the next', () => {
  const app = appOf('kubernetes');
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const { connections } = Workload.of(deployment(chart, 'web'));
  connections.isolate();
  expect(JSON.stringify(Testing.synth(chart))).not.toContain('203.0.113.0/24');
  connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS);
  expect(JSON.stringify(Testing.synth(chart))).toContain('203.0.113.0/24');
});

test('every policy can be patched', () => {
  for (const cluster of CLUSTER_NAMES) {
    const app = twoTeams(cluster);
    const objects = app.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
    const ours = objects.filter(object => Statements.of(app).isOwn(object));
    expect(ours.length).toBeGreaterThanOrEqual(5);
    for (const object of ours) { object.addJsonPatch(JsonPatch.add('/metadata/annotations', { team: 'red' })); }
    const manifests = app.charts.flatMap(chart => chart.toJson()).filter(({ kind }) => kind !== 'Deployment');
    expect(manifests).toHaveLength(ours.length);
    for (const { metadata } of manifests) { expect(metadata.annotations).toEqual({ team: 'red' }); }
  }
});

test('an app without statements is not touched', () => {
  const app = appOf('kubernetes');
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  Workload.of(deployment(chart, 'web'));
  expect(Testing.synth(chart)).toHaveLength(1);
});

test('facts that come after the first policy are an error that names who read them', () => {
  const app = new App();
  new DefaultDeny(new Chart(app, 'shop', { namespace: 'shop' }), 'deny');
  expect(() => Cluster.of(app).configure({ cni: Cni.cilium() })).toThrow(
    'facts about the cluster (cni) are stated too late: shop/deny has already read them; state them before the first policy');
});

test('a CNI that enforces nothing fails an app with policies, and only that', () => {
  const app = new App();
  Cluster.of(app).configure({ cni: Cni.flannel() });
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const workload = Workload.of(deployment(chart, 'web'));
  expect(() => Testing.synth(chart)).not.toThrow();
  workload.connections.isolate();
  expect(() => Testing.synth(chart)).toThrow('but Flannel enforces no network policy: every policy would be stored and ignored');
});

describe('two copies of the library in one app', () => {
  let other: typeof netpol;
  let otherStatements: typeof Statements;

  beforeAll(() => {
    // cdk8s is shared, as npm arranges for a peer dependency.
    jest.isolateModules(() => {
      jest.doMock('cdk8s', () => cdk8s);
      jest.doMock('constructs', () => constructs);
      other = jest.requireActual('../../src');
      otherStatements = jest.requireActual('../../src/constructs/statements').Statements;
    });
    jest.dontMock('cdk8s');
    jest.dontMock('constructs');
  });

  test('are two', () => {
    expect(other.Workload).not.toBe(Workload);
    expect(otherStatements).not.toBe(Statements);
  });

  test('share the facts', () => {
    const app = new App();
    Cluster.of(app).configure({ cni: Cni.cilium('1.18') });
    expect(other.Cluster.of(app)).toBe(Cluster.of(app));
    expect(() => other.Cluster.of(app).configure({ cni: other.Cni.cilium('1.18') })).not.toThrow();
    expect(() => other.Cluster.of(app).configure({ cni: other.Cni.calico() })).toThrow(/fact cni is stated twice/);
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    new other.DefaultDeny(chart, 'deny');
    expect(Testing.synth(chart)[0].kind).toBe('CiliumNetworkPolicy');
    expect(() => Cluster.of(app).configure({ strict: true })).toThrow('shop/deny has already read them');
  });

  test('share workloads and statements, which one validation judges', () => {
    const app = appOf('kubernetes');
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    const [webObject, apiObject] = ['web', 'api'].map(name => deployment(chart, name));
    const web = Workload.of(webObject);
    const api = other.Workload.of(apiObject);
    expect(other.Workload.of(webObject)).toBe(web);
    expect(otherStatements.of(app)).toBe(Statements.of(app));

    web.connections.allowTo(api as unknown as Workload, Port.tcp(8080));
    other.Workload.of(webObject).connections.allowTo(other.Peer.cidr('203.0.113.0/24'), other.Port.HTTPS);
    api.connections.allowFrom(web as unknown as netpol.IPeer, other.Port.tcp(8080));
    new AllowDns(chart, 'dns');
    new other.DefaultDeny(chart, 'deny');

    const mixed = Testing.synth(chart);
    const { generation } = Statements.of(app);
    Testing.synth(chart);
    expect(Statements.of(app).generation).toBe(generation + 1);

    const alone = appOf('kubernetes');
    const aloneChart = new Chart(alone, 'shop', { namespace: 'shop' });
    const [aloneWeb, aloneApi] = ['web', 'api'].map(name => Workload.of(deployment(aloneChart, name)));
    aloneWeb.connections.allowTo(aloneApi, Port.tcp(8080));
    aloneWeb.connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS);
    new AllowDns(aloneChart, 'dns');
    new DefaultDeny(aloneChart, 'deny');
    expect(mixed).toEqual(Testing.synth(aloneChart));
  });

  test('notice two policies of one name', () => {
    const app = appOf('kubernetes');
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    new NetworkPolicy(chart, 'one', { name: 'same', isolate: { ingress: true } });
    new other.NetworkPolicy(chart, 'two', { name: 'same', isolate: { ingress: true } });
    expect(() => Testing.synth(chart)).toThrow('two policies are the same object, NetworkPolicy shop/same: shop/one and shop/two');
  });
});
