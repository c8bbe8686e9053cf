import { document, testRows } from './table';

const np = document('networking.k8s.io/v1', 'NetworkPolicy');

/** Closes ingress of every pod of shop save what stands in `rules`. */
const ingress = (rules: string): string => np(`podSelector: {}\npolicyTypes: [Ingress]\ningress: ${rules}`);
const egress = (rules: string): string => np(`podSelector: {}\npolicyTypes: [Egress]\negress: ${rules}`);

describe('who is isolated', () => {
  testRows('kubernetes', [
    ['without a policy everything passes', '', { allowed: ['web -> api TCP 80', 'web -> db TCP 5432', '203.0.113.7 -> web TCP 80', 'web -> 203.0.113.7 UDP 53', 'web -> api ICMP 8', 'web -> api 47'] }],
    ['a policy without policyTypes and rules closes ingress, and leaves egress open', np('podSelector: {}'), {
      denied: ['api -> web TCP 80', '203.0.113.7 -> web TCP 80'], allowed: ['web -> db TCP 5432', 'web -> 203.0.113.7 TCP 443'],
    }],
    ['without policyTypes an egress rule closes egress too', np('podSelector: {}\negress: [{to: [{podSelector: {}}]}]'), {
      denied: ['web -> 203.0.113.7 TCP 443', 'api -> web TCP 80'], allowed: ['db -> tool TCP 80'],
    }],
    ['without policyTypes an empty list of egress rules closes nothing', np('podSelector: {}\negress: []'), { allowed: ['web -> 203.0.113.7 TCP 443'], denied: ['db -> web TCP 80'] }],
    ['an empty list of policyTypes is as none', np('podSelector: {}\npolicyTypes: []\negress: [{}]'), { denied: ['api -> web TCP 80'], allowed: ['web -> 203.0.113.7 TCP 443'] }],
    ['policyTypes Egress leaves ingress open, and its rules are not looked at', np('podSelector: {}\npolicyTypes: [Egress]\ningress: [{from: [{podSelector: {}}]}]'), {
      allowed: ['db -> web TCP 80'], denied: ['web -> api TCP 80'],
    }],
    ['policyTypes Ingress leaves egress open, and its rules are not looked at', np('podSelector: {}\npolicyTypes: [Ingress]\negress: [{to: [{podSelector: {}}]}]'), {
      allowed: ['web -> db TCP 5432'], denied: ['db -> web TCP 80'],
    }],
    ['a policy is about the pods of its namespace alone', np('podSelector: {matchLabels: {app: api}}'), { denied: ['web -> api TCP 80'], allowed: ['web -> tool TCP 80', 'api -> web TCP 80'] }],
    ['a pod that no podSelector selects stays open', np('podSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}'), { allowed: ['api -> web TCP 80'], denied: ['web -> api TCP 80'] }],
    ['a flow needs egress at its source and ingress at its destination', `${egress('[{}]')}${np('podSelector: {}', { namespace: 'data' })}`, { denied: ['web -> db TCP 5432'], allowed: ['web -> api TCP 80'] }],
    ['policies add up', `${ingress('[{from: [{podSelector: {matchLabels: {app: api}}}]}]')}${ingress('[{from: [{namespaceSelector: {matchLabels: {team: blue}}}]}]')}`, {
      allowed: ['api -> web TCP 80', 'db -> web TCP 80'], denied: ['dns -> web TCP 80', '203.0.113.7 -> web TCP 80'],
    }],
    ['what closes everything does not take back what another policy allows', `${np('podSelector: {}')}${ingress('[{from: [{podSelector: {}}]}]')}`, { allowed: ['api -> web TCP 80'], denied: ['db -> web TCP 80'] }],
    ['what a pod sends to itself is not stopped', np('podSelector: {}\npolicyTypes: [Ingress, Egress]'), { allowed: ['web -> web TCP 8080'], denied: ['web -> api TCP 80'] }],
    ['a pod in the network of its node is not selected', np('podSelector: {}\npolicyTypes: [Ingress, Egress]'), { allowed: ['agent -> db TCP 5432', 'db -> agent TCP 80'] }],
  ]);
});

describe('peers', () => {
  const toWeb = ['api -> web TCP 80', 'db -> web TCP 80', '203.0.113.7 -> web TCP 80'];
  testRows('kubernetes', [
    ['a rule without from is everybody', ingress('[{}]'), { allowed: toWeb }],
    ['an empty from is everybody', ingress('[{from: []}]'), { allowed: toWeb }],
    ['no rule is nobody', ingress('[]'), { denied: toWeb }],
    ['a podSelector is of the own namespace', ingress('[{from: [{podSelector: {matchLabels: {app: api}}}]}]'), { allowed: ['api -> web TCP 80'], denied: ['tool -> web TCP 80', '203.0.113.7 -> web TCP 80'] }],
    ['an empty podSelector is every pod of the own namespace', ingress('[{from: [{podSelector: {}}]}]'), { allowed: ['api -> web TCP 80'], denied: ['db -> web TCP 80', '203.0.113.7 -> web TCP 80'] }],
    ['an empty namespaceSelector is every pod, and nobody outside', ingress('[{from: [{namespaceSelector: {}}]}]'), { allowed: ['api -> web TCP 80', 'db -> web TCP 80'], denied: ['203.0.113.7 -> web TCP 80'] }],
    ['both selectors of one peer must match', ingress('[{from: [{namespaceSelector: {matchLabels: {team: blue}}, podSelector: {matchLabels: {app: api}}}]}]'), {
      allowed: ['tool -> web TCP 80'], denied: ['db -> web TCP 80', 'api -> web TCP 80'],
    }],
    ['two peers are alternatives', ingress('[{from: [{namespaceSelector: {matchLabels: {team: blue}}}, {podSelector: {matchLabels: {app: api}}}]}]'), {
      allowed: ['tool -> web TCP 80', 'db -> web TCP 80', 'api -> web TCP 80'], denied: ['dns -> web TCP 80'],
    }],
    ['every namespace has its name as a label', ingress('[{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]}]'), { allowed: ['dns -> web TCP 80'], denied: ['db -> web TCP 80'] }],
    ['In is one of the values, and never of an absent label', ingress('[{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: In, values: [green, blue]}]}}]}]'), {
      allowed: ['db -> web TCP 80'], denied: ['api -> web TCP 80', 'dns -> web TCP 80'],
    }],
    ['NotIn holds of an absent label, and of no address', ingress('[{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [blue]}]}}]}]'), {
      allowed: ['dns -> web TCP 80', 'api -> web TCP 80'], denied: ['db -> web TCP 80', '203.0.113.7 -> web TCP 80'],
    }],
    ['Exists and DoesNotExist ask for the key', ingress('[{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: Exists}, {key: audited, operator: DoesNotExist}]}}]}]'), {
      allowed: ['api -> web TCP 80'], denied: ['db -> web TCP 80', 'dns -> web TCP 80'],
    }],
    ['selectors select no pod in the network of its node', ingress('[{from: [{podSelector: {matchLabels: {app: web}}}]}]'), { denied: ['agent -> api TCP 80'], allowed: ['web -> api TCP 80'] }],
    ['what comes from the own node of a pod is not stopped', ingress('[]'), { allowed: ['agent -> web TCP 80'], denied: ['agent -> api TCP 80'] }],
  ]);
});

describe('addresses', () => {
  testRows('kubernetes', [
    ['an ipBlock is its addresses', egress('[{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]'), { allowed: ['web -> 203.0.113.0 TCP 443', 'web -> 203.0.113.255 TCP 443'], denied: ['web -> 203.0.112.255 TCP 443', 'web -> 203.0.114.0 TCP 443'] }],
    ['except is a hole', egress('[{to: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.64/26]}}]}]'), {
      allowed: ['web -> 203.0.113.63 TCP 443', 'web -> 203.0.113.128 TCP 443'], denied: ['web -> 203.0.113.64 TCP 443', 'web -> 203.0.113.127 TCP 443'],
    }],
    ['another block fills the hole', egress('[{to: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.64/26]}}, {ipBlock: {cidr: 203.0.113.80/32}}]}]'), {
      allowed: ['web -> 203.0.113.80 TCP 443'], denied: ['web -> 203.0.113.81 TCP 443'],
    }],
    ['IPv4 is no IPv6', egress('[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]'), { allowed: ['web -> 203.0.113.7 TCP 443'], denied: ['web6 -> 2001:db8::7 TCP 443', 'web6 -> api6 TCP 80'] }],
    ['an IPv6 block with a hole', egress('[{to: [{ipBlock: {cidr: "2001:db8::/32", except: ["2001:db8:1::/48"]}}]}]'), { allowed: ['web6 -> 2001:db8::7 TCP 443'], denied: ['web6 -> 2001:db8:1::7 TCP 443', 'web -> 203.0.113.7 TCP 443'] }],
    ['a block of addresses of pods is these pods', egress('[{to: [{ipBlock: {cidr: 10.244.0.2/32}}]}]'), { allowed: ['web -> api TCP 80'], denied: ['web -> db TCP 5432'] }],
    ['on Cilium a block is no pod', egress('[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]'), { denied: ['web -> api TCP 80'], allowed: ['web -> 203.0.113.7 TCP 443'] }, { cni: 'cilium' }],
    ['on Calico a block is these pods too', egress('[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]'), { allowed: ['web -> api TCP 80', 'web -> 203.0.113.7 TCP 443'] }, { cni: 'calico' }],
    ['of ingress it is the source', ingress('[{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]'), { allowed: ['203.0.113.7 -> web TCP 80'], denied: ['198.51.100.7 -> web TCP 80', 'api -> web TCP 80'] }],
  ]);
});

describe('ports', () => {
  testRows('kubernetes', [
    ['a port without a protocol is of TCP', ingress('[{ports: [{port: 80}]}]'), { allowed: ['web -> api TCP 80'], denied: ['web -> api UDP 80', 'web -> api TCP 81', 'web -> api SCTP 80', 'web -> api ICMP 8'] }],
    ['a protocol without a port is all of it', ingress('[{ports: [{protocol: UDP}]}]'), { allowed: ['web -> api UDP 1', 'web -> api UDP 65535'], denied: ['web -> api TCP 1'] }],
    ['an entry without both is all of TCP', ingress('[{ports: [{}]}]'), { allowed: ['web -> api TCP 1'], denied: ['web -> api UDP 1'] }],
    ['an empty list of ports is everything', ingress('[{ports: []}]'), { allowed: ['web -> api UDP 1', 'web -> api ICMP 8', 'web -> api 47'] }],
    ['endPort is the last one', ingress('[{ports: [{port: 8080, endPort: 8090}]}]'), { allowed: ['web -> api TCP 8080', 'web -> api TCP 8090'], denied: ['web -> api TCP 8079', 'web -> api TCP 8091', 'web -> api UDP 8085'] }],
    ['SCTP is a protocol', ingress('[{ports: [{port: 7000, protocol: SCTP}]}]'), { allowed: ['web -> api SCTP 7000'], denied: ['web -> api TCP 7000'] }],
    ['a named port is that of the pod that is selected', ingress('[{ports: [{port: http}]}]'), { allowed: ['web -> api TCP 80', 'api -> web TCP 8080'], denied: ['web -> api TCP 8080', 'api -> web TCP 80'] }],
    ['at egress it is that of the destination', egress('[{ports: [{port: http}]}]'), { allowed: ['web -> api TCP 80', 'api -> web TCP 8080'], denied: ['web -> api TCP 8080', 'web -> 203.0.113.7 TCP 80'] }],
    ['a named port must be of the protocol', ingress('[{ports: [{port: stats}]}]'), { denied: ['web -> api TCP 9000', 'web -> api UDP 9000'] }],
    ['a named port of UDP', ingress('[{ports: [{port: stats, protocol: UDP}]}]'), { allowed: ['web -> api UDP 9000'], denied: ['web -> api TCP 9000', 'api -> web UDP 9000'] }],
    ['peers and ports of a rule must both match', ingress('[{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]'), { allowed: ['web -> api TCP 80'], denied: ['web -> api TCP 81', 'db -> api TCP 80'] }],
    ['rules are alternatives', ingress('[{from: [{podSelector: {matchLabels: {app: web}}}]}, {ports: [{port: 80}]}]'), { allowed: ['web -> api TCP 81', 'db -> api TCP 80'], denied: ['db -> api TCP 81'] }],
    ['between IPv6 addresses all is the same', ingress('[{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]'), { allowed: ['web6 -> api6 TCP 80'], denied: ['web6 -> api6 TCP 81', 'api6 -> web6 TCP 80'] }],
  ]);
});

const cnp = document('policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy');
const admin = (rules: string, tier = 'Admin', priority = 10): string =>
  cnp(`tier: ${tier}\npriority: ${priority}\nsubject: {pods: {namespaceSelector: {matchLabels: {team: red}}, podSelector: {matchLabels: {app: api}}}}\ningress: ${rules}`, { namespace: '' });

describe('tiers', () => {
  const fromWeb = '{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}';
  testRows('kubernetes', [
    ['the Admin tier denies what policies of namespaces allow', `${admin(`[{action: Deny, from: [${fromWeb}]}]`)}${ingress('[{}]')}`, { denied: ['web -> api TCP 80'], allowed: ['db -> api TCP 80'] }],
    ['the Admin tier allows what policies of namespaces do not', `${admin(`[{action: Accept, from: [${fromWeb}]}]`)}${ingress('[]')}`, { allowed: ['web -> api TCP 80'], denied: ['db -> api TCP 80'] }],
    ['Pass leaves it to the policies of namespaces', `${admin(`[{action: Pass, from: [${fromWeb}]}, {action: Deny, from: [{namespaces: {}}]}]`)}${ingress('[{}]')}`, { allowed: ['web -> api TCP 80'], denied: ['db -> api TCP 80'] }],
    ['the lower priority is first', `${admin(`[{action: Accept, from: [${fromWeb}]}]`, 'Admin', 1)}${admin('[{action: Deny, from: [{namespaces: {}}]}]', 'Admin', 2)}`, { allowed: ['web -> api TCP 80'], denied: ['db -> api TCP 80'] }],
    ['the first rule that matches decides', admin(`[{action: Accept, from: [${fromWeb}]}, {action: Deny, from: [{namespaces: {}}]}]`), { allowed: ['web -> api TCP 80'], denied: ['db -> api TCP 80'] }],
    ['the Baseline tier is asked where no policy of the namespace isolates', admin('[{action: Deny, from: [{namespaces: {}}]}]', 'Baseline'), { denied: ['web -> api TCP 80'], allowed: ['203.0.113.7 -> api TCP 80'] }],
    ['and is not where one does', `${admin('[{action: Deny, from: [{namespaces: {}}]}]', 'Baseline')}${ingress('[{}]')}`, { allowed: ['web -> api TCP 80'] }],
  ]);
});

