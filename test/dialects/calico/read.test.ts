import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { globalNetworkPolicy, networkPolicy, SHOP } from './support';
import { calico } from '../../../src/dialects/calico';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { address, allOf, ANY, anyOf, inNamespace, labelExists, labelIn, not, POD } from '../../../src/model/endpoint';
import { Policy } from '../../../src/model/policy-set';
import { ALL_TRAFFIC, allOfProtocol } from '../../../src/model/traffic';

const HOSTS = { kind: 'hostEndpoint' as const };
const web = labelIn('pod', 'app', 'web');
const readOne = (document: unknown): Policy => {
  const policies = calico.read(document);
  expect(policies).toHaveLength(1);
  return policies[0];
};
const problem = (document: unknown): string => {
  try {
    calico.read(document);
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableDocument);
    return (error as Error).message;
  }
  throw new Error('it was read');
};

describe('a policy', () => {
  test('is one for each of its types, with what Calico fills in', () => {
    const [ingress, egress] = calico.read(networkPolicy({ types: ['Egress', 'Ingress'] }), 'a.yaml:1');
    expect(ingress).toEqual({
      origin: { apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', name: 'web', namespace: 'shop', at: 'a.yaml:1' },
      stage: 'default',
      order: [Infinity, 'web/shop/NetworkPolicy'],
      mode: 'enforce',
      direction: 'ingress',
      subject: SHOP,
      isolates: true,
      rules: [],
    });
    expect(egress).toEqual({ ...ingress, direction: 'egress' });
  });

  test.each([
    [{}, ['ingress']],
    [{ types: null }, ['ingress']],
    [{ types: [] }, ['ingress']],
    [{ ingress: [{ action: 'Allow' }] }, ['ingress']],
    [{ egress: [{ action: 'Allow' }] }, ['egress']],
    [{ egress: [] }, ['ingress']],
    [{ ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }] }, ['ingress', 'egress']],
    [{ types: ['Ingress'], egress: [{ action: 'Allow' }] }, ['ingress']],
  ])('%j is about %j', (spec, directions) => {
    expect(calico.read(networkPolicy(spec)).map(({ direction }) => direction)).toEqual(directions);
  });

  test('has the place that its tier and order give it', () => {
    expect(readOne(globalNetworkPolicy({ tier: 'security', order: 2.5 }, 'security.web')))
      .toMatchObject({ stage: 'security', order: [2.5, 'security.web//GlobalNetworkPolicy'], isolates: true });
    expect(readOne(globalNetworkPolicy({ tier: 'kube-admin' }))).toMatchObject({ stage: 'kube-admin', isolates: false });
  });

  test('without a namespace is in the namespace default', () => {
    expect(readOne({ apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata: { name: 'web' }, spec: {} }))
      .toMatchObject({ origin: { namespace: 'default' }, subject: allOf(POD, inNamespace('default')) });
  });

  test('that is staged is read as staged, and the preview of a removal is nothing', () => {
    const staged = (kind: string, spec: unknown, metadata = {}) => ({ apiVersion: 'projectcalico.org/v3', kind, metadata: { name: 'web', ...metadata }, spec });
    expect(readOne(staged('StagedNetworkPolicy', {}, { namespace: 'shop' }))).toMatchObject({ mode: 'staged', subject: SHOP });
    expect(readOne(staged('StagedGlobalNetworkPolicy', { stagedAction: 'Set' }))).toMatchObject({ mode: 'staged' });
    expect(calico.read(staged('StagedGlobalNetworkPolicy', { stagedAction: 'Delete', tier: 'security' }))).toEqual([]);
    expect(problem(staged('StagedGlobalNetworkPolicy', { stagedAction: 'Delete', selector: 'all()' }))).toContain('spec.selector: must be absent when stagedAction is Delete');
    expect(problem(staged('StagedGlobalNetworkPolicy', { stagedAction: 'Learn' }))).toContain('Learn is not evaluated yet');
    expect(problem(staged('StagedKubernetesNetworkPolicy', {}))).toContain('StagedKubernetesNetworkPolicy is not evaluated yet');
  });
});

describe('the subject', () => {
  test.each([
    [networkPolicy({ selector: 'app == "web"' }), allOf(SHOP, web)],
    [networkPolicy({ selector: '!has(app)', serviceAccountSelector: 'has(duty)' }), allOf(SHOP, not(labelExists('pod', 'app')), labelExists('serviceAccount', 'duty'))],
    [networkPolicy({ serviceAccountSelector: 'projectcalico.org/name == "robot"' }), allOf(SHOP, { serviceAccount: 'robot' })],
    [networkPolicy({ selector: 'projectcalico.org/orchestrator == "k8s"' }), SHOP],
    [globalNetworkPolicy({}), anyOf(POD, HOSTS)],
    [globalNetworkPolicy({ selector: 'all()' }), anyOf(POD, HOSTS)],
    [globalNetworkPolicy({ selector: 'projectcalico.org/orchestrator == "k8s"' }), POD],
    [globalNetworkPolicy({ selector: 'projectcalico.org/namespace not in {"kube-system"}' }), anyOf(allOf(POD, not(inNamespace('kube-system'))), HOSTS)],
    [globalNetworkPolicy({ selector: 'app == "web"' }), allOf(POD, web)],
    [globalNetworkPolicy({ namespaceSelector: 'all()' }), POD],
    [globalNetworkPolicy({ namespaceSelector: 'has(projectcalico.org/name)' }), POD],
    [globalNetworkPolicy({ namespaceSelector: 'projectcalico.org/name == "shop"', selector: 'app == "web"' }), allOf(POD, inNamespace('shop'), web)],
    [globalNetworkPolicy({ namespaceSelector: 'team != "red"', selector: 'all()' }), allOf(POD, not(labelIn('namespace', 'team', 'red')))],
    [globalNetworkPolicy({ namespaceSelector: 'team != "red"' }), anyOf(allOf(POD, not(labelIn('namespace', 'team', 'red'))), HOSTS)],
    [globalNetworkPolicy({ serviceAccountSelector: 'all()' }), POD],
  ])('of %j', (document, subject) => {
    expect(readOne(document).subject).toEqual(subject);
  });
});

describe('an end of a rule', () => {
  const inShop = (source: unknown) => readOne(networkPolicy({ ingress: [{ action: 'Allow', source }] })).rules[0].match.source;
  const anywhere = (source: unknown) => readOne(globalNetworkPolicy({ ingress: [{ action: 'Allow', source }] })).rules[0].match.source;

  test.each([
    [undefined, ANY],
    [{}, ANY],
    [{ selector: '' }, ANY],
    [{ selector: 'app == "web"' }, allOf(SHOP, web)],
    [{ selector: 'all()' }, SHOP],
    [{ namespaceSelector: 'all()' }, POD],
    [{ namespaceSelector: 'team == "red"', selector: 'app == "web"' }, allOf(POD, labelIn('namespace', 'team', 'red'), web)],
    [{ namespaceSelector: 'projectcalico.org/name in {"data"}' }, allOf(POD, inNamespace('data'))],
    [{ notSelector: 'app == "web"' }, allOf(SHOP, not(allOf(POD, web)))],
    [{ serviceAccounts: { names: ['robot'] } }, allOf(SHOP, { serviceAccount: 'robot' })],
    [{ serviceAccounts: { selector: 'has(duty)', names: ['b', 'a'] } },
      allOf(SHOP, labelExists('serviceAccount', 'duty'), anyOf({ serviceAccount: 'a' }, { serviceAccount: 'b' }))],
    [{ serviceAccounts: {} }, ANY],
    [{ nets: ['10.0.0.0/8'] }, address('10.0.0.0/8')],
    [{ nets: ['10.0.0.0/8', '192.0.2.0/24'], notNets: ['10.1.0.0/16'] }, allOf(anyOf(address('10.0.0.0/8'), address('192.0.2.0/24')), not(address('10.1.0.0/16')))],
    [{ selector: 'all()', nets: ['10.0.0.0/8'] }, allOf(SHOP, address('10.0.0.0/8'))],
    [{ namespaceSelector: 'global()' }, HOSTS],
  ])('of a namespaced policy: %j', (source, expr) => {
    expect(inShop(source)).toEqual(expr);
  });

  test.each([
    [{ selector: 'app == "web"' }, allOf(POD, web)],
    [{ selector: 'all()' }, anyOf(POD, HOSTS)],
    [{ notSelector: 'app == "web"' }, not(allOf(POD, web))],
    [{ namespaceSelector: 'all()', notSelector: 'app == "web"' }, allOf(POD, not(allOf(POD, web)))],
    [{ serviceAccounts: { names: ['robot'] } }, allOf(POD, { serviceAccount: 'robot' })],
  ])('of a global policy: %j', (source, expr) => {
    expect(anywhere(source)).toEqual(expr);
  });

  test('is read on both sides', () => {
    const [rule] = readOne(networkPolicy({
      egress: [{ action: 'Pass', source: { selector: 'app == "web"' }, destination: { nets: ['10.0.0.0/8'] }, metadata: { annotations: { why: 'x' } } }],
    })).rules;
    expect(rule).toEqual({
      action: 'pass',
      match: { source: allOf(SHOP, web), destination: address('10.0.0.0/8'), traffic: ALL_TRAFFIC },
      origin: { apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', name: 'web', namespace: 'shop', part: 'egress[0]' },
      effects: { annotations: { why: 'x' } },
    });
  });
});

describe('traffic', () => {
  const traffic = (rule: object) => readOne(networkPolicy({ ingress: [{ action: 'Allow', ...rule }] })).rules[0].match.traffic;
  const tcp = (rule: object) => traffic({ protocol: 'TCP', ...rule });

  test.each([
    ['nothing stated', traffic({}), ALL_TRAFFIC],
    ['a protocol', traffic({ protocol: 'UDPLite' }), [allOfProtocol('UDPLite')]],
    ['a protocol by number', traffic({ protocol: 47 }), [{ protocols: [[47, 47]] }]],
    ['a protocol by a number in quotes', traffic({ protocol: '6' }), [allOfProtocol('TCP')]],
    ['not a protocol', traffic({ notProtocol: 'TCP' }), [{ protocols: [[0, 5], [7, 255]] }]],
    ['a protocol that is not another', traffic({ protocol: 'UDP', notProtocol: 'TCP' }), [allOfProtocol('UDP')]],
    ['ports', tcp({ destination: { ports: [443, '80:82', '83', 'http'] } }), [{ ...allOfProtocol('TCP'), destinationPorts: { ranges: [[80, 83], [443, 443]], names: ['http'] } }]],
    ['not ports', tcp({ destination: { notPorts: [80] } }), [{ ...allOfProtocol('TCP'), destinationPorts: { ranges: [[0, 79], [81, 65535]], names: [] } }]],
    ['ports without others', tcp({ destination: { ports: ['80:90', 443], notPorts: ['85:95', 'http'] } }),
      [{ ...allOfProtocol('TCP'), destinationPorts: { ranges: [[80, 84], [443, 443]], names: [], exceptNames: ['http'] } }]],
    ['a name without a protocol, which is one of TCP', traffic({ destination: { ports: ['http'] } }), [{ ...allOfProtocol('TCP'), destinationPorts: { ranges: [], names: ['http'] } }]],
    ['not a name, without a protocol', traffic({ destination: { notPorts: ['http'] } }),
      [{ ...allOfProtocol('TCP'), destinationPorts: { ranges: [[0, 65535]], names: [], exceptNames: ['http'] } }, { protocols: [[0, 5], [7, 255]] }]],
    ['source ports', tcp({ source: { ports: [53] } }), [{ ...allOfProtocol('TCP'), sourcePorts: { ranges: [[53, 53]], names: [] } }]],
    ['an IP version', traffic({ ipVersion: 6 }), [{ protocols: [[0, 255]], ipVersion: 6 }]],
    ['the IP version of what is left out', traffic({ destination: { notNets: ['10.0.0.0/8'] } }), [{ protocols: [[0, 255]], ipVersion: 4 }]],
    ['no IP version where nets say it', traffic({ destination: { nets: ['10.0.0.0/8'], notNets: ['10.1.0.0/16'] } }), ALL_TRAFFIC],
    ['an ICMP type', traffic({ protocol: 'ICMP', icmp: { type: 8 } }), [{ ...allOfProtocol('ICMP'), icmp: [{ type: 8 }] }]],
    ['an ICMP code', traffic({ protocol: 58, icmp: { type: 1, code: 0 } }), [{ ...allOfProtocol('ICMPv6'), icmp: [{ type: 1, code: 0 }] }]],
    ['any ICMP type', traffic({ protocol: 'ICMP', icmp: {} }), [allOfProtocol('ICMP')]],
  ])('%s', (_, read, expected) => {
    expect(read).toEqual(expected);
  });

  test('an ICMP type that is left out leaves all others', () => {
    const [{ icmp }] = traffic({ protocol: 'ICMP', notICMP: { type: 8 } });
    expect(icmp).toHaveLength(255);
    expect(icmp).not.toContainEqual({ type: 8 });
    const [{ icmp: codes }] = traffic({ protocol: 'ICMP', notICMP: { type: 8, code: 0 } });
    expect(codes).toContainEqual({ type: 8, code: 1 });
    expect(codes).not.toContainEqual({ type: 8, code: 0 });
  });
});

describe('what Calico would refuse, or is not evaluated yet, says why and what to write', () => {
  const rule = (fields: object) => networkPolicy({ ingress: [{ action: 'Allow', ...fields }] });

  test.each([
    ['another kind', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'x' } }, 'this is not a policy of projectcalico.org/v3'],
    ['a kind of Calico\'s that is no policy', { apiVersion: 'projectcalico.org/v3', kind: 'IPPool', metadata: { name: 'x' } }, 'IPPool is not evaluated yet'],
    ['the storage kinds', { apiVersion: 'crd.projectcalico.org/v1', kind: 'NetworkPolicy', metadata: { name: 'x' } }, 'write projectcalico.org/v3'],
    ['a kind named like a method', { apiVersion: 'projectcalico.org/v3', kind: 'constructor', metadata: { name: 'x' } }, 'constructor is not evaluated yet'],
    ['a name with several dots', networkPolicy({}, 'a.b.c'), 'one "." at most'],
    ['a namespace of a global policy', { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: 'x', namespace: 'shop' }, spec: {} }, 'has no namespace'],
    ['no spec', { apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata: { name: 'x' } }, 'spec: must be an object'],
    ['an unknown field', networkPolicy({ ingres: [] }), 'spec.ingres: this field is not known here'],
    ['a namespaceSelector of a namespaced policy', networkPolicy({ namespaceSelector: 'all()' }), 'spec.namespaceSelector: this field is not known here'],
    ['a direction twice', networkPolicy({ types: ['Ingress', 'Ingress'] }), 'states a direction twice'],
    ['an order that is text', networkPolicy({ order: '10' }), 'spec.order: must be a number'],
    ['an invalid selector', networkPolicy({ selector: 'app = "web"' }), 'spec.selector: the selector "app = \\"web\\"" is invalid at character 5: expected "=="'],
    ['global() as a selector', globalNetworkPolicy({ selector: 'global()' }), 'global() may only stand alone'],
    ['global() of a subject', globalNetworkPolicy({ namespaceSelector: 'global()' }), 'global() may only stand alone'],
    ['global() beside something', rule({ source: { namespaceSelector: 'global() || has(x)' } }), 'global() may only stand alone'],
    ['untracked policy', globalNetworkPolicy({ doNotTrack: true, applyOnForward: true }), 'spec.doNotTrack: policies of this kind are not evaluated yet'],
    ['policy before DNAT', globalNetworkPolicy({ preDNAT: true }), 'spec.preDNAT'],
    ['policy for forwarded traffic', globalNetworkPolicy({ applyOnForward: true }), 'spec.applyOnForward'],
    ['an unknown action', rule({ action: 'allow' }), 'spec.ingress[0].action: must be one of Allow, Deny, Pass, Log'],
    ['HTTP', rule({ http: { methods: ['GET'] } }), 'HTTP rules are not evaluated yet'],
    ['services', rule({ source: { services: { name: 'x' } } }), 'services are not evaluated yet; select their pods by labels'],
    ['a port without a protocol', rule({ destination: { ports: [80] } }), 'ports that are numbers need a protocol; add protocol: TCP, UDP or SCTP'],
    ['a port of ICMP', rule({ protocol: 'ICMP', destination: { ports: ['http'] } }), 'a rule with ports must be of TCP, UDP or SCTP'],
    ['a range with a dash', rule({ protocol: 'TCP', destination: { ports: ['8080-8090'] } }), '"8080-8090" is the name of a port, not a range; for a range write "8080:8090"'],
    ['a range that is upside down', rule({ protocol: 'TCP', destination: { ports: ['90:80'] } }), 'must be a whole number from 90 to 65535, got 80'],
    ['port 0', rule({ protocol: 'TCP', destination: { ports: [0] } }), 'must be a whole number from 1 to 65535'],
    ['no port at all', rule({ protocol: 'TCP', destination: { ports: ['a b'] } }), 'is no port'],
    ['a name together with exceptions', rule({ protocol: 'TCP', destination: { ports: ['http'], notPorts: [80] } }), 'not evaluated yet; state the ports as numbers'],
    ['a protocol in small letters', rule({ protocol: 'tcp' }), '"tcp" is no protocol; write TCP'],
    ['an unknown protocol', rule({ protocol: 'TLS' }), '"TLS" is no protocol; use ICMP, TCP, UDP'],
    ['protocol 0', rule({ protocol: 0 }), 'must be a whole number from 1 to 255'],
    ['protocol 256', rule({ notProtocol: '256' }), '"256" is no protocol'],
    ['ICMP types of nothing', rule({ icmp: { type: 8 } }), 'icmp: needs protocol: ICMP or ICMPv6'],
    ['not ICMP types of TCP', rule({ protocol: 'TCP', notICMP: { type: 8 } }), 'notICMP: needs protocol: ICMP or ICMPv6'],
    ['an ICMP code without a type', rule({ protocol: 'ICMP', icmp: { code: 0 } }), 'a code needs a type'],
    ['ICMP type 255', rule({ protocol: 'ICMP', icmp: { type: 255 } }), 'must be a whole number from 0 to 254'],
    ['ICMP types together with exceptions', rule({ protocol: 'ICMP', icmp: { type: 8 }, notICMP: { type: 8, code: 1 } }), 'not evaluated yet'],
    ['ICMP of IPv6', rule({ protocol: 'ICMP', ipVersion: 6 }), 'ICMP is of IPv4 and the rule is of IPv6; use ICMPv6'],
    ['ICMPv6 of IPv4', rule({ notProtocol: 'ICMPv6', ipVersion: 4 }), 'ICMPv6 is of IPv6 and the rule is of IPv4; use ICMP'],
    ['IP version 5', rule({ ipVersion: 5 }), 'must be 4 or 6'],
    ['a bare address', rule({ source: { nets: ['10.0.0.1'] } }), 'source.nets[0]: "10.0.0.1" has no prefix length; did you mean "10.0.0.1/32"?'],
    ['a range that is not masked', rule({ source: { nets: ['10.0.0.1/8'] } }), 'did you mean "10.0.0.0/8"'],
    ['both families', rule({ source: { nets: ['10.0.0.0/8'] }, destination: { notNets: ['2001:db8::/32'] } }), 'mixes IPv4 and IPv6 nets; write one rule for each'],
    ['nets of the other family', rule({ ipVersion: 6, source: { nets: ['10.0.0.0/8'] } }), 'the nets of this rule are IPv4'],
    ['every address left out', rule({ source: { notNets: ['0.0.0.0/0'] } }), '0.0.0.0/0 is every address, so the rule would never match'],
    ['domains, which only Calico Enterprise has', networkPolicy({ egress: [{ action: 'Allow', destination: { domains: ['x.com'] } }] }), 'destination.domains: this field is not known here'],
    ['a part of a service account\'s name', networkPolicy({ selector: 'projectcalico.org/serviceaccount contains "x"' }), 'spec: parts of the names of service accounts'],
  ])('%s', (_, document, said) => {
    expect(problem(document)).toContain(said);
  });
});

const CORPUS = path.resolve(__dirname, '../../../../shared/corpus/calico-examples');

(fs.existsSync(CORPUS) ? describe : describe.skip)('the examples of Calico\'s documentation', () => {
  const index: { file: string; parses: boolean }[] = fs.existsSync(CORPUS) ? JSON.parse(fs.readFileSync(path.join(CORPUS, 'INDEX.json'), 'utf8')) : [];
  const documents = index.filter(({ parses }) => parses)
    .flatMap(({ file }) => (yaml.loadAll(fs.readFileSync(path.join(CORPUS, file), 'utf8')) as any[]).flat().map(document => ({ file, document })))
    .filter(({ document }) => document?.apiVersion === 'projectcalico.org/v3' && /NetworkPolicy$/.test(document.kind));

  test('are read, or it is said why not', () => {
    const refused = documents.flatMap(({ file, document }) => {
      try {
        calico.read(document);
        return [];
      } catch (error) {
        if (!(error instanceof UnreadableDocument)) { throw new Error(`${file}: ${(error as Error).stack}`); }
        return [error.message.replace(/^[^:]*: /, '')];
      }
    });
    expect(documents.length).toBeGreaterThan(80);
    expect(documents.length - refused.length).toBeGreaterThan(50);
    expect([...new Set(refused)].sort()).toMatchInlineSnapshot(`
[
  "kind: StagedKubernetesNetworkPolicy is not evaluated yet",
  "metadata.name: "<log-everything-in-cluster>" is no name of a policy: use lower-case letters, digits and "-", and one "." at most, after the tier",
  "spec.applyOnForward: policies of this kind are not evaluated yet",
  "spec.doNotTrack: policies of this kind are not evaluated yet",
  "spec.egress[0].destination.services: services are not evaluated yet; select their pods by labels",
  "spec.ingress[0].destination: ports that are numbers need a protocol; add protocol: TCP, UDP or SCTP to the rule",
  "spec.ingress[0].http: HTTP rules are not evaluated yet",
  "spec.ingress[0].icmp.type: must be a number, got "3  Destination unreachable"",
  "spec.ingress[0].icmp.type: must be a number, got "8  Ping request"",
  "spec.ingress[0].source.nets[0]: "<your management CIDR>" is not a CIDR: "<your management CIDR>" is no IPv4 or IPv6 address",
  "spec.ingress[0].source.services: services are not evaluated yet; select their pods by labels",
  "spec.preDNAT: policies of this kind are not evaluated yet",
  "spec.types[1]: must be a string, got {"action":"Allow","protocol":"TCP","destination":{"selector"",
  "spec: must be an object, got nothing",
]
`);
  });
});
