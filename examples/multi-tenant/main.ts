import { ApiObject, App, Chart } from 'cdk8s';
import { Cloud, Cluster, IngressService, MultiTenantCluster, Namespaces, Peer, Port, Workload, ZeroTrustNamespace } from 'cdk8s-netpol';

const app = new App();
Cluster.of(app).configure({ cloud: Cloud.AWS, podCidrs: ['10.244.0.0/16'], nodeCidrs: ['172.18.0.0/16'] });

function deployment(chart: Chart, name: string, containerPort: number): Workload {
  return Workload.of(new ApiObject(chart, name, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: `${name}:1`, ports: [{ containerPort }] }] } },
    },
  }));
}

// What the platform's team owns: the walls between tenants, and a service that they share.
const platform = new Chart(app, 'platform', { namespace: 'shared' });
new ZeroTrustNamespace(platform, 'namespace', { name: 'shared' });
const billing = deployment(platform, 'billing', 9000);
billing.connections.allowFrom(Peer.namespaces(Namespaces.named('red', 'blue', 'blue-jobs')), Port.tcp(9000), { because: 'tenants look up what they pay' });

new MultiTenantCluster(platform, 'tenants', {
  tenants: [
    { name: 'red', namespaces: ['red'], ingress: Port.tcp(8080) },
    // May send mail.
    { name: 'blue', namespaces: ['blue', 'blue-jobs'], cidrs: ['198.51.100.0/24'] },
  ],
  shared: [{ peer: billing, ports: [Port.tcp(9000)], because: 'tenants look up what they pay' }],
  // Only on plain Kubernetes: there nothing is stronger than the policies of a namespace. Elsewhere no tenant opens what is closed here.
  tenantsCanOverride: true,
});

// A tenant that closes its own namespace too: what it states opens within the walls.
const red = new Chart(app, 'red', { namespace: 'red' });
new ZeroTrustNamespace(red, 'namespace', { name: 'red' });
new IngressService(red, 'front', {
  workload: deployment(red, 'web', 8080),
  port: Port.tcp(8080),
  dependencies: [{ peer: billing, port: Port.tcp(9000) }, { peer: deployment(red, 'api', 9090), port: Port.tcp(9090) }],
});

// A tenant that writes no policies: open inside, closed to all others.
for (const name of ['blue', 'blue-jobs']) {
  const blue = new Chart(app, name, { namespace: name });
  new ApiObject(blue, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  deployment(blue, name === 'blue' ? 'shop' : 'mailer', 8080);
}

app.synth();
