import { App, Chart } from 'cdk8s';
import { sound, synthesize, VERSIONS } from './support';
import { Cluster, ClusterFacts, Cni, LabelExpression, Namespaces, Peer, Workload } from '../../../src';
import { EgressGateway, EgressGatewayProps } from '../../../src/constructs/cilium/egress-gateway';
import { deployment } from '../../support/apps';

const NODES = { nodeLabels: { 'egress-gateway': 'true' } };

describe.each(VERSIONS)('on Cilium %s', version => {
  const cni = Cni.cilium(version);

  test('a workload leaves through a node, by the labels that its pods are selected by', () => {
    const manifests = sound(cni, chart => {
      const api = Workload.of(deployment(chart, 'api', { app: 'api' }));
      new EgressGateway(chart, 'partner', { sources: [api], destinations: ['203.0.113.0/24'], except: ['203.0.113.8/32'], gateways: [{ ...NODES, egressIp: '198.51.100.1' }] });
    });
    expect(manifests[1]).toEqual({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumEgressGatewayPolicy',
      metadata: { name: 'shop-partner' },
      spec: {
        selectors: [{ podSelector: { matchLabels: { 'app': 'api', 'io.kubernetes.pod.namespace': 'shop' } } }],
        destinationCIDRs: ['203.0.113.0/24'],
        excludedCIDRs: ['203.0.113.8/32'],
        egressGateway: { nodeSelector: { matchLabels: { 'egress-gateway': 'true' } }, egressIP: '198.51.100.1' },
      },
    });
  });

  test('sources are alternatives, and several gateways are listed', () => {
    const manifests = sound(cni, chart => {
      new EgressGateway(chart, 'all', {
        sources: [
          Workload.external(chart, { labels: { app: 'worker' }, expressions: [LabelExpression.noneOf('tier', 'test')], namespace: 'jobs' }),
          Peer.namespaces(Namespaces.named('a', 'b')),
          Peer.pods({ namespaces: Namespaces.labeled({ labels: { team: 'red' } }), labels: { app: 'x' }, serviceAccount: 'x' }),
        ],
        destinations: ['0.0.0.0/0', '::/0'],
        gateways: [
          { nodeLabels: { zone: 'a' }, nodeExpressions: [LabelExpression.exists('egress')], networkInterface: 'eth1' },
          { nodeLabels: { zone: 'b' }, networkInterface: 'eth1' },
        ],
      });
    });
    expect(manifests).toMatchSnapshot();
  });
});

const make = (props: Partial<EgressGatewayProps>, cni: Cni = Cni.cilium('1.20'), facts: ClusterFacts = {}) => () => synthesize(cni, chart => {
  new EgressGateway(chart, 'g', { sources: [Peer.namespaces(Namespaces.named('shop'))], destinations: ['203.0.113.0/24'], gateways: [NODES], ...props });
}, facts);

const REFUSED: [string, () => unknown, RegExp][] = [
  ['no sources', make({ sources: [] }), /^shop\/g: sources: an empty list/],
  ['addresses as sources', make({ sources: [Peer.cidr('10.0.0.0/8')] }), /sources\[0\] \(.*\): only pods leave through an egress gateway/],
  ['everything as sources', make({ sources: [Peer.any()] }), /only pods leave/],
  ['a label that is not part of the identity', make({ sources: [Peer.pods({ namespaces: Namespaces.named('a'), labels: { 'controller-uid': 'x' } })] }), /not part of a pod's identity/],
  ['no destinations', make({ destinations: [] }), /destinations: an empty list/],
  ['a destination that is none', make({ destinations: ['example.com'] }), /^shop\/g: .*is not a CIDR/],
  ['an exception outside the destinations', make({ except: ['10.0.0.0/8'] }), /except: 10\.0\.0\.0\/8 is not a part of a destination/],
  ['an exception that leaves nothing', make({ except: ['203.0.113.0/24'] }), /except: nothing of 203\.0\.113\.0\/24 is left/],
  ['exceptions that together leave nothing', make({ except: ['203.0.113.0/25', '203.0.113.128/25'] }), /except: nothing of 203\.0\.113\.0\/24 is left/],
  ['a destination inside the cluster', make({ destinations: ['10.1.0.0/16', '203.0.113.0/24'] }, undefined, { podCidrs: ['10.0.0.0/8'] }), /destinations: 10\.1\.0\.0\/16 is inside the cluster/],
  ['nodes as a destination', make({ destinations: ['172.18.0.1/32'] }, undefined, { nodeCidrs: ['172.18.0.0/16'] }), /destinations: 172\.18\.0\.1\/32 is inside the cluster/],
  ['an interface with a name that is too long', make({ gateways: [{ ...NODES, networkInterface: 'abcdefghijklmnop' }] }), /gateways\[0\]\.networkInterface: .* at most 15 characters/],
  ['an interface with a space', make({ gateways: [{ ...NODES, networkInterface: 'eth 0' }] }), /networkInterface: "eth 0" is the name of no interface/],
  ['a source that is none', make({ sources: ['api' as never] }), /sources\[0\]: must be a workload or a Peer, got "api"/],
  ['a property of a node that there is not', make({ gateways: [{ ...NODES, egressIP: '198.51.100.1' } as never] }), /gateways\[0\]\.egressIP: unknown field; known are nodeLabels/],
  ['no gateways', make({ gateways: [] }), /gateways: an empty list/],
  ['every node as gateway', make({ gateways: [{ nodeLabels: {} }] }), /without labels every node is meant/],
  ['a label that is none', make({ gateways: [{ nodeLabels: { 'a b': 'c' } }] }), /label key "a b" is invalid/],
  ['an interface and an address', make({ gateways: [{ ...NODES, networkInterface: 'eth0', egressIp: '198.51.100.1' }] }), /ignores a policy with both/],
  ['an address that is none', make({ gateways: [{ ...NODES, egressIp: 'eth0' }] }), /"eth0" is no IP address/],
  ['an address of the other IP version', make({ destinations: ['0.0.0.0/0', '::/0'], gateways: [{ ...NODES, egressIp: '198.51.100.1' }] }), /an IPv4 address cannot be the source of packets to ::\/0/],
  ['an IPv6 address before 1.20', make({ destinations: ['2001:db8::/32'], gateways: [{ ...NODES, egressIp: '2001:db8::1' }] }, Cni.cilium('1.19')), /possible since Cilium 1\.20/],
  ['plain Kubernetes', make({}, Cni.kubernetes()), /EgressGateway is an object of Cilium, and the fact cni is kubernetes.*IstioEgressGateway/],
  ['Calico', make({}, Cni.calico('3.30')), /no object of plain Kubernetes or of open-source Calico does this: .*NAT gateway/],
];

test.each(REFUSED)('%s is refused, with the reason', (_name, state, why) => { expect(state).toThrow(why); });

test('an IPv6 address is taken since 1.20', () => {
  expect(make({ destinations: ['2001:db8::/32'], gateways: [{ ...NODES, egressIp: '2001:db8::1' }] })).not.toThrow();
});

test('a workload of a construct whose labels are not part of the identity is refused at synth', () => {
  const app = new App();
  Cluster.of(app).configure({ cni: Cni.cilium('1.18') });
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const api = Workload.of(deployment(chart, 'api', { 'controller-uid': 'x' }));
  new EgressGateway(chart, 'g', { sources: [api], destinations: ['0.0.0.0/0'], gateways: [NODES] });
  expect(() => chart.toJson()).toThrow(/not part of a pod's identity/);
});

test('all of the addresses are a destination, also where some of them are inside, and the longest name is one of an interface', () => {
  const gateways = [{ ...NODES, networkInterface: 'abcdefghijklmno' }];
  expect(make({ destinations: ['0.0.0.0/0'], except: ['10.0.0.0/8'], gateways }, undefined, { podCidrs: ['10.0.0.0/8'] })).not.toThrow();
});
