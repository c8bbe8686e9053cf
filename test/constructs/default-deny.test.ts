import { Chart } from 'cdk8s';
import { DefaultDeny, Dns, Namespaces, NetworkPolicy, Peer, Port } from '../../src';
import { Pod } from '../oracle';
import { api, db, dns, flow, otherApi, outside, outside6, web, world } from '../oracle/fixtures';
import { allowed, CLUSTER_NAMES, expectFlows, sound, synthesize } from '../support/apps';

const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };

const INSIDE = { 'between pods': flow(web, api) };
const OUT = { 'to another namespace': flow(web, db), 'out': flow(web, outside, 'TCP', 443), 'out over IPv6': flow(api, outside6, 'TCP', 443) };
const IN = { 'from another namespace': flow(otherApi, api), 'in': flow(outside, web), 'in over IPv6': flow(outside6, web) };
const DNS = { 'DNS over UDP': flow(web, dns, 'UDP', 53), 'DNS over TCP': flow(api, dns, 'TCP', 53) };
const ELSEWHERE = { 'in another namespace': flow(db, otherApi), 'another namespace to outside': flow(db, outside) };

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  const closed = (props?: ConstructorParameters<typeof DefaultDeny>[2]) => sound(cluster, ({ chart }) => { new DefaultDeny(chart, 'deny', props); }, FACTS);

  test('both directions are closed, save DNS', () => {
    const manifests = closed();
    expect(manifests).toMatchSnapshot();
    expect(manifests[0].metadata).toEqual({ name: 'default-deny', namespace: 'shop' });
    expectFlows(cluster, manifests, { ...DNS, ...ELSEWHERE }, {
      ...INSIDE, ...OUT, ...IN, 'another port of DNS': flow(web, dns, 'TCP', 9153), 'DNS to another pod': flow(web, db, 'UDP', 53),
    });
  });

  test('without DNS everything is closed', () => {
    const manifests = closed({ dns: false });
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, ELSEWHERE, { ...INSIDE, ...OUT, ...IN, ...DNS });
  });

  test('egress can be left open', () => {
    const manifests = closed({ egress: false });
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { ...OUT, ...DNS, ...ELSEWHERE }, { ...INSIDE, ...IN });
  });

  test('ingress can be left open', () => {
    const manifests = closed({ ingress: false });
    expectFlows(cluster, manifests, { ...IN, ...DNS, ...ELSEWHERE }, { ...INSIDE, ...OUT });
  });

  test('what another policy allows passes', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new DefaultDeny(chart, 'deny');
      const peers = [Peer.namespaces(Namespaces.same())];
      new NetworkPolicy(chart, 'inside', { ingress: [{ peers, ports: [Port.tcp(8080)] }], egress: [{ peers, ports: [Port.tcp(8080)] }] });
    }, FACTS);
    expectFlows(cluster, manifests, { ...INSIDE, ...DNS }, { ...OUT, ...IN, 'another port between pods': flow(web, api, 'TCP', 8081) });
  });

  test('DNS is where the facts say', () => {
    const resolver: Pod = { namespace: 'openshift-dns', name: 'dns', labels: { 'dns.operator.openshift.io/daemonset-dns': 'default' }, ips: ['10.0.9.1'] };
    const manifests = sound(cluster, ({ chart }) => { new DefaultDeny(chart, 'deny'); }, { ...FACTS, dns: Dns.openShift() });
    const place = { ...world, namespaces: { ...world.namespaces, 'openshift-dns': {} }, pods: [...world.pods, resolver] };
    expect(allowed(cluster, manifests, place, flow(web, resolver, 'UDP', 5353))).toBe(true);
    expect(allowed(cluster, manifests, place, flow(web, resolver, 'UDP', 53))).toBe(false);
    expect(allowed(cluster, manifests, place, flow(web, dns, 'UDP', 53))).toBe(false);
  });

  test('two in one namespace are an error', () => {
    expect(() => synthesize(cluster, ({ chart }) => {
      new DefaultDeny(chart, 'one');
      new DefaultDeny(chart, 'two');
    })).toThrow(/two policies are the same object, \w+ shop\/default-deny: /);
  });
});

test('two namespaces of one chart can be closed', () => {
  const manifests = sound('kubernetes', ({ chart }) => { for (const namespace of ['shop', 'data']) { new DefaultDeny(chart, namespace, { namespace }); } }, FACTS);
  expect(manifests.map(({ metadata }) => metadata.namespace)).toEqual(['shop', 'data']);
  expectFlows('kubernetes', manifests, { DNS: flow(db, dns, 'UDP', 53) }, { ...ELSEWHERE, ...INSIDE });
});

test('closing neither direction is an error', () => {
  expect(() => synthesize('kubernetes', ({ chart }) => { new DefaultDeny(chart, 'deny', { ingress: false, egress: false }); })).toThrow(
    'shop/deny: a DefaultDeny that closes neither ingress nor egress says nothing; leave it out');
});

test('a namespace that is not known is an error', () => {
  expect(() => synthesize('kubernetes', ({ app }) => { new DefaultDeny(new Chart(app, 'nowhere'), 'deny'); })).toThrow('nowhere/deny: the namespace is not known');
});
