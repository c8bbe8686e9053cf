import { App, Chart } from 'cdk8s';
import {
  CalicoGlobalNetworkPolicy, CalicoNetworkPolicy, CiliumNetworkPolicy, Cluster, Cni, EgressGateway, Peer,
} from '../../src';

/** Plain JavaScript states what types would not let through: what is not there must not come to mean everything. */

const chartOn = (cni: Cni): Chart => {
  const app = new App();
  Cluster.of(app).configure({ cni });
  return new Chart(app, 'shop', { namespace: 'shop' });
};
/* eslint-disable @typescript-eslint/no-explicit-any -- props as plain JavaScript passes them */
const cilium = (props: any) => () => { new CiliumNetworkPolicy(chartOn(Cni.cilium('1.19')), 'p', props); };
const calico = (props: any) => () => { new CalicoNetworkPolicy(chartOn(Cni.calico('3.32')), 'p', props); };
const global = (props: any) => () => { new CalicoGlobalNetworkPolicy(chartOn(Cni.calico('3.32')), 'p', props); };
const pods = { endpointSelector: { matchLabels: { app: 'api' } } };
const onPort = (rest: object) => cilium({ ...pods, ingress: [{ toPorts: [{ ports: [{ port: 80, protocol: 'TCP' }], ...rest }] }] });

test.each<[string, () => void, RegExp]>([
  ['a label without a value, which would be every pod', cilium({ endpointSelector: { matchLabels: { app: undefined } }, ingress: [{}] }), /^shop\/p: endpointSelector\.matchLabels\.app: is undefined/],
  ['the same of a peer', cilium({ ...pods, ingress: [{ fromEndpoints: [{ matchLabels: { app: undefined } }] }] }), /fromEndpoints\[0\]\.matchLabels\.app: is undefined/],
  ['labels in a Map, which has no fields', cilium({ endpointSelector: { matchLabels: new Map([['app', 'api']]) }, ingress: [{}] }), /endpointSelector\.matchLabels: .* Map/],
  ['labels in a list', cilium({ endpointSelector: { matchLabels: ['api'] }, ingress: [{}] }), /matchLabels: must be an object/],
  ['HTTP conditions that are null, which would be every request', onPort({ http: null }), /ingress\[0\]\.toPorts\[0\]\.http: is null/],
  ['a rule that is undefined', cilium({ ...pods, ingress: [undefined] }), /ingress\[0\]: is undefined/],
  ['groups of AWS without conditions, which would be every instance', cilium({ ...pods, egress: [{ toGroups: [{ labels: {} }] }] }), /a group needs labels, ids or names/],
  ['the same with empty lists', cilium({ ...pods, egress: [{ toGroups: [{ securityGroupIds: [] }] }] }), /a group needs labels, ids or names/],
  ['Calico selectors that are an empty text, which would be everything', calico({ selector: '', ingress: [{ action: 'Allow' }] }), /every endpoint/],
  ['the same in a rule', calico({ ingress: [{ action: 'Allow', source: { selector: '' } }] }), /source\.selector: .*every endpoint/],
  ['a source that is null, which would be anybody', calico({ ingress: [{ action: 'Allow', source: null }] }), /ingress\[0\]\.source: is null/],
  ['an order that is null', calico({ order: null, ingress: [{ action: 'Allow' }] }), /order: is null/],
  ['namespaces of a policy of one', calico({ namespaceSelector: 'all()', ingress: [{ action: 'Allow' }] }), /namespaceSelector/],
  ['host endpoints of a policy of one namespace', calico({ hostEndpoints: true, ingress: [{ action: 'Allow' }] }), /hostEndpoints/],
  ['the same null in a global policy', global({ ingress: [{ action: 'Allow', destination: { nets: [null] } }] }), /destination\.nets\[0\]: is null/],
  ['labels of gateway nodes without a value', () => {
    new EgressGateway(chartOn(Cni.cilium('1.19')), 'p', {
      sources: [Peer.pods({ labels: { app: 'x' } })], destinations: ['0.0.0.0/0'], gateways: [{ nodeLabels: { egress: undefined as any, zone: 'a' } }],
    });
  }, /nodeLabels\.egress: is undefined/],
])('%s is refused', (_name, make, message) => {
  expect(make).toThrow(message);
});

describe('conditions that Cilium does not enforce where the direction is not closed', () => {
  const open = (rest: object, protocol = 'TCP', port = 80) => cilium({
    ...pods, enableDefaultDeny: { egress: false }, egress: [{ toPorts: [{ ports: [{ port, protocol }], ...rest }] }],
  });

  test.each([
    ['of HTTP', open({ http: [{ method: 'GET' }] })],
    ['of DNS names', open({ dns: [{ matchName: 'example.com' }] }, 'UDP', 53)],
  ])('%s are refused', (_name, make) => {
    expect(make).toThrow(/enableDefaultDeny\.egress: .* every request/);
  });

  test('every DNS name, which only looks at them, is not', () => {
    expect(open({ dns: [{ matchPattern: '*' }] }, 'UDP', 53)).not.toThrow();
  });
});

test('two native objects of one kind and name are refused, also without any other policy', () => {
  const chart = chartOn(Cni.cilium('1.19'));
  new CiliumNetworkPolicy(chart, 'p', { ...pods, name: 'x', ingress: [{}] });
  const second = new CiliumNetworkPolicy(chart, 'q', { ...pods, name: 'x', egress: [{}] });
  expect(() => App.of(chart).synthYaml()).toThrow(/two policies are the same object/);
  chart.node.tryRemoveChild(second.node.id);
  expect(() => App.of(chart).synthYaml()).not.toThrow();
});
