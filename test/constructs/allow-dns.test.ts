import { ApiObject, Chart } from 'cdk8s';
import { AllowDns, DefaultDeny, Dns, DnsScope, Peer, Port, Workload } from '../../src';
import { Pod } from '../oracle';
import { api, db, dns, flow, outside, web, world } from '../oracle/fixtures';
import { allowed, CLUSTER_NAMES, expectFlows, sound, synthesize } from '../support/apps';

const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };

function deployment(chart: Chart, name: string): ApiObject {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name, image: name }] } };
  return new ApiObject(chart, name, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { selector: { matchLabels: labels }, template } } as never);
}

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('every pod of the namespace may ask for names, and nothing else', () => {
    const manifests = sound(cluster, ({ chart }) => { new AllowDns(chart, 'dns'); }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, {
      'over UDP': flow(web, dns, 'UDP', 53),
      'over TCP': flow(api, dns, 'TCP', 53),
      'in, which nothing isolates': flow(outside, web),
      'pods of another namespace': flow(db, outside),
    }, {
      'the same port elsewhere': flow(web, db, 'UDP', 53),
      'the same port outside': flow(web, outside, 'UDP', 53),
      'another port of DNS': flow(web, dns, 'TCP', 9153),
      'another pod': flow(web, api),
      'another pod of kube-system': flow(web, { ...dns, name: 'other', labels: {} }, 'UDP', 53),
      'pods that say they are DNS': flow(web, { ...db, name: 'fake', labels: dns.labels }, 'UDP', 53),
    });
  });

  test('only some pods may be meant', () => {
    const manifests = sound(cluster, ({ chart }) => { new AllowDns(chart, 'dns', { subject: Workload.of(deployment(chart, 'web')) }); }, FACTS);
    expectFlows(cluster, manifests, { 'DNS': flow(web, dns, 'UDP', 53), 'pods that are not meant': flow(api, db) }, { 'anything else': flow(web, db) });
  });

  test('where every pod of the namespace may ask, the policies of its workloads do not repeat it', () => {
    const policies = (withDns: boolean) => sound(cluster, ({ chart }) => {
      if (withDns) { new AllowDns(chart, 'dns'); }
      Workload.of(deployment(chart, 'web')).connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS);
    }, FACTS);
    const rest = policies(true).filter(({ metadata }) => metadata.name === 'web');
    expect(rest).toHaveLength(1);
    expect(JSON.stringify(rest)).not.toContain('kube-dns');
    expect(JSON.stringify(policies(false))).toContain('kube-dns');
    for (const manifests of [policies(true), policies(false)]) {
      expectFlows(cluster, manifests, { DNS: flow(web, dns, 'UDP', 53), stated: flow(web, outside, 'TCP', 443) }, { other: flow(web, api) });
    }
  });

  test('where only some pods may ask, the others bring it along', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new AllowDns(chart, 'dns', { subject: Workload.of(deployment(chart, 'api')) });
      Workload.of(deployment(chart, 'web')).connections.isolate();
    }, FACTS);
    expectFlows(cluster, manifests, { DNS: flow(web, dns, 'UDP', 53) }, { other: flow(web, db) });
  });

  test('in another namespace the policies of workloads repeat it', () => {
    const manifests = sound(cluster, ({ app, chart }) => {
      new AllowDns(chart, 'dns');
      Workload.of(deployment(new Chart(app, 'data', { namespace: 'data' }), 'db')).connections.isolate();
    }, FACTS);
    expectFlows(cluster, manifests, { DNS: flow(db, dns, 'UDP', 53) }, { other: flow(db, api) });
  });

  test('beside a default deny with DNS a second AllowDns changes nothing', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new AllowDns(chart, 'dns');
      new DefaultDeny(chart, 'deny', { dns: false });
    }, FACTS);
    expectFlows(cluster, manifests, { DNS: flow(web, dns, 'UDP', 53) }, { other: flow(web, db), in: flow(outside, web) });
  });

  test('DNS pods of your own are reached at their own port', () => {
    const resolver: Pod = { namespace: 'names', name: 'unbound', labels: { app: 'unbound' }, ips: ['10.0.8.1'] };
    const facts = { ...FACTS, dns: Dns.pods({ namespace: 'names', labels: { app: 'unbound' } }, 5300) };
    const manifests = sound(cluster, ({ chart }) => { new AllowDns(chart, 'dns'); }, facts);
    const place = { ...world, namespaces: { ...world.namespaces, names: {} }, pods: [...world.pods, resolver] };
    expect(allowed(cluster, manifests, place, flow(web, resolver, 'UDP', 5300))).toBe(true);
    expect(allowed(cluster, manifests, place, flow(web, resolver, 'UDP', 53))).toBe(false);
    expect(allowed(cluster, manifests, place, flow(web, dns, 'UDP', 53))).toBe(false);
  });

  test('the whole namespace of the DNS pods may be meant, on the port of DNS', () => {
    const manifests = sound(cluster, ({ chart }) => { new AllowDns(chart, 'dns', { dnsScope: DnsScope.NAMESPACE }); }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { 'DNS': flow(web, dns, 'UDP', 53), 'another pod of kube-system': flow(web, { ...dns, name: 'other', labels: {} }, 'TCP', 53) }, {
      'another port': flow(web, dns, 'TCP', 9153), 'another namespace': flow(web, db, 'UDP', 53),
    });
  });

  test('some pods may mean the whole namespace where the others mean the DNS pods', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new DefaultDeny(chart, 'deny');
      new AllowDns(chart, 'dns', { dnsScope: DnsScope.NAMESPACE, subject: Workload.of(deployment(chart, 'web')) });
    }, FACTS);
    const other = { ...dns, name: 'other', labels: {} };
    expectFlows(cluster, manifests, { 'one of the namespace': flow(web, other, 'UDP', 53), 'DNS': flow(api, dns, 'UDP', 53) }, { 'not of another': flow(api, other, 'UDP', 53) });
  });

  test('the cache on the node is reached, and CoreDNS behind it', () => {
    const manifests = sound(cluster, ({ chart }) => { new AllowDns(chart, 'dns'); }, { ...FACTS, dns: Dns.nodeLocalCache() });
    expect(manifests).toMatchSnapshot();
    const cache = { node: 'local' as const, address: '169.254.20.10' };
    expectFlows(cluster, manifests, { 'the cache': flow(web, cache, 'UDP', 53), 'CoreDNS': flow(web, dns, 'UDP', 53) }, { another: flow(web, outside, 'UDP', 53) });
  });
});

test('a namespace that is not known is an error', () => {
  expect(() => synthesize('kubernetes', ({ app }) => { new AllowDns(new Chart(app, 'nowhere'), 'dns'); })).toThrow('nowhere/dns: the namespace is not known');
});

describe('some names only', () => {
  const names = ['api.example.com', '*.shop.svc.cluster.local'];
  const ask = (dnsQuery: string, source = web) => ({ ...flow(source, dns, 'UDP', 53), dnsQuery });

  test('on cilium, where the DNS proxy refuses the others', () => {
    const manifests = sound('cilium', ({ chart }) => { new AllowDns(chart, 'dns', { names }); }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows('cilium', manifests, { name: ask('api.example.com'), below: ask('web.shop.svc.cluster.local') }, {
      another: ask('evil.example.com'), deeper: ask('a.b.shop.svc.cluster.local'), domain: ask('example.com'),
    });
  });

  test('names that a workload connects to go with them, and no others', () => {
    const manifests = sound('cilium', ({ chart }) => {
      new AllowDns(chart, 'dns', { names });
      Workload.of(deployment(chart, 'web')).connections.allowTo(Peer.fqdn('api.stripe.com'), Port.HTTPS);
      Workload.of(deployment(chart, 'api')).connections.isolate();
    }, FACTS);
    expectFlows('cilium', manifests, {
      'its own': ask('api.stripe.com'),
      'the namespace\'s': ask('api.example.com'),
      'of another': ask('api.example.com', api),
      'and it is reached': flow(web, { address: '203.0.113.7', name: 'api.stripe.com' }, 'TCP', 443),
    }, { 'any other': ask('evil.example.com'), 'not of another': ask('api.stripe.com', api) });
  });

  test.each([['kubernetes', /NetworkPolicy ends at ports/], ['calico', /the calico dialect cannot express this/]] as const)('on %s is refused', (cluster, why) => {
    expect(() => synthesize(cluster, ({ chart }) => { new AllowDns(chart, 'dns', { names }); })).toThrow(why);
  });

  test.each<[string, (chart: Chart) => unknown]>([
    ['a DefaultDeny', chart => new DefaultDeny(chart, 'deny')],
    ['another AllowDns', chart => new AllowDns(chart, 'all', { name: 'all' })],
  ])('beside %s that lets the pods ask for any they would be moot', (_, also) => {
    expect(() => synthesize('cilium', ({ chart }) => {
      new AllowDns(chart, 'dns', { names });
      also(chart);
    })).toThrow(/policy shop\/allow-dns \(shop\/dns\), egress to dns for api\.example\.com, \*\.shop\.svc\.cluster\.local: the condition says nothing, since policies add up and policy shop\/[-a-z]+ \(shop\/[a-z]+\), egress to dns allows the same without it/);
  });

  test('a DefaultDeny without DNS leaves them as they are', () => {
    const manifests = sound('cilium', ({ chart }) => {
      new AllowDns(chart, 'dns', { names });
      new DefaultDeny(chart, 'deny', { dns: false });
    }, FACTS);
    expectFlows('cilium', manifests, { name: ask('api.example.com') }, { another: ask('evil.example.com') });
  });

  test('names and the whole namespace go together', () => {
    const manifests = sound('cilium', ({ chart }) => { new AllowDns(chart, 'dns', { names, dnsScope: DnsScope.NAMESPACE }); }, FACTS);
    const other = { ...dns, name: 'other', labels: {} };
    const asked = (dnsQuery: string) => ({ ...flow(web, other, 'UDP', 53), dnsQuery });
    expectFlows('cilium', manifests, { name: asked('api.example.com') }, { another: asked('evil.example.com') });
  });

  test('the whole namespace of DNS, for a policy that connects to a name', () => {
    const manifests = sound('cilium', ({ chart }) => {
      new AllowDns(chart, 'dns', { dnsScope: DnsScope.NAMESPACE }).addEgressRule({ peers: [Peer.fqdn('api.stripe.com')], ports: [Port.HTTPS] });
    }, FACTS);
    expectFlows('cilium', manifests, { name: ask('api.stripe.com'), reached: flow(web, { address: '203.0.113.7', name: 'api.stripe.com' }, 'TCP', 443) }, {});
  });

  test.each<[string[], string]>([
    [[], 'shop/dns: no DNS names are stated, which never means all of them; name at least one, or leave names out'],
    [['https://a.com'], 'shop/dns: FQDN "https://a.com" is a URL'],
    [['*'], 'shop/dns: FQDN "*" is every name'],
  ])('%j is an error', (stated, why) => {
    expect(() => synthesize('cilium', ({ chart }) => { new AllowDns(chart, 'dns', { names: stated }); })).toThrow(why);
  });
});
