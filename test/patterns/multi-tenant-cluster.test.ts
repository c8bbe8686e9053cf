import { ApiObject, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import {
  ClusterDefaultDeny, ClusterFacts, Cni, DefaultDeny, Dns, IngressController, MultiTenantCluster, MultiTenantClusterProps, Namespaces,
  NetworkPolicy, Peer, PolicyTiers, Port, RuleAction, Tenant, Workload, ZeroTrustNamespace,
} from '../../src';
import { Flow, Pod } from '../oracle';
import {
  api, apiServerOnNode, cnp, db, dns, flow, localNode, named, networkPolicy, np, otherApi, outside, outside6, ping, remoteNode, web,
  world as fixtures,
} from '../oracle/fixtures';
import { allowed, ClusterName, deployment, flowsIn, Manifest, Program, sound, synthesize } from '../support/apps';
import { runs } from '../support/models/runs';

const pod = (namespace: string, name: string, ip: string, labels: Record<string, string> = { app: name }): Pod =>
  ({ namespace, name, labels, ips: [ip] });
const second = pod('shop-staging', 'web', '10.0.4.1');
const cache = pod('shared', 'cache', '10.0.5.1');
const other = pod('shared', 'other', '10.0.5.2');
const vault = pod('vault', 'vault', '10.0.5.3');
const stranger = pod('no-tenant', 'stranger', '10.0.6.1');
const labelled = pod('green', 'pod', '10.0.7.1');
const labelledToo = pod('green-2', 'pod', '10.0.7.2');
const controller = pod('ingress-nginx', 'controller', '10.0.3.1', { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' });
const prometheus = pod('monitoring', 'prometheus', '10.0.3.2', { 'app.kubernetes.io/name': 'prometheus' });
const world = {
  ...fixtures,
  namespaces: {
    ...fixtures.namespaces, 'shop-staging': {}, 'shared': {}, 'vault': {}, 'no-tenant': {}, 'green': { tenant: 'green' }, 'green-2': { tenant: 'green' }, 'ingress-nginx': {}, 'monitoring': {},
  },
  pods: [...fixtures.pods, second, cache, other, vault, stranger, labelled, labelledToo, controller, prometheus],
};
const FACTS: ClusterFacts = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs, addons: [] };
const UPSTREAM: ClusterFacts = { ...FACTS, cni: Cni.kubeNetworkPolicies('1.0', { clusterNetworkPolicy: true }) };
const expectFlows = flowsIn(world);

const RED: Tenant = { name: 'red', namespaces: ['shop', 'shop-staging'], cidrs: ['203.0.113.0/24'], ingress: Port.tcp(8080), monitoring: Port.tcp(9090) };
const BLUE: Tenant = { name: 'blue', namespaces: ['data'] };
const inShared = (app: string) => Peer.pods({ namespaces: Namespaces.named('shared'), labels: { app } });
const HOUSE: MultiTenantClusterProps = {
  tenants: [RED, BLUE],
  shared: [
    { peer: inShared('cache'), ports: [Port.REDIS], because: 'one cache for all' },
    { peer: Peer.namespaces(Namespaces.named('vault')), ports: [Port.tcp(8200)], tenants: ['blue'] },
  ],
};
const tenants = (props: MultiTenantClusterProps): Program => ({ app }) => { new MultiTenantCluster(new Chart(app, 'platform'), 'tenants', props); };

const INSIDE = { 'inside a tenant': flow(web, api), 'inside a tenant, from one namespace to another': flow(web, second), 'inside another tenant': flow(db, otherApi), 'a ping inside': ping(web, api) };
const STATED = {
  'a shared service': flow(web, cache, 'TCP', 6379),
  'a shared service of the other tenant': flow(db, cache, 'TCP', 6379),
  'what one tenant shares': flow(db, vault, 'TCP', 8200),
  'DNS over UDP': flow(web, dns, 'UDP', 53),
  'DNS over TCP': flow(db, dns, 'TCP', 53),
  'places outside': flow(web, outside, 'TCP', 443),
  'the ingress controller': flow(controller, web),
  'monitoring': flow(prometheus, second, 'TCP', 9090),
};
const BETWEEN = {
  'between tenants': flow(web, db),
  'between tenants, the other way': flow(db, web, 'UDP', 53),
  'between tenants, from another namespace': flow(second, otherApi),
  'a ping between tenants': ping(web, db),
};
const CLOSED = {
  ...BETWEEN,
  'a shared service on another port': flow(web, cache, 'TCP', 6380),
  'a shared service over UDP': flow(web, cache, 'UDP', 6379),
  'a ping to a shared service': ping(web, cache),
  'other pods beside a shared service': flow(web, other, 'TCP', 6379),
  'what the other tenant shares': flow(web, vault, 'TCP', 8200),
  'another port of DNS': flow(web, dns, 'TCP', 9153),
  'to a namespace that is no tenant\'s': flow(web, stranger),
  'from a namespace that is no tenant\'s': flow(stranger, web),
  'from a shared service': flow(cache, web),
  'places outside of the other tenant': flow(db, outside, 'TCP', 443),
  'another place outside': flow(web, { address: '198.51.100.7' }, 'TCP', 443),
  'outside over IPv6': flow(web, outside6, 'TCP', 443),
  'metadata': flow(web, { address: '169.254.169.254' }, 'TCP', 80),
  'to another node': flow(web, remoteNode, 'TCP', 10250),
  'to the API server': flow(web, apiServerOnNode, 'TCP', 6443),
  'the ingress controller to another port': flow(controller, web, 'TCP', 22),
  'the ingress controller to the other tenant': flow(controller, db),
  'monitoring of the other tenant': flow(prometheus, db, 'TCP', 9090),
};
/** Where rules for ingress know more than pods. */
const FROM_OUTSIDE = { 'from outside': flow(outside, web), 'from another node': flow(remoteNode, web) };
const NOT_THEIRS = { 'between others': flow(stranger, cache), 'others to the ingress controller': flow(stranger, controller), 'others outside': flow(cache, outside) };

const PLACES: readonly [string, ClusterName, ClusterFacts][] = [['Calico', 'calico', FACTS], ['Cilium', 'cilium', FACTS], ['ClusterNetworkPolicy', 'kubernetes', UPSTREAM]];

describe.each(PLACES)('on %s', (_, cluster, facts) => {
  const outsideIsClosed = facts !== UPSTREAM;

  test('tenants reach themselves and what is stated, and nothing else', () => {
    const manifests = sound(cluster, tenants(HOUSE), facts);
    expect(manifests).toMatchSnapshot();
    const [open, closed] = outsideIsClosed ? [{}, FROM_OUTSIDE] : [FROM_OUTSIDE, {}];
    expectFlows(cluster, manifests, { ...INSIDE, ...STATED, ...NOT_THEIRS, ...open }, { ...CLOSED, ...closed });
  });

  test('tenants may close what is open to them', () => {
    const manifests = sound(cluster, tenants(HOUSE), facts);
    const own = networkPolicy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }, 'shop');
    const { 'inside another tenant': still, ...closed } = INSIDE;
    expectFlows(cluster, [...manifests, own], { still, other: STATED['a shared service of the other tenant'] }, { ...closed, ...CLOSED, shared: STATED['a shared service'] });
  });

  test('the internet is open where it is stated, and private addresses are not', () => {
    const manifests = sound(cluster, tenants({ tenants: [{ ...RED, internet: true }, BLUE] }), facts);
    expectFlows(cluster, manifests, {
      'outside': flow(web, { address: '198.51.100.7' }, 'TCP', 443), 'over IPv6': flow(web, { address: '2001:4860::1' }, 'TCP', 443),
    }, {
      'metadata': CLOSED.metadata, 'a private address': flow(web, { address: '10.99.0.1' }), 'the other tenant': flow(db, outside), 'between': BETWEEN['between tenants'],
    });
  });

  test('namespaces of a tenant can be known by their labels, and those of the cluster are never a tenant\'s', () => {
    const labels = { tenant: 'green' };
    const spoofed = { ...world, namespaces: { ...world.namespaces, 'kube-system': labels } };
    const manifests = sound(cluster, tenants({ ...HOUSE, tenants: [BLUE, { name: 'green', namespaceLabels: labels }], shared: [] }), facts);
    flowsIn(spoofed)(cluster, manifests, { 'inside': flow(labelled, labelledToo), 'DNS': flow(labelled, dns, 'UDP', 53), 'out of the cluster\'s own': flow(dns, outside) }, {
      'between tenants': flow(labelled, db), 'the other way': flow(db, labelled), 'no tenant': flow(stranger, labelled), 'out': flow(labelled, outside),
    });
  });

  test('a shared service can be a workload, whose labels are known at synth', () => {
    const manifests = sound(cluster, ({ app }) => {
      const chart = new Chart(app, 'shared', { namespace: 'shared' });
      const workload = deployment(chart, 'cache');
      new MultiTenantCluster(new Chart(app, 'platform'), 'tenants', { tenants: [RED, BLUE], shared: [{ peer: Workload.of(workload), ports: [Port.REDIS] }] });
    }, facts);
    expectFlows(cluster, manifests, { cache: STATED['a shared service'] }, { port: CLOSED['a shared service on another port'], other: CLOSED['other pods beside a shared service'], ...BETWEEN });
  });

  test('shared services that overlap are open on the ports of each', () => {
    const manifests = sound(cluster, tenants({
      tenants: [RED, BLUE],
      shared: [{ peer: inShared('cache'), ports: [Port.REDIS] }, { peer: Peer.namespaces(Namespaces.named('shared')), ports: [Port.tcpRange(6000, 6378), Port.udp(9)] }],
    }), facts);
    expectFlows(cluster, manifests, {
      'one': flow(web, cache, 'TCP', 6379), 'the range on one': flow(web, cache, 'TCP', 6000), 'the range on the other': flow(web, other, 'TCP', 6378), 'UDP': flow(web, other, 'UDP', 9),
    }, { 'the port of one on the other': flow(web, other, 'TCP', 6379), 'neither': flow(web, cache, 'TCP', 6380), 'below': flow(web, cache, 'TCP', 5999), 'a ping': ping(web, other), 'another port of UDP': flow(web, cache, 'UDP', 10) });
  });

  test('tiers of the same app and zero-trust namespaces mean what they mean beside it', () => {
    const everyPod = Peer.namespaces(Namespaces.all());
    const deny = (port: Port) => [{ action: RuleAction.DENY, peers: [everyPod], ports: [port] }];
    const manifests = sound(cluster, ({ app, chart }) => {
      new ZeroTrustNamespace(chart, 'ns', { name: 'shop', ingress: { port: Port.tcp(8080) } });
      tenants(HOUSE)({ app } as never);
      new PolicyTiers(chart, 'tiers', { security: [{ name: 'no-telnet', ingress: deny(Port.tcp(23)) }], platform: [{ name: 'no-ftp', ingress: deny(Port.tcp(21)) }] });
    }, facts);
    const { 'the ingress controller': ingress, 'DNS over UDP': resolve, 'a shared service': cached } = STATED;
    expectFlows(cluster, manifests, { ingress, resolve, 'in the other tenant': INSIDE['inside another tenant'] }, {
      'inside a zero-trust namespace': INSIDE['inside a tenant'], 'which also states its egress': cached, ...CLOSED, 'telnet': flow(db, otherApi, 'TCP', 23), 'FTP': flow(db, otherApi, 'TCP', 21),
    });
  });
});

describe('where a tenant\'s pods may not talk to each other', () => {
  const closed = { ...HOUSE, tenants: [{ ...RED, internalTraffic: false, internet: true }, BLUE] };
  const { 'another place outside': internet, 'outside over IPv6': internet6, ...walls } = CLOSED;
  const { 'inside another tenant': still, ...inside } = INSIDE;
  const policiesInside = (manifests: readonly Manifest[]) => manifests.filter(({ metadata }) => /-inside$/.test(metadata.name));

  describe.each(PLACES.filter(([, cluster]) => cluster !== 'cilium'))('on %s', (_, cluster, facts) => {
    test('what is stated is open, and inside nothing is, until its own policies say so at both ends', () => {
      const manifests = sound(cluster, tenants(closed), facts);
      expect(policiesInside(manifests)).toMatchSnapshot();
      expectFlows(cluster, manifests, { still, ...STATED, internet, internet6 }, { ...inside, ...walls });
      const own = networkPolicy({ podSelector: {}, ingress: [{}], egress: [{}] }, 'shop');
      expectFlows(cluster, [...manifests, own], { still, ...STATED, internet, internet6, own: INSIDE['inside a tenant'] }, { ...walls, other: INSIDE['inside a tenant, from one namespace to another'] });
    });

    test('nothing is opened that the tenant closes', () => {
      const manifests = sound(cluster, context => {
        tenants(closed)(context);
        new DefaultDeny(context.chart, 'deny', { dns: false });
      }, facts);
      const { 'a shared service of the other tenant': shared, 'DNS over TCP': dnsOfTheOther, 'monitoring': scraping, 'what one tenant shares': vaulted, ...own } = STATED;
      expectFlows(cluster, manifests, { still, shared, vaulted, dnsOfTheOther, scraping }, { ...inside, ...own, ...walls, internet, internet6 });
    });
  });

  test('Cilium with the option clusterNetworkPolicy is told the same', () => {
    const onCilium = sound('cilium', tenants(closed), { ...FACTS, cni: Cni.cilium('1.20', { clusterNetworkPolicy: true }) });
    expect(policiesInside(onCilium)).toEqual(policiesInside(sound('kubernetes', tenants(closed), UPSTREAM)));
  });

  test('on Cilium, where nothing comes after the policies of namespaces, it is refused', () => {
    expect(() => synthesize('cilium', tenants(closed), FACTS)).toThrow(
      'platform/tenants: tenant red states internalTraffic: false, and Cilium without the option clusterNetworkPolicy has nothing that comes after the policies of namespaces; leave it out, and close the tenant\'s namespaces by a ZeroTrustNamespace or a DefaultDeny each');
  });
});

describe('nobody opens a flow between tenants by policies of their own namespaces', () => {
  const pods = [web, api, second, db, otherApi];
  const redPods = [web, api, second];
  const protocol = fc.constantFrom<'TCP' | 'UDP' | 'ICMP'>('TCP', 'UDP', 'ICMP');
  const port = fc.constantFrom(1, 53, 5432, 6379, 8080, 8200, 65535);
  const flows = fc.tuple(fc.constantFrom(...redPods), fc.constantFrom(db, otherApi), fc.boolean(), protocol, port)
    .map(([red, blue, back, kind, number]): Flow => (back ? flow(blue, red, kind, number) : flow(red, blue, kind, number)));
  const namespace = fc.constantFrom(...new Set(pods.map(each => each.namespace)));
  const kubernetesPeer = fc.constantFrom<object>({}, { namespaceSelector: {} }, { podSelector: {} }, { ipBlock: { cidr: '0.0.0.0/0' } }, { namespaceSelector: {}, podSelector: { matchLabels: { app: 'db' } } });
  const kubernetes = fc.tuple(namespace, fc.array(kubernetesPeer, { maxLength: 2 })).map(([where, peers]) => {
    const real = peers.filter(peer => Object.keys(peer).length > 0);
    return networkPolicy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [real.length > 0 ? { from: real } : {}], egress: [real.length > 0 ? { to: real } : {}] }, where);
  });
  const cilium = fc.tuple(namespace, fc.constantFrom(['all'], ['cluster'], ['world', 'cluster']), fc.boolean()).map(([where, entities, byEndpoint]) => cnp(byEndpoint
    ? { ingress: [{ fromEndpoints: [{ matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }] }] }], egress: [{ toEndpoints: [{ matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }] }] }] }
    : { ingress: [{ fromEntities: entities }], egress: [{ toEntities: entities }] }, where));
  const calico = fc.tuple(namespace, fc.constantFrom(1, 999, 2000), fc.boolean()).map(([where, order, wide]) => np({
    order,
    types: ['Ingress', 'Egress'],
    ingress: [{ action: 'Allow', ...(wide ? {} : { source: { namespaceSelector: 'all()' } }) }],
    egress: [{ action: 'Allow', ...(wide ? {} : { destination: { namespaceSelector: 'all()' } }) }],
  }, undefined, where));

  test.each<[string, ClusterName, ClusterFacts, fc.Arbitrary<Manifest>]>([
    ['Calico', 'calico', FACTS, fc.oneof(kubernetes, calico)],
    ['Cilium', 'cilium', FACTS, fc.oneof(kubernetes, cilium)],
    ['ClusterNetworkPolicy', 'kubernetes', UPSTREAM, kubernetes],
  ])('on %s', (_, cluster, facts, policy) => {
    const walls = synthesize(cluster, tenants(HOUSE), facts).filter(({ kind }) => kind !== 'Namespace');
    fc.assert(fc.property(fc.array(policy, { maxLength: 4 }), flows, (own, each) => !allowed(cluster, [...walls, ...own], world, each)), runs(150));
  });
});

describe('walls of any CNI mean the same', () => {
  const pods = [web, second, db, cache, other, vault, stranger, dns, controller];
  const apps = fc.constantFrom('cache', 'other', 'vault');
  const peer = fc.oneof(
    fc.tuple(fc.constantFrom('shared', 'vault'), apps).map(([namespace, app]) => Peer.pods({ namespaces: Namespaces.named(namespace), labels: { app } })),
    fc.constantFrom(Peer.namespaces(Namespaces.named('shared')), Peer.namespaces(Namespaces.named('shared', 'vault')), Peer.pods({ namespaces: Namespaces.all(), labels: { app: 'vault' } }), Peer.cidr('198.51.100.0/24')),
  );
  const ports = fc.constantFrom(Port.tcp(80), Port.tcpRange(80, 90), Port.udp(80), Port.oneOf(Port.tcp(90), Port.udp(80)), Port.allTcp(), Port.all());
  const shared = fc.uniqueArray(fc.record({ peer, ports: ports.map(port => [port]) }), { maxLength: 4, selector: each => `${each.peer}` });
  const flows = fc.tuple(
    fc.constantFrom(...pods), fc.oneof(fc.constantFrom<Pod | { address: string }>(...pods), fc.constantFrom(outside, { address: '198.51.100.7' }, { address: '10.99.0.1' })),
    fc.constantFrom<'TCP' | 'UDP' | 'SCTP' | 'ICMP'>('TCP', 'UDP', 'SCTP', 'ICMP'), fc.constantFrom(1, 53, 79, 80, 81, 90, 91, 8080, 65535),
  ).map(([source, destination, protocol, port]) => flow(source, destination, protocol, port));

  test('for what pods connect to', () => {
    fc.assert(fc.property(shared, fc.boolean(), fc.array(flows, { minLength: 20, maxLength: 20 }), (services, internet, asked) => {
      const props: MultiTenantClusterProps = { tenants: [{ ...RED, internet }, BLUE], shared: services };
      const answers = PLACES.map(([, cluster, facts]) => {
        const manifests = synthesize(cluster, tenants(props), facts);
        return asked.map(each => allowed(cluster, manifests, world, each));
      });
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
    }), runs(10));
  });
});

describe('beside a ClusterDefaultDeny', () => {
  const everywhere: readonly [string, ClusterName, ClusterFacts][] = [...PLACES, ['plain Kubernetes', 'kubernetes', FACTS]];
  const both = (own: (chart: Chart, namespace: string) => void): Program => ({ app }) => {
    const platform = new Chart(app, 'platform');
    for (const name of ['shop', 'shop-staging', 'data', 'shared', 'vault', 'no-tenant']) {
      new ApiObject(platform, `namespace-${name}`, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
    new MultiTenantCluster(platform, 'tenants', { ...HOUSE, tenantsCanOverride: true });
    new ClusterDefaultDeny(platform, 'deny', { except: ['shared', 'vault', 'no-tenant'] });
    for (const namespace of ['shop', 'shop-staging', 'data']) { own(new Chart(app, `own-${namespace}`, { namespace }), namespace); }
  };
  const { 'DNS over UDP': udp, 'DNS over TCP': tcp, ...stated } = STATED;

  describe.each(everywhere)('on %s', (_, cluster, facts) => {
    const outsideIsClosed = facts !== UPSTREAM;

    test('what is stated for tenants is open to nobody who does not allow it too', () => {
      const manifests = sound(cluster, both(() => undefined), { ...facts, strict: outsideIsClosed });
      expectFlows(cluster, manifests, { udp, tcp, ...NOT_THEIRS }, { ...INSIDE, ...stated, ...CLOSED, ...(outsideIsClosed ? FROM_OUTSIDE : {}) });
    });

    test('and to all who do', () => {
      const inside: Record<string, string[]> = { 'shop': ['shop', 'shop-staging'], 'shop-staging': ['shop', 'shop-staging'], 'data': ['data'] };
      const manifests = sound(cluster, both((chart, namespace) => {
        const red = namespace !== 'data';
        const own = { peers: [Peer.namespaces(Namespaces.named(...inside[namespace]))], ports: [Port.all()] };
        const visitors = [{ peers: [Peer.ingressController()], ports: [Port.tcp(8080)] }, { peers: [Peer.monitoring()], ports: [Port.tcp(9090)] }];
        new NetworkPolicy(chart, 'own', {
          ingress: [own, ...(red ? visitors : [])],
          egress: [
            own,
            { peers: [inShared('cache')], ports: [Port.REDIS] },
            red ? { peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.HTTPS] } : { peers: [Peer.namespaces(Namespaces.named('vault'))], ports: [Port.tcp(8200)] },
          ],
        });
      }), facts);
      expectFlows(cluster, manifests, { ...INSIDE, ...STATED, ...NOT_THEIRS }, { ...CLOSED, ...(outsideIsClosed ? FROM_OUTSIDE : {}) });
    });
  });
});

describe('in plain Kubernetes', () => {
  const accepted = { ...HOUSE, tenantsCanOverride: true };

  test('it is refused, since a tenant could override it', () => {
    expect(() => synthesize('kubernetes', tenants(HOUSE), FACTS)).toThrow(
      'platform/tenants: plain Kubernetes has no policy that a tenant could not override by a NetworkPolicy of its own; use Calico, Cilium or a CNI with the option clusterNetworkPolicy, or accept it by tenantsCanOverride: true');
  });

  test('where that is accepted, each namespace is isolated', () => {
    const manifests = sound('kubernetes', tenants(accepted), FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows('kubernetes', manifests, { ...INSIDE, ...STATED, ...NOT_THEIRS }, { ...CLOSED, ...FROM_OUTSIDE });
  });

  test('a tenant can indeed override it', () => {
    const manifests = sound('kubernetes', tenants(accepted), FACTS);
    const own = ['shop', 'data'].map(namespace => networkPolicy({ podSelector: {}, ingress: [{}], egress: [{}] }, namespace));
    expectFlows('kubernetes', [...manifests, ...own], { between: BETWEEN['between tenants'] }, {});
  });

  test('inside a tenant nothing is open where that is declined', () => {
    const manifests = sound('kubernetes', tenants({ ...accepted, tenants: [{ ...RED, internalTraffic: false }, BLUE] }), FACTS);
    const { 'inside another tenant': still, ...inside } = INSIDE;
    expectFlows('kubernetes', manifests, { still, ...STATED }, { ...inside, ...CLOSED });
  });

  test('that what is stated cannot be closed by others is recorded, and fails with strict', () => {
    const [shop] = sound('kubernetes', tenants(accepted), FACTS);
    expect(shop.metadata.annotations['cdk8s-netpol/wider-than-stated'].split('\n')).toEqual(['ingress', 'egress'].map(direction =>
      `platform/tenants: tenant red: the ${direction} that is stated for the pods of namespace shop stays open whatever other policies close, since NetworkPolicies add up`));
    expect(() => synthesize('kubernetes', tenants(accepted), { ...FACTS, strict: true })).toThrow(/stays open whatever other policies close/);
  });

  test('what the app itself closes in a namespace of a tenant is closed', () => {
    const closed = (withDns: boolean): Program => context => {
      tenants(accepted)(context);
      new DefaultDeny(context.chart, 'deny', { dns: withDns });
    };
    const manifests = sound('kubernetes', closed(true), FACTS);
    const { 'a shared service': cached, 'places outside': places, 'the ingress controller': ingress, ...open } = STATED;
    const { 'inside another tenant': still, ...inside } = INSIDE;
    expectFlows('kubernetes', manifests, { still, ...open }, { ...inside, cached, places, ingress, ...CLOSED });
    const wider = (withDns: boolean) => sound('kubernetes', closed(withDns), FACTS)
      .find(({ metadata: { name, namespace } }) => name === 'tenant-isolation' && namespace === 'shop').metadata.annotations;
    expect(wider(true)).toBeUndefined();
    expect(wider(false)).toEqual({ 'cdk8s-netpol/wider-than-stated': 'platform/tenants: tenant red: DNS is open to the pods of namespace shop whatever closes it, since NetworkPolicies add up' });
  });

  test('what closes a direction, or some of its pods, closes no more', () => {
    const manifests = sound('kubernetes', context => {
      tenants(accepted)(context);
      new DefaultDeny(context.chart, 'deny', { egress: false });
      Workload.of(deployment(context.chart, 'web')).connections.isolate();
    }, FACTS);
    const { 'the ingress controller': ingress, ...open } = STATED;
    expectFlows('kubernetes', manifests, { ...open }, { 'inside a tenant': INSIDE['inside a tenant'], ingress, ...CLOSED });
  });

  test('a tenant by labels is an error', () => {
    expect(() => synthesize('kubernetes', tenants({ ...accepted, shared: [], tenants: [{ name: 'green', namespaceLabels: { tenant: 'green' } }] }), FACTS)).toThrow(
      'platform/tenants: tenant green is stated by labels of namespaces, and plain Kubernetes has no policy for several namespaces; state namespaces');
  });
});

describe('what is neither pod nor place outside', () => {
  const API: MultiTenantClusterProps = { tenants: [RED], shared: [{ peer: Peer.kubeApiServer(), ports: [Port.tcp(6443)] }] };

  test.each(PLACES)('on %s the API server can be shared', (_, cluster, facts) => {
    const manifests = sound(cluster, tenants(API), { ...facts, apiServerCidrs: ['192.168.0.3/32'] });
    expectFlows(cluster, manifests, { 'the API server': flow(web, apiServerOnNode, 'TCP', 6443) }, { 'its kubelet': flow(web, apiServerOnNode, 'TCP', 10250), 'another node': flow(web, remoteNode, 'TCP', 10250), 'outside': flow(api, { address: '198.51.100.7' }) });
  });

  test.each(['calico', 'cilium'] as const)('on %s nodes and load balancers may connect where that is stated', cluster => {
    const manifests = sound(cluster, tenants({ tenants: [{ ...RED, inbound: [{ peers: [Peer.remoteNodes()], ports: [Port.tcp(8443)] }, { peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.tcp(8080)] }] }] }), FACTS);
    expectFlows(cluster, manifests, { 'a webhook': flow(remoteNode, web, 'TCP', 8443), 'a load balancer': flow(outside, web) }, {
      'another port of nodes': flow(remoteNode, web), 'another port from outside': flow(outside, web, 'TCP', 8443), 'from elsewhere': flow({ address: '198.51.100.7' }, web),
    });
  });

  test.each(['calico', 'cilium'] as const)('on %s DNS on nodes stays open', cluster => {
    const manifests = sound(cluster, tenants(HOUSE), { ...FACTS, dns: Dns.nodeLocalCache() });
    const cacheOnNode: Flow = flow(web, cluster === 'cilium' ? localNode : { address: '169.254.20.10' }, 'UDP', 53);
    expectFlows(cluster, manifests, { cacheOnNode, ...STATED }, CLOSED);
  });

  test('on Cilium its own ingress controller is closed to tenants that do not name it', () => {
    const manifests = sound('cilium', tenants(HOUSE), { ...FACTS, ingressController: IngressController.ciliumIngress() });
    const [red, blue] = manifests;
    expect(JSON.stringify(blue.spec.ingressDeny)).toContain('"ingress"');
    expect(JSON.stringify(red.spec.ingressDeny)).toContain('{"fromEntities":["ingress"],"toPorts"');
  });

  test('that ClusterNetworkPolicy leaves ingress from outside to namespaces is recorded, and fails with strict', () => {
    const [red] = sound('kubernetes', tenants(HOUSE), UPSTREAM);
    expect(red.metadata.annotations['cdk8s-netpol/wider-than-stated']).toMatch(/^platform\/tenants: tenant red: ingress from outside the cluster and from nodes is left to the policies of namespaces/);
    expect(() => synthesize('kubernetes', tenants(HOUSE), { ...UPSTREAM, strict: true })).toThrow(/is left to the policies of namespaces/);
  });
});

describe('on Cilium what denies cannot leave open is refused', () => {
  test.each<[string, Partial<MultiTenantClusterProps>, RegExp]>([
    ['a name', { shared: [{ peer: Peer.fqdn('api.stripe.com'), ports: [Port.HTTPS] }] }, /platform\/tenants: tenant red: api\.stripe\.com cannot stay open beside denies of Cilium, which come before every allow; state pods, addresses or nodes/],
    ['a port by name', { shared: [{ peer: inShared('cache'), ports: [Port.named('redis')] }] }, /cannot stay open beside denies of Cilium, which have neither names of ports, conditions nor ICMP; state numbers of TCP, UDP or SCTP, or Port\.all\(\)/],
    ['addresses on different ports', { shared: [{ peer: Peer.cidr('203.0.113.0/24'), ports: [Port.HTTPS] }, { peer: Peer.cidr('203.0.113.7/32'), ports: [Port.SSH] }], tenants: [BLUE] }, /share addresses, and are open on different ports/],
  ])('%s', (_, props, message) => {
    expect(() => synthesize('cilium', tenants({ tenants: [RED, BLUE], ...props }), FACTS)).toThrow(message);
  });

  test('but a place outside may be inside a range that is open', () => {
    const manifests = sound('cilium', tenants({ tenants: [RED], shared: [{ peer: Peer.cidr('203.0.113.7/32'), ports: [Port.HTTPS] }] }), FACTS);
    expectFlows('cilium', manifests, { outside: flow(web, outside, 'TCP', 22), name: flow(web, named('x.example.com'), 'TCP', 443) }, {});
  });
});

describe('mistakes', () => {
  const at = 'platform/tenants';
  test.each<[string, Partial<MultiTenantClusterProps>, string]>([
    ['no tenants', { tenants: [] }, `${at}: no tenants are stated`],
    ['a name that is none', { tenants: [{ ...BLUE, name: 'Blue' }] }, `${at}: tenant "Blue" is invalid`],
    ['a tenant twice', { tenants: [RED, { ...BLUE, name: 'red' }] }, `${at}: tenant red is stated twice`],
    ['a namespace of two tenants', { tenants: [RED, { ...BLUE, namespaces: ['data', 'shop'] }] }, `${at}: tenant blue: namespace shop is that of tenant red`],
    ['a namespace twice', { tenants: [{ ...BLUE, namespaces: ['data', 'data'] }] }, `${at}: tenant blue: namespace data is stated twice`],
    ['a namespace of the cluster', { tenants: [{ ...BLUE, namespaces: ['kube-system'] }] }, `${at}: tenant blue: namespace kube-system belongs to the cluster`],
    ['neither names nor labels', { tenants: [{ name: 'blue' }] }, `${at}: tenant blue must state either namespaces or namespaceLabels, and states neither`],
    ['names and labels', { tenants: [{ ...BLUE, namespaceLabels: { a: 'b' } }] }, 'and states both'],
    ['no namespaces', { tenants: [{ name: 'blue', namespaces: [] }] }, `${at}: tenant blue has no namespaces, which never means all of them`],
    ['no labels', { tenants: [{ name: 'blue', namespaceLabels: {} }] }, `${at}: tenant blue has no namespaces, which never means all of them`],
    ['a shared service in a tenant\'s namespace', { shared: [{ peer: Peer.pods({ namespaces: Namespaces.named('data') }), ports: [Port.HTTP] }] }, 'is in a namespace of tenant blue, which is closed to the others'],
    ['a shared service without ports', { shared: [{ peer: inShared('cache'), ports: [] }] }, 'has no ports, which never means all of them'],
    ['a shared service of nobody', { shared: [{ peer: inShared('cache'), ports: [Port.REDIS], tenants: [] }] }, 'is shared with no tenants'],
    ['a shared service of a stranger', { shared: [{ peer: inShared('cache'), ports: [Port.REDIS], tenants: ['violet'] }] }, 'is shared with "violet", which is no tenant; use some of red, blue'],
    ['inbound of nobody', { tenants: [{ ...RED, inbound: [{ peers: [], ports: [Port.HTTP] }] }, BLUE] }, `${at}: tenant red: inbound without peers or ports never means all of them`],
    ['a priority beyond the last', { priority: 499 }, `${at}: tenants (2) from priority 499 on do not fit`],
    ['a priority that is no whole number', { priority: 1.5 }, 'priority 1.5 is not a whole number from 0 to 499'],
  ])('%s: is an error', (_, props, message) => {
    expect(() => synthesize('calico', tenants({ ...HOUSE, ...props }), FACTS)).toThrow(message);
  });
});

test('what tenants share says why in the policies of their namespaces', () => {
  const [policy] = sound('kubernetes', tenants({ ...HOUSE, tenantsCanOverride: true }), FACTS);
  expect(JSON.stringify(policy.metadata.annotations)).toContain('one cache for all');
});

