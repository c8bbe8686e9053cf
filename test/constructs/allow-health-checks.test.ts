import { AllowHealthChecks, DefaultDeny, IngressController, Mesh, Port, Workload } from '../../src';
import { api, db, flow, localNode, outside, remoteNode, web, world as fixtures } from '../oracle/fixtures';
import { CLUSTER_NAMES, ClusterName, deployment, flowsIn, sound, synthesize } from '../support/apps';

const world = fixtures;
const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const expectFlows = flowsIn(world);
const PROBE = { address: '169.254.7.127' };
const PROBE6 = { address: 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff' };
const GOOGLE = { address: '35.191.7.7' };
const OTHERS = { 'outside': flow(outside, web), 'a pod': flow(db, web), 'another node': flow(remoteNode, web) };

/** The construct, and what is written, beside a closed namespace. */
function checks(cluster: ClusterName, facts: object = {}, props: object = {}) {
  const made: { checks?: AllowHealthChecks } = {};
  const manifests = sound(cluster, ({ chart }) => {
    made.checks = new AllowHealthChecks(chart, 'health', { port: Port.tcp(8080), ...props });
    new DefaultDeny(chart, 'deny');
  }, { ...FACTS, ...facts });
  const written = manifests.filter(({ metadata }) => metadata.name !== 'default-deny' && metadata.name !== 'shop-deny');
  return { ...made.checks!, isNeeded: made.checks!.isNeeded, reason: made.checks!.reason, manifests, written };
}

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('probes of the kubelet need nothing: nothing is written, and it says so', () => {
    const { isNeeded, reason, written, manifests } = checks(cluster);
    expect({ isNeeded, reason, written }).toEqual({
      isNeeded: false,
      reason: 'the kubelet checks pods from their own node, which no network policy closes out, and nothing else is known that checks pods',
      written: [],
    });
    expectFlows(cluster, manifests, { 'the own node': flow(localNode, web) }, OTHERS);
  });

  test('load balancers that send straight to pods check them from their own addresses', () => {
    const { isNeeded, reason, written, manifests } = checks(cluster, { ingressController: IngressController.gkeNeg() });
    expect(isNeeded).toBe(true);
    expect(reason).toBe('the load balancers of gke-neg send straight to pods: a policy that isolates the pods would close this out');
    expect(written).toMatchSnapshot();
    expectFlows(cluster, manifests, { 'Google': flow(GOOGLE, web), 'the older range': flow({ address: '130.211.1.1' }, api), 'IPv6': flow({ address: '2600:2d00:1:b029::7' }, web) }, {
      ...OTHERS, 'another port': flow(GOOGLE, web, 'TCP', 22),
    });
  });

  test('load balancers may be stated here alone', () => {
    const { isNeeded, manifests } = checks(cluster, {}, { loadBalancerCidrs: ['203.0.113.0/28'] });
    expect(isNeeded).toBe(true);
    expectFlows(cluster, manifests, { 'the balancer': flow(outside, web) }, { 'another address': flow({ address: '203.0.113.77' }, web), 'a pod': flow(db, web) });
  });

  test('load balancers that share the subnets of pods and nodes are meant by address', () => {
    const { isNeeded, manifests } = checks(cluster, { nodeCidrs: ['203.0.113.0/24'] }, { loadBalancerCidrs: ['203.0.113.0/28'] });
    expect(isNeeded).toBe(true);
    expectFlows(cluster, manifests, { 'the balancer': flow(outside, web) }, { 'another address': flow({ address: '203.0.113.77' }, web) });
  });

  test('only the pods that are named', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new AllowHealthChecks(chart, 'health', { subject: Workload.of(deployment(chart, 'web')), port: Port.tcp(8080) });
      new DefaultDeny(chart, 'deny');
    }, { ...FACTS, ingressController: IngressController.gkeNeg() });
    expectFlows(cluster, manifests, { 'the pods': flow(GOOGLE, web) }, { others: flow(GOOGLE, api) });
  });
});

describe('in Istio\'s ambient mode', () => {
  test.each(CLUSTER_NAMES)('on %s the address of probes is let in', cluster => {
    const { isNeeded, reason, written, manifests } = checks(cluster, { mesh: Mesh.istioAmbient() });
    expect(isNeeded).toBe(true);
    expect(reason).toMatch(/^probes of the kubelet come from an address of their own/);
    expect(written).toMatchSnapshot();
    expectFlows(cluster, manifests, { 'the probe': flow(PROBE, web), 'over IPv6': flow(PROBE6, web) }, OTHERS);
  });
});

test('a sidecar has the probes of its own node, and needs nothing', () => {
  expect(checks('cilium', { mesh: Mesh.istioSidecar() }).isNeeded).toBe(false);
});

test('an ingress controller that runs as pods checks nobody', () => {
  expect(checks('kubernetes', { ingressController: IngressController.traefik() }).isNeeded).toBe(false);
});

test('a range that is none is an error', () => {
  expect(() => synthesize('kubernetes', ({ chart }) => { new AllowHealthChecks(chart, 'health', { port: Port.HTTP, loadBalancerCidrs: ['nonsense'] }); })).toThrow('"nonsense"');
});
