import { AllowDns, ClusterFacts, DefaultDeny, Dns, Peer, Port, Workload } from '../../src';
import { End, Pod, Protocol, World } from '../oracle';
import { allowed, CLUSTER_NAMES, Manifest, Program, sound } from '../support/apps';

const pod = (namespace: string, name: string, labels: Record<string, string>, ip: string): Pod => ({ namespace, name, labels, ips: [`10.244.0.${ip}`], node: 'n1' });
const web = pod('shop', 'web', { app: 'web' }, '1');
const coreDns = pod('kube-system', 'coredns', { 'k8s-app': 'kube-dns' }, '2');
const nodeLocal = pod('kube-system', 'node-local-dns', { 'k8s-app': 'node-local-dns' }, '3');
const openShift = pod('openshift-dns', 'dns-default', { 'dns.operator.openshift.io/daemonset-dns': 'default' }, '4');
const own = pod('dns', 'unbound', { app: 'unbound' }, '5');
const bystander = pod('kube-system', 'metrics-server', { 'k8s-app': 'metrics-server' }, '6');
const pretender = pod('shop', 'pretender', { 'k8s-app': 'kube-dns' }, '7');
const world: World = {
  namespaces: { 'shop': {}, 'kube-system': {}, 'openshift-dns': {}, 'dns': {} },
  pods: [web, coreDns, nodeLocal, openShift, own, bystander, pretender],
  podCidrs: ['10.244.0.0/16'],
  nodeCidrs: ['172.18.0.0/16'],
};
const METADATA: End = { address: '169.254.169.254' };
const CACHE: End = { node: 'local', address: '169.254.20.10' };
const LOCAL_DNS: End[] = ['169.254.10.10', '169.254.10.11'].map(address => ({ node: 'local', address }));
const SERVICE: End = { node: 'local', address: '10.96.0.10' };
const at = (each: Pod | End): End => ('namespace' in each ? { pod: each } : each);

const KINDS: [string, Dns, (Pod | End)[], number][] = [
  ['CoreDNS', Dns.coreDns(), [coreDns], 53],
  ['NodeLocal DNSCache', Dns.nodeLocalCache(), [coreDns, nodeLocal, CACHE], 53],
  ['NodeLocal DNSCache that listens on the Service address too', Dns.nodeLocalCache({ serviceAddress: '10.96.0.10' }), [coreDns, nodeLocal, CACHE, SERVICE], 53],
  ['LocalDNS of AKS', Dns.aksLocalDns(), [coreDns, LOCAL_DNS[0], LOCAL_DNS[1]], 53],
  ['CoreDNS and Cloud DNS for GKE', Dns.several(Dns.coreDns(), Dns.gkeCloudDns()), [coreDns, METADATA], 53],
  ['Cloud DNS for GKE', Dns.gkeCloudDns(), [METADATA], 53],
  ['OpenShift', Dns.openShift(), [openShift], 5353],
  ['pods of your own', Dns.pods({ namespace: 'dns', labels: { app: 'unbound' } }, 1053), [own], 1053],
];

const open = (cluster: typeof CLUSTER_NAMES[number], policies: Manifest[], destination: Pod | End, port: number, protocol: Protocol) =>
  allowed(cluster, policies, world, { source: { pod: web }, destination: at(destination), protocol, port });

describe.each(CLUSTER_NAMES)('in %s', cluster => {
  const programs: [string, Program][] = [
    ['AllowDns', ({ chart }) => { new AllowDns(chart, 'dns'); }],
    ['a default deny', ({ chart }) => { new DefaultDeny(chart, 'deny'); }],
    ['the egress of a workload', ({ chart }) => { Workload.external(chart, { labels: { app: 'web' } }).connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS); }],
  ];

  test.each(KINDS)('the manifest of %s', (_, dns) => {
    expect(sound(cluster, programs[0][1], { dns }).map(({ spec }) => spec)).toMatchSnapshot();
  });

  describe.each(KINDS)('with %s', (_, dns, servers, port) => {
    test.each(programs)('%s opens DNS over UDP and TCP, and nothing beside it', (__, program) => {
      const policies = sound(cluster, program, { dns });
      for (const server of servers) {
        expect([server, open(cluster, policies, server, port, 'UDP'), open(cluster, policies, server, port, 'TCP')]).toEqual([server, true, true]);
      }
      // What a pod sends to its own node is allowed in plain Kubernetes, whatever a policy says.
      for (const server of servers.filter(each => 'labels' in each || !('node' in each) || cluster !== 'kubernetes')) {
        expect([server, open(cluster, policies, server, 80, 'TCP'), open(cluster, policies, server, port, 'SCTP')]).toEqual([server, false, false]);
      }
      for (const stranger of [bystander, pretender, ...[coreDns, nodeLocal, openShift, own, METADATA].filter(each => !servers.includes(each))]) {
        expect([stranger, open(cluster, policies, stranger, port, 'UDP')]).toEqual([stranger, false]);
      }
    });
  });

  test('the DNS pods themselves are not isolated because others may ask them', () => {
    const policies = sound(cluster, programs[2][1]);
    expect(new Set(policies.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['shop']));
  });
});

test.each(['coredns', 'nodelocal', 'aks-localdns', 'gke-cloud-dns', 'openshift', 'coredns+nodelocal', 'openshift+gke-cloud-dns'])('%s is known by its name', name => {
  expect(Dns.parse(` ${name} `).toString()).toBe(name);
});

test('several are each of them, and what they have in common once', () => {
  const both = Dns.parse('coredns + nodelocal');
  expect(both._pods()).toEqual([...Dns.coreDns()._pods(), { pods: { namespace: 'kube-system', labels: { 'k8s-app': 'node-local-dns' } }, port: 53 }]);
  expect(both._addresses()).toEqual(Dns.nodeLocalCache()._addresses());
});

test('servers on several ports are each opened on their own port, and on no other', () => {
  const facts: ClusterFacts = { dns: Dns.several(Dns.openShift(), Dns.pods({ namespace: 'dns', labels: { app: 'unbound' } }, 1053)) };
  for (const cluster of CLUSTER_NAMES) {
    const policies = sound(cluster, ({ chart }) => { new AllowDns(chart, 'dns'); }, facts);
    const answers = [[openShift, 5353], [own, 1053], [openShift, 1053], [own, 5353], [coreDns, 53]] as const;
    expect(answers.map(([server, port]) => open(cluster, policies, server, port, 'UDP'))).toEqual([true, true, false, false, false]);
  }
});

test('the address of the cache on the node is not taken for a Service, whose range is stated', () => {
  const facts: ClusterFacts = { dns: Dns.nodeLocalCache({ serviceAddress: '10.96.0.10' }), serviceCidrs: ['10.96.0.0/12'], strict: true };
  for (const cluster of CLUSTER_NAMES) {
    const policies = sound(cluster, ({ chart }) => { new AllowDns(chart, 'dns'); }, facts);
    expect([CACHE, SERVICE].map(server => open(cluster, policies, server, 53, 'UDP'))).toEqual([true, true]);
  }
});

test.each<[string, () => unknown, string]>([
  ['an unknown one of several', () => Dns.parse('coredns+bind'), 'DNS "bind" is not known'],
  ['none of several', () => Dns.several(), 'no DNS is stated; name at least one, such as Dns.coreDns()'],
  ['nothing', () => Dns.parse(''), 'DNS "" is not known'],
  ['a name that is not known', () => Dns.parse('bind'), 'DNS "bind" is not known; use one of coredns, nodelocal, aks-localdns, gke-cloud-dns, openshift'],
  ['a cache at no address', () => Dns.nodeLocalCache({ localAddress: 'localhost' }), 'DNS address "localhost" is not an IP address'],
  ['a cache at a range', () => Dns.nodeLocalCache({ serviceAddress: '10.96.0.0/12' }), 'DNS address "10.96.0.0/12" is not an IP address'],
  ['port 0', () => Dns.pods({ namespace: 'dns' }, 0), 'DNS port 0 is not in 1 to 65535'],
  ['half a port', () => Dns.pods({ namespace: 'dns' }, 53.5), 'DNS port 53.5 is not in 1 to 65535'],
  ['a namespace that is none', () => Dns.pods({ namespace: 'Kube System' }), 'namespace "Kube System"'],
  ['a label that is none', () => Dns.pods({ namespace: 'dns', labels: { 'k8s app': 'x' } }), 'k8s app'],
])('%s is refused', (_, make, why) => {
  expect(make).toThrow(why);
});

test('without labels every pod of the namespace is a DNS server', () => {
  const facts: ClusterFacts = { dns: Dns.pods({ namespace: 'kube-system' }) };
  for (const cluster of CLUSTER_NAMES) {
    const policies = sound(cluster, ({ chart }) => { new AllowDns(chart, 'dns'); }, facts);
    expect([coreDns, bystander, own].map(server => open(cluster, policies, server, 53, 'UDP'))).toEqual([true, true, false]);
  }
});
