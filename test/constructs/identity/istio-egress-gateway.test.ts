import { Chart } from 'cdk8s';
import { Mesh, Workload } from '../../../src';
import { IstioEgressGateway, IstioEgressGatewayProps, IstioEgressProtocol } from '../../../src/constructs/identity/istio-egress-gateway';
import { Pod } from '../../oracle';
import { api, dns, flow, outside, web, world } from '../../oracle/fixtures';
import { allowed, CLUSTER_NAMES, deployment, Manifest, policiesOf, Program, synthesize } from '../../support/apps';
import { schemaErrorsOf } from '../../support/schemas';

const gateway: Pod = { namespace: 'istio-system', name: 'egress', labels: { istio: 'egressgateway' }, ips: ['10.0.3.1'], ports: [] };
const istiod: Pod = { namespace: 'istio-system', name: 'istiod', labels: { app: 'istiod' }, ips: ['10.0.3.2'], ports: [] };
const WORLD = { ...world, namespaces: { ...world.namespaces, 'istio-system': {} }, pods: [...world.pods, gateway, istiod] };

type Props = Omit<IstioEgressGatewayProps, 'clients'>;
const program = (props: Props): Program => ({ chart }) => {
  new IstioEgressGateway(chart, 'stripe', { clients: [Workload.of(deployment(chart, 'api', { app: 'api' }))], ...props });
};
const MESH = { mesh: Mesh.istioSidecar() };
const istio = (manifests: readonly Manifest[]): Manifest[] => manifests.filter(({ apiVersion }) => apiVersion === 'networking.istio.io/v1');

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  const facts = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs, mesh: Mesh.istioSidecar() };

  test('clients reach the gateway, and nothing outside past it', () => {
    const policies = policiesOf(synthesize(cluster, program({ host: 'api.stripe.com' }), facts));
    expect(schemaErrorsOf(policies)).toEqual([]);
    const pass = (manifests: readonly Manifest[], each: Parameters<typeof flow>) => allowed(cluster, manifests, WORLD, flow(...each));
    expect(pass([], [api, outside, 'TCP', 443])).toBe(true);
    expect(pass(policies, [api, outside, 'TCP', 443])).toBe(false);
    expect(pass(policies, [api, gateway, 'TCP', 8443])).toBe(true);
    expect(pass(policies, [api, gateway, 'TCP', 8080])).toBe(false);
    expect(pass(policies, [api, istiod, 'TCP', 8443])).toBe(false);
    // Without it no sidecar starts.
    expect(pass(policies, [api, istiod, 'TCP', 15012])).toBe(true);
    expect(pass(policies, [api, dns, 'UDP', 53])).toBe(true);
    expect(pass(policies, [web, outside, 'TCP', 443])).toBe(true);
  });
});

test('the objects direct TLS through the gateway by its server name', () => {
  expect(istio(synthesize('kubernetes', program({ host: 'API.Stripe.com.' }), MESH))).toMatchSnapshot();
});

test('the objects direct HTTP through a gateway elsewhere', () => {
  const manifests = istio(synthesize('kubernetes', program({
    host: 'example.com',
    protocol: IstioEgressProtocol.HTTP,
    port: 8000,
    gatewayService: 'egress',
    gatewayNamespace: 'gateways',
    gatewayLabels: { app: 'egress' },
    gatewayPort: 18000,
    name: 'example',
  }), MESH));
  expect(manifests).toMatchSnapshot();
});

/** Follows a connection of a sidecar through the objects, as Istio's routes have it. */
test('every name that an object refers to is that of another one', () => {
  const [entry, through, rule, service] = istio(synthesize('kubernetes', program({ host: 'api.stripe.com' }), MESH));
  const [first, second] = service.spec.tls;
  expect(first.match[0].gateways).toEqual(['mesh']);
  const port = { number: through.spec.servers[0].port.number };
  expect(first.route[0].destination).toEqual({ host: rule.spec.host, subset: rule.spec.subsets[0].name, port });
  expect(second.match[0].gateways).toEqual([through.metadata.name]);
  expect(service.spec.gateways).toEqual(['mesh', through.metadata.name]);
  expect(second.route[0].destination).toEqual({ host: entry.spec.hosts[0], port: { number: entry.spec.ports[0].number } });
  expect(through.spec.servers[0].hosts).toEqual(entry.spec.hosts);
});

test.each<[string, (chart: Chart) => IstioEgressGatewayProps, RegExp]>([
  ['a host with a wildcard', chart => ({ host: '*.stripe.com', clients: [client(chart)] }), /^shop\/g: host: .* has a wildcard/],
  ['a URL', chart => ({ host: 'https://api.stripe.com', clients: [client(chart)] }), /is a URL/],
  ['no host', chart => ({ clients: [client(chart)] } as never), /^shop\/g: host: is required/],
  ['a client that is none', () => ({ host: 'api.stripe.com', clients: ['api'] as never }), /clients\[0\]: must be a Workload, got "api"/],
  ['a client that is null', () => ({ host: 'api.stripe.com', clients: [null] as never }), /clients\[0\]: is null/],
  ['a protocol that there is not', chart => ({ host: 'api.stripe.com', clients: [client(chart)], protocol: 'tls' as never }), /protocol: must be IstioEgressProtocol\.TLS/],
  ['a property that there is not', chart => ({ host: 'api.stripe.com', clients: [client(chart)], hosts: [] } as never), /hosts: unknown field/],
  ['nobody', () => ({ host: 'api.stripe.com', clients: [] }), /clients: nobody is meant/],
  ['a client of another namespace', chart => ({ host: 'api.stripe.com', clients: [client(chart, 'jobs')] }), /is in namespace jobs.*make an IstioEgressGateway for each namespace/],
  ['a port that there is not', chart => ({ host: 'api.stripe.com', clients: [client(chart)], port: 0 }), /port: must be a port/],
  ['a gateway that is every pod', chart => ({ host: 'api.stripe.com', clients: [client(chart)], gatewayLabels: {} }), /every pod of the namespace would be the gateway/],
  ['a namespace that is none', chart => ({ host: 'api.stripe.com', clients: [client(chart)], gatewayNamespace: 'A' }), /namespace "A" is invalid/],
])('%s is refused', (_name, props, why) => {
  expect(() => synthesize('kubernetes', ({ chart }) => { new IstioEgressGateway(chart, 'g', props(chart)); }, MESH)).toThrow(why);
});

const client = (chart: Chart, namespace = 'shop'): Workload => Workload.select(chart, { labels: { app: 'api' }, namespace });

test.each<[string, Mesh]>([['no mesh', Mesh.none()], ['ambient mode', Mesh.istioAmbient()], ['Linkerd', Mesh.linkerd()]])('with %s it is refused', (_name, mesh) => {
  expect(() => synthesize('kubernetes', program({ host: 'api.stripe.com' }), { mesh })).toThrow(/^shop\/stripe: IstioEgressGateway /);
});

test('without the fact mesh the error says how to state it', () => {
  expect(() => synthesize('kubernetes', program({ host: 'api.stripe.com' }))).toThrow(/TCP 15012.*configure\(\{ mesh: Mesh\.istioSidecar\(\) \}\)/);
});

describe('who sees the objects', () => {
  const exported = (gatewayNamespace: string) => Object.fromEntries(istio(synthesize('kubernetes', program({ host: 'api.stripe.com', gatewayNamespace }), MESH))
    .map(({ kind, spec }) => [kind, spec.exportTo]));

  test('the clients\' namespace and the gateway\'s, and the subset only the clients\'', () => {
    expect(exported('gateways')).toEqual({ ServiceEntry: ['.', 'gateways'], Gateway: undefined, DestinationRule: ['.'], VirtualService: ['.', 'gateways'] });
  });

  test('the same namespace is stated once, as Istio asks for', () => {
    expect(exported('shop')).toEqual({ ServiceEntry: ['.'], Gateway: undefined, DestinationRule: ['.'], VirtualService: ['.'] });
  });
});
