import { globalNetworkPolicy, networkPolicy, tier } from './support';
import { calico } from '../../../src/dialects/calico';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { kubernetes } from '../../../src/dialects/kubernetes';
import { evaluate } from '../../../src/model/evaluate';
import { Flow, Profile } from '../../../src/model/match';
import { Policy } from '../../../src/model/policy-set';

const BY_ADDRESS: Profile = { cidrMatches: ['pod', 'node', 'hostEndpoint', 'external'] };
const POD = { kind: 'pod' as const, namespace: 'shop', labels: {}, serviceAccount: 'default', address: '10.244.0.1' };
const FLOW: Flow = { source: POD, destination: { ...POD, address: '10.244.0.2' }, protocol: 6, port: 80 };

const stages = (documents: readonly unknown[]): string[] => calico.link([], documents).pipeline[0].stages.map(({ id }) => id);

describe('tiers', () => {
  test('of Calico itself are always there, in their order', () => {
    expect(calico.link([], []).pipeline).toEqual([{
      name: 'network',
      stages: ['kube-admin', 'default', 'kube-baseline'].map(id => ({ id, combine: 'first-match' })),
      otherwise: 'allow',
    }]);
  });

  test('go by order, then by name, and without an order beside the default tier', () => {
    expect(stages([tier('z', { order: 10 }), tier('b', { order: 500 }), tier('a', { order: 500 }), tier('e', {}), tier('c', { order: 1_000_000 }), tier('late', { order: 20_000_000 })]))
      .toEqual(['z', 'a', 'b', 'kube-admin', 'c', 'default', 'e', 'kube-baseline', 'late']);
  });

  test('may be stated twice in the same way, but not differently', () => {
    expect(stages([tier('a', { order: 1 }), tier('a', { order: 1, defaultAction: 'Deny' })])).toContain('a');
    expect(() => calico.link([], [tier('a', { order: 1 }), tier('a', { order: 2 })])).toThrow('another document states this Tier differently');
  });

  test('before 3.32 are those of AdminNetworkPolicy', () => {
    expect(calico.link([], [], '3.31').pipeline[0].stages.map(({ id }) => id)).toEqual(['adminnetworkpolicy', 'default', 'baselineadminnetworkpolicy']);
    expect(() => calico.link([], [tier('adminnetworkpolicy', { order: 5 })], '3.30')).toThrow('always has order 1000');
  });

  test('of Calico itself may be stated as they are, and not otherwise', () => {
    expect(stages([tier('default', { order: 1_000_000, defaultAction: 'Deny' }), tier('kube-admin', {})])).toEqual(['kube-admin', 'default', 'kube-baseline']);
    expect(() => calico.link([], [tier('default', { defaultAction: 'Pass' })])).toThrow('the tier default always has order 1000000 and default action Deny');
  });

  test.each([
    [{ order: '5' }, 'spec.order: must be a number'],
    [{ defaultAction: 'Allow' }, 'spec.defaultAction: must be one of Deny, Pass'],
    [{ priority: 5 }, 'spec.priority: this field is not known here'],
    [{ order: '1' }, 'must be a number'],
  ])('with %j are refused', (spec, said) => {
    expect(() => calico.link([], [tier('a', spec)])).toThrow(said);
  });
});

describe('policies', () => {
  const policies = (name: string, spec: object) => calico.read(globalNetworkPolicy({ tier: name, ...spec }, `${name}.web`));

  test('isolate where the default action of their tier is Deny', () => {
    const linked = (spec: object) => calico.link(policies('security', {}), [tier('security', spec)]).policies.map(({ isolates }) => isolates);
    expect(linked({})).toEqual([true]);
    expect(linked({ defaultAction: 'Deny' })).toEqual([true]);
    expect(linked({ defaultAction: 'Pass' })).toEqual([false]);
    expect(calico.link(policies('kube-baseline', {}), []).policies[0].isolates).toBe(false);
    expect(calico.link(policies('default', {}), []).policies[0].isolates).toBe(true);
  });

  test('in a tier that nobody states are refused, by the tier\'s name', () => {
    expect(() => calico.link(policies('security', {}), [])).toThrow(UnreadableDocument);
    expect(() => calico.link(policies('security', {}), [])).toThrow('GlobalNetworkPolicy security.web, ingress: there is no Tier "security" among the documents');
  });

  test('before connection tracking or address translation are never the reason of a drop at the end of a tier', () => {
    const linked = (spec: object) => calico.link(calico.read(globalNetworkPolicy({ applyOnForward: true, ...spec })), []).policies;
    const hooked = (spec: object) => linked(spec).map(({ hook, isolates }) => [hook, isolates]);
    expect(hooked({ doNotTrack: true })).toEqual([['untracked', false]]);
    expect(hooked({ preDNAT: true })).toEqual([['pre-dnat', false]]);
    expect(hooked({})).toEqual([[undefined, true], ['forwarded', true]]);
  });

  test('that are staged decide nothing, also where a tier has no others', () => {
    const staged = { ...globalNetworkPolicy({ tier: 'security', selector: 'all()', types: ['Ingress', 'Egress'], ingress: [{ action: 'Deny' }] }, 'security.web') as object, kind: 'StagedGlobalNetworkPolicy' };
    const set = calico.link(calico.read(staged), [tier('security', { defaultAction: 'Deny' })]);
    expect(set.policies.map(({ mode }) => mode)).toEqual(['staged', 'staged']);
    expect(evaluate(set, FLOW, BY_ADDRESS)).toBe('allowed');
  });

  test('of policy.networking.k8s.io stand in Calico\'s own tiers, by their priority', () => {
    const upstream = (stage: string, kind: string, apiVersion: string): Policy => ({
      origin: { apiVersion: `policy.networking.k8s.io/${apiVersion}`, kind, name: 'x' },
      stage,
      order: [7, 'x'],
      mode: 'enforce',
      direction: 'ingress',
      subject: { any: true },
      isolates: false,
      rules: [],
    });
    const placed = (policy: Policy, version?: string) => {
      const [{ stage, order, mode, isolates, voidBecause }] = calico.link([policy], [], version).policies;
      return { stage, order, mode, isolates, voidBecause };
    };
    const cluster = upstream('admin', 'ClusterNetworkPolicy', 'v1alpha2');
    expect(placed(cluster)).toEqual({ stage: 'kube-admin', order: [7, 'x//KubernetesClusterNetworkPolicy'], mode: 'enforce', isolates: false });
    expect(placed({ ...cluster, stage: 'baseline' }, '3.32')).toMatchObject({ stage: 'kube-baseline', mode: 'enforce' });
    expect(placed(cluster, '3.31')).toMatchObject({ stage: 'adminnetworkpolicy', mode: 'void', voidBecause: 'Calico enforces ClusterNetworkPolicy since 3.32 only' });
    const admin = upstream('admin', 'AdminNetworkPolicy', 'v1alpha1');
    expect(placed(admin, '3.31')).toMatchObject({ stage: 'adminnetworkpolicy', order: [7, 'kanp.adminnetworkpolicy.x'], mode: 'enforce' });
    expect(placed(upstream('baseline', 'BaselineAdminNetworkPolicy', 'v1alpha1'), '3.30')).toMatchObject({ stage: 'baselineadminnetworkpolicy', mode: 'enforce' });
    expect(placed(admin, '3.33')).toMatchObject({ mode: 'void', voidBecause: 'Calico enforces AdminNetworkPolicy before 3.32 only' });
  });

  test('of one order go by the names that the version gives them', () => {
    const own = (document: unknown) => calico.read(document);
    const np = kubernetes.read({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a', namespace: 'shop' }, spec: { podSelector: {} } });
    const all = [...own(networkPolicy({ order: 1000 }, 'b')), ...own(globalNetworkPolicy({ order: 1000 }, 'z')), ...np];
    const texts = (version?: string) => calico.link(all, [], version).policies
      .map(({ order }) => order[1]);
    expect(texts('3.33')).toEqual(['b/shop/NetworkPolicy', 'z//GlobalNetworkPolicy', 'a/shop/KubernetesNetworkPolicy']);
    expect(texts('3.31')).toEqual(['shop/default.b', 'default.z', 'shop/knp.default.a']);
  });

  test('of Kubernetes stand in the default tier, at 1000', () => {
    const own = kubernetes.read({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'web', namespace: 'shop' }, spec: { podSelector: {} } });
    expect(calico.link(own, []).policies).toEqual([{ ...own[0], stage: 'default', order: [1000, 'web/shop/KubernetesNetworkPolicy'] }]);
  });
});

test.each(['Tier', 'NetworkSet', 'GlobalNetworkSet'])('a %s as Calico stores it is refused', kind => {
  const document = { apiVersion: 'crd.projectcalico.org/v1', kind, metadata: { name: 'x' }, spec: {} };
  expect(() => calico.link([], [document])).toThrow(UnreadableDocument);
  expect(() => calico.link([], [document])).toThrow('this is how Calico stores its objects; write projectcalico.org/v3');
});

test('a HostEndpoint says who is there, and nothing about policies', () => {
  const document = { apiVersion: 'projectcalico.org/v3', kind: 'HostEndpoint', metadata: { name: 'x', labels: { a: 'b' } }, spec: { node: 'n', interfaceName: '*' } };
  expect(calico.link([], [document])).toEqual(calico.link([], []));
  expect(calico.kinds).toContainEqual({ apiVersion: 'projectcalico.org/v3', kind: 'HostEndpoint', role: 'other' });
});

test('documents of others are left alone', () => {
  expect(stages([undefined, null, 5, 'x', {}, { apiVersion: 'v1', kind: 'Tier' }, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }, networkPolicy({})]))
    .toEqual(['kube-admin', 'default', 'kube-baseline']);
});
