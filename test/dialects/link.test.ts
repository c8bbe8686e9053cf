import { ALL_DIALECTS } from '../../src/dialects';
import { UnreadableDocument } from '../../src/dialects/document-reader';
import { linkAll, readAny } from '../../src/dialects/link';
import { ANY, EndpointExpr } from '../../src/model/endpoint';
import { evaluate } from '../../src/model/evaluate';
import { Endpoint, Profile } from '../../src/model/match';
import { MESH, Policy, Rule } from '../../src/model/policy-set';
import { ALL_TRAFFIC } from '../../src/model/traffic';

const BY_ADDRESS: Profile = { cidrMatches: ['pod', 'node', 'hostEndpoint', 'addressSet', 'external'] };

const metadata = { name: 'web', namespace: 'shop' };
const networkPolicy = (spec: object) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec });
const closed = networkPolicy({ podSelector: {}, policyTypes: ['Ingress'] });
const open = networkPolicy({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] });
const cilium = (spec: object) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, spec: { endpointSelector: {}, ...spec } });
const calico = (spec: object) => ({ apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata: { ...metadata, name: 'first.web' }, spec });
const tier = { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'first' }, spec: { order: 1, defaultAction: 'Pass' } };
const clusterWide = (action: string, tierName = 'Admin') => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha2',
  kind: 'ClusterNetworkPolicy',
  metadata: { name: 'all' },
  spec: { tier: tierName, priority: 1, subject: { namespaces: {} }, ingress: [{ action, from: [{ namespaces: {} }] }] },
});

const pod = (name: string): Endpoint => ({
  kind: 'pod',
  namespace: 'shop',
  namespaceLabels: { 'kubernetes.io/metadata.name': 'shop' },
  labels: { app: name },
  serviceAccount: name,
  address: '10.244.0.1',
  ports: [],
  entities: ['all', 'cluster'],
  principal: `cluster.local/ns/shop/sa/${name}`,
});
const FLOW = { source: pod('web'), destination: pod('api'), protocol: 6, sourcePort: 40000, port: 80 };

const policiesOf = (...documents: readonly unknown[]): Policy[] => documents.flatMap(document => {
  const read = readAny(document);
  return read && 'policies' in read ? [...read.policies] : [];
});

const answer = (dialect: Parameters<typeof linkAll>[0], ...documents: readonly unknown[]) =>
  evaluate(linkAll(dialect, policiesOf(...documents), documents), FLOW, BY_ADDRESS);

/** As the reader of a mesh makes them. */
function mesh(action: Rule['action'], source: EndpointExpr = ANY): Policy {
  return {
    origin: { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', ...metadata },
    stage: MESH,
    order: [],
    mode: 'enforce',
    direction: 'ingress',
    subject: { namespace: 'shop' },
    isolates: action === 'allow',
    rules: [{ action, match: { source, destination: ANY, traffic: ALL_TRAFFIC } }],
  };
}

describe('one document of any dialect', () => {
  test.each<[string, unknown, string]>([
    ['a NetworkPolicy', closed, 'kubernetes'],
    ['a CiliumNetworkPolicy', cilium({ ingress: [{}] }), 'cilium'],
    ['a NetworkPolicy of Calico', calico({ types: ['Ingress'], tier: 'first' }), 'calico'],
    ['a ClusterNetworkPolicy', clusterWide('Deny'), 'cluster-network-policy'],
  ])('%s is read by its dialect', (_, document, dialect) => {
    expect(readAny(document)).toMatchObject({ dialect, policies: [{ direction: 'ingress' }] });
  });

  test('every kind of every dialect is recognised in its role', () => {
    for (const { id, kinds } of ALL_DIALECTS) {
      for (const { apiVersion, kind, role } of kinds.filter(each => each.role !== 'policy')) {
        expect(readAny({ apiVersion, kind, metadata })).toMatchObject({ [role]: true });
        expect(ALL_DIALECTS.map(dialect => dialect.id)).toContain(id);
      }
    }
  });

  test('a tier is something to link with, and a policy of another enforcer is said to be open', () => {
    expect(readAny(tier)).toEqual({ dialect: 'calico', support: true });
    expect(readAny({ apiVersion: 'vpcresources.k8s.aws/v1beta1', kind: 'SecurityGroupPolicy', metadata }, 'sg.yaml:3'))
      .toMatchObject({
        unevaluated: 'sg.yaml:3: SecurityGroupPolicy shop/web of vpcresources.k8s.aws (Amazon VPC CNI): not evaluated; the real answer may be stricter',
        effect: 'stricter',
        origin: { kind: 'SecurityGroupPolicy', namespace: 'shop', name: 'web', at: 'sg.yaml:3' },
      });
  });

  test.each<[string, unknown]>([
    ['a workload', { apiVersion: 'apps/v1', kind: 'Deployment', metadata }],
    ['nothing', undefined],
    ['null', null],
    ['text', 'kind: NetworkPolicy'],
    ['a list', [closed]],
    ['a kind that every object inherits', { apiVersion: 'networking.k8s.io/v1', kind: 'constructor' }],
    ['a kind that is only inherited', Object.create(closed)],
  ])('%s has nothing to do with policies', (_, document) => {
    expect(readAny(document)).toBeUndefined();
  });

  test('what cannot be read is said with its place', () => {
    expect(() => readAny(networkPolicy({ podSelector: 5 }), 'web.yaml:7')).toThrow(/^web\.yaml:7: NetworkPolicy shop\/web: /);
  });
});

describe('policies of several dialects together', () => {
  test.each(['kubernetes', 'cilium', 'calico'] as const)('with the dialect %s, a NetworkPolicy and a cluster-wide policy decide in their tiers', dialect => {
    expect(answer(dialect)).toBe('allowed');
    expect(answer(dialect, closed)).toBe('denied');
    expect(answer(dialect, closed, clusterWide('Accept'))).toBe('allowed');
    expect(answer(dialect, open, clusterWide('Deny'))).toBe('denied');
    expect(answer(dialect, closed, clusterWide('Pass'))).toBe('denied');
    expect(answer(dialect, open, clusterWide('Deny', 'Baseline'))).toBe('allowed');
    expect(answer(dialect, clusterWide('Deny', 'Baseline'))).toBe('denied');
  });

  test('on Cilium the policies of Kubernetes and of Cilium add up, and a deny wins', () => {
    expect(answer('cilium', closed, cilium({ ingress: [{ fromEndpoints: [{}] }] }))).toBe('allowed');
    expect(answer('cilium', open, cilium({ ingressDeny: [{ fromEndpoints: [{}] }] }))).toBe('denied');
  });

  test('on Calico the tier of a policy decides what comes first', () => {
    const allowed = calico({ tier: 'first', types: ['Ingress'], ingress: [{ action: 'Allow' }] });
    expect(answer('calico', closed, allowed, tier)).toBe('allowed');
    expect(() => answer('calico', closed, allowed)).toThrow(/there is no Tier "first"/);
  });

  test('a mesh is a second layer, which must allow too', () => {
    const set = (...policies: Policy[]) => evaluate(linkAll('cilium', policies, []), FLOW, BY_ADDRESS);
    const [isolated] = policiesOf(closed);
    expect(linkAll('cilium', [isolated], []).pipeline.map(({ name }) => name)).toEqual(['network']);
    expect(linkAll('cilium', [isolated, mesh('allow')], []).pipeline.map(({ name }) => name)).toEqual(['network', 'mesh']);
    expect(set(mesh('allow'))).toBe('allowed');
    expect(set(mesh('deny'))).toBe('denied');
    expect(set(mesh('allow', { principal: 'cluster.local/ns/other/sa/web' }))).toBe('denied');
    expect(set(mesh('allow', { principal: 'cluster.local/ns/shop/sa/web' }))).toBe('allowed');
    expect(set(isolated, mesh('allow'))).toBe('denied');
  });

  test('a policy that the CNI does not enforce is refused, not counted', () => {
    const foreign = policiesOf(cilium({ ingress: [{}] }));
    expect(() => linkAll('calico', foreign, [])).toThrow(UnreadableDocument);
    expect(() => linkAll('kubernetes', foreign, [])).toThrow(/CiliumNetworkPolicy of cilium\.io\/v2 is enforced by cilium only, and the CNI's dialect is kubernetes/);
    expect(linkAll('cilium', foreign, []).policies).toHaveLength(1);
  });

  test('a policy without a place is refused, not ignored', () => {
    const [policy] = policiesOf(closed);
    expect(() => linkAll('kubernetes', [{ ...policy, stage: 'nowhere' }], [])).toThrow(/ingress: no layer has a stage "nowhere"/);
    expect(() => linkAll('istio', [policy], [])).toThrow(/a mesh is no CNI/);
  });
});
