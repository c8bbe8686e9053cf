import { AllowKubeApi, Distribution, Port, Workload } from '../../src';
import { api, apiServerOnNode, apiServerOutside, db, dns, flow, outside, web, world } from '../oracle/fixtures';
import { CLUSTER_NAMES, deployment, flowsIn, sound, synthesize } from '../support/apps';

const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs, apiServerCidrs: ['192.168.0.3/32', '203.0.113.99/32'] };
const expectFlows = flowsIn(world);
const CLOSED = { 'the port of its Service': flow(web, apiServerOnNode, 'TCP', 443), 'outside': flow(web, outside, 'TCP', 6443), 'a pod': flow(web, api, 'TCP', 6443) };

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('the pods reach the API server, wherever it runs, and may look for its name', () => {
    const manifests = sound(cluster, ({ chart }) => { new AllowKubeApi(chart, 'kube-api'); }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, {
      'on a node': flow(web, apiServerOnNode, 'TCP', 6443),
      'outside the cluster': flow(api, apiServerOutside, 'TCP', 6443),
      'DNS': flow(web, dns, 'UDP', 53),
      'in, which nothing isolates': flow(db, web),
    }, CLOSED);
  });

  test('only the pods that are named', () => {
    const manifests = sound(cluster, ({ chart }) => { new AllowKubeApi(chart, 'kube-api', { subject: Workload.of(deployment(chart, 'web')) }); }, FACTS);
    expectFlows(cluster, manifests, { 'the pods': flow(web, apiServerOnNode, 'TCP', 6443), 'others, which nothing isolates': flow(api, outside) }, CLOSED);
  });

  test('the port is that of the distribution', () => {
    const reach = (distribution: Distribution, port?: Port) => sound(cluster, ({ chart }) => { new AllowKubeApi(chart, 'kube-api', { port }); }, { ...FACTS, distribution });
    for (const managed of [Distribution.EKS, Distribution.GKE, Distribution.AKS]) {
      expectFlows(cluster, reach(managed), { 443: flow(web, apiServerOutside, 'TCP', 443) }, { 6443: flow(web, apiServerOutside, 'TCP', 6443) });
    }
    for (const own of [Distribution.K3S, Distribution.RKE2, Distribution.OPENSHIFT, Distribution.TALOS]) {
      expectFlows(cluster, reach(own), { 6443: flow(web, apiServerOnNode, 'TCP', 6443) }, { 443: flow(web, apiServerOnNode, 'TCP', 443) });
    }
    expectFlows(cluster, reach(Distribution.MICROK8S, Port.tcp(16443)), { 'as stated': flow(web, apiServerOnNode, 'TCP', 16443) }, CLOSED);
  });

  test('DNS can be declined', () => {
    const manifests = sound(cluster, ({ chart }) => { new AllowKubeApi(chart, 'kube-api', { dns: false }); }, FACTS);
    expectFlows(cluster, manifests, { 'the API server': flow(web, apiServerOnNode, 'TCP', 6443) }, { DNS: flow(web, dns, 'UDP', 53) });
  });
});

test('a port that is not known is an error', () => {
  expect(() => synthesize('cilium', ({ chart }) => { new AllowKubeApi(chart, 'kube-api'); }, { distribution: Distribution.RANCHER })).toThrow(
    'shop/kube-api: the port of the API server of rancher is not known; state port, such as port: Port.tcp(6443)');
});

test.each(['kubernetes', 'calico'] as const)('on %s the addresses must be stated', cluster => {
  expect(() => synthesize(cluster, ({ chart }) => { new AllowKubeApi(chart, 'kube-api'); })).toThrow(
    `Peer.kubeApiServer() needs the fact apiServerCidrs in the ${cluster} dialect`);
});
