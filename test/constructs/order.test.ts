import { ApiObject, App, Chart } from 'cdk8s';
import { AllowDns, Cluster, DefaultDeny, NetworkPolicy, Peer, Port, RuleAction, Workload, ZeroTrustNamespace } from '../../src';
import { CLUSTER_NAMES, CLUSTERS, ClusterName, Program, RANGES, synthesize } from '../support/apps';

function workload(chart: Chart, name: string, namespace?: string): Workload {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name, image: name }] } };
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  return Workload.of(new ApiObject(chart, name, { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: { matchLabels: labels }, template } } as never));
}

/** The names in the order in which they are applied, with the kind of what is no policy. */
const order = (cluster: ClusterName, program: Program): string[] => synthesize(cluster, program).filter(({ kind }) => kind !== 'Deployment')
  .map(({ kind, metadata }) => (/Policy$/.test(kind) ? metadata.name : `${kind} ${metadata.name}`));

/** `first` stands somewhere before `second`, and both are there. */
function expectBefore(all: readonly string[], first: string, second: string): void {
  expect(all).toContain(first);
  expect(all).toContain(second);
  expect([first, all.indexOf(first) < all.indexOf(second), second]).toEqual([first, true, second]);
}

const allow = { isolate: { ingress: true } };

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('the Namespace comes first, then DNS, then what allows, and the default deny last', () => {
    expect(order(cluster, ({ chart }) => {
      new ZeroTrustNamespace(chart, 'ns', { name: 'shop', ingress: { port: Port.HTTP }, blockCloudMetadata: false });
      workload(chart, 'web').connections.isolate();
    })).toEqual(['Namespace shop', 'allow-dns', 'allow-ingress-controller', 'web', 'default-deny']);
  });

  test('the default deny waits for policies that are made after it', () => {
    expect(order(cluster, ({ chart }) => {
      new DefaultDeny(chart, 'deny');
      workload(chart, 'web').connections.isolate();
      new NetworkPolicy(chart, 'later', allow);
      new AllowDns(chart, 'dns');
    })).toEqual(['web', 'shop-later', 'allow-dns', 'default-deny']);
  });

  test('the default deny waits for policies that were made before it', () => {
    expect(order(cluster, ({ chart }) => {
      workload(chart, 'web').connections.isolate();
      new NetworkPolicy(chart, 'earlier', allow);
      new DefaultDeny(chart, 'deny');
      new NetworkPolicy(chart, 'later', allow);
      workload(chart, 'api').connections.isolate();
    }).slice(-1)).toEqual(['default-deny']);
  });

  test('each default deny of a chart waits for everything that allows in its namespace', () => {
    const all = order(cluster, ({ chart }) => {
      for (const namespace of ['shop', 'data']) {
        new DefaultDeny(chart, `deny-${namespace}`, { namespace, name: `deny-${namespace}` });
        new NetworkPolicy(chart, `allow-${namespace}`, { namespace, name: `allow-${namespace}`, ...allow });
      }
    });
    expect(all).toHaveLength(4);
    expectBefore(all, 'allow-shop', 'deny-shop');
    expectBefore(all, 'allow-data', 'deny-data');
  });

  test('a Namespace that is made last still comes first', () => {
    const all = order(cluster, ({ chart }) => {
      workload(chart, 'web').connections.isolate();
      new NetworkPolicy(chart, 'earlier', allow);
      new ZeroTrustNamespace(chart, 'ns', { name: 'shop', blockCloudMetadata: false });
    });
    expect(all[0]).toBe('Namespace shop');
    expect(all[all.length - 1]).toBe('default-deny');
    expect(all).toHaveLength(5);
  });

  test('a Namespace that is made after default denies of its chart still comes before its own policies', () => {
    const all = order(cluster, ({ chart }) => {
      new ZeroTrustNamespace(chart, 'one', { name: 'one', blockCloudMetadata: false });
      new ZeroTrustNamespace(chart, 'two', { name: 'two', blockCloudMetadata: false });
      workload(chart, 'late', 'two').connections.isolate();
      new NetworkPolicy(chart, 'later', { namespace: 'two', ...allow });
    });
    expect(all[0]).toBe('Namespace one');
    for (const name of ['late', 'shop-later']) {
      expectBefore(all, 'Namespace two', name);
      expect(all.indexOf(name)).toBeLessThan(all.lastIndexOf('default-deny'));
    }
    expect(all.lastIndexOf('allow-dns')).toBeLessThan(all.lastIndexOf('default-deny'));
    expect(all.indexOf('allow-dns')).toBeLessThan(all.indexOf('default-deny'));
    expect(all.indexOf('Namespace two')).toBeLessThan(all.lastIndexOf('allow-dns'));
  });

  test('a Namespace that is made after default denies and after policies of its own still comes first', () => {
    const all = order(cluster, ({ chart }) => {
      new DefaultDeny(chart, 'deny');
      workload(chart, 'early', 'two').connections.isolate();
      new ZeroTrustNamespace(chart, 'two', { name: 'two', blockCloudMetadata: false });
    });
    expectBefore(all, 'Namespace two', 'early');
    expectBefore(all, 'early', 'default-deny');
  });

  test('charts do not wait for each other', () => {
    const app = new App();
    Cluster.of(app).configure({ ...RANGES, ...CLUSTERS[cluster] });
    const charts = ['a', 'b'].map(namespace => new Chart(app, namespace, { namespace }));
    for (const chart of charts) {
      new DefaultDeny(chart, 'deny');
      workload(chart, 'web').connections.isolate();
    }
    expect(charts.map(chart => chart.toJson().filter(({ kind }) => kind !== 'Deployment').map(({ metadata }) => metadata.name))).toEqual(
      [['web', 'default-deny'], ['web', 'default-deny']]);
    expect(charts.map(chart => chart.node.dependencies)).toEqual([[], []]);
  });
});

test('on calico the tier comes before every policy in it, and the default deny still last', () => {
  const deny = { peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.HTTPS], action: RuleAction.DENY };
  const all = order('calico', ({ chart }) => {
    new DefaultDeny(chart, 'deny');
    new NetworkPolicy(chart, 'both', { egress: [deny], ingress: [{ peers: [Peer.any()], ports: [Port.HTTP] }] });
    new NetworkPolicy(chart, 'deny-only', { egress: [deny] });
    new NetworkPolicy(chart, 'late', allow).addEgressRule(deny);
  });
  for (const name of ['netpol-deny.shop-both', 'netpol-deny.shop-deny-only', 'netpol-deny.shop-late']) { expectBefore(all, 'Tier netpol-deny', name); }
  expect(all.filter(name => name.startsWith('Tier'))).toHaveLength(1);
  expect(all[all.length - 1]).toBe('default-deny');
  expect(all).toHaveLength(7);
});

test('on calico the tier of one chart serves another, which waits for it', () => {
  const app = new App();
  Cluster.of(app).configure({ ...RANGES, ...CLUSTERS.calico });
  const deny = { peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.HTTPS], action: RuleAction.DENY };
  const [z, a] = ['z', 'a'].map(namespace => new Chart(app, namespace, { namespace }));
  for (const chart of [z, a]) { new NetworkPolicy(chart, 'no', { egress: [deny] }); }
  expect(z.toJson().map(({ kind }) => kind)).toEqual(['Tier', 'NetworkPolicy']);
  expect(a.toJson().map(({ kind }) => kind)).toEqual(['NetworkPolicy']);
  expect(app.charts.map(({ node }) => node.id)).toEqual(['z', 'a']);
});
