import { AcmeCluster, AcmeNamespace, AcmeService } from 'acme-netpol';
import { ApiObject, App, Chart } from 'cdk8s';
import { Port, Workload } from 'cdk8s-netpol';

const app = new App();
AcmeCluster.configure(app);
const chart = new Chart(app, 'shop', { namespace: 'shop' });
new AcmeNamespace(chart, 'namespace', { name: 'shop', team: 'shop', costCentre: '4711' });

function deployment(name: string, containerPort: number): Workload {
  return Workload.of(new ApiObject(chart, name, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: `shop-${name}:1`, ports: [{ containerPort }] }] } },
    },
  }));
}

const orders = new AcmeService(chart, 'orders-service', {
  workload: deployment('orders', 9090),
  team: 'orders',
  port: 9090,
  internet: [{ fqdn: 'api.payments.example', because: 'cards are charged there', ticket: 'NET-1207', reviewBy: '2027-03-31' }],
});
const page = new AcmeService(chart, 'page-service', {
  workload: deployment('page', 8080),
  team: 'shop',
  port: 8080,
  exposed: { because: 'it is the shop', ticket: 'NET-1102', reviewBy: '2027-03-31' },
  calls: [{ service: orders, because: 'customers order', ticket: 'NET-1103', reviewBy: '2027-03-31' }],
});

// What the company's package leaves open is stated with the library itself, about the same workload.
page.workload.connections.allowTo(deployment('cache', 6379), Port.tcp(6379), { because: 'carts are kept there', owner: 'shop' });

app.synth();
