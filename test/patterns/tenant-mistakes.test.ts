import { ApiObject, Chart } from 'cdk8s';
import {
  AllowMonitoring, ClusterFacts, ClusterPolicy, Cni, DefaultDeny, MultiTenantCluster, Namespaces, NetworkPolicy, Peer, PolicyMode, PolicyTier, Port,
  RuleAction, Tenant, Workload,
} from '../../src';
import { ClusterName, deployment, synthesize } from '../support/apps';

const FACTS: ClusterFacts = { addons: [], apiServerCidrs: ['203.0.113.99/32'] };
const UPSTREAM: ClusterFacts = { ...FACTS, cni: Cni.kubeNetworkPolicies('1.0', { clusterNetworkPolicy: true }) };
const RED: Tenant = { name: 'red', namespaces: ['shop'] };
const BLUE: Tenant = { name: 'blue', namespaces: ['data'] };

/** The tenants red and blue, and what red states in its own namespace. */
type Own = (chart: Chart) => void;
const program = (cluster: ClusterName, own: Own, red: Partial<Tenant> = {}, facts: ClusterFacts = FACTS, mode?: PolicyMode) => () =>
  synthesize(cluster, ({ app, chart }) => {
    new MultiTenantCluster(new Chart(app, 'platform'), 'tenants', { tenants: [{ ...RED, ...red }, BLUE], mode });
    own(chart);
  }, facts);
const web = (chart: Chart): Workload => Workload.of(deployment(chart, 'web'));

const monitoring = (chart: Chart) => { new AllowMonitoring(chart, 'scrape', { port: Port.tcp(9102) }); };
const internet = (chart: Chart) => { web(chart).connections.allowTo(Peer.internet(), Port.HTTPS); };
const place = (chart: Chart) => { web(chart).connections.allowTo(Peer.cidr('198.51.100.0/24'), Port.HTTPS); };
const other = (chart: Chart) => {
  const db = Workload.of(deployment(new Chart(chart.node.root as never, 'data', { namespace: 'data' }), 'db'));
  web(chart).connections.allowTo(db, Port.POSTGRES);
};

describe.each<[string, ClusterName, ClusterFacts]>([['Calico', 'calico', FACTS], ['Cilium', 'cilium', FACTS], ['ClusterNetworkPolicy', 'kubernetes', UPSTREAM]])('on %s', (_, cluster, facts) => {
  test.each<[string, (chart: Chart) => void, string, Partial<Tenant>]>([
    ['monitoring that the wall closes', monitoring, 'ingress from monitoring on TCP 9102: policy platform-tenants-red (platform/tenants/red) denies all of it, whatever policies of namespaces allow; state it there too, such as by ingress, monitoring or inbound of a MultiTenantCluster, or take it out', { monitoring: Port.tcp(9102) }],
    ['the internet', internet, 'egress to internet on TCP 443: policy platform-tenants-red (platform/tenants/red) denies all of it, whatever policies of namespaces allow; state it there too, such as by shared, internet or cidrs of a MultiTenantCluster, or take it out', { internet: true }],
    ['a place outside', place, 'denies all of it', { cidrs: ['198.51.100.7/32'] }],
  ])('to allow %s is an error, until it is open there', (__, own, message, opened) => {
    expect(program(cluster, own, {}, facts)).toThrow(message);
    expect(program(cluster, own, opened, facts)).not.toThrow();
  });

  test('to allow another port than the one that is open is an error', () => {
    expect(program(cluster, monitoring, { monitoring: Port.tcp(9103) }, facts)).toThrow('denies all of it');
  });

  test('to connect to another tenant is an error at both ends', () => {
    expect(program(cluster, other, {}, facts)).toThrow(/policy shop\/web .*egress to .*denies all of it[^]*policy data\/db .*ingress from .*denies all of it/);
  });

  test('what a wall may leave open in part is none', () => {
    expect(program(cluster, chart => { new NetworkPolicy(chart, 'all', { egress: [{ peers: [Peer.any()], ports: [Port.all()] }], ingress: [{ peers: [Peer.namespaces(Namespaces.all())], ports: [Port.all()] }] }); }, {}, facts)).not.toThrow();
    expect(program(cluster, chart => { web(chart).connections.allowTo(Workload.of(deployment(chart, 'api')), Port.HTTP); }, {}, facts)).not.toThrow();
    expect(program(cluster, chart => { new NetworkPolicy(chart, 'some', { ingress: [{ peers: [Peer.monitoring(), Peer.pods()], ports: [Port.HTTP] }] }); }, {}, facts)).not.toThrow();
  });
});

test('on Cilium a place by its name is one outside', () => {
  const named = (chart: Chart) => { web(chart).connections.allowTo(Peer.fqdn('api.example.com'), Port.HTTPS); };
  expect(program('cilium', named)).toThrow('denies all of it');
  expect(program('cilium', named, { internet: true })).not.toThrow();
});

test('a wall that is only looked at denies nothing', () => {
  expect(program('calico', monitoring, {}, FACTS, PolicyMode.AUDIT)).not.toThrow();
});

test('what a tier before the wall allows passes it', () => {
  const before = (chart: Chart) => {
    new ClusterPolicy(chart, 'scraping', { tier: PolicyTier.SECURITY, ingress: [{ action: RuleAction.ALLOW, peers: [Peer.monitoring()], ports: [Port.tcp(9102)] }] });
    monitoring(chart);
  };
  expect(program('calico', before)).not.toThrow();
});

describe('a webhook of a tenant', () => {
  const hook = (chart: Chart) => {
    deployment(chart, 'hook');
    new ApiObject(chart, 'service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'hook' }, spec: { selector: { app: 'hook' }, ports: [{ port: 443, targetPort: 8080 }] } } as never);
    new ApiObject(chart, 'webhook', {
      apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: 'checks' }, webhooks: [{ clientConfig: { service: { name: 'hook', namespace: 'shop' } } }],
    } as never);
  };

  const inbound = [{ peers: [Peer.kubeApiServer()], ports: [Port.tcp(8080)] }];

  test.each(['calico', 'cilium'] as const)('on %s is closed to the API server until the tenant states it', cluster => {
    expect(program(cluster, hook)).toThrow('policy platform-tenants-red (platform/tenants/red) denies the API server the pods behind Service shop/hook, which the API server calls for ValidatingWebhookConfiguration checks (shop/webhook), on 8080; let it in there before that, such as by inbound: [{ peers: [Peer.kubeApiServer()');
    expect(program(cluster, hook, { inbound: [{ ...inbound[0], ports: [Port.tcp(8081)] }] })).toThrow('denies the API server');
    expect(program(cluster, hook, { inbound })).not.toThrow();
  });

  test('is seen in a namespace that is a tenant\'s by its labels', () => {
    const labelled = (chart: Chart) => {
      new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { tenant: 'red' } } });
      hook(chart);
    };
    const red = { namespaces: undefined, namespaceLabels: { tenant: 'red' } };
    expect(program('calico', labelled, red)).toThrow('denies the API server');
    expect(program('calico', hook, red)).not.toThrow();
  });

  test('that is closed by both is let in by both', () => {
    const closed = (chart: Chart) => { new DefaultDeny(chart, 'deny'); hook(chart); };
    expect(program('calico', closed)).toThrow('denies the API server');
    expect(program('calico', closed, { inbound })).toThrow('policy shop/default-deny (shop/deny) isolates ingress of the pods behind Service shop/hook');
  });

  test('is open where rules for ingress know pods only, and where another tenant is closed', () => {
    expect(program('kubernetes', hook, {}, UPSTREAM)).not.toThrow();
    expect(program('calico', hook, { namespaces: ['elsewhere'] })).not.toThrow();
  });
});
