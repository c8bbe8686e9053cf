import { ApiObject, Chart } from 'cdk8s';
import {
  Cluster, ClusterDefaultDeny, ClusterDefaultDenyProps, ClusterFacts, Cni, Distribution, Namespaces, NetworkPolicy, Peer, PolicyMode, PolicyTiers,
  Port, RuleAction, Workload, ZeroTrustNamespace,
} from '../../src';
import { Flow, Pod } from '../oracle';
import { agent, api, controlPlane, db, dns, flow, gateway, outside, outside6, ping, remoteNode, web, world as fixtures } from '../oracle/fixtures';
import { allowed, ClusterName, flowsIn, Manifest, Program, sound, synthesize } from '../support/apps';

const pod = (namespace: string, name: string, ip: string): Pod => ({ namespace, name, labels: { app: name }, ips: [ip] });
const stranger = pod('made-next-year', 'stranger', '10.0.5.1');
const neighbour = pod('made-next-year', 'neighbour', '10.0.5.2');
const proxy = pod('kube-system', 'metrics-server', '10.0.2.9');
const legacy = pod('legacy', 'legacy', '10.0.6.1');
const world = {
  ...fixtures,
  namespaces: { ...fixtures.namespaces, 'made-next-year': { 'kubernetes.io/metadata.name': 'made-next-year', 'tenant': 'x' }, 'legacy': {} },
  pods: [...fixtures.pods, stranger, neighbour, proxy, legacy],
};
const FACTS: ClusterFacts = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs, addons: [] };
const UPSTREAM: ClusterFacts = { ...FACTS, cni: Cni.kubeNetworkPolicies('1.0', { clusterNetworkPolicy: true }) };
const expectFlows = flowsIn(world);
const names = (manifests: readonly Manifest[]) => manifests.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name].filter(part => part !== undefined).join(' '));

const closing = (props: ClusterDefaultDenyProps = {}): Program => ({ app }) => { new ClusterDefaultDeny(new Chart(app, 'platform'), 'closed', props); };
const DECLARED: ClusterDefaultDenyProps = { namespaces: ['shop', 'data'] };

const DNS = { 'DNS over UDP': flow(web, dns, 'UDP', 53), 'DNS over TCP': flow(db, dns, 'TCP', 53) };
/** What the cluster's own pods do goes on. */
const SYSTEM = {
  'between pods of a system namespace': flow(proxy, dns, 'TCP', 8080),
  'out of a system namespace': flow(dns, outside, 'UDP', 53),
  'into a system namespace from outside': flow(outside, proxy),
  'into a system namespace from a node': flow(remoteNode, proxy, 'TCP', 10250),
};
const CLOSED = {
  'between pods of a namespace': flow(web, api),
  'from one namespace to another': flow(web, db),
  'a ping': ping(web, api),
  'into a system namespace beside DNS': flow(web, proxy),
  'out of a system namespace into another': flow(proxy, web),
  'in from outside over IPv6': flow(outside6, web),
  'out': flow(web, outside, 'TCP', 443),
};
const UNHEARD_DNS = { 'DNS of a namespace that the app has never heard of': flow(stranger, dns, 'UDP', 53) };
const UNHEARD = {
  'in a namespace that the app has never heard of': flow(stranger, neighbour),
  'out of it': flow(stranger, outside, 'TCP', 443),
  'into it': flow(web, stranger),
};
const IN_FROM_OUTSIDE = { 'into it from outside': flow(outside, stranger) };

describe.each(['cilium', 'calico'] as const)('on %s', cluster => {
  test('every namespace is closed, also one of which the app has never heard, and no system namespace is', () => {
    const manifests = sound(cluster, closing(), FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { ...DNS, ...UNHEARD_DNS, ...SYSTEM }, { ...CLOSED, ...UNHEARD, ...IN_FROM_OUTSIDE });
  });

  test('one direction can be declined', () => {
    const { 'between pods of a namespace': between, out } = CLOSED;
    const into = flow(outside, web);
    expectFlows(cluster, sound(cluster, closing({ ingress: false }), FACTS), { ...DNS, into, ...SYSTEM }, { between, out });
    expectFlows(cluster, sound(cluster, closing({ egress: false }), FACTS), { ...DNS, out, ...SYSTEM }, { between, into });
  });

  test('namespaces in except are left alone, and so are those that the facts add', () => {
    const open = { 'into it': flow(outside, legacy), 'out of it': flow(legacy, outside) };
    expectFlows(cluster, sound(cluster, closing({ except: ['legacy'] }), FACTS), open, { out: CLOSED.out });
    expectFlows(cluster, sound(cluster, closing(), { ...FACTS, systemNamespaces: ['legacy'] }), open, { out: CLOSED.out });
    expectFlows(cluster, sound(cluster, closing(), FACTS), {}, open);
  });

  test('what policies of namespaces allow adds up with it, of whatever kind they are', () => {
    const manifests = sound(cluster, ({ app, chart }) => {
      closing()({ app, chart } as never);
      const workload = (name: string) => Workload.select(chart, { labels: { app: name } });
      new ApiObject(chart, 'pods', podsOf('web'));
      new ApiObject(chart, 'more-pods', podsOf('api'));
      workload('web').connections.allowTo(workload('api'), Port.tcp(8080));
      new NetworkPolicy(chart, 'open', { namespace: 'data', name: 'open', ingress: [{ peers: [Peer.namespaces(Namespaces.all())], ports: [Port.tcp(9)] }], dns: false });
    }, FACTS);
    const plain = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'made-by-hand', namespace: 'made-next-year' }, spec: { podSelector: {}, ingress: [{}], egress: [{}] } };
    const { 'between pods of a namespace': edge, ...closed } = CLOSED;
    expectFlows(cluster, [...manifests, plain], { ...DNS, edge, 'a namespace opens itself': UNHEARD['in a namespace that the app has never heard of'] }, { ...closed, 'the way back': flow(api, web) });
  });

  test('with a ZeroTrustNamespace and tiers in the same app nothing changes for any of them', () => {
    const manifests = sound(cluster, ({ app, chart }) => {
      new ZeroTrustNamespace(chart, 'ns', { name: 'shop' });
      closing()({ app, chart } as never);
      new PolicyTiers(chart, 'tiers', { security: [{ name: 'quarantine', ingress: [{ action: RuleAction.DENY, peers: [Peer.pods({ namespaces: Namespaces.all(), labels: { app: 'new' } })], ports: [Port.all()] }] }] });
    }, FACTS);
    expectFlows(cluster, manifests, { ...DNS, ...UNHEARD_DNS, ...SYSTEM }, { ...CLOSED, ...UNHEARD, ...IN_FROM_OUTSIDE });
  });
});

test('on Calico host endpoints stay as they are', () => {
  const manifests = sound('calico', closing(), FACTS);
  expect(allowed('calico', manifests, world, flow(gateway, remoteNode, 'TCP', 22))).toBe(allowed('calico', [], world, flow(gateway, remoteNode, 'TCP', 22)));
  expect(allowed('calico', manifests, world, flow(controlPlane, { pod: agent }))).toBe(true);
});

test('on Calico it can be looked at first', () => {
  const manifests = sound('calico', closing({ mode: PolicyMode.AUDIT }), FACTS);
  expect(names(manifests)).toEqual(['StagedGlobalNetworkPolicy cluster-default-deny']);
  expectFlows('calico', manifests, CLOSED, {});
});

describe('with ClusterNetworkPolicy', () => {
  test('a baseline closes every namespace, and those that the app declares are closed to outside too', () => {
    const manifests = sound('kubernetes', closing(DECLARED), UPSTREAM);
    expect(manifests).toMatchSnapshot();
    expectFlows('kubernetes', manifests, { ...DNS, ...UNHEARD_DNS, ...SYSTEM, ...IN_FROM_OUTSIDE }, { ...CLOSED, ...UNHEARD });
  });

  test('that outside can come in elsewhere is recorded, and fails with strict, unless ingress is declined', () => {
    const [, , baseline] = sound('kubernetes', closing(), UPSTREAM);
    expect(baseline.metadata.annotations['cdk8s-netpol/wider-than-stated']).toMatch(/^platform\/closed: in namespaces that the app does not declare, ingress from outside/);
    expect(() => synthesize('kubernetes', closing(), { ...UPSTREAM, strict: true })).toThrow(/ingress from outside the cluster and from nodes stays open/);
    expect(() => synthesize('kubernetes', closing({ ingress: false }), { ...UPSTREAM, strict: true })).not.toThrow();
  });

  test.each(['kube-ovn@1.15', 'kube-ovn@1.14', 'ovn-kubernetes', 'antrea@2.7'])('%s has a priority for it', cni => {
    expect(() => synthesize('kubernetes', closing(), { ...FACTS, cni: Cni.parse(`${cni}+clusterNetworkPolicy`) })).not.toThrow();
  });

  test('the baseline of the same app comes before it', () => {
    const manifests = sound('kubernetes', ({ app, chart }) => {
      closing()({ app, chart } as never);
      new PolicyTiers(chart, 'tiers', { baseline: [{ name: 'open', ingress: [{ peers: [Peer.namespaces(Namespaces.all())], ports: [Port.tcp(9)] }], egress: [{ peers: [Peer.namespaces(Namespaces.all())], ports: [Port.tcp(9)] }] }] });
    }, UPSTREAM);
    expectFlows('kubernetes', manifests, { 'what it allows': flow(stranger, neighbour, 'TCP', 9) }, { 'what it does not': flow(stranger, neighbour) });
  });
});

describe('in plain Kubernetes', () => {
  test('the namespaces that are stated are closed, and no others', () => {
    const manifests = sound('kubernetes', closing(DECLARED), FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows('kubernetes', manifests, { ...DNS, ...UNHEARD_DNS, ...SYSTEM, ...IN_FROM_OUTSIDE, 'what the app has never heard of': flow(stranger, neighbour) }, CLOSED);
  });

  const withNamespaces = (order: readonly string[], props: ClusterDefaultDenyProps = {}): Program => ({ chart }) => {
    for (const name of order) {
      if (name === 'here') { new ClusterDefaultDeny(chart, 'closed', props); } else { new ApiObject(chart, name, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }); }
    }
  };

  test('Namespace objects of the app are closed, save those of the cluster and those in except', () => {
    const manifests = synthesize('kubernetes', withNamespaces(['shop', 'kube-system', 'legacy', 'here'], { except: ['legacy'] }), FACTS);
    expect(names(manifests).filter(name => name.startsWith('NetworkPolicy'))).toEqual(['NetworkPolicy shop cluster-default-deny']);
  });

  test('a Namespace that is made later is an error, unless it was named', () => {
    expect(() => synthesize('kubernetes', withNamespaces(['shop', 'here', 'data']), FACTS)).toThrow(
      'shop/closed: Namespace data was made after this construct, and plain Kubernetes would leave it open; make it before, or state it in namespaces or except');
    expect(() => synthesize('kubernetes', withNamespaces(['shop', 'here', 'data'], { namespaces: ['data'] }), FACTS)).not.toThrow();
    expect(() => synthesize('kubernetes', withNamespaces(['shop', 'here', 'data'], { except: ['data'] }), FACTS)).not.toThrow();
  });

  test('letters in the wrong order are an error, and another name that is near is not', () => {
    expect(() => synthesize('kubernetes', withNamespaces(['shop', 'here', 'legacy'], { namespaces: ['legacy'], except: ['legcay'] }), FACTS)).toThrow(
      'shop/closed: except names legcay, and this app declares the Namespace legacy, which would be closed; write legacy');
    expect(() => synthesize('cilium', withNamespaces(['legacy', 'here'], { except: ['legcay'] }), FACTS)).toThrow('write legacy');
    expect(() => synthesize('kubernetes', withNamespaces(['team-a', 'here'], { except: ['team-b'] }), FACTS)).not.toThrow();
    expect(() => synthesize('kubernetes', withNamespaces(['edv', 'dev', 'shop', 'here'], { except: ['dev'] }), FACTS)).not.toThrow();
  });

  test('without a namespace it is an error', () => {
    expect(() => synthesize('kubernetes', closing(), FACTS)).toThrow(/platform\/closed: plain Kubernetes has no policy for every namespace of a cluster, and this app declares none/);
  });

  test('it stands beside a ZeroTrustNamespace', () => {
    const manifests = sound('kubernetes', ({ chart }) => {
      new ZeroTrustNamespace(chart, 'ns', { name: 'shop' });
      new ClusterDefaultDeny(chart, 'closed', { namespaces: ['data'] });
    }, FACTS);
    expectFlows('kubernetes', manifests, DNS, CLOSED);
  });
});

describe('mistakes', () => {
  test.each<[string, ClusterDefaultDenyProps, string]>([
    ['no direction', { ingress: false, egress: false }, 'platform/closed: a ClusterDefaultDeny that closes neither ingress nor egress says nothing; leave it out'],
    ['a namespace of the cluster', { namespaces: ['kube-system'] }, 'platform/closed: namespace kube-system is stated to be closed, and belongs to the cluster'],
    ['a namespace that is both', { namespaces: ['shop'], except: ['shop'] }, 'platform/closed: namespace shop is stated to be closed, and is stated in except'],
    ['a name that is none', { except: ['Shop'] }, 'platform/closed: namespace "Shop" is invalid'],
  ])('%s: is an error', (_, props, message) => {
    for (const cluster of ['kubernetes', 'cilium', 'calico'] as const) { expect(() => synthesize(cluster, closing(props), FACTS)).toThrow(message); }
  });
});

test.each<[string, ClusterName, ClusterFacts]>([
  ['Cilium', 'cilium', {}],
  ['Cilium of OpenShift', 'cilium', { distribution: Distribution.OPENSHIFT }],
  ['Calico', 'calico', {}],
  ['Calico with short selectors', 'calico', { cni: Cni.calico('3.33'), distribution: Distribution.GKE }],
])('on %s no namespace of the list of the facts is isolated, and every other one is', (_, cluster, facts) => {
  let list: string[] = [];
  const manifests = sound(cluster, ({ app }) => {
    new ClusterDefaultDeny(new Chart(app, 'platform'), 'closed');
    list = Cluster.of(app).systemNamespaces;
  }, { podCidrs: FACTS.podCidrs, nodeCidrs: FACTS.nodeCidrs, ...facts });
  expect(list).toEqual(expect.arrayContaining(['kube-system', 'monitoring']));
  const systems = list.map((namespace, i) => pod(namespace, 'pod', `10.0.9.${i + 1}`));
  const namespaces = { ...world.namespaces, ...Object.fromEntries(list.map(name => [name, {}])) };
  const all = { ...world, namespaces, pods: [...world.pods, ...systems] };
  const flows = systems.flatMap((system): Flow[] => [flow(outside, system), flow(system, outside)]);
  const closed = flows.filter(each => !allowed(cluster, manifests, all, each));
  expect(closed).toEqual([]);
  expect(allowed(cluster, manifests, all, UNHEARD['out of it'])).toBe(false);
});

test('on Calico a list that no selector takes is an error', () => {
  expect(() => synthesize('calico', closing(), { cni: Cni.calico('3.33'), distribution: Distribution.OPENSHIFT })).toThrow(/a selector of \d+ characters/);
  expect(() => synthesize('calico', closing(), { cni: Cni.calico('3.32'), distribution: Distribution.OPENSHIFT })).not.toThrow();
});

const podsOf = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'image' }] } } },
});
