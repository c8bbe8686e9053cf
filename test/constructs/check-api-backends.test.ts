import { ApiObject, Chart } from 'cdk8s';
import { ClusterFacts, DefaultDeny, Distribution, Namespaces, NetworkPolicy, Peer, Port, Workload } from '../../src';
import { CLUSTER_NAMES, ClusterName, deployment, synthesize } from '../support/apps';

/** A webhook, its Service and, where they are stated, its pods; `close` states policies. */
function declare(
  cluster: ClusterName, close: (chart: Chart, pods?: Workload) => void, { pods = true, facts = {}, targetPort = 8080 as number | string } = {},
) {
  return () => synthesize(cluster, ({ chart }) => {
    const service = { name: 'hook', namespace: 'shop' };
    new ApiObject(chart, 'webhook', {
      apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: 'checks' }, webhooks: [{ clientConfig: { service } }],
    } as never);
    new ApiObject(chart, 'hook-service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'hook' }, spec: { selector: { app: 'hook' }, ports: [{ port: 443, targetPort }] } } as never);
    close(chart, pods ? Workload.of(deployment(chart, 'hook', { app: 'hook', tier: 'back' })) : undefined);
  }, facts as ClusterFacts);
}

const MESSAGE = 'isolates ingress of the pods behind Service shop/hook, which the API server calls for ValidatingWebhookConfiguration checks (shop/webhook), and no rule lets it reach them on ';
const rule = (port: string, peers: string = 'Peer.kubeApiServer()'): string =>
  `new NetworkPolicy(chart, 'hook', { namespace: 'shop', subject: Peer.pods({ labels: {"app":"hook"} }), ingress: [{ peers: [${peers}], ports: [${port}] }] })`;
const deny = (chart: Chart) => new DefaultDeny(chart, 'deny');
const allow = (chart: Chart, peer: Peer, port: Port, subject?: Workload) => new NetworkPolicy(chart, 'allow', { subject, ingress: [{ peers: [peer], ports: [port] }] });
const PORT = Port.tcp(8080);

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  const facts = { apiServerCidrs: ['203.0.113.99/32'] };

  test('a webhook whose pods are closed to the API server is an error', () => {
    const peers = cluster === 'cilium' ? 'Peer.kubeApiServer(), Peer.host(), Peer.remoteNodes()' : undefined;
    expect(declare(cluster, chart => { deny(chart); }, { facts })).toThrow(`policy shop/default-deny (shop/deny) ${MESSAGE}8080; let it in: ${rule('Port.tcp(8080)', peers)}`);
    expect(declare(cluster, chart => { deny(chart); }, { facts, pods: false })).toThrow(MESSAGE);
    expect(declare(cluster, (chart, pods) => { allow(chart, Peer.namespaces(Namespaces.all()), PORT, pods); }, { facts })).toThrow(MESSAGE);
    expect(declare(cluster, (chart, pods) => { allow(chart, Peer.any(), Port.tcp(9090), pods); }, { facts })).toThrow(MESSAGE);
  });

  test('one that is open to it is none, however that is said', () => {
    for (const peer of [Peer.kubeApiServer(), Peer.any(), Peer.remoteNodes()]) {
      expect(declare(cluster, (chart, pods) => { deny(chart); allow(chart, peer, PORT, pods); }, { facts })).not.toThrow();
    }
  });

  test('one that nothing closes is none', () => {
    expect(declare(cluster, () => undefined, { facts })).not.toThrow();
    expect(declare(cluster, chart => { new DefaultDeny(chart, 'deny', { ingress: false }); }, { facts })).not.toThrow();
  });
});

test('in a system namespace the pods may be stated with it', () => {
  const facts = { apiServerCidrs: ['203.0.113.99/32'], systemNamespaces: ['shop'] };
  expect(declare('kubernetes', chart => { deny(chart); }, { facts })).toThrow(
    `${MESSAGE}8080; state backends: [{ service: 'hook', labels: {"app":"hook"}, port: Port.tcp(8080) }] of ProtectSystemNamespace, make that one after the Service, or let it in: ${rule('Port.tcp(8080)')}`);
});

test('the name of a port is looked up in the pods', () => {
  const facts = { apiServerCidrs: ['203.0.113.99/32'] };
  expect(declare('kubernetes', (chart, pods) => { allow(chart, Peer.any(), Port.tcp(9090), pods); }, { facts, targetPort: 'none' })).not.toThrow();
  expect(declare('kubernetes', chart => { deny(chart); }, { facts, targetPort: 'none' })).toThrow(`${MESSAGE}none; let it in: ${rule('Port.named(\'none\')')}`);
});

test('a policy that asks for more labels than the Service may be about pods that the app does not declare', () => {
  const more = (labels: Record<string, string>) => declare('cilium', chart => {
    deny(chart);
    allow(chart, Peer.any(), PORT, Workload.external(chart, { labels }));
  }, { pods: false });
  expect(more({ app: 'hook', tier: 'back' })).not.toThrow();
  expect(more({ tier: 'back' })).toThrow(MESSAGE);
});

test('a policy for pods with other labels is not about those that the app declares', () => {
  const open = (tier: string) => declare('cilium', chart => {
    deny(chart);
    allow(chart, Peer.any(), PORT, Workload.external(chart, { labels: { app: 'hook', tier } }));
  });
  expect(open('back')).not.toThrow();
  expect(open('front')).toThrow(MESSAGE);
});

test('pods through which the API server connects are the API server', () => {
  const agents = Peer.pods({ namespaces: Namespaces.named('kube-system'), labels: { 'k8s-app': 'konnectivity-agent' } });
  const program = (distribution: Distribution) => declare('kubernetes', (chart, pods) => { allow(chart, agents, PORT, pods); }, { facts: { distribution } });
  expect(program(Distribution.GKE)).not.toThrow();
  expect(program(Distribution.EKS)).toThrow(MESSAGE);
});

describe('where a provider runs the API server', () => {
  const facts = (distribution: Distribution) => ({ facts: { distribution, apiServerCidrs: ['203.0.113.99/32'] } });
  const from = (cluster: ClusterName, distribution: Distribution, peer: Peer) =>
    declare(cluster, (chart, pods) => { deny(chart); allow(chart, peer, PORT, pods); }, facts(distribution));
  const agents = (labels: Record<string, string>) => Peer.pods({ namespaces: Namespaces.named('kube-system'), labels });

  test.each(CLUSTER_NAMES)('on %s it is no node, and the message says what works', cluster => {
    expect(from(cluster, Distribution.EKS, Peer.remoteNodes())).toThrow('ingress: [{ peers: [Peer.kubeApiServer()], ports: [Port.tcp(8080)] }]');
    expect(from(cluster, Distribution.EKS, Peer.kubeApiServer())).not.toThrow();
  });

  test.each<[Distribution, Record<string, string>]>([
    [Distribution.GKE, { 'k8s-app': 'konnectivity-agent' }],
    [Distribution.AKS, { app: 'konnectivity-agent' }],
  ])('on %s it connects through agents, which a rule for the server alone leaves out', (distribution, labels) => {
    for (const cluster of CLUSTER_NAMES) {
      expect(from(cluster, distribution, Peer.kubeApiServer())).toThrow(
        `peers: [Peer.kubeApiServer(), Peer.pods({ namespaces: Namespaces.named('kube-system'), labels: ${JSON.stringify(labels)} })], ports: [Port.tcp(8080)]`);
      expect(from(cluster, distribution, agents(labels))).not.toThrow();
    }
  });
});
