import { ApiObject } from 'cdk8s';
import {
  ClusterFacts, ClusterPolicy, DefaultDeny, Dns, LabelExpression, Namespaces, NetworkPolicy, Peer, Port, RuleAction, Workload, ZeroTrustNamespace,
} from '../../src';
import { dns, flow, web, world } from '../oracle/fixtures';
import { allowed, CLUSTER_NAMES, ClusterName, Program, sound, synthesize } from '../support/apps';

const FACTS: ClusterFacts = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const EVERYONE = Peer.namespaces(Namespaces.all());
const CLOSES = /isolates ingress of the pods with k8s-app=kube-dns in namespace kube-system, which serve the cluster's DNS, and no rule lets pods of every namespace reach them on UDP and TCP 53: it would close the cluster's DNS for everyone; leave those pods out of the subject.*, or allow DNS to them, such as ingress: \[\{ peers: \[Peer\.namespaces\(Namespaces\.all\(\)\)\], ports: \[Port\.udp\(53\), Port\.tcp\(53\)\] \}\]/;

/** Holds the synth to open DNS: for a pod of a namespace that no statement names, too. */
function expectOpen(cluster: ClusterName, program: Program, facts: ClusterFacts = FACTS): void {
  const manifests = sound(cluster, program, facts);
  const stranger = { ...web, namespace: 'anywhere', name: 'stranger', labels: {} };
  const wide = { ...world, namespaces: { ...world.namespaces, anywhere: {} }, pods: [...world.pods, stranger] };
  for (const protocol of ['UDP', 'TCP'] as const) { expect([protocol, allowed(cluster, manifests, wide, flow(stranger, dns, protocol, 53))]).toEqual([protocol, true]); }
}

const expectClosed = (cluster: ClusterName, program: Program, facts: ClusterFacts = FACTS): void => {
  expect(() => synthesize(cluster, program, facts)).toThrow(CLOSES);
};

const deny: Program = ({ chart }) => { new DefaultDeny(chart, 'deny', { namespace: 'kube-system' }); };
const allow = (peer: Peer, ports: Port[] = [Port.DNS], labels: Record<string, string> = { 'k8s-app': 'kube-dns' }): Program => ({ chart }) => {
  new NetworkPolicy(chart, `allow-${ports.join()}-${peer}`.replace(/\W+/g, '-').toLowerCase(), {
    subject: Workload.external(chart, { labels, namespace: 'kube-system' }), ingress: [{ peers: [peer], ports }],
  });
};
const all = (...programs: Program[]): Program => context => programs.forEach(program => program(context));

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test.each<[string, Program]>([
    ['a default deny', deny],
    ['a default deny of ingress alone', ({ chart }) => { new DefaultDeny(chart, 'deny', { namespace: 'kube-system', egress: false }); }],
    ['a zero trust namespace', ({ chart }) => { new ZeroTrustNamespace(chart, 'ns', { name: 'kube-system', create: false, blockCloudMetadata: false }); }],
    ['a policy about the pods of DNS', allow(Peer.pods({ namespaces: Namespaces.named('shop') }))],
    ['a policy about a workload that serves DNS', ({ chart }) => {
      const labels = { 'k8s-app': 'kube-dns' };
      const spec = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'coredns', image: 'coredns' }] } } };
      const object = new ApiObject(chart, 'dns', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'dns', namespace: 'kube-system' }, spec } as never);
      Workload.of(object).connections.allowFrom(Peer.monitoring(), Port.tcp(9153));
    }],
  ])('%s of the namespace of the cluster\'s DNS fails the synth', (_, program) => {
    expectClosed(cluster, program);
  });

  test('it passes where DNS is open to the pods of every namespace, by whatever statement and in whatever order', () => {
    for (const open of [
      [allow(EVERYONE)],
      [allow(EVERYONE, [Port.udp(53)]), allow(EVERYONE, [Port.tcp(53)])],
      [allow(EVERYONE, [Port.all()])],
      [allow(Peer.any(), [Port.udpRange(1, 100), Port.allTcp()])],
      [allow(Peer.cluster())],
      [allow(Peer.namespaces(Namespaces.labeled({ expressions: [LabelExpression.noneOf('kubernetes.io/metadata.name', 'shop')] })))],
    ]) {
      expectOpen(cluster, all(deny, ...open));
      expectOpen(cluster, all(...open, deny));
    }
  });

  test.each<[string, Program]>([
    ['some namespaces', allow(Peer.namespaces(Namespaces.named('shop', 'data')))],
    ['labelled namespaces', allow(Peer.namespaces(Namespaces.labeled({ labels: { team: 'red' } })))],
    ['the own namespace', allow(Peer.namespaces(Namespaces.same()))],
    ['labelled pods', allow(Peer.pods({ namespaces: Namespaces.all(), labels: { app: 'web' } }))],
    ['addresses outside', allow(Peer.cidr('0.0.0.0/0'))],
    ['UDP alone', allow(EVERYONE, [Port.udp(53)])],
    ['another port', allow(EVERYONE, [Port.tcp(9153), Port.udp(5353)])],
    ['other pods of the namespace', allow(EVERYONE, [Port.DNS], { 'k8s-app': 'metrics-server' })],
  ])('it fails where DNS is open to or on %s only', (_, open) => {
    expectClosed(cluster, all(deny, open));
  });

  test('a policy about other pods of that namespace, or of another namespace, is no matter', () => {
    expectOpen(cluster, ({ chart }) => {
      new DefaultDeny(chart, 'deny');
      new DefaultDeny(chart, 'egress', { namespace: 'kube-system', name: 'no-egress', ingress: false });
      const metrics = Workload.external(chart, { labels: { 'k8s-app': 'metrics-server' }, namespace: 'kube-system' });
      new NetworkPolicy(chart, 'metrics', { subject: metrics, isolate: { ingress: true } });
    });
  });

  test('DNS of another place is looked at where it is, on its port', () => {
    const facts: ClusterFacts = { ...FACTS, dns: Dns.openShift() };
    const closing: Program = ({ chart }) => { new DefaultDeny(chart, 'deny', { namespace: 'openshift-dns' }); };
    expect(() => synthesize(cluster, closing, facts)).toThrow(/pods with dns\.operator\.openshift\.io\/daemonset-dns=default in namespace openshift-dns, .* on UDP and TCP 5353/);
    const open = (port: number): Program => ({ chart }) => {
      new NetworkPolicy(chart, 'open', { namespace: 'openshift-dns', ingress: [{ peers: [EVERYONE], ports: [Port.udp(port), Port.tcp(port)] }] });
    };
    expect(() => synthesize(cluster, all(closing, open(53)), facts)).toThrow(/would close the cluster's DNS/);
    expect(() => synthesize(cluster, all(closing, open(5353)), facts)).not.toThrow();
    expect(() => synthesize(cluster, deny, facts)).not.toThrow();
    expect(() => synthesize(cluster, deny, { ...FACTS, dns: Dns.gkeCloudDns() })).not.toThrow();
  });

  test('DNS pods whose labels are not stated are those of the whole namespace', () => {
    const facts: ClusterFacts = { ...FACTS, dns: Dns.pods({ namespace: 'kube-system' }) };
    expect(() => synthesize(cluster, deny, facts)).toThrow(/of the pods in namespace kube-system, which serve the cluster's DNS/);
    // The policy may be the one about them.
    expect(() => synthesize(cluster, all(deny, allow(EVERYONE)), facts)).not.toThrow();
    expect(() => synthesize(cluster, allow(Peer.monitoring(), [Port.tcp(9153)], { app: 'other' }), facts)).not.toThrow();
  });
});

describe.each(['cilium', 'calico'] as const)('on %s, a policy for the whole cluster', cluster => {
  const closing = (subject?: Peer): Program => ({ chart }) => { new ClusterPolicy(chart, 'p', { subject, isolate: { ingress: true } }); };
  const but = (name: string) => Peer.namespaces(Namespaces.labeled({ expressions: [LabelExpression.noneOf('kubernetes.io/metadata.name', name)] }));

  test.each<[string, Peer | undefined]>([
    ['every pod', undefined],
    ['every namespace', EVERYONE],
    ['every namespace but another', but('shop')],
    ['the pods of DNS', Peer.pods({ namespaces: Namespaces.all(), labels: { 'k8s-app': 'kube-dns' } })],
    ['pods without a label', Peer.pods({ namespaces: Namespaces.all(), expressions: [LabelExpression.doesNotExist('public')] })],
  ])('that isolates %s fails the synth, and says how those pods are left out', (_, subject) => {
    expectClosed(cluster, closing(subject));
    expect(() => synthesize(cluster, closing(subject), FACTS)).toThrow(
      'leave those pods out of the subject, such as namespaces: Namespaces.labeled({ expressions: [LabelExpression.noneOf(\'kubernetes.io/metadata.name\', \'kube-system\')] }), or');
  });

  test('that leaves out the namespace of DNS, or its pods, passes', () => {
    expectOpen(cluster, closing(but('kube-system')));
    expectOpen(cluster, closing(Peer.pods({ namespaces: Namespaces.all(), expressions: [LabelExpression.noneOf('k8s-app', 'kube-dns')] })));
    expectOpen(cluster, closing(Peer.pods({ namespaces: Namespaces.all(), labels: { app: 'api' } })));
    expectOpen(cluster, closing(Peer.namespaces(Namespaces.named('shop', 'data'))));
  });

  test('that isolates every pod passes where it, or a policy of the namespace, lets everyone ask', () => {
    expectOpen(cluster, ({ chart }) => { new ClusterPolicy(chart, 'p', { ingress: [{ peers: [EVERYONE], ports: [Port.DNS] }] }); });
    expectOpen(cluster, all(closing(), allow(EVERYONE)));
    expectClosed(cluster, all(closing(), allow(Peer.namespaces(Namespaces.named('shop')))));
  });

  test('whose subject DNS may be in, for all that is known, fails the synth', () => {
    expectClosed(cluster, closing(Peer.serviceAccount('coredns', Namespaces.all())));
  });

  test('that denies, or isolates egress, isolates nobody that is asked', () => {
    expect(() => synthesize(cluster, ({ chart }) => {
      new ClusterPolicy(chart, 'egress', { isolate: { egress: true } });
      new ClusterPolicy(chart, 'deny', { ingress: [{ peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.all()], action: RuleAction.DENY }] });
    }, FACTS)).not.toThrow();
  });
});

test('a rule by address lets pods in where the CNI matches them by address, and their ranges are inside', () => {
  const open = (range: string) => all(deny, allow(Peer.addresses(range)));
  const facts = { ...FACTS, podCidrs: ['10.0.0.0/16', '10.1.0.0/16', 'fd00::/64'] };
  expect(() => synthesize('kubernetes', open('10.0.0.0/8'), facts)).not.toThrow();
  expect(() => synthesize('kubernetes', open('10.0.0.0/16'), facts)).toThrow(CLOSES);
  expect(() => synthesize('kubernetes', open('192.168.0.0/16'), facts)).toThrow(CLOSES);
  // Not known where pods are: not judged.
  expect(() => synthesize('kubernetes', open('192.168.0.0/16'), { podCidrs: [] })).not.toThrow();
});
