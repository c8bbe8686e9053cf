import { ALL_DIALECTS } from '../../src/dialects';
import { UNEVALUATED, unevaluated } from '../../src/dialects/unevaluated';

const document = (apiVersion: string, kind: string, metadata: object = { name: 'web', namespace: 'shop' }) => ({ apiVersion, kind, metadata });

test.each<[string, string, RegExp]>([
  ['networking.k8s.aws/v1alpha1', 'ApplicationNetworkPolicy', /^ApplicationNetworkPolicy shop\/web of networking\.k8s\.aws \(.*EKS Auto Mode\): not evaluated; the real answer may be stricter or looser$/],
  ['networking.k8s.aws/v1alpha1', 'ClusterNetworkPolicy', /may be stricter or looser$/],
  ['vpcresources.k8s.aws/v1beta1', 'SecurityGroupPolicy', /: not evaluated; the real answer may be stricter$/],
  ['crd.antrea.io/v1beta1', 'NetworkPolicy', /\(Antrea\).* stricter or looser$/],
  ['crd.antrea.io/v1beta1', 'ClusterGroup', /\(Antrea\)/],
  ['k8s.ovn.org/v1', 'EgressFirewall', /\(OVN-Kubernetes\).* stricter$/],
  ['k8s.ovn.org/v1', 'EgressQoS', /no say in who may talk to whom$/],
  ['cilium.io/v2', 'CiliumLocalRedirectPolicy', /Cilium/],
  ['crd.projectcalico.org/v1', 'GlobalNetworkPolicy', /projectcalico\.org\/v3/],
  ['policy.linkerd.io/v1beta3', 'Server', /\(Linkerd\).* stricter$/],
  ['kuma.io/v1alpha1', 'MeshTrafficPermission', /\(Kuma\)/],
  ['consul.hashicorp.com/v1alpha1', 'ServiceIntentions', /\(Consul\)/],
])('%s %s is known and not evaluated', (apiVersion, kind, sentence) => {
  expect(unevaluated(document(apiVersion, kind))).toMatch(sentence);
});

test('a version that is new is as little evaluated as those that are known', () => {
  expect(unevaluated(document('networking.k8s.aws/v1', 'ApplicationNetworkPolicy'))).toMatch(/not evaluated/);
});

test.each<[string, unknown]>([
  ['a NetworkPolicy', document('networking.k8s.io/v1', 'NetworkPolicy')],
  ['a kind of the core', document('v1', 'Service')],
  ['a kind of that name in another group', document('example.com/v1', 'EgressFirewall')],
  ['a group without a version', document('k8s.ovn.org', 'EgressFirewall')],
  ['a group that is no group', document('k8s.ovn.org/v1/x', 'EgressFirewall')],
  ['a kind that every object inherits', document('k8s.ovn.org/v1', 'constructor')],
  ['a kind that is only inherited', Object.create(document('k8s.ovn.org/v1', 'EgressFirewall'))],
  ['nothing', undefined],
  ['null', null],
  ['text', 'kind: EgressFirewall'],
  ['numbers for names', { apiVersion: 1, kind: 2 }],
])('%s is nothing of the kind', (_, value) => {
  expect(unevaluated(value)).toBeUndefined();
});

test('a document without a proper name is named by its kind, and a long name is clipped', () => {
  expect(unevaluated({ apiVersion: 'k8s.ovn.org/v1', kind: 'EgressFirewall', metadata: 5 })).toMatch(/^EgressFirewall of k8s\.ovn\.org/);
  expect(unevaluated(document('k8s.ovn.org/v1', 'EgressFirewall', { name: 'x'.repeat(100_000) }))!.length).toBeLessThan(250);
});

test('every row has its source, and no kind stands in two rows or is read by a dialect', () => {
  const all = UNEVALUATED.flatMap(({ group, versions, kinds }) => kinds.flatMap(kind => versions.map(version => `${group}/${version} ${kind}`)));
  const read = ALL_DIALECTS.flatMap(({ kinds }) => kinds.filter(({ role }) => role !== 'other').map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
  expect(new Set(all).size).toBe(all.length);
  expect(all.filter(each => read.includes(each))).toEqual([]);
  expect(UNEVALUATED.filter(({ source, versions }) => !source.startsWith('https://') || versions.length === 0)).toEqual([]);
});
