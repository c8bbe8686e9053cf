import { App, Chart } from 'cdk8s';
import { SWITCHED_ON } from './support';
import { Cluster, Cni } from '../../../src';
import { CiliumCidrGroup } from '../../../src/constructs/cilium/cilium-cidr-group';
import { CiliumClusterwideNetworkPolicy, CiliumClusterwideNetworkPolicyProps } from '../../../src/constructs/cilium/cilium-clusterwide-network-policy';
import { CiliumNetworkPolicy, CiliumNetworkPolicyProps } from '../../../src/constructs/cilium/cilium-network-policy';
import { CiliumEntity } from '../../../src/constructs/cilium/peers';
import { CiliumAuthenticationMode, CiliumEgressRule, CiliumIngressRule } from '../../../src/constructs/cilium/rules';
import { CiliumLabelOperator } from '../../../src/constructs/cilium/selector';
import { CiliumEnvoyConfigKind, CiliumIcmpFamily, CiliumPort, CiliumPortRule, CiliumProtocol } from '../../../src/constructs/cilium/traffic';

const chartOn = (cni: Cni): Chart => {
  const app = new App();
  Cluster.of(app).configure({ cni });
  return new Chart(app, 'shop', { namespace: 'shop' });
};

const { TCP, UDP, SCTP } = CiliumProtocol;
const ALL_ON = Cni.cilium('1.20', SWITCHED_ON);

const policy = (props: CiliumNetworkPolicyProps, cni: Cni = ALL_ON) => () => { new CiliumNetworkPolicy(chartOn(cni), 'p', props); };
const clusterwide = (props: CiliumClusterwideNetworkPolicyProps, cni: Cni = ALL_ON) => () => { new CiliumClusterwideNetworkPolicy(chartOn(cni), 'p', props); };
const ingress = (rule: CiliumIngressRule, cni?: Cni) => policy({ endpointSelector: {}, ingress: [rule] }, cni);
const egress = (rule: CiliumEgressRule, cni?: Cni) => policy({ endpointSelector: {}, egress: [rule] }, cni);
const onPort = (port: object, rest: Partial<CiliumPortRule> = {}) => ingress({ toPorts: [{ ports: [port as CiliumPort], ...rest }] });
const outOn = (port: object, rest: Partial<CiliumPortRule> = {}, cni?: Cni) => egress({ toPorts: [{ ports: [port as CiliumPort], ...rest }] }, cni);

/** What is stated, how it is refused, and the words that say why and what instead. */
const REFUSED: [string, () => void, RegExp][] = [
  ['no rules', policy({ endpointSelector: {} }), /^shop\/p: spec: at least one of ingress, ingressDeny, egress, egressDeny is needed; .*ingress: \[\{\}\]/],
  ['no selector', policy({ ingress: [{}] }), /spec: endpointSelector is needed; \{\} is every pod of the namespace/],
  ['an empty list of rules', policy({ endpointSelector: {}, ingress: [] }), /spec\.ingress: an empty list .*\[\{\}\]/],
  ['an empty list of specs', policy({ specs: [] }), /specs: an empty list says nothing/],
  ['an empty list of peers', ingress({ fromEndpoints: [] }), /spec\.ingress\[0\]\.fromEndpoints: an empty list/],
  ['an empty list of entities', ingress({ fromEntities: [] }), /fromEntities: an empty list/],
  ['an empty list of ports, which would be every port', ingress({ toPorts: [] }), /toPorts: an empty list/],
  ['an entry without ports', ingress({ toPorts: [{ ports: [] }] }), /toPorts\[0\]\.ports: an empty list .*matches nothing/],
  ['an empty list of ICMP messages', ingress({ icmps: [] }), /icmps: an empty list/],
  ['a deny rule that denies nothing', policy({ endpointSelector: {}, ingressDeny: [{}] }), /ingressDeny\[0\]: a deny rule without peers and ports denies nothing/],
  ['default deny without a rule', policy({ endpointSelector: {}, ingress: [{}], enableDefaultDeny: { egress: true } }), /enableDefaultDeny\.egress: Cilium ignores it without a rule/],

  ['port 65536', onPort({ port: 65536, protocol: TCP }), /ports\[0\]\.port: must be a port from 1 to 65535, got 65536/],
  ['port 0', onPort({ port: 0, protocol: TCP }), /got 0; for every port of the protocol leave it out/],
  ['a port as text', onPort({ port: '80' }), /got "80"/],
  ['a fraction of a port', onPort({ port: 80.5 }), /got 80\.5/],
  ['a range that ends where it begins', onPort({ port: 80, endPort: 80, protocol: TCP }), /endPort: 80 is not above port 80, and Cilium would take the single port 80/],
  ['a range that ends before it begins', onPort({ port: 80, endPort: 79, protocol: TCP }), /79 is not above port 80/],
  ['a range beside a name', onPort({ portName: 'http', endPort: 90 }), /endPort: Cilium ignores it beside a name \(http\)/],
  ['a range without a beginning', onPort({ endPort: 90 }), /endPort: a range needs port/],
  ['a number and a name', onPort({ port: 80, portName: 'http' }), /state one of port and portName/],
  ['a name that is none', onPort({ portName: 'a--b' }), /port name "a--b" is invalid/],
  ['a protocol that there is not', onPort({ port: 80, protocol: 'QUIC' }), /must be one of TCP.*not "QUIC"/],
  ['ports of VRRP', onPort({ port: 80, protocol: CiliumProtocol.VRRP }), /VRRP has no ports/],
  ['a field that there is not', ingress({ toPort: [{ port: 80 }] } as never), /ingress\[0\]\.toPort: unknown field/],
  ['a field of a port that there is not', onPort({ port: 80, prot: 'TCP' }), /ports\[0\]\.prot: unknown field/],
  ['a field of a selector that there is not', policy({ endpointSelector: { matchLabel: { app: 'api' } } as never, ingress: [{}] }), /endpointSelector\.matchLabel: unknown field/],
  ['a field of a spec that there is not', policy({ endpointSelector: {}, ingress: [{}], ingresDeny: [{}] } as never), /^shop\/p: ingresDeny: unknown field/],

  ['HTTP without a protocol', onPort({ port: 80 }, { http: [{ path: '/' }] }), /http rules apply to TCP only; state protocol: CiliumProtocol\.TCP, not ANY/],
  ['HTTP over UDP', onPort({ port: 80, protocol: UDP }, { http: [{ path: '/' }] }), /not UDP/],
  ['HTTP on every port', onPort({ protocol: TCP }, { http: [{ path: '/' }] }), /http rules need a port/],
  ['HTTP without requests', onPort({ port: 80, protocol: TCP }, { http: [] }), /http: an empty list/],
  ['a path that no engine compiles', onPort({ port: 80, protocol: TCP }, { http: [{ path: '/(' }] }), /http\[0\]\.path: "\/\(" is no pattern of RE2/],
  ['a path that RE2 does not have', onPort({ port: 80, protocol: TCP }, { http: [{ path: '/(?!admin).*' }] }), /is no pattern of RE2/],
  ['a path that matches no whole path', onPort({ port: 80, protocol: TCP }, { http: [{ path: 'users' }] }), /must match the whole path, which begins with "\/"; write "\/users"/],
  ['a method in lower case', onPort({ port: 80, protocol: TCP }, { http: [{ method: 'get|head' }] }), /methods are in upper case.*write "GET\|HEAD"/],
  ['a header with its colon in its name', onPort({ port: 80, protocol: TCP }, { http: [{ headers: ['X-Token:1'] }] }), /write "X-Token: 1"/],
  ['a header without a name', onPort({ port: 80, protocol: TCP }, { http: [{ headers: [' value'] }] }), /names no header/],
  ['a header with two values', onPort({ port: 80, protocol: TCP }, { http: [{ headerMatches: [{ name: 'K', value: 'v', secretName: 's' }] }] }), /state one of value and secretName/],
  ['DNS rules for ingress', onPort({ port: 53, protocol: UDP }, { dns: [{ matchPattern: '*' }] }), /DNS rules are for egress only/],
  ['DNS rules on a range', outOn({ port: 53, endPort: 54, protocol: UDP }, { dns: [{ matchPattern: '*' }] }), /DNS rules need single ports/],
  ['DNS rules over SCTP', outOn({ port: 53, protocol: SCTP }, { dns: [{ matchPattern: '*' }] }), /DNS rules are for UDP and TCP, not SCTP/],
  ['HTTP beside DNS', outOn({ port: 53, protocol: TCP }, { dns: [{ matchPattern: '*' }], http: [{}] }), /http and dns cannot stand in one entry/],
  ['a name that is none', outOn({ port: 53, protocol: UDP }, { dns: [{ matchName: 'a..b' }] }), /matchName/],
  ['a name and a pattern', outOn({ port: 53, protocol: UDP }, { dns: [{ matchName: 'a.b', matchPattern: '*' }] }), /exactly one of matchName, matchPattern/],
  ['server names beside HTTP without TLS', onPort({ port: 443, protocol: TCP }, { http: [{}], serverNames: ['a.example.com'] }), /serverNames: beside http rules the TLS connection must be terminated/],
  ['server names without one', onPort({ port: 443, protocol: TCP }, { serverNames: [] }), /serverNames: an empty list/],
  ['a listener for ingress', onPort({ port: 443, protocol: TCP }, { listener: { name: 'l', envoyConfig: 'c' } }), /listeners are for egress only/],
  ['a listener beside HTTP', outOn({ port: 443, protocol: TCP }, { listener: { name: 'l', envoyConfig: 'c' }, http: [{}] }), /listener: traffic that goes to a listener has no http rules/],
  ['a listener of a priority that there is not', outOn({ port: 443, protocol: TCP }, { listener: { name: 'l', envoyConfig: 'c', priority: 101 } }), /priority: must be at most 100/],
  ['names without a DNS rule', egress({ toFqdns: [{ matchName: 'a.example.com' }] }), /names are never learned without a DNS rule.*dnsElsewhere: true/],

  ['a label that is not part of the identity, of the subject', policy({ endpointSelector: { matchLabels: { 'pod-template-hash': 'x' } }, ingress: [{}] }), /endpointSelector: the label "pod-template-hash" is not part of a pod's identity/],
  ['a label that is not part of the identity, of a peer', ingress({ fromEndpoints: [{ matchExpressions: [{ key: 'k8s:statefulset.kubernetes.io/pod-name', operator: CiliumLabelOperator.EXISTS }] }] }), /not part of a pod's identity/],
  ['another namespace in the subject', policy({ endpointSelector: { matchLabels: { 'io.kubernetes.pod.namespace': 'data' } }, ingress: [{}] }), /a policy of namespace shop is about endpoints of its own namespace/],
  ['a label that is none', policy({ endpointSelector: { matchLabels: { 'a b': 'c' } }, ingress: [{}] }), /label key "a b" is invalid/],
  ['a value that is none', policy({ endpointSelector: { matchLabels: { a: 'b c' } }, ingress: [{}] }), /label value/],
  ['a value that is a number', policy({ endpointSelector: { matchLabels: { a: 1 as never } }, ingress: [{}] }), /must be a string, not the number 1/],
  ['In without values', policy({ endpointSelector: { matchExpressions: [{ key: 'a', operator: CiliumLabelOperator.IN }] }, ingress: [{}] }), /values/],
  ['Exists with values', policy({ endpointSelector: { matchExpressions: [{ key: 'a', operator: CiliumLabelOperator.EXISTS, values: ['b'] }] }, ingress: [{}] }), /values/],

  ['an address without a prefix length', ingress({ fromCidr: ['203.0.113.7'] }), /fromCidr\[0\]: "203\.0\.113\.7" has no prefix length; did you mean "203\.0\.113\.7\/32"/],
  ['bits beyond the prefix', ingress({ fromCidr: ['203.0.113.7/24'] }), /did you mean "203\.0\.113\.0\/24"/],
  ['an exception outside the range', ingress({ fromCidrSet: [{ cidr: '203.0.113.0/24', except: ['10.0.0.0/8'] }] }), /10\.0\.0\.0\/8 is not a part of 203\.0\.113\.0\/24/],
  ['an exception of a group', ingress({ fromCidrSet: [{ cidrGroupRef: 'g', except: ['10.0.0.0/8'] }] }), /exceptions are of a stated range, not of groups/],
  ['a range and a group', ingress({ fromCidrSet: [{ cidr: '10.0.0.0/8', cidrGroupRef: 'g' }] }), /must have exactly one of cidr, cidrGroupRef, cidrGroupSelector/],
  ['an entity that there is not', ingress({ fromEntities: ['world-ipv4' as CiliumEntity] }), /must be one of all, world.*not "world-ipv4"/],
  ['the Service of the API server', egress({ toServices: [{ name: 'kubernetes', namespace: 'default' }] }), /use toEntities: \[CiliumEntity\.KUBE_APISERVER\]/],
  ['a Service by name and labels', egress({ toServices: [{ name: 'a', selector: {} }] }), /exactly one of name and selector/],
  ['a Service of no namespace', clusterwide({ endpointSelector: {}, egress: [{ toServices: [{ name: 'a' }] }] }), /a clusterwide policy has no namespace; state that of the Service/],
  ['a group of a cloud without conditions', egress({ toGroups: [{ region: 'eu-west-1' }] }), /a group needs labels, ids or names/],

  ['an ICMP message by number and name', ingress({ icmps: [{ type: 8, typeName: 'EchoRequest' }] }), /exactly one of type and typeName/],
  ['an ICMP message that IPv4 has not', ingress({ icmps: [{ typeName: 'PacketTooBig' }] }), /"PacketTooBig" is no message of IPv4/],
  ['an ICMP type that there is not', ingress({ icmps: [{ type: 256 }] }), /from 0 to 255, got 256/],
  ['an ICMP family that there is not', ingress({ icmps: [{ type: 8, family: 'IPv5' as CiliumIcmpFamily }] }), /must be IPv4 or IPv6/],

  ['nodes and pods', clusterwide({ endpointSelector: {}, nodeSelector: {}, ingress: [{}] }), /exactly one of endpointSelector and nodeSelector/],
  ['nodes in a policy of a namespace', policy({ nodeSelector: {}, ingress: [{}] } as never), /use CiliumClusterwideNetworkPolicy/],
  ['HTTP for nodes', clusterwide({ nodeSelector: {}, ingress: [{ toPorts: [{ ports: [{ port: 80, protocol: TCP }], http: [{}] }] }] }), /rules about nodes have no such conditions/],
  ['a listener of a namespace in a clusterwide policy', clusterwide({ endpointSelector: {}, egress: [{ toPorts: [{ ports: [{ port: 80, protocol: TCP }], listener: { name: 'l', envoyConfig: 'c', envoyConfigKind: CiliumEnvoyConfigKind.CILIUM_ENVOY_CONFIG } }] }] }), /use a CiliumClusterwideEnvoyConfig/],
  ['text that Hubble cannot show', policy({ endpointSelector: {}, ingress: [{}], log: 'a\nb' }), /log\.value: must be printable text/],
  ['a label of the rule without a key', policy({ endpointSelector: {}, ingress: [{}], labels: [{ value: 'b' } as never] }), /labels\[0\]\.key: is required/],
  ['an object name that is none', policy({ endpointSelector: {}, ingress: [{}], name: 'A B' }), /^shop\/p: policy name "A B" is invalid/],

  ['a group without ranges', () => { new CiliumCidrGroup(chartOn(ALL_ON), 'g', { cidrs: [] }); }, /^shop\/g: cidrs: an empty list/],
  ['a group with a range that is none', () => { new CiliumCidrGroup(chartOn(ALL_ON), 'g', { cidrs: ['nowhere'] }); }, /^shop\/g: cidrs\[0\]: "nowhere" is not a CIDR/],
];

test.each(REFUSED)('%s is refused where it is stated, with the reason', (_name, state, why) => {
  expect(state).toThrow(why);
});

test('each refusal begins with the construct path', () => {
  for (const [name, state] of REFUSED) {
    let message = '';
    try { state(); } catch (error) { message = (error as Error).message; }
    expect(`${name}: ${message.slice(0, 6)}`).toMatch(/: shop\/[pg]$/);
  }
});

/** What an agent takes with a flag only. */
const FLAGS: [string, (cni: Cni) => () => void, string][] = [
  ['nodes as peers', cni => ingress({ fromNodes: [{}] }, cni), 'nodeSelectorLabels'],
  ['rules about nodes', cni => clusterwide({ nodeSelector: {}, ingress: [{}] }, cni), 'hostFirewall'],
  ['GRE', cni => outOn({ protocol: CiliumProtocol.GRE }, {}, cni), 'extendedProtocols'],
  ['mutual authentication', cni => ingress({ authentication: CiliumAuthenticationMode.REQUIRED }, cni), 'mutualAuthentication'],
];

test.each(FLAGS)('%s need a fact', (_name, state, fact) => {
  expect(state(Cni.cilium('1.20'))).toThrow(new RegExp(`the facts do not say that it is on; .*Cni\\.cilium\\(version, \\{ ${fact}: true \\}\\)`));
  expect(state(Cni.cilium('1.20', { [fact]: true }))).not.toThrow();
});

/** What not every version has. */
const VERSIONED: [string, (cni: Cni) => () => void, string, string][] = [
  ['the entity cluster-mesh', cni => ingress({ fromEntities: [CiliumEntity.CLUSTER_MESH] }, cni), '1.20', '1.19'],
  ['IGMP', cni => outOn({ protocol: CiliumProtocol.IGMP }, {}, cni), '1.19', '1.18'],
  ['GRE', cni => outOn({ protocol: CiliumProtocol.GRE }, {}, cni), '1.20', '1.19'],
  ['Kafka', cni => ingress({ toPorts: [{ ports: [{ port: 9092, protocol: TCP }], kafka: [{ role: 'produce', topic: 'orders' }] }] }, cni), '1.19', '1.20'],
  ['names of any depth', cni => outOn({ port: 53, protocol: UDP }, { dns: [{ matchPattern: '**.example.com' }] }, cni), '1.19', '1.18'],
  ['a wildcard within a server name', cni => outOn({ port: 443, protocol: TCP }, { serverNames: ['api-*.example.com'] }, cni), '1.20', '1.19'],
];

test.each(VERSIONED)('%s: as the version has it', (_name, state, has, hasNot) => {
  const on = (version: string) => Cni.cilium(version, version === '1.18' ? {} : { extendedProtocols: true });
  expect(state(on(has))).not.toThrow();
  expect(state(on(hasNot))).toThrow(/^shop\/p: /);
});

test('names may be learned by a rule of another policy, when that is said', () => {
  expect(policy({ endpointSelector: {}, egress: [{ toFqdns: [{ matchName: 'a.example.com' }] }], dnsElsewhere: true })).not.toThrow();
});

test.each([['kubernetes', Cni.kubernetes()], ['calico', Cni.calico('3.30')]])('on %s each construct names what is written for every CNI', (name, cni) => {
  expect(policy({ endpointSelector: {}, ingress: [{}] }, cni)).toThrow(new RegExp(`^shop/p: CiliumNetworkPolicy is an object of Cilium, and the fact cni is ${name}.*; say it with NetworkPolicy`));
  expect(clusterwide({ endpointSelector: {}, ingress: [{}] }, cni)).toThrow(/say it with ClusterPolicy/);
  expect(() => { new CiliumCidrGroup(chartOn(cni), 'g', { cidrs: ['10.0.0.0/8'] }); }).toThrow(/CalicoGlobalNetworkSet/);
});

test('facts cannot be stated after a native policy was made', () => {
  const chart = chartOn(ALL_ON);
  new CiliumNetworkPolicy(chart, 'p', { endpointSelector: {}, ingress: [{}] });
  expect(() => Cluster.of(chart).configure({ podCidrs: ['10.0.0.0/8'] })).toThrow(/stated too late/);
});
