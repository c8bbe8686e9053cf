import { ApiObject, Chart } from 'cdk8s';
import { deepPaths } from './deep-paths';
import {
  AllowDns, AllowHealthChecks, AllowIngressController, AllowMonitoring, BlockCloudMetadata, CalicoAction, CalicoNetworkPolicy, CalicoPolicyType,
  CalicoPort, CalicoProtocol, CiliumNetworkPolicy, CiliumProtocol, Cloud, Cluster, ClusterDefaultDeny, ClusterSpiffeId, Cni, DefaultDeny, Dns,
  LabelExpression, Namespaces, NetworkPolicy, Peer, PolicyMode, Port, ProtectSystemNamespace, ThreeTierApp, Workload, ZeroTrustNamespace,
} from '../../src';
import { CLUSTER_NAMES, ClusterName, deployment, Manifest, policiesOf, sound, synthesize } from '../support/apps';

/**
 * The mistakes of tutorials that are made in writing: constructs refuse them with the right form, or have no words for them. The numbers
 * are those of the list of mistakes.
 */

const workload = (chart: Chart, name: string): Workload => Workload.of(deployment(chart, name));
const policyOf = (manifests: readonly Manifest[], name: string): Manifest => manifests.find(each => each.metadata.name === name);
const refusal = (cluster: ClusterName, state: (chart: Chart) => void): string => {
  try { synthesize(cluster, ({ chart }) => state(chart)); } catch (error) { return (error as Error).message; }
  throw new Error('it was not refused');
};

/** What a shop may want, with what each dialect can say: everything that constructs write without being asked for it. */
function shop(cluster: ClusterName): Manifest[] {
  return sound(cluster, ({ chart }) => {
    new ZeroTrustNamespace(chart, 'namespace', { name: 'shop', ingress: { port: Port.tcp(8080) }, monitoring: Port.tcp(9102) });
    const { api } = new ThreeTierApp(chart, 'app', {
      web: { workload: workload(chart, 'web'), port: Port.tcp(8080) },
      api: { workload: workload(chart, 'api'), port: Port.tcp(9090) },
      database: { workload: workload(chart, 'database'), port: Port.POSTGRES },
    });
    api.connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS);
    api.connections.allowFrom(Peer.pods({ namespaces: Namespaces.named('storefront'), labels: { app: 'web' } }), Port.tcp(9090));
  });
}

describe.each(CLUSTER_NAMES)('a program for %s', cluster => {
  test('(1, 17) has a protocol with every port, and peers with every rule', () => {
    // An empty rule of Cilium isolates, and lets nobody in.
    const rules = shop(cluster).flatMap(({ spec }) => [...spec.ingress ?? [], ...spec.egress ?? []]).filter(rule => Object.keys(rule).length > 0);
    expect(rules.length).toBeGreaterThan(5);
    for (const rule of rules) {
      const ports = cluster === 'calico' ? [rule] : rule.ports ?? rule.toPorts.flatMap((each: Manifest) => each.ports);
      expect(ports.map(({ protocol }: Manifest) => protocol)).toEqual(ports.map(() => expect.stringMatching(/^(TCP|UDP)$/)));
      const peers = cluster === 'calico' ? ['source', 'destination'] : ['from', 'to', 'fromEndpoints', 'toEndpoints', 'toCIDRSet', 'toCIDR'];
      expect(Object.keys(rule).filter(key => peers.includes(key))).not.toEqual([]);
    }
  });

  test('(2) has protocols that there are', () => {
    const protocols = deepPaths(shop(cluster)).filter(({ path }) => path.endsWith('.protocol')).map(({ value }) => value);
    expect([...new Set(protocols)].sort()).toEqual(['TCP', 'UDP']);
  });

  test('(6, 15) has both selectors of a peer in one item', () => {
    const api = JSON.stringify(policyOf(shop(cluster), 'api').spec.ingress);
    expect(api).toContain({
      kubernetes: '{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"storefront"}},"podSelector":{"matchLabels":{"app":"web"}}}',
      cilium: '{"matchLabels":{"app":"web","k8s:io.kubernetes.pod.namespace":"storefront"}}',
      calico: '"source":{"namespaceSelector":"projectcalico.org/name == \'storefront\'","selector":"app == \'web\' && projectcalico.org/orchestrator == \'k8s\'"}',
    }[cluster]);
  });

  test('(10, 47) has a namespace in every policy, and DNS before what denies', () => {
    const manifests = shop(cluster);
    expect(manifests.every(({ metadata, kind }) => kind === 'Tier' || metadata.namespace === 'shop')).toBe(true);
    const names = manifests.map(({ metadata }) => metadata.name.replace(/^default\./, ''));
    expect(names.indexOf('allow-dns')).toBeGreaterThan(-1);
    expect(names.indexOf('allow-dns')).toBeLessThan(names.indexOf('default-deny'));
  });

  test('(12) writes an edge at both ends', () => {
    const manifests = sound(cluster, ({ chart }) => { workload(chart, 'web').connections.allowTo(workload(chart, 'api'), Port.tcp(8080)); });
    expect(manifests.map(({ metadata: { name }, spec }) => [name, 'ingress' in spec, 'egress' in spec]).sort()).toEqual([['api', true, false], ['web', false, true]]);
  });

  test('(13, 14) opens DNS with whatever isolates egress, over UDP and TCP', () => {
    const [policy] = sound(cluster, ({ chart }) => { workload(chart, 'web').connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS); });
    const text = JSON.stringify(policy.spec.egress);
    for (const part of ['UDP', 'TCP', '53', 'kube-dns']) { expect(text).toContain(part); }
  });

  test('(16, 21) has no rule to every pod, and none to any address on port 53', () => {
    const text = JSON.stringify(shop(cluster));
    for (const never of ['"namespaceSelector":{}', '"0.0.0.0/0"', '"namespaceSelector":"all()"', '"toEntities":["all"]', '"toEndpoints":[{}]']) { expect(text).not.toContain(never); }
  });

  test('(22, 23) selects namespaces by the label that each has', () => {
    const labels = new Set(deepPaths(shop(cluster)).filter(({ path }) => /namespaceSelector/.test(path)).map(({ path }) => path.split('.matchLabels.')[1]).filter(Boolean));
    expect([...labels]).toEqual(cluster === 'kubernetes' ? ['kubernetes.io/metadata.name'] : []);
  });

  test('(30) takes every range that is not public out of the internet, of both IP versions', () => {
    const [policy] = sound(cluster, ({ chart }) => { workload(chart, 'web').connections.allowTo(Peer.internet(), Port.HTTPS); });
    const text = JSON.stringify(policy.spec.egress);
    for (const range of ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', 'fc00::/7', 'fe80::/10', '0.0.0.0/0', '::/0']) { expect(text).toContain(`"${range}"`); }
  });

  test('(37) has no egress from the database for its replies', () => {
    const database = policyOf(shop(cluster), 'database');
    expect(JSON.stringify(database.spec.egress ?? [])).not.toMatch(/api|9090/);
  });

  test('(44) has an empty selector only for what is about a whole namespace', () => {
    const empty = shop(cluster).filter(({ spec }) => JSON.stringify(spec.podSelector ?? spec.endpointSelector ?? spec.selector ?? '') === '{}' || spec.selector === 'all()')
      .map(({ metadata }) => metadata.name.replace(/^(default|netpol-deny)\./, ''));
    for (const name of empty) { expect(['allow-dns', 'allow-ingress-controller', 'allow-monitoring', 'default-deny', 'block-cloud-metadata']).toContain(name); }
    expect(() => synthesize(cluster, ({ chart }) => { Workload.select(chart, { labels: {} }); })).toThrow(/would be every pod of its namespace/);
  });
});

test('(3) a domain name in Calico is refused, never dropped from its rule', () => {
  expect(refusal('calico', chart => { workload(chart, 'web').connections.allowTo(Peer.fqdn('api.example.com'), Port.HTTPS); }))
    .toMatch(/api\.example\.com.*(calico|Calico)/);
});

test('(1) a native rule of Calico with a number and no protocol is refused', () => {
  expect(refusal('calico', chart => {
    new CalicoNetworkPolicy(chart, 'native', {
      types: [CalicoPolicyType.INGRESS], ingress: [{ action: CalicoAction.ALLOW, destination: { ports: [CalicoPort.number(8080)] } }],
    });
  })).toMatch(/protocol/);
});

test('(2) the protocols of Calico are those that there are', () => {
  expect(Object.keys(CalicoProtocol)).not.toContain('TLS');
  expect(() => CalicoProtocol.number(443)).toThrow('1 to 255');
});

test('(4) ports of Cilium stand in their list, with text in quotes, and headers in headerMatches', () => {
  const manifests = sound('cilium', ({ chart }) => {
    workload(chart, 'api').connections.allowFrom(workload(chart, 'web'), Port.tcp(8080).http({ method: 'GET', path: '/', headers: { 'X-API-Version': '2' } }));
  });
  expect(policyOf(manifests, 'api').spec.ingress[0].toPorts).toEqual([{
    ports: [{ port: '8080', protocol: 'TCP' }], rules: { http: [{ method: 'GET', path: expect.any(String), headerMatches: [{ name: 'X-API-Version', value: '2' }] }] },
  }]);
});

test('(5) a header is written by its name and its value, never as one text', () => {
  const manifests = sound('cilium', ({ chart }) => {
    workload(chart, 'api').connections.allowFrom(workload(chart, 'web'), Port.tcp(8080).http({ headers: { 'X-API-Version': '2' } }));
  });
  expect(JSON.stringify(manifests)).not.toContain('"headers"');
});

test('(7) a policy that is only looked at is a staged one in Calico, and refused where nothing is staged', () => {
  const [staged] = sound('calico', ({ chart }) => { new DefaultDeny(chart, 'deny', { mode: PolicyMode.AUDIT }); });
  expect([staged.kind, JSON.stringify(staged)]).toEqual(['StagedNetworkPolicy', expect.not.stringContaining('audit-mode')]);
  for (const cluster of ['kubernetes', 'cilium'] as const) {
    expect(refusal(cluster, chart => { new DefaultDeny(chart, 'deny', { mode: PolicyMode.AUDIT }); })).toMatch(/audit/i);
  }
});

test('(8) the address of Alibaba Cloud is closed on Alibaba Cloud, and not on Azure', () => {
  const closed = (cloud: Cloud) => JSON.stringify(sound('cilium', ({ chart }) => { new BlockCloudMetadata(chart, 'metadata'); }, { cloud }));
  expect(closed(Cloud.ALIBABA)).toContain('100.100.100.200');
  expect(closed(Cloud.AZURE)).not.toContain('100.100.100.200');
});

test.each(CLUSTER_NAMES)('(9) closing kube-system is refused on %s, since it would close the DNS of everybody', cluster => {
  expect(refusal(cluster, chart => { new DefaultDeny(chart, 'deny', { namespace: 'kube-system', egress: false }); })).toMatch(/would close the cluster's DNS for everyone/);
});

test.each(CLUSTER_NAMES)('(9) what protects kube-system on %s leaves its DNS open to every namespace', cluster => {
  const manifests = sound(cluster, ({ chart }) => { new ProtectSystemNamespace(chart, 'system'); });
  expect(manifests.some(({ metadata }) => /allow-dns-clients$/.test(metadata.name))).toBe(true);
});

test('(11) a default deny of the cluster leaves its add-ons alone, and refuses to be told otherwise', () => {
  const [policy] = sound('cilium', ({ chart }) => { new ClusterDefaultDeny(chart, 'deny'); });
  for (const namespace of ['kube-system', 'ingress-nginx', 'cert-manager', 'monitoring', 'istio-system', 'gatekeeper-system', 'kyverno']) {
    expect(JSON.stringify(policy.spec.endpointSelector)).toContain(`"${namespace}"`);
  }
  expect(refusal('kubernetes', chart => { new ClusterDefaultDeny(chart, 'deny', { namespaces: ['kube-system'] }); })).toMatch(/kube-system.*which would stop working/);
});

test.each<[string, Dns, RegExp]>([
  ['NodeLocal DNSCache', Dns.nodeLocalCache(), /169\.254\.20\.10/],
  ['OpenShift', Dns.openShift(), /5353.*openshift-dns/],
  ['Cloud DNS of GKE', Dns.gkeCloudDns(), /169\.254\.169\.254/],
])('(15) DNS is where the facts say, not always in kube-system: %s', (_name, dns, place) => {
  expect(JSON.stringify(sound('kubernetes', ({ chart }) => { new AllowDns(chart, 'dns'); }, { dns }))).toMatch(place);
});

test('(17) a rule without peers or without ports is refused, and never means all of them', () => {
  expect(refusal('kubernetes', chart => { new NetworkPolicy(chart, 'p', { egress: [{ peers: [], ports: [Port.DNS] }] }); })).toMatch(/no peers, which never means all/);
  expect(refusal('kubernetes', chart => { new NetworkPolicy(chart, 'p', { egress: [{ peers: [Peer.any()], ports: [] }] }); })).toMatch(/no ports, which never means all/);
});

test('(18) a path is exact, unless a prefix or a pattern is asked for', () => {
  const manifests = sound('cilium', ({ chart }) => {
    workload(chart, 'api').connections.allowFrom(workload(chart, 'web'), Port.tcp(8080).http({ method: 'GET', path: '/api/v1/a.b' }));
  });
  expect(policyOf(manifests, 'api').spec.ingress[0].toPorts[0].rules.http[0].path).toMatch(/a\\\.b/);
});

test('(19) native rules for requests without TCP are refused', () => {
  const state = (protocol?: CiliumProtocol) => (chart: Chart) => {
    new CiliumNetworkPolicy(chart, 'native', { endpointSelector: {}, ingress: [{ toPorts: [{ ports: [{ port: 8080, protocol }], http: [{ method: 'GET' }] }] }] } as never);
  };
  expect(refusal('cilium', state())).toMatch(/TCP/);
});

test('(20) neutral policies of Calico end without a catch-all Deny, and stand beside NetworkPolicies', () => {
  const manifests = shop('calico').filter(({ kind }) => kind === 'NetworkPolicy');
  expect(manifests.length).toBeGreaterThan(4);
  for (const { spec: { tier, order, ingress = [], egress = [] } } of manifests) {
    if (tier === 'netpol-deny') { continue; }
    expect(order ?? 1000).toBeGreaterThanOrEqual(1000);
    expect([...ingress, ...egress].filter(({ action }: Manifest) => action === 'Deny')).toEqual([]);
  }
});

test('(23) the label of namespaces is refused on pods', () => {
  const explained = /is on namespaces, never on pods.*Namespaces\.named/;
  expect(() => Peer.pods({ labels: { 'kubernetes.io/metadata.name': 'shop' } })).toThrow(explained);
  expect(() => Peer.pods({ expressions: [LabelExpression.exists('kubernetes.io/metadata.name')] })).toThrow(explained);
  expect(refusal('kubernetes', chart => { Workload.select(chart, { labels: { 'kubernetes.io/metadata.name': 'shop' } }); })).toMatch(explained);
});

test('(24) service accounts of Calico are an object of names, with a protocol and ports', () => {
  const manifests = sound('calico', ({ chart }) => { workload(chart, 'api').connections.allowFrom(Peer.serviceAccount('payment-processor'), Port.tcp(8443)); });
  expect(manifests[0].spec.ingress).toEqual([{
    action: 'Allow', protocol: 'TCP', source: expect.objectContaining({ serviceAccounts: { names: ['payment-processor'] } }), destination: { ports: [8443] },
  }]);
});

test('(25) a name outside is a connection, and the questions that it needs', () => {
  const [policy] = sound('cilium', ({ chart }) => { workload(chart, 'api').connections.allowTo(Peer.fqdn('api.example.com'), Port.HTTPS); });
  const text = JSON.stringify(policy.spec.egress);
  expect(text).toContain('"toFQDNs":[{"matchName":"api.example.com"}]');
  expect(text).toContain('"rules":{"dns"');
});

test('(26) an identity of SPIFFE is of the kind that there is', () => {
  const manifests = synthesize('kubernetes', ({ chart }) => { new ClusterSpiffeId(chart, 'id', { workload: workload(chart, 'api') }); });
  expect(manifests.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toContain('spire.spiffe.io/v1alpha1 ClusterSPIFFEID');
});

test('(27) a label whose value no label can have is refused', () => {
  expect(() => Peer.pods({ labels: { 'spiffe-id': 'spiffe://cluster.local/ns/shop/sa/api-gateway' } })).toThrow(/spiffe:\/\//);
});

test('(35) the port that monitoring may scrape is that of the target, or the synth fails', () => {
  const [policy] = sound('kubernetes', ({ chart }) => { new AllowMonitoring(chart, 'scrape', { port: Port.tcp(9102) }); });
  expect(policy.spec.ingress[0].ports).toEqual([{ port: 9102, protocol: 'TCP' }]);
  expect(refusal('kubernetes', chart => { new AllowMonitoring(chart, 'scrape', { subject: workload(chart, 'api') }); })).toMatch(/on which port monitoring scrapes/);
});

test('(36) closing the metadata service writes no exception of everything beside a default deny', () => {
  const manifests = sound('kubernetes', ({ chart }) => { new DefaultDeny(chart, 'deny'); new BlockCloudMetadata(chart, 'metadata'); });
  expect(JSON.stringify(manifests)).not.toContain('0.0.0.0/0');
});

test('(36) on Cilium it is denied by a rule of its own, which isolates nobody', () => {
  const [policy] = sound('cilium', ({ chart }) => { new BlockCloudMetadata(chart, 'metadata'); });
  expect(policy.spec).toEqual(expect.objectContaining({ egressDeny: expect.anything(), enableDefaultDeny: { egress: false } }));
});

test('(36) the DNS of GKE keeps its port on the address of the metadata service', () => {
  const state = (dns: Dns) => JSON.stringify(sound('kubernetes', ({ chart }) => { new DefaultDeny(chart, 'deny'); new BlockCloudMetadata(chart, 'metadata'); }, { dns, cloud: Cloud.GCP }));
  expect(state(Dns.gkeCloudDns())).toMatch(/"port":53.*169\.254\.169\.254\/32/);
  expect(state(Dns.coreDns())).not.toContain('169.254.169.254');
});

test('(40) pods on the host network are no subject of a policy', () => {
  expect(refusal('kubernetes', chart => {
    const agent = new ApiObject(chart, 'agent', {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent' },
      spec: { selector: { matchLabels: { app: 'agent' } }, template: { metadata: { labels: { app: 'agent' } }, spec: { hostNetwork: true, containers: [{ name: 'main', image: 'image' }] } } },
    });
    Workload.of(agent).connections.allowFrom(Peer.any(), Port.HTTP);
  })).toMatch(/runs on the host network/);
});

test('(41) health checks of the kubelet need no policy, and get none', () => {
  const manifests = sound('kubernetes', ({ chart }) => {
    const checks = new AllowHealthChecks(chart, 'probes', { port: Port.tcp(8080) });
    expect([checks.isNeeded, checks.reason]).toEqual([false, expect.stringContaining('own node')]);
  });
  expect(manifests).toEqual([]);
});

test('(45) a namespace has the labels of Pod Security admission', () => {
  const [namespace] = synthesize('kubernetes', ({ chart }) => { new ZeroTrustNamespace(chart, 'namespace', { name: 'shop' }); }).filter(({ kind }) => kind === 'Namespace');
  expect(namespace.metadata.labels).toEqual(expect.objectContaining({ 'pod-security.kubernetes.io/enforce': 'baseline' }));
  expect(JSON.stringify(policiesOf([namespace]))).not.toContain('PodSecurityPolicy');
});

test('(47) a policy whose namespace is not known is refused', () => {
  expect(() => synthesize('kubernetes', ({ app }) => {
    Cluster.of(app);
    new DefaultDeny(new Chart(app, 'nowhere'), 'deny');
  })).toThrow(/namespace is not known/);
});

test('the controller is a fact, not a label that somebody may have put on a namespace', () => {
  const [policy] = sound('kubernetes', ({ chart }) => { new AllowIngressController(chart, 'ingress', { port: Port.HTTP }); }, { cni: Cni.kubernetes() });
  expect(JSON.stringify(policy.spec.ingress)).toContain('"kubernetes.io/metadata.name":"ingress-nginx"');
});
