import { App, Chart } from 'cdk8s';
import { Cluster, Cni } from '../../../src';
import { Flow, judge, World } from '../../oracle';
import { Manifest } from '../../support/apps';
import { schemaErrorsOf } from '../../support/schemas';

export const VERSIONS = ['3.30', '3.31', '3.32', '3.33'] as const;

export function chartOn(cni: Cni): Chart {
  const app = new App();
  Cluster.of(app).configure({ cni });
  return new Chart(app, 'shop', { namespace: 'shop' });
}

/** Synthesizes, and holds every manifest to its schemas. */
export function sound(cni: Cni, build: (chart: Chart) => void): Manifest[] {
  const chart = chartOn(cni);
  build(chart);
  const manifests = App.of(chart).charts.flatMap(each => each.toJson());
  expect(schemaErrorsOf(manifests)).toEqual([]);
  return manifests;
}

/** The names of the flows that pass, by the naive judge. */
export const passing = (manifests: readonly Manifest[], world: World, flows: Readonly<Record<string, Flow>>): string[] =>
  Object.keys(flows).filter(name => judge('calico', [...manifests], world, flows[name]).allowed);
