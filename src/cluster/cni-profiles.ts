import { CNI_TABLE } from './cni-table';

/** How each CNI is written for, as data. What it does with the parts of a policy is in `CNI_TABLE`. */
export interface CniProfile {
  readonly name: string;
  /** Dialects that the CNI enforces; the first is the one that follows from the CNI. None: it ignores every policy. */
  readonly dialects: readonly string[];
  /** Versions whose policies this library writes, oldest first; a newer one is treated like the last. Empty: policies do not depend on a version. */
  readonly versions: readonly string[];
  /** Whether an address range in a policy matches a pod that holds such an address. */
  readonly cidrMatchesPods: boolean;
  /** Whether an address range in a policy matches a node. */
  readonly cidrMatchesNodes: boolean;
  /** What an operator may have switched on and a policy may need, with the first version that has it. */
  readonly options?: Readonly<Record<string, CniOption>>;
  /** For CNIs that enforce nothing: why, and what would. */
  readonly ignoresBecause?: string;
  /** The page that the row rests on. */
  readonly source: string;
}

/** A row without what the table of capabilities says. */
type Written = Omit<CniProfile, 'cidrMatchesPods'>;

export interface CniOption {
  /** How it is switched on. */
  readonly flag: string;
  /** Absent: every version that is known. */
  readonly since?: string;
}

const WRITTEN: Readonly<Record<string, Written>> = {
  'kubernetes': {
    name: 'kubernetes',
    dialects: ['kubernetes'],
    versions: [],
    cidrMatchesNodes: true,
    source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  },
  'cilium': {
    name: 'cilium',
    dialects: ['cilium', 'kubernetes'],
    versions: ['1.18', '1.19', '1.20'],
    cidrMatchesNodes: false,
    options: {
      clusterNetworkPolicy: { flag: '--enable-k8s-cluster-network-policy', since: '1.20' },
      nodeSelectorLabels: { flag: '--enable-node-selector-labels' },
      extendedProtocols: { flag: '--enable-extended-ip-protocols' },
      hostFirewall: { flag: '--enable-host-firewall' },
      mutualAuthentication: { flag: 'authentication.mutual.spire.enabled of the Helm chart' },
    },
    source: 'https://docs.cilium.io/en/stable/security/policy/language/#cidr-based',
  },
  'calico': {
    name: 'calico',
    dialects: ['calico', 'kubernetes'],
    versions: ['3.30', '3.31', '3.32', '3.33'],
    cidrMatchesNodes: true,
    options: {
      applicationLayerPolicy: { flag: 'policySyncPathPrefix of the FelixConfiguration, with Dikastes beside Istio\'s sidecars' },
    },
    source: 'https://docs.tigera.io/calico/latest/reference/resources/networkpolicy',
  },
  'antrea': {
    name: 'antrea',
    dialects: ['kubernetes'],
    versions: ['1.13', '2.7'],
    cidrMatchesNodes: true,
    options: { clusterNetworkPolicy: { flag: 'the feature gate AdminNetworkPolicy, from 2.7 ClusterNetworkPolicy, of the controller' } },
    source: 'https://antrea.io/docs/main/docs/admin-network-policy/',
  },
  'ovn-kubernetes': {
    name: 'ovn-kubernetes',
    dialects: ['kubernetes'],
    versions: [],
    cidrMatchesNodes: true,
    options: { clusterNetworkPolicy: { flag: '--enable-admin-network-policy' } },
    source: 'https://ovn-kubernetes.io/features/network-security-controls/admin-network-policy/',
  },
  'kube-ovn': {
    name: 'kube-ovn',
    dialects: ['kubernetes'],
    versions: ['1.14', '1.15'],
    cidrMatchesNodes: true,
    options: { clusterNetworkPolicy: { flag: '--enable-anp' } },
    source: 'https://network-policy-api.sigs.k8s.io/implementations/',
  },
  'kube-network-policies': {
    name: 'kube-network-policies',
    dialects: ['kubernetes'],
    versions: ['0.8', '1.0'],
    cidrMatchesNodes: true,
    options: { clusterNetworkPolicy: { flag: 'install-anp.yaml, from 1.0 the image whose tag ends with -npa-v1alpha2' } },
    source: 'https://github.com/kubernetes-sigs/kube-network-policies#readme',
  },
  'aws-vpc': {
    name: 'aws-vpc',
    dialects: ['kubernetes'],
    versions: [],
    cidrMatchesNodes: true,
    options: { strict: { flag: 'NETWORK_POLICY_ENFORCING_MODE=strict of the DaemonSet aws-node' } },
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html',
  },
  'azure': {
    name: 'azure',
    dialects: ['kubernetes'],
    versions: [],
    cidrMatchesNodes: true,
    options: { windows: { flag: 'nodes that run Windows' } },
    source: 'https://github.com/Azure/azure-container-networking/blob/master/docs/npm.md',
  },
  'gke-dataplane-v2': {
    name: 'gke-dataplane-v2',
    dialects: ['kubernetes'],
    versions: [],
    cidrMatchesNodes: false,
    source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2',
  },
  'kube-router': {
    name: 'kube-router',
    dialects: ['kubernetes'],
    versions: [],
    cidrMatchesNodes: true,
    options: { defaultDeny: { flag: '--netpol-default-deny=true' } },
    source: 'https://github.com/cloudnativelabs/kube-router/blob/master/docs/troubleshoot.md',
  },
  'kindnet': {
    name: 'kindnet',
    dialects: ['kubernetes'],
    versions: [],
    cidrMatchesNodes: true,
    source: 'https://github.com/kubernetes-sigs/kind/blob/main/images/kindnetd/cmd/kindnetd/main.go',
  },
  'weave': {
    name: 'weave',
    dialects: ['kubernetes'],
    versions: [],
    cidrMatchesNodes: true,
    source: 'https://github.com/weaveworks/weave/blob/master/npc/analyser.go',
  },
  'flannel': {
    name: 'flannel',
    dialects: [],
    versions: [],
    cidrMatchesNodes: false,
    ignoresBecause: 'Flannel enforces no network policy: every policy would be stored and ignored; with netpol.enabled of its chart (v0.25.5 and later) kube-network-policies does, which is Cni.kubeNetworkPolicies(...); or install Calico for policy beside it (Canal), which is Cni.calico(...), or use a CNI that enforces policy',
    source: 'https://github.com/flannel-io/flannel/blob/master/Documentation/netpol.md',
  },
};

export const CNI_PROFILES: Readonly<Record<string, CniProfile>> = Object.fromEntries(Object.entries(WRITTEN).map(([name, profile]) =>
  [name, { ...profile, cidrMatchesPods: CNI_TABLE[name].ipBlockMatchesPods.value === 'yes' }]));
