import { Analysis } from '../../src/analysis/analysis';
import { AnalysisOptions } from '../../src/analysis/options';
import { addressParty } from '../../src/analysis/world/external-parties';
import { Mesh } from '../../src/cluster/mesh';
import { HttpRequest } from '../../src/model/http';

/** What enforces a policy in the cluster: nothing is enforced that surely is not, and what may be is left open. */

const pod = (namespace: string, name: string, labels: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name, ...labels } },
  spec: { containers: [{ name: 'main', image: 'image', ports: [{ containerPort: 8080 }] }] },
});
const WORLD = [pod('a', 'web'), pod('b', 'api')];

const analysed = (documents: readonly unknown[], options: AnalysisOptions = {}): Analysis =>
  Analysis.of(documents.map((value, i) => ({ value, at: `all.yaml:${i + 1}` })), options);

function asked(analysis: Analysis, from?: string, http?: HttpRequest): string {
  const party = (name: string) => analysis.parties.find(({ text }) => text.startsWith(name))!;
  const source = from === undefined ? party('a/web') : addressParty(from);
  return analysis.answer(source, party('b/api'), { protocol: 6, port: 8080, ...(http ? { http } : {}) });
}
const answer = (documents: readonly unknown[], options: AnalysisOptions = {}, from?: string): string =>
  asked(analysed([...WORLD, ...documents], options), from);

const SIDECARS = { mesh: Mesh.istioSidecar()._facts };
const AMBIENT = { mesh: Mesh.istioAmbient()._facts };
const authorization = (spec: object) => ({ apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: 'x', namespace: 'b' }, spec });
const GET = { to: [{ operation: { methods: ['GET'] } }] };
const STRICT = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'b' }, spec: { mtls: { mode: 'STRICT' } } };
const NOTHING_IN = { rules: [] };

describe('policies of a mesh', () => {
  test('PeerAuthentication closes plaintext without any AuthorizationPolicy', () => {
    expect(answer([STRICT], SIDECARS, '203.0.113.1')).toBe('denied');
    expect(answer([STRICT], SIDECARS)).toBe('allowed');
  });

  test.each<[string, object, string]>([
    ['an ALLOW rule about requests allows nothing', { rules: [GET] }, 'denied'],
    ['another rule of the policy still does', { rules: [GET, {}] }, 'allowed'],
    ['a DENY rule keeps its ports', { action: 'DENY', rules: [{ to: [{ operation: { methods: ['GET'], ports: ['8080'] } }] }] }, 'denied'],
    ['a DENY rule about requests only may deny all', { action: 'DENY', rules: [GET] }, 'unknown'],
    ['a DENY rule of others does not', { action: 'DENY', rules: [{ ...GET, from: [{ source: { namespaces: ['c'] } }] }] }, 'allowed'],
  ])('at ztunnel, %s', (_, spec, expected) => {
    expect(answer([authorization(spec)], AMBIENT)).toBe(expected);
  });

  test('what may deny is not hidden by what allows', () => {
    expect(answer([authorization({ rules: [{}] }), { ...authorization({ action: 'DENY', rules: [GET] }), metadata: { name: 'y', namespace: 'b' } }], AMBIENT)).toBe('unknown');
  });

  test('without a stated mesh they may deny, and never surely', () => {
    expect(answer([authorization(NOTHING_IN)])).toBe('unknown');
    expect(answer([authorization({ action: 'DENY', rules: [{}] })])).toBe('unknown');
    expect(answer([STRICT], {}, '203.0.113.1')).toBe('unknown');
    expect(answer([authorization({ rules: [{}] })])).toBe('allowed');
    expect(answer([authorization(NOTHING_IN)], { mesh: Mesh.linkerd()._facts })).toBe('unknown');
    expect(answer([authorization(NOTHING_IN)], SIDECARS)).toBe('denied');
  });

  test.each<[string, unknown[], AnalysisOptions]>([
    ['a label of the pod', [pod('a', 'web'), pod('b', 'api', { 'sidecar.istio.io/inject': 'false' })], SIDECARS],
    ['a label of its namespace', [...WORLD, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'b', labels: { 'istio-injection': 'disabled' } } }], SIDECARS],
    ['the mode of its namespace', [...WORLD, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'b', labels: { 'istio.io/dataplane-mode': 'none' } } }], AMBIENT],
  ])('do not hold for a pod that %s leaves out, which has no identity either', (_, world, options) => {
    expect(asked(analysed([...world, authorization(NOTHING_IN)], options))).toBe('allowed');
    const { parties } = analysed(world, options);
    expect(parties.map(({ variants: [{ principal }] }) => principal)).toEqual(['cluster.local/ns/a/sa/default', '']);
  });
});

describe('cluster-wide policies', () => {
  const DENY = { ingress: [{ name: 'a', action: 'Deny', from: [{ namespaces: {} }] }] };
  const CNP = {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: 'x' },
    spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} }, ...DENY },
  };
  const anp = (priority: number) => ({
    apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy', metadata: { name: 'x' }, spec: { priority, subject: { namespaces: {} }, ...DENY },
  });
  const ON = { features: { clusterNetworkPolicy: true } };

  test.each<[string, unknown, AnalysisOptions, string]>([
    ['hold where no CNI is named', CNP, { cni: 'kubernetes' }, 'denied'],
    ['may hold on Cilium 1.20', CNP, { cni: 'cilium', version: '1.20' }, 'unknown'],
    ['hold there where they are switched on', CNP, { cni: 'cilium', version: '1.20', ...ON }, 'denied'],
    ['do not hold on Cilium 1.19', CNP, { cni: 'cilium', version: '1.19' }, 'allowed'],
    ['of the older API never hold on Cilium', anp(1), { cni: 'cilium', ...ON }, 'allowed'],
    ['may hold on Antrea', anp(1), { cni: 'antrea', version: '1.13' }, 'unknown'],
    ['of the newer API do not hold on OVN-Kubernetes', CNP, { cni: 'ovn-kubernetes', ...ON }, 'allowed'],
    ['of the older one do', anp(99), { cni: 'ovn-kubernetes', ...ON }, 'denied'],
    ['beyond its last priority do not', anp(100), { cni: 'ovn-kubernetes', ...ON }, 'allowed'],
    ['hold on Calico of that version', CNP, { cni: 'calico', version: '3.32' }, 'denied'],
  ])('%s', (_, policy, options, expected) => {
    expect(answer([policy], options)).toBe(expected);
  });

  test('that may not hold are named once', () => {
    const { notes } = analysed([...WORLD, { ...CNP, spec: { ...CNP.spec, egress: [{ name: 'b', action: 'Deny', to: [{ namespaces: {} }] }] } }], { cni: 'cilium', version: '1.20' });
    expect(notes.filter(note => note.includes('ClusterNetworkPolicy x'))).toEqual([expect.stringContaining('--enable-k8s-cluster-network-policy')]);
  });
});

describe('fromNodes of Cilium', () => {
  const policy = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'x', namespace: 'b' },
    spec: { endpointSelector: {}, ingress: [{ fromNodes: [{ matchLabels: { zone: 'z' } }] }] },
  };

  test('is refused with the whole policy unless labels of nodes are switched on', () => {
    expect(answer([policy])).toBe('allowed');
    expect(answer([policy], { features: { nodeSelectorLabels: true } })).toBe('denied');
    expect(analysed([...WORLD, policy]).notes).toEqual([expect.stringMatching(/^all\.yaml:3: CiliumNetworkPolicy b\/x is not enforced: .*nodeSelectorLabels/)]);
  });
});

describe('documents of enforcers that are not evaluated', () => {
  const document = (apiVersion: string, kind: string, namespace?: string) => ({ apiVersion, kind, metadata: { name: 'x', ...(namespace === undefined ? {} : { namespace }) }, spec: {} });

  test.each<[string, unknown, string]>([
    ['of the namespace', document('vpcresources.k8s.aws/v1beta1', 'SecurityGroupPolicy', 'b'), 'unknown'],
    ['of the namespace of the other end', document('k8s.ovn.org/v1', 'EgressFirewall', 'a'), 'unknown'],
    ['of no namespace', document('consul.hashicorp.com/v1alpha1', 'ServiceIntentions'), 'unknown'],
    ['of another namespace', document('policy.linkerd.io/v1beta3', 'Server', 'c'), 'allowed'],
    ['without a say', document('k8s.ovn.org/v1', 'EgressQoS', 'b'), 'allowed'],
  ])('%s', (_, value, expected) => {
    expect(answer([value])).toBe(expected);
  });

  test('what is denied stays denied', () => {
    const closed = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'x', namespace: 'b' }, spec: { podSelector: {}, policyTypes: ['Ingress'] } };
    expect(answer([closed, document('k8s.ovn.org/v1', 'EgressFirewall', 'a')])).toBe('denied');
  });

  test.each([['crd.antrea.io/v1beta1', 'ClusterNetworkPolicy'], ['crd.projectcalico.org/v1', 'GlobalNetworkPolicy']])('%s %s could open too, and is a problem', (apiVersion, kind) => {
    const { problems } = analysed([...WORLD, document(apiVersion, kind)], { cni: 'kubernetes' });
    expect(problems).toEqual([{ at: 'all.yaml:3', message: expect.stringContaining('may be stricter or looser') }]);
  });
});
