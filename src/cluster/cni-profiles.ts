/** What each CNI does, as data. Every row names the page that it rests on. */
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
  /** For CNIs that enforce nothing: why, and what would. */
  readonly ignoresBecause?: string;
  readonly source: string;
}

export const CNI_PROFILES: Readonly<Record<string, CniProfile>> = {
  kubernetes: {
    name: 'kubernetes',
    dialects: ['kubernetes'],
    versions: [],
    cidrMatchesPods: true,
    cidrMatchesNodes: true,
    source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  },
  cilium: {
    name: 'cilium',
    dialects: ['cilium', 'kubernetes'],
    versions: ['1.18', '1.19', '1.20'],
    cidrMatchesPods: false,
    cidrMatchesNodes: false,
    source: 'https://docs.cilium.io/en/stable/security/policy/language/#cidr-based',
  },
  calico: {
    name: 'calico',
    dialects: ['calico', 'kubernetes'],
    versions: ['3.30', '3.31', '3.32', '3.33'],
    cidrMatchesPods: true,
    cidrMatchesNodes: true,
    source: 'https://docs.tigera.io/calico/latest/reference/resources/networkpolicy',
  },
  flannel: {
    name: 'flannel',
    dialects: [],
    versions: [],
    cidrMatchesPods: false,
    cidrMatchesNodes: false,
    ignoresBecause: 'Flannel enforces no network policy: every policy would be stored and ignored; install Calico for policy beside it (Canal), or use a CNI that enforces policy',
    source: 'https://github.com/flannel-io/flannel#networking-details',
  },
};
