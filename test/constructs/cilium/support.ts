import { App, Chart } from 'cdk8s';
import { Cluster, ClusterFacts, Cni } from '../../../src';
import { Flow, judge, World } from '../../oracle';
import { Manifest } from '../../support/apps';
import { schemaErrorsOf } from '../../support/schemas';

export const VERSIONS = ['1.18', '1.19', '1.20'] as const;

/** What an agent can have switched on, for constructs that need it. */
export const SWITCHED_ON = { hostFirewall: true, mutualAuthentication: true, nodeSelectorLabels: true, extendedProtocols: true } as const;

export function synthesize(cni: Cni, build: (chart: Chart) => void, facts: ClusterFacts = {}): Manifest[] {
  const app = new App();
  Cluster.of(app).configure({ cni, ...facts });
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  build(chart);
  return app.charts.flatMap(each => each.toJson());
}

/** Synthesizes, and holds every manifest to its schemas. */
export function sound(cni: Cni, build: (chart: Chart) => void, facts?: ClusterFacts): Manifest[] {
  const manifests = synthesize(cni, build, facts);
  expect(schemaErrorsOf(manifests)).toEqual([]);
  return manifests;
}

/** The names of the flows that pass, by the naive judge. */
export const passing = (dialect: 'cilium' | 'calico', manifests: readonly Manifest[], world: World, flows: Readonly<Record<string, Flow>>): string[] =>
  Object.keys(flows).filter(name => judge(dialect, [...manifests], world, flows[name]).allowed);
