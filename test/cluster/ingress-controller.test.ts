import { AllowIngressController, ClusterFacts, Cni, IngressController, Port } from '../../src';
import { End, Pod, World } from '../oracle';
import { allowed, ClusterName, CLUSTER_NAMES, Program, sound, synthesize } from '../support/apps';

const pod = (namespace: string, labels: Record<string, string>, ip: string): Pod => ({ namespace, name: `pod-${ip}`, labels, ips: [`10.244.0.${ip}`] });
const web = { ...pod('shop', { app: 'web' }, '1'), node: 'n1' };
const ingress = 'policy-group.network.openshift.io/ingress';
const hostNetwork = 'policy-group.network.openshift.io/host-network';
const ENVOY = { 'app.kubernetes.io/name': 'envoy', 'app.kubernetes.io/component': 'proxy', 'app.kubernetes.io/managed-by': 'envoy-gateway' };

/** Whoever may bring requests, by its name in `parse`, beside a neighbour of the same namespace that may not. */
const nginx = pod('ingress-nginx', { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' }, '2');
const PODS: [string, Pod][] = [
  ['ingress-nginx', nginx],
  ['ingress-nginx@kube-system', { ...nginx, name: 'bundled', namespace: 'kube-system', ips: ['10.244.0.20'] }],
  ['nginx-ingress', pod('nginx-ingress', { 'app.kubernetes.io/name': 'nginx-ingress', 'app': 'nginx-ingress' }, '3')],
  ['nginx-gateway-fabric@gateways', pod('gateways', { 'gateway.networking.k8s.io/gateway-name': 'shop' }, '4')],
  ['traefik', pod('traefik', { 'app.kubernetes.io/name': 'traefik' }, '5')],
  ['traefik@kube-system', pod('kube-system', { 'app.kubernetes.io/name': 'traefik' }, '6')],
  ['istio', pod('istio-ingress', { app: 'istio-ingressgateway', istio: 'ingressgateway' }, '7')],
  ['istio@istio-system', pod('istio-system', { app: 'istio-ingressgateway', istio: 'ingressgateway' }, '8')],
  ['istio@mesh-edge', pod('mesh-edge', { app: 'istio-ingress', istio: 'ingress' }, '18')],
  ['contour', pod('projectcontour', { app: 'envoy' }, '9')],
  ['envoy-gateway', pod('envoy-gateway-system', { ...ENVOY, 'gateway.envoyproxy.io/owning-gateway-name': 'shop' }, '10')],
  ['kong', pod('kong', { 'app.kubernetes.io/name': 'gateway', 'app.kubernetes.io/component': 'app' }, '11')],
  ['haproxytech@edge', pod('edge', { 'app.kubernetes.io/name': 'kubernetes-ingress' }, '12')],
  ['haproxy-ingress@edge', pod('edge', { 'app.kubernetes.io/name': 'haproxy-ingress' }, '13')],
  ['openshift', pod('openshift-ingress', { 'ingresscontroller.operator.openshift.io/deployment-ingresscontroller': 'default' }, '14')],
];
const neighbour = pod('ingress-nginx', { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'admission-webhook' }, '15');
const impostor = pod('shop', nginx.labels, '16');
const nodes = pod('openshift-host-network', {}, '17');

const ENDS: Readonly<Record<string, End>> = {
  ...Object.fromEntries(PODS.map(([name, each]): [string, End] => [name, { pod: each }])),
  'neighbour': { pod: neighbour },
  'impostor': { pod: impostor },
  'nodes, as OVN-Kubernetes has them': { pod: nodes },
  'another node': { node: 'remote', address: '172.18.0.2' },
  'a balancer in a subnet': { address: '10.9.1.7' },
  'a Google Front End': { address: '35.191.3.4' },
  'another Google Front End': { address: '130.211.1.1' },
  'a Google Front End over IPv6': { address: '2600:2d00:1:b029::5' },
  'a proxy-only subnet': { address: '10.129.0.9' },
  'a client': { address: '203.0.113.7' },
};
const everyPod = [web, ...Object.values(ENDS).flatMap(end => ('pod' in end ? [end.pod] : []))];
const world: World = {
  namespaces: {
    ...Object.fromEntries(everyPod.map(({ namespace }) => [namespace, {}])),
    'openshift-ingress': { [ingress]: '' },
    'openshift-host-network': { [hostNetwork]: '' },
  },
  pods: everyPod,
  podCidrs: ['10.244.0.0/16'],
  nodeCidrs: ['172.18.0.0/16'],
};

const program: Program = ({ chart }) => { new AllowIngressController(chart, 'ingress', { port: Port.tcp(8080) }); };

function reach(cluster: ClusterName, facts: ClusterFacts, port = 8080): string[] {
  const policies = sound(cluster, program, facts);
  return Object.keys(ENDS).filter(name => allowed(cluster, policies, world, { source: ENDS[name], destination: { pod: { ...web, ips: [...web.ips!, 'fd00:244::1'] } }, protocol: 'TCP', port }));
}

describe.each(CLUSTER_NAMES)('in %s', cluster => {
  test('the ingress controller is ingress-nginx, unless something else is stated', () => {
    expect(reach(cluster, {})).toEqual(['ingress-nginx']);
  });

  test.each(PODS.map(([name]) => name))('%s brings requests, and nobody else', name => {
    const facts = { ingressController: IngressController.parse(name) };
    expect(reach(cluster, facts)).toEqual([name]);
    expect(reach(cluster, facts, 9090)).toEqual([]);
  });

  test.each<[string, IngressController, string[]]>([
    ['one Gateway of NGINX Gateway Fabric', IngressController.nginxGatewayFabric('gateways', 'shop'), ['nginx-gateway-fabric@gateways']],
    ['one Gateway of Istio', IngressController.istioGatewayApi('gateways', 'shop'), ['nginx-gateway-fabric@gateways']],
    ['a gateway of Istio by the name of its release', IngressController.istioGateway('mesh-edge', 'istio-ingress'), ['istio@mesh-edge']],
    ['another release of it', IngressController.istioGateway('mesh-edge', 'istio-eastwest'), []],
    ['another Gateway of it', IngressController.nginxGatewayFabric('gateways', 'other'), []],
    ['pods of your own', IngressController.pods({ namespace: 'edge', labels: { 'app.kubernetes.io/name': 'haproxy-ingress' } }), ['haproxy-ingress@edge']],
    ['pods of a namespace of their own', IngressController.pods({ namespace: 'kong' }), ['kong']],
    ['several at once', IngressController.parse('traefik+contour + kong@kong'), ['traefik', 'contour', 'kong']],
    ['controllers on the network of nodes', IngressController.hostNetwork(), ['another node']],
    ['the router of OpenShift on the network of nodes, by address', IngressController.openShiftRouter({ hostNetwork: true }), ['another node']],
    ['load balancers of AWS', IngressController.awsLoadBalancer({ sourceCidrs: ['10.9.1.0/24', '10.9.2.0/24'] }), ['a balancer in a subnet']],
    ['load balancers by their ranges', IngressController.cidrs(['10.9.0.0/16']), ['a balancer in a subnet']],
    ['Google Front Ends', IngressController.gkeNeg(), ['a Google Front End', 'another Google Front End', 'a Google Front End over IPv6']],
    ['proxies of Google Cloud', IngressController.gkeNeg({ proxyOnlySubnets: ['10.129.0.0/23'] }),
      ['a Google Front End', 'another Google Front End', 'a Google Front End over IPv6', 'a proxy-only subnet']],
    ['a controller and load balancers', IngressController.several(IngressController.traefik(), IngressController.cidrs(['10.9.1.0/24'])), ['traefik', 'a balancer in a subnet']],
  ])('%s', (_, ingressController, names) => {
    expect(reach(cluster, { ingressController })).toEqual(names);
  });

  test.each<[string, IngressController]>([
    ['the network of nodes', IngressController.hostNetwork()],
    ['Google Front Ends', IngressController.gkeNeg()],
    ['load balancers of AWS', IngressController.awsLoadBalancer({ sourceCidrs: ['10.9.1.0/24'] })],
    ['the router of OpenShift', IngressController.openShiftRouter()],
  ])('the manifest for %s', (_, ingressController) => {
    expect(sound(cluster, program, { ingressController }).map(({ spec }) => spec)).toMatchSnapshot();
  });

  test('Cilium\'s own ingress is an entity in Cilium, and refused elsewhere', () => {
    const facts = { ingressController: IngressController.ciliumIngress() };
    if (cluster === 'cilium') {
      expect(sound(cluster, program, facts)[0].spec.ingress).toEqual([
        { fromEntities: ['ingress'], toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }] }] },
      ]);
    } else {
      expect(() => synthesize(cluster, program, facts)).toThrow(/policy shop\/.*the ingress controller cilium is part of Cilium itself/);
    }
  });

  test('nodes need no addresses in Cilium, and are refused without elsewhere', () => {
    const facts = { ingressController: IngressController.hostNetwork(), nodeCidrs: [] };
    if (cluster === 'cilium') {
      expect(reach(cluster, facts)).toEqual(['another node']);
    } else {
      expect(() => synthesize(cluster, program, facts)).toThrow(
        `ingress from ingress controller on TCP 8080: the ingress controller host-network needs the fact nodeCidrs in the ${cluster} dialect, which knows nodes only by address`);
    }
  });
});

test('OVN-Kubernetes knows the router on the network of nodes by the label of a namespace, with a selector of pods beside it', () => {
  const facts: ClusterFacts = { cni: Cni.ovnKubernetes(), ingressController: IngressController.openShiftRouter({ hostNetwork: true }) };
  expect(sound('kubernetes', program, facts)[0].spec.ingress[0].from).toEqual([{ namespaceSelector: { matchLabels: { [hostNetwork]: '' } }, podSelector: {} }]);
  expect(reach('kubernetes', facts)).toEqual(['nodes, as OVN-Kubernetes has them']);
});

test('plain NetworkPolicies on Cilium cannot name nodes, and say so', () => {
  const facts: ClusterFacts = { cni: Cni.cilium('1.18'), ingressController: IngressController.hostNetwork() };
  expect(() => synthesize('kubernetes', program, { ...facts, dialect: 'kubernetes' as never })).toThrow(/matches address ranges only outside the cluster/);
});

test.each(CLUSTER_NAMES)('load balancers that share a subnet with the nodes are meant by address on %s, where Cilium leaves out the nodes', cluster => {
  const facts: ClusterFacts = { ingressController: IngressController.awsLoadBalancer({ sourceCidrs: ['172.18.7.0/24'] }) };
  const policies = sound(cluster, program, facts);
  const passes = (source: End, nodeCidrs: string[]) => allowed(cluster, policies, { ...world, nodeCidrs }, { source, destination: { pod: web }, protocol: 'TCP', port: 8080 });
  expect(passes({ address: '172.18.7.1' }, ['172.18.0.0/24'])).toBe(true);
  expect(passes({ address: '172.18.8.1' }, ['172.18.0.0/24'])).toBe(false);
  expect(passes({ node: 'remote', address: '172.18.7.1' }, ['172.18.0.0/16'])).toBe(cluster !== 'cilium');
});

test.each([...PODS.map(([name]) => name), 'cilium', 'host-network', 'openshift-host-network', 'gke-neg', 'traefik+kong'])('%s is known by its name', name => {
  expect(IngressController.parse(` ${name} `).toString()).toBe(name.replace(/@[^+]*/g, ''));
});

test.each<[string, () => unknown, string]>([
  ['a name that is not known', () => IngressController.parse('nginx'), 'ingress controller "nginx" is not known; use one of ingress-nginx, nginx-ingress, traefik, istio'],
  ['a name that objects have', () => IngressController.parse('constructor'), 'ingress controller "constructor" is not known'],
  ['a namespace that is missing', () => IngressController.parse('haproxytech'), 'ingress controller "haproxytech" is not known'],
  ['a namespace too many', () => IngressController.parse('cilium@kube-system'), 'ingress controller "cilium@kube-system" is not known'],
  ['two namespaces', () => IngressController.parse('traefik@a@b'), 'ingress controller "traefik@a@b" is not known'],
  ['one of several', () => IngressController.parse('traefik+nginx'), 'ingress controller "nginx" is not known'],
  ['a namespace that is none', () => IngressController.parse('traefik@Kube'), 'namespace "Kube"'],
  ['a place that is none', () => IngressController.pods({ namespace: 'edge.example' }), 'namespace "edge.example"'],
  ['no controller', () => IngressController.several(), 'no ingress controller is stated; name at least one'],
  ['no range', () => IngressController.awsLoadBalancer({ sourceCidrs: [] }), 'no ranges of load balancers are stated, which never means all of them'],
  ['a range that is none', () => IngressController.cidrs(['10.0.0.1']), '"10.0.0.1" has no prefix length'],
])('%s is refused', (_, make, why) => {
  expect(make).toThrow(why);
});
