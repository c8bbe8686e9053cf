import { ApiObject, App, Chart } from 'cdk8s';
import { Cluster, ClusterFacts, Cni, Dialect } from '../../src';
import { Flow, judge, JudgeOptions, World } from '../oracle';
import { schemaErrorsOf } from './schemas';
import { judgeClusterNetworkPolicy } from '../oracle/cluster-network-policy';
import { world as fixtures } from '../oracle/fixtures';

/** The three clusters for which every construct is tested. Pod and node ranges are stated, so that nothing is wider than stated. */
export const CLUSTERS: Readonly<Record<'kubernetes' | 'cilium' | 'calico', ClusterFacts>> = {
  kubernetes: { cni: Cni.kubernetes() },
  cilium: { cni: Cni.cilium('1.18') },
  calico: { cni: Cni.calico('3.30') },
};
export type ClusterName = keyof typeof CLUSTERS;
export const CLUSTER_NAMES = Object.keys(CLUSTERS) as ClusterName[];
export const RANGES: ClusterFacts = { podCidrs: ['10.244.0.0/16'], nodeCidrs: ['172.18.0.0/16'] };

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- manifests are plain JSON */
export type Manifest = any;

export interface Program {
  /** Builds the app; `chart` has the namespace "shop". */
  (context: { readonly app: App; readonly chart: Chart; readonly dialect: Dialect }): void;
}

/** Every manifest of the program for one cluster. */
export function synthesize(cluster: ClusterName, program: Program, facts: ClusterFacts = {}): Manifest[] {
  const app = new App();
  Cluster.of(app).configure({ ...RANGES, ...CLUSTERS[cluster], ...facts });
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  program({ app, chart, dialect: cluster as Dialect });
  return app.charts.flatMap(each => each.toJson());
}

const POLICY_GROUPS = /^(networking\.k8s\.io|policy\.networking\.k8s\.io|cilium\.io|projectcalico\.org)\//;

/** The policies (and tiers) among them. */
export const policiesOf = (manifests: readonly Manifest[]): Manifest[] => manifests.filter(manifest => POLICY_GROUPS.test(manifest.apiVersion));

/** Synthesizes and holds every manifest to its schema. */
export function sound(cluster: ClusterName, program: Program, facts?: ClusterFacts): Manifest[] {
  const manifests = synthesize(cluster, program, facts);
  expect(schemaErrorsOf(manifests)).toEqual([]);
  return policiesOf(manifests);
}

/** Whether the manifests let the flow pass, by the naive judge; where there are policies of tiers beside NetworkPolicies, by the judge of both. */
export function allowed(cluster: ClusterName, manifests: readonly Manifest[], world: World, flow: Flow, options: JudgeOptions = {}): boolean {
  const upstream = manifests.some(({ apiVersion }) => apiVersion.startsWith('policy.networking.k8s.io/'));
  return (upstream ? judgeClusterNetworkPolicy([...manifests], world, flow) : judge(cluster, [...manifests], world, flow, options)).allowed;
}

export interface ExpectFlows {
  (cluster: ClusterName, manifests: readonly Manifest[], pass: Record<string, Flow>, stop: Record<string, Flow>): void;
}

/** Expects the manifests to let `pass` pass and to stop `stop`: without them everything passes. */
export const flowsIn = (world: World): ExpectFlows => (cluster, manifests, pass, stop) => {
  const all = { ...pass, ...stop };
  const passing = (of: readonly Manifest[]) => Object.keys(all).filter(name => allowed(cluster, of, world, all[name]));
  expect(passing([])).toEqual(Object.keys(all));
  expect(passing(manifests)).toEqual(Object.keys(pass));
};

export const expectFlows = flowsIn(fixtures);

/** A Deployment as a plain object, with one label and one TCP port. */
export function deployment(chart: Chart, name: string, labels: Record<string, string> = { app: name }): ApiObject {
  return new ApiObject(chart, name, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'image', ports: [{ containerPort: 8080 }] }] } },
    },
  });
}
