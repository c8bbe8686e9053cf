import { DialectId, Refusal } from './dialect';

/** What some dialect cannot express. */
export type Feature =
  | 'deny'
  | 'pass'
  | 'log'
  | 'fqdn'
  | 'fqdn-without-dns'
  | 'fqdn-deny'
  | 'fqdn-ingress'
  | 'fqdn-any-depth'
  | 'service-account'
  | 'cluster-scope'
  | 'entity'
  | 'addresses'
  | 'label-operator'
  | 'label-not-identity'
  | 'label-scope'
  | 'namespace-label-key'
  | 'negated-peer'
  | 'several-cidrs'
  | 'inside-cluster'
  | 'protocol'
  | 'source-port'
  | 'l7'
  | 'own-end'
  | 'allow-without-isolation'
  | 'isolation-only'
  | 'empty'
  | 'subject'
  | 'stage'
  | 'effects'
  | 'reference'
  | 'external-action'
  | 'staged'
  | 'tier'
  | 'hook'
  | 'http'
  | 'server-name'
  | 'tls'
  | 'listener'
  | 'authentication'
  | 'principal'
  | 'cluster'
  | 'node'
  | 'host-endpoint'
  | 'icmp';

interface Why {
  readonly reason: string;
  /** What would express it. */
  readonly alternative: string;
}

const NEITHER_SOURCE = {
  reason: 'it matches destination ports only',
  alternative: 'state the destination port; on Calico a rule can match source ports',
};

const INSIDE_CLUSTER = {
  reason: 'the range lies inside the stated ranges of pods and nodes, so that nothing outside has such an address',
  alternative: 'select pods by labels, or say Peer.addresses(...) where the CNI matches pods by address',
};

/** The one table: feature by dialect. No entry: the dialect expresses it. */
export const REFUSALS: Readonly<Record<Feature, Readonly<Partial<Record<DialectId, Why>>>>> = {
  'deny': {
    kubernetes: {
      reason: 'NetworkPolicy has no deny rules: policies only add what is allowed',
      alternative: 'isolate the pods (DefaultDeny) and allow what is needed, or use the cilium or calico dialect',
    },
  },
  'pass': {
    kubernetes: { reason: 'NetworkPolicy has no tiers to pass to', alternative: 'leave the rule out, or use the calico dialect' },
    cilium: { reason: 'CiliumNetworkPolicy has no tiers to pass to', alternative: 'leave the rule out, or use the calico dialect' },
    calico: { reason: 'without an order it is not known before which allow a pass comes', alternative: 'state a tier and an order' },
  },
  'log': {
    kubernetes: { reason: 'NetworkPolicy cannot log', alternative: 'use the calico dialect, or the CNI\'s flow logs' },
    cilium: { reason: 'rules have no log action', alternative: 'observe flows with Hubble, or use the calico dialect' },
  },
  'fqdn': {
    kubernetes: {
      reason: 'NetworkPolicy knows addresses, not names',
      alternative: 'use the cilium dialect, or allow the addresses with Peer.cidr(...), or an egress proxy with Peer.pods(...)',
    },
    calico: {
      reason: 'open-source Calico knows addresses, not names (domains exist in Calico Enterprise only)',
      alternative: 'use the cilium dialect, or allow the addresses with Peer.cidr(...), or an egress proxy with Peer.pods(...)',
    },
  },
  'fqdn-without-dns': {
    cilium: {
      reason: 'toFQDNs matches only addresses that the DNS proxy has seen, so without a DNS rule it never matches',
      alternative: 'leave dns at its default',
    },
  },
  'fqdn-deny': {
    cilium: { reason: 'egressDeny has no toFQDNs', alternative: 'allow only the names that are needed; all others are closed by isolation' },
  },
  'fqdn-ingress': {
    cilium: { reason: 'names are for egress only', alternative: 'allow the addresses with Peer.cidr(...)' },
  },
  'fqdn-any-depth': {
    cilium: { reason: 'before Cilium 1.19 "**." is one label, as "*." is', alternative: 'state "*." for each depth, or use Cilium 1.19' },
  },
  'service-account': {
    kubernetes: { reason: 'NetworkPolicy selects by labels only', alternative: 'select the pods by labels, or use the cilium or calico dialect' },
  },
  'cluster-scope': {
    kubernetes: {
      reason: 'NetworkPolicy is namespaced',
      alternative: 'state one NetworkPolicy for each namespace, or use the cilium or calico dialect',
    },
  },
  'entity': {
    kubernetes: {
      reason: 'NetworkPolicy cannot name nodes, the API server or other identities',
      alternative: 'state nodeCidrs and apiServerCidrs as facts of the Cluster, or use the cilium dialect',
    },
    calico: {
      reason: 'a policy for pods cannot name nodes, the API server or other identities',
      alternative: 'state nodeCidrs and apiServerCidrs as facts of the Cluster, or use the cilium dialect',
    },
    cilium: {
      reason: 'Cilium has no such entity',
      alternative: 'use one of all, world, cluster, host, remote-node, kube-apiserver, ingress, health, init, unmanaged, none',
    },
  },
  'addresses': {
    kubernetes: {
      reason: 'this CNI matches address ranges only outside the cluster, never pods',
      alternative: 'say Peer.cidr(...) for addresses outside, and select pods by labels',
    },
    cilium: {
      reason: 'Cilium matches address ranges only outside the cluster, never pods or nodes',
      alternative: 'say Peer.cidr(...) for addresses outside, and select pods by labels',
    },
  },
  'label-operator': {
    kubernetes: { reason: 'label selectors know In, NotIn, Exists and DoesNotExist only', alternative: 'list the values, or use the calico dialect' },
    cilium: { reason: 'label selectors know In, NotIn, Exists and DoesNotExist only', alternative: 'list the values, or use the calico dialect' },
  },
  'label-not-identity': {
    cilium: {
      reason: 'Cilium leaves this label out of a pod\'s identity, so a selector on it never matches',
      alternative: 'select by a label of your own, such as app.kubernetes.io/name',
    },
  },
  'label-scope': {
    kubernetes: { reason: 'a peer can test the labels of pods and namespaces only', alternative: 'select by pod or namespace labels' },
    cilium: { reason: 'a peer can test the labels of pods and namespaces only', alternative: 'select by pod or namespace labels' },
    calico: { reason: 'this rule cannot test labels of that kind', alternative: 'select by pod, namespace or service account labels' },
  },
  'namespace-label-key': {
    cilium: {
      reason: 'Cilium prefixes namespace labels, and with the prefix this key is longer than a label key may be',
      alternative: 'select by a namespace label of at most 32 characters, or of the form example.com/name, or by the namespace\'s name',
    },
  },
  'negated-peer': {
    kubernetes: { reason: 'a peer can only be selected, not excluded', alternative: 'select what is meant, or use except inside a CIDR' },
    cilium: { reason: 'a peer can only be selected, not excluded', alternative: 'select what is meant, use except inside a CIDR, or a deny rule' },
    calico: { reason: 'this exclusion has no form in a rule', alternative: 'exclude labels or addresses, or use a deny rule' },
  },
  'inside-cluster': {
    kubernetes: INSIDE_CLUSTER,
    cilium: INSIDE_CLUSTER,
    calico: INSIDE_CLUSTER,
  },
  'several-cidrs': {
    kubernetes: { reason: 'a peer has one address range', alternative: 'state the common part of the ranges' },
    cilium: { reason: 'a peer has one address range', alternative: 'state the common part of the ranges' },
    calico: { reason: 'ranges of one rule are alternatives', alternative: 'state the common part of the ranges' },
  },
  'protocol': {
    kubernetes: { reason: 'ports are of TCP, UDP or SCTP', alternative: 'state TCP, UDP or SCTP, or everything with Port.all()' },
    cilium: { reason: 'ports are of TCP, UDP or SCTP', alternative: 'state TCP, UDP or SCTP, or everything with Port.all()' },
    calico: { reason: 'a rule has one protocol, by name or number', alternative: 'state each protocol' },
  },
  'source-port': { kubernetes: NEITHER_SOURCE, cilium: NEITHER_SOURCE },
  'l7': {
    kubernetes: { reason: 'NetworkPolicy ends at ports', alternative: 'use the cilium dialect' },
    calico: { reason: 'this rule has layer 7 conditions that the writer does not know', alternative: 'use the cilium dialect' },
    cilium: { reason: 'the writer knows DNS rules only', alternative: 'state the port without layer 7 conditions' },
  },
  'own-end': {
    kubernetes: { reason: 'a rule matches the other end only', alternative: 'narrow the subject of the policy' },
    cilium: { reason: 'a rule matches the other end only', alternative: 'narrow the subject of the policy' },
  },
  'allow-without-isolation': {
    kubernetes: { reason: 'a NetworkPolicy always isolates the pods it selects in the direction of its rules', alternative: 'leave isolate at its default' },
    calico: { reason: 'a tier whose default action is Deny isolates every endpoint that it selects', alternative: 'leave isolate at its default' },
  },
  'isolation-only': {
    calico: { reason: 'isolation is the default action of a tier', alternative: 'use a tier whose default action is Deny' },
  },
  'empty': {
    kubernetes: { reason: 'a policy must isolate in at least one direction', alternative: 'isolate the pods, or leave the policy out' },
    cilium: { reason: 'a policy must say something in at least one direction', alternative: 'isolate the pods, state a rule, or leave the policy out' },
  },
  'subject': {
    kubernetes: { reason: 'a policy is about pods of its own namespace, selected by labels', alternative: 'state one policy for each namespace and label selector' },
    cilium: { reason: 'a policy is about pods selected by labels, in a namespaced policy of its own namespace', alternative: 'state one policy for each' },
    calico: { reason: 'a namespaced policy is about endpoints of its own namespace', alternative: 'state one policy for each namespace' },
  },
  'stage': {
    kubernetes: { reason: 'NetworkPolicy has no tiers', alternative: 'leave tier and order at their defaults, or use the calico dialect' },
    cilium: { reason: 'CiliumNetworkPolicy has no tiers and no order', alternative: 'leave tier and order at their defaults, or use the calico dialect' },
    calico: { reason: 'this stage has no tier', alternative: 'name an existing tier' },
  },
  'effects': {
    kubernetes: { reason: 'a rule has no such field', alternative: 'leave it out' },
    cilium: { reason: 'the writer does not know this effect', alternative: 'leave it out' },
    calico: { reason: 'the writer does not know this effect', alternative: 'leave it out' },
  },
  'reference': {
    kubernetes: { reason: 'NetworkPolicy has no references', alternative: 'state addresses or labels' },
    cilium: { reason: 'the writer does not know references', alternative: 'state addresses or labels' },
    calico: { reason: 'the writer does not know references', alternative: 'state addresses or labels' },
  },
  'external-action': {
    kubernetes: { reason: 'rules allow', alternative: 'state allow' },
    cilium: { reason: 'rules allow or deny', alternative: 'state allow or deny' },
    calico: { reason: 'rules allow, deny, pass or log', alternative: 'state one of these' },
  },
  'staged': {
    kubernetes: {
      reason: 'a NetworkPolicy is enforced as soon as it is stored; there is no audit mode',
      alternative: 'test the manifests offline, or use Calico (staged policies), or Cilium\'s audit mode of single endpoints',
    },
    cilium: {
      reason: 'a CiliumNetworkPolicy has no audit mode: it is a setting of the agent, for all policies of an endpoint, not of an object',
      alternative: 'set it per endpoint while you watch Hubble: kubectl -n kube-system exec ds/cilium -- cilium-dbg endpoint config ENDPOINT_ID PolicyAuditMode=Enabled',
    },
    'cluster-network-policy': {
      reason: 'a ClusterNetworkPolicy is enforced as soon as it is stored; there is no audit mode',
      alternative: 'use Calico\'s staged policies',
    },
    istio: {
      reason: 'this library writes no dry-run AuthorizationPolicy',
      alternative: 'leave the mode at its default',
    },
  },
  'tier': {
    kubernetes: {
      reason: 'NetworkPolicy has no tiers, and the CNI enforces no ClusterNetworkPolicy',
      alternative: 'leave tier at its default, or use a CNI that enforces policy.networking.k8s.io (Cilium 1.20 with its flag, Calico 3.32, others), or the calico dialect',
    },
    cilium: {
      reason: 'before Cilium\'s ClusterNetworkPolicy (1.20, with its flag) a policy of a tier can only deny before all others: it can neither allow nor pass, nor wait for what namespaces say',
      alternative: 'state the fact clusterNetworkPolicy for Cilium 1.20, use only denies in the upper tiers, or use the calico dialect',
    },
  },
  'hook': {
    kubernetes: {
      reason: 'a rule for packets before connection tracking, before address translation or in forwarding exists for host endpoints of Calico only',
      alternative: 'leave it out, or use the calico dialect',
    },
    cilium: {
      reason: 'a rule for packets before connection tracking, before address translation or in forwarding exists for host endpoints of Calico only',
      alternative: 'leave it out, or use the calico dialect',
    },
    'cluster-network-policy': {
      reason: 'a rule for packets before connection tracking, before address translation or in forwarding exists for host endpoints of Calico only',
      alternative: 'leave it out, or use the calico dialect',
    },
    istio: {
      reason: 'a rule for packets before connection tracking, before address translation or in forwarding exists for host endpoints of Calico only',
      alternative: 'leave it out, or use the calico dialect',
    },
  },
  'http': {
    kubernetes: {
      reason: 'NetworkPolicy ends at ports',
      alternative: 'use the cilium or calico dialect, or state the mesh as a fact (AuthorizationPolicy)',
    },
    calico: {
      reason: 'HTTP rules know methods and paths (exact or prefix), in ingress rules that allow',
      alternative: 'leave out headers, hosts and patterns, or use the cilium dialect, or state the mesh as a fact (AuthorizationPolicy)',
    },
    cilium: {
      reason: 'an HTTP rule is a conjunction of method, path, host and headers, in rules that allow',
      alternative: 'state what may pass instead of what may not',
    },
    'cluster-network-policy': {
      reason: 'ClusterNetworkPolicy ends at ports',
      alternative: 'state the request in a NetworkPolicy of the cilium or calico dialect',
    },
  },
  'server-name': {
    kubernetes: {
      reason: 'it does not look into TLS handshakes',
      alternative: 'use the cilium dialect, or state the port only',
    },
    calico: {
      reason: 'it does not look into TLS handshakes',
      alternative: 'use the cilium dialect, or state the port only',
    },
    'cluster-network-policy': {
      reason: 'it does not look into TLS handshakes',
      alternative: 'use the cilium dialect, or state the port only',
    },
    istio: {
      reason: 'it does not look into TLS handshakes',
      alternative: 'use the cilium dialect, or state the port only',
    },
  },
  'tls': {
    kubernetes: {
      reason: 'it does not intercept TLS',
      alternative: 'use the cilium dialect',
    },
    calico: {
      reason: 'it does not intercept TLS',
      alternative: 'use the cilium dialect',
    },
    'cluster-network-policy': {
      reason: 'it does not intercept TLS',
      alternative: 'use the cilium dialect',
    },
    istio: {
      reason: 'it does not intercept TLS',
      alternative: 'use the cilium dialect',
    },
  },
  'listener': {
    kubernetes: {
      reason: 'it has no Envoy listeners',
      alternative: 'use the cilium dialect',
    },
    calico: {
      reason: 'it has no Envoy listeners',
      alternative: 'use the cilium dialect',
    },
    'cluster-network-policy': {
      reason: 'it has no Envoy listeners',
      alternative: 'use the cilium dialect',
    },
    istio: {
      reason: 'it has no Envoy listeners',
      alternative: 'use the cilium dialect',
    },
  },
  'authentication': {
    kubernetes: {
      reason: 'NetworkPolicy knows labels and addresses, and proves no identity',
      alternative: 'use the cilium dialect (mutual authentication), or state the mesh as a fact',
    },
    calico: {
      reason: 'Calico policy proves no identity',
      alternative: 'use the cilium dialect (mutual authentication), or state the mesh as a fact',
    },
    'cluster-network-policy': {
      reason: 'ClusterNetworkPolicy proves no identity',
      alternative: 'use the cilium dialect (mutual authentication), or state the mesh as a fact',
    },
  },
  'principal': {
    kubernetes: {
      reason: 'mesh identities are known to the mesh only',
      alternative: 'state the service account, or the mesh as a fact',
    },
    cilium: {
      reason: 'mesh identities are known to the mesh only',
      alternative: 'state the service account, or the mesh as a fact',
    },
    calico: {
      reason: 'mesh identities are known to the mesh only',
      alternative: 'state the service account, or the mesh as a fact',
    },
    'cluster-network-policy': {
      reason: 'mesh identities are known to the mesh only',
      alternative: 'state the service account, or the mesh as a fact',
    },
  },
  'cluster': {
    kubernetes: {
      reason: 'it knows only its own cluster',
      alternative: 'state the addresses of the other cluster with Peer.cidr(...), or use the cilium dialect',
    },
    calico: {
      reason: 'it knows only its own cluster',
      alternative: 'state the addresses of the other cluster with Peer.cidr(...), or use the cilium dialect',
    },
    'cluster-network-policy': {
      reason: 'it knows only its own cluster',
      alternative: 'state the addresses of the other cluster with Peer.cidr(...), or use the cilium dialect',
    },
    istio: {
      reason: 'it knows only its own cluster',
      alternative: 'state the addresses of the other cluster with Peer.cidr(...), or use the cilium dialect',
    },
  },
  'node': {
    kubernetes: {
      reason: 'NetworkPolicy cannot select nodes',
      alternative: 'state nodeCidrs as a fact of the Cluster',
    },
    calico: {
      reason: 'a rule cannot select nodes by labels, except as host endpoints',
      alternative: 'state nodeCidrs as a fact of the Cluster',
    },
    istio: {
      reason: 'AuthorizationPolicy cannot select nodes',
      alternative: 'state nodeCidrs as a fact of the Cluster',
    },
  },
  'host-endpoint': {
    kubernetes: {
      reason: 'host endpoints are Calico\'s',
      alternative: 'use the calico dialect',
    },
    cilium: {
      reason: 'host endpoints are Calico\'s',
      alternative: 'use the calico dialect',
    },
    'cluster-network-policy': {
      reason: 'host endpoints are Calico\'s',
      alternative: 'use the calico dialect',
    },
    istio: {
      reason: 'host endpoints are Calico\'s',
      alternative: 'use the calico dialect',
    },
  },
  'icmp': {
    kubernetes: {
      reason: 'it has no ICMP types',
      alternative: 'state Port.all(), or use the cilium or calico dialect',
    },
    'cluster-network-policy': {
      reason: 'it has no ICMP types',
      alternative: 'state Port.all(), or use the cilium or calico dialect',
    },
    istio: {
      reason: 'it has no ICMP types',
      alternative: 'state Port.all(), or use the cilium or calico dialect',
    },
  },
};

/** The error for a statement that uses `feature`; `detail` names the value. */
export function refuse(dialect: DialectId, feature: Feature, statement: string, detail?: string): Refusal {
  const why = REFUSALS[feature][dialect];
  if (!why) { throw new Error(`no reason is recorded why ${dialect} refuses ${feature}`); }
  return new Refusal(detail === undefined ? statement : `${statement}: ${detail}`, dialect, why.reason, why.alternative);
}
