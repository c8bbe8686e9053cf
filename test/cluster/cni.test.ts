import { AwsVpcMode, Cni } from '../../src';
import { CNI_PROFILES } from '../../src/cluster/cni-profiles';

test.each([
  ['Cilium without a version is the oldest supported one', Cni.cilium(), 'cilium@1.18'],
  ['Cilium 1.19', Cni.cilium('1.19'), 'cilium@1.19'],
  ['a patch version is its minor version', Cni.cilium('1.18.4'), 'cilium@1.18'],
  ['a version with a "v"', Cni.calico('v3.31'), 'calico@3.31'],
  ['Calico without a version is the oldest supported one', Cni.calico(), 'calico@3.30'],
  ['a newer minor version is taken', Cni.calico('3.99'), 'calico@3.99'],
  ['a newer major version is taken', Cni.cilium('2.0'), 'cilium@2.0'],
  ['plain Kubernetes has no version', Cni.kubernetes(), 'kubernetes'],
  ['Flannel has no version', Cni.flannel(), 'flannel'],
])('%s', (_, cni, text) => {
  expect(cni.toString()).toBe(text);
  expect([cni.name, cni.version]).toEqual([text.split('@')[0], text.split('@')[1]]);
});

test.each([
  ['1.17', 'version "1.17" of cilium is older than the oldest supported one, 1.18'],
  ['1.9', 'version "1.9" of cilium is older than the oldest supported one, 1.18'],
  ['0.99', 'version "0.99" of cilium is older than the oldest supported one, 1.18'],
  ['1', 'version "1" of cilium is not understood; write it like "1.18"'],
  ['latest', 'version "latest" of cilium is not understood; write it like "1.18"'],
  ['', 'version "" of cilium is not understood; write it like "1.18"'],
  ['1.18-rc1', 'version "1.18-rc1" of cilium is not understood; write it like "1.18"'],
])('Cilium %s is refused', (version, why) => {
  expect(() => Cni.cilium(version)).toThrow(why);
});

test('Calico that is too old is refused', () => {
  expect(() => Cni.calico('3.29')).toThrow('version "3.29" of calico is older than the oldest supported one, 3.30');
});

test.each(['cilium', 'cilium@1.18', ' calico@3.30 ', 'antrea', 'ovn-kubernetes', 'kube-ovn', 'kube-network-policies', 'kubernetes', 'flannel',
  'aws-vpc', 'azure', 'gke-dataplane-v2', 'kube-router', 'kindnet', 'weave'])('%j is read back as it is printed', text => {
  const cni = Cni.parse(text);
  expect(Cni.parse(cni.toString())).toEqual(cni);
  expect(cni.name).toBe(text.trim().split('@')[0]);
});

test.each([
  ['romana', 'CNI "romana" is not known; use one of kubernetes, cilium, calico, antrea, ovn-kubernetes, kube-ovn, kube-network-policies, '
    + 'aws-vpc, azure, gke-dataplane-v2, kube-router, kindnet, weave, flannel'],
  ['aws-vpc@1.20', 'aws-vpc takes no version, got "1.20"'],
  ['aws-vpc+standard', 'aws-vpc has no option "standard"; use one of strict'],
  ['constructor', 'CNI "constructor" is not known'],
  ['', 'CNI "" is not known'],
  ['cilium@1.18@2', 'CNI "cilium@1.18@2" is not understood; write NAME or NAME@VERSION, such as cilium@1.18, with +OPTION for what is switched on'],
  ['cilium@', 'version "" of cilium is not understood'],
  ['kubernetes@1.30', 'kubernetes takes no version, got "1.30"'],
])('%j is refused', (text, why) => {
  expect(() => Cni.parse(text)).toThrow(why);
});

test('every row names the page that it rests on, and says why where nothing is enforced', () => {
  for (const [name, profile] of Object.entries(CNI_PROFILES)) {
    expect(profile.name).toBe(name);
    expect(profile.source).toMatch(/^https:\/\//);
    expect(profile.ignoresBecause !== undefined).toBe(profile.dialects.length === 0);
  }
});

test.each([
  ['aws-vpc', Cni.awsVpc()],
  ['aws-vpc', Cni.awsVpc({ mode: AwsVpcMode.STANDARD })],
  ['aws-vpc+strict', Cni.awsVpc({ mode: AwsVpcMode.STRICT })],
  ['azure', Cni.azure()],
  ['azure+windows', Cni.azure({ windows: true })],
  ['gke-dataplane-v2', Cni.gkeDataplaneV2()],
  ['kube-router', Cni.kubeRouter()],
  ['kube-router+defaultDeny', Cni.kubeRouter({ defaultDeny: true })],
  ['kindnet', Cni.kindnet()],
  ['weave', Cni.weave()],
  ['openshift', Cni.openShift()],
  ['openshift+clusterNetworkPolicy', Cni.openShift({ clusterNetworkPolicy: true })],
])('%j is read as the factory makes it', (text, cni) => {
  expect(Cni.parse(text)).toEqual(cni);
  expect(Cni.parse(cni.toString())).toEqual(cni);
});

test('OpenShift runs OVN-Kubernetes', () => {
  expect(Cni.openShift().name).toBe('ovn-kubernetes');
  expect(Cni.openShift().toString()).toBe('openshift');
});

test('a mode that there is not is an error', () => {
  expect(() => Cni.awsVpc({ mode: 'lenient' as never })).toThrow('mode "lenient" of aws-vpc is not known; use one of standard, strict');
});

describe('what is switched on', () => {
  test.each<[Cni, string, string[]]>([
    [Cni.cilium('1.20', { clusterNetworkPolicy: true, hostFirewall: true }), 'cilium@1.20+clusterNetworkPolicy+hostFirewall', ['clusterNetworkPolicy', 'hostFirewall']],
    [Cni.cilium('1.18', { nodeSelectorLabels: true, extendedProtocols: true, mutualAuthentication: true }),
      'cilium@1.18+extendedProtocols+mutualAuthentication+nodeSelectorLabels', ['extendedProtocols', 'mutualAuthentication', 'nodeSelectorLabels']],
    [Cni.cilium('1.18', { hostFirewall: false, mutualAuthentication: undefined }), 'cilium@1.18', []],
    [Cni.calico('3.32', { applicationLayerPolicy: true }), 'calico@3.32+applicationLayerPolicy', ['applicationLayerPolicy']],
    [Cni.antrea(), 'antrea@1.13', []],
    [Cni.antrea('2.7', { clusterNetworkPolicy: true }), 'antrea@2.7+clusterNetworkPolicy', ['clusterNetworkPolicy']],
    [Cni.ovnKubernetes({ clusterNetworkPolicy: true }), 'ovn-kubernetes+clusterNetworkPolicy', ['clusterNetworkPolicy']],
    [Cni.kubeOvn('1.15', { clusterNetworkPolicy: true }), 'kube-ovn@1.15+clusterNetworkPolicy', ['clusterNetworkPolicy']],
    [Cni.kubeNetworkPolicies('1.0', { clusterNetworkPolicy: true }), 'kube-network-policies@1.0+clusterNetworkPolicy', ['clusterNetworkPolicy']],
  ])('%s', (cni, text, options) => {
    expect(cni.toString()).toBe(text);
    expect(cni.options).toEqual(options);
    expect(Cni.parse(text)).toEqual(cni);
  });

  test('is read in any order, with spaces and repetition', () => {
    expect(Cni.parse('cilium@1.20+hostFirewall + clusterNetworkPolicy+hostFirewall')).toEqual(Cni.cilium('1.20', { clusterNetworkPolicy: true, hostFirewall: true }));
  });

  test.each<[string, () => Cni, string]>([
    ['an option that there is not', () => Cni.parse('cilium@1.20+encryption'), 'cilium has no option "encryption"; use one of clusterNetworkPolicy, nodeSelectorLabels, extendedProtocols, hostFirewall, mutualAuthentication'],
    ['one of another CNI', () => Cni.parse('calico+clusterNetworkPolicy'), 'calico has no option "clusterNetworkPolicy"; use one of applicationLayerPolicy'],
    ['one of a CNI that has none', () => Cni.parse('kubernetes+clusterNetworkPolicy'), 'kubernetes has no option "clusterNetworkPolicy"; there is none to switch on'],
    ['one of every object', () => Cni.parse('cilium+constructor'), 'cilium has no option "constructor"'],
    ['an empty one', () => Cni.parse('cilium+'), 'cilium has no option ""'],
    ['one that a version lacks', () => Cni.cilium('1.19', { clusterNetworkPolicy: true }), 'option clusterNetworkPolicy (--enable-k8s-cluster-network-policy) is there since cilium 1.20, and the cluster runs 1.19; leave it out, or state the newer version'],
    ['one that the default version lacks', () => Cni.parse('cilium+clusterNetworkPolicy'), 'and the cluster runs 1.18'],
    ['one that is neither true nor false', () => Cni.cilium('1.20', { hostFirewall: 'yes' as never }), 'option hostFirewall of cilium is "yes"; state true or false'],
    ['a version of one that has none', () => Cni.parse('ovn-kubernetes@1.0'), 'ovn-kubernetes takes no version, got "1.0"'],
  ])('%s is an error', (_, make, why) => {
    expect(make).toThrow(why);
  });

  test('a newer version has what an older one has', () => {
    expect(() => Cni.cilium('1.21', { clusterNetworkPolicy: true })).not.toThrow();
    expect(() => Cni.cilium('2.0', { clusterNetworkPolicy: true })).not.toThrow();
  });
});

test('the list of known CNIs has the names under which they are sold', () => {
  expect(() => Cni.parse('openshfit')).toThrow(/use one of .*ovn-kubernetes.*, openshift$/);
});
