import { ApiObject, App, Chart } from 'cdk8s';
import { Cluster, Cloud, IngressController, Port, ThreeTierApp, Workload, ZeroTrustNamespace } from 'cdk8s-netpol';

const app = new App();
Cluster.of(app).configure({
  cloud: Cloud.AWS,
  ingressController: IngressController.ingressNginx(),
  podCidrs: ['10.244.0.0/16'],
  nodeCidrs: ['172.18.0.0/16'],
});

const chart = new Chart(app, 'orders', { namespace: 'orders' });
new ZeroTrustNamespace(chart, 'namespace', { name: 'orders' });

/** Any construct that renders pods will do; these are plain objects. */
function deployment(name: string, image: string, containerPort: number): Workload {
  return Workload.of(new ApiObject(chart, name, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image, ports: [{ containerPort }] }] },
      },
    },
  }));
}

new ThreeTierApp(chart, 'app', {
  web: { workload: deployment('web', 'orders-web:1', 8080), port: Port.tcp(8080) },
  api: {
    workload: deployment('api', 'orders-api:1', 9090),
    port: Port.tcp(9090),
    // The payment provider answers in this range.
    egress: [{ cidrs: ['198.51.100.0/24'], port: Port.HTTPS }],
  },
  database: { workload: deployment('database', 'postgres:17', 5432), port: Port.POSTGRES },
});

app.synth();
