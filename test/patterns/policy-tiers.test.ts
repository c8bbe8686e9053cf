import * as fc from 'fast-check';
import {
  ClusterFacts, Cni, Dns, LabelExpression, Mesh, Namespaces, Peer, PolicyMode, PolicyRule, PolicyTiers, PolicyTiersProps, Port, RuleAction,
} from '../../src';
import { Policy } from '../../src/model/policy-set';
import { api, db, dns, flow, otherApi, outside, ping, remoteNode, web, world } from '../oracle/fixtures';
import { allowed, ClusterName, expectFlows, flowsIn, Manifest, Program, sound, synthesize } from '../support/apps';
import { CALICO, CILIUM_1_18, KUBERNETES, Place, written } from '../support/models/places';
import { runs } from '../support/models/runs';

const RANGES = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const UPSTREAM: ClusterFacts = { ...RANGES, cni: Cni.kubeNetworkPolicies('1.0', { clusterNetworkPolicy: true }) };
const labelled = (app: string) => Peer.pods({ namespaces: Namespaces.all(), labels: { app } });
const EVERY_POD = Peer.namespaces(Namespaces.all());
const rule = (action: RuleAction, peer: Peer, port = Port.tcp(8080)): PolicyRule => ({ action, peers: [peer], ports: [port] });
const { ALLOW, DENY, PASS } = RuleAction;

const tiers = (props: PolicyTiersProps): Program => ({ chart }) => { new PolicyTiers(chart, 'tiers', props); };

/** Only APIs talk to databases, namespaces decide whether web talks to APIs, and pods that no policy isolates are closed on 8080. */
const HOUSE: PolicyTiersProps = {
  security: [
    { name: 'quarantine', subject: labelled('new'), ingress: [rule(DENY, EVERY_POD, Port.all())], egress: [rule(DENY, EVERY_POD, Port.all())] },
    { name: 'databases', subject: labelled('db'), ingress: [rule(ALLOW, labelled('api'), Port.tcp(5432)), rule(DENY, EVERY_POD, Port.all())] },
  ],
  platform: [{ name: 'delegated', subject: labelled('api'), ingress: [rule(PASS, labelled('web')), rule(DENY, labelled('db'))] }],
  baseline: [{ name: 'closed', ingress: [rule(DENY, EVERY_POD)] }],
};

describe.each<[string, ClusterName, ClusterFacts]>([['Calico tiers', 'calico', RANGES], ['ClusterNetworkPolicies', 'kubernetes', UPSTREAM]])('as %s', (_, cluster, facts) => {
  test('the tiers say what they say, in their order', () => {
    const manifests = sound(cluster, tiers(HOUSE), facts);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, {
      'security allows, first': flow(api, db, 'TCP', 5432),
      'what no tier decides': flow(api, web, 'TCP', 9000),
      'outside': flow(web, outside, 'TCP', 443),
      'DNS': flow(web, dns, 'UDP', 53),
    }, {
      'security denies what it did not allow': flow(web, db, 'TCP', 5432),
      'the platform denies': flow(db, api),
      'what the platform passes on, the baseline denies': flow(web, api),
      'the baseline denies': flow(api, web),
    });
  });

  test('the sets of a tier are asked in the order of statement', () => {
    const sets = [
      { name: 'z-allow', ingress: [rule(ALLOW, labelled('web'))] },
      { name: 'a-deny', ingress: [rule(DENY, EVERY_POD)] },
    ];
    const expected = { pass: { web: flow(web, api) }, stop: { others: flow(db, api) } };
    expectFlows(cluster, sound(cluster, tiers({ platform: sets }), facts), expected.pass, expected.stop);
    expectFlows(cluster, sound(cluster, tiers({ platform: [...sets].reverse() }), facts), {}, { ...expected.pass, ...expected.stop });
    const numbered = [{ ...sets[0], priority: 30 }, sets[1]];
    expectFlows(cluster, sound(cluster, tiers({ platform: numbered }), facts), expected.pass, expected.stop);
  });
});

describe('on Cilium without ClusterNetworkPolicy', () => {
  test('denies of the upper tiers are clusterwide policies', () => {
    const manifests = sound('cilium', tiers({
      security: [{ name: 'quarantine', subject: labelled('new'), ingress: [rule(DENY, EVERY_POD, Port.all())] }],
      platform: [{ name: 'databases', subject: labelled('db'), ingress: [rule(DENY, labelled('web'), Port.all())] }],
    }), RANGES);
    expect(manifests).toMatchSnapshot();
    expectFlows('cilium', manifests, { api: flow(api, db, 'TCP', 5432) }, { web: flow(web, db, 'TCP', 5432) });
  });

  test('all else is refused', () => {
    expect(() => synthesize('cilium', tiers(HOUSE), RANGES)).toThrow(/state the fact clusterNetworkPolicy for Cilium 1.20/);
  });
});

test('audited tiers decide nothing', () => {
  const manifests = sound('calico', tiers({ ...HOUSE, mode: PolicyMode.AUDIT }), RANGES);
  expect(manifests.filter(({ kind }) => kind !== 'Tier').every(({ kind }) => kind === 'StagedGlobalNetworkPolicy')).toBe(true);
  expectFlows('calico', manifests, { all: flow(web, db, 'TCP', 5432) }, {});
});

describe('a baseline that closes everything lets every pod resolve names', () => {
  const CLOSED: PolicyTiersProps = {
    baseline: [{ name: 'closed', ingress: [rule(DENY, EVERY_POD, Port.all())], egress: [rule(DENY, EVERY_POD, Port.all())] }],
  };
  const { ingress, egress } = CLOSED.baseline![0];
  const ASKS = { UDP: flow(web, dns, 'UDP', 53), TCP: flow(web, dns, 'TCP', 53), elsewhere: flow(otherApi, dns, 'UDP', 53) };
  const CLOSES = { 'another port': flow(web, dns, 'TCP', 9153), 'other pods': flow(web, api), 'DNS of other pods': flow(web, api, 'UDP', 53) };
  const ANTREA: ClusterFacts = { ...RANGES, cni: Cni.antrea('1.13', { clusterNetworkPolicy: true }) };

  test.each<[string, ClusterName, ClusterFacts]>([
    ['Calico', 'calico', RANGES],
    ['ClusterNetworkPolicy', 'kubernetes', UPSTREAM],
    ['ClusterNetworkPolicy on Cilium', 'cilium', { ...RANGES, cni: Cni.cilium('1.20', { clusterNetworkPolicy: true }) }],
  ])('on %s', (_, cluster, facts) => {
    expectFlows(cluster, sound(cluster, tiers(CLOSED), facts), ASKS, CLOSES);
    expectFlows(cluster, sound(cluster, tiers({ baseline: [{ name: 'closed', ingress }] }), facts), ASKS, CLOSES);
    expectFlows(cluster, sound(cluster, tiers({ baseline: [{ name: 'closed', egress }] }), facts), ASKS, CLOSES);
    expectFlows(cluster, sound(cluster, tiers({ ...CLOSED, dns: false }), facts), {}, { ...ASKS, ...CLOSES });
  });

  test('on Calico nodes ask too, where anything may be denied', () => {
    const anything = tiers({ baseline: [{ name: 'closed', ingress: [rule(DENY, Peer.any(), Port.all())] }] });
    const asks = flow(remoteNode, dns, 'UDP', 53);
    const manifests = sound('calico', anything, RANGES);
    expect(allowed('calico', manifests, world, asks)).toBe(true);
    expect(allowed('calico', manifests, world, { ...asks, port: 54 })).toBe(false);
  });

  test.each<[string, Dns]>([['NodeLocal DNSCache', Dns.nodeLocalCache()], ['Cloud DNS', Dns.gkeCloudDns()], ['OpenShift', Dns.openShift()]])('with %s', (_, kind) => {
    expect(() => sound('calico', tiers(CLOSED), { ...RANGES, dns: kind })).not.toThrow();
    expect(() => sound('kubernetes', tiers(CLOSED), { ...UPSTREAM, dns: kind })).not.toThrow();
  });

  test('where a cluster has one policy of the baseline, egress to DNS is in it, and ingress must leave its pods out', () => {
    expectFlows('kubernetes', sound('kubernetes', tiers({ baseline: [{ name: 'closed', egress }] }), ANTREA), ASKS, CLOSES);
    expect(() => synthesize('kubernetes', tiers(CLOSED), ANTREA)).toThrow(/it denies pods of every namespace the cluster's DNS, .*; leave those pods out of the subject, or/);
    const subject = Peer.namespaces(Namespaces.labeled({ expressions: [LabelExpression.noneOf('kubernetes.io/metadata.name', 'kube-system')] }));
    expectFlows('kubernetes', sound('kubernetes', tiers({ baseline: [{ name: 'closed', subject, ingress, egress }] }), ANTREA), ASKS, { 'other pods': CLOSES['other pods'] });
    expect(() => synthesize('kubernetes', tiers(CLOSED), { ...ANTREA, mesh: Mesh.istioSidecar() })).toThrow(/cannot both deny ingress and open the control plane of the mesh/);
  });

  test('nothing goes with a baseline that denies nothing, or with dns: false', () => {
    const kinds = (props: PolicyTiersProps) => sound('calico', tiers(props), RANGES).filter(({ kind }) => kind === 'GlobalNetworkPolicy').length;
    expect(kinds({ baseline: [{ name: 'open', ingress: [rule(ALLOW, EVERY_POD)] }] })).toBe(1);
    expect(kinds({ security: [{ name: 'no-web', ingress: [rule(DENY, labelled('web'))] }] })).toBe(1);
    expect(kinds({ ...CLOSED, dns: false })).toBe(1);
    expect(kinds(CLOSED)).toBe(3);
  });

  test('it comes right before the first set, for which there must be room', () => {
    const at = (priority: number) => tiers({ baseline: [{ ...CLOSED.baseline![0], priority }] });
    expect(sound('kubernetes', at(2), UPSTREAM).map(({ spec }) => spec.priority)).toEqual([0, 1, 2]);
    expect(() => synthesize('kubernetes', at(1), UPSTREAM)).toThrow(/rule set "closed" of tier baseline has priority 1, and DNS comes before it as policies \(2\) of the baseline; state priority 2 or a higher one, or dns: false/);
  });

  test('a deny of DNS in an upper tier is an error still, save with dns: false', () => {
    const props = { platform: [{ name: 'no-dns', egress: [rule(DENY, EVERY_POD, Port.DNS)] }] };
    expect(() => synthesize('calico', tiers({ ...CLOSED, ...props }), RANGES)).toThrow(/it denies pods of every namespace the cluster's DNS/);
    expect(() => synthesize('calico', tiers({ ...CLOSED, ...props, dns: false }), RANGES)).not.toThrow();
  });

  describe.each<[string, Mesh, { readonly namespace: string; readonly labels: Record<string, string>; readonly port: number }]>([
    ['Istio with sidecars', Mesh.istioSidecar(), { namespace: 'istio-system', labels: { app: 'istiod' }, port: 15012 }],
    ['Istio in ambient mode', Mesh.istioAmbient(), { namespace: 'istio-system', labels: { app: 'istiod' }, port: 15012 }],
    ['Linkerd', Mesh.linkerd(), { namespace: 'linkerd', labels: { 'linkerd.io/control-plane-component': 'destination' }, port: 8086 }],
  ])('in %s', (_, mesh, { namespace, labels, port }) => {
    const control = { ...dns, namespace, labels, name: 'control-plane' };
    const inMesh = { ...world, namespaces: { ...world.namespaces, [namespace]: {} }, pods: [...world.pods, control] };

    test.each<[ClusterName, ClusterFacts]>([['calico', RANGES], ['kubernetes', UPSTREAM]])('proxies find their control plane (%s)', (cluster, facts) => {
      const strict = { ...facts, mesh, strict: true };
      flowsIn(inMesh)(cluster, sound(cluster, tiers(CLOSED), strict), { ...ASKS, 'the control plane': flow(web, control, 'TCP', port) }, {
        'another port of it': flow(web, control, 'TCP', 9999), 'other pods': flow(web, api),
      });
      flowsIn(inMesh)(cluster, sound(cluster, tiers({ ...CLOSED, dns: false }), strict), {}, { ...ASKS, 'the control plane': flow(web, control, 'TCP', port) });
    });
  });
});

describe('mistakes', () => {
  const set = (name: string, priority?: number) => ({ name, priority, ingress: [rule(DENY, EVERY_POD)] });

  test.each<[string, PolicyTiersProps, string]>([
    ['nothing', {}, 'shop/tiers: PolicyTiers without rule sets say nothing; state security, platform or baseline'],
    ['empty tiers', { security: [], platform: [] }, 'shop/tiers: PolicyTiers without rule sets say nothing'],
    ['a name twice', { platform: [set('a'), set('b'), set('a')] }, 'shop/tiers: rule set "a" of tier platform is stated twice; give one another name'],
    ['a name that is none', { platform: [set('A b')] }, 'shop/tiers: rule set "A b" is invalid'],
    ['priorities out of order', { platform: [set('a', 20), set('b', 20)] }, 'shop/tiers: rule set "b" of tier platform has priority 20, which is not after that of the set before it (20); state the sets in the order in which they are asked'],
    ['a priority beyond the last', { platform: [set('a', 499), set('b')] }, 'shop/tiers: rule set "b" of tier platform would have priority 500, and the last one is 499'],
    ['a rule without peers', { baseline: [{ name: 'a', ingress: [{ peers: [], ports: [Port.all()] }] }] }, 'has no peers, which never means all of them'],
  ])('%s', (_, props, why) => {
    expect(() => synthesize('calico', tiers(props))).toThrow(why);
  });

  test('the same name in two tiers is fine', () => {
    expect(() => sound('calico', tiers({ security: [set('a')], platform: [set('a')] }))).not.toThrow();
  });

  test('two of them need different priorities where nothing else orders them', () => {
    const two = (priority?: number): Program => ({ chart }) => {
      new PolicyTiers(chart, 'one', { platform: [set('a')] });
      new PolicyTiers(chart, 'two', { platform: [set('b', priority)] });
    };
    expect(() => synthesize('kubernetes', two(), UPSTREAM)).toThrow(/have one tier and one priority/);
    expect(() => synthesize('kubernetes', two(11), UPSTREAM)).not.toThrow();
    expect(() => synthesize('calico', two())).not.toThrow();
  });
});

describe('no policy that a namespace states opens what an upper tier denies', () => {
  const teams = Peer.namespaces(Namespaces.labeled({ expressions: [LabelExpression.exists('team')] }));
  const DENIES: PolicyTiersProps = {
    security: [{ name: 'no-db', subject: teams, ingress: [rule(DENY, labelled('db'), Port.all())], egress: [rule(DENY, Peer.cidr('203.0.113.0/24'), Port.all())] }],
    platform: [{ name: 'no-dns', subject: teams, ingress: [rule(DENY, labelled('web'), Port.oneOf(Port.DNS, Port.tcp(443)))] }],
  };
  const ends = [web, api, db, otherApi];
  const flows = ends.flatMap(source => [...ends, outside].filter(end => end !== source).flatMap(destination => [
    ...([['TCP', 80], ['TCP', 443], ['TCP', 8080], ['TCP', 5432], ['UDP', 53]] as const).map(([protocol, port]) => flow(source, destination, protocol, port)),
    ping(source, destination),
  ]));
  const inNamespaces = ({ origin, stage }: Policy): boolean => origin.namespace !== undefined && (stage === 'normal' || stage === 'default');

  test.each<[string, ClusterName, ClusterFacts, Place]>([
    ['Calico', 'calico', RANGES, CALICO],
    ['plain NetworkPolicies on Calico', 'calico', RANGES, KUBERNETES],
    ['Cilium', 'cilium', RANGES, CILIUM_1_18],
    ['plain NetworkPolicies on Cilium', 'cilium', RANGES, KUBERNETES],
    ['plain NetworkPolicies beside ClusterNetworkPolicies', 'kubernetes', UPSTREAM, KUBERNETES],
  ])('policies of %s', (_, cluster, facts, place) => {
    const upper = sound(cluster, tiers(DENIES), facts);
    const { version, features } = place.target;
    const passes = (manifests: readonly Manifest[]) => flows.filter(each => allowed(cluster, manifests, world, each, { version, features }));
    const open = new Set(passes(upper));
    expect(flows.length - open.size).toBeGreaterThan(10);
    let wouldOpen = 0;
    fc.assert(fc.property(place.native, ({ policies }) => {
      const tenants = written(place, policies.filter(inNamespaces)) as Manifest[];
      wouldOpen += passes(tenants).filter(each => !open.has(each)).length;
      expect(passes([...upper, ...tenants]).filter(each => !open.has(each))).toEqual([]);
    }), runs(60));
    expect(wouldOpen).toBeGreaterThan(20);
  });
});
