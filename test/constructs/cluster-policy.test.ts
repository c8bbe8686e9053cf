import { App, Chart } from 'cdk8s';
import { Cluster, ClusterPolicy, Cni, LabelExpression, Namespaces, Peer, Port, RuleAction } from '../../src';
import { api, db, dns, flow, named, otherApi, outside, web, world } from '../oracle/fixtures';
import { allowed, expectFlows, Program, sound, synthesize } from '../support/apps';

const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };

/** No pod of the app has the label: they are those of the cluster. */
const ofApis: Program = ({ chart }) => {
  new ClusterPolicy(chart, 'apis', {
    subject: Peer.pods({ namespaces: Namespaces.all(), labels: { app: 'api' } }),
    ingress: [{ peers: [Peer.pods({ namespaces: Namespaces.named('shop'), labels: { app: 'web' } })], ports: [Port.tcp(8080)] }],
    egress: [{ peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.HTTPS] }],
  });
};

describe.each(['cilium', 'calico'] as const)('on %s', cluster => {
  test('a policy holds in every namespace', () => {
    const manifests = sound(cluster, ofApis, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, {
      'web to a pod of its namespace': flow(web, api),
      'web to a pod of another namespace': flow(web, otherApi),
      'one of the pods to its destination': flow(api, outside, 'TCP', 443),
      'another of the pods to its destination': flow(otherApi, outside, 'TCP', 443),
      'DNS': flow(otherApi, dns, 'UDP', 53),
      'pods that it is not about': flow(web, db, 'TCP', 5432),
    }, {
      'a stranger in one namespace': flow(db, api),
      'a stranger in the other': flow(db, otherApi),
      'another port': flow(web, otherApi, 'TCP', 8081),
      'outside in': flow(outside, otherApi),
      'elsewhere out': flow(otherApi, { address: '198.51.100.1' }, 'TCP', 443),
      'to a pod': flow(api, db, 'TCP', 443),
    });
  });

  test('without subject a policy is about every pod of the cluster', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new ClusterPolicy(chart, 'closed', {
        isolate: { ingress: true, egress: true },
        // Without this rule nobody could resolve names, and the synth would fail.
        ingress: [{ peers: [Peer.namespaces(Namespaces.all())], ports: [Port.DNS] }],
      });
    }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { DNS: flow(web, dns, 'UDP', 53) }, {
      one: flow(web, api), two: flow(db, otherApi), out: flow(db, outside), in: flow(outside, web), system: flow(web, dns),
    });
  });

  test('a policy about every pod but those of one namespace leaves that namespace alone', () => {
    const manifests = sound(cluster, ({ chart }) => {
      const namespaces = Namespaces.labeled({ expressions: [LabelExpression.noneOf('kubernetes.io/metadata.name', 'kube-system')] });
      new ClusterPolicy(chart, 'closed', { subject: Peer.namespaces(namespaces), isolate: { ingress: true, egress: true } });
    }, FACTS);
    expectFlows(cluster, manifests, { DNS: flow(web, dns, 'UDP', 53), system: flow(outside, dns) }, {
      one: flow(web, api), two: flow(db, otherApi), out: flow(db, outside), in: flow(outside, web),
    });
  });

  test('a deny wins over what a namespace allows, and isolates nobody', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new ClusterPolicy(chart, 'no', { egress: [{ peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.all()], action: RuleAction.DENY }] });
      ofApis({ chart, app: chart.node.root as App, dialect: cluster as never });
    }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { 'elsewhere': flow(web, { address: '198.51.100.1' }), 'DNS of one': flow(api, dns, 'UDP', 53) }, {
      'a pod that nothing isolates': flow(web, outside),
      'a pod whose policy allows it': flow(api, outside, 'TCP', 443),
    });
  });

  test('the object has no namespace, though its chart has', () => {
    for (const manifest of sound(cluster, ofApis)) { expect(manifest.metadata).toEqual({ name: 'shop-apis' }); }
  });

  test('a rule can be added later', () => {
    const manifests = sound(cluster, ({ chart }) => {
      const policy = new ClusterPolicy(chart, 'apis', { subject: Peer.pods({ namespaces: Namespaces.all(), labels: { app: 'api' } }) });
      policy.addEgressRule({ peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.HTTPS] });
      policy.addIngressRule({ peers: [Peer.pods({ namespaces: Namespaces.named('shop'), labels: { app: 'web' } })], ports: [Port.tcp(8080)] });
    }, FACTS);
    expect(manifests).toEqual(sound(cluster, ofApis, FACTS));
  });

  test('isolation that was declined stays declined when a rule that allows is added', () => {
    const adding = (direction: 'ingress' | 'egress', stated?: boolean) => () => sound(cluster, ({ chart }) => {
      const subject = Peer.pods({ namespaces: Namespaces.all(), labels: { app: 'api' } });
      const policy = new ClusterPolicy(chart, 'p', { subject, isolate: { [direction]: stated }, dns: false });
      const rule = { peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.HTTPS] };
      if (direction === 'ingress') { policy.addIngressRule(rule); } else { policy.addEgressRule(rule); }
    }, FACTS);
    expect(allowed(cluster, adding('egress')(), world, flow(api, db))).toBe(false);
    expect(allowed(cluster, adding('ingress')(), world, flow(db, api))).toBe(false);
    if (cluster === 'cilium') {
      expect(allowed(cluster, adding('egress', false)(), world, flow(api, db))).toBe(true);
      expect(allowed(cluster, adding('ingress', false)(), world, flow(db, api))).toBe(true);
    } else {
      expect(adding('egress', false)).toThrow(/the calico dialect cannot express this/);
      expect(adding('ingress', false)).toThrow(/the calico dialect cannot express this/);
    }
  });

  test('the own namespace means nothing', () => {
    expect(() => synthesize(cluster, ({ chart }) => {
      new ClusterPolicy(chart, 'p', { ingress: [{ peers: [Peer.pods()], ports: [Port.HTTP] }] });
    })).toThrow('policy shop-p (shop/p), ingress from pods in namespace (same) on TCP 80: Namespaces.same() means nothing in a cluster-wide policy; name the namespaces');
  });

  test('two policies of one name are an error, also from charts of different namespaces', () => {
    const app = new App();
    Cluster.of(app).configure({ cni: cluster === 'cilium' ? Cni.cilium() : Cni.calico() });
    const charts = ['one', 'two'].map(namespace => new Chart(app, namespace, { namespace }));
    for (const chart of charts) { new ClusterPolicy(chart, 'p', { name: 'same', isolate: { egress: true } }); }
    expect(() => charts[0].toJson()).toThrow(/two policies are the same object, \w+NetworkPolicy same: one\/p and two\/p/);
  });

  test('a policy that says nothing is an error', () => {
    expect(() => synthesize(cluster, ({ chart }) => { new ClusterPolicy(chart, 'p'); })).toThrow('policy shop-p (shop/p) says nothing');
  });
});

test('on cilium a name brings the DNS proxy along for pods of the whole cluster', () => {
  const manifests = sound('cilium', ({ chart }) => {
    new ClusterPolicy(chart, 'p', { egress: [{ peers: [Peer.fqdn('api.example.com')], ports: [Port.HTTPS] }] });
  }, FACTS);
  expectFlows('cilium', manifests, {
    one: flow(web, named('api.example.com'), 'TCP', 443), another: flow(db, named('api.example.com'), 'TCP', 443),
  }, { 'another name': flow(db, named('evil.example.com'), 'TCP', 443), 'the bare address': flow(db, outside, 'TCP', 443) });
});

test('plain Kubernetes has no such kind', () => {
  expect(() => synthesize('kubernetes', ofApis)).toThrow(
    'policy shop-apis (shop/apis), ingress: the kubernetes dialect cannot express this: NetworkPolicy is namespaced; state one NetworkPolicy for each namespace, or use the cilium or calico dialect');
});

test('a name that is too long is an error', () => {
  expect(() => synthesize('cilium', ({ chart }) => { new ClusterPolicy(chart, 'p', { name: 'a'.repeat(254) }); })).toThrow(/^shop\/p: policy name .* has 254 characters/);
});
