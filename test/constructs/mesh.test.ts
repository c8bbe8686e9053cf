import { Chart, JsonPatch } from 'cdk8s';
import { AllowIngressController, ClusterFacts, ClusterPolicy, DefaultDeny, Mesh, Namespaces, NetworkPolicy, Peer, Port, RuleAction, Workload } from '../../src';
import { linkAll, readAny } from '../../src/dialects/link';
import { Answer, evaluate } from '../../src/model/evaluate';
import { Endpoint, Flow, Profile } from '../../src/model/match';
import { ClusterName, deployment, Manifest, synthesize } from '../support/apps';
import { schemaErrorsOf } from '../support/schemas';

/** A Deployment that runs as a service account of its own name, unless it is given another. */
function workload(chart: Chart, name: string, serviceAccountName: string = name): Workload {
  const object = deployment(chart, name);
  object.addJsonPatch(JsonPatch.add('/spec/template/spec/serviceAccountName', serviceAccountName));
  return Workload.of(object);
}

const BY_ADDRESS: Profile = { cidrMatches: ['external', 'pod', 'node', 'hostEndpoint'] };
const OUTSIDE_ONLY: Profile = { cidrMatches: ['external'] };

const pod = (namespace: string, name: string, account: string = name, labels: Record<string, string> = { app: name }): Endpoint => ({
  kind: 'pod',
  namespace,
  labels,
  namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
  serviceAccount: account,
  serviceAccountLabels: {},
  address: '10.244.0.7',
  entities: ['cluster'],
  principal: `cluster.local/ns/${namespace}/sa/${account}`,
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
});
const [WEB, API, ADMIN] = ['web', 'api', 'admin'].map(name => pod('shop', name));
const PROMETHEUS = pod('monitoring', 'prometheus', 'prometheus', { 'app.kubernetes.io/name': 'prometheus' });
const ISTIOD = pod('istio-system', 'istiod');
const OUTSIDE: Endpoint = { kind: 'external', address: '203.0.113.9', entities: ['world'], names: [], principal: '' };

const GET = { method: 'GET', path: '/api/users', host: 'api', headers: {} };
const POST = { ...GET, method: 'POST' };

/** What network policies and the mesh together answer; the manifests are read back. */
function answer(cluster: ClusterName, manifests: readonly Manifest[], flow: Partial<Flow>): Answer {
  const policies = manifests.flatMap(manifest => {
    const read = readAny(manifest);
    return read && 'policies' in read ? read.policies : [];
  });
  return evaluate(linkAll(cluster, policies, manifests), { source: WEB, destination: API, protocol: 6, port: 8080, ...flow },
    cluster === 'cilium' ? OUTSIDE_ONLY : BY_ADDRESS);
}

/** What the CNI alone sees and answers. */
function networkAnswer(cluster: ClusterName, manifests: readonly Manifest[], flow: Partial<Flow>): Answer {
  return answer(cluster, manifests.filter(({ apiVersion }) => !String(apiVersion).startsWith('security.istio.io')), flow);
}

const SIDECAR: ClusterFacts = { mesh: Mesh.istioSidecar() };
const AMBIENT: ClusterFacts = { mesh: Mesh.istioAmbient() };
const edge = (port: () => Port) => ({ chart }: { chart: Chart }) => { workload(chart, 'api').connections.allowFrom(workload(chart, 'web'), port()); };
const http = () => Port.tcp(8080).http({ method: 'GET', pathPrefix: '/api/' });

const sound = (cluster: ClusterName, program: Parameters<typeof synthesize>[1], facts: ClusterFacts): Manifest[] => {
  const manifests = synthesize(cluster, program, facts);
  expect(schemaErrorsOf(manifests)).toEqual([]);
  return manifests;
};

describe.each<ClusterName>(['kubernetes', 'cilium', 'calico'])('beside the %s dialect', cluster => {
  test('one connection is a network policy and an authorization policy, and both together let through what was stated', () => {
    const manifests = sound(cluster, edge(http), SIDECAR);
    expect(manifests.filter(({ kind }) => kind !== 'Deployment')).toMatchSnapshot();
    expect(answer(cluster, manifests, { http: GET })).toBe('allowed');
    expect(answer(cluster, manifests, { http: POST })).toBe('denied');
    expect(answer(cluster, manifests, { http: GET, port: 9090 })).toBe('denied');
    expect(answer(cluster, manifests, { http: GET, source: ADMIN })).toBe('denied');
    expect(answer(cluster, manifests, { http: GET, source: OUTSIDE })).toBe('denied');
  });

  test('the network policy says nothing of requests, which are encrypted', () => {
    const manifests = synthesize(cluster, edge(http), SIDECAR);
    expect(networkAnswer(cluster, manifests, { http: POST })).toBe('allowed');
    expect(networkAnswer(cluster, manifests, { http: GET, source: ADMIN })).toBe('denied');
  });

  test('isolation leaves the sidecar its control plane, and the monitoring its metrics', () => {
    const manifests = sound(cluster, ({ chart }) => { workload(chart, 'api').connections.isolate(); }, SIDECAR);
    expect(networkAnswer(cluster, manifests, { source: API, destination: ISTIOD, port: 15012 })).toBe('allowed');
    expect(networkAnswer(cluster, manifests, { source: API, destination: ISTIOD, port: 15010 })).toBe('denied');
    expect([15020, 15090, 15000].map(port => networkAnswer(cluster, manifests, { source: PROMETHEUS, port }))).toEqual(['allowed', 'allowed', 'denied']);
  });

  test('without a mesh none of that is open', () => {
    const manifests = synthesize(cluster, ({ chart }) => { workload(chart, 'api').connections.isolate(); });
    expect(networkAnswer(cluster, manifests, { source: API, destination: ISTIOD, port: 15012 })).toBe('denied');
    expect(networkAnswer(cluster, manifests, { source: PROMETHEUS, port: 15020 })).toBe('denied');
    expect(manifests.map(({ kind }) => kind)).not.toContain('AuthorizationPolicy');
  });

  test('in ambient mode the network policy opens the tunnel between the two, and the mesh keeps to the port', () => {
    const manifests = sound(cluster, edge(() => Port.tcp(8080)), AMBIENT);
    // The CNI sees 15008, and ztunnel the port inside.
    expect([8080, 15008, 9090].map(port => networkAnswer(cluster, manifests, { port }))).toEqual(['allowed', 'allowed', 'denied']);
    expect(networkAnswer(cluster, manifests, { port: 15008, source: ADMIN })).toBe('denied');
    const mesh = manifests.filter(({ kind }) => kind === 'AuthorizationPolicy');
    expect([8080, 9090].map(port => answer(cluster, mesh, { port }))).toEqual(['allowed', 'denied']);
    expect(answer(cluster, mesh, { source: ADMIN })).toBe('denied');
    const egress = manifests.filter(manifest => JSON.stringify(manifest).includes('wider-than-stated'));
    expect(egress).toEqual([]);
  });

  test('in ambient mode the probes of the kubelet come from an address of their own', () => {
    const manifests = sound(cluster, ({ chart }) => { new DefaultDeny(chart, 'deny'); }, AMBIENT);
    const probe: Endpoint = { kind: 'external', address: '169.254.7.127', entities: ['world'], names: [], principal: '' };
    expect(networkAnswer(cluster, manifests, { source: probe })).toBe('allowed');
    expect(networkAnswer(cluster, manifests, { source: OUTSIDE })).toBe('denied');
  });
});

describe('authorization policies', () => {
  const authorizations = (program: Parameters<typeof synthesize>[1], facts: ClusterFacts = SIDECAR): Manifest[] =>
    synthesize('kubernetes', program, facts).filter(({ kind }) => kind === 'AuthorizationPolicy');

  test('a default deny lets nothing into the namespace', () => {
    const manifests = authorizations(({ chart }) => { new DefaultDeny(chart, 'deny'); });
    expect(manifests.map(({ metadata, spec }) => ({ name: metadata.name, namespace: metadata.namespace, spec }))).toEqual([
      { name: 'default-deny', namespace: 'shop', spec: {} },
    ]);
  });

  test('peers that only labels tell apart are the network policy\'s', () => {
    const program = ({ chart }: { chart: Chart }) => {
      new AllowIngressController(chart, 'ingress', { subject: workload(chart, 'web'), port: Port.tcp(8080) });
    };
    const [policy] = authorizations(program);
    expect(policy.spec.rules).toEqual([{ to: [{ operation: { ports: ['8080'] } }] }]);
  });

  test('a named port is the number of the container\'s port', () => {
    const program = ({ chart }: { chart: Chart }) => {
      const api = deployment(chart, 'api');
      api.addJsonPatch(JsonPatch.add('/spec/template/spec/containers/0/ports/0/name', 'http'));
      Workload.of(api).connections.allowFrom(workload(chart, 'web'), Port.named('http'));
    };
    expect(authorizations(program)[0].spec.rules[0].to).toEqual([{ operation: { ports: ['8080'] } }]);
  });

  test('identities are of the stated trust domain', () => {
    const [policy] = authorizations(edge(http), { mesh: Mesh.istioSidecar({ trustDomain: 'example.org' }) });
    expect(policy.spec.rules[0].from[0].source.principals).toEqual(['example.org/ns/shop/sa/web']);
  });

  test('none are written where the mesh is to leave that alone', () => {
    expect(authorizations(edge(() => Port.tcp(8080)), { mesh: Mesh.istioSidecar({ authorization: false }) })).toEqual([]);
  });
});

describe('what neither layer nor both together could enforce fails the synth', () => {
  test.each<[string, ClusterFacts, (context: { chart: Chart }) => void, RegExp]>([
    ['workloads of one service account that may do different things', SIDECAR, ({ chart }) => {
      const api = workload(chart, 'api');
      api.connections.allowFrom(workload(chart, 'web', 'shared'), http());
      api.connections.allowFrom(workload(chart, 'admin', 'shared'), Port.tcp(8080).http({ method: 'POST' }));
    }, /both service account shop\/shared/],
    ['requests for peers that only labels tell apart', SIDECAR, ({ chart }) => {
      const api = workload(chart, 'api');
      api.connections.allowFrom(Peer.pods({ labels: { app: 'batch' } }), http());
      api.connections.allowFrom(workload(chart, 'admin'), Port.tcp(8080).http({ method: 'POST' }));
    }, /the mesh cannot tell/],
    ['requests in one policy and everything in another, for pods that may be the same', SIDECAR, ({ chart }) => {
      workload(chart, 'api').connections.allowFrom(workload(chart, 'web'), http());
      new NetworkPolicy(chart, 'all', { ingress: [{ peers: [Peer.pods({ labels: { app: 'batch' } })], ports: [Port.tcp(8080)] }] });
    }, /the mesh cannot tell/],
    ['the same source with and without conditions', SIDECAR, ({ chart }) => {
      const [api, web] = [workload(chart, 'api'), workload(chart, 'web')];
      api.connections.allowFrom(web, http());
      api.connections.allowFrom(web, Port.tcp(8080));
    }, /the condition says nothing/],
    ['requests in ambient mode', AMBIENT, edge(http), /waypoint/],
    ['requests with Linkerd', { mesh: Mesh.linkerd() }, edge(http), /Linkerd/],
    ['requests without authorization', { mesh: Mesh.istioSidecar({ authorization: false }) }, edge(http), /encrypts the requests/],
    ['requests of a policy for the whole cluster', SIDECAR, ({ chart }) => {
      new ClusterPolicy(chart, 'all', { ingress: [{ peers: [Peer.any()], ports: [http()] }] });
    }, /encrypts the requests|namespaced/],
    ['what is allowed for the whole cluster, beside a namespace that the mesh closes', SIDECAR, ({ chart }) => {
      new DefaultDeny(chart, 'deny');
      new ClusterPolicy(chart, 'scrape', {
        subject: Peer.pods({ namespaces: Namespaces.all() }),
        dns: false,
        isolate: { egress: false },
        ingress: [{ peers: [Peer.monitoring()], ports: [Port.tcp(9090)] }],
      });
    }, /the mesh is told nothing/],
    ['a reason to accept any port of two lines', {}, () => Mesh.linkerd({ acceptAnyPortBecause: 'a\nb' }), /acceptAnyPortBecause "a\\nb" must be one line without control characters/],
    ['a very long reason to accept any port', {}, () => Mesh.linkerd({ acceptAnyPortBecause: 'x'.repeat(501) }), /acceptAnyPortBecause "x+" has more than 500 characters/],
    ['a mesh as plain text', { mesh: 'istio-ambient' as unknown as Mesh }, () => undefined, /say Mesh\.parse\("istio-ambient"\)/],
    ['some ports between pods of Linkerd', { mesh: Mesh.linkerd() }, edge(() => Port.tcp(8080)), /carries every port/],
  ])('%s', (_name, facts, program, message) => {
    expect(() => synthesize('kubernetes', program, facts)).toThrow(message);
  });

  test('a deny of some ports between pods of ambient mode', () => {
    const program = ({ chart }: { chart: Chart }) => {
      new NetworkPolicy(chart, 'deny', { ingress: [{ action: RuleAction.DENY, peers: [Peer.namespaces(Namespaces.named('guests'))], ports: [Port.tcp(22)] }] });
    };
    expect(() => synthesize('calico', program, AMBIENT)).toThrow(/a deny of some ports would miss them/);
  });
});

describe('what is wider for the mesh', () => {
  test('is recorded on the policy, with the reason for which it was accepted', () => {
    const manifests = synthesize('kubernetes', edge(() => Port.tcp(8080)), { mesh: Mesh.linkerd({ acceptAnyPortBecause: 'Servers of Linkerd keep to ports' }) });
    const annotations = manifests.map(({ metadata }) => metadata.annotations?.['cdk8s-netpol/wider-than-stated']).filter(text => text);
    expect(annotations.length).toBe(2);
    expect(annotations[0]).toMatch(/port 4143 carries every port; accepted because Servers of Linkerd keep to ports/);
  });

  test('fails with the fact strict', () => {
    const facts = { strict: true, mesh: Mesh.linkerd({ acceptAnyPortBecause: 'because' }) };
    expect(() => synthesize('kubernetes', edge(() => Port.tcp(8080)), facts)).toThrow(/carries every port/);
  });

  test('in ambient mode is said of egress to pods of which this app writes nothing', () => {
    const program = ({ chart }: { chart: Chart }) => { workload(chart, 'web').connections.allowTo(Peer.pods({ labels: { app: 'other' }, namespaces: Namespaces.named('other') }), Port.tcp(8080)); };
    expect(JSON.stringify(synthesize('kubernetes', program, AMBIENT))).toContain('port 15008 carries every port');
  });

  test('all of TCP is not wider', () => {
    const manifests = synthesize('kubernetes', edge(() => Port.allTcp()), { mesh: Mesh.linkerd() });
    expect(JSON.stringify(manifests)).not.toContain('carries every port');
  });
});
