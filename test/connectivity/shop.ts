import { App, Chart } from 'cdk8s';
import { Cluster, ClusterFacts, DefaultDeny, Peer, Port, Workload } from '../../src';
import { CLUSTERS, ClusterName, deployment, RANGES } from '../support/apps';

export interface Shop {
  readonly app: App;
  readonly chart: Chart;
  readonly web: Workload;
  readonly api: Workload;
  readonly database: Workload;
}

/** An ingress controller, web, api and database in a row; the api also calls addresses outside. */
export function shop(cluster: ClusterName = 'kubernetes', facts: ClusterFacts = {}): Shop {
  const app = new App();
  Cluster.of(app).configure({ ...RANGES, ...CLUSTERS[cluster], ...facts });
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const [web, api, database] = ['web', 'api', 'database'].map(name => Workload.of(deployment(chart, name)));
  new DefaultDeny(chart, 'default-deny');
  web.connections.allowFrom(Peer.ingressController(), Port.tcp(8080));
  web.connections.allowTo(api, Port.tcp(8080));
  api.connections.allowTo(database, Port.POSTGRES);
  api.connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS);
  return { app, chart, web, api, database };
}
