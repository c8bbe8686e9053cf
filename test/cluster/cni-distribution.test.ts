import { appWith, manifestsOf } from './support';
import { AllowKubeApi, Cluster, ClusterFacts, Cni, Distribution } from '../../src';

const portOf = (facts: ClusterFacts): number =>
  manifestsOf({ apiServerCidrs: ['203.0.113.99/32'], ...facts }, ({ chart }) => { new AllowKubeApi(chart, 'api', { dns: false }); })[0].spec.egress[0].ports[0].port;
const namespacesOf = (facts: ClusterFacts): string[] => Cluster.of(appWith(facts).app).systemNamespaces;

test.each<[string, Cni, string]>([
  ['EKS', Cni.awsVpc(), 'aws-observability'],
  ['GKE', Cni.gkeDataplaneV2(), 'gke-managed-system'],
  ['AKS', Cni.azure(), 'app-routing-system'],
  ['OpenShift', Cni.openShift(), 'openshift-ingress'],
  ['OpenShift', Cni.parse('openshift'), 'openshift-ingress'],
])('%s follows from the CNI that comes with it', (_, cni, namespace) => {
  expect(namespacesOf({ cni })).toContain(namespace);
});

test('the port of the API server is that of the distribution that follows', () => {
  expect(portOf({ cni: Cni.awsVpc() })).toBe(443);
  expect(portOf({ cni: Cni.gkeDataplaneV2() })).toBe(443);
  expect(portOf({ cni: Cni.openShift() })).toBe(6443);
});

test('a cluster that somebody runs with it says so', () => {
  expect(portOf({ cni: Cni.awsVpc(), distribution: Distribution.KUBERNETES })).toBe(6443);
  expect(namespacesOf({ cni: Cni.awsVpc(), distribution: Distribution.KUBERNETES })).not.toContain('aws-observability');
});

test.each([Cni.ovnKubernetes(), Cni.calico(), Cni.kubernetes()])('nothing follows from %s', cni => {
  expect(namespacesOf({ cni })).toEqual(namespacesOf({ cni, distribution: Distribution.KUBERNETES }));
});

test.each<[Cni, Distribution]>([
  [Cni.awsVpc(), Distribution.GKE],
  [Cni.gkeDataplaneV2(), Distribution.EKS],
  [Cni.azure(), Distribution.OPENSHIFT],
  [Cni.openShift(), Distribution.AKS],
])('%s on %s is an error that says what fits', (cni, distribution) => {
  expect(() => namespacesOf({ cni, distribution })).toThrow(`distribution ${distribution} and CNI ${cni} disagree: it is the network of `);
});

test.each<[Cni, Distribution]>([
  [Cni.awsVpc(), Distribution.EKS],
  [Cni.openShift(), Distribution.IBM],
  [Cni.calico(), Distribution.EKS],
  [Cni.awsVpc(), Distribution.RANCHER],
])('%s on %s is none', (cni, distribution) => {
  expect(() => namespacesOf({ cni, distribution })).not.toThrow();
});

test('an API server that a provider runs is outside: on GKE it is an address all the same', () => {
  const api = (facts: ClusterFacts) => manifestsOf({ cni: Cni.gkeDataplaneV2(), ...facts }, ({ chart }) => { new AllowKubeApi(chart, 'api', { dns: false }); })[0].spec.egress[0].to;
  expect(api({ apiServerCidrs: ['172.16.0.2/32'] })).toEqual([{ ipBlock: { cidr: '172.16.0.2/32' } }]);
  expect(api({ apiServerCidrs: ['172.16.0.2/32'], nodeCidrs: ['172.16.0.0/16'] })).toEqual([{ ipBlock: { cidr: '172.16.0.2/32' } }]);
  expect(() => api({ apiServerCidrs: ['172.16.0.2/32'], distribution: Distribution.KUBERNETES })).toThrow('matches address ranges only outside the cluster');
});
