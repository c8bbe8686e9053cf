import { ApiObject, App, Chart } from 'cdk8s';
import { Cloud, Cluster, IngressService, Peer, Port, Workload, WorkerQueue, ZeroTrustNamespace } from 'cdk8s-netpol';

const app = new App();
// What is true of every cluster. CDK8S_NETPOL_CLUSTER says what differs: the pipeline sets it, once for each cluster.
Cluster.of(app).configure({ cloud: Cloud.AWS, podCidrs: ['10.244.0.0/16'], nodeCidrs: ['172.18.0.0/16'] });

const chart = new Chart(app, 'reports', { namespace: 'reports' });
new ZeroTrustNamespace(chart, 'namespace', { name: 'reports' });

function deployment(name: string, image: string, containerPort?: number): Workload {
  const ports = containerPort === undefined ? undefined : [{ containerPort }];
  return Workload.of(new ApiObject(chart, name, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image, ports }] } },
    },
  }));
}

const web = deployment('web', 'reports-web:1', 8080);
new IngressService(chart, 'front', { workload: web, port: Port.tcp(8080) });
new WorkerQueue(chart, 'jobs', {
  producers: [{ workload: web }],
  queue: {
    workload: deployment('queue', 'rabbitmq:4', 5672),
    port: Port.tcp(5672),
    monitoring: Port.tcp(15692),
    extraIngress: [{ peers: [Peer.ingressController()], port: Port.tcp(15672), because: 'operators look at its dashboard' }],
  },
  workers: [{
    workload: deployment('worker', 'reports-worker:1'),
    // The mail relay answers in this range.
    egress: [{ cidrs: ['198.51.100.0/24'], port: Port.tcp(587) }],
  }],
  database: { workload: deployment('database', 'postgres:17', 5432), port: Port.POSTGRES },
});

app.synth();
