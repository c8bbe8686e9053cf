import * as path from 'path';
import { ApiObject, App, Chart, Include } from 'cdk8s';
import { Cloud, Cluster, IngressService, Peer, Port, Workload, ZeroTrustNamespace } from 'cdk8s-netpol';

const CACHE = Port.tcp(6379);
const METRICS = Port.tcp(9121);

const app = new App();
Cluster.of(app).configure({ cloud: Cloud.AWS, podCidrs: ['10.244.0.0/16'], nodeCidrs: ['172.18.0.0/16'] });
const chart = new Chart(app, 'shop', { namespace: 'shop' });
new ZeroTrustNamespace(chart, 'namespace', { name: 'shop' });

// What others wrote, as it is. Nothing here repeats its labels: they are read from its templates.
const sessions = new Include(chart, 'sessions', { url: path.join(__dirname, 'charts', 'sessions.yaml') });

// Policies add up: the chart's own would keep the cache open to everyone.
for (const policy of sessions.apiObjects.filter(({ kind }) => kind === 'NetworkPolicy')) { sessions.node.tryRemoveChild(policy.node.id); }

const included = (name: string): Workload => {
  const object = sessions.apiObjects.find(each => each.kind === 'StatefulSet' && each.name === name);
  if (!object) { throw new Error(`charts/sessions.yaml has no StatefulSet ${name}; look what the chart calls it now`); }
  return Workload.of(object);
};
const primary = included('sessions-cache-primary');
const replicas = included('sessions-cache-replicas');

const web = Workload.of(new ApiObject(chart, 'web', {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'shop-web:1', ports: [{ containerPort: 8080 }] }] } },
  },
}));
new IngressService(chart, 'front', {
  workload: web,
  port: Port.tcp(8080),
  dependencies: [
    { peer: primary, port: CACHE, because: 'sessions are written there' },
    { peer: replicas, port: CACHE, because: 'sessions are read there' },
  ],
});

replicas.connections.allowTo(primary, CACHE);
for (const cache of [primary, replicas]) { cache.connections.allowFrom(Peer.monitoring(), METRICS); }

app.synth();
