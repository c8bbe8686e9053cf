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
  | 'external-action';

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
};

/** The error for a statement that uses `feature`; `detail` names the value. */
export function refuse(dialect: DialectId, feature: Feature, statement: string, detail?: string): Refusal {
  const why = REFUSALS[feature][dialect];
  if (!why) { throw new Error(`no reason is recorded why ${dialect} refuses ${feature}`); }
  return new Refusal(detail === undefined ? statement : `${statement}: ${detail}`, dialect, why.reason, why.alternative);
}
