/** Where a mistake of the tutorials is held. */
export interface Listed {
  /** What is wrong, in a few words. */
  readonly mistake: string;
  /** The tests of this folder that hold it: what is written, what is read, the manifests themselves, the facts about CNIs, and the pages. */
  readonly here?: readonly ('written' | 'read' | 'examples' | 'facts' | 'docs')[];
  /** The capability that will hold it, or holds the rest of it, where it is not about manifests; and its stage. */
  readonly later?: string;
}

/** Every mistake by its number; mistakes.test.ts looks whether the tests are there. */
export const MISTAKES: Readonly<Record<number, Listed>> = {
  1: { mistake: 'Calico ports without a protocol', here: ['written', 'read', 'examples'] },
  2: { mistake: 'TLS as a protocol of Calico', here: ['written', 'read', 'examples'] },
  3: { mistake: 'domain names in Calico', here: ['written', 'read', 'examples'] },
  4: { mistake: 'a Cilium port outside its list, and fields that there are not', here: ['written', 'read', 'examples'] },
  5: { mistake: 'headers as one text', here: ['written', 'read'] },
  6: { mistake: 'two list items taken for one peer', here: ['written', 'read', 'examples'] },
  7: { mistake: 'an annotation taken for an audit mode', here: ['written', 'read'] },
  8: { mistake: 'the metadata address of another cloud', here: ['written', 'read', 'examples'] },
  9: { mistake: 'kube-system closed, and with it DNS', here: ['written', 'read', 'examples'], later: 'lint of what isolates the DNS, webhooks or APIServices of the cluster (stage 6)' },
  10: { mistake: 'one file with a namespace, applied to others', here: ['written', 'examples'] },
  11: { mistake: 'add-ons taken for applications', here: ['written', 'examples'] },
  12: { mistake: 'ingress without the egress at the other end', here: ['written', 'read', 'examples'] },
  13: { mistake: 'egress isolated without DNS', here: ['written', 'read', 'examples'] },
  14: { mistake: 'DNS over one protocol', here: ['written', 'read', 'examples'] },
  15: { mistake: 'DNS taken to be kube-system, and two items for one', here: ['written', 'read', 'examples'] },
  16: { mistake: 'every namespace taken for the internet', here: ['written', 'read', 'examples'] },
  17: { mistake: 'no peers taken for nobody', here: ['written', 'read'] },
  18: { mistake: 'a pattern that is believed to leave out a path', here: ['written', 'read', 'examples'], later: 'lint of patterns by what they contain (stage 6)' },
  19: { mistake: 'a policy called deny that allows, and rules for requests without TCP', here: ['written', 'read', 'examples'], later: 'lint of names that say deny (stage 6)' },
  20: { mistake: 'a trailing Deny that voids other policies', here: ['written', 'read', 'examples'], later: 'lint of a catch-all Deny before order 1000 (stage 6)' },
  21: { mistake: 'DNS to anybody', here: ['written', 'read', 'examples'], later: 'lint of DNS as a way out (stage 6)' },
  22: { mistake: 'labels that nobody sets on namespaces', here: ['written', 'read', 'examples'] },
  23: { mistake: 'the label of a namespace looked for on pods', here: ['written', 'read'] },
  24: { mistake: 'service accounts of Calico as a list', here: ['written', 'read', 'examples'] },
  25: { mistake: 'questions to DNS taken for connections', here: ['written', 'read', 'examples'] },
  26: { mistake: 'a kind of SPIRE that does not exist', here: ['written', 'examples'] },
  27: { mistake: 'a SPIFFE ID as a label', here: ['written', 'read', 'examples'] },
  28: { mistake: 'commands that do not exist', here: ['docs'] },
  29: { mistake: 'a filter of agent output that matches nothing', here: ['docs'] },
  30: { mistake: 'private ranges taken for all that is not the internet', here: ['written', 'read', 'examples'] },
  31: { mistake: 'an alert on a reason that is never reported', later: 'PolicyDropAlerts, with the settings of the CNI as facts (stage 7)' },
  32: { mistake: 'a test script that counts failures as passes', later: 'probes with a control, and inconclusive results that fail (stage 7)' },
  33: { mistake: 'test pods that take live traffic', later: 'probes that are never ready (stage 7)' },
  34: { mistake: 'a test from a pod that its own policies stop', here: ['read'], later: 'probes in the labels of the real source, with a control (stage 7)' },
  35: { mistake: 'the port of Prometheus taken for that of its targets', here: ['written', 'examples'] },
  36: { mistake: 'everything but one address, beside other policies', here: ['written', 'read', 'examples'] },
  37: { mistake: 'egress for replies', here: ['written', 'read'] },
  38: { mistake: 'an order among NetworkPolicies', here: ['read'] },
  39: { mistake: 'what happens to connections that stand', here: ['facts', 'docs'], later: '`rollout plan` says which flows survive a change (stage 7)' },
  40: { mistake: 'what policies do to the host network', here: ['written', 'read', 'docs'] },
  41: { mistake: 'a rule for the kubelet', here: ['written', 'read', 'docs'] },
  42: { mistake: 'a table of CNIs from hearsay', here: ['facts'] },
  43: { mistake: 'requirements of PCI DSS by the wrong numbers', later: 'compliance report (stage 6)' },
  44: { mistake: 'empty selectors as a rule or as a ban', here: ['written'] },
  45: { mistake: 'Pod Security Policies, which are gone', here: ['written'] },
  46: { mistake: 'YAML that lost its indentation', here: ['read'] },
  47: { mistake: 'a policy without a namespace', here: ['written', 'read', 'examples'] },
  48: { mistake: 'a download without version or checksum', here: ['docs'], later: 'pinned probe images and tools (stage 7)' },
  49: { mistake: 'identifiers of clouds that do not exist', later: 'nothing to do: none of them is about policies; outputs for Security Hub (stage 7)' },
};
