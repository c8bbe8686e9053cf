import { chartOn } from './support';
import { Cni, LabelExpression } from '../../../src';
import { CalicoGlobalNetworkPolicy, CalicoGlobalNetworkPolicyProps } from '../../../src/constructs/calico/calico-global-network-policy';
import { CalicoGlobalNetworkSet } from '../../../src/constructs/calico/calico-global-network-set';
import { CalicoNetworkPolicy, CalicoNetworkPolicyProps } from '../../../src/constructs/calico/calico-network-policy';
import { CalicoNetworkSet } from '../../../src/constructs/calico/calico-network-set';
import {
  CalicoStagedKubernetesNetworkPolicy, CalicoStagedKubernetesNetworkPolicyProps,
} from '../../../src/constructs/calico/calico-staged-kubernetes-network-policy';
import { CalicoStagedNetworkPolicy, CalicoStagedNetworkPolicyProps } from '../../../src/constructs/calico/calico-staged-network-policy';
import { CalicoPolicyType, CalicoStagedAction } from '../../../src/constructs/calico/policy-spec';
import { CalicoPort } from '../../../src/constructs/calico/port';
import { CalicoProtocol } from '../../../src/constructs/calico/protocol';
import { CalicoAction, CalicoEntity, CalicoRule } from '../../../src/constructs/calico/rule';
import { CalicoSelector } from '../../../src/constructs/calico/selector';
import { CalicoTier, CalicoTierAction } from '../../../src/constructs/calico/tier';

const { ALLOW, DENY } = CalicoAction;
const { TCP, ICMP, ICMPV6 } = CalicoProtocol;
const NEWEST = Cni.calico('3.33', { applicationLayerPolicy: true });

const policy = (props: CalicoNetworkPolicyProps, cni = NEWEST) => () => { new CalicoNetworkPolicy(chartOn(cni), 'p', props); };
const global = (props: CalicoGlobalNetworkPolicyProps, cni = NEWEST) => () => { new CalicoGlobalNetworkPolicy(chartOn(cni), 'p', props); };
const staged = (props: CalicoStagedNetworkPolicyProps) => () => { new CalicoStagedNetworkPolicy(chartOn(NEWEST), 'p', props); };
const kubernetes = (props: CalicoStagedKubernetesNetworkPolicyProps) => () => { new CalicoStagedKubernetesNetworkPolicy(chartOn(NEWEST), 'p', props); };
const ingress = (rule: Partial<CalicoRule>, cni?: Cni) => policy({ ingress: [{ action: ALLOW, ...rule }] }, cni);
const egress = (rule: Partial<CalicoRule>) => policy({ egress: [{ action: ALLOW, ...rule }] });
const source = (entity: CalicoEntity, rule: Partial<CalicoRule> = {}) => ingress({ ...rule, source: entity });
const INGRESS = [CalicoPolicyType.INGRESS];
const BOTH = ['10.0.0.0/8', '2001:db8::/32'];

/** What is stated, how it is refused, and the words that say why and what instead. */
const REFUSED: [string, () => void, RegExp][] = [
  ['neither rules nor types', policy({}), /^shop\/p: types: a policy without rules must state which directions it closes/],
  ['an empty list of rules', policy({ ingress: [] }), /ingress: an empty list .*state types/],
  ['rules of a direction that is not among the types', policy({ types: INGRESS, egress: [{ action: ALLOW }] }), /types: Egress is not among them, and the rules of that direction would be ignored/],
  ['an action that there is not', ingress({ action: 'Drop' as CalicoAction }), /ingress\[0\]\.action: must be one of Allow, Deny, Log, Pass, not "Drop"/],
  ['a field of a rule that there is not', ingress({ protcol: TCP } as never), /ingress\[0\]\.protcol: unknown field/],
  ['domains, which are Calico Enterprise\'s', egress({ destination: { domains: ['example.com'] } as never }), /domains/],

  ['ports without a protocol', source({ ports: [CalicoPort.number(80)] }), /need a protocol|must set protocol|protocol/],
  ['ports of ICMP', source({ ports: [CalicoPort.number(80)] }, { protocol: ICMP }), /TCP, UDP or SCTP/],
  ['an empty list of ports, which would be every port', source({ ports: [] }, { protocol: TCP }), /source\.ports: an empty list/],
  ['a port as text', source({ ports: ['80' as never] }, { protocol: TCP }), /neither a CalicoProtocol nor a CalicoPort/],
  ['a protocol as text', ingress({ protocol: 'tcp' as never }), /"tcp" is neither a CalicoProtocol nor a CalicoPort/],
  ['an ICMP code without a type', ingress({ protocol: ICMP, icmp: { code: 0 } }), /a code needs a type/],
  ['ICMP messages without the protocol', ingress({ icmp: { type: 8 } }), /ICMP/],
  ['an ICMP type that there is not', ingress({ protocol: ICMP, icmp: { type: 255 } }), /must be at most 254/],
  ['ICMP of IPv6', ingress({ protocol: ICMP, ipVersion: 6 }), /ICMP is of IPv4|ICMPv6/],

  ['an empty list of ranges, which would be any address', source({ nets: [] }), /source\.nets: an empty list/],
  ['an address without a prefix length', source({ nets: ['10.0.0.1'] }), /source\.nets\[0\]: "10\.0\.0\.1" has no prefix length; did you mean "10\.0\.0\.1\/32"/],
  ['bits beyond the prefix', source({ nets: ['10.0.0.1/8'] }), /did you mean "10\.0\.0\.0\/8"/],
  ['every address left out', source({ notNets: ['0.0.0.0/0'] }), /is every address/],
  ['ranges of two IP versions at two ends', egress({ source: { nets: ['10.0.0.0/8'] }, destination: { nets: ['2001:db8::/32'] } }), /no packet is of both IP versions/],
  ['ranges of both IP versions in a rule of one', source({ nets: BOTH }, { ipVersion: 4 }), /is of IPv4 and has ranges of both IP versions/],
  ['ranges of the other IP version than ICMP', source({ nets: BOTH }, { protocol: ICMP }), /ICMP is of IPv4, and a range is not; state a rule with ICMPV6/],
  ['ranges of the other IP version than ICMPv6', source({ nets: ['10.0.0.0/8'] }, { protocol: ICMPV6 }), /ICMPv6 is of IPv6/],

  ['global() in a selector', source({ selector: CalicoSelector.globalOnly() }), /global\(\) may only stand alone/],
  ['global() beside another condition', source({ namespaceSelector: CalicoSelector.anyOf(CalicoSelector.globalOnly(), CalicoSelector.exists('a')) }), /global\(\) may only stand alone/],
  ['global() of a policy', global({ types: INGRESS, namespaceSelector: CalicoSelector.globalOnly() }), /global\(\)/],
  ['service accounts without a condition', source({ serviceAccounts: {} }), /states neither names nor a selector, and would be ignored/],
  ['a Service beside a selector', source({ services: { name: 'a' }, selector: CalicoSelector.all() }), /services/],
  ['a Service as the destination of ingress', ingress({ destination: { services: { name: 'a' } } }), /services/],
  ['a Service of no namespace in a global policy', global({ ingress: [{ action: ALLOW, source: { services: { name: 'a' } } }] }), /namespace/],

  ['HTTP in a rule that denies', ingress({ action: DENY, http: { methods: ['GET'] } }), /http/],
  ['HTTP in an egress rule', egress({ http: { methods: ['GET'] } }), /http/],
  ['HTTP over UDP', ingress({ protocol: CalicoProtocol.UDP, http: { methods: ['GET'] } }), /http/],
  ['a method in lower case', ingress({ http: { methods: ['get'] } }), /ingress\[0\]\.http\.methods\[0\]: methods are in upper case, and "get" matches none; write "GET"/],
  ['a service account with a name that is none', source({ serviceAccounts: { names: ['api', 'A b'] } }), /serviceAccounts\.names\[1\]: service account "A b" is invalid/],
  ['labels as a selector', policy({ selector: { labels: { app: 'api' } } as never, types: INGRESS }), /selector: must be a CalicoSelector/],
  ['a field of an end that there is not', source({ net: ['10.0.0.0/8'] } as never), /ingress\[0\]\.source\.net: unknown field; known are nets,/],
  ['a method twice', ingress({ http: { methods: ['GET', 'GET'] } }), /GET/],
  ['a path with a query', ingress({ http: { paths: [{ exact: '/a?b=c' }] } }), /path/],
  ['a path by its whole and its beginning', ingress({ http: { paths: [{ exact: '/a', prefix: '/b' }] } }), /exactly one of exact, prefix/],
  ['HTTP without application layer policy', ingress({ http: { methods: ['GET'] } }, Cni.calico('3.33')), /every request would pass.*applicationLayerPolicy: true/],

  ['a name with a dot', policy({ name: 'a.b', types: INGRESS }), /name: "a\.b" has a dot, which Calico takes for the end of a tier's name/],
  ['a name that is too long', policy({ name: 'a'.repeat(260), types: INGRESS }), /at most 253/],
  ['a name that is none', policy({ name: 'A', types: INGRESS }), /^shop\/p: policy name "A" is invalid/],
  ['an order that is none', policy({ order: Number.NaN, types: INGRESS }), /order: must be a number/],
  ['a tier that is none', policy({ tier: 'security' as never, types: INGRESS }), /neither a CalicoTier nor CalicoTier\.existing/],
  ['a tier of another app', policy({ tier: new CalicoTier(chartOn(NEWEST), 't', { order: 1, defaultAction: CalicoTierAction.PASS }), types: INGRESS }), /is of another app/],
  ['one of Calico\'s own tiers', () => { new CalicoTier(chartOn(NEWEST), 'p', { name: 'default', order: 1, defaultAction: CalicoTierAction.PASS }); }, /one of Calico's own.*CalicoTier\.existing\("default"\)/],
  ['a tier with a dot', () => { new CalicoTier(chartOn(NEWEST), 'p', { name: 'a.b', order: 1, defaultAction: CalicoTierAction.PASS }); }, /Calico tier "a\.b" is invalid/],
  ['a tier without anything', () => { new CalicoTier(chartOn(NEWEST), 'p', {} as never); }, /order: is required, but is missing/],
  ['a tier without a default action', () => { new CalicoTier(chartOn(NEWEST), 'p', { order: 1 } as never); }, /defaultAction: is required, but is missing/],
  ['a tier without an order', () => { new CalicoTier(chartOn(NEWEST), 'p', { order: Number.NaN, defaultAction: CalicoTierAction.PASS }); }, /order: must be a number/],

  ['doNotTrack on pods', global({ doNotTrack: true, types: INGRESS }), /doNotTrack: does nothing on pods; state hostEndpoints: true/],
  ['applyOnForward on pods', global({ applyOnForward: true, types: INGRESS }), /applyOnForward: does nothing on pods/],
  ['doNotTrack with preDnat', global({ hostEndpoints: true, doNotTrack: true, preDnat: true, types: INGRESS }), /leave preDnat or doNotTrack out/],
  ['preDnat with egress', global({ hostEndpoints: true, preDnat: true, egress: [{ action: ALLOW }] }), /preDNAT/],
  ['doNotTrack without applyOnForward', global({ hostEndpoints: true, doNotTrack: true, applyOnForward: false, types: INGRESS }), /applyOnForward: must be true/],
  ['host endpoints of namespaces', global({ hostEndpoints: true, namespaceSelector: CalicoSelector.all(), types: INGRESS }), /host endpoints are in no namespace/],

  ['the preview of a deletion with rules', staged({ stagedAction: CalicoStagedAction.DELETE, ingress: [{ action: ALLOW }] }), /ingress: the preview of a deletion names the policy and its tier only/],
  ['an action of a staged policy that there is not', staged({ stagedAction: 'Remove' as never, types: INGRESS }), /stagedAction/],
  ['a staged Kubernetes policy about nobody', kubernetes({ ingress: [{}] }), /podSelector: is needed/],
  ['a staged Kubernetes policy about pods in other words', kubernetes({ podSelector: { matchLabels: { app: 'api' } } as never, ingress: [{}] }), /podSelector\.matchLabels: unknown field; state labels; known are labels, expressions/],
  ['the same of a peer', kubernetes({ podSelector: {}, ingress: [{ peers: [{ podSelector: { matchLabels: { app: 'api' } } as never }] }] }), /ingress\[0\]\.peers\[0\]\.podSelector\.matchLabels: unknown field; state labels/],
  ['a property of a staged Kubernetes policy that there is not', kubernetes({ podSelector: {}, ingres: [], policyTypes: INGRESS } as never), /ingres: unknown field/],
  ['a staged Kubernetes rule that is none', kubernetes({ podSelector: {}, ingress: [5 as never] }), /ingress\[0\]: must be an object with peers, ports, got 5/],
  ['a staged Kubernetes policy without a direction', kubernetes({ podSelector: {} }), /policyTypes: a policy without rules/],
  ['a staged Kubernetes rule with an empty list of peers', kubernetes({ podSelector: {}, ingress: [{ peers: [] }] }), /peers: an empty list/],
  ['a staged Kubernetes peer that is nobody', kubernetes({ podSelector: {}, ingress: [{ peers: [{}] }] }), /states nobody/],
  ['a staged Kubernetes peer that is pods and addresses', kubernetes({ podSelector: {}, ingress: [{ peers: [{ podSelector: {}, cidr: '10.0.0.0/8' }] }] }), /is pods or addresses/],
  ['a staged Kubernetes port outside the range', kubernetes({ podSelector: {}, ingress: [{ ports: [{ port: 65536 }] }] }), /from 1 to 65535, got 65536/],
  ['the preview of the deletion of a Kubernetes policy with rules', kubernetes({ stagedAction: CalicoStagedAction.DELETE, podSelector: { expressions: [LabelExpression.exists('a')] } }), /podSelector: the preview of a deletion/],

  ['a set without addresses', () => { new CalicoNetworkSet(chartOn(NEWEST), 'p', { nets: [], labels: { a: 'b' } }); }, /nets: a set without addresses matches nothing/],
  ['a set without labels', () => { new CalicoGlobalNetworkSet(chartOn(NEWEST), 'p', { nets: ['10.0.0.0/8'], labels: {} }); }, /labels: rules find a set by its labels only/],
  ['a set with Calico\'s own label', () => { new CalicoGlobalNetworkSet(chartOn(NEWEST), 'p', { nets: ['10.0.0.0/8'], labels: { 'projectcalico.org/namespace': 'a' } }); }, /is Calico's own/],
  ['a set with an address that is none', () => { new CalicoGlobalNetworkSet(chartOn(NEWEST), 'p', { nets: ['nowhere'], labels: { a: 'b' } }); }, /"nowhere" is not a CIDR/],
];

test.each(REFUSED)('%s is refused where it is stated, with the reason', (_name, state, why) => {
  expect(state).toThrow(why);
});

test('each refusal begins with the construct path', () => {
  for (const [name, state] of REFUSED) {
    let message = '';
    try { state(); } catch (error) { message = (error as Error).message; }
    expect(`${name}: ${message.slice(0, 6)}`).toMatch(/: shop\/p$/);
  }
});

/** Values that are refused before they are part of a policy. */
test.each<[string, () => void, RegExp]>([
  ['port 0', () => { CalicoPort.number(0); }, /port 0 is not in 1 to 65535/],
  ['a range backwards', () => { CalicoPort.range(90, 80); }, /ends before it begins/],
  ['a range with a dash, which would be a name', () => { CalicoPort.named('8080-8090'); }, /say CalicoPort\.number\(\.\.\.\) or CalicoPort\.range/],
  ['a port name that is none', () => { CalicoPort.named('a b'); }, /port name "a b" is invalid/],
  ['protocol 256', () => { CalicoProtocol.number(256); }, /not in 1 to 255/],
  ['a selector without text', () => { CalicoSelector.parse(' '); }, /say CalicoSelector\.all\(\)/],
  ['a selector without quotes', () => { CalicoSelector.parse('app == web'); }, /expected a string in quotes/],
  ['a selector with a line break', () => { CalicoSelector.parse('has(app)\n'); }, /a line break is not allowed/],
  ['a set without values', () => { CalicoSelector.oneOf('a'); }, /a set without values matches nothing/],
  ['a label that cannot stand in a selector', () => { CalicoSelector.exists('a b'); }, /cannot stand in a selector/],
  ['a value with both kinds of quotes', () => { CalicoSelector.oneOf('a', '\'"'); }, /both kinds of quotes/],
  ['a conjunction of nothing', () => { CalicoSelector.allOf(); }, /never means all or none/],
  ['a tier name that is none', () => { CalicoTier.existing('A'); }, /Calico tier "A" is invalid/],
])('%s is refused', (_name, state, why) => { expect(state).toThrow(why); });

test.each([['kubernetes', Cni.kubernetes()], ['cilium', Cni.cilium('1.18')]])('on %s each construct names what is written for every CNI', (name, cni) => {
  expect(policy({ types: INGRESS }, cni)).toThrow(new RegExp(`^shop/p: CalicoNetworkPolicy is an object of Calico, and the fact cni is ${name}.*; say it with NetworkPolicy`));
  expect(global({ types: INGRESS }, cni)).toThrow(/say it with ClusterPolicy/);
});
