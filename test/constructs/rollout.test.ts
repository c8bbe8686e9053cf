import { Chart } from 'cdk8s';
import {
  BlockCloudMetadata, ClusterPolicy, Cni, DefaultDeny, Namespaces, NetworkPolicy, Peer, PolicyMode, PolicyTier, Port, RuleAction, Workload,
} from '../../src';
import { api, dns, flow, web, world } from '../oracle/fixtures';
import { ClusterName, deployment, expectFlows, Manifest, Program, sound, synthesize } from '../support/apps';

const RANGES = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const { AUDIT, ENFORCE } = PolicyMode;
const kinds = (manifests: readonly Manifest[]) => manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);

const inEveryForm = (mode?: PolicyMode): Program => ({ chart }) => {
  new DefaultDeny(chart, 'deny', { mode });
  new NetworkPolicy(chart, 'both', {
    mode,
    ingress: [
      { peers: [Peer.any()], ports: [Port.tcp(8080)] },
      { peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.tcp(8080)], action: RuleAction.DENY },
    ],
  });
  new ClusterPolicy(chart, 'tier', { mode, tier: PolicyTier.PLATFORM, ingress: [{ peers: [Peer.any()], ports: [Port.SSH], action: RuleAction.DENY }] });
};

describe('on calico', () => {
  test('audited policies are staged, in their tiers and in their order', () => {
    const staged = sound('calico', inEveryForm(AUDIT), RANGES);
    expect(kinds(staged)).toEqual([
      'Tier netpol-deny', 'StagedNetworkPolicy shop-both', 'StagedNetworkPolicy netpol-deny.shop-both', 'StagedNetworkPolicy default-deny',
      'Tier netpol-platform', 'StagedGlobalNetworkPolicy netpol-platform.shop-tier',
    ]);
    const specs = (manifests: readonly Manifest[]) => manifests.map(({ spec }) => ({ ...spec, stagedAction: undefined }));
    expect(specs(staged)).toEqual(specs(sound('calico', inEveryForm(ENFORCE), RANGES)));
  });

  test('they decide nothing', () => {
    const flows = { in: flow(web, api), ssh: flow(web, api, 'TCP', 22), out: flow(api, web), dns: flow(api, dns, 'UDP', 53) };
    expectFlows('calico', sound('calico', inEveryForm(AUDIT), RANGES), flows, {});
    expectFlows('calico', sound('calico', inEveryForm(ENFORCE), RANGES), { dns: flows.dns }, { in: flow(web, api, 'TCP', 9000), ssh: flows.ssh, out: flows.out });
  });

  test('enforcing is the default', () => {
    expect(sound('calico', inEveryForm(ENFORCE), RANGES)).toEqual(sound('calico', inEveryForm(), RANGES));
  });

  test('what only audits allows no DNS to workloads that rely on it', () => {
    const withDeny = (mode: PolicyMode) => sound('calico', ({ chart }) => {
      new DefaultDeny(chart, 'deny', { mode });
      Workload.of(deployment(chart, 'web')).connections.allowTo(Workload.of(deployment(chart, 'api')), Port.tcp(8080));
    }, RANGES);
    expectFlows('calico', withDeny(AUDIT), { 'DNS of its own': flow(web, dns, 'UDP', 53) }, { other: flow(web, api, 'TCP', 9000) });
    const own = (mode: PolicyMode) => withDeny(mode).filter(({ metadata }) => metadata.name === 'web');
    expect(JSON.stringify(own(AUDIT))).toContain('kube-dns');
    expect(JSON.stringify(own(ENFORCE))).not.toContain('kube-dns');
  });

  test('what only audits closes no DNS', () => {
    const closed = (mode: PolicyMode) => () => synthesize('calico', ({ chart }) => { new ClusterPolicy(chart, 'closed', { mode, isolate: { ingress: true } }); });
    expect(closed(ENFORCE)).toThrow(/would close the cluster's DNS for everyone/);
    expect(closed(AUDIT)).not.toThrow();
  });

  test('an audited allow of DNS opens none that another policy closes', () => {
    const opened = (mode: PolicyMode) => () => synthesize('calico', ({ chart }) => {
      new ClusterPolicy(chart, 'closed', { isolate: { ingress: true } });
      new ClusterPolicy(chart, 'dns', { mode, ingress: [{ peers: [Peer.any()], ports: [Port.DNS] }] });
    }, RANGES);
    expect(opened(ENFORCE)).not.toThrow();
    expect(opened(AUDIT)).toThrow(/would close the cluster's DNS for everyone/);
  });

  test('an audited allow of an upper tier opens no metadata', () => {
    const opened = (mode: PolicyMode) => () => synthesize('calico', ({ chart }) => {
      new ClusterPolicy(chart, 'open', { mode, tier: PolicyTier.PLATFORM, egress: [{ peers: [Peer.any()], ports: [Port.all()] }] });
      new BlockCloudMetadata(chart, 'metadata');
    }, RANGES);
    expect(opened(ENFORCE)).toThrow(/is in a tier that comes before, and allows egress to/);
    expect(opened(AUDIT)).not.toThrow();
  });

  test('an enforced and an audited policy may have one name', () => {
    const named = (mode: PolicyMode) => () => sound('calico', ({ chart }) => {
      for (const [id, of] of [['one', ENFORCE], ['two', mode]] as const) { new NetworkPolicy(chart, id, { name: 'same', mode: of, isolate: { ingress: true } }); }
    });
    expect(named(AUDIT)).not.toThrow();
    expect(named(ENFORCE)).toThrow(/two policies are the same object/);
  });
});

const MAKERS: [string, (chart: Chart) => unknown][] = [
  ['DefaultDeny', chart => new DefaultDeny(chart, 'p', { mode: AUDIT })],
  ['NetworkPolicy', chart => new NetworkPolicy(chart, 'p', { mode: AUDIT, isolate: { ingress: true } })],
];

describe.each<[ClusterName, string]>([
  ['kubernetes', 'a NetworkPolicy is enforced as soon as it is stored; there is no audit mode; test the manifests offline'],
  ['cilium', 'a CiliumNetworkPolicy has no audit mode: it is a setting of the agent, for all policies of an endpoint, not of an object; set it per endpoint while you watch Hubble: kubectl -n kube-system exec ds/cilium'],
])('on %s', (cluster, why) => {
  test.each(MAKERS)('an audited %s is refused with what there is instead', (_, make) => {
    expect(() => synthesize(cluster, ({ chart }) => { make(chart); })).toThrow(new RegExp(`policy shop/(shop-p|default-deny) \\(shop/p\\): the ${cluster} dialect cannot express this: ${why}`));
  });
});

test('an audited ClusterNetworkPolicy is refused', () => {
  expect(() => synthesize('kubernetes', ({ chart }) => {
    new ClusterPolicy(chart, 'p', { mode: AUDIT, tier: PolicyTier.PLATFORM, ingress: [{ peers: [Peer.namespaces(Namespaces.all())], ports: [Port.SSH], action: RuleAction.DENY }] });
  }, { cni: Cni.kubeNetworkPolicies('1.0', { clusterNetworkPolicy: true }) })).toThrow(/a ClusterNetworkPolicy is enforced as soon as it is stored; there is no audit mode/);
});

test('a mode that is not known is an error', () => {
  expect(() => synthesize('calico', ({ chart }) => { new DefaultDeny(chart, 'p', { mode: 'dry-run' as PolicyMode }); })).toThrow('shop/p: mode "dry-run" is not known; use one of enforce, audit');
});
