import { document, Row, testRows } from './table';

const V3 = 'projectcalico.org/v3';
const np = document(V3, 'NetworkPolicy');
const globalPolicy = document(V3, 'GlobalNetworkPolicy');
const gnp = (spec: string, name?: string): string => globalPolicy(spec, { namespace: '', ...(name ? { name } : {}) });
const knp = document('networking.k8s.io/v1', 'NetworkPolicy');
const tier = (name: string, order: number, action = 'Deny'): string => document(V3, 'Tier')(`order: ${order}\ndefaultAction: ${action}`, { name, namespace: '' });

const ingress = (rules: string): string => np(`types: [Ingress]\ningress: ${rules}`);
const egress = (rules: string): string => np(`types: [Egress]\negress: ${rules}`);
const globally = (rules: string): string => gnp(`namespaceSelector: all()\ntypes: [Ingress]\ningress: ${rules}`);
const from = (source: string): string => ingress(`[{action: Allow, source: ${source}}]`);

const group = (title: string, rows: readonly Row[]): void => describe(title, () => testRows('calico', rows));

group('who is closed', [
  ['without a policy everything passes', '', { allowed: ['web -> api TCP 80', '203.0.113.7 -> web TCP 80', 'web -> db UDP 5432'] }],
  ['a policy with types and no rules closes these', np('types: [Ingress]'), { denied: ['api -> web TCP 80', '203.0.113.7 -> web TCP 80'], allowed: ['web -> db TCP 5432'] }],
  ['without types and rules it closes ingress', np('selector: all()'), { denied: ['api -> web TCP 80'], allowed: ['web -> db TCP 5432'] }],
  ['without types, with egress rules alone, it closes egress alone', np('egress: [{action: Allow, destination: {selector: all()}}]'), { denied: ['web -> db TCP 5432'], allowed: ['web -> api TCP 80', 'db -> web TCP 80'] }],
  ['with rules of both it closes both', np('ingress: [{action: Allow, source: {selector: all()}}]\negress: [{action: Allow, destination: {selector: all()}}]'), { denied: ['web -> db TCP 5432', 'db -> web TCP 80'], allowed: ['web -> api TCP 80'] }],
  ['a namespaced policy is about its namespace', np('selector: app == "api"\ntypes: [Ingress]'), { denied: ['web -> api TCP 80'], allowed: ['web -> tool TCP 80', 'api -> web TCP 80'] }],
  ['a global one about every namespace', gnp('selector: app == "api"\nnamespaceSelector: all()\ntypes: [Ingress]'), { denied: ['web -> api TCP 80', 'web -> tool TCP 80'], allowed: ['api -> web TCP 80'] }],
  ['or about those that it selects', gnp('namespaceSelector: team == "blue"\ntypes: [Ingress]'), { denied: ['web -> db TCP 5432'], allowed: ['db -> web TCP 80'] }],
  ['a policy may be about service accounts', np('serviceAccountSelector: duty == "front"\ntypes: [Ingress]'), { denied: ['api -> web TCP 80'], allowed: ['web -> api TCP 80'] }],
  ['the egress of a source and the ingress of a destination must accept', `${egress('[{action: Allow}]')}${np('types: [Ingress]', { namespace: 'data' })}`, { denied: ['web -> db TCP 5432'], allowed: ['web -> api TCP 80'] }],
  ['what comes from the own node is not stopped', np('types: [Ingress]'), { allowed: ['agent -> web TCP 80'], denied: ['agent -> api TCP 80'] }],
]);

group('order', [
  ['the first rule that matches decides', ingress('[{action: Deny, source: {selector: app == "api"}}, {action: Allow}]'), { denied: ['api -> web TCP 80'], allowed: ['db -> web TCP 80'] }],
  ['in the order in which they stand', ingress('[{action: Allow}, {action: Deny, source: {selector: app == "api"}}]'), { allowed: ['api -> web TCP 80', 'db -> web TCP 80'] }],
  ['the policy of the lower order is first', `${np('order: 20\ntypes: [Ingress]\ningress: [{action: Deny}]')}${np('order: 10\ntypes: [Ingress]\ningress: [{action: Allow, source: {selector: app == "api"}}]')}`, { allowed: ['api -> web TCP 80'], denied: ['db -> web TCP 80'] }],
  ['one without an order is last', `${np('types: [Ingress]\ningress: [{action: Deny}]')}${np('order: 10\ntypes: [Ingress]\ningress: [{action: Allow, source: {selector: app == "api"}}]')}`, { allowed: ['api -> web TCP 80'], denied: ['db -> web TCP 80'] }],
  ['of one order the name decides', `${np('order: 10\ntypes: [Ingress]\ningress: [{action: Deny}]', { name: 'b' })}${np('order: 10\ntypes: [Ingress]\ningress: [{action: Allow, source: {selector: app == "api"}}]', { name: 'a' })}`, {
    allowed: ['api -> web TCP 80'], denied: ['db -> web TCP 80'],
  }],
  ['a policy that does not match leaves it to the next', `${np('order: 10\ntypes: [Ingress]\ningress: [{action: Deny, source: {selector: app == "none"}}]')}${np('order: 20\ntypes: [Ingress]\ningress: [{action: Allow}]')}`, { allowed: ['api -> web TCP 80'] }],
  ['Log decides nothing', ingress('[{action: Log}, {action: Allow, source: {selector: app == "api"}}]'), { allowed: ['api -> web TCP 80'], denied: ['db -> web TCP 80'] }],
  ['NetworkPolicies of Kubernetes have order 1000', `${knp('podSelector: {}\ningress: [{}]')}${np('order: 999\ntypes: [Ingress]\ningress: [{action: Deny, source: {selector: app == "api"}}]')}`, { denied: ['api -> web TCP 80'], allowed: ['db -> web TCP 80'] }],
  ['so that a later one is not asked', `${knp('podSelector: {}\ningress: [{}]')}${np('order: 1001\ntypes: [Ingress]\ningress: [{action: Deny}]')}`, { allowed: ['api -> web TCP 80'] }],
  ['a deny before them voids what they allow', `${knp('podSelector: {}\ningress: [{}]')}${np('order: 100\ntypes: [Ingress]\ningress: [{action: Deny}]')}`, { denied: ['api -> web TCP 80', 'db -> web TCP 80'] }],
]);

const inTier = (name: string, spec: string): string => gnp(`tier: ${name}\nnamespaceSelector: all()\ntypes: [Ingress]\n${spec}`, `${name}.policy`);

group('tiers', [
  ['a tier of a lower order is first', `${tier('first', 10)}${tier('second', 20)}${inTier('first', 'ingress: [{action: Allow, source: {selector: app == "api"}}, {action: Pass}]')}${inTier('second', 'ingress: [{action: Deny}]')}`, {
    allowed: ['api -> web TCP 80'], denied: ['db -> web TCP 80'],
  }],
  ['a tier with a policy for a pod closes what no rule of it matches', `${tier('first', 10)}${inTier('first', 'ingress: [{action: Allow, source: {selector: app == "api"}}]')}`, { allowed: ['api -> web TCP 80'], denied: ['db -> web TCP 80'] }],
  ['unless its default action is Pass', `${tier('first', 10, 'Pass')}${inTier('first', 'ingress: [{action: Deny, source: {selector: app == "api"}}]')}`, { denied: ['api -> web TCP 80'], allowed: ['db -> web TCP 80'] }],
  ['a tier without a policy for a pod is skipped', `${tier('first', 10)}${gnp('tier: first\nselector: app == "db"\nnamespaceSelector: all()\ntypes: [Ingress]', 'first.policy')}`, { denied: ['web -> db TCP 5432'], allowed: ['db -> web TCP 80'] }],
  ['also one with a policy for the other direction alone', `${tier('first', 10)}${inTier('first', 'ingress: [{action: Allow}]')}`, { allowed: ['web -> 203.0.113.7 TCP 443'] }],
  ['Pass goes on with the next tier', `${tier('first', 10)}${inTier('first', 'ingress: [{action: Pass, source: {selector: app == "api"}}]')}${np('types: [Ingress]\ningress: [{action: Allow, source: {namespaceSelector: all(), selector: tier == "none"}}]')}`, {
    denied: ['api -> web TCP 80', 'db -> web TCP 80'],
  }],
  ['Pass in the last tier leaves it to the profile of the namespace, which allows', ingress('[{action: Pass, source: {selector: app == "api"}}]'), { allowed: ['api -> web TCP 80'], denied: ['db -> web TCP 80'] }],
  ['Pass skips the rest of its own tier', `${tier('first', 10)}${inTier('first', 'ingress: [{action: Pass}, {action: Deny}]')}`, { allowed: ['api -> web TCP 80'] }],
  ['an Allow of a tier is final', `${tier('first', 10)}${inTier('first', 'ingress: [{action: Allow}]')}${ingress('[{action: Deny}]')}`, { allowed: ['api -> web TCP 80'] }],
  ['the tiers that are built in are around the default one', `${gnp('tier: kube-admin\nnamespaceSelector: all()\ntypes: [Ingress]\ningress: [{action: Deny, source: {selector: app == "api"}}]', 'kube-admin.policy')}${ingress('[{action: Allow}]')}`, {
    denied: ['api -> web TCP 80'], allowed: ['db -> web TCP 80'],
  }],
]);

const staged = (kind: string, spec: string): string => document(V3, kind)(spec, kind.includes('Global') ? { namespace: '' } : {});

group('what is staged decides nothing', [
  ['a StagedNetworkPolicy', staged('StagedNetworkPolicy', 'types: [Ingress]\ningress: [{action: Deny}]'), { allowed: ['api -> web TCP 80'] }],
  ['a StagedGlobalNetworkPolicy', staged('StagedGlobalNetworkPolicy', 'namespaceSelector: all()\ntypes: [Ingress]\ningress: [{action: Deny}]'), { allowed: ['api -> web TCP 80'] }],
  ['a StagedKubernetesNetworkPolicy', staged('StagedKubernetesNetworkPolicy', 'podSelector: {}\npolicyTypes: [Ingress]'), { allowed: ['api -> web TCP 80'] }],
  ['nor does it allow', `${np('types: [Ingress]')}${staged('StagedNetworkPolicy', 'order: 1\ntypes: [Ingress]\ningress: [{action: Allow}]')}`, { denied: ['api -> web TCP 80'] }],
  ['a tier of staged policies alone closes nothing', `${tier('first', 10)}${document(V3, 'StagedGlobalNetworkPolicy')('tier: first\nnamespaceSelector: all()\ntypes: [Ingress]', { name: 'first.policy', namespace: '' })}`, { allowed: ['api -> web TCP 80'] }],
  ['the preview of a removal removes nothing', `${np('types: [Ingress]', { name: 'gone' })}${document(V3, 'StagedNetworkPolicy')('stagedAction: Delete', { name: 'gone' })}`, { denied: ['api -> web TCP 80'] }],
]);

group('who a rule is about', [
  ['a selector in a namespaced policy is of its namespace', from('{selector: app == "api"}'), { allowed: ['api -> web TCP 80'], denied: ['tool -> web TCP 80', '203.0.113.7 -> web TCP 80'] }],
  ['in a global one of every namespace', globally('[{action: Allow, source: {selector: app == "api"}}]'), { allowed: ['api -> web TCP 80', 'tool -> web TCP 80'], denied: ['db -> web TCP 80'] }],
  ['all() is every endpoint, and nobody outside', globally('[{action: Allow, source: {selector: all()}}]'), { allowed: ['db -> web TCP 80'], denied: ['203.0.113.7 -> web TCP 80'] }],
  ['no source is anybody', ingress('[{action: Allow}]'), { allowed: ['db -> web TCP 80', '203.0.113.7 -> web TCP 80'] }],
  ['a namespaceSelector crosses namespaces', from('{namespaceSelector: team == "blue"}'), { allowed: ['db -> web TCP 80'], denied: ['api -> web TCP 80'] }],
  ['the name of a namespace is a label of it', from('{namespaceSelector: projectcalico.org/name == "data"}'), { allowed: ['db -> web TCP 80'], denied: ['api -> web TCP 80'] }],
  ['beside a selector both must hold', from('{namespaceSelector: team == "blue", selector: app == "api"}'), { allowed: ['tool -> web TCP 80'], denied: ['db -> web TCP 80', 'api -> web TCP 80'] }],
  ['a pod has its namespace as a label', globally('[{action: Allow, source: {selector: projectcalico.org/namespace == "data"}}]'), { allowed: ['db -> web TCP 80'], denied: ['api -> web TCP 80'] }],
  ['notSelector in a namespaced policy is the rest of its namespace', from('{notSelector: app == "api"}'), { allowed: ['web -> api TCP 80'], denied: ['api -> web TCP 80', 'db -> web TCP 80', '203.0.113.7 -> web TCP 80'] }],
  ['in a global one the rest of the world', globally('[{action: Allow, source: {notSelector: app == "api"}}]'), { allowed: ['db -> web TCP 80', '203.0.113.7 -> web TCP 80'], denied: ['api -> web TCP 80'] }],
  ['service accounts by name are of the namespace', from('{serviceAccounts: {names: [web]}}'), { allowed: ['web -> api TCP 80'], denied: ['db -> api TCP 80'] }],
  ['or by their labels', from('{serviceAccounts: {selector: duty == "front"}}'), { allowed: ['web -> api TCP 80'], denied: ['db -> api TCP 80'] }],
  ['a rule may ask both ends', ingress('[{action: Allow, destination: {selector: app == "web"}}]'), { allowed: ['db -> web TCP 80'], denied: ['db -> api TCP 80'] }],
]);

const label = (selector: string): string => from(`{selector: '${selector.replaceAll('\'', '\'\'')}'}`);
const both = ['api -> web TCP 80', 'web -> api TCP 80'];

group('selectors', [
  ['empty is everybody in scope', np('selector: ""\ntypes: [Ingress]'), { denied: ['api -> web TCP 80'] }],
  ['== takes either quote', label('app == \'api\''), { allowed: ['api -> web TCP 80'], denied: ['web -> api TCP 80'] }],
  ['!= holds of an absent label', label('tier != "front"'), { allowed: ['api -> web TCP 80'], denied: ['web -> api TCP 80'] }],
  ['in is one of a set', label('app in { "api", "db" }'), { allowed: ['api -> web TCP 80'], denied: ['web -> api TCP 80'] }],
  ['in of an empty set is nobody', label('app in { }'), { denied: both }],
  ['not in holds of an absent label', label('tier not in { "front" }'), { allowed: ['api -> web TCP 80'], denied: ['web -> api TCP 80'] }],
  ['notin is the same', label('tier notin {"front"}'), { allowed: ['api -> web TCP 80'], denied: ['web -> api TCP 80'] }],
  ['has is the key alone', label('has(tier)'), { allowed: ['web -> api TCP 80'], denied: ['api -> web TCP 80'] }],
  ['contains is a part', label('app contains "e"'), { allowed: ['web -> api TCP 80'], denied: ['api -> web TCP 80'] }],
  ['starts with', label('app starts with "a"'), { allowed: ['api -> web TCP 80'], denied: ['web -> api TCP 80'] }],
  ['endswith in one word', label('app endswith "b"'), { allowed: ['web -> api TCP 80'], denied: ['api -> web TCP 80'] }],
  ['contains never holds of an absent label', label('missing contains ""'), { denied: both }],
  ['&& binds before ||', label('app == "api" || app == "web" && has(missing)'), { allowed: ['api -> web TCP 80'], denied: ['web -> api TCP 80'] }],
  ['parentheses before both', label('(app == "api" || app == "web") && has(tier)'), { allowed: ['web -> api TCP 80'], denied: ['api -> web TCP 80'] }],
  ['! is of the whole test behind it', label('!app == "web"'), { allowed: ['api -> web TCP 80'], denied: ['web -> api TCP 80'] }],
  ['twice it is nothing', label('!!has(tier)'), { allowed: ['web -> api TCP 80'], denied: ['api -> web TCP 80'] }],
]);

const sets = `---\napiVersion: ${V3}\nkind: GlobalNetworkSet\nmetadata: {name: partners, labels: {role: partner}}\nspec: {nets: [203.0.113.0/24, "2001:db8::/32"]}\n---\napiVersion: ${V3}\nkind: NetworkSet\nmetadata: {name: own, namespace: shop, labels: {role: own}}\nspec: {nets: [198.51.100.7]}\n`;

group('addresses', [
  ['nets are addresses, whoever has them', egress('[{action: Allow, destination: {nets: [203.0.113.0/24, 10.244.1.1/32]}}]'), {
    allowed: ['web -> 203.0.113.0 TCP 443', 'web -> 203.0.113.255 TCP 443', 'web -> db TCP 5432'], denied: ['web -> 203.0.114.0 TCP 443', 'web -> tool TCP 80'],
  }],
  ['notNets are all others of their version', egress('[{action: Allow, destination: {notNets: [203.0.113.0/24]}}]'), { allowed: ['web -> 198.51.100.7 TCP 443'], denied: ['web -> 203.0.113.7 TCP 443', 'web6 -> 2001:db8::7 TCP 443'] }],
  ['nets with notNets have a hole', egress('[{action: Allow, destination: {nets: [203.0.113.0/24], notNets: [203.0.113.64/26]}}]'), { allowed: ['web -> 203.0.113.63 TCP 443', 'web -> 203.0.113.128 TCP 443'], denied: ['web -> 203.0.113.64 TCP 443', 'web -> 203.0.113.127 TCP 443'] }],
  ['IPv6 nets', egress('[{action: Allow, destination: {nets: ["2001:db8::/32"]}}]'), { allowed: ['web6 -> 2001:db8::7 TCP 443'], denied: ['web6 -> 2001:dead::7 TCP 443', 'web -> 203.0.113.7 TCP 443'] }],
  ['ipVersion alone', egress('[{action: Allow, ipVersion: 6}]'), { allowed: ['web6 -> 2001:db8::7 TCP 443', 'web6 -> api6 TCP 80'], denied: ['web -> api TCP 80'] }],
  ['a global set is selected from a global policy', `${sets}${gnp('namespaceSelector: all()\ntypes: [Egress]\negress: [{action: Allow, destination: {selector: role == "partner"}}]')}`, { allowed: ['web -> 203.0.113.7 TCP 443', 'web6 -> 2001:db8::7 TCP 443'], denied: ['web -> 198.51.100.7 TCP 443', 'web -> api TCP 80'] }],
  ['and from a namespaced one by global()', `${sets}${egress('[{action: Allow, destination: {selector: role == "partner", namespaceSelector: global()}}]')}`, { allowed: ['web -> 203.0.113.7 TCP 443'], denied: ['web -> 198.51.100.7 TCP 443'] }],
  ['and not without', `${sets}${egress('[{action: Allow, destination: {selector: role == "partner"}}]')}`, { denied: ['web -> 203.0.113.7 TCP 443'] }],
  ['a set of the namespace is', `${sets}${egress('[{action: Allow, destination: {selector: role == "own"}}]')}`, { allowed: ['web -> 198.51.100.7 TCP 443'], denied: ['web -> 198.51.100.8 TCP 443'] }],
]);

group('ports and protocols', [
  ['a number, a range and a name are alternatives', ingress('[{action: Allow, protocol: TCP, destination: {ports: [443, "8080:8090", http]}}]'), {
    allowed: ['web -> api TCP 443', 'web -> api TCP 8080', 'web -> api TCP 8090', 'web -> api TCP 80'], denied: ['web -> api TCP 8091', 'web -> api UDP 443', 'web -> api TCP 8079'],
  }],
  ['a name is that of the pod at its end, at egress too', egress('[{action: Allow, protocol: TCP, destination: {ports: [http]}}]'), { allowed: ['web -> api TCP 80', 'api -> web TCP 8080'], denied: ['web -> api TCP 8080', 'web -> 203.0.113.7 TCP 80'] }],
  ['a name alone needs no protocol', ingress('[{action: Allow, destination: {ports: [stats]}}]'), { allowed: ['web -> api UDP 9000'], denied: ['web -> api TCP 9000'] }],
  ['notPorts are all others', ingress('[{action: Allow, protocol: TCP, destination: {notPorts: [80]}}]'), { allowed: ['web -> api TCP 81'], denied: ['web -> api TCP 80', 'web -> api UDP 81'] }],
  ['ports of the source', ingress('[{action: Allow, protocol: TCP, source: {ports: [40000]}}]'), { allowed: ['web -> api TCP 80'], denied: ['web -> api TCP 80 from 50000'] }],
  ['a protocol by its number', ingress('[{action: Allow, protocol: 47}]'), { allowed: ['web -> api 47'], denied: ['web -> api TCP 80'] }],
  ['SCTP', ingress('[{action: Allow, protocol: SCTP, destination: {ports: [7000]}}]'), { allowed: ['web -> api SCTP 7000'], denied: ['web -> api TCP 7000'] }],
  ['UDPLite is no UDP', ingress('[{action: Allow, protocol: UDPLite}]'), { allowed: ['web -> api UDPLite 80'], denied: ['web -> api UDP 80'] }],
  ['notProtocol is every other one', ingress('[{action: Allow, notProtocol: TCP}]'), { allowed: ['web -> api UDP 80', 'web -> api ICMP 8'], denied: ['web -> api TCP 80'] }],
  ['ICMP by type', ingress('[{action: Allow, protocol: ICMP, icmp: {type: 8}}]'), { allowed: ['web -> api ICMP 8', 'web -> api ICMP 8/1'], denied: ['web -> api ICMP 0', 'web -> api TCP 80', 'web6 -> api6 ICMPv6 8'] }],
  ['and code', ingress('[{action: Allow, protocol: ICMP, icmp: {type: 3, code: 1}}]'), { allowed: ['web -> api ICMP 3/1'], denied: ['web -> api ICMP 3', 'web -> api ICMP 8'] }],
  ['notICMP is every other message', ingress('[{action: Allow, protocol: ICMP, notICMP: {type: 8}}]'), { allowed: ['web -> api ICMP 0'], denied: ['web -> api ICMP 8', 'web -> api TCP 80'] }],
  ['ICMPv6', ingress('[{action: Allow, protocol: ICMPv6, icmp: {type: 128}}]'), { allowed: ['web6 -> api6 ICMPv6 128'], denied: ['web6 -> api6 ICMPv6 129', 'web -> api ICMP 8'] }],
  ['all criteria of a rule must hold', ingress('[{action: Allow, protocol: TCP, source: {selector: app == "web"}, destination: {ports: [80]}}]'), { allowed: ['web -> api TCP 80'], denied: ['web -> api TCP 81', 'db -> api TCP 80'] }],
]);

const service = (spec: string): string => `---\napiVersion: v1\nkind: Service\nmetadata: {name: target, namespace: data}\nspec: ${spec}\n`;
const slice = '---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: target-1, namespace: data, labels: {kubernetes.io/service-name: target}}\naddressType: IPv4\nendpoints: [{addresses: [203.0.113.7]}]\nports: [{port: 443, protocol: TCP}]\n';
const toTarget = '[{action: Allow, destination: {services: {name: target, namespace: data}}}]';

group('Services', [
  ['a destination is the endpoints on their ports', `${egress(toTarget)}${service('{selector: {app: db}, ports: [{port: 80, targetPort: 5432}]}')}`, { allowed: ['web -> db TCP 5432'], denied: ['web -> db TCP 80', 'web -> tool TCP 5432'] }],
  ['a node behind one may have any port of that name', `${egress(toTarget.replace('namespace: data', 'namespace: shop'))}${service('{selector: {app: web}, ports: [{port: 80, targetPort: http}]}').replace('namespace: data', 'namespace: shop')}`, {
    unknown: ['api -> agent TCP 8080', 'api -> agent TCP 9'], denied: ['api -> agent UDP 8080', 'api -> web TCP 9090'], allowed: ['api -> web TCP 8080'],
  }],
  ['ports by name are those of the pods', `${egress(toTarget)}${service('{selector: {app: db}, ports: [{port: 80, targetPort: sql}]}')}`, { allowed: ['web -> db TCP 5432'], denied: ['web -> db TCP 80'] }],
  ['where slices are stated these are the endpoints', `${egress(toTarget)}${service('{ports: [{port: 80}]}')}${slice}`, { allowed: ['web -> 203.0.113.7 TCP 443'], denied: ['web -> 203.0.113.7 TCP 80', 'web -> 198.51.100.7 TCP 443'] }],
  ['a source is the endpoints on any port', `${ingress('[{action: Allow, source: {services: {name: target, namespace: data}}}]')}${service('{selector: {app: db}, ports: [{port: 80}]}')}`, { allowed: ['db -> web TCP 1', 'db -> web UDP 9'], denied: ['tool -> web TCP 80'] }],
  ['which pods in the network of their nodes are among them is not known', `${ingress('[{action: Allow, source: {services: {name: target, namespace: data}}}]')}${service('{selector: {app: db}, ports: [{port: 80}]}')}`, { unknown: ['agent -> api TCP 80'] }],
]);

const http = (conditions: string): string => ingress(`[{action: Allow, protocol: TCP, source: {selector: all()}, http: ${conditions}}]`);

group('requests', [
  ['only those that match pass', http('{methods: [GET]}'), { allowed: ['web -> api TCP 80 GET /'], denied: ['web -> api TCP 80 POST /', 'db -> api TCP 80 GET /'], partial: ['web -> api TCP 80'] }],
  ['a path is whole or a prefix of segments', http('{paths: [{exact: /a}, {prefix: /b}]}'), { allowed: ['web -> api TCP 80 GET /a', 'web -> api TCP 80 GET /b/c', 'web -> api TCP 80 GET /a?x=1'], denied: ['web -> api TCP 80 GET /a/b', 'web -> api TCP 80 GET /bc'] }],
  ['before 3.31 a prefix is of letters', http('{paths: [{prefix: /b}]}'), { allowed: ['web -> api TCP 80 GET /b/c', 'web -> api TCP 80 GET /bc'], denied: ['web -> api TCP 80 GET /a'] }, { version: '3.30' }],
  ['methods and paths must both match', http('{methods: [GET], paths: [{exact: /a}]}'), { allowed: ['web -> api TCP 80 GET /a'], denied: ['web -> api TCP 80 POST /a', 'web -> api TCP 80 GET /b'] }],
]);
