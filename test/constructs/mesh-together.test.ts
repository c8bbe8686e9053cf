import { Chart, JsonPatch } from 'cdk8s';
import { ClusterFacts, Mesh, Namespaces, NetworkPolicy, Peer, PolicyMode, Port, RuleAction, Workload } from '../../src';
import { ClusterName, deployment, Manifest, synthesize } from '../support/apps';

/** Network policy and mesh together let through what both let through; here, what they know differently of the same pods. */

const SIDECAR: ClusterFacts = { mesh: Mesh.istioSidecar() };
const AMBIENT: ClusterFacts = { mesh: Mesh.istioAmbient() };
const get = () => Port.tcp(8080).http({ method: 'GET' });
const post = () => Port.tcp(8080).http({ method: 'POST' });
const WIDER = 'cdk8s-netpol/wider-than-stated';

function workload(chart: Chart, name: string, account: string = name, labels?: Record<string, string>): Workload {
  const object = deployment(chart, name, labels);
  if (account !== 'default') { object.addJsonPatch(JsonPatch.add('/spec/template/spec/serviceAccountName', account)); }
  return Workload.of(object);
}

type Program = (chart: Chart) => void;
const manifestsOf = (cluster: ClusterName, facts: ClusterFacts, program: Program): Manifest[] =>
  synthesize(cluster, ({ chart }) => program(chart), facts);
const widerOf = (manifests: readonly Manifest[]): string[] => manifests.flatMap(({ metadata }) => metadata.annotations?.[WIDER] ?? []);

describe('what the mesh takes for one is refused where it may do different things', () => {
  test.each<[string, ClusterName, ClusterFacts, Program, RegExp]>([
    ['a workload, and the service account that it runs as', 'cilium', SIDECAR, chart => {
      const api = workload(chart, 'api');
      api.connections.allowFrom(Peer.serviceAccount('shared'), get());
      api.connections.allowFrom(workload(chart, 'web', 'shared'), post());
    }, /may run as service account shop\/shared/],
    ['a workload of the default service account, and all pods of its namespace', 'kubernetes', SIDECAR, chart => {
      const api = workload(chart, 'api');
      api.connections.allowFrom(workload(chart, 'web', 'default'), post());
      api.connections.allowFrom(Peer.namespaces(Namespaces.named('shop')), get());
    }, /may run as service account shop\/default/],
    ['a workload whose service account another one has, and anybody', 'kubernetes', AMBIENT, chart => {
      const api = workload(chart, 'api');
      workload(chart, 'admin', 'shared');
      api.connections.allowFrom(workload(chart, 'web', 'shared'), Port.tcp(9090));
      api.connections.allowFrom(Peer.any(), Port.tcp(8080));
    }, /may run as service account shop\/shared/],
    ['a workload, and addresses outside that may be those of pods', 'cilium', { ...SIDECAR, podCidrs: [] }, chart => {
      const api = workload(chart, 'api');
      api.connections.allowFrom(Peer.cidr('10.0.0.0/8'), Port.tcp(8080));
      api.connections.allowFrom(workload(chart, 'web'), get());
    }, /state the facts podCidrs/],
    ['two workloads of other apps that have one name', 'kubernetes', AMBIENT, chart => {
      const api = workload(chart, 'api');
      api.connections.allowFrom(Workload.external(chart, { labels: { app: 'x', tier: 'a' } }), Port.tcp(8080));
      api.connections.allowFrom(Workload.external(chart, { labels: { app: 'x', tier: 'b' } }), Port.tcp(9090));
    }, /the mesh cannot tell/],
  ])('%s', (_name, cluster, facts, program, message) => {
    expect(() => manifestsOf(cluster, facts, program)).toThrow(message);
  });

  test.each<[string, Program]>([
    ['a service account of its own', chart => {
      const api = workload(chart, 'api');
      api.connections.allowFrom(workload(chart, 'web'), post());
      api.connections.allowFrom(Peer.namespaces(Namespaces.named('shop')), get());
    }],
    ['another namespace', chart => {
      const api = workload(chart, 'api');
      api.connections.allowFrom(workload(chart, 'web', 'default'), post());
      api.connections.allowFrom(Peer.namespaces(Namespaces.named('other')), get());
    }],
    ['addresses of which those of pods are left out', chart => {
      const api = workload(chart, 'api');
      api.connections.allowFrom(workload(chart, 'web'), post());
      api.connections.allowFrom(Peer.cidr('10.0.0.0/8'), get());
    }],
  ])('%s is told apart', (_name, program) => {
    expect(manifestsOf('kubernetes', SIDECAR, program).filter(({ kind }) => kind === 'AuthorizationPolicy').length).toBe(1);
  });
});

describe('egress in ambient mode is wider where the other end does not keep to the stated ports', () => {
  test.each<[string, number, Program]>([
    ['no policy closes the other end', 1, chart => {
      new NetworkPolicy(chart, 'out', { subject: workload(chart, 'web'), egress: [{ peers: [workload(chart, 'api')], ports: [Port.tcp(8080)] }] });
    }],
    ['the other end lets the same pods reach more ports', 1, chart => {
      const api = workload(chart, 'api');
      workload(chart, 'web').connections.allowTo(api, Port.tcp(8080));
      api.connections.allowFrom(Peer.namespaces(Namespaces.named('shop')), Port.tcp(9090));
    }],
    ['the other end lets others reach more ports', 0, chart => {
      const api = workload(chart, 'api');
      workload(chart, 'web').connections.allowTo(api, Port.tcp(8080));
      workload(chart, 'admin').connections.allowTo(api, Port.tcp(9090));
      api.connections.allowFrom(Peer.namespaces(Namespaces.named('other')), Port.tcp(9091));
    }],
    ['both ports are stated', 0, chart => {
      const [api, web] = [workload(chart, 'api'), workload(chart, 'web')];
      web.connections.allowTo(api, Port.tcp(8080));
      web.connections.allowTo(api, Port.tcp(9090));
    }],
  ])('%s', (_name, count, program) => {
    expect(widerOf(manifestsOf('kubernetes', AMBIENT, program)).length).toBe(count);
  });
});

test('a deny of some requests is refused, since without the conditions it would deny all of them', () => {
  const program: Program = chart => {
    const deny = { action: RuleAction.DENY, peers: [Peer.pods({ labels: { app: 'web' } })], ports: [post()] };
    new NetworkPolicy(chart, 'in', { subject: workload(chart, 'api'), ingress: [{ peers: [Peer.any()], ports: [Port.tcp(8080)] }, deny] });
  };
  for (const cluster of ['calico', 'cilium'] as const) { expect(() => manifestsOf(cluster, SIDECAR, program)).toThrow(/would deny all of them/); }
});

test('in ambient mode a deny of some ports for addresses of pods would miss them', () => {
  const deny = (range: string): Program => chart => {
    new NetworkPolicy(chart, 'deny', { ingress: [{ action: RuleAction.DENY, peers: [Peer.addresses(range)], ports: [Port.tcp(22)] }] });
  };
  expect(() => manifestsOf('calico', AMBIENT, deny('10.244.0.0/16'))).toThrow(/would miss them/);
  expect(() => manifestsOf('calico', AMBIENT, deny('172.18.0.0/24'))).not.toThrow();
});

describe('a policy that is only looked at', () => {
  const program: Program = chart => {
    const [api, web] = [workload(chart, 'api'), workload(chart, 'web')];
    api.connections.allowFrom(web, Port.tcp(9090));
    new NetworkPolicy(chart, 'audit', { subject: api, mode: PolicyMode.AUDIT, ingress: [{ peers: [web], ports: [Port.tcp(8080)] }] });
  };
  const audited = (facts: ClusterFacts): Manifest[] =>
    manifestsOf('calico', facts, program).filter(({ kind, metadata }) => kind === 'AuthorizationPolicy' && metadata.name === 'shop-audit');

  test('is a dry run for sidecars', () => {
    expect(audited(SIDECAR).map(({ metadata }) => metadata.annotations)).toEqual([{ 'istio.io/dry-run': 'true' }]);
  });

  test('is nothing for ztunnel, which knows no dry run', () => {
    expect(audited(AMBIENT)).toEqual([]);
    expect(() => manifestsOf('calico', { ...AMBIENT, strict: true }, program)).not.toThrow();
  });
});

test('a workload that was taken out of the app is no peer beside others either', () => {
  const manifests = manifestsOf('kubernetes', {}, chart => {
    const api = workload(chart, 'api');
    api.connections.allowFrom(Peer.oneOf(workload(chart, 'web'), workload(chart, 'admin')), Port.tcp(8080));
    chart.node.tryRemoveChild('admin');
  });
  expect(JSON.stringify(manifests)).not.toContain('admin');
  expect(JSON.stringify(manifests)).toContain('"app":"web"');
});

test('a port of every pod of Linkerd\'s mesh is accepted with a reason only', () => {
  expect(() => Mesh.linkerd({ acceptAnyPortBecause: ' ' })).toThrow(/acceptAnyPortBecause is empty/);
});

test('an empty name of a service account is the default one', () => {
  const manifests = manifestsOf('kubernetes', SIDECAR, chart => { workload(chart, 'api').connections.allowFrom(workload(chart, 'web', ''), get()); });
  expect(JSON.stringify(manifests)).toContain('cluster.local/ns/shop/sa/default');
});

test('a workload that more call than an AuthorizationPolicy has rules is one rule', () => {
  const manifests = manifestsOf('kubernetes', AMBIENT, chart => {
    const api = workload(chart, 'api');
    for (let i = 0; i < 600; i++) { workload(chart, `w${i}`).connections.allowTo(api, Port.tcp(8080)); }
  });
  const [{ spec }] = manifests.filter(({ kind }) => kind === 'AuthorizationPolicy');
  expect(spec.rules.map(({ from }: Manifest) => from[0].source.principals.length)).toEqual([600]);
});

test('thousands of peers that only labels tell apart are compared in little time', () => {
  const started = Date.now();
  manifestsOf('kubernetes', SIDECAR, chart => {
    const api = workload(chart, 'api');
    for (let i = 0; i < 1500; i++) { api.connections.allowFrom(Peer.pods({ labels: { app: `x${i}` } }), Port.tcp(8080)); }
  });
  expect(Date.now() - started).toBeLessThan(10_000);
});
