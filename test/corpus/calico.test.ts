import { testCorpus } from './corpus';
import { Cluster } from './judge';

const CLUSTER: Cluster = {
  dialect: 'calico',
  target: {
    cni: 'calico',
    version: '3.33',
    cidrMatchesPods: true,
    cidrMatchesNodes: true,
    clusterCidrs: [],
    clusterCidrsComplete: false,
    denyTier: 'netpol-deny',
    features: { applicationLayerPolicy: true },
    clusterNetworkPolicy: { version: 'v1alpha2', experimental: false },
  },
  profile: { cidrMatches: ['pod', 'node', 'hostEndpoint', 'addressSet', 'external'] },
};

const tier = (name: string, i: number) => ({ apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name }, spec: { order: 100 + i, defaultAction: 'Deny' } });

/** The tiers that policies name and their file leaves out. */
function tiersOf(documents: readonly any[]): unknown[] {
  const stated = documents.filter(({ kind }) => kind === 'Tier').map(({ metadata }) => metadata.name);
  const named = documents.filter(({ apiVersion }) => apiVersion === 'projectcalico.org/v3').map(({ spec }) => spec?.tier).filter(name => typeof name === 'string' && !/^(default|kube-admin|kube-baseline)$/.test(name));
  return [...new Set<string>(named)].filter(name => !stated.includes(name)).map(tier);
}

testCorpus({
  folder: 'calico-examples',
  cluster: CLUSTER,
  refused: {
    // Fragments, and text of the page that a converter left in a value: schema-invalid upstream.
    'network-policy__get-started__calico-policy__calico-network-policy__L35.yaml': /spec: must be an object, got nothing/,
    'network-policy__get-started__calico-policy__calico-network-policy__L45.yaml': /spec: must be an object, got nothing/,
    'network-policy__policy-rules__icmp-ping__L80.yaml': /icmp\.type: must be a number, got "8 {2}Ping request"/,
    'network-policy__policy-rules__icmp-ping__L108.yaml': /icmp\.type: must be a number, got "3 {2}Destination unreachable"/,
    'network-policy__services__services-cluster-ips__L130.yaml': /spec\.types\[1\]: must be a string, got \{"action":"Allow"/,
    // The schema takes these; Calico's validator refuses them, and Felix runs without the policy.
    'network-policy__services__services-cluster-ips__L73.yaml': /"10\.20\.30\.40\/32 {2}Cluster IP A" is not a CIDR/,
    'network-policy__services__services-cluster-ips__L107.yaml': /"192\.168\.0\.0\/16 {2}Pod CIDR" is not a CIDR/,
    'network-policy__get-started__calico-policy__calico-labels__L15.yaml': /ports that are numbers need a protocol/,
    'network-policy__get-started__calico-policy__calico-labels__L84.yaml': /ports that are numbers need a protocol/,
    'network-policy__services__kubernetes-node-ports__L47.yaml': /"1\.2\.3\.4\/16" has bits set beyond \/16; did you mean "1\.2\.0\.0\/16"/,
    // Placeholders, as INDEX.json says.
    'network-policy__hosts__protect-hosts__L90.yaml': /"<your management CIDR>" is not a CIDR/,
    'reference__host-endpoints__connectivity__L38.yaml': /"<your management CIDR>" is not a CIDR/,
    'network-policy__policy-rules__log-rules__L144.yaml': /namespace "<namespace>" is invalid/,
    'network-policy__policy-rules__log-rules__L119.yaml': /"<log-everything-in-cluster>" is no name of a policy/,
  },
  unparsable: ['networking__configuring__qos-controls__L128.yaml'],
  beside: tiersOf,
  least: { telling: 85, missed: 0.98 },
});
