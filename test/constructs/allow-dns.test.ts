import { ApiObject, Chart } from 'cdk8s';
import { AllowDns, DefaultDeny, Dns, Peer, Port, Workload } from '../../src';
import { Flow, Pod } from '../oracle';
import { api, db, dns, flow, outside, web, world } from '../oracle/fixtures';
import { allowed, CLUSTER_NAMES, ClusterName, Manifest, sound, synthesize } from '../support/apps';

const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };

/** `stop` is stopped by the manifests: without them everything passes. */
function expectFlows(cluster: ClusterName, manifests: readonly Manifest[], pass: Record<string, Flow>, stop: Record<string, Flow>): void {
  const all = { ...pass, ...stop };
  const passing = (of: readonly Manifest[]) => Object.keys(all).filter(name => allowed(cluster, of, world, all[name]));
  expect(passing([])).toEqual(Object.keys(all));
  expect(passing(manifests)).toEqual(Object.keys(pass));
}

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
