import { Chart } from 'cdk8s';
import { ClusterPolicy, Namespaces, Peer, Port, PolicyTier, RuleAction, Workload } from '../../src';
import { agent, api, db, flow, localNode, outside, remoteNode, web } from '../oracle/fixtures';
import { deployment, expectFlows, Manifest, sound, synthesize } from '../support/apps';

const MINE = { ...web, node: 'n1' };
const denied = (peer: Peer, port = Port.all()): Manifest[] => sound('cilium', ({ chart }) => { Workload.of(deployment(chart, 'web')).connections.denyFrom(peer, port); });
const PASSING = { 'the kubelet': flow(localNode, web), 'a pod on the network of the own node': flow(agent, MINE), 'to another workload': flow(api, db) };

test.each([['all ports', Port.all()], ['one port', Port.tcp(8080)]])('a deny of everything leaves out the own node of a pod: %s', (_, port) => {
  const manifests = denied(Peer.any(), port);
  expect(manifests).toMatchSnapshot();
  expectFlows('cilium', manifests, PASSING, {
    'pods': flow(api, web), 'another node': flow(remoteNode, web), 'outside': flow(outside, web),
  });
});

test('a deny of the cluster leaves out the own node of a pod, and what is outside', () => {
  const manifests = denied(Peer.cluster());
  expect(manifests).toMatchSnapshot();
  expectFlows('cilium', manifests, { ...PASSING, outside: flow(outside, web) }, { 'pods': flow(api, web), 'another node': flow(remoteNode, web) });
});

test('so does a rule that denies, for the whole cluster', () => {
  const manifests = sound('cilium', ({ chart }) => {
    deployment(chart, 'web');
    new ClusterPolicy(chart, 'closed', {
      tier: PolicyTier.PLATFORM,
      subject: Peer.pods({ namespaces: Namespaces.named('shop'), labels: { app: 'web' } }),
      dns: false,
      ingress: [{ action: RuleAction.DENY, peers: [Peer.any()], ports: [Port.all()] }],
    });
  });
  expectFlows('cilium', manifests, PASSING, { pods: flow(api, web), outside: flow(outside, web) });
});

test('a deny of all nodes is one of the other nodes', () => {
  const manifests = denied(Peer.oneOf(Peer.host(), Peer.remoteNodes()));
  expectFlows('cilium', manifests, { ...PASSING, pods: flow(api, web) }, { 'another node': flow(remoteNode, web) });
});

test('a deny of the API server holds where it is no process of the own node', () => {
  expect(JSON.stringify(denied(Peer.kubeApiServer()))).toContain('{"key":"reserved:host","operator":"DoesNotExist"}');
});

test('a deny of the own node alone is refused, since nothing can say it', () => {
  const deny = (state: (workload: Workload, chart: Chart) => void) => () => synthesize('cilium', ({ chart }) => { state(Workload.of(deployment(chart, 'web')), chart); });
  expect(deny(workload => workload.connections.denyFrom(Peer.host(), Port.all()))).toThrow(
    'policy shop/web (shop/web), ingress from host on all traffic: a node always reaches its own pods, so that probes of the kubelet pass');
  expect(deny(workload => workload.connections.denyTo(Peer.host(), Port.HTTPS))).not.toThrow();
});
