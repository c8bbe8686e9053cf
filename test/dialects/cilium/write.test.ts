import { allowFrom, allowTo, clusterwide, denyFrom, denyTo, policy, readBack, SHOP, TARGET, write, writeFor } from './support';
import { cilium } from '../../../src/dialects/cilium';
import {
  address, allOf, ANY, anyOf, EndpointExpr, EXTERNAL, inNamespace, labelExists, labelIn, NONE, not, POD,
} from '../../../src/model/endpoint';
import { Policy, REFERENCE_PIPELINE } from '../../../src/model/policy-set';
import { allOfProtocol, namedPort, portRange, TrafficBox } from '../../../src/model/traffic';

const WEB = allOf(SHOP, labelIn('pod', 'app', 'web'));
const HTTP = portRange('TCP', 80);
const DNS: TrafficBox[] = ['*'].flatMap(name => (['UDP', 'TCP'] as const).map(protocol => ({ ...portRange(protocol, 53), l7: { dns: [name] } })));
const KUBE_DNS = allOf(POD, inNamespace('kube-system'), labelIn('pod', 'k8s-app', 'kube-dns'));

const NS = 'k8s:io.kubernetes.pod.namespace';
const NS_LABEL = 'k8s:io.cilium.k8s.namespace.labels.';
const SERVICE_ACCOUNT = 'k8s:io.cilium.k8s.policy.serviceaccount';
const EXISTS = { key: NS, operator: 'Exists' };

/** The only ingress item that allows the peer. */
function itemFor(peer: EndpointExpr): any {
  const { spec } = write(policy('ingress', [allowFrom(peer)]));
  expect(spec.ingress).toHaveLength(1);
  return spec.ingress[0];
}
/** The selector of the only endpoints of a peer, in a namespaced policy. */
const selectorFor = (peer: EndpointExpr): any => {
  const { fromEndpoints, ...others } = itemFor(peer);
  expect(others).toEqual({});
  expect(fromEndpoints).toHaveLength(1);
  return fromEndpoints[0];
};
const toPortsFor = (...traffic: TrafficBox[]): any => write(policy('egress', [allowTo(ANY, ...traffic)])).spec.egress[0].toPorts;
const refusal = (...policies: Policy[]) => () => write(...policies);

describe('documents', () => {
  test('a policy of a namespace is a CiliumNetworkPolicy', () => {
    expect(write(policy('ingress', [allowFrom(WEB, HTTP)], { subject: allOf(SHOP, labelIn('pod', 'app', 'api')) }))).toEqual({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        endpointSelector: { matchLabels: { app: 'api' } },
        ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }],
      },
    });
  });

  test('a policy without a namespace is a CiliumClusterwideNetworkPolicy', () => {
    expect(write(clusterwide('ingress', [allowFrom(POD)], allOf(POD, inNamespace('shop'), labelIn('namespace', 'team', 'a'), { serviceAccount: 'api' })))).toEqual({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumClusterwideNetworkPolicy',
      metadata: { name: 'web' },
      spec: {
        endpointSelector: { matchLabels: { [NS]: 'shop', [`${NS_LABEL}team`]: 'a', [SERVICE_ACCOUNT]: 'api' } },
        ingress: [{ fromEndpoints: [{ matchExpressions: [EXISTS] }] }],
      },
    });
  });

  test('every pod of the cluster is what has a namespace, so that the endpoints of Cilium itself are left alone', () => {
    expect(write(clusterwide('ingress', [])).spec).toEqual({ endpointSelector: { matchExpressions: [EXISTS] }, ingress: [{}] });
    expect(write(clusterwide('ingress', [], allOf(POD, not(inNamespace('kube-system'))))).spec.endpointSelector)
      .toEqual({ matchExpressions: [EXISTS, { key: NS, operator: 'NotIn', values: ['kube-system'] }] });
    expect(write(clusterwide('ingress', [], allOf(POD, labelIn('pod', 'app', 'web')))).spec.endpointSelector)
      .toEqual({ matchLabels: { app: 'web' }, matchExpressions: [EXISTS] });
  });

  test('both directions of one subject stand in one spec', () => {
    expect(write(policy('ingress', [allowFrom(WEB)]), policy('egress', [allowTo(WEB)])).spec).toEqual({
      endpointSelector: {},
      ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }] }],
      egress: [{ toEndpoints: [{ matchLabels: { app: 'web' } }] }],
    });
  });

  test('policies of different parts are specs', () => {
    const part = (name: string, value: string): Partial<Policy> =>
      ({ origin: { ...policy('ingress', []).origin, part: name }, subject: allOf(SHOP, labelIn('pod', 'app', value)) });
    const document = write(
      policy('ingress', [], part('specs[0].ingress', 'a')), policy('egress', [], part('specs[0].egress', 'a')), policy('ingress', [], part('specs[1]', 'b')));
    expect(document.spec).toBeUndefined();
    expect(document.specs).toEqual([
      { endpointSelector: { matchLabels: { app: 'a' } }, ingress: [{}], egress: [{}] },
      { endpointSelector: { matchLabels: { app: 'b' } }, ingress: [{}] },
    ]);
  });

  test('a subject outside of the namespace is refused', () => {
    expect(refusal(policy('ingress', [], { subject: POD }))).toThrow('policy shop/web, ingress, subject: it must be in namespace shop: the cilium dialect cannot express this');
    expect(refusal(policy('ingress', [], { subject: allOf(POD, inNamespace('other')) }))).toThrow('it must be in namespace shop');
    expect(refusal(policy('ingress', [], { subject: allOf(SHOP, labelIn('namespace', 'team', 'a')) }))).toThrow('it must be in namespace shop');
  });

  test('a subject that is no pods, or several, is refused', () => {
    expect(refusal(policy('ingress', [], { subject: { entity: 'host' } }))).toThrow('it must be pods');
    expect(refusal(policy('ingress', [], { subject: anyOf(SHOP, WEB) }))).toThrow('2 alternatives');
    expect(refusal(policy('ingress', [], { subject: NONE }))).toThrow('0 alternatives');
    expect(refusal(policy('ingress', []), policy('egress', [], { subject: WEB }))).toThrow('its directions have different subjects');
    expect(refusal(policy('ingress', []), policy('ingress', []))).toThrow('a second ingress policy of one document');
  });

  test('what Cilium has no form for is refused', () => {
    const [allowed] = [allowFrom(WEB)];
    expect(() => cilium.write([policy('ingress', [], { stage: 'admin' })], TARGET)).toThrow('stage admin, mode enforce: the cilium dialect cannot express this: CiliumNetworkPolicy has no tiers');
    expect(refusal(policy('ingress', [], { mode: 'staged' }))).toThrow('a CiliumNetworkPolicy has no audit mode: it is a setting of the agent');
    expect(refusal(policy('ingress', [], { mode: 'void' }))).toThrow('mode void');
    expect(refusal(policy('ingress', [], { hook: 'untracked' }))).toThrow('untracked: the cilium dialect cannot express this');
    expect(refusal(policy('ingress', [{ ...allowed, action: 'pass' }]))).toThrow('has no tiers to pass to');
    expect(refusal(policy('ingress', [{ ...allowed, action: 'log' }]))).toThrow('rules have no log action');
    expect(refusal(policy('ingress', [{ ...allowed, action: 'external' }]))).toThrow('rules allow or deny');
    expect(refusal(policy('ingress', [{ ...allowed, effects: { log: true } }]))).toThrow('ingress rule 1: log: ');
    expect(refusal(policy('ingress', [{ ...allowed, match: { ...allowed.match, destination: WEB } }]))).toThrow('a rule matches the other end only');
  });
});

describe('isolation', () => {
  test('an isolated direction without rules is an item that matches nothing', () => {
    expect(write(policy('egress', [])).spec).toEqual({ endpointSelector: {}, egress: [{}] });
  });

  test('rules that do not isolate switch the default deny of Cilium off', () => {
    expect(write(policy('ingress', [allowFrom(WEB)], { isolates: false }), policy('egress', [denyTo({ entity: 'host' }, HTTP)], { isolates: false })).spec).toEqual({
      endpointSelector: {},
      ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }] }],
      egressDeny: [{ toEntities: ['host'], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }],
      enableDefaultDeny: { ingress: false, egress: false },
    });
  });

  test('deny rules alone isolate in Cilium, so nothing is added where they are to isolate', () => {
    expect(write(policy('ingress', [denyFrom(WEB)])).spec).toEqual({ endpointSelector: {}, ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }] }] });
  });

  test('a direction that neither isolates nor has rules is left out', () => {
    expect(write(policy('ingress', []), policy('egress', [], { isolates: false })).spec).toEqual({ endpointSelector: {}, ingress: [{}] });
  });

  test('a rule that matches nothing is left out, and its direction still isolates', () => {
    const nothing = [allowFrom(NONE), allowFrom(allOf(EXTERNAL, address('10.0.0.0/8', ['10.0.0.0/8']))), allowFrom(WEB, portRange('TCP', 0))];
    expect(write(policy('ingress', nothing)).spec).toEqual({ endpointSelector: {}, ingress: [{}] });
    expect(write(policy('ingress', [allowFrom(WEB), ...nothing])).spec.ingress).toHaveLength(1);
  });

  test('a policy that says nothing at all is refused', () => {
    expect(refusal(policy('ingress', [allowFrom(NONE)], { isolates: false }))).toThrow('a policy must say something in at least one direction');
  });
});

describe('peers', () => {
  test('anything is the entity all, which leaves no room for others', () => {
    expect(itemFor(ANY)).toEqual({ fromEntities: ['all'] });
    expect(itemFor(anyOf(ANY, WEB))).toEqual({ fromEntities: ['all'] });
    expect(itemFor(anyOf({ entity: 'all' }, WEB))).toEqual({ fromEntities: ['all'] });
  });

  test('pods of the own namespace need no namespace', () => {
    expect(selectorFor(SHOP)).toEqual({});
    expect(selectorFor(allOf(SHOP, not(labelExists('pod', 'legacy'))))).toEqual({ matchExpressions: [{ key: 'legacy', operator: 'DoesNotExist' }] });
  });

  test('pods of another namespace have its name', () => {
    expect(selectorFor(KUBE_DNS)).toEqual({ matchLabels: { [NS]: 'kube-system', 'k8s-app': 'kube-dns' } });
  });

  test('pods of every namespace are those that have one', () => {
    expect(selectorFor(POD)).toEqual({ matchExpressions: [EXISTS] });
    expect(selectorFor(allOf(POD, labelIn('pod', 'app', 'web')))).toEqual({ matchLabels: { app: 'web' }, matchExpressions: [EXISTS] });
  });

  test('labels of namespaces are not narrowed to the own namespace', () => {
    expect(selectorFor(allOf(POD, labelIn('namespace', 'team', 'a', 'b')))).toEqual({ matchExpressions: [{ key: `${NS_LABEL}team`, operator: 'In', values: ['a', 'b'] }] });
    expect(selectorFor(allOf(POD, not(labelIn('namespace', 'team', 'a')))))
      .toEqual({ matchExpressions: [{ key: `${NS_LABEL}team`, operator: 'NotIn', values: ['a'] }, EXISTS] });
    expect(selectorFor(allOf(SHOP, labelExists('namespace', 'team')))).toEqual({ matchLabels: { [NS]: 'shop' }, matchExpressions: [{ key: `${NS_LABEL}team`, operator: 'Exists' }] });
  });

  test('all namespaces but some are still pods, and neither nodes nor the outside', () => {
    expect(selectorFor(allOf(POD, not(inNamespace('b')), not(inNamespace('a')))))
      .toEqual({ matchExpressions: [EXISTS, { key: NS, operator: 'NotIn', values: ['a', 'b'] }] });
    expect(selectorFor(allOf(POD, not(inNamespace('shop'))))).toEqual({ matchExpressions: [EXISTS, { key: NS, operator: 'NotIn', values: ['shop'] }] });
  });

  test('service accounts are labels', () => {
    expect(selectorFor(allOf(SHOP, { serviceAccount: 'api' }))).toEqual({ matchLabels: { [SERVICE_ACCOUNT]: 'api' } });
    expect(selectorFor(allOf(SHOP, not({ serviceAccount: 'api' })))).toEqual({ matchExpressions: [{ key: SERVICE_ACCOUNT, operator: 'NotIn', values: ['api'] }] });
  });

  test('each kind of peer has an item of its own, with the same ports', () => {
    const peer = anyOf(WEB, { entity: 'host' }, { entity: 'remote-node' }, allOf(EXTERNAL, address('10.0.0.0/8', ['10.1.0.0/16'])), { fqdn: 'api.example.com' }, { fqdn: '*.example.org' });
    const toPorts = [{ ports: [{ port: '80', protocol: 'TCP' }] }];
    expect(write(policy('egress', [allowTo(peer, HTTP), allowTo(KUBE_DNS, ...DNS)])).spec.egress.slice(0, 4)).toEqual([
      { toEndpoints: [{ matchLabels: { app: 'web' } }], toPorts },
      { toEntities: ['host', 'remote-node'], toPorts },
      { toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }], toPorts },
      { toFQDNs: [{ matchName: 'api.example.com' }, { matchPattern: '*.example.org' }], toPorts },
    ]);
  });

  test('an address range is outside the cluster', () => {
    expect(itemFor(allOf(EXTERNAL, address('10.0.0.0/8')))).toEqual({ fromCIDRSet: [{ cidr: '10.0.0.0/8' }] });
    expect(itemFor(allOf(EXTERNAL, address('10.0.0.0/8'), not(address('10.1.0.0/16')), not(address('11.0.0.0/8')))))
      .toEqual({ fromCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] });
    expect(itemFor(EXTERNAL)).toEqual({ fromEntities: ['world'] });
  });

  test('an address, whoever holds it, is refused', () => {
    expect(refusal(policy('ingress', [allowFrom(address('10.0.0.0/8'))])))
      .toThrow('policy shop/web, ingress rule 1: 10.0.0.0/8: the cilium dialect cannot express this: Cilium matches address ranges only outside the cluster');
  });

  test('peers that Cilium cannot select are refused', () => {
    const outside = allOf(EXTERNAL, address('10.0.0.0/8'));
    expect(refusal(policy('ingress', [allowFrom(not(WEB))]))).toThrow('a peer can only be selected, not excluded');
    expect(refusal(policy('ingress', [allowFrom(allOf(outside, labelIn('pod', 'app', 'web')))]))).toThrow('an address together with labels');
    expect(refusal(policy('ingress', [allowFrom(allOf(outside, not(inNamespace('a'))))]))).toThrow('an address together with labels');
    expect(refusal(policy('ingress', [allowFrom(allOf(outside, { entity: 'host' }))]))).toThrow('an address together with something else');
    expect(refusal(policy('ingress', [allowFrom(allOf(outside, address('10.0.0.0/9')))]))).toThrow('a peer has one address range');
    expect(refusal(policy('ingress', [allowFrom(allOf(outside, not(address('10.0.0.0/9', ['10.0.0.0/10']))))]))).toThrow('an exception of an exception');
    expect(refusal(policy('ingress', [allowFrom(not({ entity: 'cluster' }))]))).toThrow('the entity cluster');
    expect(refusal(policy('ingress', [allowFrom(allOf({ entity: 'host' }, { entity: 'cluster' }))]))).toThrow('host and cluster together with another condition');
    expect(refusal(policy('ingress', [allowFrom(allOf(POD, { entity: 'host' }))]))).toThrow('host together with another condition');
    expect(refusal(policy('ingress', [allowFrom({ entity: 'moon' })]))).toThrow('moon: the cilium dialect cannot express this: Cilium has no such entity');
    expect(refusal(policy('ingress', [allowFrom({ kind: 'hostEndpoint' })]))).toThrow('host endpoints are Calico\'s');
    expect(refusal(policy('ingress', [allowFrom({ principal: 'a' })]))).toThrow('the principal "a"');
    expect(refusal(policy('ingress', [allowFrom({ ref: 'service', name: 'web' })]))).toThrow('Services are for egress that is allowed');
    expect(refusal(policy('ingress', [allowFrom({ ref: 'addressSet', name: 'web' })]))).toThrow('a reference to an addressSet');
    expect(refusal(policy('ingress', [allowFrom(allOf(POD, { label: 'app', of: 'pod', op: 'startsWith', values: ['w'] }))]))).toThrow('app startsWith: ');
    expect(refusal(policy('ingress', [allowFrom(allOf(POD, labelIn('serviceAccount', 'a', 'b')))]))).toThrow('serviceAccount label a');
  });

  test('an entity that the version does not know is refused', () => {
    expect(itemFor({ entity: 'kube-apiserver' })).toEqual({ fromEntities: ['kube-apiserver'] });
    const mesh = policy('ingress', [allowFrom({ entity: 'cluster-mesh' })]);
    expect(cilium.write([mesh], TARGET)[0].spec?.ingress).toEqual([{ fromEntities: ['cluster-mesh'] }]);
    expect(() => cilium.write([mesh], { ...TARGET, version: '1.19' })).toThrow('cluster-mesh, before 1.20: ');
  });

  test('labels that are no part of the identity of a pod are refused, in peers and in subjects', () => {
    for (const label of ['pod-template-hash', 'statefulset.kubernetes.io/pod-name', 'topology.kubernetes.io/zone', 'kubernetes.io/arch', 'io.cilium.k8s.policy.cluster']) {
      expect(refusal(policy('ingress', [denyFrom(allOf(SHOP, not(labelIn('pod', label, 'x'))))])))
        .toThrow(`policy shop/web, ingress rule 1: ${label}: the cilium dialect cannot express this: Cilium leaves this label out of a pod's identity`);
    }
    expect(refusal(policy('ingress', [], { subject: allOf(SHOP, labelIn('pod', 'controller-revision-hash', 'x')) }))).toThrow('subject: controller-revision-hash');
    expect(selectorFor(allOf(SHOP, labelIn('pod', 'app.kubernetes.io/name', 'x')))).toEqual({ matchLabels: { 'app.kubernetes.io/name': 'x' } });
    expect(selectorFor(allOf(POD, labelIn('namespace', 'kubernetes.io/metadata.name', 'x')))).toEqual({ matchLabels: { [`${NS_LABEL}kubernetes.io/metadata.name`]: 'x' } });
  });

  test('a namespace label whose key has no room for the prefix of Cilium is refused', () => {
    expect(selectorFor(allOf(POD, labelExists('namespace', 'a'.repeat(32))))).toEqual({ matchExpressions: [{ key: NS_LABEL + 'a'.repeat(32), operator: 'Exists' }] });
    expect(refusal(policy('ingress', [allowFrom(allOf(POD, labelExists('namespace', 'a'.repeat(33))))]))).toThrow('longer than a label key may be');
  });
});

describe('names', () => {
  test('a name without a DNS rule in its document is refused', () => {
    const names = policy('egress', [allowTo({ fqdn: 'api.example.com' }, portRange('TCP', 443))]);
    expect(refusal(names)).toThrow('policy shop/web, egress rule 1: api.example.com: the cilium dialect cannot express this: toFQDNs matches only addresses that the DNS proxy has seen');
    expect(refusal(policy('egress', [...names.rules, allowTo(KUBE_DNS, portRange('UDP', 53))]))).toThrow('toFQDNs matches only');
    expect(() => write(policy('egress', [...names.rules, allowTo(KUBE_DNS, ...DNS)]))).not.toThrow();
  });

  test('that a name is outside goes without saying', () => {
    expect(write(policy('egress', [allowTo(allOf(EXTERNAL, { fqdn: 'a.example.com' })), allowTo(KUBE_DNS, ...DNS)])).spec.egress[0]).toEqual({ toFQDNs: [{ matchName: 'a.example.com' }] });
  });

  test('a name in a deny rule, in ingress, negated or narrowed is refused', () => {
    const name: EndpointExpr = { fqdn: 'a.example.com' };
    const dns = allowTo(KUBE_DNS, ...DNS);
    expect(refusal(policy('egress', [denyTo(name), dns]))).toThrow('egressDeny has no toFQDNs');
    expect(refusal(policy('ingress', [allowFrom(name)]))).toThrow('names are for egress only');
    expect(refusal(policy('egress', [allowTo(not(name)), dns]))).toThrow('the name a.example.com');
    expect(refusal(policy('egress', [allowTo(allOf(name, POD)), dns]))).toThrow('a.example.com together with another condition');
  });

  test('a name of any depth is refused before 1.19, where it would be of one label', () => {
    const deep = [policy('egress', [allowTo({ fqdn: '**.example.com' }), allowTo(KUBE_DNS, ...DNS)])];
    expect(writeFor({ ...TARGET, version: 'v1.19.4' }, ...deep).spec.egress[0]).toEqual({ toFQDNs: [{ matchPattern: '**.example.com' }] });
    expect(() => writeFor({ ...TARGET, version: '1.18' }, ...deep)).toThrow('**.example.com: ');
  });
});

describe('ports', () => {
  test('all traffic has no toPorts', () => {
    expect(itemFor(WEB)).toEqual({ fromEndpoints: [{ matchLabels: { app: 'web' } }] });
  });

  test('ports are strings, with their protocol', () => {
    expect(toPortsFor(HTTP, portRange('UDP', 8000, 8100), namedPort('TCP', 'metrics'), HTTP)).toEqual([{
      ports: [{ port: '80', protocol: 'TCP' }, { port: '8000', endPort: 8100, protocol: 'UDP' }, { port: 'metrics', protocol: 'TCP' }],
    }]);
  });

  test('every port of a protocol is port 0', () => {
    expect(toPortsFor(allOfProtocol('UDP'), portRange('SCTP', 0, 65535))).toEqual([{ ports: [{ port: '0', protocol: 'UDP' }, { port: '0', protocol: 'SCTP' }] }]);
    expect(toPortsFor(portRange('TCP', 0, 100))).toEqual([{ ports: [{ port: '1', endPort: 100, protocol: 'TCP' }] }]);
  });

  test('TCP, UDP and SCTP together are ANY', () => {
    expect(toPortsFor({ ...HTTP, protocols: [[17, 17], [6, 6], [132, 132]] })).toEqual([{ ports: [{ port: '80', protocol: 'ANY' }] }]);
    expect(toPortsFor({ ...HTTP, protocols: [[17, 17], [6, 6]] })).toEqual([{ ports: [{ port: '80', protocol: 'UDP' }, { port: '80', protocol: 'TCP' }] }]);
  });

  test('more than 40 ports are several entries', () => {
    const entries = toPortsFor(...Array.from({ length: 85 }, (_, i) => portRange('TCP', 1000 + 2 * i)));
    expect(entries.map(({ ports }: any) => ports.length)).toEqual([40, 40, 5]);
    expect(entries[2].ports[4]).toEqual({ port: '1168', protocol: 'TCP' });
  });

  test('DNS rules have an entry of their own', () => {
    const limited = { ...portRange('UDP', 53), l7: { dns: ['api.example.com', '*.example.org'] } };
    expect(toPortsFor(HTTP, limited, ...DNS)).toEqual([
      { ports: [{ port: '80', protocol: 'TCP' }] },
      { ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [{ matchName: 'api.example.com' }, { matchPattern: '*.example.org' }] } },
      { ports: [{ port: '53', protocol: 'UDP' }, { port: '53', protocol: 'TCP' }], rules: { dns: [{ matchPattern: '*' }] } },
    ]);
  });

  test('traffic that is no ports of TCP, UDP or SCTP is refused', () => {
    expect(refusal(policy('ingress', [allowFrom(WEB, allOfProtocol('ICMP'))]))).toThrow('ingress rule 1: 1-1: the cilium dialect cannot express this: ports are of TCP, UDP or SCTP');
    expect(refusal(policy('ingress', [allowFrom(WEB, { ...HTTP, protocols: [[0, 255]] })]))).toThrow('ports of every protocol');
    expect(refusal(policy('ingress', [allowFrom(WEB, { ...HTTP, sourcePorts: { ranges: [[1, 2]], names: [] } })]))).toThrow('it matches destination ports only');
    expect(refusal(policy('ingress', [allowFrom(WEB, { ...HTTP, ipVersion: 4 })]))).toThrow('ports are of TCP');
    expect(refusal(policy('ingress', [allowFrom(WEB, { ...HTTP, destinationPorts: { ranges: [[1, 9]], names: [], exceptNames: ['x'] } })]))).toThrow('all ports except x');
  });

  test('DNS rules that Cilium refuses are refused', () => {
    const dns = { dns: ['*'] };
    expect(refusal(policy('ingress', [allowFrom(WEB, ...DNS)]))).toThrow('DNS rules are for egress only');
    expect(refusal(policy('egress', [denyTo(KUBE_DNS, ...DNS)]))).toThrow('a deny rule has no DNS rules');
    expect(refusal(policy('egress', [allowTo(KUBE_DNS, { ...allOfProtocol('UDP'), l7: dns })]))).toThrow('a DNS rule needs single ports');
    expect(refusal(policy('egress', [allowTo(KUBE_DNS, { ...portRange('UDP', 53, 54), l7: dns })]))).toThrow('a DNS rule needs single ports');
    expect(refusal(policy('egress', [allowTo(KUBE_DNS, { ...portRange('SCTP', 53), l7: dns })]))).toThrow('DNS over SCTP');
    expect(refusal(policy('egress', [allowTo(KUBE_DNS, { ...portRange('UDP', 53), l7: { dns: [] } })]))).toThrow('a DNS rule without a name');
  });
});

test('what is written is read back as it was stated', () => {
  const egress = policy('egress', [
    allowTo(KUBE_DNS, { ...portRange('UDP', 53), l7: { dns: ['*'] } }),
    allowTo({ fqdn: '*.example.com' }, portRange('TCP', 443)),
    allowTo(address('10.0.0.0/8', ['10.1.0.0/16']), portRange('TCP', 5432), namedPort('TCP', 'metrics'), allOfProtocol('SCTP')),
    allowTo(allOf(POD, labelIn('namespace', 'team', 'a')), { protocols: [[6, 6], [17, 17], [132, 132]], destinationPorts: { ranges: [[1, 9]], names: [] } }),
    denyTo({ entity: 'host' }),
  ]);
  const ingress = policy('ingress', [allowFrom(WEB, HTTP), allowFrom(ANY), denyFrom(allOf(POD, not(inNamespace('a'))))], { isolates: false });
  const withoutOrigins = [ingress, egress].map(({ origin: _origin, ...others }) => others);
  expect(readBack(cilium.write([ingress, egress], TARGET)[0])).toEqual(withoutOrigins);
});

test('policies of Cilium combine as statements do', () => {
  expect(cilium.link([policy('ingress', [])], []).pipeline).toEqual(REFERENCE_PIPELINE);
  expect([cilium.kindOf('namespaced').kind, cilium.kindOf('cluster').kind]).toEqual(['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']);
});
