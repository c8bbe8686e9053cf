import { preview } from './preview';
import { Origin } from '../model/policy-set';

/**
 * Policies of enforcers that this library knows and does not evaluate. A world that holds such objects may answer otherwise than the
 * policies that were read say.
 */

/** How the real answer may differ: a second layer can only close; what also allows in the same layer can open too. */
export type Effect = 'stricter' | 'stricter or looser' | 'none';

interface Unevaluated {
  readonly group: string;
  /** The versions that are known; others of the group are taken alike. */
  readonly versions: readonly string[];
  readonly kinds: readonly string[];
  readonly enforcer: string;
  readonly effect: Effect;
  readonly source: string;
}

export const UNEVALUATED: readonly Unevaluated[] = [
  {
    group: 'networking.k8s.aws',
    versions: ['v1alpha1'],
    kinds: ['ApplicationNetworkPolicy', 'ClusterNetworkPolicy', 'PolicyEndpoint', 'ClusterPolicyEndpoint'],
    enforcer: 'Amazon VPC CNI and EKS Auto Mode',
    effect: 'stricter or looser',
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html',
  },
  {
    group: 'vpcresources.k8s.aws',
    versions: ['v1beta1'],
    kinds: ['SecurityGroupPolicy'],
    enforcer: 'Amazon VPC CNI',
    effect: 'stricter',
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html',
  },
  {
    group: 'crd.antrea.io',
    versions: ['v1beta1', 'v1alpha1', 'v1alpha2', 'v1alpha3'],
    kinds: ['NetworkPolicy', 'ClusterNetworkPolicy', 'Tier', 'ClusterGroup', 'Group'],
    enforcer: 'Antrea',
    effect: 'stricter or looser',
    source: 'https://antrea.io/docs/main/docs/antrea-network-policy/',
  },
  {
    group: 'k8s.ovn.org',
    versions: ['v1'],
    kinds: ['EgressFirewall', 'AdminPolicyBasedExternalRoute'],
    enforcer: 'OVN-Kubernetes',
    effect: 'stricter',
    source: 'https://ovn-kubernetes.io/features/network-security-controls/egress-firewall/',
  },
  {
    group: 'k8s.ovn.org',
    versions: ['v1'],
    kinds: ['EgressQoS'],
    enforcer: 'OVN-Kubernetes',
    effect: 'none',
    source: 'https://ovn-kubernetes.io/features/cluster-egress-controls/egress-qos/',
  },
  {
    group: 'network.openshift.io',
    versions: ['v1'],
    kinds: ['EgressNetworkPolicy'],
    enforcer: 'OpenShift SDN',
    effect: 'stricter',
    source: 'https://docs.openshift.com/container-platform/4.14/networking/openshift_sdn/configuring-egress-firewall.html',
  },
  {
    group: 'networking.gke.io',
    versions: ['v1alpha1'],
    kinds: ['FQDNNetworkPolicy'],
    enforcer: 'GKE Dataplane V2',
    effect: 'stricter or looser',
    source: 'https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies',
  },
  {
    group: 'k8s.cni.cncf.io',
    versions: ['v1beta1', 'v1beta2'],
    kinds: ['MultiNetworkPolicy'],
    enforcer: 'multi-networkpolicy, on secondary networks',
    effect: 'stricter',
    source: 'https://github.com/k8snetworkplumbingwg/multi-networkpolicy',
  },
  {
    group: 'cilium.io',
    versions: ['v2'],
    kinds: ['CiliumLocalRedirectPolicy', 'CiliumEnvoyConfig', 'CiliumClusterwideEnvoyConfig'],
    enforcer: 'Cilium, which sends flows elsewhere with it',
    effect: 'stricter or looser',
    source: 'https://docs.cilium.io/en/stable/network/kubernetes/local-redirect-policy/',
  },
  {
    group: 'crd.projectcalico.org',
    versions: ['v1'],
    kinds: [
      'NetworkPolicy', 'GlobalNetworkPolicy', 'StagedNetworkPolicy', 'StagedGlobalNetworkPolicy', 'StagedKubernetesNetworkPolicy',
      'Tier', 'NetworkSet', 'GlobalNetworkSet', 'HostEndpoint',
    ],
    enforcer: 'Calico, which stores projectcalico.org/v3 there: write that instead',
    effect: 'stricter or looser',
    source: 'https://docs.tigera.io/calico/latest/reference/resources/overview',
  },
  {
    group: 'policy.linkerd.io',
    versions: ['v1alpha1', 'v1beta1', 'v1beta2', 'v1beta3'],
    kinds: ['Server', 'ServerAuthorization', 'AuthorizationPolicy', 'MeshTLSAuthentication', 'NetworkAuthentication'],
    enforcer: 'Linkerd',
    effect: 'stricter',
    source: 'https://linkerd.io/2/reference/authorization-policy/',
  },
  {
    group: 'kuma.io',
    versions: ['v1alpha1'],
    kinds: ['MeshTrafficPermission', 'TrafficPermission'],
    enforcer: 'Kuma',
    effect: 'stricter',
    source: 'https://kuma.io/docs/latest/policies/meshtrafficpermission/',
  },
  {
    group: 'consul.hashicorp.com',
    versions: ['v1alpha1'],
    kinds: ['ServiceIntentions'],
    enforcer: 'Consul',
    effect: 'stricter',
    source: 'https://developer.hashicorp.com/consul/docs/connect/config-entries/service-intentions',
  },
];

const SENTENCES: Readonly<Record<Effect, string>> = {
  'stricter': 'not evaluated; the real answer may be stricter',
  'stricter or looser': 'not evaluated; the real answer may be stricter or looser',
  'none': 'not evaluated; it has no say in who may talk to whom',
};

const BY_KIND = new Map(UNEVALUATED.flatMap(row => row.kinds.map(kind => [`${row.group}/${kind}`, row] as const)));

interface UnevaluatedDocument {
  /** What it leaves open. */
  readonly sentence: string;
  readonly effect: Effect;
  /** Without a namespace where it states none. */
  readonly origin: Origin;
}

/** What a document of such a kind leaves open, as a sentence; undefined for every other document. */
export const unevaluated = (document: unknown): string | undefined => unevaluatedDocument(document)?.sentence;

/** A document of such a kind; undefined for every other document. */
export function unevaluatedDocument(document: unknown, at?: string): UnevaluatedDocument | undefined {
  const [apiVersion, kind] = [text(document, 'apiVersion'), text(document, 'kind')];
  const [group, version, more] = apiVersion?.split('/', 3) ?? [];
  const row = version === undefined || more !== undefined ? undefined : BY_KIND.get(`${group}/${kind}`);
  return row && { sentence: `${nameOf(document, row, kind!)}: ${SENTENCES[row.effect]}`, effect: row.effect, origin: originOf(document, apiVersion!, kind!, at) };
}

function originOf(document: unknown, apiVersion: string, kind: string, at: string | undefined): Origin {
  const metadata = own(document, 'metadata');
  const [namespace, name] = [text(metadata, 'namespace'), text(metadata, 'name')];
  return {
    apiVersion: preview(apiVersion).slice(1, -1),
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name: name === undefined ? 'without a name' : preview(name).slice(1, -1),
    ...(at === undefined ? {} : { at }),
  };
}

function nameOf(document: unknown, { group, enforcer }: Unevaluated, kind: string): string {
  const metadata = own(document, 'metadata');
  const names = [text(metadata, 'namespace'), text(metadata, 'name')].flatMap(name => (name === undefined ? [] : [preview(name).slice(1, -1)]));
  return `${kind} ${names.length > 0 ? `${names.join('/')} ` : ''}of ${group} (${enforcer})`;
}

const own = (value: unknown, key: string): unknown =>
  (typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined);

function text(value: unknown, key: string): string | undefined {
  const found = own(value, key);
  return typeof found === 'string' ? found : undefined;
}
