import { globalNetworkPolicy, networkPolicy, SHOP } from './support';
import { calico } from '../../../src/dialects/calico';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { address, allOf, ANY, anyOf, EndpointExpr, inNamespace, labelExists, labelIn, not, POD } from '../../../src/model/endpoint';
import { Policy } from '../../../src/model/policy-set';
import { ALL_TRAFFIC, allOfProtocol } from '../../../src/model/traffic';

const HOSTS = { kind: 'hostEndpoint' as const };
const web = labelIn('pod', 'app', 'web');
const ofSets = (label: string, value: string): EndpointExpr => labelIn('addressSet', label, value);
const inSome = labelExists('addressSet', 'projectcalico.org/namespace');
const sets = (namespace?: string, selector?: EndpointExpr): EndpointExpr =>
  ({ ref: 'addressSet', ...(namespace === undefined ? {} : { namespace }), ...(selector ? { selector } : {}) });
const webs = anyOf(allOf(POD, web), allOf(HOSTS, labelIn('hostEndpoint', 'app', 'web')), sets(undefined, ofSets('app', 'web')));
const readOne = (document: unknown, version?: string): Policy => {
  const policies = calico.read(document, undefined, version);
  expect(policies).toHaveLength(1);
  return policies[0];
};
const problem = (document: unknown, version?: string): string => {
  try {
    calico.read(document, undefined, version);
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
    for (const stagedAction of ['Learn', 'Ignore']) {
      expect(readOne(staged('StagedGlobalNetworkPolicy', { stagedAction }))).toMatchObject({ mode: 'staged', effects: { stagedAction } });
    }
    expect(problem(staged('StagedGlobalNetworkPolicy', { stagedAction: 'Remove' }))).toContain('must be one of Set, Delete, Learn, Ignore');
  });

  test('keeps its hints on performance, which decide nothing', () => {
    expect(readOne(networkPolicy({ performanceHints: ['AssumeNeededOnEveryNode'] })).effects).toEqual({ performanceHints: ['AssumeNeededOnEveryNode'] });
    expect(problem(networkPolicy({ performanceHints: ['Fast'] }))).toContain('must be one of AssumeNeededOnEveryNode');
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
    [globalNetworkPolicy({ selector: 'app == "web"' }), anyOf(allOf(POD, web), allOf(HOSTS, labelIn('hostEndpoint', 'app', 'web')))],
    [globalNetworkPolicy({ selector: 'has(host) && !has(projectcalico.org/namespace)' }), allOf(HOSTS, labelExists('hostEndpoint', 'host'))],
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
    [{ selector: 'app == "web"' }, anyOf(allOf(SHOP, web), sets('shop', ofSets('app', 'web')))],
    [{ selector: 'all()' }, anyOf(SHOP, sets('shop'))],
    [{ selector: 'app == "web" && projectcalico.org/orchestrator == "k8s"' }, allOf(SHOP, web)],
    [{ namespaceSelector: 'all()' }, anyOf(POD, sets(undefined, inSome))],
    [{ namespaceSelector: 'team == "red"', selector: 'app == "web"' }, anyOf(
      allOf(POD, labelIn('namespace', 'team', 'red'), web), sets(undefined, allOf(ofSets('pcns.team', 'red'), ofSets('app', 'web'))))],
    [{ namespaceSelector: 'projectcalico.org/name in {"data"}' }, anyOf(allOf(POD, inNamespace('data')), sets('data'))],
    [{ notSelector: 'app == "web"' }, allOf(anyOf(SHOP, sets('shop')), not(anyOf(
      allOf(POD, web), allOf(HOSTS, labelIn('hostEndpoint', 'app', 'web')), sets(undefined, ofSets('app', 'web')))))],
    [{ serviceAccounts: { names: ['robot'] } }, allOf(SHOP, { serviceAccount: 'robot' })],
    [{ serviceAccounts: { selector: 'has(duty)', names: ['b', 'a'] } },
      allOf(SHOP, labelExists('serviceAccount', 'duty'), anyOf({ serviceAccount: 'a' }, { serviceAccount: 'b' }))],
    [{ serviceAccounts: {} }, ANY],
    [{ nets: ['10.0.0.0/8'] }, address('10.0.0.0/8')],
    [{ nets: ['10.0.0.0/8', '192.0.2.0/24'], notNets: ['10.1.0.0/16'] }, allOf(anyOf(address('10.0.0.0/8'), address('192.0.2.0/24')), not(address('10.1.0.0/16')))],
    [{ selector: 'all()', nets: ['10.0.0.0/8'] }, allOf(anyOf(SHOP, sets('shop')), address('10.0.0.0/8'))],
    [{ namespaceSelector: 'global()' }, anyOf(HOSTS, sets(undefined, not(inSome)))],
  ])('of a namespaced policy: %j', (source, expr) => {
    expect(inShop(source)).toEqual(expr);
  });

  test.each([
    [{ selector: 'app == "web"' }, webs],
    [{ selector: 'all()' }, anyOf(POD, HOSTS, sets())],
    [{ notSelector: 'app == "web"' }, not(webs)],
    [{ namespaceSelector: 'all()', notSelector: 'app == "web"' }, allOf(anyOf(POD, sets(undefined, inSome)), not(webs))],
    [{ serviceAccounts: { names: ['robot'] } }, allOf(POD, { serviceAccount: 'robot' })],
  ])('of a global policy: %j', (source, expr) => {
    expect(anywhere(source)).toEqual(expr);
  });

  test('is read on both sides', () => {
    const [rule] = readOne(networkPolicy({
      egress: [{ action: 'Pass', source: { selector: 'app == "web" && projectcalico.org/orchestrator == "k8s"' }, destination: { nets: ['10.0.0.0/8'] }, metadata: { annotations: { why: 'x' } } }],
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
  const traffic = (rule: object, version?: string) => readOne(networkPolicy({ ingress: [{ action: 'Allow', ...rule }] }), version).rules[0].match.traffic;
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
    ['a name without a protocol, which may be of any that has ports', traffic({ destination: { ports: ['http'] } }),
      [{ protocols: [[6, 6], [17, 17], [132, 132]], destinationPorts: { ranges: [], names: ['http'] } }]],
    ['a name without a protocol, before 3.32, which is one of TCP', traffic({ destination: { ports: ['http'] } }, '3.31'),
      [{ ...allOfProtocol('TCP'), destinationPorts: { ranges: [], names: ['http'] } }]],
    ['not a name, without a protocol', traffic({ destination: { notPorts: ['http'] } }), [
      { protocols: [[6, 6], [17, 17], [132, 132]], destinationPorts: { ranges: [[0, 65535]], names: [], exceptNames: ['http'] } },
      { protocols: [[0, 5], [7, 16], [18, 131], [133, 255]] },
    ]],
    ['not a name, without a protocol, before 3.32', traffic({ destination: { notPorts: ['http'] } }, '3.30'),
      [{ ...allOfProtocol('TCP'), destinationPorts: { ranges: [[0, 65535]], names: [], exceptNames: ['http'] } }, { protocols: [[0, 5], [7, 255]] }]],
    ['source ports', tcp({ source: { ports: [53] } }), [{ ...allOfProtocol('TCP'), sourcePorts: { ranges: [[53, 53]], names: [] } }]],
    ['an IP version', traffic({ ipVersion: 6 }), [{ protocols: [[0, 255]], ipVersion: 6 }]],
    ['the IP version of what is left out', traffic({ destination: { notNets: ['10.0.0.0/8'] } }), [{ protocols: [[0, 255]], ipVersion: 4 }]],
    ['no IP version where nets say it', traffic({ destination: { nets: ['10.0.0.0/8'], notNets: ['10.1.0.0/16'] } }), ALL_TRAFFIC],
    ['an ICMP type', traffic({ protocol: 'ICMP', icmp: { type: 8 } }), [{ ...allOfProtocol('ICMP'), icmp: [{ type: 8 }] }]],
    ['an ICMP code', traffic({ protocol: 58, icmp: { type: 1, code: 0 } }), [{ ...allOfProtocol('ICMPv6'), icmp: [{ type: 1, code: 0 }] }]],
    ['an ICMP type without a code', traffic({ protocol: 'ICMP', icmp: { type: 3, code: 4 }, notICMP: { type: 3, code: 4 } }), [{ ...allOfProtocol('ICMP'), icmp: [] }]],
    ['an ICMP type beside another that is left out', traffic({ protocol: 'ICMP', icmp: { type: 3 }, notICMP: { type: 8 } }), [{ ...allOfProtocol('ICMP'), icmp: [{ type: 3 }] }]],
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
    const [{ icmp: ofOne }] = traffic({ protocol: 'ICMP', icmp: { type: 8 }, notICMP: { type: 8, code: 1 } });
    expect(ofOne).toHaveLength(255);
    expect(ofOne).not.toContainEqual({ type: 8, code: 1 });
  });
});

describe('what Calico would refuse says why and what to write', () => {
  const rule = (fields: object) => networkPolicy({ ingress: [{ action: 'Allow', ...fields }] });

  test.each([
    ['another kind', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'x' } }, 'this is not a policy of projectcalico.org/v3'],
    ['a kind of Calico\'s that is no policy', { apiVersion: 'projectcalico.org/v3', kind: 'IPPool', metadata: { name: 'x' } }, 'a IPPool is no policy'],
    ['the storage kinds', { apiVersion: 'crd.projectcalico.org/v1', kind: 'NetworkPolicy', metadata: { name: 'x' } }, 'write projectcalico.org/v3'],
    ['a kind named like a method', { apiVersion: 'projectcalico.org/v3', kind: 'constructor', metadata: { name: 'x' } }, 'a constructor is no policy'],
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
    ['an unknown action', rule({ action: 'allow' }), 'spec.ingress[0].action: must be one of Allow, Deny, Pass, Log'],
    ['a port without a protocol', rule({ destination: { ports: [80] } }), 'Felix treats it as missing; add protocol: TCP, UDP or SCTP'],
    ['a port of ICMP', rule({ protocol: 'ICMP', destination: { ports: ['http'] } }), 'a rule with ports must be of TCP, UDP or SCTP'],
    ['a range with a dash', rule({ protocol: 'TCP', destination: { ports: ['8080-8090'] } }), '"8080-8090" is the name of a port, not a range; for a range write "8080:8090"'],
    ['a range that is upside down', rule({ protocol: 'TCP', destination: { ports: ['90:80'] } }), 'must be a whole number from 90 to 65535, got 80'],
    ['port 0', rule({ protocol: 'TCP', destination: { ports: [0] } }), 'must be a whole number from 1 to 65535'],
    ['no port at all', rule({ protocol: 'TCP', destination: { ports: ['a b'] } }), 'is no port'],
    ['a name together with exceptions', rule({ protocol: 'TCP', destination: { ports: ['http'], notPorts: [80] } }), 'which numbers they stand for differs from pod to pod; state the ports as numbers'],
    ['a protocol in small letters', rule({ protocol: 'tcp' }), 'Felix treats it as missing; write TCP'],
    ['an unknown protocol', rule({ protocol: 'TLS' }), '"TLS" is no protocol: Calico\'s validator refuses the policy, and Felix treats it as missing; TLS travels over TCP, so write protocol: TCP and the port, such as 443'],
    ['another unknown protocol', rule({ protocol: 'QUIC' }), 'use ICMP, TCP, UDP, ICMPv6, SCTP, UDPLite or a number from 1 to 255'],
    ['protocol 0', rule({ protocol: 0 }), 'must be a whole number from 1 to 255'],
    ['protocol 256', rule({ notProtocol: '256' }), '"256" is no protocol'],
    ['ICMP types of nothing', rule({ icmp: { type: 8 } }), 'icmp: needs protocol: ICMP or ICMPv6'],
    ['not ICMP types of TCP', rule({ protocol: 'TCP', notICMP: { type: 8 } }), 'notICMP: needs protocol: ICMP or ICMPv6'],
    ['an ICMP code without a type', rule({ protocol: 'ICMP', icmp: { code: 0 } }), 'a code needs a type'],
    ['ICMP type 255', rule({ protocol: 'ICMP', icmp: { type: 255 } }), 'must be a whole number from 0 to 254'],
    ['ICMP of IPv6', rule({ protocol: 'ICMP', ipVersion: 6 }), 'ICMP is of IPv4 and the rule is of IPv6; use ICMPv6'],
    ['ICMPv6 of IPv4', rule({ notProtocol: 'ICMPv6', ipVersion: 4 }), 'ICMPv6 is of IPv6 and the rule is of IPv4; use ICMP'],
    ['IP version 5', rule({ ipVersion: 5 }), 'must be 4 or 6'],
    ['a bare address', rule({ source: { nets: ['10.0.0.1'] } }), 'source.nets[0]: "10.0.0.1" has no prefix length; did you mean "10.0.0.1/32"?'],
    ['a range that is not masked', rule({ source: { nets: ['10.0.0.1/8'] } }), 'did you mean "10.0.0.0/8"'],
    ['both families', rule({ source: { nets: ['10.0.0.0/8'] }, destination: { notNets: ['2001:db8::/32'] } }), 'mixes IPv4 and IPv6 nets; write one rule for each'],
    ['nets of the other family', rule({ ipVersion: 6, source: { nets: ['10.0.0.0/8'] } }), 'the nets of this rule are IPv4'],
    ['every address left out', rule({ source: { notNets: ['0.0.0.0/0'] } }), '0.0.0.0/0 is every address, so the rule would never match'],
    ['domains, which only Calico Enterprise has', networkPolicy({ egress: [{ action: 'Allow', destination: { domains: ['x.com'] } }] }),
      'destination.domains: domain names are matched by Calico Enterprise and Calico Cloud only; an API server of open-source Calico that drops the field would leave a rule for every address, and an allow of all egress'],
    ['a part of a service account\'s name', networkPolicy({ selector: 'projectcalico.org/serviceaccount contains "x"' }), 'spec: a part of the name of a service account'],
  ])('%s', (_, document, said) => {
    expect(problem(document)).toContain(said);
  });
});
