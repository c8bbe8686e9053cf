import { ApiObject, App, Chart } from 'cdk8s';
import {
  Cluster, ClusterFacts, ClusterPolicy, Cni, Connectivity, IngressController, IPeer, Monitoring, Namespaces, Peer, Port, RuleAction, Workload,
} from '../../src';
import { deployment } from '../support/apps';

const PORT = Port.tcp(8080);

function started(facts: ClusterFacts = {}) {
  const app = new App();
  Cluster.of(app).configure({ cni: Cni.cilium(), ...facts });
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  return { app, chart, a: Workload.of(deployment(chart, 'a')) };
}

const asNamed = (end: IPeer): IPeer => (end instanceof Workload ? end : Connectivity.named('{API server}'));

/** What is said of the peer, and of the same by its name. */
const said = (net: Connectivity, source: IPeer, destination: IPeer, port: Port = PORT): string[] =>
  [net.verdict(source, destination, port).answer, net.verdict(asNamed(source), asNamed(destination), port).answer];

describe('the API server as an end of a question on Cilium', () => {
  test('may be one of the other nodes, so that what is open to these is not closed to it', () => {
    const { app, a } = started();
    a.connections.allowTo(Peer.remoteNodes(), Port.tcp(6443));
    expect(said(Connectivity.ofApp(app), a, Peer.kubeApiServer(), Port.tcp(6443))).toEqual(['unknown', 'unknown']);
    expect(() => Connectivity.ofApp(app).assertNotReachable(a, Peer.kubeApiServer())).toThrow('{API server}');
  });

  test('may be the own node', () => {
    const { app, a } = started();
    a.connections.allowTo(Peer.host(), Port.tcp(6443));
    expect(said(Connectivity.ofApp(app), a, Peer.kubeApiServer(), Port.tcp(6443))).toEqual(['unknown', 'unknown']);
  });

  test('may be outside, where another policy stops what is open to it by its entity', () => {
    const { app, chart, a } = started();
    a.connections.allowFrom(Peer.kubeApiServer(), PORT);
    new ClusterPolicy(chart, 'wall', {
      subject: Peer.pods({ namespaces: Namespaces.all() }),
      ingress: [{ action: RuleAction.DENY, peers: [Peer.remoteNodes()], ports: [Port.all()] }],
      isolate: { ingress: false, egress: false },
    });
    const net = Connectivity.ofApp(app);
    expect(said(net, Peer.kubeApiServer(), a)).toEqual(['unknown', 'unknown']);
    expect(() => net.assertAllowed(Peer.kubeApiServer(), a, PORT)).toThrow('{API server}');
  });

  test('is outside where its address is in no range of nodes, and on a node where it is', () => {
    const answers = (apiServerCidr: string) => {
      const { app, a } = started({ nodeCidrs: ['10.0.0.0/20'], apiServerCidrs: [apiServerCidr] });
      a.connections.allowTo(Peer.cidr('203.0.113.0/24'), PORT);
      return said(Connectivity.ofApp(app), a, Peer.kubeApiServer());
    };
    expect(answers('203.0.113.7/32')).toEqual(['allowed', 'allowed']);
    expect(answers('10.0.0.7/32')).toEqual(['denied', 'denied']);
  });

  test('is none of the pods that run on the network of nodes', () => {
    const { app, chart, a } = started();
    new ApiObject(chart, 'exporter', {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'exporter' },
      spec: { selector: { matchLabels: { app: 'exporter' } }, template: { metadata: { labels: { app: 'exporter' } }, spec: { hostNetwork: true, containers: [{ name: 'main', image: 'x' }] } } },
    });
    a.connections.allowTo(Peer.kubeApiServer(), PORT);
    const net = Connectivity.ofApp(app);
    expect(said(net, a, Peer.kubeApiServer())).toEqual(['allowed', 'allowed']);
    expect(net.explain(a, Peer.kubeApiServer(), PORT)).not.toContain('exporter');
  });
});

describe('nodes as an end of a question', () => {
  test('are inside the cluster, beside the pods that the app holds', () => {
    const { app, a } = started();
    a.connections.allowFrom(Peer.remoteNodes(), PORT);
    expect(() => Connectivity.ofApp(app).assertDenied(Peer.cluster(), a, PORT)).toThrow('{nodes}');
    const other = started();
    other.a.connections.allowTo(Peer.host(), PORT);
    expect(() => Connectivity.ofApp(other.app).assertDenied(other.a, Peer.cluster(), PORT)).toThrow('{nodes}');
  });

  test('that run the API server are nodes too', () => {
    const { app, a } = started();
    a.connections.allowTo(Peer.kubeApiServer(), PORT);
    expect(() => Connectivity.ofApp(app).assertDenied(a, Peer.remoteNodes(), PORT)).toThrow('{remote-node}');
    expect(() => Connectivity.ofApp(app).assertDenied(a, Peer.host(), PORT)).toThrow('{host}');
  });

  test.each([['monitoring', { monitoring: Monitoring.hostNetworkAgent() }, Peer.monitoring()],
    ['the ingress controller', { ingressController: IngressController.hostNetwork() }, Peer.ingressController()]] as const)(
    'are %s, where that is on their network', (_, facts, peer) => {
      const { app, a } = started(facts);
      a.connections.allowFrom(peer, PORT);
      expect(Connectivity.ofApp(app).verdict(peer, a, PORT).answer).toBe('allowed');
      const closed = started(facts);
      closed.a.connections.isolate();
      expect(Connectivity.ofApp(closed.app).verdict(Connectivity.named('{ingress-controller}'), closed.a, PORT).answer).not.toBe('allowed');
      expect(Connectivity.ofApp(closed.app).verdict(peer, closed.a, PORT).answer).not.toBe('allowed');
    });
});

test.each([['Cilium', Cni.cilium()], ['Calico', Cni.calico()]])('load balancers in the subnets of the nodes are who they are by their name too, on %s', (_, cni) => {
  const { app, a } = started({
    cni, podCidrs: ['10.244.0.0/16'], nodeCidrs: ['10.0.0.0/20'], ingressController: IngressController.awsLoadBalancer({ sourceCidrs: ['10.0.1.0/24'] }),
  });
  a.connections.allowFrom(Peer.ingressController(), PORT);
  const net = Connectivity.ofApp(app);
  expect([Peer.ingressController(), Connectivity.named('{ingress-controller}')].map(peer => net.verdict(peer, a, PORT).answer)).toEqual(['allowed', 'allowed']);
});
