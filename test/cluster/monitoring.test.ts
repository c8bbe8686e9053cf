import { ClusterFacts, Monitoring, NetworkPolicy, Peer, Port } from '../../src';
import { End, Pod, World } from '../oracle';
import { allowed, ClusterName, CLUSTER_NAMES, Program, sound, synthesize } from '../support/apps';

const pod = (namespace: string, labels: Record<string, string>, ip: string): Pod => ({ namespace, name: `pod-${ip}`, labels, ips: [`10.244.0.${ip}`] });
const PROMETHEUS = { 'app.kubernetes.io/name': 'prometheus' };
const web = { ...pod('shop', { app: 'web' }, '1'), node: 'n1' };
const ENDS: Readonly<Record<string, End>> = {
  'prometheus': { pod: pod('monitoring', PROMETHEUS, '2') },
  'platform': { pod: pod('openshift-monitoring', PROMETHEUS, '3') },
  'user workload': { pod: pod('openshift-user-workload-monitoring', PROMETHEUS, '4') },
  'collector': { pod: pod('gmp-system', { 'app.kubernetes.io/name': 'collector' }, '5') },
  'managed collector': { pod: pod('gke-gmp-system', { 'app.kubernetes.io/name': 'collector' }, '9') },
  'agent': { pod: pod('datadog', { app: 'datadog' }, '6') },
  'grafana': { pod: pod('monitoring', { 'app.kubernetes.io/name': 'grafana' }, '7') },
  'impostor': { pod: pod('shop', PROMETHEUS, '8') },
  'another node': { node: 'remote', address: '172.18.0.2' },
  'outside': { address: '203.0.113.7' },
};
const everyPod = [web, ...Object.values(ENDS).flatMap(end => ('pod' in end ? [end.pod] : []))];
const world: World = {
  namespaces: Object.fromEntries(everyPod.map(({ namespace }) => [namespace, {}])), pods: everyPod, podCidrs: ['10.244.0.0/16'], nodeCidrs: ['172.18.0.0/16'],
};

const program: Program = ({ chart }) => { new NetworkPolicy(chart, 'metrics', { ingress: [{ peers: [Peer.monitoring()], ports: [Port.tcp(9090)] }] }); };

function reach(cluster: ClusterName, facts: ClusterFacts, port = 9090): string[] {
  const policies = sound(cluster, program, facts);
  return Object.keys(ENDS).filter(name => allowed(cluster, policies, world, { source: ENDS[name], destination: { pod: web }, protocol: 'TCP', port }));
}

describe.each(CLUSTER_NAMES)('in %s', cluster => {
  test.each<[string, ClusterFacts, string[]]>([
    ['Prometheus, unless something else is stated', {}, ['prometheus']],
    ['Prometheus', { monitoring: Monitoring.parse('prometheus') }, ['prometheus']],
    ['OpenShift\'s own', { monitoring: Monitoring.openShift() }, ['platform', 'user workload']],
    ['Managed Service for Prometheus', { monitoring: Monitoring.googleManagedPrometheus() }, ['collector', 'managed collector']],
    ['agents as pods', { monitoring: Monitoring.pods({ namespace: 'datadog' }) }, ['agent']],
    ['agents on the network of nodes', { monitoring: Monitoring.hostNetworkAgent() }, ['another node']],
    ['several', { monitoring: Monitoring.parse('prometheus+host-network') }, ['prometheus', 'another node']],
    ['nobody', { monitoring: Monitoring.none() }, []],
  ])('%s may scrape, and nobody else', (_, facts, names) => {
    expect(reach(cluster, facts)).toEqual(names);
    expect(reach(cluster, facts, 8080)).toEqual([]);
  });

  test('nodes need no addresses in Cilium, and are refused without elsewhere', () => {
    const facts = { monitoring: Monitoring.hostNetworkAgent(), nodeCidrs: [] };
    if (cluster === 'cilium') {
      expect(reach(cluster, facts)).toEqual(['another node']);
    } else {
      expect(() => synthesize(cluster, program, facts)).toThrow(
        `ingress from monitoring on TCP 9090: monitoring host-network needs the fact nodeCidrs in the ${cluster} dialect, which knows nodes only by address`);
    }
  });
});

test.each(['prometheus', 'openshift', 'gmp', 'host-network', 'none', 'prometheus+gmp'])('%s is known by its name', name => {
  expect(Monitoring.parse(` ${name} `).toString()).toBe(name);
});

test.each<[string, () => unknown, string]>([
  ['a name that is not known', () => Monitoring.parse('nagios'), 'monitoring "nagios" is not known; use one of prometheus, openshift, gmp, host-network, none'],
  ['a name that objects have', () => Monitoring.parse('toString'), 'monitoring "toString" is not known'],
  ['one of several', () => Monitoring.parse('gmp+nagios'), 'monitoring "nagios" is not known'],
  ['none of several', () => Monitoring.several(), 'no monitoring is stated; name at least one, or say Monitoring.none()'],
  ['a place that is none', () => Monitoring.pods({ namespace: 'a.b' }), 'namespace "a.b"'],
])('%s is refused', (_, make, why) => {
  expect(make).toThrow(why);
});
