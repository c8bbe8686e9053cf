import { ApiObject, Chart } from 'cdk8s';
import { ClusterFacts, Cni, DefaultDeny, MultiTenantCluster, MultiTenantClusterProps, Namespaces, Peer, Port, Tenant, Workload } from '../../src';
import { Pod } from '../oracle';
import { flow, world as fixtures } from '../oracle/fixtures';
import { ClusterName, deployment, flowsIn, Program, sound, synthesize } from '../support/apps';

const pod = (namespace: string, ip: string): Pod => ({ namespace, name: 'pod', labels: { app: 'pod' }, ips: [ip] });
const a1 = pod('a1', '10.0.4.1');
const a2 = pod('a2', '10.0.4.2');
const b1 = pod('b1', '10.0.5.1');
const b2 = pod('b2', '10.0.5.2');
const world = {
  ...fixtures,
  namespaces: { ...fixtures.namespaces, a1: { team: 'b' }, a2: {}, b1: { team: 'b' }, b2: { team: 'b' } },
  pods: [...fixtures.pods, a1, a2, b1, b2],
};
const FACTS: ClusterFacts = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs, addons: [] };
const UPSTREAM: ClusterFacts = { ...FACTS, cni: Cni.kubeNetworkPolicies('1.0', { clusterNetworkPolicy: true }) };
const OVN: ClusterFacts = { ...FACTS, cni: Cni.ovnKubernetes({ clusterNetworkPolicy: true }) };
const PLACES: readonly [string, ClusterName, ClusterFacts][] = [['Calico', 'calico', FACTS], ['Cilium', 'cilium', FACTS], ['ClusterNetworkPolicy', 'kubernetes', UPSTREAM]];

const A: Tenant = { name: 'a', namespaces: ['a1', 'a2'] };
const B: Tenant = { name: 'b', namespaceLabels: { team: 'b' } };
const tenants = (props: MultiTenantClusterProps, namespaces: Record<string, Record<string, string>> = {}): Program => ({ app }) => {
  const chart = new Chart(app, 'platform');
  new MultiTenantCluster(chart, 'tenants', props);
  for (const [name, labels] of Object.entries(namespaces)) { new ApiObject(chart, name, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }); }
};
const numbered = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);

describe.each(PLACES)('on %s', (_, cluster, facts) => {
  test.each([['before', [B, A]], ['after', [A, B]]])('a namespace that a tenant names is not that of a tenant by labels, stated %s it', (__, both) => {
    flowsIn(world)(cluster, sound(cluster, tenants({ tenants: both }), facts), { 'inside a': flow(a1, a2), 'inside b': flow(b1, b2) }, {
      'in': flow(b1, a1), 'out': flow(a1, b1), 'to another namespace': flow(a2, b1), 'from another namespace': flow(b2, a2),
    });
  });
});

describe('of Namespaces of the app', () => {
  const shared = [{ peer: Peer.namespaces(Namespaces.named('tools')), ports: [Port.HTTP] }];
  const alike = Peer.namespaces(Namespaces.labeled({ labels: { zone: 'tools' } }));

  test.each<[string, MultiTenantClusterProps, Record<string, Record<string, string>>, string]>([
    ['a shared service must not have the labels of a tenant', { tenants: [A, B], shared }, { tools: { team: 'b', x: 'y' } }, 'platform/tenants: shared service pods in namespace tools is in namespace tools of tenant b'],
    ['one by labels must not be in a namespace that a tenant names', { tenants: [A, B], shared: [{ peer: alike, ports: [Port.HTTP] }] }, { a1: { zone: 'tools' } }, 'is in namespace a1 of tenant a'],
    ['none may have the labels of two tenants', { tenants: [B, { name: 'c', namespaceLabels: { env: 'c' } }] }, { both: { team: 'b', env: 'c' } }, 'platform/tenants: tenant c: namespace both has its labels, and those of tenant b'],
  ])('%s', (_, props, namespaces, message) => {
    for (const [, cluster, facts] of PLACES) { expect(() => synthesize(cluster, tenants(props, namespaces), facts)).toThrow(message); }
  });

  test('others may be shared', () => {
    synthesize('calico', tenants({ tenants: [A, B], shared }, { tools: { team: 'c' }, a1: { team: 'b' } }), FACTS);
  });
});

describe('mistakes', () => {
  const share = (peer: Peer): MultiTenantClusterProps => ({ tenants: [A, B], shared: [{ peer, ports: [Port.all()] }] });
  test.each<[string, MultiTenantClusterProps, string]>([
    ['the same labels twice', { tenants: [B, { ...B, name: 'c' }] }, 'platform/tenants: tenant c: namespaces with its labels {"team":"b"} are also those of tenant b'],
    ['labels that are some of another tenant\'s', { tenants: [B, { name: 'c', namespaceLabels: { team: 'b', env: 'c' } }] }, 'are also those of tenant b'],
    ['labels that are more than another tenant\'s', { tenants: [{ name: 'c', namespaceLabels: { team: 'b', env: 'c' } }, B] }, 'are also those of tenant c'],
    ['the name of a namespace as a label', { tenants: [{ name: 'c', namespaceLabels: { 'kubernetes.io/metadata.name': 'c1' } }] }, 'state namespaces: ["c1"]'],
    ['everybody shared', share(Peer.any()), 'shared service any is the whole cluster'],
    ['every pod shared', share(Peer.namespaces(Namespaces.all())), 'is the whole cluster'],
    ['the cluster shared', share(Peer.cluster()), 'is the whole cluster'],
    ['every address shared', share(Peer.addresses('0.0.0.0/0')), 'is the whole cluster'],
    ['the addresses of all pods shared', share(Peer.addresses('10.0.0.0/8')), 'is the whole cluster'],
    ['a shared service of a tenant by labels', share(Peer.pods({ namespaces: Namespaces.labeled({ labels: { team: 'b', x: 'y' } }), labels: { app: 'x' } })), 'is in a namespace of tenant b'],
    ['a tenant called like what closes another one inside', { tenants: [{ ...A, internalTraffic: false }, { name: 'a-inside', namespaces: ['c'] }] }, 'platform/tenants: tenant a-inside has the name of the policy that closes tenant a inside'],
  ])('%s: is an error', (_, props, message) => {
    expect(() => synthesize('calico', tenants(props), FACTS)).toThrow(message);
  });

  test('places outside, however many, are not the cluster', () => {
    synthesize('calico', tenants({ tenants: [A], shared: [{ peer: Peer.cidr('0.0.0.0/0'), ports: [Port.HTTPS] }, { peer: Peer.kubeApiServer(), ports: [Port.tcp(6443)] }] }), { ...FACTS, apiServerCidrs: ['192.168.0.3/32'] });
  });
});

describe('what a CNI has room for', () => {
  const priorities = (props: MultiTenantClusterProps, facts: ClusterFacts) => synthesize('kubernetes', tenants(props), facts).map(({ spec }) => spec.priority);
  const each = (names: string[]): Tenant[] => names.map(name => ({ name, namespaces: [name] }));

  test('tenants have the last priorities of OVN-Kubernetes, and from 150 on where there is room', () => {
    expect(priorities({ tenants: each(['a', 'b']) }, OVN)).toEqual([98, 99]);
    expect(priorities({ tenants: each(['a', 'b']) }, UPSTREAM)).toEqual([650, 651]);
    expect(priorities({ tenants: each(['a', 'b']), priority: 20 }, OVN)).toEqual([70, 71]);
  });

  test.each<[string, ClusterName, ClusterFacts, MultiTenantClusterProps, string]>([
    ['a priority beyond the last', 'kubernetes', OVN, { tenants: each(['a', 'b']), priority: 49 }, 'platform/tenants: tenants (2) from priority 49 on do not fit, since on ovn-kubernetes (kubernetes) a tier has the priorities 0 to 49; state priority 48 or a lower one, or leave it out'],
    ['more tenants than priorities', 'kubernetes', OVN, { tenants: each(numbered(51, 'a')) }, 'state at most 50 tenants'],
    ['a tenant of too many namespaces', 'calico', { ...FACTS, cni: Cni.calico('3.33') }, { tenants: [{ name: 'a', namespaces: numbered(200, 'a') }] }, 'platform/tenants: tenant a names 200 namespaces, and a selector of calico 3.33 takes 1024 characters; state namespaceLabels'],
    ['a tenant by labels beside too many namespaces', 'calico', { ...FACTS, cni: Cni.calico('3.33') }, { tenants: [B, ...each(numbered(200, 'a'))] }, 'platform/tenants: tenant b is stated by labels, and leaves out the namespaces that other tenants name'],
    ['too much beside denies of Cilium', 'cilium', FACTS, { tenants: [A], shared: numbered(11, 'x').map(app => ({ peer: Peer.pods({ namespaces: Namespaces.all(), labels: { app, tier: app } }), ports: [Port.HTTP] })) }, 'platform/tenants: tenant a: what stays open is too much to be left out of denies of Cilium'],
  ])('%s: is an error with a way out', (_, cluster, facts, props, message) => {
    expect(() => synthesize(cluster, tenants(props), facts)).toThrow(message);
  });

  test('many namespaces of a tenant fit where selectors have no bound, and some beside labels where they have', () => {
    synthesize('calico', tenants({ tenants: [{ name: 'a', namespaces: numbered(200, 'a') }] }), { ...FACTS, cni: Cni.calico('3.30') });
    synthesize('calico', tenants({ tenants: [A, B] }), { ...FACTS, cni: Cni.calico('3.33') });
  });

  test('many services can be shared on Cilium', () => {
    const services = (labels?: Record<string, string>) => numbered(130, 'x').map(name => ({ peer: Peer.pods({ namespaces: Namespaces.named(name), labels }), ports: [Port.HTTP] }));
    synthesize('cilium', tenants({ tenants: [A], shared: services() }), FACTS);
    synthesize('cilium', tenants({ tenants: [A], shared: services({ app: 'x', tier: 'y' }) }), FACTS);
  });
});

test('in plain Kubernetes names of tenants and namespaces do not run into each other', () => {
  const policies = synthesize('kubernetes', tenants({ tenantsCanOverride: true, tenants: [{ name: 'a', namespaces: ['b-c'] }, { name: 'a-b', namespaces: ['c'] }] }), FACTS);
  expect(policies.map(({ metadata }) => metadata.namespace)).toEqual(['b-c', 'c']);
});

test.each([...PLACES, ['plain Kubernetes', 'kubernetes', FACTS] as const])('on %s monitoring of this app may connect to what it scrapes', (_, cluster, facts) => {
  const prometheus: Pod = { namespace: 'monitoring', name: 'prometheus', labels: { 'app': 'prometheus', 'app.kubernetes.io/name': 'prometheus' }, ips: ['10.0.6.1'] };
  const manifests = sound(cluster, ({ app }) => {
    const monitoring = new Chart(app, 'monitoring', { namespace: 'monitoring' });
    Workload.of(deployment(monitoring, 'prometheus', { ...prometheus.labels })).connections.isolate({ ingress: false });
    new DefaultDeny(monitoring, 'deny', { ingress: false });
    new MultiTenantCluster(new Chart(app, 'platform'), 'tenants', { tenants: [{ ...A, monitoring: Port.tcp(9102) }], tenantsCanOverride: true });
  }, facts);
  const full = { ...world, namespaces: { ...world.namespaces, monitoring: {} }, pods: [...world.pods, prometheus] };
  flowsIn(full)(cluster, manifests, { scraped: flow(prometheus, a1, 'TCP', 9102) }, { port: flow(prometheus, a1, 'TCP', 80), other: flow(prometheus, b1, 'TCP', 9102) });
});
