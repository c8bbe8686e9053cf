import { IsolateNamespace, Namespaces, Peer, Port } from '../../src';
import { api, db, dns, flow, localNode, otherApi, outside, ping, web, world } from '../oracle/fixtures';
import { CLUSTER_NAMES, flowsIn, sound, synthesize } from '../support/apps';

const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const expectFlows = flowsIn(world);
const INSIDE = { 'between its pods': flow(web, api), 'on any port': flow(api, web, 'TCP', 22), 'ICMP': ping(web, api) };
const DNS = { 'DNS over UDP': flow(web, dns, 'UDP', 53), 'DNS over TCP': flow(api, dns, 'TCP', 53) };
const OUT = { 'out to another namespace': flow(web, db), 'outside': flow(web, outside, 'TCP', 443) };
const IN = { 'in from another namespace': flow(db, web), 'in from outside': flow(outside, web) };

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('pods talk to each other and to DNS, and to nothing else', () => {
    const manifests = sound(cluster, ({ chart }) => { new IsolateNamespace(chart, 'border'); }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { ...INSIDE, ...DNS, 'elsewhere': flow(db, otherApi), 'the own node': flow(localNode, web) }, {
      ...OUT, ...IN, 'another port of DNS': flow(web, dns, 'TCP', 9153),
    });
  });

  test('what is stated may cross the border, on its port, and in its direction only', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new IsolateNamespace(chart, 'border', {
        port: Port.tcp(8080),
        allowFrom: [{ peers: [Peer.namespaces(Namespaces.named('data'))], ports: [Port.tcp(8080)], because: 'reports are made there' }],
        allowTo: [{ peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.HTTPS] }],
      });
    }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { ...DNS, inside: flow(web, api), in: flow(db, web), out: flow(web, outside, 'TCP', 443) }, {
      'inside, another port': flow(api, web, 'TCP', 22),
      'in, another port': flow(db, web, 'TCP', 22),
      'out, another port': flow(web, outside, 'TCP', 80),
      'out where only in is stated': flow(web, db),
      'in where only out is stated': flow(outside, web),
    });
  });

  test('DNS can be declined', () => {
    const manifests = sound(cluster, ({ chart }) => { new IsolateNamespace(chart, 'border', { dns: false, name: 'mine' }); }, FACTS);
    expect(manifests[0].metadata.name).toBe('mine');
    expectFlows(cluster, manifests, INSIDE, { ...DNS, ...IN, ...OUT });
  });
});

test('a crossing that names nobody, or no port, is an error', () => {
  const making = (crossing: object) => () => synthesize('kubernetes', ({ chart }) => { new IsolateNamespace(chart, 'border', { allowFrom: [crossing as never] }); });
  expect(making({ peers: [], ports: [Port.HTTP] })).toThrow('ingress rule has no peers, which never means all of them');
  expect(making({ peers: [Peer.any()], ports: [] })).toThrow('ingress rule has no ports, which never means all of them');
  expect(making({ peers: [Peer.any()], ports: [Port.HTTP], action: 'deny' })).toThrow('shop/border: allowFrom[0].action: unknown field; what is listed here is allowed, so deny it in a NetworkPolicy');
});
