import { ApiObject, App, Chart } from 'cdk8s';
import {
  BlockCloudMetadata, Cloud, Cluster, ClusterFacts, ClusterPolicy, ClusterPolicyProps, Cni, DefaultDeny, Dialect, LabelExpression, Namespaces,
  NetworkPolicy, Peer, PolicyRule, PolicyTier, Port, RuleAction,
} from '../../src';
import { api, db, dns, flow, otherApi, outside, web, world } from '../oracle/fixtures';
import { ClusterName, expectFlows, Manifest, Program, sound, synthesize } from '../support/apps';

const RANGES = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
/** Clusters in which every tier can be said, with what is written there. */
const WITH_TIERS: [string, ClusterName, ClusterFacts][] = [
  ['Calico tiers', 'calico', RANGES],
  ['ClusterNetworkPolicy', 'kubernetes', { ...RANGES, cni: Cni.kubeNetworkPolicies('1.0', { clusterNetworkPolicy: true }) }],
  ['ClusterNetworkPolicy of Calico', 'kubernetes', { ...RANGES, cni: Cni.calico('3.32'), dialect: Dialect.KUBERNETES }],
  ['AdminNetworkPolicy', 'kubernetes', { ...RANGES, cni: Cni.antrea('1.13', { clusterNetworkPolicy: true }) }],
  ['ClusterNetworkPolicy beside Cilium\'s policies', 'cilium', { ...RANGES, cni: Cni.cilium('1.20', { clusterNetworkPolicy: true }) }],
];

const labelled = (app: string) => Peer.pods({ namespaces: Namespaces.all(), labels: { app } });
const rule = (action: RuleAction, peer: Peer, port = Port.tcp(8080)): PolicyRule => ({ action, peers: [peer], ports: [port] });
const { ALLOW, DENY, PASS } = RuleAction;
const EVERY_POD = Peer.namespaces(Namespaces.all());

/** A tenant that allows everything it can, as plain NetworkPolicy or what the dialect has for it. */
const openTenant: Program = ({ chart }) => {
  new NetworkPolicy(chart, 'open', { ingress: [{ peers: [Peer.any()], ports: [Port.all()] }], egress: [{ peers: [Peer.any()], ports: [Port.all()] }] });
};
const policy = (chart: Chart, id: string, props: ClusterPolicyProps) => new ClusterPolicy(chart, id, { name: id, ...props });

describe.each(WITH_TIERS)('written as %s', (form, cluster, facts) => {
  // Cilium judges its own policies with its own profile, which the judge of ClusterNetworkPolicy does not know: there tenants state nothing.
  const tenant: Program = form.includes('Cilium') ? () => undefined : openTenant;

  test('what an upper tier denies, nobody below opens', () => {
    const manifests = sound(cluster, context => {
      policy(context.chart, 'no-db', { tier: PolicyTier.PLATFORM, subject: labelled('api'), ingress: [rule(DENY, labelled('db'))] });
      tenant(context);
    }, facts);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { 'others': flow(web, api), 'another port': flow(db, api, 'TCP', 9000) }, { 'the pods': flow(db, api), 'elsewhere': flow(db, otherApi) });
  });

  test('security comes before the platform, which comes before namespaces', () => {
    const manifests = sound(cluster, ({ chart }) => {
      policy(chart, 'platform', { tier: PolicyTier.PLATFORM, subject: labelled('api'), ingress: [rule(ALLOW, labelled('db')), rule(ALLOW, labelled('web'))] });
      policy(chart, 'security', { tier: PolicyTier.SECURITY, subject: labelled('api'), ingress: [rule(DENY, labelled('db'))] });
      if (!form.includes('Cilium')) { new DefaultDeny(chart, 'deny', { egress: false }); }
    }, facts);
    expectFlows(cluster, manifests, { 'the platform wins over namespaces': flow(web, api) }, { 'security wins over the platform': flow(db, api) });
  });

  test('a pass leaves it to namespaces, and the first rule that matches decides', () => {
    const manifests = sound(cluster, ({ chart }) => {
      policy(chart, 'p', { tier: PolicyTier.PLATFORM, subject: labelled('api'), ingress: [rule(PASS, labelled('web')), rule(DENY, EVERY_POD)] });
    }, facts);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { 'passed on': flow(web, api) }, { denied: flow(db, api) });
    const closed = sound(cluster, context => {
      policy(context.chart, 'p', { tier: PolicyTier.PLATFORM, subject: labelled('api'), ingress: [rule(DENY, EVERY_POD), rule(PASS, labelled('web'))] });
    }, facts);
    expectFlows(cluster, closed, {}, { 'the order is that of the list': flow(web, api) });
  });

  test('a lower priority comes first', () => {
    const ordered = (deny: number, allow: number) => sound(cluster, ({ chart }) => {
      policy(chart, 'a-deny', { tier: PolicyTier.PLATFORM, priority: deny, subject: labelled('api'), ingress: [rule(DENY, labelled('web'))] });
      policy(chart, 'b-allow', { tier: PolicyTier.PLATFORM, priority: allow, subject: labelled('api'), ingress: [rule(ALLOW, labelled('web'))] });
    }, facts);
    expectFlows(cluster, ordered(2, 1), { it: flow(web, api) }, {});
    expectFlows(cluster, ordered(1, 2), {}, { it: flow(web, api) });
  });

  test('the baseline holds where no policy of a namespace isolates', () => {
    const manifests = sound(cluster, ({ chart }) => {
      policy(chart, 'base', { tier: PolicyTier.BASELINE, name: undefined, ingress: [rule(DENY, EVERY_POD)] });
      if (!form.includes('Cilium')) {
        new NetworkPolicy(chart, 'api', { subject: Peer.pods({ labels: { app: 'api' } }), ingress: [{ peers: [Peer.pods({ labels: { app: 'web' } })], ports: [Port.tcp(8080)] }] });
        new ApiObject(chart, 'pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'api', labels: { app: 'api' } }, spec: { containers: [{ name: 'api', image: 'api' }] } } as never);
      }
    }, facts);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests,
      { 'another port': flow(web, db, 'TCP', 9000), 'outside': flow(outside, db), ...(form.includes('Cilium') ? {} : { 'where a namespace allows': flow(web, api) }) },
      { 'no namespace says anything': flow(web, otherApi) });
  });

  test('policies of a tier isolate nobody', () => {
    const manifests = sound(cluster, ({ chart }) => {
      policy(chart, 'p', { tier: PolicyTier.PLATFORM, ingress: [rule(ALLOW, labelled('web'))], egress: [rule(ALLOW, labelled('web'))] });
    }, facts);
    expectFlows(cluster, manifests, { in: flow(db, api), out: flow(api, outside), dns: flow(web, dns, 'UDP', 53) }, {});
  });
});

describe('on Cilium without ClusterNetworkPolicy', () => {
  test('the upper tiers can deny', () => {
    const manifests = sound('cilium', context => {
      policy(context.chart, 'no-db', { tier: PolicyTier.SECURITY, subject: labelled('api'), ingress: [rule(DENY, labelled('db'))] });
      openTenant(context);
    }, RANGES);
    expect(manifests).toMatchSnapshot();
    expectFlows('cilium', manifests, { others: flow(web, api) }, { 'the pods': flow(db, api), 'elsewhere': flow(db, otherApi) });
  });

  test.each<[string, ClusterPolicyProps]>([
    ['an allow', { tier: PolicyTier.PLATFORM, ingress: [rule(ALLOW, labelled('web'))] }],
    ['a pass', { tier: PolicyTier.PLATFORM, ingress: [rule(PASS, labelled('web'))] }],
    ['a deny of the baseline', { tier: PolicyTier.BASELINE, ingress: [rule(DENY, labelled('web'))] }],
  ])('%s is refused, and the message says what would express it', (_, props) => {
    expect(() => synthesize('cilium', ({ chart }) => { policy(chart, 'p', props); }, RANGES)).toThrow(/the cilium dialect cannot express this: .*state the fact clusterNetworkPolicy for Cilium 1.20/);
  });
});

describe('plain Kubernetes', () => {
  test.each<[string, Cni, RegExp]>([
    ['any CNI', Cni.kubernetes(), /kubernetes is not known to enforce policy\.networking\.k8s\.io/],
    ['a CNI whose flag is not stated', Cni.ovnKubernetes(), /only where it is switched on \(--enable-admin-network-policy\), which is not stated/],
  ])('refuses a tier on %s', (_, cni, why) => {
    const make = () => synthesize('kubernetes', ({ chart }) => { policy(chart, 'p', { tier: PolicyTier.SECURITY, ingress: [rule(DENY, labelled('web'))] }); }, { ...RANGES, cni });
    expect(make).toThrow(/policy p \(shop\/p\): .*the kubernetes dialect cannot express this: NetworkPolicy has no tiers, and no ClusterNetworkPolicy is enforced here/);
    expect(make).toThrow(why);
  });

  test('two policies of one tier and one priority have no order', () => {
    const make = (priority: number) => synthesize('kubernetes', ({ chart }) => {
      policy(chart, 'one', { tier: PolicyTier.PLATFORM, ingress: [rule(DENY, labelled('web'))] });
      policy(chart, 'two', { tier: PolicyTier.PLATFORM, priority, ingress: [rule(ALLOW, labelled('web'))] });
    }, WITH_TIERS[1][2]);
    expect(() => make(100)).toThrow(/policy one \(shop\/one\), ingress and policy two \(shop\/two\), ingress have one tier and one priority, so that which of them comes first is not defined; give them different priorities/);
    expect(() => make(101)).not.toThrow();
  });

  test('a pass in the tier security would skip the platform', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => { policy(chart, 'p', { tier: PolicyTier.SECURITY, ingress: [rule(PASS, labelled('web'))] }); }, WITH_TIERS[1][2]))
      .toThrow(/a pass would skip the lower one too/);
  });

  test('a priority that the CNI ignores is an error', () => {
    const make = (tier: PolicyTier, priority: number) => () => sound('kubernetes', ({ chart }) => {
      policy(chart, 'p', { tier, priority, ingress: [rule(DENY, labelled('web'))] });
    }, { ...RANGES, cni: Cni.ovnKubernetes({ clusterNetworkPolicy: true }) });
    for (const tier of [PolicyTier.SECURITY, PolicyTier.PLATFORM]) {
      expect(make(tier, 49)()[0].spec.priority).toBeLessThan(100);
      expect(make(tier, 50)).toThrow(/priority 50, where each tier has 0 to 49 on ovn-kubernetes/);
    }
  });

  test('there is one BaselineAdminNetworkPolicy', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => {
      for (const id of ['one', 'two']) { new ClusterPolicy(chart, id, { tier: PolicyTier.BASELINE, ingress: [rule(DENY, labelled(id))] }); }
    }, WITH_TIERS[3][2])).toThrow(/two policies are the same object, BaselineAdminNetworkPolicy default: shop\/one and shop\/two/);
  });
});

describe('the tiers of Calico', () => {
  const tiers = (manifests: readonly Manifest[]) => manifests.filter(({ kind }) => kind === 'Tier').map(({ metadata, spec }) => [metadata.name, spec]);

  test('are emitted once for the app, before the policies in them', () => {
    const app = new App();
    Cluster.of(app).configure({ cni: Cni.calico() });
    const charts = ['one', 'two'].map(id => new Chart(app, id, { namespace: id }));
    for (const [i, chart] of charts.entries()) {
      policy(chart, `s${i}`, { tier: PolicyTier.SECURITY, ingress: [rule(DENY, labelled('web'))] });
      policy(chart, `p${i}`, { tier: PolicyTier.PLATFORM, ingress: [rule(DENY, labelled('web'))] });
    }
    const [one, two] = charts.map(chart => chart.toJson());
    expect(tiers(one)).toEqual([['netpol-security', { order: 100, defaultAction: 'Pass' }], ['netpol-platform', { order: 200, defaultAction: 'Pass' }]]);
    expect(tiers(two)).toEqual([]);
    expect(one.map(({ metadata }) => metadata.name)).toEqual(['netpol-security', 'netpol-security.s0', 'netpol-platform', 'netpol-platform.p0']);
  });

  test('that were taken out with their chart are an error', () => {
    const app = new App();
    Cluster.of(app).configure({ cni: Cni.calico() });
    const charts = ['one', 'two'].map(id => new Chart(app, id, { namespace: id }));
    for (const chart of charts) { policy(chart, chart.node.id, { tier: PolicyTier.SECURITY, ingress: [rule(DENY, labelled('web'))] }); }
    app.node.tryRemoveChild('one');
    expect(() => charts[1].toJson()).toThrow(/policy two \(two\/two\) is in the Calico tier netpol-security, but what held the Tier was taken out of the app; state the first policy of that tier in another chart/);
  });

  test('an allow is no reason for the tier for denies, nor for isolation', () => {
    const manifests = sound('calico', ({ chart }) => { policy(chart, 'p', { tier: PolicyTier.SECURITY, ingress: [rule(ALLOW, labelled('web'))] }); }, RANGES);
    expect(tiers(manifests).map(([name]) => name)).toEqual(['netpol-security']);
  });
});

test('rules can be added later, after those that are there', () => {
  const manifests = sound('calico', ({ chart }) => {
    const added = policy(chart, 'p', { tier: PolicyTier.PLATFORM, ingress: [rule(ALLOW, labelled('web'))] });
    added.addIngressRule(rule(DENY, EVERY_POD));
    added.addEgressRule(rule(PASS, labelled('web')));
  }, RANGES);
  expectFlows('calico', manifests, { first: flow(web, api) }, { second: flow(db, api) });
});

describe('what a tier does not have is an error where it is stated', () => {
  test.each<[ClusterPolicyProps, string]>([
    [{ tier: PolicyTier.SECURITY, isolate: { ingress: true } }, 'shop/p: isolate is stated in tier security, where a policy isolates nothing; leave it out, and end the rules with one that denies'],
    [{ tier: PolicyTier.BASELINE, dns: true }, 'shop/p: dns is stated in tier baseline, where a policy brings no DNS along; leave it out, and allow DNS in a rule before the one that denies, or state the baseline by PolicyTiers'],
    [{ priority: 5 }, 'shop/p: priority is stated without a tier, where the order of policies has no meaning; state tier, or leave priority out'],
    [{ tier: PolicyTier.APPLICATION, priority: 5 }, 'shop/p: priority is stated without a tier'],
    [{ tier: PolicyTier.SECURITY, priority: 500 }, 'shop/p: priority 500 is not a whole number from 0 to 499'],
    [{ tier: PolicyTier.SECURITY, priority: -1 }, 'priority -1 is not a whole number'],
    [{ tier: PolicyTier.SECURITY, priority: 1.5 }, 'priority 1.5 is not a whole number'],
    [{ tier: 'admin' as PolicyTier }, 'shop/p: tier "admin" is not known; use one of security, platform, application, baseline'],
    [{ tier: 'constructor' as PolicyTier }, 'tier "constructor" is not known'],
    [{ ingress: [rule(PASS, EVERY_POD)] }, 'a rule passes to the next tier, and a policy without a tier has none; state tier in a ClusterPolicy, or leave the rule out'],
  ])('%j', (props, why) => {
    expect(() => synthesize('calico', ({ chart }) => { policy(chart, 'p', props); })).toThrow(why);
  });

  test('a policy without rules says nothing', () => {
    expect(() => synthesize('calico', ({ chart }) => { policy(chart, 'p', { tier: PolicyTier.SECURITY }); })).toThrow(/policy p \(shop\/p\) says nothing; state a rule/);
  });
});

describe('in company', () => {
  const metadata: [string, ClusterPolicyProps, boolean][] = [
    ['an allow of any destination', { egress: [rule(ALLOW, Peer.any(), Port.all())] }, true],
    ['an allow of the range', { egress: [rule(ALLOW, Peer.cidr('169.254.0.0/16'), Port.all())] }, true],
    ['an allow of another port', { egress: [rule(ALLOW, Peer.cidr('169.254.0.0/16'), Port.HTTPS)] }, false],
    ['an allow behind a deny', { egress: [rule(DENY, Peer.cidr('169.254.169.254/32'), Port.all()), rule(ALLOW, Peer.cidr('169.254.0.0/16'), Port.all())] }, false],
    ['an allow behind a pass', { egress: [rule(PASS, Peer.cidr('169.254.169.254/32'), Port.all()), rule(ALLOW, Peer.cidr('169.254.0.0/16'), Port.all())] }, false],
    ['an allow for pods of another namespace', { subject: Peer.namespaces(Namespaces.named('data')), egress: [rule(ALLOW, Peer.any(), Port.all())] }, false],
    ['an allow at ingress', { ingress: [rule(ALLOW, Peer.any(), Port.all())] }, false],
    ['an allow of the baseline', { tier: PolicyTier.BASELINE, egress: [rule(ALLOW, Peer.any(), Port.all())] }, false],
  ];

  test.each(metadata)('%s beside BlockCloudMetadata', (_, props, opens) => {
    const make = () => synthesize('calico', ({ chart }) => {
      policy(chart, 'p', { tier: PolicyTier.PLATFORM, ...props });
      new BlockCloudMetadata(chart, 'metadata');
    }, { ...RANGES, cloud: Cloud.ALIBABA });
    // Alibaba's address is another one: these open it only where they allow everything.
    const aws = () => synthesize('calico', ({ chart }) => {
      policy(chart, 'p', { tier: PolicyTier.PLATFORM, ...props });
      new BlockCloudMetadata(chart, 'metadata');
    }, { ...RANGES, cloud: Cloud.AWS });
    if (opens) {
      expect(aws).toThrow(/BlockCloudMetadata \(shop\/metadata\): policy p \(shop\/p\) is in a tier that comes before, and allows egress to 169\.254\.169\.254 TCP 80; except the address there, or deny it in a rule before that one/);
    } else {
      expect(aws).not.toThrow();
      expect(make).not.toThrow();
    }
  });

  test('a deny of an upper tier is no isolation: DNS needs nobody\'s leave', () => {
    expect(() => synthesize('calico', ({ chart }) => {
      policy(chart, 'p', { tier: PolicyTier.PLATFORM, ingress: [rule(DENY, labelled('web'))] });
    }, RANGES)).not.toThrow();
  });

  test('an upper tier may let everyone ask the DNS pods that a policy isolates', () => {
    const closed = (also: (chart: Chart) => void) => () => synthesize('calico', ({ chart }) => {
      new ClusterPolicy(chart, 'closed', { isolate: { ingress: true } });
      also(chart);
    }, RANGES);
    expect(closed(() => undefined)).toThrow(/would close the cluster's DNS for everyone/);
    expect(closed(chart => policy(chart, 'dns', {
      tier: PolicyTier.PLATFORM,
      subject: Peer.pods({ namespaces: Namespaces.named('kube-system'), expressions: [LabelExpression.oneOf('k8s-app', 'kube-dns')] }),
      ingress: [rule(ALLOW, EVERY_POD, Port.DNS)],
    }))).not.toThrow();
  });
});
