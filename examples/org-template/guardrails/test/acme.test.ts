import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { Cluster, Cni, Connectivity, Peer, Port, Workload } from 'cdk8s-netpol';
import { AcmeCluster, AcmeDestination, AcmeNamespace, AcmeService } from '../src';

const WHY = { because: 'the page shows it', ticket: 'NET-1', reviewBy: '2027-06-30' };

function pods(chart: Chart, name: string): Workload {
  return Workload.of(new ApiObject(chart, name, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, image: name }] } },
    },
  }));
}

function shop(configure: (app: App) => void = AcmeCluster.configure) {
  const app = new App();
  configure(app);
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new AcmeNamespace(chart, 'namespace', { name: 'shop', team: 'shop', costCentre: '4711' });
  return { app, chart, web: pods(chart, 'web'), api: pods(chart, 'api') };
}

const payments = (over: Partial<AcmeDestination> = {}): AcmeDestination => ({ fqdn: 'api.payments.example', ...WHY, ...over });

test('a service reaches what it calls, and is reached by nobody else', () => {
  const { app, chart, web, api } = shop();
  const prices = new AcmeService(chart, 'prices', { workload: api, team: 'prices', port: 9090 });
  new AcmeService(chart, 'page', { workload: web, team: 'shop', port: 8080, exposed: WHY, calls: [{ service: prices, ...WHY }] });
  const net = Connectivity.ofApp(app);
  net.assertAllowed(web, api, Port.tcp(9090));
  net.assertDenied(web, api, Port.tcp(9091));
  net.assertDenied(api, web);
});

test('the namespace has the labels of the company', () => {
  const { chart } = shop();
  const [namespace] = Testing.synth(chart);
  expect(namespace.metadata.labels).toMatchObject({
    'acme.example/team': 'shop', 'acme.example/cost-centre': '4711', 'pod-security.kubernetes.io/enforce': 'restricted',
  });
});

test.each([
  ['no reason', { because: ' ' }, 'shop/page: internet destination api.payments.example: because is empty; say why the connection is needed'],
  ['no ticket', { ticket: 'later' }, 'shop/page: internet destination api.payments.example: ticket "later" is none of network security; write it as NET-1234'],
  ['a wildcard', { fqdn: '*.example' }, 'shop/page: internet destination *.example has a wildcard; name each host'],
])('a destination with %s is refused', (_, over, message) => {
  const { chart, web } = shop();
  expect(() => new AcmeService(chart, 'page', { workload: web, team: 'shop', port: 8080, internet: [payments(over)] })).toThrow(message);
});

test.each([
  ['the internet', Peer.internet()],
  ['a range', Peer.cidr('203.0.113.0/24')],
  ['names by a wildcard', Peer.fqdn('*.invalid')],
])('who opens %s past the constructs of the company is stopped by its contract', (_, peer) => {
  const { app, web } = shop();
  web.connections.allowTo(peer, Port.HTTPS);
  expect(() => app.synthYaml()).toThrow(/what goes out names its destinations, in AcmeService/);
});

test('a named destination keeps the contract, and a cluster that knows no names refuses it', () => {
  const synth = (configure?: (app: App) => void) => {
    const { app, chart, web } = shop(configure);
    new AcmeService(chart, 'page', { workload: web, team: 'shop', port: 8080, internet: [payments()] });
    return app.synthYaml();
  };
  expect(synth()).toContain('matchName: api.payments.example');
  expect(() => synth(app => Cluster.of(app).configure({ cni: Cni.calico('3.30') }))).toThrow(/the calico dialect cannot express this/);
});

test.each([
  ['of another team', { name: 'pay' }, 'shop/other: namespace pay is not of team shop; name it shop or shop-...'],
  ['that nobody pays for', { costCentre: '' }, 'shop/other: cost centre "" is not four digits'],
])('a namespace %s is refused', (_, over, message) => {
  const { chart } = shop();
  expect(() => new AcmeNamespace(chart, 'other', { name: 'shop-two', team: 'shop', costCentre: '4711', ...over })).toThrow(message);
});
