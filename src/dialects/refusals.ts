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
  | 'fqdn-inside'
  | 'named-port'
  | 'ingress-from-outside'
  | 'any-destination'
  | 'limit'
  | 'icmp'
  | 'egress'
  | 'port';

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
  reason: 'the range lies inside the stated ranges of pods, nodes and Services, so that nothing outside has such an address',
  alternative: 'select pods by labels, those behind a Service too; say Peer.addresses(...) where the CNI matches pods by address, or IngressController.awsLoadBalancer(...) where it is that of load balancers',
};

/** Cilium matches nobody inside by an address. */
const INSIDE_CILIUM = {
  ...INSIDE_CLUSTER,
  alternative: 'select pods by labels, those behind a Service too; where it is that of load balancers, say IngressController.awsLoadBalancer(...) or loadBalancerCidrs of AllowHealthChecks',
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
    'kubernetes': { reason: 'NetworkPolicy has no tiers to pass to', alternative: 'leave the rule out, or use the calico dialect' },
    'cilium': { reason: 'CiliumNetworkPolicy has no tiers to pass to', alternative: 'leave the rule out, or use the calico dialect' },
    'calico': { reason: 'without an order it is not known before which allow a pass comes', alternative: 'state a tier and an order' },
    'cluster-network-policy': {
      reason: 'in the upper of two levels that share the tier Admin, a pass would skip the lower one too',
      alternative: 'state pass in tier platform, or use the calico dialect',
    },
    'istio': { reason: 'AuthorizationPolicy has no tiers to pass to', alternative: 'leave the rule out' },
  },
  'log': {
    'kubernetes': { reason: 'NetworkPolicy cannot log', alternative: 'use the calico dialect, or the CNI\'s flow logs' },
    'cilium': { reason: 'rules have no log action', alternative: 'observe flows with Hubble, or use the calico dialect' },
    'cluster-network-policy': {
      reason: 'rules have no log action',
      alternative: 'use the CNI\'s flow logs, or the calico dialect',
    },
    'istio': { reason: 'AUDIT logs nothing by itself: it marks requests for a plugin of the proxy', alternative: 'observe the access logs of the mesh' },
  },
  'fqdn': {
    'kubernetes': {
      reason: 'NetworkPolicy knows addresses, not names',
      alternative: 'use the cilium dialect, or allow the addresses with Peer.cidr(...), or an egress proxy with Peer.pods(...); '
        + 'objects that this library does not write are ApplicationNetworkPolicy with domainNames (EKS Auto Mode), EgressFirewall with dnsName '
        + '(OVN-Kubernetes), NetworkPolicy of crd.antrea.io with fqdn (Antrea)',
    },
    'calico': {
      reason: 'open-source Calico knows addresses, not names (domains exist in Calico Enterprise only)',
      alternative: 'use the cilium dialect, or allow the addresses with Peer.cidr(...), or an egress proxy with Peer.pods(...)',
    },
    'cluster-network-policy': {
      reason: 'domain names are a field of the experimental channel of v1alpha2 and of AdminNetworkPolicy',
      alternative: 'use a CNI that enforces that channel, or the cilium dialect, or allow the addresses with Peer.cidr(...)',
    },
    'istio': { reason: 'AuthorizationPolicy judges requests that come in, whose callers have no names', alternative: 'state service accounts or namespaces' },
  },
  'fqdn-without-dns': {
    cilium: {
      reason: 'toFQDNs matches only addresses that the DNS proxy has seen, so without a DNS rule it never matches',
      alternative: 'leave dns at its default',
    },
  },
  'fqdn-deny': {
    'cilium': { reason: 'egressDeny has no toFQDNs', alternative: 'allow only the names that are needed; all others are closed by isolation' },
    'cluster-network-policy': {
      reason: 'domain names stand in rules that accept only',
      alternative: 'accept the names that are needed, and deny Peer.cidr(...) after them',
    },
  },
  'fqdn-ingress': {
    'cilium': { reason: 'names are for egress only', alternative: 'allow the addresses with Peer.cidr(...)' },
    'cluster-network-policy': {
      reason: 'names are for egress only',
      alternative: 'select the pods that may come by labels',
    },
  },
  'fqdn-any-depth': {
    'cilium': { reason: 'before Cilium 1.19 "**." is one label, as "*." is, and since then stars alone are every name', alternative: 'state "*." before a domain for each depth, or use Cilium 1.19' },
    'cluster-network-policy': {
      reason: 'its only wildcard is a leading "*.", which is one label or more',
      alternative: 'state a leading "**.", which is the same, or each name',
    },
  },
  'service-account': {
    'kubernetes': { reason: 'NetworkPolicy selects by labels only', alternative: 'select the pods by labels, or use the cilium or calico dialect' },
    'cluster-network-policy': {
      reason: 'it selects by labels only',
      alternative: 'select the pods by labels, or use the cilium or calico dialect',
    },
    'istio': { reason: 'a mesh identity is a service account of a namespace', alternative: 'state the namespace too' },
  },
  'cluster-scope': {
    kubernetes: {
      reason: 'NetworkPolicy is namespaced',
      alternative: 'state one NetworkPolicy for each namespace, or use the cilium or calico dialect',
    },
    istio: { reason: 'AuthorizationPolicy is namespaced; in the root namespace it is for the whole mesh', alternative: 'state one policy for each namespace' },
  },
  'entity': {
    'kubernetes': {
      reason: 'NetworkPolicy cannot name nodes, the API server or other identities',
      alternative: 'state nodeCidrs and apiServerCidrs as facts of the Cluster, or use the cilium dialect',
    },
    'calico': {
      reason: 'a policy for pods cannot name nodes, the API server or other identities',
      alternative: 'state nodeCidrs and apiServerCidrs as facts of the Cluster, or use the cilium dialect',
    },
    'cilium': {
      reason: 'Cilium has no such entity',
      alternative: 'use one of all, world, cluster, host, remote-node, kube-apiserver, ingress, health, init, unmanaged, none',
    },
    'cluster-network-policy': {
      reason: 'it cannot name nodes by their role, the API server or other identities',
      alternative: 'state nodeCidrs and apiServerCidrs as facts of the Cluster, or use the cilium dialect',
    },
    'istio': { reason: 'to a mesh callers are identities or addresses', alternative: 'state service accounts, namespaces, or addresses with Peer.cidr(...)' },
  },
  'addresses': {
    'kubernetes': {
      reason: 'this CNI matches address ranges only outside the cluster, never pods',
      alternative: 'say Peer.cidr(...) for addresses outside, and select pods by labels',
    },
    'cilium': {
      reason: 'Cilium matches address ranges only outside the cluster, never pods or nodes',
      alternative: 'say Peer.cidr(...) for addresses outside, and select pods by labels',
    },
    'cluster-network-policy': {
      reason: 'this CNI matches address ranges only outside the cluster, never pods',
      alternative: 'say Peer.cidr(...) for addresses outside, and select pods by labels',
    },
    'istio': { reason: 'to a mesh an address is whoever holds it', alternative: 'say Peer.cidr(...), with podCidrs and nodeCidrs as facts of the Cluster' },
  },
  'label-operator': {
    'kubernetes': { reason: 'label selectors know In, NotIn, Exists and DoesNotExist only', alternative: 'list the values, or use the calico dialect' },
    'cilium': { reason: 'label selectors know In, NotIn, Exists and DoesNotExist only', alternative: 'list the values, or use the calico dialect' },
    'cluster-network-policy': {
      reason: 'label selectors know In, NotIn, Exists and DoesNotExist only',
      alternative: 'list the values, or use the calico dialect',
    },
    'istio': { reason: 'a selector is a list of labels and their values', alternative: 'select by labels that have one value each' },
  },
  'label-not-identity': {
    'cilium': {
      reason: 'Cilium leaves this label out of a pod\'s identity, so a selector on it never matches',
      alternative: 'select by a label of your own, such as app.kubernetes.io/name',
    },
    'cluster-network-policy': {
      reason: 'Cilium leaves this label out of a pod\'s identity, so a selector on it never matches',
      alternative: 'select by a label of your own, such as app.kubernetes.io/name',
    },
  },
  'label-scope': {
    'kubernetes': { reason: 'a peer can test the labels of pods and namespaces only', alternative: 'select by pod or namespace labels' },
    'cilium': { reason: 'a peer can test the labels of pods and namespaces only', alternative: 'select by pod or namespace labels' },
    'calico': { reason: 'this rule cannot test labels of that kind', alternative: 'select by pod, namespace or service account labels' },
    'cluster-network-policy': {
      reason: 'a peer tests the labels of pods with their namespaces, or those of nodes',
      alternative: 'select by pod, namespace or node labels',
    },
    'istio': { reason: 'a mesh knows callers by their service account and namespace, not by labels', alternative: 'name the workload, so that its service account is known, or state Peer.serviceAccount(...)' },
  },
  'namespace-label-key': {
    cilium: {
      reason: 'Cilium prefixes namespace labels, and with the prefix this key is longer than a label key may be',
      alternative: 'select by a namespace label of at most 32 characters, or of the form example.com/name, or by the namespace\'s name',
    },
  },
  'negated-peer': {
    'kubernetes': { reason: 'a peer can only be selected, not excluded', alternative: 'select what is meant, or use except inside a CIDR' },
    'cilium': { reason: 'a peer can only be selected, not excluded', alternative: 'select what is meant, use except inside a CIDR, or a deny rule' },
    'calico': { reason: 'this exclusion has no form in a rule', alternative: 'exclude labels or addresses, or use a deny rule' },
    'cluster-network-policy': {
      reason: 'a peer can only be selected, not excluded',
      alternative: 'select what is meant, use except inside a CIDR, or put a rule of another action before it',
    },
    'istio': { reason: 'this combination of conditions on callers has no form in a source; and who sends plaintext has no identity that could be left out', alternative: 'state who may call' },
  },
  'inside-cluster': {
    'kubernetes': INSIDE_CLUSTER,
    'cilium': INSIDE_CILIUM,
    'calico': INSIDE_CLUSTER,
    'cluster-network-policy': INSIDE_CLUSTER,
    'istio': INSIDE_CLUSTER,
  },
  'several-cidrs': {
    kubernetes: { reason: 'a peer has one address range', alternative: 'state the common part of the ranges' },
    cilium: { reason: 'a peer has one address range', alternative: 'state the common part of the ranges' },
    calico: { reason: 'ranges of one rule are alternatives', alternative: 'state the common part of the ranges' },
    istio: { reason: 'ranges of one source are alternatives', alternative: 'state the common part of the ranges' },
  },
  'protocol': {
    'kubernetes': { reason: 'ports are of TCP, UDP or SCTP', alternative: 'state TCP, UDP or SCTP, or everything with Port.all()' },
    'cilium': {
      reason: 'ports are of TCP, UDP or SCTP, and other protocols need the agent\'s --enable-extended-ip-protocols (VRRP and IGMP since 1.19; GRE, IPIP, IPV6, ESP and AH since 1.20)',
      alternative: 'state TCP, UDP or SCTP, the type of an ICMP message, the fact extendedProtocols, or everything with Port.all()',
    },
    'calico': { reason: 'a rule has one protocol, by name or number', alternative: 'state each protocol' },
    'cluster-network-policy': {
      reason: 'protocols are TCP, UDP and SCTP',
      alternative: 'state TCP, UDP or SCTP, or everything with Port.all()',
    },
    'istio': { reason: 'a mesh sees TCP only', alternative: 'state TCP; other protocols are the network policy\'s' },
  },
  'source-port': { 'kubernetes': NEITHER_SOURCE, 'cilium': NEITHER_SOURCE, 'cluster-network-policy': NEITHER_SOURCE, 'istio': NEITHER_SOURCE },
  'l7': {
    'kubernetes': { reason: 'NetworkPolicy ends at ports', alternative: 'use the cilium dialect' },
    'calico': { reason: 'this rule has layer 7 conditions that the writer does not know', alternative: 'use the cilium dialect' },
    'cilium': {
      reason: 'layer 7 rules are HTTP on TCP, DNS in egress to single ports, and before 1.20 Kafka, in rules that allow',
      alternative: 'state the port without layer 7 conditions',
    },
    'cluster-network-policy': {
      reason: 'ClusterNetworkPolicy ends at ports',
      alternative: 'state the request in a NetworkPolicy of the cilium or calico dialect',
    },
    'istio': { reason: 'it knows conditions on HTTP requests only', alternative: 'state them, or the port only' },
  },
  'own-end': {
    'kubernetes': { reason: 'a rule matches the other end only', alternative: 'narrow the subject of the policy' },
    'cilium': { reason: 'a rule matches the other end only', alternative: 'narrow the subject of the policy' },
    'cluster-network-policy': {
      reason: 'a rule matches the other end only',
      alternative: 'narrow the subject of the policy',
    },
    'istio': { reason: 'a rule matches callers and operations; of the own end only the address', alternative: 'narrow the subject of the policy' },
  },
  'allow-without-isolation': {
    kubernetes: { reason: 'a NetworkPolicy always isolates the pods it selects in the direction of its rules', alternative: 'leave isolate at its default' },
    calico: { reason: 'a tier whose default action is Deny isolates every endpoint that it selects', alternative: 'leave isolate at its default' },
    istio: { reason: 'an ALLOW policy always closes the workloads that it selects to everything else', alternative: 'leave isolate at its default' },
  },
  'isolation-only': {
    'calico': { reason: 'isolation is the default action of a tier', alternative: 'use a tier whose default action is Deny' },
    'cluster-network-policy': {
      reason: 'a ClusterNetworkPolicy isolates nothing: what no rule matches goes on to the policies of namespaces',
      alternative: 'state a last rule that denies, or isolate the pods with DefaultDeny',
    },
  },
  'empty': {
    kubernetes: { reason: 'a policy must isolate in at least one direction', alternative: 'isolate the pods, or leave the policy out' },
    cilium: { reason: 'a policy must say something in at least one direction', alternative: 'isolate the pods, state a rule, or leave the policy out' },
    istio: { reason: 'a policy must allow or deny something that a mesh sees', alternative: 'isolate the pods, state a rule about TCP, or leave the policy out' },
  },
  'subject': {
    'kubernetes': { reason: 'a policy is about pods of its own namespace, selected by labels', alternative: 'state one policy for each namespace and label selector' },
    'cilium': { reason: 'a policy is about pods selected by labels, in a namespaced policy of its own namespace', alternative: 'state one policy for each' },
    'calico': { reason: 'a namespaced policy is about endpoints of its own namespace', alternative: 'state one policy for each namespace' },
    'cluster-network-policy': {
      reason: 'a policy is about pods, selected once by labels of pods and namespaces, in every direction',
      alternative: 'state one policy for each',
    },
    'istio': { reason: 'a policy is about pods of its own namespace, selected by labels', alternative: 'state one policy for each namespace and set of labels' },
  },
  'stage': {
    'kubernetes': { reason: 'NetworkPolicy has no tiers', alternative: 'leave tier and order at their defaults, or use the calico dialect' },
    'cilium': { reason: 'CiliumNetworkPolicy has no tiers and no order', alternative: 'leave tier and order at their defaults, or use the calico dialect' },
    'calico': { reason: 'this stage has no tier', alternative: 'name an existing tier' },
    'cluster-network-policy': {
      reason: 'its tiers stand before and after the policies of namespaces, not among them, and their priorities are bounded',
      alternative: 'state tier security or platform with a priority from 0 to 499, or baseline, or use a NetworkPolicy',
    },
    'istio': { reason: 'AuthorizationPolicy has no tiers and no order', alternative: 'leave tier and order at their defaults' },
  },
  'effects': {
    'kubernetes': { reason: 'a rule has no such field', alternative: 'leave it out' },
    'cilium': {
      reason: 'a policy has a description, labels and log, a rule that allows has authentication, TLS and a listener',
      alternative: 'leave it out',
    },
    'calico': { reason: 'the writer does not know this effect', alternative: 'leave it out' },
    'cluster-network-policy': {
      reason: 'a rule has no such field',
      alternative: 'leave it out',
    },
    'istio': { reason: 'a rule has no such field', alternative: 'leave it out' },
  },
  'reference': {
    'kubernetes': { reason: 'NetworkPolicy has no references', alternative: 'state addresses or labels' },
    'cilium': {
      reason: 'references are to CiliumCIDRGroups, Services (allowed egress only) and groups of AWS',
      alternative: 'state addresses or labels',
    },
    'calico': {
      reason: 'a rule names a Service at the destination of egress or the source of ingress, with nothing beside it, and finds network sets by labels',
      alternative: 'state the Service, or the labels of the sets, in a rule of its own, or addresses',
    },
    'cluster-network-policy': {
      reason: 'it has no references',
      alternative: 'state addresses or labels',
    },
    'istio': { reason: 'AuthorizationPolicy has no references to other objects', alternative: 'state service accounts, namespaces or addresses' },
  },
  'external-action': {
    'kubernetes': { reason: 'rules allow', alternative: 'state allow' },
    'cilium': { reason: 'rules allow or deny', alternative: 'state allow or deny' },
    'calico': { reason: 'rules allow, deny, pass or log', alternative: 'state one of these' },
    'cluster-network-policy': {
      reason: 'rules accept, deny or pass',
      alternative: 'state one of these',
    },
    'istio': { reason: 'a rule of CUSTOM names a provider of the mesh', alternative: 'state allow or deny' },
  },
  'staged': {
    'calico': {
      reason: 'a StagedKubernetesNetworkPolicy previews a NetworkPolicy, and says no more than that',
      alternative: 'use a StagedNetworkPolicy',
    },
    'kubernetes': {
      reason: 'a NetworkPolicy is enforced as soon as it is stored; there is no audit mode',
      alternative: 'test the manifests offline, or use Calico (staged policies), or Cilium\'s audit mode of single endpoints',
    },
    'cilium': {
      reason: 'a CiliumNetworkPolicy has no audit mode: it is a setting of the agent, for all policies of an endpoint, not of an object',
      alternative: 'set it per endpoint while you watch Hubble: kubectl -n kube-system exec ds/cilium -- cilium-dbg endpoint config ENDPOINT_ID PolicyAuditMode=Enabled',
    },
    'cluster-network-policy': {
      reason: 'a ClusterNetworkPolicy is enforced as soon as it is stored; there is no audit mode',
      alternative: 'use Calico\'s staged policies',
    },
    'istio': {
      reason: 'a dry run exists for ALLOW and DENY only',
      alternative: 'leave the mode at its default',
    },
  },
  'tier': {
    'kubernetes': {
      reason: 'NetworkPolicy has no tiers, and no ClusterNetworkPolicy is enforced here',
      alternative: 'where the CNI has it, switch it on and say so with its option clusterNetworkPolicy, such as Cni.kubeNetworkPolicies(version, { clusterNetworkPolicy: true }); or use Calico, or leave tier at its default',
    },
    'cilium': {
      reason: 'before Cilium\'s ClusterNetworkPolicy (1.20, with its flag) a policy of a tier can only deny before all others: it can neither allow nor pass, nor wait for what namespaces say',
      alternative: 'state the fact clusterNetworkPolicy for Cilium 1.20, use only denies in the upper tiers, or use the calico dialect',
    },
    'cluster-network-policy': {
      reason: 'this CNI is not known to enforce policy.networking.k8s.io',
      alternative: 'state the fact clusterNetworkPolicy where the CNI has it (Cilium 1.20 with its flag, Calico 3.32), or use the calico dialect',
    },
  },
  'hook': {
    'calico': {
      reason: 'only a policy for host endpoints of the whole cluster sees packets before connection tracking, before address translation (ingress only) or in forwarding',
      alternative: 'state a cluster policy whose subject is host endpoints, with the same rules for forwarded packets as for others',
    },
    'kubernetes': {
      reason: 'a rule for packets before connection tracking, before address translation or in forwarding exists for host endpoints of Calico only',
      alternative: 'leave it out, or use the calico dialect',
    },
    'cilium': {
      reason: 'a rule for packets before connection tracking, before address translation or in forwarding exists for host endpoints of Calico only',
      alternative: 'leave it out, or use the calico dialect',
    },
    'cluster-network-policy': {
      reason: 'a rule for packets before connection tracking, before address translation or in forwarding exists for host endpoints of Calico only',
      alternative: 'leave it out, or use the calico dialect',
    },
    'istio': {
      reason: 'a rule for packets before connection tracking, before address translation or in forwarding exists for host endpoints of Calico only',
      alternative: 'leave it out, or use the calico dialect',
    },
  },
  'http': {
    'kubernetes': {
      reason: 'NetworkPolicy ends at ports',
      alternative: 'use the cilium or calico dialect, or state the mesh as a fact (AuthorizationPolicy)',
    },
    'calico': {
      reason: 'HTTP rules know methods and paths (exact or prefix), in ingress rules that allow',
      alternative: 'state methods and paths, a prefix together with its path, with Cni.calico(version, { applicationLayerPolicy: true }); for headers, hosts and patterns use the cilium dialect, or state an Istio mesh as a fact (AuthorizationPolicy)',
    },
    'cilium': {
      reason: 'an HTTP rule is a conjunction of method, path, host and headers, in rules that allow',
      alternative: 'state what may pass instead of what may not',
    },
    'cluster-network-policy': {
      reason: 'ClusterNetworkPolicy ends at ports',
      alternative: 'state the request in a NetworkPolicy of the cilium or calico dialect',
    },
    'istio': { reason: 'conditions are exact, a prefix, a suffix or presence, and templates of paths; hosts are in lower case and without a port', alternative: 'state one of these, or use the cilium dialect' },
  },
  'server-name': {
    'kubernetes': {
      reason: 'it does not look into TLS handshakes',
      alternative: 'use the cilium dialect, or state the port only',
    },
    'calico': {
      reason: 'it does not look into TLS handshakes',
      alternative: 'use the cilium dialect, or state the port only',
    },
    'cluster-network-policy': {
      reason: 'it does not look into TLS handshakes',
      alternative: 'use the cilium dialect, or state the port only',
    },
    'istio': {
      reason: 'it does not look into TLS handshakes',
      alternative: 'use the cilium dialect, or state the port only',
    },
    'cilium': {
      reason: 'server names are of TLS over TCP in rules that allow, with wildcards only as the first label before 1.20, and beside HTTP rules only where TLS is terminated',
      alternative: 'state names that the version takes, or the port only',
    },
  },
  'tls': {
    'kubernetes': {
      reason: 'it does not intercept TLS',
      alternative: 'use the cilium dialect',
    },
    'calico': {
      reason: 'it does not intercept TLS',
      alternative: 'use the cilium dialect',
    },
    'cluster-network-policy': {
      reason: 'it does not intercept TLS',
      alternative: 'use the cilium dialect',
    },
    'istio': {
      reason: 'it does not intercept TLS',
      alternative: 'use the cilium dialect',
    },
    'cilium': {
      reason: 'TLS is intercepted on ports, in rules that allow',
      alternative: 'state the ports',
    },
  },
  'listener': {
    'kubernetes': {
      reason: 'it has no Envoy listeners',
      alternative: 'use the cilium dialect',
    },
    'calico': {
      reason: 'it has no Envoy listeners',
      alternative: 'use the cilium dialect',
    },
    'cluster-network-policy': {
      reason: 'it has no Envoy listeners',
      alternative: 'use the cilium dialect',
    },
    'istio': {
      reason: 'it has no Envoy listeners',
      alternative: 'use the cilium dialect',
    },
    'cilium': {
      reason: 'a listener takes the traffic of ports, in egress rules that allow, without layer 7 rules',
      alternative: 'state the ports, or leave the listener out',
    },
  },
  'authentication': {
    'kubernetes': {
      reason: 'NetworkPolicy knows labels and addresses, and proves no identity',
      alternative: 'use the cilium dialect (mutual authentication), or state the mesh as a fact',
    },
    'calico': {
      reason: 'Calico policy proves no identity',
      alternative: 'use the cilium dialect (mutual authentication), or state the mesh as a fact',
    },
    'cluster-network-policy': {
      reason: 'ClusterNetworkPolicy proves no identity',
      alternative: 'use the cilium dialect (mutual authentication), or state the mesh as a fact',
    },
  },
  'principal': {
    'kubernetes': {
      reason: 'mesh identities are known to the mesh only',
      alternative: 'state the service account, or the mesh as a fact',
    },
    'cilium': {
      reason: 'mesh identities are known to the mesh only',
      alternative: 'state the service account, or the mesh as a fact',
    },
    'calico': {
      reason: 'mesh identities are known to the mesh only',
      alternative: 'state the service account, or the mesh as a fact',
    },
    'cluster-network-policy': {
      reason: 'mesh identities are known to the mesh only',
      alternative: 'state the service account, or the mesh as a fact',
    },
    'istio': { reason: 'a mesh knows who has proven an identity, and nobody else', alternative: 'state service accounts or namespaces as what may call, and nothing by where it runs' },
  },
  'cluster': {
    'kubernetes': {
      reason: 'it knows only its own cluster',
      alternative: 'state the addresses of the other cluster with Peer.cidr(...), or use the cilium dialect',
    },
    'calico': {
      reason: 'it knows only its own cluster',
      alternative: 'state the addresses of the other cluster with Peer.cidr(...), or use the cilium dialect',
    },
    'cluster-network-policy': {
      reason: 'it knows only its own cluster',
      alternative: 'state the addresses of the other cluster with Peer.cidr(...), or use the cilium dialect',
    },
    'istio': {
      reason: 'it knows only its own cluster',
      alternative: 'state the addresses of the other cluster with Peer.cidr(...), or use the cilium dialect',
    },
    'cilium': {
      reason: 'a selector names clusters, and before 1.19 one that names none is of every cluster',
      alternative: 'name the cluster, or use Cilium 1.19',
    },
  },
  'node': {
    'kubernetes': {
      reason: 'NetworkPolicy cannot select nodes',
      alternative: 'state nodeCidrs as a fact of the Cluster',
    },
    'calico': {
      reason: 'a rule cannot select nodes by labels, except as host endpoints',
      alternative: 'state nodeCidrs as a fact of the Cluster',
    },
    'istio': {
      reason: 'AuthorizationPolicy cannot select nodes',
      alternative: 'state nodeCidrs as a fact of the Cluster',
    },
    'cluster-network-policy': {
      reason: 'nodes are egress peers of the experimental channel, which not every CNI enforces',
      alternative: 'state nodeCidrs as a fact of the Cluster, or use the cilium dialect',
    },
    'cilium': {
      reason: 'nodes can be told apart by labels only where the agent is told so, for peers and for subjects, and a peer is never the pod\'s own node',
      alternative: 'state the fact nodeSelectorLabels (--enable-node-selector-labels) for peers or hostFirewall for subjects, or use the entities host and remote-node',
    },
  },
  'host-endpoint': {
    'calico': {
      reason: 'a selector of a rule that finds host endpoints finds network sets with the same labels too',
      alternative: 'state both, or the addresses of the hosts',
    },
    'kubernetes': {
      reason: 'host endpoints are Calico\'s',
      alternative: 'use the calico dialect',
    },
    'cilium': {
      reason: 'host endpoints are Calico\'s',
      alternative: 'use the calico dialect',
    },
    'cluster-network-policy': {
      reason: 'host endpoints are Calico\'s',
      alternative: 'use the calico dialect',
    },
    'istio': {
      reason: 'host endpoints are Calico\'s',
      alternative: 'use the calico dialect',
    },
  },
  'fqdn-inside': {
    'cluster-network-policy': {
      reason: 'this is a name of the cluster\'s own DNS, which CNIs take in different ways',
      alternative: 'select the pods by labels',
    },
  },
  'named-port': {
    'cluster-network-policy': {
      reason: 'a port\'s name has no protocol there: it is TCP, UDP and SCTP at once, on pods only, and in v1alpha1 in the experimental channel only',
      alternative: 'state the port\'s number',
    },
  },
  'ingress-from-outside': {
    'cluster-network-policy': {
      reason: 'rules for ingress know pods only: neither addresses, nor nodes, nor everything at once',
      alternative: 'say Peer.namespaces(Namespaces.all()) for every pod, and close the pods to all else with DefaultDeny, or use the calico dialect',
    },
  },
  'any-destination': {
    'cluster-network-policy': {
      reason: 'where the CNI matches no node by its address, no rule says everything at once',
      alternative: 'say Peer.namespaces(Namespaces.all()) and Peer.cidr(...), or set policy-cidr-match-mode of Cilium to "nodes"',
    },
  },
  'limit': {
    'calico': {
      reason: 'since 3.33 the API server takes 1024 rules, 1024 characters of a selector and 256 excluded ranges, and no more',
      alternative: 'state several policies, or fewer alternatives',
    },
    'cluster-network-policy': {
      reason: 'the API has room for a fixed number of rules, and for one BaselineAdminNetworkPolicy, which is called default',
      alternative: 'state smaller policies, with priorities of their own',
    },
  },
  'icmp': {
    'kubernetes': {
      reason: 'it has no ICMP types',
      alternative: 'state Port.all(), or use the cilium or calico dialect',
    },
    'cluster-network-policy': {
      reason: 'it has no ICMP types',
      alternative: 'state Port.all(), or use the cilium or calico dialect',
    },
    'istio': {
      reason: 'it has no ICMP types',
      alternative: 'state Port.all(), or use the cilium or calico dialect',
    },
    'cilium': {
      reason: 'messages of ICMP have a type, and no code and no port',
      alternative: 'state the type only',
    },
  },
  'egress': {
    istio: { reason: 'AuthorizationPolicy judges what comes in, at the workload that is called', alternative: 'state ingress of the other end, or leave egress to the network policy' },
  },
  'port': {
    istio: { reason: 'ports are single numbers', alternative: 'state the numbers, at most 20 in a range' },
  },
};

/** The error for a statement that uses `feature`; `detail` names the value. */
export function refuse(dialect: DialectId, feature: Feature, statement: string, detail?: string): Refusal {
  const why = REFUSALS[feature][dialect];
  if (!why) { throw new Error(`no reason is recorded why ${dialect} refuses ${feature}`); }
  return new Refusal(detail === undefined ? statement : `${statement}: ${detail}`, dialect, why.reason, why.alternative);
}
