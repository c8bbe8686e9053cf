import { App, Chart } from 'cdk8s';
import { Cluster, ClusterFacts } from '../../src';
import { Manifest, Program } from '../support/apps';

/** An app with the facts, and its chart in the namespace "shop". */
export function appWith(facts: ClusterFacts = {}): { readonly app: App; readonly chart: Chart } {
  const app = new App();
  Cluster.of(app).configure(facts);
  return { app, chart: new Chart(app, 'shop', { namespace: 'shop' }) };
}

export function manifestsOf(facts: ClusterFacts, program: Program): Manifest[] {
  const { app, chart } = appWith(facts);
  program({ app, chart, dialect: Cluster.of(app).dialect });
  return app.charts.flatMap(each => each.toJson());
}
