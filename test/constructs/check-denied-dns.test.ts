import {
  ClusterFacts, ClusterPolicy, ClusterPolicyProps, Cni, DefaultDeny, Dialect, Dns, LabelExpression, Namespaces, NetworkPolicy, Peer, PolicyMode,
  PolicyRule, PolicyTier, Port, RuleAction, Workload,
} from '../../src';
import { dns, flow, web, world } from '../oracle/fixtures';
import { allowed, ClusterName, Program, sound, synthesize } from '../support/apps';

const RANGES: ClusterFacts = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const UPSTREAM: ClusterFacts = { ...RANGES, cni: Cni.kubeNetworkPolicies('1.0', { clusterNetworkPolicy: true }) };
const EVERY_POD = Peer.namespaces(Namespaces.all());
const { ALLOW, DENY, PASS } = RuleAction;
const rule = (action: RuleAction, peer: Peer = EVERY_POD, port: Port = Port.all()): PolicyRule => ({ action, peers: [peer], ports: [port] });
const DNS_SERVERS = Peer.pods({ namespaces: Namespaces.named('kube-system'), labels: { 'k8s-app': 'kube-dns' } });
const BASE = PolicyTier.BASELINE;
const but = (name: string) => Peer.namespaces(Namespaces.labeled({ expressions: [LabelExpression.noneOf('kubernetes.io/metadata.name', name)] }));

const cluster = (...all: ClusterPolicyProps[]): Program => ({ chart }) => {
  all.forEach((props, i) => new ClusterPolicy(chart, `p${i}`, props.tier === undefined ? props : { priority: 10 + i, ...props }));
};

/** Pods of the fixtures and of a namespace that no statement names. */
const stranger = { ...web, namespace: 'anywhere', name: 'stranger', labels: {} };
const WIDE = { ...world, namespaces: { ...world.namespaces, anywhere: {} }, pods: [...world.pods, stranger] };
const resolves = (name: ClusterName, program: Program, facts: ClusterFacts = RANGES, asker = stranger): boolean => {
  const manifests = sound(name, program, facts);
  return (['UDP', 'TCP'] as const).every(protocol => allowed(name, manifests, WIDE, flow(asker, dns, protocol, 53)));
};

/** Denied without a word before: what is stated with dns: false is written, and the judge sees that nobody resolves names. */
function expectDenied(name: ClusterName, props: ClusterPolicyProps, message: RegExp, facts: ClusterFacts = RANGES): void {
  expect(() => synthesize(name, cluster(props), facts)).toThrow(message);
  expect(resolves(name, cluster({ ...props, dns: false }), facts)).toBe(false);
}

const CLOSES: [string, ClusterPolicyProps][] = [
  ['ingress of every pod from every pod', { ingress: [rule(DENY)] }],
  ['egress of every pod to every pod', { egress: [rule(DENY)] }],
  ['egress of every pod on the port of DNS', { egress: [rule(DENY, EVERY_POD, Port.DNS)] }],
  ['egress of every pod on UDP', { egress: [rule(DENY, EVERY_POD, Port.allUdp())] }],
  ['egress of every pod to kube-system', { egress: [rule(DENY, Peer.namespaces(Namespaces.named('kube-system')))] }],
  ['ingress of kube-system', { subject: Peer.namespaces(Namespaces.named('kube-system')), ingress: [rule(DENY)] }],
  ['ingress of the pods of DNS', { subject: DNS_SERVERS, ingress: [rule(DENY)] }],
  ['every other namespace', { ingress: [rule(DENY, but('kube-system'))] }],
];
const MESSAGE = /policy (shop-p0|default) \(shop\/p0\), (in|e)gress (from|to) .*: it denies pods of every namespace the cluster's DNS, which is the pods with k8s-app=kube-dns in namespace kube-system on UDP and TCP 53; .*; or state dns: false where that is meant/;

describe.each<[string, ClusterName, ClusterFacts]>([
  ['Calico', 'calico', RANGES], ['ClusterNetworkPolicy', 'kubernetes', UPSTREAM],
  ['AdminNetworkPolicy', 'kubernetes', { ...RANGES, cni: Cni.antrea('1.13', { clusterNetworkPolicy: true }) }],
])('in the tiers of %s, a deny fails the synth that is about', (_, name, facts) => {
  test.each(CLOSES)('%s', (__, props) => {
    for (const tier of [PolicyTier.SECURITY, PolicyTier.PLATFORM, BASE]) { expectDenied(name, { ...props, tier }, MESSAGE, facts); }
  });
});

describe.each(['calico', 'cilium'] as const)('on %s without a tier, a deny fails the synth that is about', name => {
  test.each(CLOSES)('%s', (_, props) => {
    expectDenied(name, props, MESSAGE);
    expect(() => synthesize(name, cluster(props), RANGES)).toThrow('deny less, since beside policies of namespaces no allow outweighs a deny');
  });

  test('egress of anything', () => {
    expectDenied(name, { egress: [rule(DENY, Peer.any())] }, MESSAGE);
    expectDenied(name, { egress: [rule(DENY, Peer.cluster())] }, MESSAGE);
  });

  test('everything that one namespace asks, and an allow beside it is no help', () => {
    const program = (policy: { dns?: boolean; subject?: Peer; egress?: PolicyRule[] }): Program => ({ chart }) => {
      new NetworkPolicy(chart, 'closed', { egress: [rule(DENY)], ...policy });
      new NetworkPolicy(chart, 'open', { egress: [rule(ALLOW, Peer.dns(), Port.DNS)] });
    };
    expect(() => synthesize(name, program({}), RANGES)).toThrow(/policy shop\/shop-closed \(shop\/closed\), egress to .*: it denies the pods of namespace shop the cluster's DNS/);
    expect(resolves(name, program({ dns: false }), RANGES, web)).toBe(false);
    expect(resolves(name, program({ egress: [rule(DENY, EVERY_POD, Port.tcp(8080))] }), RANGES, web)).toBe(true);
    // Who closes some pods off has named them.
    expect(() => synthesize(name, program({ subject: Peer.pods({ expressions: [LabelExpression.exists('quarantine')] }) }), RANGES)).not.toThrow(/DNS/);
  });

  test('the namespace of the cluster\'s DNS', () => {
    expect(() => synthesize(name, ({ chart }) => { new NetworkPolicy(chart, 'p', { namespace: 'kube-system', ingress: [rule(DENY)] }); }, RANGES)).toThrow(/it denies pods of every namespace the cluster's DNS/);
  });
});

describe('an app passes', () => {
  const base = (props: ClusterPolicyProps): ClusterPolicyProps => ({ tier: BASE, ...props });
  const both = { ingress: [rule(DENY)], egress: [rule(DENY)] };
  const asked = base({ subject: DNS_SERVERS, ingress: [rule(ALLOW, EVERY_POD, Port.DNS)] });
  const asks = base({ egress: [rule(ALLOW, Peer.dns(), Port.DNS)] });

  test.each<[string, ClusterPolicyProps[], boolean]>([
    ['whose tier allows DNS before it denies, at both ends', [asks, asked, base(both)], true],
    ['whose rule allows DNS before the one that denies', [asked, base({ ...both, egress: [rule(ALLOW, Peer.dns(), Port.DNS), rule(DENY)] })], true],
    ['that allows at one end only', [asks, base(both)], false],
    ['that allows at the other end only', [asked, base(both)], false],
    ['that allows it too late', [base(both), asks, asked], false],
    ['that allows UDP only', [base({ egress: [rule(ALLOW, Peer.dns(), Port.udp(53)), rule(DENY)] })], false],
    ['whose upper tier allows it', [{ tier: PolicyTier.PLATFORM, egress: [rule(ALLOW, Peer.dns(), Port.DNS)] }, base({ egress: [rule(DENY)] })], true],
    ['whose upper tier passes it on to the deny', [{ tier: PolicyTier.PLATFORM, egress: [rule(PASS)] }, base({ egress: [rule(DENY)] })], false],
    ['that denies other ports', [base({ ingress: [rule(DENY, EVERY_POD, Port.tcp(8080))], egress: [rule(DENY, EVERY_POD, Port.HTTPS)] })], true],
    ['that denies other namespaces', [base({ subject: but('kube-system'), ingress: [rule(DENY)] }), base({ egress: [rule(DENY, but('kube-system'))] })], true],
    ['that denies the internet', [base({ egress: [rule(DENY, Peer.internet())] })], true],
  ])('or fails, %s', (_, all, passes) => {
    const program = cluster(...all);
    if (passes) { expect(resolves('calico', program)).toBe(true); } else { expect(() => synthesize('calico', program, RANGES)).toThrow(/the cluster's DNS/); }
  });

  test.each<[string, ClusterPolicyProps]>([
    ['guests that are denied everywhere', { ingress: [rule(DENY, Peer.namespaces(Namespaces.named('guests')))] }],
    ['labelled pods that are denied everywhere', { ingress: [rule(DENY, Peer.pods({ namespaces: Namespaces.all(), labels: { app: 'guest' } }))] }],
    ['pods in quarantine', { subject: Peer.pods({ namespaces: Namespaces.all(), labels: { quarantine: 'true' } }), ingress: [rule(DENY)], egress: [rule(DENY)] }],
  ])('for that is what is stated: %s', (_, props) => {
    for (const tier of [undefined, PolicyTier.SECURITY, BASE]) { expect(resolves('calico', cluster({ ...props, tier }))).toBe(true); }
  });

  test('with a namespace that egress is denied to everything, not', () => {
    const guests = { subject: Peer.namespaces(Namespaces.named('guests')), egress: [rule(DENY)] };
    expect(() => synthesize('calico', cluster(base(guests)), RANGES)).toThrow(/it denies the pods of namespace guests the cluster's DNS/);
    expect(() => synthesize('calico', cluster(base({ ...guests, dns: false })), RANGES)).not.toThrow();
  });

  test('with a policy that is only looked at, or stated with dns: false', () => {
    expect(resolves('calico', cluster(base({ ...both, mode: PolicyMode.AUDIT })))).toBe(true);
    expect(() => synthesize('calico', cluster(base({ ...both, dns: false })), RANGES)).not.toThrow();
    // What is closed on purpose is no other policy's fault.
    expect(() => synthesize('calico', cluster(base({ ...both, dns: false }), base({ ingress: [rule(DENY, EVERY_POD, Port.tcp(80))] })), RANGES)).not.toThrow();
  });

  test('with isolation, which another check is about', () => {
    expect(() => synthesize('calico', ({ chart }) => {
      new DefaultDeny(chart, 'deny', { dns: false });
      new ClusterPolicy(chart, 'p', { egress: [rule(DENY, EVERY_POD, Port.tcp(80))] });
    }, RANGES)).not.toThrow();
  });
});

describe('DNS of another kind', () => {
  const denied = (facts: ClusterFacts, props: ClusterPolicyProps, name: ClusterName = 'calico') => () => synthesize(name, cluster(props), { ...RANGES, ...facts });

  test('is looked at where it is, on its port', () => {
    const facts = { dns: Dns.openShift() };
    expect(denied(facts, { egress: [rule(DENY, EVERY_POD, Port.tcp(5353))] })).toThrow(/in namespace openshift-dns on UDP and TCP 5353/);
    expect(denied(facts, { egress: [rule(DENY, EVERY_POD, Port.DNS)] })).not.toThrow();
  });

  test('may be an address', () => {
    const range = { egress: [rule(DENY, Peer.cidr('169.254.0.0/16'))] };
    expect(denied({ dns: Dns.gkeCloudDns() }, range)).toThrow(/the cluster's DNS, which is 169\.254\.169\.254 on UDP and TCP 53/);
    expect(denied({ dns: Dns.nodeLocalCache() }, range)).toThrow(/the cluster's DNS, which is 169\.254\.20\.10 on UDP and TCP 53/);
    // Cilium never matches an address on the node by its range.
    expect(denied({ dns: Dns.nodeLocalCache() }, range, 'cilium')).not.toThrow();
    expect(denied({ dns: Dns.coreDns() }, range)).not.toThrow();
    expect(denied({ dns: Dns.gkeCloudDns() }, { egress: [rule(DENY)] })).not.toThrow();
  });

  test('is denied by the addresses of all pods, not by those of some', () => {
    const facts: ClusterFacts = { podCidrs: ['10.244.0.0/16'], dialect: Dialect.CALICO };
    expect(denied(facts, { ingress: [rule(DENY, Peer.addresses('10.0.0.0/8'))] })).toThrow(/the cluster's DNS/);
    expect(denied(facts, { ingress: [rule(DENY, Peer.addresses('10.244.0.0/24'))] })).not.toThrow();
  });
});

test('a workload that denies what it asks is what was stated', () => {
  expect(() => synthesize('calico', ({ chart }) => {
    new NetworkPolicy(chart, 'p', { subject: Workload.external(chart, { labels: { app: 'web' } }), egress: [rule(DENY)] });
  }, RANGES)).not.toThrow();
});
