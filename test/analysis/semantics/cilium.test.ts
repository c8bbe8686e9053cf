import { document, Row, testRows } from './table';

const cnp = document('cilium.io/v2', 'CiliumNetworkPolicy');
const clusterwide = document('cilium.io/v2', 'CiliumClusterwideNetworkPolicy');
const ccnp = (spec: string): string => clusterwide(spec, { namespace: '' });
const np = document('networking.k8s.io/v1', 'NetworkPolicy');

const ingress = (items: string, more = ''): string => cnp(`endpointSelector: {}\ningress: ${items}${more}`);
const egress = (items: string, more = ''): string => cnp(`endpointSelector: {}\negress: ${items}${more}`);
const from = (selector: string): string => ingress(`[{fromEndpoints: [${selector}]}]`);

const group = (title: string, rows: readonly Row[]): void => describe(title, () => testRows('cilium', rows));

group('default deny', [
  ['without a policy everything passes', '', { allowed: ['web -> api TCP 80', '203.0.113.7 -> web TCP 80', 'web -> 203.0.113.7 TCP 443'] }],
  ['an ingress item closes ingress alone', from('{}'), { denied: ['db -> web TCP 80'], allowed: ['api -> web TCP 80', 'web -> db TCP 5432'] }],
  ['an item that says nothing closes its direction', ingress('[{}]'), { denied: ['api -> web TCP 80', '203.0.113.7 -> web TCP 80'], allowed: ['web -> 203.0.113.7 TCP 443'] }],
  ['items that deny close their direction too', cnp('endpointSelector: {}\ningressDeny: [{fromEndpoints: [{matchLabels: {app: api}}]}]'), { denied: ['api -> web TCP 80', 'db -> web TCP 80'], allowed: ['web -> db TCP 5432'] }],
  ['unless the policy says that it does not', cnp('endpointSelector: {}\ningressDeny: [{fromEndpoints: [{matchLabels: {app: api}}]}]\nenableDefaultDeny: {ingress: false}'), {
    denied: ['api -> web TCP 80'], allowed: ['db -> web TCP 80'],
  }],
  ['a policy that closes nothing allows nothing that is closed otherwise', `${ingress('[{fromEndpoints: [{matchLabels: {app: api}}]}]', '\nenableDefaultDeny: {ingress: false}')}`, { allowed: ['api -> web TCP 80', 'db -> web TCP 80'] }],
  ['its rules count where another policy closes the direction', `${ingress('[{fromEndpoints: [{matchLabels: {app: api}}]}]', '\nenableDefaultDeny: {ingress: false}')}${ingress('[{}]')}`, {
    allowed: ['api -> web TCP 80'], denied: ['db -> web TCP 80'],
  }],
  ['enableDefaultDeny without an item of its direction closes nothing', egress('[{}]', '\nenableDefaultDeny: {ingress: true}'), { allowed: ['db -> web TCP 80'], denied: ['web -> db TCP 5432'] }],
  ['what comes from the own node passes where nothing denies it', ingress('[{}]'), { allowed: ['agent -> web TCP 80'], denied: ['agent -> api TCP 80'] }],
  ['and does not where it is denied', cnp('endpointSelector: {}\ningressDeny: [{fromEntities: [host]}]'), { denied: ['agent -> web TCP 80'] }],
  ['the specs of one policy add up', '---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: specs, namespace: shop}\nspecs:\n- {endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {app: api}}]}]}\n- {endpointSelector: {}, ingress: [{fromEntities: [world]}]}', {
    allowed: ['api -> web TCP 80', '203.0.113.7 -> web TCP 80'], denied: ['db -> web TCP 80'],
  }],
]);

group('deny before allow', [
  ['a deny wins over an allow of the same policy', cnp('endpointSelector: {}\ningress: [{fromEntities: [all]}]\ningressDeny: [{fromEndpoints: [{matchLabels: {app: api}}]}]'), { denied: ['api -> web TCP 80'], allowed: ['db -> web TCP 80'] }],
  ['and of another, and of a NetworkPolicy', `${np('podSelector: {}\ningress: [{}]')}${ccnp('endpointSelector: {}\ningressDeny: [{fromEndpoints: [{matchLabels: {app: api}}]}]\nenableDefaultDeny: {ingress: false}')}`, {
    denied: ['api -> web TCP 80', 'tool -> web TCP 80'], allowed: ['db -> web TCP 80'],
  }],
  ['however narrow the allow is', cnp('endpointSelector: {}\ningress: [{fromEndpoints: [{matchLabels: {app: api}}], toPorts: [{ports: [{port: "80", protocol: TCP}]}]}]\ningressDeny: [{fromEntities: [cluster]}]'), { denied: ['api -> web TCP 80'] }],
  ['a deny of a port leaves the others', cnp('endpointSelector: {}\ningress: [{fromEntities: [all]}]\ningressDeny: [{toPorts: [{ports: [{port: "80", protocol: TCP}]}]}]'), { denied: ['api -> web TCP 80'], allowed: ['api -> web TCP 81', 'api -> web UDP 80'] }],
  ['NetworkPolicies and those of Cilium add up', `${np('podSelector: {}\ningress: [{from: [{podSelector: {}}]}]')}${ingress('[{fromEntities: [world]}]')}`, { allowed: ['api -> web TCP 80', '203.0.113.7 -> web TCP 80'], denied: ['db -> web TCP 80'] }],
]);

group('namespaces of peers', [
  ['an empty selector is the namespace of the policy', from('{}'), { allowed: ['api -> web TCP 80'], denied: ['tool -> web TCP 80', '203.0.113.7 -> web TCP 80'] }],
  ['a label is of the namespace of the policy', from('{matchLabels: {app: api}}'), { allowed: ['api -> web TCP 80'], denied: ['tool -> web TCP 80'] }],
  ['a namespace that is stated is that one', from('{matchLabels: {app: api, "k8s:io.kubernetes.pod.namespace": data}}'), { allowed: ['tool -> web TCP 80'], denied: ['api -> web TCP 80', 'db -> web TCP 80'] }],
  ['also without the source of the label', from('{matchLabels: {io.kubernetes.pod.namespace: data}}'), { allowed: ['tool -> web TCP 80', 'db -> web TCP 80'], denied: ['api -> web TCP 80'] }],
  ['every namespace is that there is one', from('{matchExpressions: [{key: io.kubernetes.pod.namespace, operator: Exists}]}'), { allowed: ['api -> web TCP 80', 'dns -> web TCP 80'], denied: ['203.0.113.7 -> web TCP 80'] }],
  ['labels of namespaces cross namespaces', from('{matchLabels: {io.cilium.k8s.namespace.labels.team: blue}}'), { allowed: ['db -> web TCP 80'], denied: ['api -> web TCP 80', 'dns -> web TCP 80'] }],
  ['a name of a namespace is a label of it', from('{matchLabels: {"k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name": kube-system}}'), { allowed: ['dns -> web TCP 80'], denied: ['db -> web TCP 80'] }],
  ['a clusterwide policy adds no namespace, only that there is one', ccnp('endpointSelector: {matchLabels: {app: web}}\ningress: [{fromEndpoints: [{}]}]'), { allowed: ['db -> web TCP 80', 'api -> web TCP 80'], denied: ['203.0.113.7 -> web TCP 80'] }],
  ['a service account is a label', from('{matchLabels: {io.cilium.k8s.policy.serviceaccount: web}}'), { allowed: ['web -> api TCP 80'], denied: ['db -> api TCP 80'] }],
  ['the subject is in the namespace of its policy', cnp('endpointSelector: {matchLabels: {app: api}}\ningress: [{}]'), { denied: ['web -> api TCP 80'], allowed: ['web -> tool TCP 80'] }],
  ['that of a clusterwide policy anywhere', ccnp('endpointSelector: {matchLabels: {app: api}}\ningress: [{}]'), { denied: ['web -> api TCP 80', 'web -> tool TCP 80'], allowed: ['api -> web TCP 80'] }],
  ['NotIn and DoesNotExist hold of what is absent', from('{matchExpressions: [{key: tier, operator: NotIn, values: [front]}]}'), { allowed: ['api -> web TCP 80'], denied: ['web -> api TCP 80'] }],
  ['all of a selector must hold, and one of several', from('{matchLabels: {app: web, tier: back}}, {matchLabels: {app: api}}'), { allowed: ['api -> web TCP 80'], denied: ['web -> api TCP 80'] }],
]);

const leavesOut = { key: 'k8s:io.kubernetes.pod.namespace', operator: 'NotIn', values: ['data'] };
const notData = from(JSON.stringify({ matchExpressions: [leavesOut] }));
const notBlue = np('podSelector: {}\ningress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [blue]}]}}]}]');
const toNotBlue = np('podSelector: {}\npolicyTypes: [Egress]\negress: [{to: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [blue]}]}}]}]');
const LABELLED = { nodeSelectorLabels: true };

group('selectors that only leave out namespaces', [
  ['of a NetworkPolicy before 1.19 also mean nodes and all outside', notBlue, { allowed: ['api -> web TCP 80', 'dns -> web TCP 80', '203.0.113.7 -> web TCP 80', 'agent -> api TCP 80'], denied: ['db -> web TCP 80'] }, { version: '1.18' }],
  ['on the way out too', toNotBlue, { allowed: ['web -> api TCP 80', 'web -> 203.0.113.7 TCP 443', 'web -> 192.168.7.2 TCP 80'], denied: ['web -> db TCP 80'] }, { version: '1.18' }],
  ['from 1.19 on Cilium asks for its own cluster beside them, which pods have', notBlue, { allowed: ['api -> web TCP 80'], denied: ['203.0.113.7 -> web TCP 80', 'agent -> api TCP 80', 'db -> web TCP 80'] }, { version: '1.19' }],
  ['and nodes other than the own one where these are labelled', toNotBlue, { allowed: ['web -> 192.168.7.2 TCP 80'], denied: ['web -> 192.168.7.1 TCP 80', 'web -> 203.0.113.7 TCP 443', 'web -> db TCP 80'] }, { version: '1.19', features: LABELLED }],
  ['from 1.20 on the own one too', toNotBlue, { allowed: ['web -> 192.168.7.2 TCP 80', 'web -> 192.168.7.1 TCP 80'], denied: ['web -> 203.0.113.7 TCP 443'] }, { version: '1.20', features: LABELLED }],
  ['a label of pods that must be there makes them pods', np('podSelector: {}\ningress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]}]'), {
    allowed: ['dns -> web TCP 80'], denied: ['203.0.113.7 -> web TCP 80', 'agent -> api TCP 80', 'api -> web TCP 80'],
  }, { version: '1.18' }],
  ['one that must not be does not', np('podSelector: {}\ningress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}, podSelector: {matchExpressions: [{key: k8s-app, operator: Exists}]}}, {namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}, podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}}]}]'), {
    allowed: ['dns -> web TCP 80', '203.0.113.7 -> web TCP 80', 'agent -> api TCP 80'], denied: ['api -> web TCP 80', 'db -> web TCP 80'],
  }, { version: '1.18' }],
  ['an empty namespaceSelector asks for a namespace', np('podSelector: {}\ningress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [db]}]}}]}]'), {
    allowed: ['api -> web TCP 80'], denied: ['db -> web TCP 80', '203.0.113.7 -> web TCP 80', 'agent -> api TCP 80'],
  }, { version: '1.18' }],
  ['the same holds of the selectors of Cilium', notData, { allowed: ['api -> web TCP 80', '203.0.113.7 -> web TCP 80', 'agent -> api TCP 80'], denied: ['db -> web TCP 80'] }, { version: '1.18' }],
  ['and from 1.19 on', notData, { allowed: ['api -> web TCP 80', 'dns -> web TCP 80'], denied: ['203.0.113.7 -> web TCP 80', 'agent -> api TCP 80', 'db -> web TCP 80'] }, { version: '1.19' }],
  ['which leave out all else where they name clusters to leave out', from(JSON.stringify({ matchExpressions: [leavesOut, { key: 'io.cilium.k8s.policy.cluster', operator: 'NotIn', values: ['other'] }] })), {
    allowed: ['203.0.113.7 -> web TCP 80'], denied: ['db -> web TCP 80'],
  }],
  ['and mean members where they name one', from(JSON.stringify({ matchExpressions: [leavesOut, { key: 'io.cilium.k8s.policy.cluster', operator: 'Exists' }] })), {
    allowed: ['api -> web TCP 80'], denied: ['203.0.113.7 -> web TCP 80', 'agent -> api TCP 80', 'db -> web TCP 80'],
  }, { version: '1.18' }],
  ['that there is a namespace may be asked for', from(JSON.stringify({ matchExpressions: [leavesOut, { ...leavesOut, operator: 'Exists', values: undefined }] })), { allowed: ['api -> web TCP 80'], denied: ['203.0.113.7 -> web TCP 80', 'agent -> api TCP 80'] }, { version: '1.18' }],
]);

group('lists of peers', [
  ['an empty list selects nobody', ingress('[{fromEndpoints: [], toPorts: [{ports: [{port: "80", protocol: TCP}]}]}]'), { denied: ['api -> web TCP 80', '203.0.113.7 -> web TCP 80'] }],
  ['no list everybody, nodes and outside too', ingress('[{toPorts: [{ports: [{port: "80", protocol: TCP}]}]}]'), { allowed: ['api -> web TCP 80', '203.0.113.7 -> web TCP 80', 'agent -> api TCP 80'], denied: ['api -> web TCP 81'] }],
  ['peers and ports of an item must both match', ingress('[{fromEndpoints: [{}], toPorts: [{ports: [{port: "80", protocol: TCP}]}]}]'), { allowed: ['api -> web TCP 80'], denied: ['api -> web TCP 81', 'db -> web TCP 80'] }],
  ['items are alternatives', ingress('[{fromEndpoints: [{}]}, {toPorts: [{ports: [{port: "80", protocol: TCP}]}]}]'), { allowed: ['api -> web TCP 81', 'db -> web TCP 80'], denied: ['db -> web TCP 81'] }],
]);

group('entities', [
  ['world is what is outside', ingress('[{fromEntities: [world]}]'), { allowed: ['203.0.113.7 -> web TCP 80'], denied: ['api -> web TCP 80', 'agent -> api TCP 80'] }],
  ['cluster is every pod and node', ingress('[{fromEntities: [cluster]}]'), { allowed: ['db -> web TCP 80', 'agent -> api TCP 80'], denied: ['203.0.113.7 -> web TCP 80'] }],
  ['all is everybody', ingress('[{fromEntities: [all]}]'), { allowed: ['db -> web TCP 80', '203.0.113.7 -> web TCP 80', 'agent -> api TCP 80'] }],
  ['none is nobody', ingress('[{fromEntities: [none]}]'), { denied: ['db -> web TCP 80', '203.0.113.7 -> web TCP 80'] }],
  ['host is the own node, remote-node another one', egress('[{toEntities: [host]}]'), { allowed: ['web -> agent TCP 80'], denied: ['api -> agent TCP 80', 'web -> 192.0.2.1 TCP 80'] }],
  ['remote-node is not the own one', egress('[{toEntities: [remote-node]}]'), { allowed: ['api -> agent TCP 80'], denied: ['web -> agent TCP 80'] }],
]);

group('addresses', [
  ['a range is of addresses outside', egress('[{toCIDR: [203.0.113.0/24]}]'), { allowed: ['web -> 203.0.113.0 TCP 443', 'web -> 203.0.113.255 TCP 443'], denied: ['web -> 203.0.114.0 TCP 443'] }],
  ['and never a pod or a node', egress('[{toCIDR: [0.0.0.0/0]}]'), { allowed: ['web -> 203.0.113.7 TCP 443'], denied: ['web -> db TCP 5432', 'web -> agent TCP 80', 'web6 -> 2001:db8::7 TCP 443'] }],
  ['except is a hole of its own range', egress('[{toCIDRSet: [{cidr: 203.0.113.0/24, except: [203.0.113.64/26]}]}]'), { allowed: ['web -> 203.0.113.63 TCP 443', 'web -> 203.0.113.128 TCP 443'], denied: ['web -> 203.0.113.64 TCP 443', 'web -> 203.0.113.127 TCP 443'] }],
  ['which another range may fill', egress('[{toCIDRSet: [{cidr: 203.0.113.0/24, except: [203.0.113.64/26]}, {cidr: 203.0.113.80/32}]}]'), { allowed: ['web -> 203.0.113.80 TCP 443'], denied: ['web -> 203.0.113.81 TCP 443'] }],
  ['IPv6 ranges are of IPv6', egress('[{toCIDRSet: [{cidr: "2001:db8::/32", except: ["2001:db8:1::/48"]}]}]'), { allowed: ['web6 -> 2001:db8::7 TCP 443'], denied: ['web6 -> 2001:db8:1::7 TCP 443', 'web -> 203.0.113.7 TCP 443'] }],
  ['a group is its ranges', `${egress('[{toCIDRSet: [{cidrGroupRef: partners}]}]')}---\napiVersion: cilium.io/v2\nkind: CiliumCIDRGroup\nmetadata: {name: partners}\nspec: {externalCIDRs: [203.0.113.0/24]}`, { allowed: ['web -> 203.0.113.7 TCP 443'], denied: ['web -> 198.51.100.7 TCP 443'] }],
  ['groups are selected by their labels', `${egress('[{toCIDRSet: [{cidrGroupSelector: {matchLabels: {kind: partner}}}]}]')}---\napiVersion: cilium.io/v2\nkind: CiliumCIDRGroup\nmetadata: {name: partners, labels: {kind: partner}}\nspec: {externalCIDRs: [203.0.113.0/24]}`, {
    allowed: ['web -> 203.0.113.7 TCP 443'], denied: ['web -> 198.51.100.7 TCP 443'],
  }],
  ['a group that is not there is nobody', egress('[{toCIDRSet: [{cidrGroupRef: partners}]}]'), { denied: ['web -> 203.0.113.7 TCP 443'] }],
  ['what a cloud group holds is not known', egress('[{toGroups: [{aws: {securityGroupsIds: [sg-1]}}]}]'), { unknown: ['web -> 203.0.113.7 TCP 443'] }],
]);

group('ports', [
  ['no protocol is TCP, UDP and SCTP', ingress('[{toPorts: [{ports: [{port: "80"}]}]}]'), { allowed: ['web -> api TCP 80', 'web -> api UDP 80', 'web -> api SCTP 80'], denied: ['web -> api ICMP 8', 'web -> api TCP 81'] }],
  ['ANY is the same', ingress('[{toPorts: [{ports: [{port: "80", protocol: ANY}]}]}]'), { allowed: ['web -> api UDP 80', 'web -> api SCTP 80'], denied: ['web -> api ICMP 8'] }],
  ['port 0 is every port of its protocol', ingress('[{toPorts: [{ports: [{port: "0", protocol: UDP}]}]}]'), { allowed: ['web -> api UDP 1', 'web -> api UDP 65535'], denied: ['web -> api TCP 1'] }],
  ['endPort is the last one', ingress('[{toPorts: [{ports: [{port: "8080", endPort: 8090, protocol: TCP}]}]}]'), { allowed: ['web -> api TCP 8080', 'web -> api TCP 8090'], denied: ['web -> api TCP 8079', 'web -> api TCP 8091'] }],
  ['unless it is not above the port', ingress('[{toPorts: [{ports: [{port: "8080", endPort: 8000, protocol: TCP}]}]}]'), { allowed: ['web -> api TCP 8080'], denied: ['web -> api TCP 8000', 'web -> api TCP 8050'] }],
  ['SCTP by itself', ingress('[{toPorts: [{ports: [{port: "7000", protocol: SCTP}]}]}]'), { allowed: ['web -> api SCTP 7000'], denied: ['web -> api TCP 7000'] }],
  ['a named port of ingress is that of the subject', ingress('[{toPorts: [{ports: [{port: http, protocol: TCP}]}]}]'), { allowed: ['web -> api TCP 80', 'api -> web TCP 8080'], denied: ['api -> web TCP 80'] }],
  ['a named port of egress that of the peer', egress('[{toPorts: [{ports: [{port: http, protocol: TCP}]}]}]'), { allowed: ['web -> api TCP 80', 'api -> web TCP 8080'], denied: ['web -> api TCP 8080', 'web -> 203.0.113.7 TCP 80'] }],
  ['an entry without ports matches nothing', ingress('[{toPorts: [{}]}]'), { denied: ['web -> api TCP 80', 'web -> api ICMP 8'] }],
  ['peers without ports are of every protocol', from('{}'), { allowed: ['web -> api ICMP 8', 'web -> api UDP 1', 'web -> api 47'] }],
  ['icmps are these types of this family', ingress('[{icmps: [{fields: [{type: 8}, {type: EchoRequest, family: IPv6}]}]}]'), {
    allowed: ['web -> api ICMP 8', 'web6 -> api6 ICMPv6 128'], denied: ['web -> api ICMP 0', 'web6 -> api6 ICMPv6 8', 'web -> api TCP 80'],
  }],
]);

const http = (rules: string): string => ingress(`[{fromEndpoints: [{}], toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: ${rules}}}]}]`);

group('requests', [
  ['only those that match pass, and without a request it depends on it', http('[{method: GET}]'), { allowed: ['web -> api TCP 80 GET /'], denied: ['web -> api TCP 80 POST /', 'web -> api TCP 81 GET /'], partial: ['web -> api TCP 80'] }],
  ['a path is matched whole', http('[{path: /public}]'), { allowed: ['web -> api TCP 80 GET /public'], denied: ['web -> api TCP 80 GET /public/a', 'web -> api TCP 80 GET /publicity'] }],
  ['a pattern reaches as far as it is written', http('[{path: "/api/v1/.*"}]'), { allowed: ['web -> api TCP 80 GET /api/v1/users', 'web -> api TCP 80 GET /api/v1/admin'], denied: ['web -> api TCP 80 GET /api/v2/users'] }],
  ['all of a rule must match, and one of several', http('[{method: GET, path: /a}, {method: POST, path: /b}]'), { allowed: ['web -> api TCP 80 GET /a', 'web -> api TCP 80 POST /b'], denied: ['web -> api TCP 80 GET /b'] }],
  ['a host is a pattern', http('[{host: "api\\\\.shop"}]'), { allowed: ['web -> api TCP 80 GET / api.shop'], denied: ['web -> api TCP 80 GET / apixshop'] }],
  ['a header with a space must have the value', http('[{headers: ["X-Team: red"]}]'), { allowed: ['web -> api TCP 80 GET / X-Team=red'], denied: ['web -> api TCP 80 GET / X-Team=blue', 'web -> api TCP 80 GET /'] }],
  ['a header without one must be there', http('[{headers: ["X-Team"]}]'), { allowed: ['web -> api TCP 80 GET / X-Team=blue'], denied: ['web -> api TCP 80 GET /'] }],
  ['a header that is wanted otherwise may be edited', http('[{headerMatches: [{name: X-Team, value: red, mismatch: REPLACE}]}]'), { allowed: ['web -> api TCP 80 GET / X-Team=blue', 'web -> api TCP 80 GET /'] }],
  ['an allow of the port makes rules for requests moot', `${http('[{method: GET}]')}${ingress('[{fromEndpoints: [{}], toPorts: [{ports: [{port: "80", protocol: TCP}]}]}]')}`, { allowed: ['web -> api TCP 80 POST /', 'web -> api TCP 80'] }],
  ['where nothing closes the direction all requests pass', cnp('endpointSelector: {}\ningress: [{fromEndpoints: [{}], toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{method: GET}]}}]}]\nenableDefaultDeny: {ingress: false}'), { allowed: ['web -> api TCP 80 POST /'] }],
  ['a server name is that of the handshake', egress('[{toEntities: [world], toPorts: [{ports: [{port: "443", protocol: TCP}], serverNames: [api.example.com]}]}]'), {
    allowed: ['web -> 203.0.113.7 TCP 443 sni api.example.com'], denied: ['web -> 203.0.113.7 TCP 443 sni www.example.com'], partial: ['web -> 203.0.113.7 TCP 443'],
  }],
  ['questions are allowed by name', egress('[{toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system}}], toPorts: [{ports: [{port: "53", protocol: ANY}], rules: {dns: [{matchPattern: "*.example.com"}]}}]}]'), {
    allowed: ['web -> dns UDP 53 asks api.example.com', 'web -> dns TCP 53 asks www.example.com'], denied: ['web -> dns UDP 53 asks example.com', 'web -> dns UDP 53 asks a.b.example.com'], partial: ['web -> dns UDP 53'],
  }],
  ['the pattern of one star is every name', egress('[{toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system}}], toPorts: [{ports: [{port: "53", protocol: ANY}], rules: {dns: [{matchPattern: "*"}]}}]}]'), {
    allowed: ['web -> dns UDP 53 asks example.com', 'web -> dns UDP 53'],
  }],
  ['authentication that always fails denies', ingress('[{fromEndpoints: [{}], authentication: {mode: test-always-fail}}]'), { denied: ['web -> api TCP 80'] }],
]);

const names = (selectors: string): string => egress(`[{toFQDNs: ${selectors}}, {toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system}}], toPorts: [{ports: [{port: "53", protocol: ANY}], rules: {dns: [{matchPattern: "*"}]}}]}]`);

group('names', [
  ['a name is the addresses that it was looked up by', names('[{matchName: api.example.com}]'), { allowed: ['web -> api.example.com TCP 443'], denied: ['web -> www.example.com TCP 443', 'web -> db TCP 5432'] }],
  ['which names an address has is not known', names('[{matchName: api.example.com}]'), { unknown: ['web -> 203.0.113.7 TCP 443'] }],
  ['the case of a name and a dot at its end mean nothing', names('[{matchName: API.example.com.}]'), { allowed: ['web -> api.example.com TCP 443'] }],
  ['a star is part of one label', names('[{matchPattern: "*.example.com"}]'), { allowed: ['web -> api.example.com TCP 443'], denied: ['web -> example.com TCP 443', 'web -> a.b.example.com TCP 443'] }],
  ['a name that no DNS rule lets be looked up is not known', egress('[{toFQDNs: [{matchName: api.example.com}]}, {toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system}}], toPorts: [{ports: [{port: "53", protocol: ANY}]}]}]'), {
    denied: ['web -> api.example.com TCP 443'],
  }],
  ['nor is one that the DNS rule leaves out', egress('[{toFQDNs: [{matchPattern: "*.example.com"}]}, {toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system}}], toPorts: [{ports: [{port: "53", protocol: ANY}], rules: {dns: [{matchName: api.example.com}]}}]}]'), {
    allowed: ['web -> api.example.com TCP 443'], denied: ['web -> www.example.com TCP 443'],
  }],
  ['two stars are one label or more', names('[{matchPattern: "**.example.com"}]'), { allowed: ['web -> a.b.example.com TCP 443', 'web -> api.example.com TCP 443'], denied: ['web -> example.com TCP 443'] }],
]);

const service = (spec: string): string => `---\napiVersion: v1\nkind: Service\nmetadata: {name: target, namespace: data, labels: {kind: target}}\nspec: ${spec}\n`;

group('Services', [
  ['a Service is the pods that it selects, on every port', `${egress('[{toServices: [{k8sService: {serviceName: target, namespace: data}}]}]')}${service('{selector: {app: db}, ports: [{port: 80, targetPort: 5432}]}')}`, { allowed: ['web -> db TCP 5432', 'web -> db TCP 1'], denied: ['web -> tool TCP 80'] }],
  ['or those whose labels are selected', `${egress('[{toServices: [{k8sServiceSelector: {selector: {matchLabels: {kind: target}}}}]}]')}${service('{selector: {app: db}, ports: [{port: 80}]}')}`, { allowed: ['web -> db TCP 5432'], denied: ['web -> tool TCP 80'] }],
  ['without a selector it is the addresses of its slices', `${egress('[{toServices: [{k8sService: {serviceName: target, namespace: data}}]}]')}${service('{ports: [{port: 80}]}')}---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: target-1, namespace: data, labels: {kubernetes.io/service-name: target}}\naddressType: IPv4\nendpoints: [{addresses: [203.0.113.7]}]\nports: [{port: 80}]`, {
    allowed: ['web -> 203.0.113.7 TCP 80'], denied: ['web -> 198.51.100.7 TCP 80', 'web -> db TCP 80'],
  }],
]);

group('NetworkPolicies on Cilium', [
  ['rules count whether policyTypes names their direction or not', np('podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]\ningress: [{from: [{podSelector: {}}]}]'), {
    allowed: ['api -> web TCP 80'], denied: ['db -> web TCP 80', 'web -> 203.0.113.7 TCP 443'],
  }],
  ['an empty namespaceSelector is every pod', np('podSelector: {}\ningress: [{from: [{namespaceSelector: {}}]}]'), { allowed: ['db -> web TCP 80'], denied: ['203.0.113.7 -> web TCP 80'] }],
]);
