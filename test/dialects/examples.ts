import { Feature } from '../../src/dialects/refusals';
import { address, allOf, ANY, anyOf, EndpointExpr, EXTERNAL, inNamespace, labelIn, not, POD } from '../../src/model/endpoint';
import { ADMIN, Direction, NORMAL, Policy, Rule } from '../../src/model/policy-set';
import { ALL_TRAFFIC, allOfProtocol, namedPort, portRange, TrafficBox } from '../../src/model/traffic';

/** For each feature the smallest statement that uses it. */

const SHOP = allOf(POD, inNamespace('shop'), labelIn('pod', 'app', 'api'));
const WEB = allOf(POD, inNamespace('shop'), labelIn('pod', 'app', 'web'));
const HTTPS = portRange('TCP', 443);
const DNS: TrafficBox = { ...portRange('UDP', 53), l7: { dns: ['*'] } };

type Part = Partial<Policy> & { readonly clusterWide?: boolean };

function policy(direction: Direction, rules: readonly Rule[], { clusterWide, ...more }: Part = {}): Policy {
  return {
    origin: { apiVersion: 'cdk8s-netpol/v1', kind: 'policy', name: 'web', ...(clusterWide ? {} : { namespace: 'shop' }) },
    stage: NORMAL,
    order: [],
    mode: 'enforce',
    direction,
    subject: clusterWide ? POD : SHOP,
    isolates: true,
    rules,
    ...more,
  };
}

function rule(action: Rule['action'], direction: Direction, peer: EndpointExpr, traffic: readonly TrafficBox[] = ALL_TRAFFIC, more: Partial<Rule> = {}): Rule {
  return { action, match: { source: direction === 'ingress' ? peer : ANY, destination: direction === 'ingress' ? ANY : peer, traffic }, ...more };
}

const from = (peer: EndpointExpr, ...traffic: TrafficBox[]): Rule => rule('allow', 'ingress', peer, traffic.length > 0 ? traffic : ALL_TRAFFIC);
const to = (peer: EndpointExpr, ...traffic: TrafficBox[]): Rule => rule('allow', 'egress', peer, traffic.length > 0 ? traffic : ALL_TRAFFIC);
const ingress = (...rules: Rule[]): Policy => policy('ingress', rules);
const egress = (...rules: Rule[]): Policy => policy('egress', rules);
const names = (...all: string[]): Policy => egress(...all.map(fqdn => to({ fqdn }, HTTPS)), to(WEB, DNS));
const effects = (all: Rule['effects']): Policy => ingress(rule('allow', 'ingress', WEB, [HTTPS], { effects: all }));

export const EXAMPLES: Readonly<Record<Feature, Policy>> = {
  'deny': ingress(rule('deny', 'ingress', WEB)),
  'pass': ingress(rule('pass', 'ingress', WEB), from(POD)),
  'log': ingress(rule('log', 'ingress', WEB), from(WEB)),
  'fqdn': names('api.example.org'),
  'fqdn-without-dns': egress(to({ fqdn: 'api.example.org' }, HTTPS)),
  'fqdn-deny': egress(rule('deny', 'egress', { fqdn: 'api.example.org' }), to(WEB, DNS)),
  'fqdn-ingress': ingress(from({ fqdn: 'api.example.org' })),
  'fqdn-any-depth': names('**.example.org'),
  'fqdn-inside': names('web.shop.svc.cluster.local'),
  'service-account': ingress(from(allOf(POD, inNamespace('shop'), { serviceAccount: 'robot' }))),
  'cluster-scope': policy('ingress', [from(WEB)], { clusterWide: true }),
  'entity': ingress(from({ entity: 'kube-apiserver' })),
  'addresses': ingress(from(address('198.51.100.0/24'))),
  'label-operator': ingress(from(allOf(POD, inNamespace('shop'), { label: 'app', of: 'pod', op: 'startsWith', values: ['we'] }))),
  'label-not-identity': ingress(from(allOf(POD, inNamespace('shop'), labelIn('pod', 'pod-template-hash', 'abc')))),
  'label-scope': ingress(from(allOf(POD, inNamespace('shop'), labelIn('serviceAccount', 'duty', 'robot')))),
  'namespace-label-key': ingress(from(allOf(POD, labelIn('namespace', 'a-label-of-a-namespace-that-is-rather-long', 'x')))),
  'negated-peer': ingress(from(allOf(POD, not(inNamespace('data'))))),
  'several-cidrs': egress(to(allOf(EXTERNAL, address('198.51.100.0/24'), address('198.51.100.0/25')))),
  'inside-cluster': egress(to(allOf(EXTERNAL, address('10.244.0.0/24')))),
  'protocol': ingress(from(WEB, { protocols: [[47, 47]] })),
  'source-port': ingress(from(WEB, { ...HTTPS, sourcePorts: { ranges: [[1, 1023]], names: [] } })),
  'l7': ingress(from(WEB, { ...HTTPS, l7: { opaque: 'kafka', value: [{ topic: 'orders' }] } })),
  'own-end': ingress({ action: 'allow', match: { source: WEB, destination: labelIn('pod', 'tier', 'front'), traffic: ALL_TRAFFIC } }),
  'allow-without-isolation': policy('ingress', [from(WEB)], { isolates: false }),
  'isolation-only': ingress(),
  'empty': policy('ingress', [], { isolates: false }),
  'subject': policy('ingress', [from(WEB)], { subject: anyOf(SHOP, allOf(POD, inNamespace('data'))) }),
  'stage': policy('ingress', [from(WEB)], { stage: 'of-my-own' }),
  'effects': effects({ colour: 'red' }),
  'reference': ingress(from({ ref: 'addressSet', name: 'office' })),
  'external-action': ingress(rule('external', 'ingress', WEB)),
  'staged': policy('ingress', [from(WEB)], { mode: 'staged' }),
  'tier': policy('ingress', [from(WEB)], { stage: ADMIN, order: [10, 'web'], isolates: false, clusterWide: true }),
  'hook': policy('ingress', [from(WEB)], { hook: 'untracked', subject: { kind: 'hostEndpoint' }, clusterWide: true }),
  'http': ingress(from(WEB, { ...portRange('TCP', 80), l7: { http: [{ methods: [{ exact: 'GET' }], headers: [{ name: 'x-team', values: [{ exact: 'red' }] }] }] } })),
  'server-name': egress(to(ANY, { ...HTTPS, serverNames: ['api.example.org'] })),
  'tls': effects({ terminatingTLS: { secret: { name: 'tls' } } }),
  'listener': effects({ listener: { name: 'l', envoyConfig: { name: 'e' } } }),
  'authentication': effects({ authentication: 'required' }),
  'principal': ingress(from({ principal: 'cluster.local/ns/shop/sa/web' })),
  'cluster': ingress(from(allOf(WEB, { cluster: 'west' }))),
  'node': ingress(from({ kind: 'node' })),
  'host-endpoint': ingress(from({ kind: 'hostEndpoint' })),
  'named-port': ingress(from(WEB, namedPort('TCP', 'http'))),
  'ingress-from-outside': ingress(from(allOf(EXTERNAL, address('198.51.100.0/24')))),
  'any-destination': egress(to(ANY, HTTPS)),
  'limit': ingress(...Array.from({ length: 30 }, (_, i) => from(allOf(POD, inNamespace('shop'), labelIn('pod', 'app', `web-${i}`)), portRange('TCP', 1000 + i)))),
  'egress': egress(to(WEB, HTTPS)),
  'port': ingress(from(WEB, portRange('TCP', 1000, 2000))),
  'icmp': ingress(from(WEB, { ...allOfProtocol('ICMP'), icmp: [{ type: 8 }] })),
};
