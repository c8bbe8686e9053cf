import { V1ALPHA1, V1ALPHA2 } from './support';
import { CLUSTER_NETWORK_POLICY, clusterNetworkPolicyOf, noClusterNetworkPolicyBecause } from '../../../src/cluster/cluster-network-policy';
import { lastPriority } from '../../../src/dialects/cluster-network-policy/kinds';

test.each<[string, string | undefined, boolean, string | undefined]>([
  ['calico', '3.28', false, undefined],
  ['calico', '3.29', false, 'v1alpha1 standard'],
  ['calico', '3.31', false, 'v1alpha1 standard'],
  ['calico', '3.32', false, 'v1alpha2 standard'],
  ['calico', '3.33', true, 'v1alpha2 standard'],
  ['calico', '4.0', false, 'v1alpha2 standard'],
  ['cilium', '1.19', true, undefined],
  ['cilium', '1.20', false, undefined],
  ['cilium', '1.20', true, 'v1alpha2 experimental'],
  ['cilium', undefined, true, 'v1alpha2 experimental'],
  ['antrea', '2.6', true, 'v1alpha1 standard'],
  ['antrea', '2.7', true, 'v1alpha2 experimental'],
  ['antrea', '2.7', false, undefined],
  ['kube-ovn', '1.14', true, 'v1alpha1 standard'],
  ['kube-ovn', '1.15', true, 'v1alpha2 standard'],
  ['ovn-kubernetes', undefined, true, 'v1alpha1 standard'],
  ['kube-network-policies', '0.8', true, 'v1alpha1 standard'],
  ['kube-network-policies', '1.0', true, 'v1alpha2 standard'],
  ['kubernetes', undefined, true, undefined],
  ['flannel', undefined, true, undefined],
  ['constructor', undefined, true, undefined],
])('%s %s, switched on %s: %s', (cni, version, switchedOn, expected) => {
  const found = clusterNetworkPolicyOf(cni, version, switchedOn);
  expect(found && `${found.version} ${found.experimental ? 'experimental' : 'standard'}`).toBe(expected);
  expect(noClusterNetworkPolicyBecause(cni, version, switchedOn) === undefined).toBe(expected !== undefined);
});

test.each<[string, string | undefined, boolean, string]>([
  ['cilium', '1.20', false, 'cilium 1.20 enforces policy.networking.k8s.io/v1alpha2 only where it is switched on (--enable-k8s-cluster-network-policy), which is not stated'],
  ['cilium', '1.19', true, 'cilium 1.19 enforces no policy.networking.k8s.io; cilium 1.20 and later has v1alpha2'],
  ['flannel', undefined, true, 'flannel is not known to enforce policy.networking.k8s.io'],
])('why %s %s has none', (cni, version, switchedOn, sentence) => {
  expect(noClusterNetworkPolicyBecause(cni, version, switchedOn)).toBe(sentence);
});

test('every row names its source, and no two rows of a CNI overlap', () => {
  for (const row of CLUSTER_NETWORK_POLICY) { expect(row.source).toMatch(/^https:\/\//); }
  for (const cni of new Set(CLUSTER_NETWORK_POLICY.map(row => row.cni))) {
    const rows = CLUSTER_NETWORK_POLICY.filter(row => row.cni === cni);
    rows.slice(1).forEach((older, i) => expect(older.until).toBe(rows[i].since));
  }
});

test('the writer knows the same last priorities', () => {
  for (const { cni, version, lastPriority: last } of CLUSTER_NETWORK_POLICY) {
    const target = version === 'v1alpha1' ? V1ALPHA1 : V1ALPHA2;
    expect(lastPriority({ ...target, cni })).toBe(last ?? 1000);
  }
});
