/** The statements that docs/dialect-*.md show in every dialect. */
import { ApiObject, Chart } from 'cdk8s';
import {
  BlockCloudMetadata, Cloud, ClusterPolicy, Cni, DefaultDeny, Dialect, LabelExpression, Mesh, Namespaces, NetworkPolicy, Peer, PolicyMode, PolicyTier,
  Port, RuleAction, Workload,
} from '../src';
import { ClusterOfDialect, Sample } from './dialect-tables';

const WEB = { app: 'web' };
const web = Peer.pods({ labels: WEB });

const ingress = (statement: string, peers: () => Peer[], ports: () => Port[], action?: RuleAction): Sample => ({
  statement,
  state: chart => { new NetworkPolicy(chart, 'sample', { subject: workload(chart, 'api'), ingress: [{ peers: peers(), ports: ports(), action }] }); },
});
const egress = (statement: string, peers: () => Peer[], ports: () => Port[], dns: boolean = false): Sample => ({
  statement,
  state: chart => { new NetworkPolicy(chart, 'sample', { subject: workload(chart, 'api'), egress: [{ peers: peers(), ports: ports() }], dns }); },
});
const tier = (statement: string, policyTier: PolicyTier, action: RuleAction): Sample => ({
  statement,
  state: chart => { new ClusterPolicy(chart, 'sample', { tier: policyTier, priority: 10, ingress: [{ action, peers: [Peer.namespaces(Namespaces.named('guests'))], ports: [Port.all()] }] }); },
});

function workload(chart: Chart, name: string): Workload {
  return Workload.of(new ApiObject(chart, name, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { serviceAccountName: name, containers: [{ name: 'main', image: 'image', ports: [{ name: 'http', containerPort: 8080 }] }] } },
    },
  }));
}

const HTTP = [Port.tcp(8080)];

export const SAMPLES: readonly Sample[] = [
  { statement: '`new DefaultDeny(chart, \'deny\')`', state: chart => { new DefaultDeny(chart, 'deny', { dns: false }); } },
  ingress('From pods of the same namespace, by labels, on TCP 8080', () => [web], () => HTTP),
  ingress('From pods of another namespace', () => [Peer.pods({ labels: WEB, namespaces: Namespaces.named('front') })], () => HTTP),
  ingress('From namespaces by their labels', () => [Peer.namespaces(Namespaces.labeled({ labels: { team: 'a' } }))], () => HTTP),
  ingress('From pods by `NotIn`', () => [Peer.pods({ expressions: [LabelExpression.noneOf('tier', 'guest')] })], () => HTTP),
  ingress('From a service account: `Peer.serviceAccount(\'web\')`', () => [Peer.serviceAccount('web')], () => HTTP),
  ingress('From anything: `Peer.any()`', () => [Peer.any()], () => HTTP),
  ingress('From addresses outside: `Peer.cidr(\'203.0.113.0/24\')`', () => [Peer.cidr('203.0.113.0/24')], () => HTTP),
  egress('To a name: `Peer.fqdn(\'api.example.com\')`, with DNS', () => [Peer.fqdn('api.example.com')], () => [Port.HTTPS], true),
  egress('To addresses, whoever holds them: `Peer.addresses(\'10.0.0.0/8\')`', () => [Peer.addresses('10.0.0.0/8')], () => [Port.HTTPS]),
  ingress('A range of ports', () => [web], () => [Port.tcpRange(8000, 8080)]),
  ingress('A named port', () => [web], () => [Port.named('http')]),
  ingress('All traffic: `Port.all()`', () => [web], () => [Port.all()]),
  ingress('`Port.ping()`', () => [web], () => [Port.ping()]),
  ingress('`Port.tcp(8080).http({ method: \'GET\', path: \'/api/v1/users\' })`', () => [web], () => [Port.tcp(8080).http({ method: 'GET', path: '/api/v1/users' })]),
  ingress('`Port.tcp(8080).http({ headers: { \'X-Team\': \'a\' } })`', () => [web], () => [Port.tcp(8080).http({ headers: { 'X-Team': 'a' } })]),
  egress('`Port.HTTPS.serverNames(\'api.example.com\')`', () => [Peer.cidr('203.0.113.0/24')], () => [Port.HTTPS.serverNames('api.example.com')]),
  ingress('A rule that denies', () => [web], () => [Port.all()], RuleAction.DENY),
  {
    statement: '`mutualAuthentication: true`',
    state: chart => { new NetworkPolicy(chart, 'sample', { ingress: [{ peers: [web], ports: HTTP, mutualAuthentication: true }] }); },
  },
  {
    statement: 'A policy for the pods of every namespace: `ClusterPolicy`',
    state: chart => {
      new ClusterPolicy(chart, 'sample', {
        subject: Peer.pods({ labels: { app: 'api' }, namespaces: Namespaces.all() }),
        ingress: [{ peers: [Peer.pods({ labels: WEB, namespaces: Namespaces.all() })], ports: HTTP }],
      });
    },
  },
  tier('`ClusterPolicy` that denies in the tier of security', PolicyTier.SECURITY, RuleAction.DENY),
  tier('`ClusterPolicy` that allows in the tier of the platform', PolicyTier.PLATFORM, RuleAction.ALLOW),
  tier('`ClusterPolicy` that denies in the baseline', PolicyTier.BASELINE, RuleAction.DENY),
  {
    statement: '`mode: PolicyMode.AUDIT`',
    state: chart => { new NetworkPolicy(chart, 'sample', { mode: PolicyMode.AUDIT, ingress: [{ peers: [web], ports: HTTP }] }); },
  },
  { statement: '`new BlockCloudMetadata(chart, \'metadata\')` on AWS', state: chart => { new BlockCloudMetadata(chart, 'metadata'); } },
];

export const TIER_SAMPLES: readonly Sample[] = [
  tier('Denies in the tier of security', PolicyTier.SECURITY, RuleAction.DENY),
  tier('Allows in the tier of the platform', PolicyTier.PLATFORM, RuleAction.ALLOW),
  tier('Passes in the tier of the platform', PolicyTier.PLATFORM, RuleAction.PASS),
  tier('Denies in the baseline', PolicyTier.BASELINE, RuleAction.DENY),
  {
    statement: 'Egress to addresses outside, and to a name',
    state: chart => {
      new ClusterPolicy(chart, 'sample', {
        tier: PolicyTier.PLATFORM,
        egress: [{ peers: [Peer.cidr('203.0.113.0/24'), Peer.fqdn('api.example.com')], ports: [Port.HTTPS] }],
      });
    },
  },
];

export const MESH_SAMPLES: readonly Sample[] = [
  {
    statement: '`api.connections.allowFrom(web, Port.tcp(8080).http({ method: \'GET\', pathPrefix: \'/api/\' }))`',
    kinds: ['AuthorizationPolicy', 'NetworkPolicy'],
    state: chart => { workload(chart, 'api').connections.allowFrom(workload(chart, 'web'), Port.tcp(8080).http({ method: 'GET', pathPrefix: '/api/' })); },
  },
  { statement: '`new DefaultDeny(chart, \'deny\')`', kinds: ['AuthorizationPolicy'], state: chart => { new DefaultDeny(chart, 'deny'); } },
];

const aws = { cloud: Cloud.AWS };

/** The clusters of each page. */
export const CLUSTERS_OF: Readonly<Record<string, readonly ClusterOfDialect[]>> = {
  'kubernetes': [
    { name: 'Any CNI', facts: { cni: Cni.kubernetes(), ...aws } },
    { name: 'kube-network-policies', facts: { cni: Cni.kubeNetworkPolicies('1.0', { clusterNetworkPolicy: true }), ...aws } },
    { name: 'OVN-Kubernetes', facts: { cni: Cni.ovnKubernetes({ clusterNetworkPolicy: true }), ...aws } },
  ],
  'cilium': [
    ...['1.18', '1.19', '1.20'].map(version => ({ name: `Cilium ${version}`, facts: { cni: Cni.cilium(version), ...aws } })),
    { name: 'Cilium 1.20 with clusterNetworkPolicy and mutualAuthentication', facts: { cni: Cni.cilium('1.20', { clusterNetworkPolicy: true, mutualAuthentication: true }), ...aws } },
  ],
  'calico': [
    ...['3.30', '3.31', '3.32', '3.33'].map(version => ({ name: `Calico ${version}`, facts: { cni: Cni.calico(version), ...aws } })),
    { name: 'Calico 3.33 with applicationLayerPolicy', facts: { cni: Cni.calico('3.33', { applicationLayerPolicy: true }), ...aws } },
  ],
  'cluster-network-policy': [
    { name: 'Cilium 1.20 with clusterNetworkPolicy', facts: { cni: Cni.cilium('1.20', { clusterNetworkPolicy: true }) } },
    { name: 'Calico 3.32 in the kubernetes dialect', facts: { cni: Cni.calico('3.32'), dialect: Dialect.KUBERNETES } },
    { name: 'kube-network-policies', facts: { cni: Cni.kubeNetworkPolicies('1.0', { clusterNetworkPolicy: true }) } },
    { name: 'OVN-Kubernetes', facts: { cni: Cni.ovnKubernetes({ clusterNetworkPolicy: true }) } },
  ],
  'istio': [
    { name: 'Istio with sidecars', facts: { cni: Cni.kubernetes(), mesh: Mesh.istioSidecar() } },
    { name: 'Istio in ambient mode', facts: { cni: Cni.kubernetes(), mesh: Mesh.istioAmbient() } },
  ],
};

