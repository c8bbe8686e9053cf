import type { CniCell, CniRow, Enforced, Established, PodStart } from './cni-capabilities';

/** What each CNI does, by its name. Every cell names the page or the code that was read for it. */

type More<V> = Omit<CniCell<V>, 'value' | 'source'>;

const cell = <V extends string>(value: V) => (source: string, more: More<V> = {}): CniCell<V> => ({ value, source, ...more });
const YES = cell<Enforced>('yes');
const NO = cell<Enforced>('no');
const NOT_KNOWN = cell<Enforced>('unknown');
const KEPT = cell<Established>('kept');
const CUT = cell<Established>('cut');
const CLOSED = cell<PodStart>('closed');
const OPEN = cell<PodStart>('open');
const START_NOT_KNOWN = cell<PodStart>('unknown');

const NETWORK_POLICY = 'https://kubernetes.io/docs/concepts/services-networking/network-policies/';
const POD_LIFECYCLE = 'https://github.com/kubernetes/website/pull/39875';

/** NetworkPolicy adds up what is allowed, of addresses and ports: nothing denies, nothing has an order, nothing is on trial. */
const ONLY_NETWORK_POLICY = {
  deny: NO(NETWORK_POLICY),
  fqdn: NO(NETWORK_POLICY),
  l7: NO(NETWORK_POLICY),
  order: NO(NETWORK_POLICY),
  staged: NO(NETWORK_POLICY),
};

/** Where policies of tiers are enforced once they are switched on. */
const tiers = (source: string): Pick<CniRow, 'deny' | 'order'> => {
  const switched: More<Enforced> = { withOption: { clusterNetworkPolicy: 'yes' }, note: 'in policies of tiers, where these are switched on' };
  return { deny: NO(source, switched), order: NO(source, switched) };
};

const CILIUM_LANGUAGE = 'https://docs.cilium.io/en/stable/security/policy/language/';
const CILIUM_NETWORK_POLICY = 'https://docs.cilium.io/en/stable/network/kubernetes/policy/';
const CILIUM_PORTS = 'https://docs.cilium.io/en/latest/security/policy/layer4/';
const CILIUM_CONNTRACK = 'https://github.com/cilium/cilium/pull/2700';
const CILIUM_LIFECYCLE = 'https://docs.cilium.io/en/latest/security/policy/lifecycle/';

const CALICO_POLICY = 'https://docs.tigera.io/calico/latest/reference/resources/networkpolicy';

const ANTREA_PIPELINE = 'https://github.com/antrea-io/antrea/blob/main/docs/design/ovs-pipeline.md';
const ANTREA_POLICY = 'https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md';
const ANTREA_TIERS = 'https://antrea.io/docs/main/docs/cluster-network-policy/';
const ANTREA_RULES = 'https://github.com/antrea-io/antrea/blob/main/pkg/agent/controller/networkpolicy/pod_reconciler.go';

const AWS_README = 'https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md';
const AWS_AGENT = 'https://github.com/aws/aws-network-policy-agent/blob/main/README.md';
const AWS_PROGRAM = 'https://github.com/aws/aws-network-policy-agent/blob/main/pkg/ebpf/c/tc.v4ingress.bpf.c';
const AWS_ENDPOINTS = 'https://github.com/aws/aws-network-policy-agent/blob/main/api/v1alpha1/policyendpoints_types.go';
const AWS_USER_GUIDE = 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html';

const AZURE_NPM = 'https://github.com/Azure/azure-container-networking/blob/master/docs/npm.md';
const AZURE_TRANSLATION = 'https://github.com/Azure/azure-container-networking/blob/master/npm/pkg/controlplane/translation/translatePolicy.go';
const AZURE_POLICY = 'https://github.com/Azure/azure-container-networking/blob/master/npm/pkg/dataplane/policies/policy.go';
const AZURE_CHAINS = 'https://github.com/Azure/azure-container-networking/blob/master/npm/pkg/dataplane/policies/chain-management_linux.go';

const GKE_DATAPLANE = 'https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2';
const GKE_NAMES = 'https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies';
const GKE_CLUSTER_WIDE = 'https://cloud.google.com/kubernetes-engine/docs/how-to/configure-cilium-network-policy';
const AS_CILIUM = 'as Cilium, of which it is made';

const OVN_POLICY = 'https://github.com/ovn-org/ovn-kubernetes/blob/master/docs/features/network-security-controls/network-policy.md';
const OVN_RULES = 'https://github.com/ovn-org/ovn-kubernetes/blob/master/go-controller/pkg/ovn/gress_policy.go';
const OVN_MATCHES = 'https://github.com/ovn-org/ovn-kubernetes/blob/master/go-controller/pkg/libovsdb/util/acl.go';
const OVN_TIERS = 'https://ovn-kubernetes.io/features/network-security-controls/admin-network-policy/';
const OVN_NORTHD = 'https://github.com/ovn-org/ovn/blob/main/northd/ovn-northd.8.xml';

const KUBE_OVN_MATCHES = 'https://github.com/kubeovn/kube-ovn/blob/master/pkg/ovs/ovn-nb-acl.go';
const KUBE_OVN_POLICY = 'https://github.com/kubeovn/kube-ovn/blob/master/pkg/controller/network_policy.go';

const KUBE_ROUTER_POLICY = 'https://github.com/cloudnativelabs/kube-router/blob/master/pkg/controllers/netpol/policy.go';
const KUBE_ROUTER_TROUBLE = 'https://github.com/cloudnativelabs/kube-router/blob/master/docs/troubleshoot.md';

const KNP_POLICY = 'https://github.com/kubernetes-sigs/kube-network-policies/blob/main/pkg/networkpolicy/networkpolicy.go';
const KNP_PACKET = 'https://github.com/kubernetes-sigs/kube-network-policies/blob/main/pkg/network/packet.go';
const KNP_FLAGS = 'https://github.com/kubernetes-sigs/kube-network-policies/blob/main/site/content/docs/user/flavors-and-architectures.md';
const KINDNET = 'https://github.com/kubernetes-sigs/kind/blob/main/images/kindnetd/cmd/kindnetd/main.go';

const WEAVE_RULES = 'https://github.com/weaveworks/weave/blob/master/npc/analyser.go';
const WEAVE_RANGES = 'https://github.com/weaveworks/weave/blob/master/npc/ipblock.go';
const WEAVE_PODS = 'https://github.com/weaveworks/weave/blob/master/npc/namespace.go';
const WEAVE_CHAINS = 'https://github.com/weaveworks/weave/blob/master/prog/weave-npc/main.go';

const FLANNEL = 'https://github.com/flannel-io/flannel#networking-details';

/** The evaluation that kindnet shares with kube-network-policies, whose code it is. */
const KNP_RULES = {
  ingress: YES(KNP_POLICY),
  egress: YES(KNP_POLICY),
  endPort: YES(KNP_POLICY),
  sctp: YES(KNP_PACKET),
  namedPorts: YES(KNP_POLICY),
  except: YES(KNP_POLICY),
  ipBlockMatchesPods: YES(KNP_POLICY),
};

export const CNI_TABLE: Readonly<Record<string, CniRow>> = {
  'kubernetes': {
    ...ONLY_NETWORK_POLICY,
    ingress: YES(NETWORK_POLICY),
    egress: YES(NETWORK_POLICY),
    endPort: YES(NETWORK_POLICY),
    sctp: YES(NETWORK_POLICY),
    namedPorts: YES('https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1'),
    except: YES(NETWORK_POLICY),
    ipBlockMatchesPods: YES(NETWORK_POLICY, { note: 'Kubernetes leaves it open, so that it is taken for granted' }),
    establishedConnections: cell<Established>('unknown')(NETWORK_POLICY, { note: 'Kubernetes leaves it open' }),
    podStart: CLOSED(POD_LIFECYCLE, { note: 'what a conformant CNI must do with policies that it knows already' }),
  },
  'cilium': {
    ingress: YES(CILIUM_LANGUAGE),
    egress: YES(CILIUM_LANGUAGE),
    endPort: YES(CILIUM_PORTS),
    sctp: YES('https://docs.cilium.io/en/stable/configuration/sctp/', { note: 'beta, with sctp.enabled=true of the Helm chart' }),
    namedPorts: YES(CILIUM_PORTS),
    except: YES(CILIUM_LANGUAGE),
    ipBlockMatchesPods: NO(CILIUM_NETWORK_POLICY),
    deny: YES(CILIUM_LANGUAGE),
    fqdn: YES(CILIUM_LANGUAGE),
    l7: YES(CILIUM_NETWORK_POLICY),
    order: NO('https://github.com/cilium/cilium/pull/47227', { withOption: { clusterNetworkPolicy: 'yes' }, note: 'in policies of tiers, where these are switched on' }),
    staged: NO(CILIUM_NETWORK_POLICY),
    establishedConnections: CUT(CILIUM_CONNTRACK),
    podStart: CLOSED(CILIUM_LIFECYCLE, { note: 'a pod whose labels are not known yet has the identity init, whose policy is always enforced' }),
  },
  'calico': {
    ingress: YES(CALICO_POLICY),
    egress: YES(CALICO_POLICY),
    endPort: YES(CALICO_POLICY),
    sctp: YES('https://github.com/projectcalico/libcalico-go/pull/1182'),
    namedPorts: YES(CALICO_POLICY),
    except: YES(CALICO_POLICY, { note: 'as notNets' }),
    ipBlockMatchesPods: YES(CALICO_POLICY),
    deny: YES(CALICO_POLICY),
    fqdn: NO(CALICO_POLICY, { note: 'in Calico Enterprise only' }),
    l7: NO('https://docs.tigera.io/calico/latest/network-policy/istio/app-layer-policy', { withOption: { applicationLayerPolicy: 'yes' }, note: 'with application layer policy' }),
    order: YES(CALICO_POLICY),
    staged: YES('https://docs.tigera.io/calico/latest/reference/resources/stagednetworkpolicy'),
    establishedConnections: KEPT('https://github.com/projectcalico/calico/issues/6399'),
    podStart: CLOSED('https://github.com/projectcalico/calico/blob/master/felix/rules/dispatch.go', { note: 'traffic of a pod that is not known yet is dropped' }),
  },
  'antrea': {
    ...ONLY_NETWORK_POLICY,
    ...tiers(ANTREA_TIERS),
    ingress: YES(ANTREA_PIPELINE),
    egress: YES(ANTREA_PIPELINE),
    endPort: YES('https://github.com/antrea-io/antrea/blob/main/CHANGELOG/CHANGELOG-1.1.md'),
    sctp: YES('https://github.com/antrea-io/antrea/blob/main/pkg/agent/openflow/network_policy.go'),
    namedPorts: YES('https://github.com/antrea-io/antrea/blob/main/CHANGELOG/CHANGELOG-0.x.md'),
    except: YES(ANTREA_RULES),
    ipBlockMatchesPods: YES(ANTREA_RULES),
    fqdn: NO(ANTREA_TIERS, { note: 'in policies of tiers from 2.7, and in its own kinds, which are not written' }),
    l7: NO(ANTREA_POLICY, { note: 'in its own kinds, which are not written' }),
    establishedConnections: KEPT(ANTREA_POLICY),
    podStart: START_NOT_KNOWN('https://github.com/antrea-io/antrea/issues/197', { note: 'the pod network waits for policies when the agent starts; a window after the start of a pod was reported and closed as a bug' }),
  },
  'aws-vpc': {
    ...ONLY_NETWORK_POLICY,
    ingress: YES(AWS_AGENT),
    egress: YES(AWS_AGENT),
    endPort: YES(AWS_ENDPOINTS),
    sctp: YES(AWS_PROGRAM),
    namedPorts: NO('https://github.com/aws/amazon-network-policy-controller-k8s/issues/81', { leavesOpen: 'peers', note: 'a name in an ingress rule is looked up on the pods that connect' }),
    except: YES(AWS_ENDPOINTS),
    ipBlockMatchesPods: YES(AWS_PROGRAM),
    deny: NO(AWS_USER_GUIDE, { note: 'in kinds of networking.k8s.aws, which are not written' }),
    fqdn: NO(AWS_ENDPOINTS, { note: 'in kinds of networking.k8s.aws, which are not written' }),
    establishedConnections: CUT(AWS_README, { note: 'the next packet that goes out is judged; replies to a connection of the time before are let through' }),
    podStart: OPEN(AWS_README, {
      withOption: { strict: 'closed' },
      note: 'closed where NETWORK_POLICY_ENFORCING_MODE is "strict" (v1.17.1 and later)',
      instead: 'state Cni.awsVpc({ mode: AwsVpcMode.STRICT }) where NETWORK_POLICY_ENFORCING_MODE of the CNI is "strict"',
    }),
  },
  'azure': {
    ...ONLY_NETWORK_POLICY,
    ingress: YES(AZURE_NPM),
    egress: YES(AZURE_NPM),
    endPort: YES(AZURE_TRANSLATION),
    sctp: NOT_KNOWN(AZURE_POLICY, { withOption: { windows: 'no' }, note: 'not fully tested, says its code; refused on Windows' }),
    namedPorts: YES(AZURE_TRANSLATION, { withOption: { windows: 'no' }, note: 'not on Windows' }),
    except: YES(AZURE_TRANSLATION, { withOption: { windows: 'no' }, note: 'not on Windows' }),
    ipBlockMatchesPods: YES(AZURE_TRANSLATION),
    establishedConnections: KEPT(AZURE_CHAINS, { note: 'only new connections are judged' }),
    podStart: OPEN('https://github.com/Azure/AKS/issues/2996', { instead: 'migrate to Azure CNI powered by Cilium, which is Cni.cilium(...)' }),
  },
  'gke-dataplane-v2': {
    ...ONLY_NETWORK_POLICY,
    ingress: YES(GKE_DATAPLANE),
    egress: YES(GKE_DATAPLANE),
    endPort: NOT_KNOWN('https://github.com/cilium/cilium/issues/28684', { leavesOpen: 'ports', note: 'older Cilium ignores it, and which release this is made of is not said' }),
    sctp: NOT_KNOWN(GKE_DATAPLANE, { note: 'Cilium needs a switch for it' }),
    namedPorts: YES(GKE_DATAPLANE, { note: AS_CILIUM }),
    except: YES(GKE_DATAPLANE, { note: AS_CILIUM }),
    ipBlockMatchesPods: NO(GKE_DATAPLANE, { note: AS_CILIUM }),
    deny: NO(GKE_CLUSTER_WIDE, { note: 'in CiliumClusterwideNetworkPolicy, which is not written for it' }),
    fqdn: NO(GKE_NAMES, { note: 'in FQDNNetworkPolicy, which is not written' }),
    l7: NO(GKE_CLUSTER_WIDE),
    establishedConnections: CUT(GKE_DATAPLANE, { note: AS_CILIUM }),
    podStart: CLOSED(GKE_DATAPLANE, { note: AS_CILIUM }),
  },
  'ovn-kubernetes': {
    ...ONLY_NETWORK_POLICY,
    ...tiers(OVN_TIERS),
    ingress: YES(OVN_POLICY),
    egress: YES(OVN_POLICY),
    endPort: YES(OVN_RULES),
    sctp: YES(OVN_MATCHES),
    namedPorts: NO(OVN_RULES, { leavesOpen: 'protocol', note: 'a name opens every port of its protocol' }),
    except: YES(OVN_POLICY),
    ipBlockMatchesPods: YES(OVN_POLICY),
    establishedConnections: CUT(OVN_NORTHD),
    podStart: START_NOT_KNOWN(OVN_POLICY, { note: 'a pod is added to the groups that close it by another handler than the one that connects it' }),
  },
  'kube-router': {
    ...ONLY_NETWORK_POLICY,
    ingress: YES(KUBE_ROUTER_POLICY),
    egress: YES(KUBE_ROUTER_POLICY),
    endPort: YES(KUBE_ROUTER_POLICY),
    sctp: YES('https://github.com/cloudnativelabs/kube-router/blob/master/pkg/controllers/netpol/network_policy_controller_test.go'),
    namedPorts: YES(KUBE_ROUTER_POLICY),
    except: YES('https://github.com/cloudnativelabs/kube-router/blob/master/pkg/controllers/netpol/comments.go'),
    ipBlockMatchesPods: YES(KUBE_ROUTER_POLICY),
    establishedConnections: KEPT(KUBE_ROUTER_TROUBLE),
    podStart: OPEN(KUBE_ROUTER_TROUBLE, {
      withOption: { defaultDeny: 'closed' },
      note: 'closed with --netpol-default-deny (2.10 and later)',
      instead: 'state Cni.kubeRouter({ defaultDeny: true }) where kube-router runs with --netpol-default-deny=true',
    }),
  },
  'kindnet': {
    ...ONLY_NETWORK_POLICY,
    ...KNP_RULES,
    establishedConnections: KEPT(KINDNET, { note: 'the strict mode of the code that it is made of is not switched on' }),
    podStart: OPEN(KINDNET, { note: 'packets of a pod are judged once its address is known from the API server' }),
  },
  'weave': {
    ...ONLY_NETWORK_POLICY,
    ingress: YES(WEAVE_RULES),
    egress: YES(WEAVE_RULES),
    endPort: NO(WEAVE_RULES, { leavesOpen: 'ports', note: 'only the first port of the range is allowed' }),
    sctp: NOT_KNOWN(WEAVE_RULES, { note: 'the protocol goes to iptables as it is written' }),
    namedPorts: NO(WEAVE_RULES, { note: 'the whole policy is refused by the controller, and not enforced' }),
    except: YES(WEAVE_RANGES),
    ipBlockMatchesPods: YES(WEAVE_RANGES),
    establishedConnections: KEPT(WEAVE_CHAINS),
    podStart: CLOSED(WEAVE_PODS, { note: 'a pod passes nothing before the controller knows its address' }),
  },
  'flannel': {
    ingress: NO(FLANNEL),
    egress: NO(FLANNEL),
    endPort: NO(FLANNEL),
    sctp: NO(FLANNEL),
    namedPorts: NO(FLANNEL),
    except: NO(FLANNEL),
    ipBlockMatchesPods: NO(FLANNEL),
    deny: NO(FLANNEL),
    fqdn: NO(FLANNEL),
    l7: NO(FLANNEL),
    order: NO(FLANNEL),
    staged: NO(FLANNEL),
    establishedConnections: KEPT(FLANNEL),
    podStart: OPEN(FLANNEL),
  },
  'kube-ovn': {
    ...ONLY_NETWORK_POLICY,
    ...tiers('https://network-policy-api.sigs.k8s.io/implementations/'),
    ingress: YES(KUBE_OVN_POLICY),
    egress: YES(KUBE_OVN_POLICY),
    endPort: YES(KUBE_OVN_MATCHES),
    sctp: YES(KUBE_OVN_MATCHES),
    namedPorts: YES(KUBE_OVN_MATCHES),
    except: YES(KUBE_OVN_POLICY),
    ipBlockMatchesPods: YES(KUBE_OVN_POLICY),
    establishedConnections: CUT(OVN_NORTHD),
    podStart: START_NOT_KNOWN('https://github.com/kubeovn/kube-ovn/issues/2285', { note: 'a window after the start of a pod was reported, and closed as a bug' }),
  },
  'kube-network-policies': {
    ...ONLY_NETWORK_POLICY,
    ...tiers('https://github.com/kubernetes-sigs/kube-network-policies#readme'),
    ...KNP_RULES,
    establishedConnections: CUT(KNP_FLAGS, { since: '1.0', note: 'unless --strict-mode is switched off' }),
    podStart: START_NOT_KNOWN(KNP_FLAGS, { note: 'NRI, where the container runtime has it, tells of a pod before it starts' }),
  },
};
