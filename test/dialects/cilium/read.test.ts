import { ccnp, cnp, readBack, SHOP } from './support';
import { cilium } from '../../../src/dialects/cilium';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { address, allOf, ANY, anyOf, EndpointExpr, inNamespace, labelExists, labelIn, NONE, not, POD } from '../../../src/model/endpoint';
import { ALL_TRAFFIC, allOfProtocol, namedPort, portRange } from '../../../src/model/traffic';

const NS = 'io.kubernetes.pod.namespace';
const NS_LABEL = 'io.cilium.k8s.namespace.labels.';
const EVERY_PORT_PROTOCOL = [[6, 6], [17, 17], [132, 132]];
const exists = (key: string) => ({ key, operator: 'Exists' });

const spec = (fields: object): object => ({ endpointSelector: {}, ...fields });
const ingress = (...items: unknown[]): unknown => cnp(spec({ ingress: items }));
const egress = (...items: unknown[]): unknown => cnp(spec({ egress: items }));
const subjectOf = (document: unknown) => cilium.read(document)[0].subject;
const peerOf = (selector: unknown, wrap = cnp): EndpointExpr =>
  cilium.read(wrap(spec({ ingress: [{ fromEndpoints: [selector] }] })))[0].rules[0].match.source;
const trafficOf = (...toPorts: unknown[]) => cilium.read(egress({ toEntities: ['all'], toPorts }))[0].rules[0].match.traffic;
const portOf = (port: unknown) => trafficOf({ ports: [port] });

/** Unreadable, for this reason. */
function unreadable(document: unknown, reason: string): void {
  expect(() => cilium.read(document)).toThrow(UnreadableDocument);
  expect(() => cilium.read(document)).toThrow(reason);
}

describe('documents', () => {
  test('each direction of a spec is a policy, and rules know their place', () => {
    const [first, second, ...others] = cilium.read(cnp(spec({
      egress: [{}, { toEntities: ['host'] }],
      ingressDeny: [{ fromEntities: ['world'] }],
      ingress: [{ fromEntities: ['all'] }],
      description: 'text',
      labels: [{ key: 'a' }],
      log: { value: 'x' },
    })), 'web.yaml:1');
    const origin = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'web', at: 'web.yaml:1' };
    expect(others).toEqual([]);
    expect(first).toEqual({
      origin: { ...origin, part: 'spec' },
      stage: 'normal',
      order: [],
      mode: 'enforce',
      direction: 'ingress',
      subject: SHOP,
      isolates: true,
      effects: { description: 'text', labels: [{ key: 'a' }], log: 'x' },
      rules: [
        { action: 'allow', match: { source: ANY, destination: ANY, traffic: ALL_TRAFFIC }, origin: { ...origin, part: 'spec.ingress[0]' } },
        { action: 'deny', match: { source: { entity: 'world' }, destination: ANY, traffic: ALL_TRAFFIC }, origin: { ...origin, part: 'spec.ingressDeny[0]' } },
      ],
    });
    expect(second).toMatchObject({ direction: 'egress', rules: [{ match: { source: ANY, destination: { entity: 'host' } }, origin: { part: 'spec.egress[1]' } }] });
  });

  test('specs are policies beside spec', () => {
    const document = { ...cnp(spec({ ingress: [{}] })) as object, specs: [spec({ ingress: [{}] }), spec({ ingressDeny: [{ fromEntities: ['host'] }] })] };
    const policies = cilium.read(document);
    expect(policies.map(({ origin }) => origin.part)).toEqual(['spec', 'specs[0]', 'specs[1]']);
    expect(policies[2].rules[0].origin?.part).toBe('specs[1].ingressDeny[0]');
  });

  test('a policy without a namespace is in default, one of the cluster in none', () => {
    const { namespace: _namespace, ...metadata } = { name: 'web', namespace: 'x' };
    expect(subjectOf({ ...ingress({}) as object, metadata })).toEqual(allOf(POD, inNamespace('default')));
    expect(cilium.read({ ...ccnp(spec({ ingress: [{}] })) as object, metadata: { name: 'web', namespace: 'x' } })[0].origin)
      .toEqual({ apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', name: 'web', part: 'spec' });
  });

  test('other kinds and unknown fields are unreadable', () => {
    unreadable({ ...ingress({}) as object, apiVersion: 'cilium.io/v1' }, 'kind: this is not a cilium.io/v2 CiliumNetworkPolicy');
    unreadable({ ...ingress({}) as object, kind: 'NetworkPolicy' }, 'this is not a cilium.io/v2');
    unreadable({ ...ingress({}) as object, rules: [] }, 'document.rules: this field is not known here');
    unreadable(cnp(spec({ ingres: [{}], egress: [{}] })), 'CiliumNetworkPolicy shop/web: spec.ingres: this field is not known here');
    unreadable(ingress({ from: [] }), 'spec.ingress[0].from: this field is not known here');
    unreadable(egress({ fromEndpoints: [{}] }), 'spec.egress[0].fromEndpoints: this field is not known here');
    unreadable(cnp(spec({ egressDeny: [{ toFQDNs: [] }] })), 'toFQDNs: this field is not known here');
    unreadable(cnp(spec({ ingressDeny: [{ authentication: { mode: 'required' } }] })), 'authentication: this field is not known here');
    unreadable(cnp(spec({ egressDeny: [{ toPorts: [{ ports: [], rules: {} }] }] })), 'spec.egressDeny[0].toPorts[0].rules: this field is not known here');
  });

  test('a spec that the agent refuses is unreadable', () => {
    unreadable({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'web' }, specs: [] }, 'spec or specs is needed');
    unreadable(cnp(spec({ ingress: [], egress: null })), 'spec: at least one of ingress, ingressDeny, egress, egressDeny must have an item');
    unreadable(cnp({ ingress: [{}] }), 'exactly one of endpointSelector and nodeSelector is needed');
    unreadable(cnp(spec({ nodeSelector: {}, ingress: [{}] })), 'exactly one of endpointSelector and nodeSelector is needed');
    unreadable(cnp({ nodeSelector: {}, ingress: [{}] }), 'spec.nodeSelector: a namespaced policy cannot have a nodeSelector');
  });
});

describe('default deny', () => {
  const isolates = (fields: object): unknown =>
    cilium.read(cnp(spec(fields))).map(policy => [policy.direction, policy.isolates, policy.rules.length]);

  test('an item isolates its direction, even an empty one and one that denies', () => {
    expect(isolates({ ingress: [{}] })).toEqual([['ingress', true, 0]]);
    expect(isolates({ egressDeny: [{ toEntities: ['host'] }], ingress: [] })).toEqual([['egress', true, 1]]);
  });

  test('enableDefaultDeny switches it off, for its direction', () => {
    const items = { ingress: [{ fromEntities: ['host'] }], egress: [{}] };
    expect(isolates({ ...items, enableDefaultDeny: { ingress: false } })).toEqual([['ingress', false, 1], ['egress', true, 0]]);
    expect(isolates({ ...items, enableDefaultDeny: { ingress: true, egress: false } })).toEqual([['ingress', true, 1], ['egress', false, 0]]);
    expect(isolates({ ...items, enableDefaultDeny: {} })).toEqual([['ingress', true, 1], ['egress', true, 0]]);
  });

  test('enableDefaultDeny has no effect on a direction without an item', () => {
    expect(isolates({ egress: [{}], ingress: [], enableDefaultDeny: { ingress: true } })).toEqual([['egress', true, 0]]);
  });

  test('a malformed enableDefaultDeny is unreadable', () => {
    unreadable(cnp(spec({ ingress: [{}], enableDefaultDeny: { ingress: 'no' } })), 'spec.enableDefaultDeny.ingress: must be true or false, got "no"');
    unreadable(cnp(spec({ ingress: [{}], enableDefaultDeny: { both: false } })), 'spec.enableDefaultDeny.both: this field is not known here');
  });
});

describe('subjects', () => {
  test('a namespaced policy is about pods of its namespace', () => {
    const labelled = (matchLabels: object) => subjectOf(cnp({ endpointSelector: { matchLabels }, ingress: [{}] }));
    expect(labelled({})).toEqual(SHOP);
    expect(labelled({ 'app': 'web', 'k8s:tier': 'a', 'any:x': 'y' })).toEqual(allOf(SHOP, labelIn('pod', 'app', 'web'), labelIn('pod', 'tier', 'a'), labelIn('pod', 'x', 'y')));
    expect(labelled({ [`k8s:${NS}`]: 'shop' })).toEqual(SHOP);
  });

  test('a namespaced policy that names another namespace is unreadable', () => {
    unreadable(cnp({ endpointSelector: { matchLabels: { [`k8s:${NS}`]: 'other' } }, ingress: [{}] }), 'a policy of namespace shop is about endpoints of its own namespace');
    unreadable(cnp({ endpointSelector: { matchExpressions: [{ key: NS, operator: 'NotIn', values: ['shop'] }] }, ingress: [{}] }), 'of its own namespace');
  });

  test('a policy of the cluster is about pods of every namespace', () => {
    const subject = (endpointSelector: object) => subjectOf(ccnp({ endpointSelector, ingress: [{}] }));
    expect(subject({ matchLabels: { [NS]: 'a' } })).toEqual(allOf(POD, inNamespace('a')));
    expect(subject({ matchExpressions: [exists(`k8s:${NS}`)] })).toEqual(POD);
    expect(subject({ matchExpressions: [{ key: NS, operator: 'NotIn', values: ['a', 'b'] }, { key: NS, operator: 'In', values: ['c', 'd'] }] }))
      .toEqual(allOf(POD, not(inNamespace('a')), not(inNamespace('b')), anyOf(inNamespace('c'), inNamespace('d'))));
    expect(subject({ matchLabels: { [`${NS_LABEL}team`]: 'a' } })).toEqual(allOf(POD, labelIn('namespace', 'team', 'a')));
  });

  test('endpoints of Cilium itself are entities, which no namespaced policy selects', () => {
    const endpointSelector = { matchLabels: { 'reserved:health': '' } };
    expect(subjectOf(ccnp({ endpointSelector, ingress: [{}] }))).toEqual({ entity: 'health' });
    expect(subjectOf(cnp({ endpointSelector, ingress: [{}] }))).toEqual(NONE);
    const without = { matchExpressions: [{ key: 'reserved:health', operator: 'DoesNotExist' }] };
    expect(subjectOf(cnp({ endpointSelector: without, ingress: [{}] }))).toEqual(SHOP);
    unreadable(ccnp({ endpointSelector: without, ingress: [{}] }), 'every endpoint without some reserved labels is not evaluated');
    unreadable(ccnp({ endpointSelector: { matchLabels: { 'reserved:host': '' } }, ingress: [{}] }), 'the label reserved:host is not evaluated here (known: health, ingress, init)');
  });
});

describe('selectors of peers', () => {
  test('in a namespaced policy they are of its namespace, unless they say another', () => {
    expect(peerOf({})).toEqual(SHOP);
    expect(peerOf({ matchLabels: { app: 'web' } })).toEqual(allOf(SHOP, labelIn('pod', 'app', 'web')));
    expect(peerOf({ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }, { key: 'x', operator: 'DoesNotExist' }] }))
      .toEqual(allOf(SHOP, not(labelIn('pod', 'app', 'web')), not(labelExists('pod', 'x'))));
    expect(peerOf({ matchLabels: { app: 'web', [`k8s:${NS}`]: 'other' } })).toEqual(allOf(POD, inNamespace('other'), labelIn('pod', 'app', 'web')));
    expect(peerOf({ matchLabels: { [NS]: 'other' } })).toEqual(allOf(POD, inNamespace('other')));
    expect(peerOf({ matchExpressions: [exists(NS)] })).toEqual(POD);
  });

  test('labels of namespaces reach across namespaces', () => {
    expect(peerOf({ matchLabels: { [`k8s:${NS_LABEL}kubernetes.io/metadata.name`]: 'other' } })).toEqual(allOf(POD, labelIn('namespace', 'kubernetes.io/metadata.name', 'other')));
    expect(peerOf({ matchLabels: { [`${NS_LABEL}team`]: 'a' } })).toEqual(allOf(POD, labelIn('namespace', 'team', 'a')));
  });

  test('in a policy of the cluster they are pods of every namespace', () => {
    expect(peerOf({}, ccnp)).toEqual(POD);
    expect(peerOf({ matchExpressions: [{ key: `${NS_LABEL}team`, operator: 'DoesNotExist' }] }, ccnp)).toEqual(allOf(POD, not(labelExists('namespace', 'team'))));
  });

  test('exclusions of namespaces alone do not ask for pods, and others do', () => {
    const some = { key: NS, operator: 'NotIn', values: ['other'] };
    expect(peerOf({ matchExpressions: [some] })).toEqual(not(inNamespace('other')));
    expect(peerOf({ matchExpressions: [some] }, ccnp)).toEqual(not(inNamespace('other')));
    expect(peerOf({ matchExpressions: [{ key: `${NS_LABEL}team`, operator: 'DoesNotExist' }] })).toEqual(not(labelExists('namespace', 'team')));
    expect(peerOf({ matchExpressions: [some, exists(NS)] })).toEqual(allOf(POD, not(inNamespace('other'))));
    expect(peerOf({ matchExpressions: [some], matchLabels: { app: 'web' } })).toEqual(allOf(POD, not(inNamespace('other')), labelIn('pod', 'app', 'web')));
  });

  test('service accounts', () => {
    const key = 'io.cilium.k8s.policy.serviceaccount';
    expect(peerOf({ matchLabels: { [key]: 'api' } })).toEqual(allOf(SHOP, { serviceAccount: 'api' }));
    expect(peerOf({ matchExpressions: [{ key: `k8s:${key}`, operator: 'NotIn', values: ['a', 'b'] }] })).toEqual(allOf(SHOP, not({ serviceAccount: 'a' }), not({ serviceAccount: 'b' })));
    expect(peerOf({ matchExpressions: [exists(key)] })).toEqual(SHOP);
  });

  test('reserved labels are entities, and nothing is added to them', () => {
    expect(peerOf({ matchLabels: { 'reserved:host': '' } })).toEqual({ entity: 'host' });
    expect(peerOf({ matchExpressions: [exists('reserved:remote-node'), exists('reserved:kube-apiserver')] })).toEqual({ allOf: [{ entity: 'remote-node' }, { entity: 'kube-apiserver' }] });
    expect(peerOf({ matchExpressions: [{ key: 'reserved:host', operator: 'DoesNotExist' }] })).toEqual(not({ entity: 'host' }));
    expect(peerOf({ matchExpressions: [{ key: 'reserved:host', operator: 'In', values: ['x'] }] })).toEqual(NONE);
    unreadable(ingress({ fromEndpoints: [{ matchLabels: { 'reserved:host': '', 'app': 'web' } }] }), 'reserved labels beside other ones');
    unreadable(ingress({ fromEndpoints: [{ matchLabels: { 'reserved:moon': '' } }] }), 'the label reserved:moon is not evaluated here');
  });

  test('other sources and malformed keys are unreadable', () => {
    const labels = (matchLabels: object) => ingress({ fromEndpoints: [{ matchLabels }] });
    unreadable(labels({ 'node:zone': 'a' }), 'labels of the source "node" are not evaluated in a selector of endpoints; use the field that is made for them (fromNodes');
    unreadable(labels({ 'io.cilium.k8s.policy.uid': 'a' }), 'io.cilium.k8s.policy.uid is no label of a pod');
    unreadable(labels({ 'k8s:a:b': 'a' }), 'before the key there may be one source');
    unreadable(labels({ ':a': 'a' }), 'before the key there may be one source');
    unreadable(labels({ 'k8s:-a': 'a' }), 'label key "-a" is invalid');
    unreadable(ingress({ fromEndpoints: [{ matchExpressions: [{ key: NS, operator: 'DoesNotExist' }] }] }), 'endpoints without one are not evaluated: use fromEntities');
    unreadable(ingress({ fromEndpoints: [{ matchExpressions: [{ key: 'a', operator: 'In' }] }] }), 'In needs values');
  });
});

describe('peers', () => {
  test('an item that says nothing about peers is about everything, once it says something about ports', () => {
    const toPorts = [{ ports: [{ port: '80', protocol: 'TCP' }] }];
    expect(readBack(ingress({ toPorts }))[0].rules).toEqual([{ action: 'allow', match: { source: ANY, destination: ANY, traffic: [portRange('TCP', 80)] } }]);
    expect(readBack(ingress({}, { fromEndpoints: null }, { toPorts: [] }))[0].rules).toEqual([]);
  });

  test('an empty list of peers is no peer', () => {
    for (const field of ['fromEndpoints', 'fromEntities', 'fromCIDR', 'fromCIDRSet']) {
      expect(readBack(ingress({ [field]: [] }))[0]).toMatchObject({ isolates: true, rules: [{ match: { source: NONE } }] });
    }
    expect(readBack(ingress({ fromEndpoints: [], fromEntities: ['host'] }))[0].rules[0].match.source).toEqual({ entity: 'host' });
  });

  test('entities', () => {
    const entities = (...fromEntities: string[]) => cilium.read(ingress({ fromEntities }))[0].rules[0].match.source;
    expect(entities('host', 'cluster')).toEqual(anyOf({ entity: 'host' }, { entity: 'cluster' }));
    expect(entities('host', 'all')).toEqual(ANY);
    expect(entities('none')).toEqual(NONE);
    unreadable(ingress({ fromEntities: ['world-ipv4'] }), 'spec.ingress[0].fromEntities[0]: must be one of all, world,');
  });

  test('address ranges are bare, and canonical', () => {
    const source = (item: object) => cilium.read(ingress(item))[0].rules[0].match.source;
    expect(source({ fromCIDR: ['10.0.0.1/8', '2001:DB8::1/32'] })).toEqual(anyOf(address('10.0.0.0/8'), address('2001:db8::/32')));
    expect(source({ fromCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.2.3/16'] }] })).toEqual(address('10.0.0.0/8', ['10.1.0.0/16']));
  });

  test('malformed address ranges are unreadable', () => {
    unreadable(ingress({ fromCIDR: ['10.0.0.1'] }), 'spec.ingress[0].fromCIDR[0]: "10.0.0.1" has no prefix length');
    unreadable(ingress({ fromCIDRSet: [{ cidr: '10.0.0.0/33' }] }), 'fromCIDRSet[0].cidr: "10.0.0.0/33" is not a CIDR');
    unreadable(ingress({ fromCIDRSet: [{ cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] }] }), 'except[0]: 11.0.0.0/16 must be a part of 10.0.0.0/8');
    unreadable(ingress({ fromCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.0.0.0/7'] }] }), 'must be a part of');
    unreadable(ingress({ fromCIDRSet: [{ cidr: '10.0.0.0/8', cidrGroupRef: 'a' }] }), 'exactly one of cidr, cidrGroupRef and cidrGroupSelector is needed');
  });

  test('two kinds of peers in one item are unreadable', () => {
    unreadable(ingress({ fromEndpoints: [{}], fromEntities: ['host'] }), 'spec.ingress[0]: combining fromEndpoints and fromEntities is not supported yet by Cilium; use an item for each');
    unreadable(egress({ toCIDR: ['10.0.0.0/8'], toCIDRSet: [{ cidr: '10.0.0.0/8' }] }), 'combining toCIDR and toCIDRSet');
    unreadable(egress({ toFQDNs: [{ matchName: 'a.b' }], toServices: [{}] }), 'combining toServices and toFQDNs');
  });

  test('names', () => {
    const toFQDNs = (...names: unknown[]) => egress({ toFQDNs: names });
    expect(cilium.read(toFQDNs({ matchName: 'api.example.com' }, { matchPattern: '*.example.org' }))[0].rules[0].match.destination)
      .toEqual(anyOf({ fqdn: 'api.example.com' }, { fqdn: '*.example.org' }));
    unreadable(toFQDNs({ matchName: '*.example.com' }), 'spec.egress[0].toFQDNs[0].matchName: "*.example.com" is no domain name of at most 255 characters');
    unreadable(toFQDNs({ matchPattern: 'a b' }), 'in which * may stand');
    unreadable(toFQDNs({ matchName: 'a'.repeat(256) }), 'at most 255 characters');
    unreadable(toFQDNs({ matchName: 'a.b', matchPattern: '*' }), 'exactly one of matchName and matchPattern is needed');
    unreadable(toFQDNs({}), 'exactly one of matchName and matchPattern is needed');
  });
});

describe('ports', () => {
  test('numbers, ranges, names and every port', () => {
    expect(trafficOf({ ports: [{ port: '80', protocol: 'TCP' }, { port: '8000', endPort: 8100, protocol: 'UDP' }] }, { ports: [{ port: 'Metrics', protocol: 'TCP' }] }))
      .toEqual([portRange('TCP', 80), portRange('UDP', 8000, 8100), namedPort('TCP', 'metrics')]);
    expect(portOf({ port: '0', protocol: 'SCTP' })).toEqual([allOfProtocol('SCTP')]);
  });

  test('without a protocol, or with ANY, they are of TCP, UDP and SCTP', () => {
    const expected = [{ protocols: EVERY_PORT_PROTOCOL, destinationPorts: { ranges: [[80, 80]], names: [] } }];
    expect(portOf({ port: '80' })).toEqual(expected);
    expect(portOf({ port: '80', protocol: 'ANY' })).toEqual(expected);
    expect(portOf({ port: '0' })).toEqual([{ protocols: EVERY_PORT_PROTOCOL }]);
  });

  test('an endPort that is not above its port, or stands beside a name, is as if it were absent', () => {
    expect(portOf({ port: '80', endPort: 70, protocol: 'TCP' })).toEqual([portRange('TCP', 80)]);
    expect(portOf({ port: 'http', endPort: 90, protocol: 'TCP' })).toEqual([namedPort('TCP', 'http')]);
  });

  test('an entry without ports matches nothing', () => {
    expect(trafficOf({})).toEqual([]);
    expect(trafficOf({ ports: [] }, { ports: [{ port: '80', protocol: 'TCP' }] })).toEqual([portRange('TCP', 80)]);
  });

  test('ports that the API server or the agent refuses are unreadable', () => {
    const port = (fields: object) => egress({ toPorts: [{ ports: [fields] }] });
    unreadable(port({ port: 80 }), 'spec.egress[0].toPorts[0].ports[0].port: must be a string, got 80');
    unreadable(port({ port: '65536' }), 'must be a port from 0 to 65535, got "65536"');
    unreadable(port({ port: '080' }), 'must be a port from 0 to 65535, got "080"');
    unreadable(port({ port: '80abc!!' }), 'port name "80abc!!" is invalid');
    unreadable(port({ port: 'a--b' }), 'port name "a--b" is invalid');
    unreadable(port({ port: '80', protocol: 'tcp' }), 'ports[0].protocol: must be one of ANY, TCP, UDP, SCTP');
    unreadable(port({ port: '80', endPort: 65536 }), 'endPort: must be a whole number from 0 to 65535');
    unreadable(port({ port: '0', endPort: 80 }), 'a range that begins at "0"');
    unreadable(egress({ toPorts: [{ ports: Array.from({ length: 41 }, () => ({ port: '80' })) }] }), 'spec.egress[0].toPorts[0].ports: at most 40 ports, got 41');
    unreadable(cnp(spec({ egressDeny: [{ toPorts: [{ ports: Array.from({ length: 41 }, () => ({ port: '80' })) }] }] })), 'at most 40 ports');
    unreadable(egress({ toPorts: [{ ports: [{ port: '80' }] }], icmps: [{ fields: [{ type: 8 }] }] }), 'toPorts and icmps may not stand in one item');
  });

  test('DNS rules', () => {
    const rules = { dns: [{ matchPattern: '*.example.com' }, { matchName: 'example.org' }] };
    expect(trafficOf({ ports: [{ port: '53', protocol: 'UDP' }, { port: 'dns', protocol: 'TCP' }], rules })).toEqual([
      { ...portRange('UDP', 53), l7: { dns: ['*.example.com', 'example.org'] } },
      { ...namedPort('TCP', 'dns'), l7: { dns: ['*.example.com', 'example.org'] } },
    ]);
  });

  test('DNS rules that Cilium refuses are unreadable', () => {
    const dns = { dns: [{ matchPattern: '*' }] };
    const entry = (port: object | undefined, rules: object = dns) => ({ ports: port ? [port] : [], rules });
    unreadable(ingress({ toPorts: [entry({ port: '53', protocol: 'UDP' })] }), 'spec.ingress[0].toPorts[0].rules.dns: DNS rules are for egress only');
    unreadable(egress({ toPorts: [entry(undefined)] }), 'DNS rules need ports');
    unreadable(egress({ toPorts: [entry({ port: '53', protocol: 'SCTP' })] }), 'DNS rules are for TCP, UDP or ANY');
    unreadable(egress({ toPorts: [entry({ port: '0', protocol: 'UDP' })] }), 'DNS rules need a port, not "0"');
    unreadable(egress({ toPorts: [entry({ port: '53', endPort: 54, protocol: 'UDP' })] }), 'DNS rules do not support port ranges');
    unreadable(egress({ toPorts: [entry({ port: '53' }, {})] }), 'exactly one of http and dns is needed');
  });
});
