import { ApiObject, App, Chart } from 'cdk8s';
import {
  AllowDns, BlockCloudMetadata, Cloud, Cluster, Cni, DefaultDeny, NetworkPolicy, Peer, Port, RuleAction, Workload, ZeroTrustNamespace,
} from '../../src';
import { CLUSTER_NAMES, deployment, policiesOf, RANGES, sound, synthesize } from '../support/apps';

const names = (manifests: { metadata: { name: string } }[]): string[] => policiesOf(manifests).map(({ metadata }) => metadata.name).sort();

describe.each(CLUSTER_NAMES)('on %s, what was taken out of the app says nothing:', cluster => {
  test('a policy', () => {
    expect(names(sound(cluster, ({ chart }) => {
      new NetworkPolicy(chart, 'gone', { isolate: { ingress: true } });
      new NetworkPolicy(chart, 'kept', { isolate: { ingress: true }, name: 'kept' });
      chart.node.tryRemoveChild('gone');
    }))).toEqual(['kept']);
  });

  test('a policy that could not be written fails no synth', () => {
    expect(synthesize(cluster, ({ chart }) => {
      new NetworkPolicy(chart, 'gone', { ingress: [{ peers: [Peer.cidr('10.244.1.0/24')], ports: [Port.tcp(80)] }] });
      chart.node.tryRemoveChild('gone');
    })).toEqual([]);
  });

  test('a default deny, whose object hangs elsewhere', () => {
    expect(names(synthesize(cluster, ({ chart }) => {
      new DefaultDeny(chart, 'deny');
      chart.node.tryRemoveChild('deny');
    }))).toEqual([]);
  });

  test('the DNS of a namespace, so that workloads bring their own again', () => {
    const manifests = sound(cluster, ({ chart }) => {
      const web = Workload.of(deployment(chart, 'web'));
      new AllowDns(chart, 'dns');
      web.connections.allowTo(Peer.internet(), Port.HTTPS);
      chart.node.tryRemoveChild('dns');
    });
    expect(JSON.stringify(manifests)).toContain('kube-dns');
  });

  test('a workload, with its policy and the edges of others to it', () => {
    const manifests = sound(cluster, ({ chart }) => {
      const [web, api] = [Workload.of(deployment(chart, 'web')), Workload.of(deployment(chart, 'api'))];
      web.connections.allowTo(api, Port.tcp(8080));
      api.connections.allowFrom(Peer.ingressController(), Port.tcp(9090));
      chart.node.tryRemoveChild('web');
    });
    expect(names(manifests)).toEqual(['api']);
    expect(JSON.stringify(manifests)).not.toContain('8080');
  });
});

test('in plain Kubernetes a removed default deny no longer stands for isolation, so metadata is blocked by a policy again', () => {
  const manifests = sound('kubernetes', ({ chart }) => {
    new NetworkPolicy(chart, 'isolation', { isolate: { egress: true } });
    new BlockCloudMetadata(chart, 'metadata');
    chart.node.tryRemoveChild('isolation');
  }, { cloud: Cloud.AWS });
  expect(names(manifests)).toEqual(['block-cloud-metadata']);
});

test('in Calico policies without the Tier that a removed chart held fail the synth', () => {
  const app = new App();
  Cluster.of(app).configure({ ...RANGES, cni: Cni.calico('3.30') });
  const [first, second] = ['first', 'second'].map(id => new Chart(app, id, { namespace: id }));
  for (const chart of [first, second]) {
    new NetworkPolicy(chart, 'deny', { egress: [{ action: RuleAction.DENY, peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.all()] }] });
  }
  app.node.tryRemoveChild('first');
  expect(() => app.synthYaml()).toThrow('denies in the Calico tier netpol-deny, but what held the Tier was taken out of the app');
});

test('constructs of the library never take ids that an app gives to its own', () => {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new DefaultDeny(chart, 'deny');
  new NetworkPolicy(chart, 'netpol', { isolate: { ingress: true } });
  const inner = new Chart(chart, 'netpol-default-deny', { namespace: 'inner' });
  Workload.of(deployment(chart, 'web')).connections.isolate();
  expect(inner.toJson()).toEqual([]);
  expect(names(chart.toJson())).toEqual(['default-deny', 'shop-netpol', 'web']);
});

test('external workloads of one name in several namespaces each have their policy', () => {
  const manifests = sound('kubernetes', ({ chart }) => {
    for (const [namespace, name] of [['a', 'web'], ['b', 'web-2'], ['c', 'web']]) {
      Workload.external(chart, { namespace, name, labels: { app: name } }).connections.allowTo(Peer.any(), Port.HTTPS);
    }
  });
  expect(manifests.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort()).toEqual(['a/web', 'b/web-2', 'c/web']);
});

test('a hub with more than a thousand peers on one port is one policy', () => {
  const [policy] = sound('kubernetes', ({ chart }) => {
    const hub = Workload.of(deployment(chart, 'hub'));
    for (let i = 0; i < 1100; i++) { hub.connections.allowTo(Peer.cidr(`203.${Math.floor(i / 256)}.${i % 256}.0/24`), Port.tcp(9090)); }
  });
  expect(policy.spec.egress.flatMap(({ to }: { to: unknown[] }) => to)).toHaveLength(1101);
});

test('a statement with many ranges that may hold pods is recorded in few words', () => {
  const app = new App();
  Cluster.of(app).configure({ cni: Cni.calico('3.30') });
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const peers = Array.from({ length: 250 }, (_, i) => Peer.cidr(`10.100.${i}.0/24`));
  new NetworkPolicy(chart, 'policy', { egress: [{ peers, ports: [Port.HTTPS] }] });
  const [{ metadata }] = policiesOf(chart.toJson());
  const text = metadata.annotations['cdk8s-netpol/wider-than-stated'];
  expect(text).toContain('10.100.0.0/24, 10.100.1.0/24, 10.100.10.0/24, 10.100.100.0/24, 10.100.101.0/24 and 245 more may hold pods or nodes');
  expect(text.length).toBeLessThan(1000);
});

test('what the API server of a dialect would refuse for its size is an error, not a manifest', () => {
  expect(() => synthesize('calico', ({ chart }) => {
    const peers = Array.from({ length: 1100 }, (_, i) => Peer.pods({ labels: { app: `client-${i}` } }));
    new NetworkPolicy(chart, 'policy', { ingress: [{ peers, ports: [Port.tcp(80)] }] });
  }, { cni: Cni.calico('3.33') })).toThrow('policy shop/shop-policy (shop/policy), ingress: 1100 ingress rules: the calico dialect cannot express this: since 3.33 the API server takes 1024 rules');
});

test('denies in nested charts close no circle of dependencies', () => {
  const app = new App();
  Cluster.of(app).configure({ ...RANGES, cni: Cni.calico('3.30') });
  const outer = new Chart(app, 'outer', { namespace: 'outer' });
  new ZeroTrustNamespace(outer, 'ns', { name: 'outer' });
  new ZeroTrustNamespace(new Chart(outer, 'inner', { namespace: 'inner' }), 'ns', { name: 'inner' });
  const tiers = app.charts.flatMap(chart => chart.toJson()).filter(({ kind }) => kind === 'Tier');
  expect(tiers).toHaveLength(1);
  expect(outer.node.findAll().filter(construct => construct instanceof ApiObject).length).toBeGreaterThan(8);
});
