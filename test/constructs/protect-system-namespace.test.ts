import { ApiObject, Chart } from 'cdk8s';
import { Cni, Dialect, Distribution, Dns, IngressController, Peer, Port, ProtectSystemNamespace, ProtectSystemNamespaceProps, Risk } from '../../src';
import { End, Pod } from '../oracle';
import { apiServerOnNode, apiServerOutside, db, dns, flow, localNode, outside, remoteNode, web, world as fixtures } from '../oracle/fixtures';
import { CLUSTER_NAMES, flowsIn, Manifest, Program, sound, synthesize } from '../support/apps';

const system = (name: string, ip: number, labels: Record<string, string>, ports: Pod['ports'] = []): Pod =>
  ({ namespace: 'kube-system', name, labels, ips: [`10.0.2.${ip}`], ports });
const metricsServer = system('metrics-server', 2, { 'k8s-app': 'metrics-server' }, [{ name: 'https', port: 10250, protocol: 'TCP' }]);
const adapter = system('adapter', 3, { app: 'adapter' }, [{ name: 'https', port: 6443, protocol: 'TCP' }]);
const dashboard = system('dashboard', 4, { app: 'dashboard' });
const agent = system('konnectivity', 5, { 'k8s-app': 'konnectivity-agent' });
const prometheus: Pod = { namespace: 'monitoring', name: 'prometheus', labels: { 'app.kubernetes.io/name': 'prometheus' }, ips: ['10.0.3.2'] };
const world = {
  ...fixtures,
  namespaces: { ...fixtures.namespaces, monitoring: {} },
  pods: [...fixtures.pods, metricsServer, adapter, dashboard, agent, prometheus],
};
const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs, apiServerCidrs: ['192.168.0.3/32', '203.0.113.99/32'], strict: true };
const expectFlows = flowsIn(world);
const from = (source: Pod | End, target: Pod, port: number, protocol: 'TCP' | 'UDP' = 'TCP') => flow(source, target, protocol, port);

const protect = (props: ProtectSystemNamespaceProps = {}): Program => ({ app }) => { new ProtectSystemNamespace(new Chart(app, 'platform'), 'system', props); };

const DNS_OPEN = {
  'DNS of a pod over UDP': from(web, dns, 53, 'UDP'),
  'DNS of a pod over TCP': from(db, dns, 53),
  'DNS of the namespace itself': from(dashboard, dns, 53, 'UDP'),
  'DNS of another node': from(remoteNode, dns, 53, 'UDP'),
  'its metrics': from(prometheus, dns, 9153),
};
const API_OPEN = { 'the API server on a node': from(apiServerOnNode, metricsServer, 10250), 'the API server outside': from(apiServerOutside, metricsServer, 10250) };
const AS_EVER = { 'the own node': from(localNode, dashboard, 8080), 'out': flow(dashboard, outside), 'other namespaces': flow(db, web) };
const CLOSED = {
  'a pod to what is not stated': from(web, dashboard, 8080),
  'within the namespace': from(dashboard, adapter, 6443),
  'the API server to what it does not call': from(apiServerOutside, dashboard, 8080),
  'a pod to metrics-server': from(web, metricsServer, 10250),
  'the API server to another port': from(apiServerOutside, metricsServer, 8080),
  'a pod to the metrics of DNS': from(web, dns, 9153),
  'outside to DNS': from(outside, dns, 53, 'UDP'),
};

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('it is closed, save what a cluster stops without', () => {
    const manifests = sound(cluster, protect({ because: 'audit', owner: 'platform' }), FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { ...DNS_OPEN, ...API_OPEN, ...AS_EVER }, CLOSED);
  });

  test('what else the API server calls is stated', () => {
    const manifests = sound(cluster, protect({ backends: [{ service: 'adapter', labels: { app: 'adapter' }, port: Port.tcp(6443), because: 'autoscaling' }], metricsServer: false }), FACTS);
    expectFlows(cluster, manifests, { ...DNS_OPEN, ...AS_EVER, 'the API server': from(apiServerOutside, adapter, 6443) }, { ...CLOSED, ...API_OPEN, 'a pod': from(web, adapter, 6443) });
  });

  test('DNS in another namespace is none of it', () => {
    const manifests = sound(cluster, protect(), { ...FACTS, dns: Dns.pods({ namespace: 'dns' }) });
    const { 'DNS of a pod over UDP': open, ...others } = DNS_OPEN;
    expectFlows(cluster, manifests, { ...API_OPEN, ...AS_EVER }, { open, ...others, ...CLOSED });
  });

  test('another namespace has no metrics-server unless that is stated', () => {
    const manifests = sound(cluster, protect({ namespace: 'data' }), FACTS);
    expect(manifests.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual(['data/default-deny']);
    expectFlows(cluster, manifests, { 'kube-system': from(web, dashboard, 8080) }, { 'the namespace': from(web, db, 5432) });
  });

  test('egress is closed on request, save DNS', () => {
    const manifests = sound(cluster, protect({ egress: true }), FACTS);
    expectFlows(cluster, manifests, { ...DNS_OPEN, ...API_OPEN, 'the own node': AS_EVER['the own node'] }, { ...CLOSED, out: AS_EVER.out });
  });

  test('objects are in apply order, with the default deny last', () => {
    const names = sound(cluster, protect(), FACTS).map(({ metadata }) => metadata.name);
    expect(names[names.length - 1]).toBe('default-deny');
  });
});

describe.each(['kubernetes', 'calico'] as const)('on %s without addresses', cluster => {
  const unknown = { nodeCidrs: [], apiServerCidrs: [] };

  test('the API server and nodes cannot be selected: their ports are open to anything, and that is recorded', () => {
    const manifests = sound(cluster, protect(), { ...FACTS, ...unknown, strict: false });
    expectFlows(cluster, manifests, { ...DNS_OPEN, ...API_OPEN, 'a pod': from(web, metricsServer, 10250), 'outside': from(outside, dns, 53, 'UDP') }, {
      'another pod': from(web, dashboard, 8080), 'metrics of DNS': from(web, dns, 9153), 'another port': from(apiServerOutside, metricsServer, 8080),
    });
    const recorded = Object.fromEntries(manifests.map(({ metadata }) => [metadata.name, metadata.annotations?.['cdk8s-netpol/wider-than-stated']]));
    expect(recorded).toEqual({
      'allow-dns-clients': 'platform/system/allow-dns-clients: nodes cannot be selected without the fact nodeCidrs, so that anything may connect on UDP 53, TCP 53',
      'allow-dns-clients-metrics': undefined,
      'allow-api-server-to-metrics-server': 'platform/system/allow-api-server-to-metrics-server: the API server cannot be selected without the fact apiServerCidrs or nodeCidrs, so that anything may connect on TCP https',
      'default-deny': undefined,
    });
  });

  test('with strict that is an error', () => {
    expect(() => synthesize(cluster, protect(), { ...FACTS, ...unknown })).toThrow('nodes cannot be selected without the fact nodeCidrs');
  });
});

test('Cilium with plain NetworkPolicies never matches nodes by address, so that they are open by port too', () => {
  const facts = { ...FACTS, cni: Cni.cilium('1.18'), dialect: Dialect.KUBERNETES };
  expect(() => synthesize('kubernetes', protect(), facts)).toThrow(
    'the API server cannot be selected in the kubernetes dialect, since cilium never matches it by address; use another dialect');
});

describe('where names of ports are not enforced', () => {
  const facts = { ...FACTS, cni: Cni.awsVpc(), acceptedRisks: [{ risk: Risk.POD_START, because: 'a test' }] };
  const portsOf = (program: Program) => sound('kubernetes', program, { ...facts, strict: false }).find(({ metadata }) => metadata.name === 'allow-api-server-to-metrics-server').spec.ingress[0].ports;
  const listening = (port: number): Program => context => {
    new ApiObject(context.chart, 'metrics-server', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'metrics-server', namespace: 'kube-system' },
      spec: {
        selector: { matchLabels: metricsServer.labels },
        template: { metadata: { labels: metricsServer.labels }, spec: { containers: [{ name: 'main', image: 'image', ports: [{ name: 'https', containerPort: port }] }] } },
      },
    });
    protect()(context);
  };

  test('metrics-server has its number: that of its own manifests, of the app, or as stated', () => {
    expect(portsOf(protect())).toEqual([{ port: 10250, protocol: 'TCP' }]);
    expect(portsOf(listening(4443))).toEqual([{ port: 4443, protocol: 'TCP' }]);
    expect(portsOf(protect({ metricsServerPort: Port.tcp(8443) }))).toEqual([{ port: 8443, protocol: 'TCP' }]);
  });

  test('elsewhere it has its name, or what is stated', () => {
    const manifests = sound('cilium', protect({ metricsServerPort: Port.tcp(10250) }), FACTS);
    expectFlows('cilium', manifests, API_OPEN, { 'another port': from(apiServerOutside, metricsServer, 8080) });
  });

  test('a Service with a name that nothing in the app has is an error', () => {
    expect(() => synthesize('kubernetes', ({ app }) => {
      const chart = new Chart(app, 'platform');
      new ApiObject(chart, 'api', { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: 'v1.custom' }, spec: { service: { name: 'adapter', namespace: 'kube-system' } } } as never);
      new ApiObject(chart, 'service', {
        apiVersion: 'v1', kind: 'Service', metadata: { name: 'adapter', namespace: 'kube-system' }, spec: { selector: { app: 'adapter' }, ports: [{ port: 443, targetPort: 'https' }] },
      } as never);
      new ProtectSystemNamespace(chart, 'system');
    }, facts)).toThrow('platform/system: Service adapter names the port "https", aws-vpc does not enforce names of ports, and the app does not say which number it has; '
      + 'state backends: [{ service: \'adapter\', labels: {"app":"adapter"}, port: Port.tcp(...) }]');
  });
});

test('the cache of DNS on each node has its metrics on a port of its own', () => {
  const cache = system('node-local-dns', 6, { 'k8s-app': 'node-local-dns' });
  const metrics = flowsIn({ ...world, pods: [...world.pods, cache] });
  const manifests = sound('cilium', protect(), { ...FACTS, dns: Dns.nodeLocalCache() });
  metrics('cilium', manifests, { cache: from(prometheus, cache, 9253), CoreDNS: from(prometheus, dns, 9153), DNS: from(web, cache, 53, 'UDP') }, {
    'another port of the cache': from(prometheus, cache, 9153), 'another port of CoreDNS': from(prometheus, dns, 9253),
  });
});

describe('where the API server is', () => {
  const other = from(remoteNode, metricsServer, 10250);

  test.each(['kubernetes', 'calico'] as const)('on %s it is its addresses, or where only those of nodes are stated any node', cluster => {
    expectFlows(cluster, sound(cluster, protect(), FACTS), API_OPEN, { 'another node': other });
    const { 'the API server on a node': own, 'the API server outside': outsideOnly } = API_OPEN;
    expectFlows(cluster, sound(cluster, protect(), { ...FACTS, apiServerCidrs: [] }), { own, 'another node': other }, { outsideOnly });
  });

  test('on cilium it may be known as a node, unless no node of the cluster has it', () => {
    expectFlows('cilium', sound('cilium', protect(), FACTS), { ...API_OPEN, 'another node': other }, {});
    expectFlows('cilium', sound('cilium', protect(), { ...FACTS, distribution: Distribution.EKS }), API_OPEN, { 'another node': other });
  });

  test('of a managed cluster the addresses of nodes say nothing', () => {
    expect(() => synthesize('kubernetes', protect(), { ...FACTS, apiServerCidrs: [], distribution: Distribution.EKS })).toThrow(
      'the API server cannot be selected without the fact apiServerCidrs, so that anything may connect on TCP https');
  });
});

describe('where the API server connects through agents', () => {
  test.each(CLUSTER_NAMES)('on %s these pods are let in', cluster => {
    const manifests = sound(cluster, protect(), { ...FACTS, distribution: Distribution.GKE });
    expectFlows(cluster, manifests, { agent: from(agent, metricsServer, 10250), ...API_OPEN }, { 'another pod': from(dashboard, metricsServer, 10250) });
  });
});

describe('what the app declares', () => {
  const object = (chart: Chart, id: string, apiVersion: string, kind: string, other: object, metadata: object = {}) =>
    new ApiObject(chart, id, { apiVersion, kind, metadata: { name: id, ...metadata }, ...other } as never);
  const apiService = (chart: Chart, service: object | undefined = { name: 'adapter', namespace: 'kube-system' }) =>
    object(chart, 'v1beta1.custom', 'apiregistration.k8s.io/v1', 'APIService', { spec: { service } });
  const service = (chart: Chart, spec: object = { selector: { app: 'adapter' }, ports: [{ port: 443, targetPort: 6443 }] }) =>
    object(chart, 'adapter', 'v1', 'Service', { spec }, { namespace: 'kube-system' });
  const policies = (program: (chart: Chart) => void, facts = {}): Manifest[] =>
    synthesize('cilium', ({ app }) => program(new Chart(app, 'platform')), { ...FACTS, ...facts }).filter(({ kind }) => kind === 'CiliumNetworkPolicy');

  test('the pods behind an APIService are open to the API server, on their own port', () => {
    const manifests = policies(chart => { apiService(chart); service(chart); new ProtectSystemNamespace(chart, 'system'); });
    expectFlows('cilium', manifests, { ...API_OPEN, 'the API server': from(apiServerOutside, adapter, 6443) }, {
      'a pod': from(web, adapter, 6443), 'the Service\'s port': from(apiServerOutside, adapter, 443),
    });
  });

  test.each<[string, string, object]>([
    ['ValidatingWebhookConfiguration', 'admissionregistration.k8s.io/v1', { webhooks: [{ clientConfig: { url: 'https://example.com' } }, { clientConfig: { service: { name: 'adapter', namespace: 'kube-system' } } }] }],
    ['MutatingWebhookConfiguration', 'admissionregistration.k8s.io/v1', { webhooks: [{ clientConfig: { service: { name: 'adapter', namespace: 'kube-system', port: 443 } } }] }],
    ['CustomResourceDefinition', 'apiextensions.k8s.io/v1', { spec: { conversion: { webhook: { clientConfig: { service: { name: 'adapter', namespace: 'kube-system' } } } } } }],
  ])('and those behind a %s', (kind, apiVersion, content) => {
    const manifests = policies(chart => { object(chart, 'hook', apiVersion, kind, content); service(chart); new ProtectSystemNamespace(chart, 'system'); });
    expectFlows('cilium', manifests, { 'the API server': from(apiServerOutside, adapter, 6443) }, { 'a pod': from(web, adapter, 6443) });
  });

  test('two ports of one Service are one policy', () => {
    const webhooks = [443, 9443].map(port => ({ clientConfig: { service: { name: 'adapter', namespace: 'kube-system', port } } }));
    const manifests = policies(chart => {
      object(chart, 'hook', 'admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', { webhooks });
      service(chart, { selector: { app: 'adapter' }, ports: [{ port: 443, targetPort: 6443 }, { port: 9443, targetPort: 'https' }] });
      new ProtectSystemNamespace(chart, 'system');
    });
    expect(manifests.filter(({ metadata }) => metadata.name === 'allow-api-server-to-adapter')).toHaveLength(1);
    expectFlows('cilium', manifests, { 'by number, and by name': from(apiServerOutside, adapter, 6443) }, { 'a pod': from(web, adapter, 6443) });
  });

  test('a metrics-server that is found is not stated twice', () => {
    const names = policies(chart => {
      apiService(chart, { name: 'metrics-server', namespace: 'kube-system' });
      object(chart, 'metrics-server', 'v1', 'Service', { spec: { selector: { 'app.kubernetes.io/name': 'metrics-server' }, ports: [{ port: 443, targetPort: 'https' }] } }, { namespace: 'kube-system' });
      new ProtectSystemNamespace(chart, 'system');
    }).map(({ metadata }) => metadata.name);
    expect(names.filter(name => name.includes('metrics-server'))).toEqual(['allow-api-server-to-metrics-server']);
  });

  test.each<[string, object | undefined]>([
    ['no such Service', undefined], ['no such port', { selector: { app: 'adapter' }, ports: [{ port: 80 }] }], ['a Service without pods', { ports: [{ port: 443 }] }],
  ])('%s in the app is an error, unless it is stated', (_, spec) => {
    const program = (props: ProtectSystemNamespaceProps) => (chart: Chart) => {
      apiService(chart);
      if (spec) { service(chart, spec); }
      new ProtectSystemNamespace(chart, 'system', props);
    };
    expect(() => policies(program({}))).toThrow(
      'platform/system: the API server calls Service adapter of kube-system on port 443 for APIService v1beta1.custom (platform/v1beta1.custom), and the app does not say which pods are behind it; state backends:');
    expect(policies(program({ backends: [{ service: 'adapter', labels: { app: 'adapter' }, port: Port.tcp(6443) }] }))).toHaveLength(5);
  });

  test('what is served by the API server itself, and what is elsewhere, is not meant', () => {
    expect(policies(chart => {
      object(chart, 'v1.local', 'apiregistration.k8s.io/v1', 'APIService', { spec: {} });
      apiService(chart, { name: 'adapter', namespace: 'data' });
      new ProtectSystemNamespace(chart, 'system');
    })).toHaveLength(4);
  });

  test('what is declared after it fails the synth, and says what to do', () => {
    expect(() => policies(chart => { new ProtectSystemNamespace(chart, 'system'); apiService(chart); service(chart); })).toThrow(
      'policy kube-system/default-deny (platform/system/deny) isolates ingress of the pods behind Service kube-system/adapter, which the API server calls for APIService v1beta1.custom (platform/v1beta1.custom), and no rule lets it reach them on 6443');
  });
});

describe('an ingress controller that the facts place there', () => {
  const traefik = system('traefik', 7, { 'app.kubernetes.io/name': 'traefik' });
  const balancer = system('svclb-traefik', 8, { 'app': 'svclb-traefik-1', 'svccontroller.k3s.cattle.io/svcname': 'traefik' });
  const flows = flowsIn({ ...world, pods: [...world.pods, traefik, balancer] });
  const facts = { ...FACTS, distribution: Distribution.K3S, ingressController: IngressController.traefik('kube-system') };
  const ingressPort = Port.oneOf(Port.tcp(8000), Port.tcp(8443));

  test.each(CLUSTER_NAMES)('on %s it takes requests from anyone on its ports, and the load balancer of K3s brings them', cluster => {
    const manifests = sound(cluster, protect({ ingressPort }), facts);
    flows(cluster, manifests, {
      ...DNS_OPEN, ...API_OPEN, 'requests': from(outside, traefik, 8000), 'of pods': from(web, traefik, 8443), 'through the load balancer': from(outside, balancer, 80),
    }, { ...CLOSED, 'its dashboard': from(outside, traefik, 9000), 'others': from(outside, dashboard, 8000) });
  });

  test.each(CLUSTER_NAMES)('on %s it takes them of those only who are stated', cluster => {
    const manifests = sound(cluster, protect({ ingressPort, ingressPeers: [Peer.cidr('203.0.113.0/24')] }), facts);
    flows(cluster, manifests, { 'a client': from(outside, traefik, 8000), 'its load balancer': from(outside, balancer, 80) }, {
      'a pod': from(web, traefik, 8000), 'a pod to the load balancer': from(web, balancer, 80),
    });
  });

  test('without its ports it is an error that says what to state', () => {
    expect(() => synthesize('cilium', protect(), facts)).toThrow('platform/system: the ingress controller traefik is in kube-system, and would be closed; '
      + 'state the ports of its pods, such as ingressPort: Port.oneOf(Port.tcp(8000), Port.tcp(8443)), or correct the fact ingressController');
  });

  test('one of OpenShift may be any pod of its namespace', () => {
    const router = { ...FACTS, ingressController: IngressController.openShiftRouter() };
    const manifests = sound('kubernetes', protect({ namespace: 'openshift-ingress', ingressPort: Port.HTTPS }), router);
    expect(manifests.find(({ metadata }) => metadata.name === 'allow-ingress-controller-clients').spec).toEqual({
      podSelector: {}, ingress: [{ ports: [{ port: 443, protocol: 'TCP' }] }], policyTypes: ['Ingress'],
    });
  });

  test('ports or clients of one that is elsewhere are an error', () => {
    expect(() => synthesize('cilium', protect({ ingressPort }), FACTS)).toThrow(
      'platform/system: ingressPort is stated, but the ingress controller ingress-nginx is not in kube-system; leave it out, or state the fact ingressController');
    expect(() => synthesize('cilium', protect({ ingressPeers: [Peer.internet()] }), FACTS)).toThrow('platform/system: ingressPeers is stated, but');
  });
});

describe('mistakes', () => {
  test.each<[string, ProtectSystemNamespaceProps, string]>([
    ['a namespace that is none', { namespace: 'Kube' }, 'platform/system: namespace "Kube" is invalid'],
    ['a backend that is stated twice', { backends: [1, 2].map(port => ({ service: 'a', labels: { app: 'a' }, port: Port.tcp(port) })) }, 'platform/system: the backend a is stated twice'],
    ['a backend without labels', { backends: [{ service: 'x', labels: {}, port: Port.tcp(1) }] }, 'platform/system: the backend x has no labels, which would open every pod of kube-system; state the labels of its pods'],
    ['metrics-server beside a backend of its name', { metricsServer: true, backends: [{ service: 'metrics-server', labels: { app: 'm' }, port: Port.tcp(1) }] }, 'platform/system: metricsServer is stated beside a backend of that name; leave it out'],
  ])('%s: is an error', (_, props, message) => {
    expect(() => synthesize('cilium', protect(props), FACTS)).toThrow(message);
  });
});
