import { BlockCloudMetadata, Cloud, Cni, DefaultDeny, Workload } from '../../../src';
import { CalicoAction, CalicoNetworkPolicy, CalicoTier, CalicoTierAction } from '../../../src/constructs/calico';
import { CiliumCidrGroup, CiliumEntity, CiliumNetworkPolicy } from '../../../src/constructs/cilium';
import { ClusterSpiffeId } from '../../../src/constructs/identity';
import { api, dns, flow, outside, world } from '../../oracle/fixtures';
import { allowed, deployment, synthesize } from '../../support/apps';

const METADATA = { address: '169.254.169.254' };
const FACTS = { cloud: Cloud.AWS, podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };

test('on cilium, what this library states holds beside native policies, which add up with it', () => {
  const manifests = synthesize('cilium', ({ chart }) => {
    new DefaultDeny(chart, 'deny');
    new BlockCloudMetadata(chart, 'metadata');
    new CiliumCidrGroup(chart, 'group', { cidrs: ['203.0.113.0/24'] });
    new CiliumNetworkPolicy(chart, 'open', { endpointSelector: { matchLabels: { app: 'api' } }, egress: [{ toEntities: [CiliumEntity.WORLD] }] });
    new ClusterSpiffeId(chart, 'id', { workload: Workload.of(deployment(chart, 'api')) });
  }, { ...FACTS, cni: Cni.cilium('1.18') });
  const policies = manifests.filter(({ apiVersion }) => apiVersion.startsWith('cilium.io/'));
  const pass = (...each: Parameters<typeof flow>) => allowed('cilium', policies, world, flow(...each));
  expect([pass(api, outside), pass(api, METADATA, 'TCP', 80), pass(api, dns, 'UDP', 53)]).toEqual([true, false, true]);
});

test('on calico, two objects of one name are an error, whoever made them', () => {
  expect(() => synthesize('calico', ({ chart }) => {
    const tier = new CalicoTier(chart, 'tier', { name: 'security', order: 100, defaultAction: CalicoTierAction.PASS });
    new DefaultDeny(chart, 'deny', { name: 'same' });
    new CalicoNetworkPolicy(chart, 'open', { name: 'same', egress: [{ action: CalicoAction.ALLOW }] });
    expect(tier.tierName).toBe('security');
  }, FACTS)).toThrow(/two policies are the same object, NetworkPolicy shop\/same/);
});
