import { ApiObject, Chart } from 'cdk8s';
import { AllowExternal, AllowExternalProps, Port, Workload } from '../../src';
import { api, db, dns, flow, named, outside, outside6, web, world } from '../oracle/fixtures';
import { CLUSTER_NAMES, expectFlows, Program, sound, synthesize } from '../support/apps';

const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };

function deployment(chart: Chart, name: string): ApiObject {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name, image: name }] } };
  return new ApiObject(chart, name, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { selector: { matchLabels: labels }, template } } as never);
}

const stating = (props: AllowExternalProps): Program => ({ chart }) => { new AllowExternal(chart, 'out', props); };

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('pods reach the ranges that are stated, and resolve names', () => {
    const manifests = sound(cluster, stating({
      destinations: [{ cidrs: ['203.0.113.0/24', '2001:db8::/32'] }, { cidrs: ['198.51.100.7/32'], port: Port.tcpRange(5000, 5010) }],
    }), FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, {
      'IPv4': flow(web, outside, 'TCP', 443),
      'IPv6': flow(api, outside6, 'TCP', 443),
      'another port': flow(api, { address: '198.51.100.7' }, 'TCP', 5010),
      'DNS': flow(web, dns, 'UDP', 53),
      'in, which nothing isolates': flow(outside, web),
      'pods of another namespace': flow(db, outside, 'TCP', 80),
    }, {
      'the port of another destination': flow(web, outside, 'TCP', 5000),
      'the range of another port': flow(web, { address: '198.51.100.7' }, 'TCP', 443),
      'another protocol': flow(web, outside, 'UDP', 443),
      'the next address': flow(web, { address: '198.51.100.8' }, 'TCP', 5000),
      'an address that is not stated': flow(web, { address: '192.0.2.1' }, 'TCP', 443),
      'a pod': flow(web, api, 'TCP', 443),
    });
  });

  test('a range that overlaps with the pods does not open them', () => {
    const manifests = sound(cluster, stating({ destinations: [{ cidrs: ['10.0.0.0/8'] }] }), FACTS);
    expectFlows(cluster, manifests, { 'an address outside': flow(web, { address: '10.9.9.9' }, 'TCP', 443) }, {
      'a pod in the range': flow(web, db, 'TCP', 443), 'another address': flow(web, outside, 'TCP', 443),
    });
  });

  test('only some pods may be meant', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new AllowExternal(chart, 'out', { subject: Workload.of(deployment(chart, 'web')), destinations: [{ cidrs: ['203.0.113.0/24'] }] });
    }, FACTS);
    expectFlows(cluster, manifests, { 'stated': flow(web, outside, 'TCP', 443), 'pods that are not meant': flow(api, outside, 'TCP', 80) }, {
      'another port': flow(web, outside, 'TCP', 80),
    });
  });
});

describe('names', () => {
  const props = { destinations: [{ fqdns: ['API.example.com', '*.example.org'] }] };

  test('on cilium names are reached once they were asked for, and others are not', () => {
    const manifests = sound('cilium', stating(props), FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows('cilium', manifests, {
      'the name': flow(web, named('api.example.com'), 'TCP', 443),
      'a name of the wildcard': flow(web, named('eu.example.org'), 'TCP', 443),
      'the question': { ...flow(web, dns, 'UDP', 53), dnsQuery: 'api.example.com' },
    }, {
      'another name': flow(web, named('evil.example.com'), 'TCP', 443),
      'deeper than the wildcard': flow(web, named('a.b.example.org'), 'TCP', 443),
      'the domain of the wildcard': flow(web, named('example.org'), 'TCP', 443),
      'another port': flow(web, named('api.example.com'), 'TCP', 80),
      'the address alone': flow(web, outside, 'TCP', 443),
    });
  });

  test.each([
    ['kubernetes', 'NetworkPolicy knows addresses, not names'],
    ['calico', 'open-source Calico knows addresses, not names (domains exist in Calico Enterprise only)'],
  ] as const)('%s does not know them', (cluster, reason) => {
    expect(() => synthesize(cluster, stating(props))).toThrow(
      `: *.example.org: the ${cluster} dialect cannot express this: ${reason}; use the cilium dialect, or allow the addresses with Peer.cidr(...), or an egress proxy with Peer.pods(...)`);
  });
});

describe('mistakes', () => {
  test.each<[string, AllowExternalProps, string]>([
    ['no destinations', { destinations: [] }, 'shop/out: no destinations are stated, which never means all of them; name at least one'],
    ['a destination of nothing', { destinations: [{}] }, 'a destination names neither fqdns nor cidrs; name at least one, or say Peer.internet() in a NetworkPolicy'],
    ['a destination of empty lists', { destinations: [{ cidrs: [], fqdns: [] }] }, 'a destination names neither fqdns nor cidrs'],
    ['a range that is none', { destinations: [{ cidrs: ['203.0.113.0'] }] }, '"203.0.113.0" has no prefix length; did you mean "203.0.113.0/32"?'],
    ['a name that is a URL', { destinations: [{ fqdns: ['https://example.com'] }] }, 'FQDN "https://example.com" is a URL; give only the host, such as "api.example.com"'],
  ])('%s: is an error', (_, props, message) => {
    expect(() => synthesize('cilium', stating(props))).toThrow(message);
  });
});
