/** Which CNI enforces which version of policy.networking.k8s.io, as data. Every row names the page that it rests on. */

/** As the dialects take it. */
export interface ClusterNetworkPolicySupport {
  readonly version: 'v1alpha1' | 'v1alpha2';
  /** Whether the fields of the experimental channel are enforced: nodes, domainNames. */
  readonly experimental: boolean;
}

export interface ClusterNetworkPolicyRow extends ClusterNetworkPolicySupport {
  readonly cni: string;
  /** The first version of the CNI. Absent: every version that is not named otherwise. */
  readonly since?: string;
  /** The first version that has it no longer. */
  readonly until?: string;
  /** How it is switched on. Absent: it always is. */
  readonly flag?: string;
  /** The last priority that is enforced, where it is less than 1000; a policy beyond it is stored and ignored. */
  readonly lastPriority?: number;
  /** Where it differs from what the API says. */
  readonly note?: string;
  readonly source: string;
}

const IMPLEMENTATIONS = 'https://network-policy-api.sigs.k8s.io/implementations/';

/** A CNI's newest rows first. */
export const CLUSTER_NETWORK_POLICY: readonly ClusterNetworkPolicyRow[] = [
  {
    cni: 'calico',
    since: '3.32',
    version: 'v1alpha2',
    experimental: false,
    note: 'A rule whose peer is nodes or domainNames is dropped when it accepts, and denies everything when it denies or passes.',
    source: IMPLEMENTATIONS,
  },
  {
    cni: 'calico',
    since: '3.29',
    until: '3.32',
    version: 'v1alpha1',
    experimental: false,
    source: IMPLEMENTATIONS,
  },
  {
    cni: 'cilium',
    since: '1.20',
    version: 'v1alpha2',
    experimental: true,
    flag: '--enable-k8s-cluster-network-policy',
    note: 'networks match pods and nodes only with policy-cidr-match-mode; nodes need --enable-node-selector-labels; '
      + 'domainNames also filter the DNS requests of the subject.',
    source: 'https://github.com/cilium/cilium/pull/47227',
  },
  {
    cni: 'antrea',
    since: '2.7',
    version: 'v1alpha2',
    experimental: true,
    flag: 'the feature gate ClusterNetworkPolicy of the controller',
    source: 'https://antrea.io/docs/main/docs/cluster-network-policy/',
  },
  {
    cni: 'antrea',
    since: '1.13',
    until: '2.7',
    version: 'v1alpha1',
    experimental: false,
    flag: 'the feature gate AdminNetworkPolicy of the controller',
    source: 'https://antrea.io/docs/main/docs/admin-network-policy/',
  },
  {
    cni: 'kube-ovn',
    since: '1.15',
    version: 'v1alpha2',
    experimental: false,
    flag: '--enable-anp',
    lastPriority: 399,
    note: 'Experimental, says the project itself.',
    source: 'https://github.com/kubernetes-sigs/network-policy-api/pull/354',
  },
  {
    cni: 'kube-ovn',
    until: '1.15',
    version: 'v1alpha1',
    experimental: false,
    flag: '--enable-anp',
    lastPriority: 99,
    source: IMPLEMENTATIONS,
  },
  {
    cni: 'ovn-kubernetes',
    version: 'v1alpha1',
    experimental: false,
    flag: '--enable-admin-network-policy',
    lastPriority: 99,
    note: 'It also enforces nodes of the experimental channel, and no domainNames.',
    source: 'https://ovn-kubernetes.io/features/network-security-controls/admin-network-policy/',
  },
  {
    cni: 'kube-network-policies',
    since: '1.0',
    version: 'v1alpha2',
    experimental: false,
    flag: 'the image whose tag ends with -npa-v1alpha2',
    source: 'https://github.com/kubernetes/k8s.io/pull/9121',
  },
  {
    cni: 'kube-network-policies',
    until: '1.0',
    version: 'v1alpha1',
    experimental: false,
    flag: 'install-anp.yaml',
    source: 'https://github.com/kubernetes-sigs/kube-network-policies/tree/v0.8.1',
  },
];

/**
 * What the CNI enforces of policy.networking.k8s.io; undefined where it enforces nothing of it, or where that is not known.
 * @param version major and minor; absent: the CNI's newest
 * @param switchedOn whether what is off by default was switched on
 */
export function clusterNetworkPolicyOf(cni: string, version: string | undefined, switchedOn: boolean): ClusterNetworkPolicySupport | undefined {
  const row = rowOf(cni, version);
  return row && (row.flag === undefined || switchedOn) ? { version: row.version, experimental: row.experimental } : undefined;
}

/** Why there is none, and what would change that, as a sentence; undefined where there is some. */
export function noClusterNetworkPolicyBecause(cni: string, version: string | undefined, switchedOn: boolean): string | undefined {
  if (clusterNetworkPolicyOf(cni, version, switchedOn)) { return undefined; }
  const named = version === undefined ? cni : `${cni} ${version}`;
  const row = rowOf(cni, version);
  if (row) { return `${named} enforces policy.networking.k8s.io/${row.version} only where it is switched on (${row.flag}), which is not stated`; }
  const rows = CLUSTER_NETWORK_POLICY.filter(candidate => candidate.cni === cni);
  if (rows.length === 0) { return `${named} is not known to enforce policy.networking.k8s.io`; }
  return `${named} enforces no policy.networking.k8s.io; ${rows.map(({ version: api, since }) => `${cni} ${since ?? ''} and later has ${api}`).reverse()[0]}`;
}

export const rowsOf = (cni: string): readonly ClusterNetworkPolicyRow[] => CLUSTER_NETWORK_POLICY.filter(row => row.cni === cni);

export function rowOf(cni: string, version: string | undefined): ClusterNetworkPolicyRow | undefined {
  return CLUSTER_NETWORK_POLICY.find(row => row.cni === cni && (version === undefined
    ? row.until === undefined
    : (row.since === undefined || !isBefore(version, row.since)) && (row.until === undefined || isBefore(version, row.until))));
}

function isBefore(version: string, other: string): boolean {
  const [[major, minor], [otherMajor, otherMinor]] = [version, other].map(text => text.replace(/^v/, '').split('.').map(Number));
  return major === otherMajor ? (minor ?? 0) < (otherMinor ?? 0) : major < otherMajor;
}
