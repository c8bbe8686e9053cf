import { Analysis } from '../../src/analysis/analysis';

/** What is stated twice under one name, and priorities that policies share. */

const metadata = { name: 'x', namespace: 'shop' };
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'image' }] } };
const problems = (...values: readonly object[]): string[] =>
  Analysis.of([pod, ...values].map((value, i) => ({ value, at: `all.yaml:${i}` }))).problems.map(({ at, message }) => `${at} ${message}`);

const V3 = 'projectcalico.org/v3';
interface Head { readonly apiVersion: string; readonly metadata: { readonly name: string; readonly namespace?: string } }
const PAIRS: readonly (readonly [string, Head, object])[] = [
  ['NetworkPolicy', { apiVersion: 'networking.k8s.io/v1', metadata }, { spec: { podSelector: {}, ingress: [{}] } }],
  ['CiliumNetworkPolicy', { apiVersion: 'cilium.io/v2', metadata }, { spec: { endpointSelector: {}, ingress: [{}] } }],
  ['CiliumCIDRGroup', { apiVersion: 'cilium.io/v2', metadata: { name: 'x' } }, { spec: { externalCIDRs: ['10.0.0.0/8'] } }],
  ['GlobalNetworkPolicy', { apiVersion: V3, metadata: { name: 'x' } }, { spec: { types: ['Ingress'], ingress: [{ action: 'Allow' }] } }],
  ['AuthorizationPolicy', { apiVersion: 'security.istio.io/v1', metadata }, { spec: { rules: [{}] } }],
];
const OTHER: Readonly<Record<string, object>> = {
  NetworkPolicy: { spec: { podSelector: {}, ingress: [] } },
  CiliumNetworkPolicy: { spec: { endpointSelector: {}, ingress: [{ fromEntities: ['host'] }] } },
  CiliumCIDRGroup: { spec: { externalCIDRs: ['11.0.0.0/8'] } },
  GlobalNetworkPolicy: { spec: { types: ['Ingress'], ingress: [{ action: 'Deny' }] } },
  AuthorizationPolicy: { spec: {} },
};

test.each(PAIRS)('a %s that is stated twice, and not alike, is a problem that names both places', (kind, head, one) => {
  const [first, second] = [{ ...head, kind, ...one }, { ...head, kind, ...OTHER[kind] }];
  const text = 'namespace' in head.metadata ? 'shop/x' : 'x';
  expect(problems(first, second)).toEqual([
    `all.yaml:2 ${kind} ${text} is also stated at all.yaml:1, with other content, and a cluster keeps one of the two; leave one of them out`,
  ]);
  expect(problems(first, structuredClone(first))).toEqual([]);
  expect(problems(first, { ...second, metadata: { ...head.metadata, name: 'y' } })).toEqual([]);
});

describe('ClusterNetworkPolicies of one priority', () => {
  const ofCluster = (name: string, action: string, priority: number = 1, podSelector?: object) => ({
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name },
    spec: { tier: 'Admin', priority, subject: podSelector ? { pods: { namespaceSelector: {}, podSelector } } : { namespaces: {} }, ingress: [{ action, from: [{ namespaces: {} }] }] },
  });

  test('are a problem where they are about one workload and differ in what they do', () => {
    expect(problems(ofCluster('a', 'Accept'), ofCluster('b', 'Deny'))).toEqual([expect.stringContaining(
      'all.yaml:2 ClusterNetworkPolicy b has the priority 1 of ClusterNetworkPolicy a (all.yaml:1), and both are about ingress of shop/web[Pod]')]);
  });

  test('are none with other priorities, other subjects, or the same action; and on Calico, which goes by their names', () => {
    expect(problems(ofCluster('a', 'Accept'), ofCluster('b', 'Deny', 2))).toEqual([]);
    expect(problems(ofCluster('a', 'Accept'), ofCluster('b', 'Deny', 1, { matchLabels: { app: 'other' } }))).toEqual([]);
    expect(problems(ofCluster('a', 'Deny'), ofCluster('b', 'Deny'))).toEqual([]);
    expect(problems(ofCluster('a', 'Accept'), ofCluster('b', 'Deny'), { apiVersion: V3, kind: 'IPPool', metadata: { name: 'p' }, spec: { cidr: '10.0.0.0/8' } })).toEqual([]);
  });
});
