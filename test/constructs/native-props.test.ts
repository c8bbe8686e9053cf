import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import {
  CalicoGlobalNetworkPolicy, CalicoGlobalNetworkSet, CalicoNetworkPolicy, CalicoNetworkSet, CalicoPolicyType, CalicoStagedGlobalNetworkPolicy,
  CalicoStagedKubernetesNetworkPolicy, CalicoStagedNetworkPolicy, CalicoTier, CalicoTierAction, CiliumAuthenticationMode, CiliumCidrGroup,
  CiliumClusterwideNetworkPolicy, CiliumEgressRule, CiliumEntity, CiliumIngressRule, CiliumNetworkPolicy, CiliumProtocol, Cluster, ClusterFacts, Cni,
  DefaultDeny, EgressGateway, Mesh, Namespaces, Peer, Port, Workload,
} from '../../src';

/** What native objects refuse beside what their CNI would. */

function chartWith(facts: ClusterFacts): Chart {
  const app = new App();
  Cluster.of(app).configure(facts);
  return new Chart(app, 'shop', { namespace: 'shop' });
}

const CILIUM: ClusterFacts = { cni: Cni.cilium('1.19', { mutualAuthentication: true }) };
const CALICO: ClusterFacts = { cni: Cni.calico('3.32') };
const TCP = CiliumProtocol.TCP;
const ALL = { endpointSelector: {} };
const WEB = { matchLabels: { app: 'web' } };
const INGRESS = { types: [CalicoPolicyType.INGRESS] };

/** Each kind, with props that it takes. */
const KINDS: [string, new (scope: Construct, id: string, props: never) => Construct, ClusterFacts, object][] = [
  ['CiliumNetworkPolicy', CiliumNetworkPolicy, CILIUM, { ...ALL, ingress: [{}] }],
  ['CiliumClusterwideNetworkPolicy', CiliumClusterwideNetworkPolicy, CILIUM, { ...ALL, ingress: [{}] }],
  ['CiliumCidrGroup', CiliumCidrGroup, CILIUM, { cidrs: ['203.0.113.0/24'] }],
  ['EgressGateway', EgressGateway, CILIUM, { sources: [Peer.namespaces(Namespaces.named('shop'))], destinations: ['203.0.113.0/24'], gateways: [{ nodeLabels: { a: 'b' } }] }],
  ['CalicoNetworkPolicy', CalicoNetworkPolicy, CALICO, INGRESS],
  ['CalicoGlobalNetworkPolicy', CalicoGlobalNetworkPolicy, CALICO, INGRESS],
  ['CalicoStagedNetworkPolicy', CalicoStagedNetworkPolicy, CALICO, INGRESS],
  ['CalicoStagedGlobalNetworkPolicy', CalicoStagedGlobalNetworkPolicy, CALICO, INGRESS],
  ['CalicoStagedKubernetesNetworkPolicy', CalicoStagedKubernetesNetworkPolicy, CALICO, { podSelector: {}, policyTypes: [CalicoPolicyType.INGRESS] }],
  ['CalicoTier', CalicoTier, CALICO, { order: 1, defaultAction: CalicoTierAction.PASS }],
  ['CalicoNetworkSet', CalicoNetworkSet, CALICO, { nets: ['203.0.113.0/24'], labels: { a: 'b' } }],
  ['CalicoGlobalNetworkSet', CalicoGlobalNetworkSet, CALICO, { nets: ['203.0.113.0/24'], labels: { a: 'b' } }],
];

describe.each(KINDS)('%s', (_name, Kind, facts, props) => {
  test('two of one name are refused, without any policy beside them', () => {
    const chart = chartWith(facts);
    new Kind(chart, 'a', { ...props, name: 'same' } as never);
    new Kind(chart, 'b', { ...props, name: 'same' } as never);
    expect(() => App.of(chart).synthYaml()).toThrow(/two policies are the same object, .* (shop\/)?same: shop\/a and shop\/b/);
  });

  test('two of different names are not', () => {
    const chart = chartWith(facts);
    new Kind(chart, 'a', { ...props } as never);
    new Kind(chart, 'b', { ...props } as never);
    expect(() => App.of(chart).synthYaml()).not.toThrow();
  });

  test.each([undefined, null, 'text', []])('props that are %p are refused in words', given => {
    expect(() => new Kind(chartWith(facts), 'p', given as never)).toThrow(/^shop\/p: props: must be an object with /);
  });

  test('a property that there is not is refused, never dropped', () => {
    expect(() => new Kind(chartWith(facts), 'p', { ...props, naem: 'x' } as never)).toThrow(/^shop\/p: naem: unknown field; known are /);
  });
});

const policy = (rules: { ingress?: CiliumIngressRule[]; egress?: CiliumEgressRule[] }, facts: ClusterFacts = CILIUM, namespace?: string) => {
  const chart = chartWith(facts);
  return new CiliumNetworkPolicy(chart, 'p', { ...ALL, ...rules, dnsElsewhere: true, ...(namespace === undefined ? {} : { namespace }) }).toJson();
};
const REQUIRED = { authentication: CiliumAuthenticationMode.REQUIRED };
const GET = { toPorts: [{ ports: [{ port: 80, protocol: TCP }], http: [{ method: 'GET' }] }] };
const SNI = { toPorts: [{ ports: [{ port: 443, protocol: TCP }], serverNames: ['a.com'] }] };

describe('authentication', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['ranges', () => policy({ ingress: [{ fromCidr: ['203.0.113.0/24'], ...REQUIRED }] }), /ingress\[0\]\.authentication: only pods have an identity .* what fromCidr means would never pass/],
    ['names', () => policy({ egress: [{ toFqdns: [{ matchName: 'a.com' }], ...REQUIRED }] }), /what toFqdns means/],
    ['the world', () => policy({ ingress: [{ fromEntities: [CiliumEntity.CLUSTER, CiliumEntity.WORLD], ...REQUIRED }] }), /what the entity world means/],
  ])('of %s would let nothing through, and is refused', (_name, make, why) => { expect(make).toThrow(why); });

  test('of pods, and of everybody among whom there are pods, is not', () => {
    const ingress = [{ fromEndpoints: [WEB], ...REQUIRED }, { fromEntities: [CiliumEntity.CLUSTER], ...REQUIRED }, REQUIRED];
    expect(() => policy({ ingress })).not.toThrow();
    expect(() => policy({ ingress: [{ fromCidr: ['203.0.113.0/24'], authentication: CiliumAuthenticationMode.DISABLED }] })).not.toThrow();
  });

  test.each([Mesh.istioSidecar(), Mesh.istioAmbient(), Mesh.linkerd()])('beside the mesh %s is refused', mesh => {
    expect(() => policy({ ingress: [{ fromEndpoints: [WEB], ...REQUIRED }] }, { ...CILIUM, mesh })).toThrow(/ingress\[0\]\.authentication: the mesh \(.*\) proves identities/);
  });

  test('beside a mesh is refused of connections too', () => {
    const chart = chartWith({ ...CILIUM, mesh: Mesh.istioSidecar() });
    const [web, api] = ['web', 'api'].map(app => Workload.external(chart, { labels: { app } }));
    api.connections.allowFrom(web, Port.tcp(80), { mutualAuthentication: true });
    expect(() => App.of(chart).synthYaml()).toThrow(/the mesh \(istio-sidecar\) proves identities/);
  });
});

describe('beside a mesh, conditions on what proxies encrypt', () => {
  const MESH = { ...CILIUM, mesh: Mesh.linkerd() };
  test.each<[string, () => unknown]>([
    ['HTTP of pods', () => policy({ ingress: [{ fromEndpoints: [WEB], ...GET }] }, MESH)],
    ['HTTP of everybody', () => policy({ ingress: [GET] }, MESH)],
    ['HTTP of the cluster', () => policy({ ingress: [{ fromEntities: [CiliumEntity.CLUSTER], ...GET }] }, MESH)],
    ['HTTP of ranges or pods', () => policy({ ingress: [{ fromCidr: ['203.0.113.0/24'], fromEndpoints: [WEB], ...GET }] }, MESH)],
    ['server names of pods', () => policy({ egress: [{ toEndpoints: [WEB], ...SNI }] }, MESH)],
  ])('such as %s are refused', (_name, make) => {
    expect(make).toThrow(/toPorts\[0\]\.(http|serverNames): between pods of the mesh \(linkerd\) Cilium sees encrypted traffic only/);
  });

  test('are taken of what is outside, in kube-system, and without a mesh', () => {
    expect(() => policy({ egress: [{ toFqdns: [{ matchName: 'a.com' }], ...SNI }], ingress: [{ fromEntities: [CiliumEntity.WORLD], ...GET }] }, MESH)).not.toThrow();
    expect(() => policy({ ingress: [{ fromEndpoints: [WEB], ...GET }] }, MESH, 'kube-system')).not.toThrow();
    expect(() => policy({ ingress: [{ fromEndpoints: [WEB], ...GET }] })).not.toThrow();
  });
});

describe('Services with ports, which are everybody while the Services are missing', () => {
  const rule: CiliumEgressRule = { toServices: [{ name: 'db' }], toPorts: [{ ports: [{ port: 5432, protocol: TCP }] }] };
  const services = (facts: ClusterFacts = CILIUM, rest: CiliumEgressRule = {}) => policy({ egress: [{ ...rule, ...rest }] }, facts);

  test.each(['1.19', '1.20'])('are refused on Cilium %s', version => {
    expect(() => services({ cni: Cni.cilium(version) })).toThrow(/egress\[0\]\.toServices: .*everybody on these ports.*acceptAnyPeerBecause/);
    expect(() => services({ cni: Cni.cilium(version) }, { toPorts: undefined, icmps: [{ type: 8 }] })).toThrow(/acceptAnyPeerBecause/);
  });

  test('are taken before, and without ports', () => {
    expect(() => services({ cni: Cni.cilium('1.18') })).not.toThrow();
    expect(() => services(CILIUM, { toPorts: undefined })).not.toThrow();
  });

  test('are accepted with a reason, which is recorded', () => {
    const { metadata, spec } = services(CILIUM, { acceptAnyPeerBecause: 'the Service is never deleted' });
    expect(metadata.annotations['cdk8s-netpol/wider-than-stated']).toMatch(/egress\[0\]: .*everybody on these ports.*; accepted because the Service is never deleted$/);
    expect(JSON.stringify(spec)).not.toContain('acceptAnyPeerBecause');
  });

  test('are an error with the fact strict, whatever the reason', () => {
    expect(() => services({ ...CILIUM, strict: true }, { acceptAnyPeerBecause: 'x' })).toThrow(/everybody on these ports/);
  });

  test.each(['', ' ', true as never])('are not accepted for the reason %p', acceptAnyPeerBecause => {
    expect(() => services(CILIUM, { acceptAnyPeerBecause })).toThrow(/acceptAnyPeerBecause: must be the reason/);
  });

  test('have no reason where there is nothing to accept', () => {
    expect(() => services({ cni: Cni.cilium('1.18') }, { acceptAnyPeerBecause: 'x' })).toThrow(/acceptAnyPeerBecause: the rule is not open to any peer/);
  });
});

describe('words of Cilium', () => {
  test('a name with a wildcard is a pattern', () => {
    expect(() => policy({ egress: [{ toFqdns: [{ matchName: '*.a.com' }] }] })).toThrow(/toFqdns\[0\]\.matchName: .* write matchPattern: "\*\.a\.com"/);
  });

  test('a Secret of a header is stated by its name', () => {
    const headerMatches = [{ name: 'x', secret: { name: 'a' } } as never];
    expect(() => policy({ ingress: [{ toPorts: [{ ports: [{ port: 80, protocol: TCP }], http: [{ headerMatches }] }] }] }))
      .toThrow(/http\[0\]\.headerMatches\[0\]\.secret: unknown field; state secretName and secretNamespace; known are name, value, secretName/);
  });

  test('what the API server would refuse is said of the manifest', () => {
    expect(() => policy({ egress: [{ toCidrSet: [{ cidr: '203.0.113.0/24', cidrGroupRef: 'a' }] }] })).toThrow(/; in the manifest, spec\.egress\[0\]\.toCIDRSet\[0\]: must have exactly one/);
  });

  test('the service account of a selector has a name that there can be', () => {
    expect(() => policy({ ingress: [{ fromEndpoints: [{ matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 'A_b' } }] }] })).toThrow(/fromEndpoints\[0\]: service account "A_b" is invalid/);
  });

  test('that egress without rules is open may be said', () => {
    expect(() => new CiliumNetworkPolicy(chartWith(CILIUM), 'p', { ...ALL, ingress: [{}], enableDefaultDeny: { egress: false } })).not.toThrow();
    expect(() => new CiliumNetworkPolicy(chartWith(CILIUM), 'p', { ...ALL, ingress: [{}], enableDefaultDeny: { egress: true } })).toThrow(/Cilium ignores it without a rule/);
  });
});

test.each(['', ' ', 5 as never, true as never])('Linkerd\'s ports are not accepted for the reason %p', acceptAnyPortBecause => {
  expect(() => Mesh.linkerd({ acceptAnyPortBecause })).toThrow(/acceptAnyPortBecause is (empty|no text); state the reason/);
});

test.each(['kubernetes', 'calico'] as const)('on %s the library\'s own rule for the probes of ambient mode is not wider than stated', name => {
  const chart = chartWith({ cni: name === 'calico' ? Cni.calico('3.32') : Cni.kubernetes(), mesh: Mesh.istioAmbient(), strict: true });
  new DefaultDeny(chart, 'deny', { dns: false });
  const yaml = App.of(chart).synthYaml();
  expect(yaml).toContain('fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128');
});
