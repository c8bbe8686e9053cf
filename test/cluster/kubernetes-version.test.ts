import { App } from 'cdk8s';
import { appWith } from './support';
import { Cluster } from '../../src';
import { hasKubernetes, KUBERNETES_FEATURES, KubernetesFeatureId, OLDEST_KUBERNETES, parseKubernetesVersion } from '../../src/cluster/kubernetes-version';

const FEATURES = Object.keys(KUBERNETES_FEATURES) as KubernetesFeatureId[];

test.each([['1.29', '1.29'], ['1.31', '1.31'], ['v1.31.4', '1.31'], ['v1.30.8-gke.1162000', '1.30'], ['v1.31.5+k3s1', '1.31'], [' 1.33 ', '1.33'], ['2.0', '2.0']])(
  'version %j is %s', (text, version) => {
    expect(parseKubernetesVersion(text)).toBe(version);
  });

test.each([
  ['1.28', 'version "1.28" of Kubernetes is older than the oldest supported one, 1.29'],
  ['v1.9.3', 'version "v1.9.3" of Kubernetes is older than the oldest supported one, 1.29'],
  ['0.31', 'is older than the oldest supported one, 1.29'],
  ['1', 'version "1" of Kubernetes is not understood; write it like "1.29"'],
  ['', 'version "" of Kubernetes is not understood'],
  ['latest', 'is not understood'],
  ['1.31.x', 'is not understood'],
  ['1.31-rc', 'is not understood'],
])('version %j is refused', (text, why) => {
  expect(() => parseKubernetesVersion(text)).toThrow(why);
  expect(() => Cluster.of(new App()).configure({ kubernetes: text })).toThrow(`fact kubernetes: version ${JSON.stringify(text)}`);
});

test('a stated version is major and minor, and the oldest where none is stated', () => {
  const { app, chart } = appWith({ kubernetes: 'v1.31.4' });
  expect(Cluster.of(app)._read(chart).kubernetes).toBe('1.31');
  const other = appWith();
  expect(Cluster.of(other.app)._read(other.chart).kubernetes).toBe(OLDEST_KUBERNETES);
});

test('the environment variable states it too', () => {
  process.env.CDK8S_NETPOL_CLUSTER = 'kubernetes=1.31';
  const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const { app, chart } = appWith({ kubernetes: '1.30' });
    expect(Cluster.of(app)._read(chart).kubernetes).toBe('1.31');
    process.env.CDK8S_NETPOL_CLUSTER = 'kubernetes=1.20';
    const old = appWith();
    expect(() => Cluster.of(old.app)._read(old.chart)).toThrow('environment variable CDK8S_NETPOL_CLUSTER: version "1.20" of Kubernetes is older');
  } finally {
    delete process.env.CDK8S_NETPOL_CLUSTER;
    told.mockRestore();
  }
});

test.each(FEATURES)('%s has a version and a source', feature => {
  const { since, source } = KUBERNETES_FEATURES[feature];
  expect(since).toMatch(/^1\.\d+$/);
  expect(source).toMatch(/^https:\/\//);
  expect(hasKubernetes(since, feature)).toBe(true);
});

test('what NetworkPolicy has is older than every version that is supported', () => {
  for (const feature of ['sctp', 'endPort', 'namespaceName', 'dualStack'] as const) { expect(hasKubernetes(OLDEST_KUBERNETES, feature)).toBe(true); }
});

test.each<[KubernetesFeatureId, string, boolean]>([
  ['validatingAdmissionPolicy', '1.29', false],
  ['validatingAdmissionPolicy', '1.30', true],
  ['calicoNativeCrds', '1.33', false],
  ['calicoNativeCrds', '1.34', true],
  ['mutatingAdmissionPolicy', '1.35', false],
  ['mutatingAdmissionPolicy', '2.0', true],
])('%s in %s: %s', (feature, version, has) => {
  expect(hasKubernetes(version, feature)).toBe(has);
});
