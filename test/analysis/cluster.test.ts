import { clusterOf, CniDetector, resolveCluster } from '../../src/analysis/cluster';

const document = (apiVersion: string, kind: string) => ({ apiVersion, kind, metadata: { name: 'a' } });
const CILIUM = document('cilium.io/v2', 'CiliumNetworkPolicy');
const CALICO = document('projectcalico.org/v3', 'GlobalNetworkPolicy');
const KUBERNETES = document('networking.k8s.io/v1', 'NetworkPolicy');

function detected(...values: unknown[]): string {
  const detector = new CniDetector();
  values.forEach((value, i) => detector.add(value, `a.yaml:${i + 1}`));
  return detector.cni();
}

describe('the CNI of documents', () => {
  test.each([
    ['no policy', [], 'kubernetes'],
    ['NetworkPolicies', [KUBERNETES], 'kubernetes'],
    ['policies of Cilium', [KUBERNETES, CILIUM], 'cilium'],
    ['policies of Calico', [CALICO, KUBERNETES], 'calico'],
    ['what Cilium keeps of pods', [document('cilium.io/v2', 'CiliumEndpoint')], 'cilium'],
    ['how Calico stores its policies', [document('crd.projectcalico.org/v1', 'GlobalNetworkPolicy')], 'calico'],
    ['policies of one beside objects of another', [document('projectcalico.org/v3', 'IPPool'), CILIUM], 'cilium'],
    ['what is no object', [null, 'text', 7, {}, { apiVersion: 1, kind: 'x' }], 'kubernetes'],
  ])('%s', (_, values, cni) => {
    expect(detected(...values)).toBe(cni);
  });

  test('policies of two are an error with the places of both', () => {
    expect(() => detected(CALICO, CILIUM, CILIUM)).toThrow('there are policies of calico (a.yaml:1) and of cilium (a.yaml:2); state the CNI of the cluster: --cni calico or --cni cilium');
    expect(() => detected(document('projectcalico.org/v3', 'IPPool'), document('cilium.io/v2', 'CiliumNode'))).toThrow('there are objects of calico (a.yaml:1) and of cilium (a.yaml:2)');
  });

  test('is not looked for where it is stated', () => {
    expect(resolveCluster([CALICO, CILIUM].map(value => ({ value, at: 'x' })), { cni: 'antrea' })).toMatchObject({ cni: 'antrea', dialect: 'kubernetes' });
    expect(resolveCluster([{ value: CILIUM, at: 'x' }], {}).cni).toBe('cilium');
  });
});

describe('a cluster by the name of its CNI', () => {
  test.each([
    ['aws-vpc', ['external', 'pod', 'node', 'hostEndpoint']],
    ['azure', ['external', 'pod', 'node', 'hostEndpoint']],
    ['kube-router', ['external', 'pod', 'node', 'hostEndpoint']],
    ['kindnet', ['external', 'pod', 'node', 'hostEndpoint']],
    ['weave', ['external', 'pod', 'node', 'hostEndpoint']],
    ['ovn-kubernetes', ['external', 'pod', 'node', 'hostEndpoint']],
    ['gke-dataplane-v2', ['external']],
    ['cilium', ['external']],
  ])('%s: a range matches %j', (cni, cidrMatches) => {
    expect(clusterOf(cni, {})).toMatchObject({ cni, profile: { cidrMatches }, problems: [] });
  });
});

describe('a cluster', () => {
  test('has the profile of its CNI', () => {
    expect(clusterOf('cilium', {}).profile.cidrMatches).toEqual(['external']);
    expect(clusterOf('calico', {}).profile.cidrMatches).toEqual(['external', 'pod', 'node', 'hostEndpoint']);
  });

  test('may have a CNI that enforces nothing, whose policies are those that the API server takes', () => {
    expect(clusterOf('flannel', {})).toMatchObject({ cni: 'flannel', dialect: 'kubernetes', profile: { cidrMatches: ['external'] } });
  });

  test('has what is stated, ranges in their one form', () => {
    expect(clusterOf('cilium', { version: '1.18', podCidrs: ['FD00:0::/64'], closed: true, features: { hostFirewall: true } }))
      .toMatchObject({ version: '1.18', podCidrs: ['fd00::/64'], nodeCidrs: [], closed: true, features: { hostFirewall: true } });
  });

  test.each([
    ['a CNI that is not known', 'romana', {}, 'CNI "romana" is not known; use one of kubernetes, cilium'],
    ['a name that is a property of every object', 'constructor', {}, 'CNI "constructor" is not known'],
    ['a range that is none', 'cilium', { podCidrs: ['10.0.0.1/8'] }, '"10.0.0.1/8" has bits set beyond /8'],
  ])('%s is refused', (_, cni, options, message) => {
    expect(() => clusterOf(cni, options)).toThrow(message);
  });
});
