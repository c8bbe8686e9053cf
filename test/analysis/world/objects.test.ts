import { documents, namespace, node, pod, service } from './documents';
import { Analysis } from '../../../src/analysis/analysis';
import { readWorld } from '../../../src/analysis/world/read-world';

const worldOf = (...values: unknown[]) => {
  const { world, problems } = readWorld(documents(...values));
  expect(problems).toEqual([]);
  return world;
};
const problemOf = (...values: unknown[]) => readWorld(documents(...values)).problems.map(({ message }) => message);

describe('namespaces', () => {
  test('have their labels, and the one that every namespace has', () => {
    const labels = { 'team': 'red', 'kubernetes.io/metadata.name': 'other' };
    expect(worldOf(namespace('shop', labels)).namespaces.get('shop'))
      .toEqual({ name: 'shop', labels: { 'team': 'red', 'kubernetes.io/metadata.name': 'shop' }, declared: true, at: 'world.yaml:1' });
  });

  test('of pods and Services are there without being declared', () => {
    const { namespaces } = worldOf(pod('shop/a'), service('data/db', {}));
    expect([...namespaces.values()]).toEqual(['shop', 'data'].map(name => ({ name, labels: { 'kubernetes.io/metadata.name': name }, declared: false })));
  });

  test('stated twice with other labels are a problem, with both places', () => {
    expect(problemOf(namespace('shop', { team: 'red' }), namespace('shop', { team: 'blue' })))
      .toEqual(['world.yaml:2: Namespace shop is also stated at world.yaml:1, with other labels; leave one of them out']);
    expect(problemOf(namespace('shop', { team: 'red' }), namespace('shop', { team: 'red' }))).toEqual([]);
  });
});

describe('Services', () => {
  const only = (spec: Record<string, unknown>, ...others: unknown[]) => worldOf(service('shop/web', spec), ...others).services[0];

  test('have ports with the targets that the API server fills in', () => {
    const ports = [{ name: 'http', port: 80, targetPort: 'web' }, { port: 53, protocol: 'UDP' }, { port: 443, targetPort: 8443, nodePort: 30443 }, { port: 1, targetPort: 0, nodePort: 0 }];
    expect(only({ selector: { app: 'web' }, ports, type: 'NodePort' })).toMatchObject({
      type: 'NodePort',
      selector: { app: 'web' },
      ports: [
        { name: 'http', port: 80, protocol: 'TCP', target: 'web' }, { port: 53, protocol: 'UDP', target: 53 },
        { port: 443, protocol: 'TCP', target: 8443, nodePort: 30443 }, { port: 1, protocol: 'TCP', target: 1 },
      ],
    });
  });

  test('have addresses of the cluster, external ones and those of load balancers', () => {
    const own = {
      ...service('shop/web', { type: 'LoadBalancer', clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1', 'FD00::0A'], externalIPs: ['203.0.113.1'], externalTrafficPolicy: 'Local' }),
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.2' }, { hostname: 'lb.example.com' }] } },
    };
    expect(worldOf(own).services[0]).toMatchObject({ addresses: ['10.96.0.1', 'fd00::a', '203.0.113.1', '203.0.113.2'], externalTrafficPolicy: 'Local', headless: false });
  });

  test('may be headless, another name, or without a selector', () => {
    expect(only({ clusterIP: 'None', selector: { app: 'web' } })).toMatchObject({ headless: true, addresses: [] });
    const external = only({ type: 'ExternalName', externalName: 'db.example.com', selector: { app: 'web' } });
    expect(external.externalName).toBe('db.example.com');
    expect(external.selector).toBeUndefined();
    expect(only({ selector: {} }).selector).toBeUndefined();
  });

  test('have the endpoints of their slices, and of the older kind', () => {
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      addressType: 'IPv4',
      metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: [{ addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', name: 'web-a' } }, { addresses: ['name.example.com'] }],
      ports: [{ name: '', port: 8080 }, { name: 'any' }],
    };
    const endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'web', namespace: 'shop' }, subsets: [{ addresses: [{ ip: '10.0.0.2' }], ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] }] };
    expect(only({}, slice, endpoints, { ...slice, metadata: { name: 'x', namespace: 'other', labels: { 'kubernetes.io/service-name': 'web' } } }).endpoints).toEqual([
      { addresses: ['10.0.0.1'], pods: ['web-a'], ports: [{ port: 8080, protocol: 'TCP' }], at: 'world.yaml:2' },
      { addresses: ['10.0.0.2'], pods: [], ports: [{ name: 'dns', port: 53, protocol: 'UDP' }], at: 'world.yaml:3' },
    ]);
    expect(only({}).endpoints).toBeUndefined();
  });

  test('stated twice with other fields are a problem', () => {
    expect(problemOf(service('shop/web', {}), service('shop/web', {}))).toEqual([]);
    expect(problemOf(service('shop/web', {}), service('shop/web', { type: 'NodePort' })))
      .toEqual(['world.yaml:2: Service shop/web is also stated at world.yaml:1, with other fields; leave one of them out']);
  });

  test('malformed ones are problems with their places', () => {
    expect(problemOf(service('shop/web', { ports: [{ port: '80' }] }))).toEqual(['world.yaml:1: Service shop/web: spec.ports[0].port: must be a number, got "80"']);
    expect(problemOf(service('shop/web', { type: 'NodePort', externalTrafficPolicy: 'Both' }))[0]).toContain('spec.externalTrafficPolicy: must be one of Cluster, Local');
  });
});

describe('routes', () => {
  const routesOf = (...values: unknown[]) => worldOf(...values).routes.map(({ text, namespace: place, service: own, port, orTarget }) => ({ text, to: `${place}/${own}:${port}`, ...(orTarget ? { orTarget } : {}) }));

  test('of an Ingress are its default backend and its paths', () => {
    const spec = {
      defaultBackend: { service: { name: 'web', port: { number: 80 } } },
      rules: [{ http: { paths: [{ backend: { service: { name: 'api', port: { name: 'http' } } } }, { backend: { resource: { kind: 'Bucket', name: 'x' } } }] } }, { host: 'x' }],
    };
    expect(routesOf({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'main', namespace: 'shop' }, spec }))
      .toEqual([{ text: 'Ingress shop/main', to: 'shop/web:80' }, { text: 'Ingress shop/main', to: 'shop/api:http' }]);
    const former = { backend: { serviceName: 'web', servicePort: 80 } };
    expect(routesOf({ apiVersion: 'extensions/v1beta1', kind: 'Ingress', metadata: { name: 'main' }, spec: former })).toEqual([{ text: 'Ingress default/main', to: 'default/web:80' }]);
  });

  test('of OpenShift lead to Services by a name of a port or its target', () => {
    const spec = { to: { kind: 'Service', name: 'web' }, port: { targetPort: 8080 }, alternateBackends: [{ kind: 'Service', name: 'canary' }] };
    expect(routesOf({ apiVersion: 'route.openshift.io/v1', kind: 'Route', metadata: { name: 'main', namespace: 'shop' }, spec })).toEqual([
      { text: 'Route shop/main', to: 'shop/web:8080', orTarget: true }, { text: 'Route shop/main', to: 'shop/canary:8080', orTarget: true },
    ]);
  });

  const route = (kind: string, ...backendRefs: unknown[]) => ({ apiVersion: 'gateway.networking.k8s.io/v1', kind, metadata: { name: 'main', namespace: 'shop' }, spec: { rules: [{ backendRefs }, {}] } });

  test.each(['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'])('of the Gateway API: %s', kind => {
    expect(routesOf(route(kind, { name: 'web', port: 80 }, { kind: 'ServiceImport', group: 'multicluster.x-k8s.io', name: 'x' }))).toEqual([{ text: `${kind} shop/main`, to: 'shop/web:80' }]);
  });

  test('to another namespace need a grant of it', () => {
    const grant = (...to: unknown[]) => ({
      apiVersion: 'gateway.networking.k8s.io/v1beta1',
      kind: 'ReferenceGrant',
      metadata: { name: 'g', namespace: 'data' },
      spec: { from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'shop' }], to },
    });
    const own = route('HTTPRoute', { name: 'db', namespace: 'data', port: 80 });
    expect(routesOf(own, grant({ group: '', kind: 'Service' }))).toEqual([{ text: 'HTTPRoute shop/main', to: 'data/db:80' }]);
    expect(routesOf(own, grant({ group: '', kind: 'Service', name: 'db' }))).toHaveLength(1);
    expect(routesOf(own, grant({ group: '', kind: 'Service', name: 'other' }))).toEqual([]);
    const { world, notes } = readWorld(documents(own));
    expect(world.routes).toEqual([]);
    expect(notes).toEqual(['world.yaml:1: HTTPRoute shop/main names the Service data/db of another namespace, and no ReferenceGrant among the documents lets it; it is left out']);
  });
});

describe('what CNIs keep', () => {
  test('nodes with their addresses and the ranges of their pods', () => {
    const own = node('n1', { labels: { zone: 'a' }, spec: { podCIDRs: ['10.0.1.0/24'] }, status: { addresses: [{ type: 'InternalIP', address: '192.168.0.1' }, { type: 'InternalDNS', address: 'n1.local' }] } });
    expect(worldOf(own).nodes.get('n1')).toEqual({ name: 'n1', labels: { zone: 'a' }, addresses: ['192.168.0.1'], podCidrs: ['10.0.1.0/24'], at: 'world.yaml:1' });
    expect(problemOf(node('n1', { spec: { podCIDR: '10.0.1.1/24' } }))[0]).toContain('world.yaml:1: Node n1: spec.podCIDR: "10.0.1.1/24" has bits set beyond /24');
  });

  test('endpoints of Cilium tell addresses of pods, and are pods where these are not among the documents', () => {
    const endpoint = {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumEndpoint',
      metadata: { name: 'web-a', namespace: 'shop' },
      status: {
        'identity': { labels: ['k8s:app=web', 'k8s:io.kubernetes.pod.namespace=shop', 'k8s:io.cilium.k8s.policy.serviceaccount=robot', 'k8s:io.cilium.k8s.namespace.labels.team=red'] },
        'networking': { addressing: [{ ipv4: '10.0.0.1', ipv6: 'fd00::1' }] },
        'named-ports': [{ name: 'http', port: 8080, protocol: 'TCP' }],
      },
    };
    expect(worldOf(endpoint).workloads).toMatchObject([
      { name: 'web-a', kind: 'Pod', labels: { app: 'web' }, serviceAccount: 'robot', addresses: ['10.0.0.1', 'fd00::1'], ports: [{ name: 'http', port: 8080, protocol: 'TCP' }], at: 'world.yaml:1' },
    ]);
    expect(worldOf(endpoint, pod('shop/web-a', { labels: { app: 'other' } })).workloads).toMatchObject([{ labels: { app: 'other' }, addresses: ['10.0.0.1', 'fd00::1'] }]);
  });

  test('endpoints of Calico do too', () => {
    const endpoint = {
      apiVersion: 'projectcalico.org/v3',
      kind: 'WorkloadEndpoint',
      metadata: { name: 'n1-k8s-web--a-eth0', namespace: 'shop', labels: { 'app': 'web', 'projectcalico.org/namespace': 'shop' } },
      spec: { pod: 'web-a', node: 'n1', ipNetworks: ['10.0.0.1/32'], serviceAccountName: 'robot' },
    };
    expect(worldOf(endpoint).workloads).toMatchObject([{ name: 'web-a', labels: { app: 'web' }, serviceAccount: 'robot', addresses: ['10.0.0.1'], nodes: ['n1'] }]);
  });

  test('host endpoints, and the action of Felix with its place', () => {
    const { hostEndpoints, hostAction } = worldOf(
      { apiVersion: 'projectcalico.org/v3', kind: 'HostEndpoint', metadata: { name: 'h', labels: { role: 'edge' } }, spec: { node: 'n1', expectedIPs: ['192.168.0.1'], ports: [{ name: 'ssh', port: 22, protocol: 'TCP' }], profiles: ['p'] } },
      { apiVersion: 'projectcalico.org/v3', kind: 'FelixConfiguration', metadata: { name: 'default' }, spec: { defaultEndpointToHostAction: 'Return' } },
      { apiVersion: 'projectcalico.org/v3', kind: 'FelixConfiguration', metadata: { name: 'node.n1' }, spec: { defaultEndpointToHostAction: 'Drop' } },
    );
    expect(hostEndpoints).toEqual([{ name: 'h', node: 'n1', labels: { role: 'edge' }, addresses: ['192.168.0.1'], ports: [{ name: 'ssh', port: 22, protocol: 'TCP' }], profiles: ['p'], at: 'world.yaml:1' }]);
    expect(hostAction).toEqual({ action: 'Return', at: 'world.yaml:2' });
    expect(problemOf({ apiVersion: 'projectcalico.org/v3', kind: 'FelixConfiguration', metadata: { name: 'default' }, spec: { defaultEndpointToHostAction: 'Reject' } })[0])
      .toContain('spec.defaultEndpointToHostAction: must be one of Accept, Drop, Return');
  });

  test('what the API server calls, where it answers, and what goes elsewhere', () => {
    const world = worldOf(
      { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: 'v' }, webhooks: [{ clientConfig: { service: { namespace: 'shop', name: 'hook' } } }, { clientConfig: { url: 'https://x' } }] },
      { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: 'v1.x' }, spec: { service: { namespace: 'shop', name: 'api', port: 8443 } } },
      { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: 'v1.' }, spec: { service: null } },
      { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } }, endpoints: [{ addresses: ['192.168.0.9'] }], ports: [{ port: 6443 }] },
      { apiVersion: 'cilium.io/v2', kind: 'CiliumLocalRedirectPolicy', metadata: { name: 'dns', namespace: 'kube-system' }, spec: { redirectFrontend: { serviceMatcher: { serviceName: 'kube-dns', namespace: 'kube-system' } } } },
    );
    expect(world.calls).toEqual([
      { text: 'ValidatingWebhookConfiguration v', namespace: 'shop', service: 'hook', port: 443, at: 'world.yaml:1' },
      { text: 'APIService v1.x', namespace: 'shop', service: 'api', port: 8443, at: 'world.yaml:2' },
    ]);
    expect(world.apiServers).toEqual([{ address: '192.168.0.9', port: 6443, at: 'world.yaml:4' }]);
    expect(world.redirects).toEqual([{ namespace: 'kube-system', name: 'dns', service: 'kube-dns', at: 'world.yaml:5' }]);
  });

  test('the rest that is known is seen, and counted', () => {
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'a' } };
    const monitor = { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor', metadata: { name: 'a' } };
    const { world, skipped } = readWorld(documents(role, role, monitor));
    expect([...world.seen]).toEqual([['Role', 2], ['ServiceMonitor', 1]]);
    expect(skipped.size).toBe(0);
  });
});

test('what answers take from the world is said in notes of the analysis', () => {
  const felix = { apiVersion: 'projectcalico.org/v3', kind: 'FelixConfiguration', metadata: { name: 'default' }, spec: { defaultEndpointToHostAction: 'Drop' } };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } };
  expect(Analysis.of(documents(felix, secret, secret)).notes).toEqual([
    expect.stringContaining('world.yaml:1: what pods send to their own node goes by defaultEndpointToHostAction Drop'),
    'seen, and without a say in who may talk to whom: 2 Secret',
  ]);
  const ranged = documents(node('n1', { spec: { podCIDR: '10.0.1.0/24' } }));
  expect(Analysis.of(ranged).notes).toEqual(['pods whose address is not known are taken to have one of the ranges of the Nodes among the documents: 10.0.1.0/24 (world.yaml:1)']);
  expect(Analysis.of(ranged, { podCidrs: ['10.0.0.0/16'] }).notes).toEqual([]);
  expect(Analysis.of(ranged, { closed: true }).notes).toEqual([]);
});
