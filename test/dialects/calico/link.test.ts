import { globalNetworkPolicy, networkPolicy, tier } from './support';
import { calico } from '../../../src/dialects/calico';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { kubernetes } from '../../../src/dialects/kubernetes';

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

  test('of Calico itself may be stated as they are, and not otherwise', () => {
    expect(stages([tier('default', { order: 1_000_000, defaultAction: 'Deny' }), tier('kube-admin', {})])).toEqual(['kube-admin', 'default', 'kube-baseline']);
    expect(() => calico.link([], [tier('default', { defaultAction: 'Pass' })])).toThrow('the tier default always has order 1000000 and default action Deny');
  });

  test.each([
    [{ order: '5' }, 'spec.order: must be a number'],
    [{ defaultAction: 'Allow' }, 'spec.defaultAction: must be one of Deny, Pass'],
    [{ priority: 5 }, 'spec.priority: this field is not known here'],
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

  test('of Kubernetes stand in the default tier, at 1000', () => {
    const own = kubernetes.read({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'web', namespace: 'shop' }, spec: { podSelector: {} } });
    expect(calico.link(own, []).policies).toEqual([{ ...own[0], stage: 'default', order: [1000, 'web/shop/KubernetesNetworkPolicy'] }]);
  });
});

test.each(['NetworkSet', 'GlobalNetworkSet', 'HostEndpoint'])('a %s among the documents is refused, since selectors would match it', kind => {
  for (const apiVersion of ['projectcalico.org/v3', 'crd.projectcalico.org/v1']) {
    const document = { apiVersion, kind, metadata: { name: 'x' }, spec: {} };
    expect(() => calico.link(calico.read(networkPolicy({})), [document])).toThrow(UnreadableDocument);
    expect(() => calico.link([], [document])).toThrow(`a ${kind} is not evaluated yet`);
  }
});

test('documents of others are left alone', () => {
  expect(stages([undefined, null, 5, 'x', {}, { apiVersion: 'v1', kind: 'Tier' }, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }, networkPolicy({})]))
    .toEqual(['kube-admin', 'default', 'kube-baseline']);
});
