import { ALL_FEATURES, answer, ccnp, cnp, OUTSIDE, POD_OF_SHOP, rewritten } from './support';
import { cilium } from '../../../src/dialects/cilium';
import { UnreadableDocument } from '../../../src/dialects/document-reader';

/** What the API server and the agent take, and what they do not: each row is a rule of Cilium, with what is said of it. */

const VERSIONS = ['1.18', '1.19', '1.20'] as const;
type Version = typeof VERSIONS[number];

const spec = (fields: object): object => ({ endpointSelector: {}, ...fields });
const ingress = (item: object): unknown => cnp(spec({ ingress: [item] }));
const egress = (item: object): unknown => cnp(spec({ egress: [item] }));
const host = (fields: object): unknown => ccnp({ nodeSelector: {}, ...fields });
const to = (entry: object): unknown => egress({ toPorts: [entry] });
const from = (entry: object): unknown => ingress({ toPorts: [entry] });
const port = (fields: object): unknown => to({ ports: [fields] });
const TCP = [{ port: '80', protocol: 'TCP' }];
const SECRET = { secret: { name: 'tls', namespace: 'shop' } };
const LISTENER = { name: 'proxy', envoyConfig: { name: 'proxy' } };
const API_SERVER = '(the API server refuses this)';
const AGENT = '(the API server stores this, but the agent refuses it, and the policy is not enforced)';
const many = (count: number) => Array.from({ length: count }, (_, i) => ({ port: String(i + 1), protocol: 'TCP' }));
const fields = (count: number) => ({ fields: Array.from({ length: count }, (_, type) => ({ type })) });
const before = (version: Version): Version[] => VERSIONS.filter(each => each < version);
const since = (version: Version): Version[] => VERSIONS.filter(each => each >= version);

describe('what is refused', () => {
  test.each<[string, unknown, string, string?, Version[]?]>([
    ['an empty spec', cnp(spec({ ingress: [] })), 'must have an item', AGENT],
    ['no selector', cnp({ ingress: [{}] }), 'exactly one of endpointSelector and nodeSelector', API_SERVER],
    ['a nodeSelector in a namespaced policy', cnp({ nodeSelector: {}, ingress: [{}] }), 'use a CiliumClusterwideNetworkPolicy', AGENT],
    ['two kinds of peers', egress({ toCIDR: ['1.0.0.0/8'], toFQDNs: [{ matchName: 'a.b' }] }), 'combining toCIDR and toFQDNs is not supported yet', AGENT],
    ['fromRequires', ingress({ fromRequires: [{}] }), 'Cilium 1.19 removed it', API_SERVER, since('1.19')],
    ['fromRequires', ingress({ fromRequires: [{}] }), 'every policy of the same endpoints', undefined, before('1.19')],
    ['an entity of later', ingress({ fromEntities: ['cluster-mesh'] }), 'Cilium has no entity cluster-mesh before 1.20', API_SERVER, before('1.20')],
    ['a Service that is denied', cnp(spec({ egressDeny: [{ toServices: [{ k8sService: { serviceName: 'a' } }] }] })), 'here this denies nothing'],
    ['the Service of the API server', egress({ toServices: [{ k8sService: { serviceName: 'kubernetes', namespace: 'default' } }] }), 'toEntities: [kube-apiserver]'],
    ['a Service without a name', egress({ toServices: [{ k8sService: {} }] }), 'name the Service'],
    ['a Service by name and labels', egress({ toServices: [{ k8sService: { serviceName: 'a' }, k8sServiceSelector: { selector: {} } }] }), 'write an entry for each'],
    ['a Service by nothing', egress({ toServices: [{}] }), 'name a Service'],
    ['a Service selector without one', egress({ toServices: [{ k8sServiceSelector: {} }] }), 'a selector is needed', API_SERVER],
    ['a group of another cloud', ingress({ fromGroups: [{ azure: {} }] }), 'azure: this field is not known'],
    ['a group without a cloud', ingress({ fromGroups: [{}] }), 'aws is needed'],
    ['exceptions of a group', ingress({ fromCIDRSet: [{ cidrGroupRef: 'a', except: ['10.0.0.0/8'] }] }), 'does not support exceptions of a group', AGENT],
    ['an exception outside', ingress({ fromCIDRSet: [{ cidr: '10.0.0.0/8', except: ['11.0.0.0/8'] }] }), 'must be a part of 10.0.0.0/8', AGENT],
    ['a group without a good name', ingress({ fromCIDRSet: [{ cidrGroupRef: 'A' }] }), 'no name of a CiliumCIDRGroup', API_SERVER],
    ['an address without a prefix', ingress({ fromCIDR: ['10.0.0.1'] }), 'did you mean "10.0.0.1/32"'],
    ['ports and messages', ingress({ toPorts: [{ ports: TCP }], icmps: [fields(1)] }), 'toPorts and icmps may not stand in one item', AGENT],
    ['41 ports', to({ ports: many(41) }), 'at most 40 ports, got 41; write several entries', API_SERVER],
    ['41 ports in a deny rule', cnp(spec({ egressDeny: [{ toPorts: [{ ports: many(41) }] }] })), 'at most 40 ports', AGENT],
    ['a port beyond all', port({ port: '65536', protocol: 'TCP' }), 'must be a port from 0 to 65535', AGENT],
    ['a port with letters', port({ port: '80abc!!', protocol: 'TCP' }), 'is invalid', AGENT],
    ['a port that is no text', port({ port: 80 }), 'must be a string, got 80; quote it: "80"', API_SERVER],
    ['no port', port({ protocol: 'TCP' }), 'a port is needed', API_SERVER, before('1.19')],
    ['a protocol in lower case', port({ port: '80', protocol: 'tcp' }), 'got "tcp"; write TCP', API_SERVER],
    ['ICMP as a protocol', port({ port: '0', protocol: 'ICMP' }), 'ICMP stands in icmps', API_SERVER],
    ['a protocol of later', port({ port: '0', protocol: 'VRRP' }), 'VRRP is known since Cilium 1.19', API_SERVER, before('1.19')],
    ['a protocol of later', port({ port: '0', protocol: 'GRE' }), 'GRE is known since Cilium 1.20', API_SERVER, before('1.20')],
    ['a port of a protocol without', port({ port: '1', protocol: 'VRRP' }), 'VRRP has no ports', AGENT, since('1.19')],
    ['a port beside ports', to({ port: '80' }), 'ports stand in a list: toPorts: [{ ports: [{ port: "80", protocol: TCP }] }]'],
    ['41 types', ingress({ icmps: [fields(41)] }), 'at most 40 types, got 41', API_SERVER],
    ['a type beyond all', ingress({ icmps: [{ fields: [{ type: 256 }] }] }), 'must be a type from 0 to 255'],
    ['a type of the other family', ingress({ icmps: [{ fields: [{ type: 'PacketTooBig' }] }] }), 'IPv4 has no ICMP type "PacketTooBig"', AGENT],
    ['the misspelt type', ingress({ icmps: [{ fields: [{ type: 'ExtendedEchoReply' }] }] }), 'the schema misspells this name; write 43', API_SERVER],
    ['the misspelt type', ingress({ icmps: [{ fields: [{ type: 'ExtendedEchoReply', family: 'IPv6' }] }] }), 'write 161', API_SERVER],
    ['the misspelt type as spelt', ingress({ icmps: [{ fields: [{ type: 'ExtendedEcho Reply' }] }] }), 'IPv4 has no ICMP type', AGENT],
    ['no type', ingress({ icmps: [{ fields: [{}] }] }), 'a type is needed', API_SERVER],
    ['rules of no family', to({ ports: TCP, rules: {} }), 'exactly one of http and dns is needed', API_SERVER],
    ['rules of two families', to({ ports: TCP, rules: { http: [{}], dns: [{ matchName: 'a.b' }] } }), 'exactly one of http and dns', API_SERVER],
    ['HTTP without TCP', from({ ports: [{ port: '80' }], rules: { http: [{}] } }), 'protocol: TCP, not ANY', AGENT],
    ['HTTP of UDP', from({ ports: [{ port: '80', protocol: 'UDP' }], rules: { http: [{}] } }), 'protocol: TCP, not UDP', AGENT],
    ['HTTP on every port', from({ ports: [{ port: '0', protocol: 'TCP' }], rules: { http: [{}] } }), 'need a port, not "0"', AGENT],
    ['DNS at ingress', from({ ports: TCP, rules: { dns: [{ matchName: 'a.b' }] } }), 'DNS rules are for egress only', AGENT],
    ['DNS without ports', to({ rules: { dns: [{ matchName: 'a.b' }] } }), 'DNS rules need ports', AGENT],
    ['DNS on a range', to({ ports: [{ port: '53', endPort: 54 }], rules: { dns: [{ matchName: 'a.b' }] } }), 'do not support port ranges', AGENT],
    ['Kafka', from({ ports: TCP, rules: { kafka: [{ topic: 'a' }] } }), 'Cilium 1.20 has no kafka rules: the field is dropped, and the empty rules', API_SERVER, since('1.20')],
    ['other protocols', from({ ports: TCP, rules: { l7proto: 'r2d2', l7: [{}] } }), 'Cilium 1.20 has no l7proto rules', API_SERVER, since('1.20')],
    ['rules of a protocol without it', from({ ports: TCP, rules: { l7: [{}] } }), 'l7 is for l7proto only', API_SERVER, before('1.20')],
    ['Kafka by role and key', from({ ports: TCP, rules: { kafka: [{ role: 'produce', apiKey: 'fetch' }] } }), 'role and apiKey may not stand together', AGENT, before('1.20')],
    ['HTTP for nodes', host({ ingress: [{ toPorts: [{ ports: TCP, rules: { http: [{}] } }] }] }), 'policies of nodes have no http rules', AGENT],
    ['DNS at ingress of nodes', host({ ingress: [{ toPorts: [{ ports: TCP, rules: { dns: [{ matchName: 'a.b' }] } }] }] }), 'for egress only', AGENT],
    ['no server name', to({ ports: TCP, serverNames: [] }), 'at least one name is needed', API_SERVER],
    ['an empty server name', to({ ports: TCP, serverNames: [''] }), 'a server name is not empty'],
    ['a server name twice', to({ ports: TCP, serverNames: ['a.b', 'a.b'] }), 'each name may stand there once', API_SERVER],
    ['a wildcard inside a server name', to({ ports: TCP, serverNames: ['a*.b'] }), 'a wildcard may only be the first label', API_SERVER, before('1.20')],
    ['server names beside HTTP', to({ ports: TCP, serverNames: ['a.b'], rules: { http: [{}] } }), 'need terminatingTLS', AGENT],
    ['a listener at ingress', from({ ports: TCP, listener: LISTENER }), 'a listener is for egress only', AGENT],
    ['a listener beside HTTP', to({ ports: TCP, listener: LISTENER, rules: { http: [{}] } }), 'may not stand together', AGENT],
    ['a namespaced listener in a policy of the cluster', ccnp(spec({ egress: [{ toPorts: [{ ports: TCP, listener: { name: 'a', envoyConfig: { name: 'a', kind: 'CiliumEnvoyConfig' } } }] }] })),
      'use a CiliumClusterwideEnvoyConfig'],
    ['a listener of no priority', to({ ports: TCP, listener: { ...LISTENER, priority: 101 } }), 'from 1 to 100'],
    ['TLS without a secret', to({ ports: TCP, originatingTLS: {} }), 'a secret is needed', API_SERVER],
    ['a mode that does not exist', ingress({ fromEndpoints: [{}], authentication: { mode: 'optional' } }), 'must be one of disabled, required, test-always-fail'],
    ['the authentication of an old example', egress({ toEndpoints: [{}], auth: { type: 'null' } }), 'mutual authentication is authentication: { mode: required }'],
    ['modes of which one always fails', cnp(spec({ ingress: ['required', 'test-always-fail'].map(mode => ({ fromEndpoints: [{}], authentication: { mode } })) })), 'which rule is more specific'],
    ['labels that are a map', cnp(spec({ ingress: [{}], labels: { a: 'b' } })), 'labels of a rule are a list', API_SERVER],
    ['a label without a key', cnp(spec({ ingress: [{}], labels: [{ value: 'b' }] })), 'labels[0].key: must be a string'],
    ['a log of 33 characters', cnp(spec({ ingress: [{}], log: { value: 'a'.repeat(33) } })), 'no text of at most 32 printable characters', API_SERVER],
    ['a log that cannot be printed', cnp(spec({ ingress: [{}], log: { value: 'a\n' } })), 'printable characters', API_SERVER],
    ['peers outside of items', cnp(spec({ ingress: [{}], fromEndpoints: [{}] })), 'it stands in an item of ingress'],
    ['a label of pods at a node', host({ ingress: [{ fromNodes: [{ matchLabels: { 'io.kubernetes.pod.namespace': 'a' } }] }] }), 'is no label of a node'],
    ['reserved labels of a node', host({ ingress: [{ fromNodes: [{ matchLabels: { 'reserved:host': '' } }] }] }), 'reserved:host is no label of a node'],
  ])('%s', (_name, document, reason, who = '', versions = [...VERSIONS]) => {
    for (const version of versions) {
      expect(() => cilium.read(document, undefined, version)).toThrow(UnreadableDocument);
      expect(() => cilium.read(document, undefined, version)).toThrow(reason);
      expect(() => cilium.read(document, undefined, version)).toThrow(who);
    }
  });
});

describe('what is taken, and comes back as it was', () => {
  test.each<[string, unknown, Version[]?]>([
    ['40 ports', to({ ports: many(40) })],
    ['a range and a name', to({ ports: [{ port: '80', endPort: 90, protocol: 'TCP' }, { port: 'http', protocol: 'UDP' }] })],
    ['messages', ingress({ fromEntities: ['world'], icmps: [{ fields: [{ type: 8, family: 'IPv4' }, { type: 128, family: 'IPv6' }] }] })],
    ['protocols without ports', to({ ports: [{ port: '0', protocol: 'VRRP' }, { port: '0', protocol: 'IGMP' }] }), since('1.19')],
    ['protocols without ports', to({ ports: ['GRE', 'IPIP', 'IPV6', 'ESP', 'AH'].map(protocol => ({ port: '0', protocol })) }), since('1.20')],
    ['Kafka', from({ ports: TCP, rules: { kafka: [{ role: 'produce', topic: 'a', clientID: 'b', apiVersion: '1' }] } }), before('1.20')],
    ['other protocols', from({ ports: TCP, rules: { l7proto: 'r2d2', l7: [{ cmd: 'READ' }] } }), before('1.20')],
    ['server names', to({ ports: TCP, serverNames: ['a.example.com', '*.example.com', '**.example.org'] })],
    ['wildcards in server names', to({ ports: TCP, serverNames: ['*', 'a*.example.com'] }), since('1.20')],
    ['TLS', to({ ports: TCP, terminatingTLS: SECRET, originatingTLS: { secret: { name: 'a' }, trustedCA: 'ca.crt', certificate: 'c', privateKey: 'k' }, rules: { http: [{ method: 'GET' }] } })],
    ['TLS with server names', to({ ports: TCP, rules: { http: [{ method: 'GET' }] }, serverNames: ['a.b'], terminatingTLS: SECRET })],
    ['a listener', to({ ports: TCP, listener: { name: 'a', envoyConfig: { name: 'b', kind: 'CiliumEnvoyConfig' }, priority: 7 } })],
    ['authentication', egress({ toEndpoints: [{}], authentication: { mode: 'required' } })],
    ['no authentication', ingress({ fromEndpoints: [{}], authentication: { mode: 'disabled' } })],
    ['failing authentication', cnp(spec({ ingress: [{ fromEndpoints: [{}], toPorts: [{ ports: TCP }], authentication: { mode: 'test-always-fail' } }] }))],
    ['Services', egress({ toServices: [{ k8sService: { serviceName: 'a', namespace: 'b' } }, { k8sServiceSelector: { selector: { matchLabels: { c: 'd' } } } }], toPorts: [{ ports: TCP }] })],
    ['groups of addresses', ingress({ fromCIDRSet: [{ cidrGroupRef: 'a' }, { cidrGroupSelector: { matchLabels: { c: 'd' } } }] })],
    ['groups of a cloud', ingress({ fromGroups: [{ aws: { labels: { a: 'b' }, securityGroupsIds: ['sg-1'], securityGroupsNames: ['n'], region: 'r' } }] })],
    ['nodes', ingress({ fromNodes: [{ matchLabels: { zone: 'a' }, matchExpressions: [{ key: 'spot', operator: 'DoesNotExist' }] }, {}] })],
    ['a policy of nodes', host({ egress: [{ toEntities: ['all'], toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [{ matchPattern: '*' }] } }] }] })],
    ['health checks', ccnp({ endpointSelector: { matchExpressions: [{ key: 'reserved:health', operator: 'Exists' }] }, ingress: [{ fromEntities: ['remote-node'] }] })],
    ['every endpoint', ccnp({ endpointSelector: {}, ingressDeny: [{ fromEntities: ['world'] }] })],
    ['reserved labels together', ingress({ fromEndpoints: [{ matchExpressions: [{ key: 'reserved:kube-apiserver', operator: 'Exists' }, { key: 'reserved:remote-node', operator: 'DoesNotExist' }] }] })],
    ['other clusters', egress({
      toEndpoints: [
        { matchLabels: { 'a': 'b', 'k8s:io.cilium.k8s.policy.cluster': 'mars' } },
        { matchExpressions: [{ key: 'k8s:io.cilium.k8s.policy.cluster', operator: 'Exists' }] },
        { matchExpressions: [{ key: 'k8s:io.cilium.k8s.policy.cluster', operator: 'NotIn', values: ['mars'] }] },
      ],
    })],
    ['entities', ingress({ fromEntities: ['world', 'cluster', 'host', 'init', 'ingress', 'unmanaged', 'remote-node', 'health', 'kube-apiserver'] })],
    ['clusters of a mesh', ingress({ fromEntities: ['cluster-mesh'] }), since('1.20')],
    ['what is said of a policy', cnp({ description: 'a', labels: [{ key: 'a', value: 'b', source: 'k8s' }], log: { value: 'x' }, endpointSelector: {}, ingress: [{}] })],
  ])('%s', (_name, document, versions = [...VERSIONS]) => {
    for (const version of versions) {
      const expected = JSON.parse(JSON.stringify(document));
      for (const list of ['ingress', 'egress']) {
        // Without peers it is the entity all.
        const field = list === 'ingress' ? 'fromEntities' : 'toEntities';
        expected.spec[list] = expected.spec[list]?.map((item: any) => (item.toPorts && Object.keys(item).length === 1 ? { [field]: ['all'], ...item } : item));
      }
      expect(rewritten(document, { ...ALL_FEATURES, version })).toEqual(JSON.parse(JSON.stringify(expected)));
    }
  });
});

describe('what is taken, and means something else than it looks', () => {
  const CLOSED = { source: POD_OF_SHOP, destination: POD_OF_SHOP };

  test('layer 7 rules and an entry without ports match nothing', () => {
    expect(answer([from({ rules: { http: [{}] } })], CLOSED)).toBe('denied');
    expect(answer([from({})], CLOSED)).toBe('denied');
    expect(answer([rewritten(from({ rules: { http: [{}] } }))], CLOSED)).toBe('denied');
  });

  test('an empty list of layer 7 rules restricts nothing', () => {
    expect(answer([from({ ports: TCP, rules: { http: [] } })], CLOSED)).toBe('allowed');
    expect(answer([from({ ports: [{ port: '80' }], rules: { http: [] } })], CLOSED)).toBe('allowed');
  });

  test('what cannot be authenticated is denied, whoever else allows it', () => {
    const fails = ingress({ fromEndpoints: [{}], authentication: { mode: 'test-always-fail' } }) as any;
    const allows = { ...ingress({ fromEntities: ['all'] }) as any, metadata: { name: 'allows', namespace: 'shop' } };
    expect(answer([fails, allows], CLOSED)).toBe('denied');
    expect(answer([rewritten(fails), allows], CLOSED)).toBe('denied');
    expect(answer([fails, allows], { ...CLOSED, source: OUTSIDE })).toBe('allowed');
    expect((rewritten(fails) as any).spec.ingressDeny).toBeUndefined();
  });

  test('entries of toPorts with different effects are rules of their own', () => {
    const document = egress({ toEntities: ['all'], toPorts: [{ ports: TCP }, { ports: [{ port: '443', protocol: 'TCP' }], originatingTLS: SECRET }, { ports: [{ port: '81', protocol: 'TCP' }] }] });
    const read = cilium.read(document)[0].rules.map(({ effects, match }) => [effects, match.traffic.length]);
    expect(read).toEqual([[undefined, 2], [{ originatingTLS: SECRET }, 1]]);
  });

  test('several stars are one, except before a name since 1.19', () => {
    const names = (version: string) => cilium.read(egress({ toFQDNs: [{ matchPattern: '**.a**b.c' }, { matchPattern: '**' }] }), undefined, version)[0].rules[0].match.destination;
    expect(names('1.18')).toEqual({ anyOf: [{ fqdn: '*.a*b.c' }, { fqdn: '*.' }] });
    expect(names('1.19')).toEqual({ anyOf: [{ fqdn: '**.a*b.c' }, { fqdn: '*' }] });
  });
});
