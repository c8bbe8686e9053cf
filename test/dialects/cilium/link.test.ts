import { answer, ccnp, cnp, LOCAL_NODE, OTHER_POD, OUTSIDE, POD_OF_SHOP, REMOTE_NODE } from './support';
import { cilium } from '../../../src/dialects/cilium';
import { isOfKind } from '../../../src/dialects/dialect';
import { allOf, anyOf, EndpointExpr, inNamespace, labelIn, not, OWN_CLUSTER, POD } from '../../../src/model/endpoint';
import { Endpoint } from '../../../src/model/match';

const CLUSTER = 'k8s:io.cilium.k8s.policy.cluster';
const OWN: EndpointExpr = { cluster: OWN_CLUSTER };
const egress = (item: object): unknown => cnp({ endpointSelector: {}, egress: [item] });
const ingress = (item: object): unknown => cnp({ endpointSelector: {}, ingress: [item] });
const outside = (address: string): Endpoint => ({ ...OUTSIDE, address });
const metadata = (name: string, namespace?: string, labels?: object) =>
  ({ name, ...(namespace ? { namespace } : {}), ...(labels ? { labels } : {}) });
const linkedPeer = (document: unknown, version?: string, ...others: unknown[]): EndpointExpr =>
  cilium.link(cilium.read(document, undefined, version), others, version).policies[0].rules[0].match.destination;

describe('groups of addresses', () => {
  const groups = [
    { apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: metadata('vpn', undefined, { role: 'vpn' }), spec: { externalCIDRs: ['10.48.0.0/24', '10.16.0.1/24'] } },
    { apiVersion: 'cilium.io/v2alpha1', kind: 'CiliumCIDRGroup', metadata: metadata('office', undefined, { role: 'vpn' }), spec: { externalCIDRs: ['198.51.100.0/24'] } },
    { apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: metadata('other'), spec: {} },
  ];
  const asked = (entry: object, source: Endpoint) => answer([ingress({ fromCIDRSet: [entry] }), ...groups], { source });

  test('one by its name has its ranges, and only outside the cluster', () => {
    expect([asked({ cidrGroupRef: 'vpn' }, outside('10.48.0.9')), asked({ cidrGroupRef: 'vpn' }, outside('10.16.0.200')), asked({ cidrGroupRef: 'vpn' }, outside('198.51.100.1'))])
      .toEqual(['allowed', 'allowed', 'denied']);
    expect(asked({ cidrGroupRef: 'vpn' }, { ...OTHER_POD, address: '10.48.0.9' })).toBe('denied');
  });

  test('those with labels are together', () => {
    const vpn = { cidrGroupSelector: { matchLabels: { role: 'vpn' } } };
    expect([asked(vpn, outside('10.48.0.9')), asked(vpn, outside('198.51.100.1')), asked(vpn, outside('8.8.8.8'))]).toEqual(['allowed', 'allowed', 'denied']);
    expect(asked({ cidrGroupSelector: { matchExpressions: [{ key: 'role', operator: 'DoesNotExist' }] } }, outside('198.51.100.1'))).toBe('denied');
  });

  test('one that is missing, or empty, is nobody', () => {
    expect([asked({ cidrGroupRef: 'nobody' }, OUTSIDE), asked({ cidrGroupRef: 'other' }, OUTSIDE)]).toEqual(['denied', 'denied']);
  });

  test('a malformed group is unreadable', () => {
    const bad = { ...groups[0], spec: { externalCIDRs: ['10.0.0.1'] } };
    expect(() => answer([ingress({ fromCIDRSet: [{ cidrGroupRef: 'vpn' }] }), bad], {})).toThrow('CiliumCIDRGroup vpn: spec.externalCIDRs[0]: "10.0.0.1" has no prefix length');
  });
});

describe('Services', () => {
  const services = [
    { apiVersion: 'v1', kind: 'Service', metadata: metadata('db', 'data', { tier: 'db' }), spec: { selector: { app: 'db' } } },
    { apiVersion: 'v1', kind: 'Service', metadata: metadata('legacy', 'data', { tier: 'old' }), spec: {} },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: metadata('legacy-1', 'data', { 'kubernetes.io/service-name': 'legacy' }),
      addressType: 'IPv4',
      endpoints: [{ addresses: ['203.0.113.9'] }, { addresses: ['203.0.113.10', 'host.example.com'] }, {}],
    },
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: metadata('stray', 'shop', { 'kubernetes.io/service-name': 'legacy' }), endpoints: [{ addresses: ['198.51.100.1'] }] },
  ];
  const asked = (entry: object, destination: Endpoint) => answer([egress({ toServices: [entry] }), ...services], { destination });
  const named = (serviceName: string, namespace?: string) => ({ k8sService: { serviceName, ...(namespace ? { namespace } : {}) } });

  test('one with a selector is its pods, in its own namespace', () => {
    expect(asked(named('db', 'data'), OTHER_POD)).toBe('allowed');
    expect(asked(named('db', 'data'), { ...OTHER_POD, labels: { app: 'web' } })).toBe('denied');
    expect(asked(named('db', 'data'), { ...POD_OF_SHOP, labels: { app: 'db' } })).toBe('denied');
  });

  test('one without is the addresses of its slices, which are no pods', () => {
    expect([asked(named('legacy', 'data'), OUTSIDE), asked(named('legacy', 'data'), outside('203.0.113.10')), asked(named('legacy', 'data'), outside('198.51.100.1'))])
      .toEqual(['allowed', 'allowed', 'denied']);
    expect(asked(named('legacy', 'data'), { ...OTHER_POD, address: '203.0.113.9' })).toBe('denied');
  });

  test('without a namespace it is one of any, and one that is missing is nobody', () => {
    expect([asked(named('db'), OTHER_POD), asked(named('db', 'shop'), OTHER_POD), asked(named('nobody'), OTHER_POD)]).toEqual(['allowed', 'denied', 'denied']);
  });

  test('Services are found by their labels', () => {
    const selected = (tier: string) => ({ k8sServiceSelector: { selector: { matchLabels: { tier } }, namespace: 'data' } });
    expect([asked(selected('db'), OTHER_POD), asked(selected('old'), OTHER_POD), asked(selected('old'), OUTSIDE)]).toEqual(['allowed', 'denied', 'allowed']);
    expect(asked({ k8sServiceSelector: { selector: {} } }, OTHER_POD)).toBe('allowed');
  });
});

test('what only a cloud knows is unknown', () => {
  const document = ingress({ fromGroups: [{ aws: { securityGroupsIds: ['sg-1'] } }] });
  expect(answer([document], { source: OUTSIDE })).toBe('unknown');
  expect(linkedPeer(egress({ toGroups: [{ aws: {} }] }))).toEqual({ ref: 'cloudGroup', value: { aws: {} } });
});

describe('clusters', () => {
  const mars = { ...OTHER_POD, namespace: 'shop', cluster: 'mars' };
  const asked = (selector: object, destination: Endpoint, version?: string) =>
    answer([egress({ toEndpoints: [selector] })], { destination }, version);

  test('a selector that names none is of the own one since 1.19, and of every one before', () => {
    expect([asked({}, mars), asked({}, mars, '1.19'), asked({}, mars, '1.18')]).toEqual(['denied', 'denied', 'allowed']);
    expect([asked({}, POD_OF_SHOP), asked({}, POD_OF_SHOP, '1.18')]).toEqual(['allowed', 'allowed']);
    expect(linkedPeer(egress({ toEndpoints: [{}] }))).toEqual(allOf(POD, inNamespace('shop'), OWN));
    expect(linkedPeer(egress({ toEndpoints: [{}] }), 'v1.18.3')).toEqual(allOf(POD, inNamespace('shop')));
  });

  test('others are named', () => {
    const named = { matchLabels: { [CLUSTER]: 'mars' } };
    expect([asked(named, mars), asked(named, mars, '1.18'), asked(named, { ...mars, cluster: 'venus' })]).toEqual(['allowed', 'allowed', 'denied']);
    expect(asked({ matchExpressions: [{ key: CLUSTER, operator: 'Exists' }] }, mars)).toBe('allowed');
    expect(asked({ matchExpressions: [{ key: CLUSTER, operator: 'NotIn', values: ['mars'] }] }, mars)).toBe('denied');
    // What the own cluster is called is not known.
    expect(asked(named, POD_OF_SHOP)).toBe('unknown');
  });

  test('a policy is about endpoints of its own cluster', () => {
    expect(answer([cnp({ endpointSelector: {}, ingress: [{}] })], { source: OUTSIDE, destination: mars })).toBe('allowed');
    expect(answer([cnp({ endpointSelector: {}, ingress: [{}] })], { source: OUTSIDE })).toBe('denied');
  });

  test('entities, addresses and what speaks of no pods stay as they are', () => {
    expect(linkedPeer(egress({ toEntities: ['cluster', 'host'] }))).toEqual(anyOf({ entity: 'cluster' }, { entity: 'host' }));
    expect(linkedPeer(egress({ toEndpoints: [{ matchExpressions: [{ key: 'reserved:host', operator: 'DoesNotExist' }] }] }))).toEqual(not({ entity: 'host' }));
  });

  test('a linked policy is written as it was, and refused where the version has no words for the own cluster', () => {
    const target = (version: string) => ({ cni: 'cilium', version, cidrMatchesPods: false, cidrMatchesNodes: false, clusterCidrs: [], clusterCidrsComplete: false, denyTier: 'x' });
    const document = egress({ toEndpoints: [{ matchLabels: { app: 'db' } }] });
    const linked = cilium.link(cilium.read(document), []).policies;
    expect(cilium.write(linked, target('1.20'))).toEqual([document]);
    expect(() => cilium.write(linked, target('1.18'))).toThrow('the own cluster, by no name: the cilium dialect cannot express this');
  });
});

describe('nodes', () => {
  const asked = (document: unknown, flow: Parameters<typeof answer>[1]) => answer([document], flow);
  const zone = { matchLabels: { zone: 'a' } };

  test('fromNodes are other nodes, never the own one', () => {
    const document = ingress({ fromNodes: [zone] });
    expect([REMOTE_NODE, LOCAL_NODE, { ...REMOTE_NODE, labels: {} }, OTHER_POD].map(source => asked(document, { source }))).toEqual(['allowed', 'denied', 'denied', 'denied']);
    expect(cilium.read(document)[0].rules[0].match.source).toEqual(allOf({ kind: 'node' }, labelIn('node', 'zone', 'a'), { entity: 'remote-node' }));
  });

  test('a nodeSelector is about the nodes themselves', () => {
    const document = ccnp({ nodeSelector: zone, ingress: [{ fromEntities: ['cluster'] }, { toPorts: [{ ports: [{ port: '22', protocol: 'TCP' }] }] }] });
    for (const destination of [LOCAL_NODE, REMOTE_NODE]) {
      expect([asked(document, { source: OUTSIDE, destination }), asked(document, { source: OUTSIDE, destination, port: 22 }), asked(document, { destination })]).toEqual(['denied', 'allowed', 'allowed']);
    }
    expect(asked(document, { source: OUTSIDE, destination: { ...REMOTE_NODE, labels: {} } })).toBe('allowed');
    expect(asked(document, { source: OUTSIDE })).toBe('allowed');
  });
});

describe('the endpoints of Cilium itself', () => {
  const health: Endpoint = { kind: 'pod', namespace: '', labels: {}, namespaceLabels: {}, address: '10.0.9.1', entities: ['all', 'cluster', 'health'] };

  test('a policy of the cluster for everything is about them too, and never about nodes and the outside', () => {
    const document = ccnp({ endpointSelector: {}, ingress: [{}] });
    expect([POD_OF_SHOP, health, LOCAL_NODE, OUTSIDE].map(destination => answer([document], { source: OTHER_POD, destination }))).toEqual(['denied', 'denied', 'allowed', 'allowed']);
    expect(answer([document], { source: OTHER_POD, destination: { kind: 'external' } })).toBe('allowed');
  });

  test('reserved:health selects them alone', () => {
    const document = ccnp({ endpointSelector: { matchLabels: { 'reserved:health': '' } }, ingress: [{}] });
    expect([POD_OF_SHOP, health].map(destination => answer([document], { source: OTHER_POD, destination }))).toEqual(['allowed', 'denied']);
  });
});

test('every kind has its role', () => {
  const of = (role: string) => cilium.kinds.filter(kind => kind.role === role).map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
  expect(of('policy')).toEqual(['cilium.io/v2 CiliumNetworkPolicy', 'cilium.io/v2 CiliumClusterwideNetworkPolicy']);
  expect(of('support')).toEqual(['cilium.io/v2 CiliumCIDRGroup', 'cilium.io/v2alpha1 CiliumCIDRGroup', 'v1 Service', 'discovery.k8s.io/v1 EndpointSlice']);
  expect(of('other')).toEqual(['cilium.io/v2 CiliumEgressGatewayPolicy', 'cilium.io/v2 CiliumLocalRedirectPolicy']);
  expect(isOfKind({ apiVersion: 'cilium.io/v2', kind: 'CiliumLocalRedirectPolicy' }, cilium.kinds)).toBe(true);
});
