import { ALL_FEATURES, allowFrom, allowTo, clusterwide, denyFrom, policy, SHOP, TARGET, write, writeFor } from './support';
import { cilium } from '../../../src/dialects/cilium';
import { Target } from '../../../src/dialects/dialect';
import { allOf, ANY, anyOf, EndpointExpr, EXTERNAL, inNamespace, labelIn, not, OWN_CLUSTER, POD } from '../../../src/model/endpoint';
import { Policy, Rule } from '../../../src/model/policy-set';
import { allOfProtocol, portRange, TrafficBox } from '../../../src/model/traffic';

const NODE: EndpointExpr = { kind: 'node' };
const ZONE = labelIn('node', 'zone', 'a');
const OTHERS: EndpointExpr = { entity: 'remote-node' };
const HTTPS = portRange('TCP', 443);
const withEffects = (rule: Rule, effects: Rule['effects']): Rule => ({ ...rule, effects });
const at = (version: string): Target => ({ ...ALL_FEATURES, version });
const only = (target: Target, ...policies: Policy[]): any => writeFor(target, ...policies).spec;
const raw = (target: Target, ...policies: Policy[]): any => cilium.write(cilium.lower(policies, target).policies, target)[0].spec;

describe('tiers', () => {
  const inStage = (stage: string, ...rules: Rule[]): Policy => ({ ...clusterwide('ingress', rules), stage, order: [7, 'a'] });

  test('denies of the upper tiers come before everything that allows, and close nothing else', () => {
    for (const stage of ['security', 'admin']) {
      expect(write(inStage(stage, denyFrom({ entity: 'world' }))).spec).toEqual({
        endpointSelector: { matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }] },
        ingressDeny: [{ fromEntities: ['world'] }],
        enableDefaultDeny: { ingress: false },
      });
    }
  });

  test('nothing else of them can be said, and nothing of the lowest', () => {
    expect(() => write(inStage('admin', denyFrom(POD), allowFrom(POD)))).toThrow('ingress rule 2: allow in tier platform: the cilium dialect cannot express this: before Cilium\'s ClusterNetworkPolicy');
    expect(() => write(inStage('security', { ...allowFrom(POD), action: 'pass' }))).toThrow('pass in tier security');
    expect(() => write(inStage('admin', { ...allowFrom(POD), action: 'log' }))).toThrow('log in tier platform');
    expect(() => write(inStage('baseline', denyFrom(POD)))).toThrow('tier baseline');
  });
});

describe('nodes', () => {
  test('all nodes are two entities', () => {
    expect(write(policy('egress', [allowTo(NODE)])).spec.egress).toEqual([{ toEntities: ['host', 'remote-node'] }]);
    expect(write(policy('ingress', [denyFrom(anyOf(NODE, SHOP))])).spec.ingressDeny).toEqual([{ fromEndpoints: [{}] }, { fromEntities: ['host', 'remote-node'] }]);
  });

  test('by labels they are other nodes, which is what is stated where the own node comes in anyway', () => {
    expect(only(ALL_FEATURES, policy('ingress', [allowFrom(allOf(NODE, ZONE))])).ingress).toEqual([{ fromNodes: [{ matchLabels: { zone: 'a' } }] }]);
    expect(only(ALL_FEATURES, policy('egress', [allowTo(allOf(NODE, ZONE, OTHERS))])).egress).toEqual([{ toNodes: [{ matchLabels: { zone: 'a' } }] }]);
    expect(() => only(ALL_FEATURES, policy('egress', [allowTo(allOf(NODE, ZONE))]))).toThrow('the own one among them: for Cilium the node of a pod has no labels');
    expect(() => only(ALL_FEATURES, policy('ingress', [denyFrom(allOf(NODE, ZONE))]))).toThrow('the own one among them');
  });

  test('they need what the operator switches on', () => {
    expect(() => write(policy('ingress', [allowFrom(allOf(NODE, ZONE))]))).toThrow('state the fact nodeSelectorLabels (--enable-node-selector-labels) for peers');
    expect(() => write(clusterwide('ingress', [], allOf(NODE, ZONE)))).toThrow('a subject: the cilium dialect cannot express this');
    expect(only(ALL_FEATURES, clusterwide('ingress', [], allOf(NODE, not(ZONE))))).toEqual({
      nodeSelector: { matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, ingress: [{}],
    });
    expect(only(ALL_FEATURES, clusterwide('ingress', [], NODE)).nodeSelector).toEqual({});
  });

  test('a namespaced policy is not about nodes, and one of nodes has no HTTP rules', () => {
    expect(() => only(ALL_FEATURES, policy('ingress', [], { subject: NODE }))).toThrow('nodes are for policies of the cluster');
    expect(() => only(ALL_FEATURES, clusterwide('ingress', [allowFrom(ANY, { ...HTTPS, l7: { http: [{}] } })], NODE))).toThrow('policies of nodes have no HTTP rules');
    expect(() => only(ALL_FEATURES, clusterwide('ingress', [], allOf(NODE, inNamespace('a'))))).toThrow('nodes together with another condition');
    expect(() => only(ALL_FEATURES, clusterwide('ingress', [allowFrom(ANY)], allOf(NODE, labelIn('node', 'topology.kubernetes.io/zone', 'a'))))).toThrow('topology.kubernetes.io/zone');
  });
});

describe('protocols', () => {
  const gre: TrafficBox = { protocols: [[47, 47]] };
  const vrrp: TrafficBox = { protocols: [[112, 112]] };
  const toPorts = (target: Target, ...boxes: TrafficBox[]) => raw(target, policy('egress', [allowTo(ANY, ...boxes)])).egress[0].toPorts;

  test('those without ports are written where the version and the operator take them', () => {
    expect(toPorts(at('1.20'), gre, portRange('TCP', 80))).toEqual([{ ports: [{ port: '0', protocol: 'GRE' }, { port: '80', protocol: 'TCP' }] }]);
    expect(toPorts(at('1.19'), vrrp)).toEqual([{ ports: [{ port: '0', protocol: 'VRRP' }] }]);
    for (const [target, box] of [[at('1.19'), gre], [at('1.18'), vrrp], [TARGET, gre]] as const) {
      expect(() => toPorts(target, box)).toThrow('other protocols need the agent\'s --enable-extended-ip-protocols');
    }
  });

  test('messages of ICMP stand in an item of their own', () => {
    const ping: TrafficBox[] = [{ ...allOfProtocol('ICMP'), icmp: [{ type: 8 }] }, { ...allOfProtocol('ICMPv6'), icmp: [{ type: 128 }] }];
    expect(write(policy('egress', [allowTo(SHOP, HTTPS, ...ping)])).spec.egress).toEqual([
      { toEndpoints: [{}], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] },
      { toEndpoints: [{}], icmps: [{ fields: [{ type: 8, family: 'IPv4' }, { type: 128, family: 'IPv6' }] }] },
    ]);
    const all = { ...allOfProtocol('ICMP'), icmp: Array.from({ length: 85 }, (_, type) => ({ type })) };
    expect(write(policy('egress', [allowTo(SHOP, all)])).spec.egress[0].icmps.map((entry: any) => entry.fields.length)).toEqual([40, 40, 5]);
  });

  test('codes, ports and the wrong version of IP are refused', () => {
    const icmp = (box: Partial<TrafficBox>) => () => write(policy('egress', [allowTo(SHOP, { ...allOfProtocol('ICMP'), icmp: [{ type: 8 }], ...box })]));
    expect(icmp({ icmp: [{ type: 3, code: 1 }] })).toThrow('type 3, code 1: the cilium dialect cannot express this: messages of ICMP have a type, and no code');
    expect(icmp({ destinationPorts: { ranges: [[1, 2]], names: [] } })).toThrow('ICMP together with ports');
    expect(icmp({ ipVersion: 6 })).toThrow('ICMP of IPv4 over IPv6');
  });
});

describe('versions', () => {
  test('wildcards in server names', () => {
    const names = (...serverNames: string[]) => policy('egress', [allowTo(ANY, { ...HTTPS, serverNames })]);
    expect(raw(at('1.18'), names('*.a.b', 'c.d', 'c.d')).egress[0].toPorts[0].serverNames).toEqual(['*.a.b', 'c.d']);
    expect(raw(at('1.20'), names('a*.b')).egress[0].toPorts[0].serverNames).toEqual(['a*.b']);
    expect(() => raw(at('1.19'), names('a*.b'))).toThrow('before Cilium 1.20 a wildcard may only be the first label');
    expect(() => raw(at('1.20'), names())).toThrow('a list without a name');
    expect(() => raw(at('1.20'), policy('egress', [allowTo(ANY, { ...portRange('UDP', 443), serverNames: ['a.b'] })]))).toThrow('server names are of TCP');
    expect(() => raw(at('1.20'), policy('egress', [allowTo(ANY, { ...HTTPS, serverNames: ['a.b'], l7: { http: [{}] } })]))).toThrow('they need terminatingTLS');
  });

  test('Kafka', () => {
    const kafka = policy('ingress', [allowFrom(SHOP, { ...portRange('TCP', 9092), l7: { opaque: 'kafka', value: [{ topic: 'a' }] } })]);
    expect(raw(at('1.19'), kafka).ingress[0].toPorts[0].rules).toEqual({ kafka: [{ topic: 'a' }] });
    expect(() => raw(at('1.20'), kafka)).toThrow('kafka: the cilium dialect cannot express this');
    expect(() => raw(at('1.18'), policy('ingress', [allowFrom(SHOP, { ...HTTPS, l7: { opaque: 'grpc', value: {} } })]))).toThrow('grpc');
  });

  test('clusters', () => {
    const of = (cluster: EndpointExpr) => policy('egress', [allowTo(allOf(SHOP, cluster))]);
    const other: EndpointExpr = { cluster: 'mars' };
    expect(raw(at('1.18'), of(other)).egress).toEqual([{ toEndpoints: [{ matchLabels: { 'k8s:io.cilium.k8s.policy.cluster': 'mars' } }] }]);
    expect(raw(at('1.20'), of({ cluster: OWN_CLUSTER })).egress).toEqual([{ toEndpoints: [{}] }]);
    expect(() => raw(at('1.18'), of({ cluster: OWN_CLUSTER }))).toThrow('before 1.19 one that names none is of every cluster');
    expect(() => raw(at('1.20'), of(not({ cluster: OWN_CLUSTER })))).toThrow('every cluster but the own one');
  });
});

describe('effects', () => {
  const secret = { secret: { name: 'tls' } };
  const listener = { name: 'a', envoyConfig: { name: 'b' } };

  test('authentication belongs to rules that allow', () => {
    expect(write(policy('egress', [withEffects(allowTo(SHOP), { authentication: 'required' })])).spec.egress).toEqual([{ toEndpoints: [{}], authentication: { mode: 'required' } }]);
    expect(() => write(policy('ingress', [withEffects(denyFrom(SHOP), { authentication: 'required' })]))).toThrow('authentication: required of a rule whose action is deny');
    expect(() => write(policy('ingress', [withEffects(allowFrom(SHOP), { authentication: 'test-always-fail' })]))).toThrow('test-always-fail of a rule whose action is allow');
  });

  test('TLS and listeners belong to ports', () => {
    expect(write(policy('egress', [withEffects(allowTo(SHOP, HTTPS), { terminatingTLS: secret, originatingTLS: secret })])).spec.egress[0].toPorts)
      .toEqual([{ ports: [{ port: '443', protocol: 'TCP' }], terminatingTLS: secret, originatingTLS: secret }]);
    expect(() => write(policy('egress', [withEffects(allowTo(SHOP), { terminatingTLS: secret })]))).toThrow('all traffic: the cilium dialect cannot express this: TLS is intercepted on ports');
    expect(() => write(policy('ingress', [withEffects(denyFrom(SHOP, HTTPS), { originatingTLS: secret })]))).toThrow('a rule that is no allow has originatingTLS');
    expect(() => write(policy('ingress', [withEffects(allowFrom(SHOP, HTTPS), { listener })]))).toThrow('a listener is for egress only');
    expect(() => write(policy('egress', [withEffects(allowTo(SHOP, { ...HTTPS, l7: { http: [{}] } }), { listener })]))).toThrow('a listener beside layer 7 rules');
    const clusterwideListener = { ...listener, envoyConfig: { name: 'b', kind: 'CiliumEnvoyConfig' } };
    expect(() => write(clusterwide('egress', [withEffects(allowTo(ANY, HTTPS), { listener: clusterwideListener })]))).toThrow('a policy of the cluster cannot use a CiliumEnvoyConfig');
  });

  test('those that Cilium does not have are refused', () => {
    expect(() => write(policy('ingress', [withEffects(allowFrom(SHOP), { annotations: {} })]))).toThrow('annotations: the cilium dialect cannot express this: a policy has a description');
    expect(() => write(policy('ingress', [], { effects: { performanceHints: [] } }))).toThrow('performanceHints');
    expect(() => write(policy('ingress', [], { effects: { labels: { a: 'b' } } }))).toThrow('labels that are no list of { key, value }');
    expect(() => write(policy('ingress', [], { effects: { log: 'a'.repeat(33) } }))).toThrow('no text of at most 32 printable characters');
    expect(() => write(policy('ingress', [], { effects: { log: 'a' } }), policy('egress', [], { effects: { log: 'b' } }))).toThrow('its directions have different ones');
    expect(write(policy('ingress', [], { effects: { log: 'a', description: 'b' } })).spec).toEqual({ description: 'b', log: { value: 'a' }, endpointSelector: {}, ingress: [{}] });
  });
});

describe('references', () => {
  const egress = (peer: EndpointExpr) => write(policy('egress', [allowTo(peer)])).spec.egress[0];

  test('are written by name or by selector', () => {
    expect(egress(allOf(EXTERNAL, { ref: 'cidrGroup', name: 'vpn' }))).toEqual({ toCIDRSet: [{ cidrGroupRef: 'vpn' }] });
    expect(egress({ ref: 'service', selector: labelIn('addressSet', 'a', 'b'), namespace: 'c' }))
      .toEqual({ toServices: [{ k8sServiceSelector: { selector: { matchLabels: { a: 'b' } }, namespace: 'c' } }] });
  });

  test('what they cannot be is refused', () => {
    expect(() => egress(not({ ref: 'cidrGroup', name: 'vpn' }))).toThrow('negated or together with another condition');
    expect(() => egress(allOf(SHOP, { ref: 'service', name: 'a' }))).toThrow('a reference to a service, negated or together');
    expect(() => egress({ ref: 'service', name: 'kubernetes' })).toThrow('which is the entity kube-apiserver');
    expect(() => egress({ ref: 'cidrGroup' })).toThrow('it needs a name, or one selector');
    expect(() => egress({ ref: 'cidrGroup', selector: SHOP })).toThrow('its selector asks for more than labels');
    expect(() => egress({ ref: 'cloudGroup', value: { gcp: {} } })).toThrow('a cloud that Cilium does not know');
    expect(() => write(policy('egress', [{ ...allowTo({ ref: 'service', name: 'a' }), action: 'deny' }]))).toThrow('Services are for egress that is allowed');
  });
});
