import { allowFrom, allowTo, denyTo, GLOBAL, policy, rule, SHOP, TARGET, write, writeOne } from './support';
import { calico } from '../../../src/dialects/calico';
import { Refusal } from '../../../src/dialects/dialect';
import { address, allOf, ANY, anyOf, EXTERNAL, inNamespace, labelExists, labelIn, NONE, not, POD } from '../../../src/model/endpoint';
import { ALL_TRAFFIC, allOfProtocol, namedPort, portRange, TrafficBox } from '../../../src/model/traffic';

const app = (name: string) => labelIn('pod', 'app', name);
const K8S = 'projectcalico.org/orchestrator == \'k8s\'';
const ingress = (...rules: Parameters<typeof policy>[1][number][]): any[] => writeOne(policy('ingress', rules)).spec.ingress;
const egress = (...rules: Parameters<typeof policy>[1][number][]): any[] => writeOne(policy('egress', rules)).spec.egress;
const globalEgress = (...rules: Parameters<typeof policy>[1][number][]): any[] => writeOne(policy('egress', rules, { ...GLOBAL, subject: POD })).spec.egress;
const traffic = (...boxes: TrafficBox[]): any[] => ingress(allowFrom(ANY, ...boxes)).map(({ action: _action, ...fields }) => fields);
const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return (error as Refusal).message;
  }
  throw new Error('nothing was refused');
};

describe('a document', () => {
  test('holds both directions of one policy', () => {
    expect(write(
      policy('ingress', [allowFrom(allOf(SHOP, app('web')), portRange('TCP', 8080))], { subject: allOf(SHOP, app('api')) }),
      policy('egress', [], { subject: allOf(SHOP, app('api')) }),
    )).toEqual([{
      apiVersion: 'projectcalico.org/v3',
      kind: 'NetworkPolicy',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        order: 1000,
        selector: 'app == \'api\'',
        types: ['Ingress', 'Egress'],
        ingress: [{ action: 'Allow', protocol: 'TCP', source: { selector: `app == 'web' && ${K8S}` }, destination: { ports: [8080] } }],
      },
    }]);
  });

  test('of another tier states it, and has it in its name once', () => {
    const security = { stage: 'security', order: [20] };
    const named = (name: string) => ({ origin: { apiVersion: 'x', kind: 'x', namespace: 'shop', name } });
    expect(writeOne(policy('ingress', [], { ...security, ...named('web') }))).toMatchObject({ metadata: { name: 'security.web' }, spec: { tier: 'security', order: 20 } });
    expect(writeOne(policy('ingress', [], { ...security, ...named('security.web') })).metadata.name).toBe('security.web');
    expect(writeOne(policy('ingress', [], { ...security, ...named('web.v1') })).metadata.name).toBe('security.web-v1');
  });

  test('without an order has no order', () => {
    expect(writeOne(policy('ingress', [], { order: [Infinity, 'web'] })).spec).toEqual({ selector: 'all()', types: ['Ingress'] });
    expect(writeOne(policy('ingress', [], { order: [] })).spec).not.toHaveProperty('order');
  });

  test('that is staged is of a staged kind', () => {
    expect(writeOne(policy('ingress', [], { mode: 'staged' })).kind).toBe('StagedNetworkPolicy');
    expect(writeOne(policy('ingress', [], { mode: 'staged', ...GLOBAL, subject: POD })).kind).toBe('StagedGlobalNetworkPolicy');
  });

  test.each([
    ['the reference pipeline\'s stage', [policy('ingress', [], { stage: 'normal' })], 'stage normal'],
    ['directions in different tiers', [policy('ingress', []), policy('egress', [], { stage: 'security' })], 'different tiers, orders or modes'],
    ['directions with different subjects', [policy('ingress', []), policy('egress', [], { subject: allOf(SHOP, app('web')) })], 'different subjects'],
    ['one direction twice', [policy('ingress', []), policy('ingress', [])], 'a second ingress policy of one document'],
    ['rules that do not isolate in the default tier', [policy('ingress', [], { isolates: false })], 'isolates every endpoint that it selects'],
    ['isolation in a tier that passes', [policy('ingress', [], { stage: 'netpol-deny' })], 'isolation is the default action of a tier'],
    ['isolation in a built-in tier that passes', [policy('ingress', [], { stage: 'kube-admin' })], 'isolation is the default action of a tier'],
  ])('refuses %s', (_, policies, reason) => {
    expect(refusal(() => calico.write(policies, TARGET))).toContain(reason);
  });
});

describe('the subject of a namespaced policy', () => {
  const selector = (...parts: Parameters<typeof allOf>): string => writeOne(policy('ingress', [], { subject: allOf(...parts) })).spec.selector;

  test.each([
    [[SHOP], 'all()'],
    [[SHOP, app('web')], 'app == \'web\''],
    [[SHOP, labelIn('pod', 'app', 'web', 'api'), not(labelExists('pod', 'canary'))], '!has(canary) && app in {\'api\', \'web\'}'],
    [[SHOP, anyOf(app('web'), allOf(app('api'), not(labelIn('pod', 'tier', 'x'))))], 'app == \'api\' && tier != \'x\' || app == \'web\''],
    [[SHOP, not(anyOf(app('web'), labelExists('pod', 'b')))], '!(app == \'web\' || has(b))'],
    [[SHOP, { serviceAccount: 'robot' }], 'projectcalico.org/serviceaccount == \'robot\''],
    [[SHOP, labelIn('serviceAccount', 'duty', 'x')], 'pcsa.duty == \'x\''],
    [[SHOP, labelExists('namespace', 'team')], 'has(pcns.team)'],
    [[SHOP, { label: 'v', of: 'pod' as const, op: 'startsWith' as const, values: ['2.', '1.'] }], 'v starts with \'1.\' || v starts with \'2.\''],
    [[anyOf(allOf(SHOP, app('web')), allOf(SHOP, app('api')))], 'app == \'api\' || app == \'web\''],
    [[SHOP, not(POD)], '!all()'],
  ])('%j', (parts, text) => {
    expect(selector(...parts)).toBe(text);
  });

  test.each([
    ['another namespace', allOf(POD, inNamespace('data'))],
    ['no namespace', POD],
    ['only partly its namespace', anyOf(SHOP, app('web'))],
  ])('is refused in %s', (_, subject) => {
    expect(refusal(() => calico.write([policy('ingress', [], { subject })], TARGET))).toContain('it must be in namespace shop');
  });
});

describe('the subject of a global policy', () => {
  const subject = (expr: Parameters<typeof allOf>[0]) => {
    const { selector, namespaceSelector } = writeOne(policy('ingress', [], { ...GLOBAL, subject: expr })).spec;
    return { selector, namespaceSelector };
  };

  test.each([
    ['all pods, and no host endpoint', POD, 'all()', 'all()'],
    ['pods by labels', allOf(POD, app('web')), 'all()', 'app == \'web\''],
    ['pods of one namespace', SHOP, 'projectcalico.org/name == \'shop\'', 'all()'],
    ['pods of namespaces by labels', allOf(POD, labelIn('namespace', 'team', 'red'), app('web')), 'team == \'red\'', 'app == \'web\''],
    ['pods of all namespaces but some', allOf(POD, not(inNamespace('kube-system'))), 'has(projectcalico.org/name) && projectcalico.org/name != \'kube-system\'', 'all()'],
    ['pods of either a namespace or a label', allOf(POD, anyOf(inNamespace('shop'), app('web'))), 'all()', 'app == \'web\' || projectcalico.org/namespace == \'shop\''],
    ['no pod at all', NONE, 'all()', '!all()'],
  ])('%s', (_, expr, namespaceSelector, selector) => {
    expect(subject(expr)).toEqual({ namespaceSelector, selector });
  });

  test.each([
    ['everything', ANY, 'all()'],
    ['pods and host endpoints', anyOf(POD, { kind: 'hostEndpoint' as const }), 'all()'],
    ['host endpoints', { kind: 'hostEndpoint' as const }, '!has(projectcalico.org/namespace)'],
    ['host endpoints and some pods', anyOf({ kind: 'hostEndpoint' as const }, allOf(POD, app('web'))), '!has(projectcalico.org/namespace) || app == \'web\''],
  ])('%s', (_, expr, selector) => {
    expect(subject(expr)).toEqual({ selector, namespaceSelector: undefined });
  });

  test('cannot be an address', () => {
    expect(refusal(() => calico.write([policy('ingress', [], { ...GLOBAL, subject: address('10.0.0.0/8') })], TARGET))).toContain('the address 10.0.0.0/8');
  });
});

describe('a peer', () => {
  const entity = (expr: Parameters<typeof allowTo>[0]) => egress(allowTo(expr)).map(({ destination }) => destination);

  test.each([
    ['pods of its own namespace', SHOP, [{ selector: K8S }]],
    ['pods of its own namespace by labels', allOf(SHOP, app('db')), [{ selector: `app == 'db' && ${K8S}` }]],
    ['pods of another namespace', allOf(POD, inNamespace('data')), [{ selector: K8S, namespaceSelector: 'projectcalico.org/name == \'data\'' }]],
    ['pods of all other namespaces', allOf(POD, not(inNamespace('data'))), [{ selector: K8S, namespaceSelector: 'projectcalico.org/name != \'data\'' }]],
    ['pods everywhere', allOf(POD, app('db')), [{ selector: `app == 'db' && ${K8S}`, namespaceSelector: 'all()' }]],
    ['pods of namespaces by labels', allOf(POD, not(labelIn('namespace', 'team', 'red'))), [{ selector: K8S, namespaceSelector: 'team != \'red\'' }]],
    ['pods of a service account', allOf(SHOP, { serviceAccount: 'robot' }), [{ selector: K8S, serviceAccounts: { names: ['robot'] } }]],
    ['pods of any other service account', allOf(SHOP, not({ serviceAccount: 'robot' })), [{ selector: `projectcalico.org/serviceaccount != 'robot' && ${K8S}` }]],
    ['pods by the labels of service accounts', allOf(SHOP, labelExists('serviceAccount', 'duty')), [{ selector: K8S, serviceAccounts: { selector: 'has(duty)' } }]],
    ['pods by labels and address', allOf(SHOP, address('10.244.0.0/24')), [{ selector: K8S, nets: ['10.244.0.0/24'] }]],
    ['addresses', address('10.0.0.0/8'), [{ nets: ['10.0.0.0/8'] }]],
    ['addresses with holes', address('10.0.0.0/8', ['10.2.0.0/16', '10.1.0.0/16', '10.1.2.0/24']), [{ nets: ['10.0.0.0/8'], notNets: ['10.1.0.0/16', '10.2.0.0/16'] }]],
    ['addresses with a hole that was stated as a negation', allOf(address('10.0.0.0/8'), not(address('10.1.0.0/16')), not(address('192.168.0.0/16'))),
      [{ nets: ['10.0.0.0/8'], notNets: ['10.1.0.0/16'] }]],
    ['what two ranges have in common', allOf(address('10.0.0.0/8'), address('10.1.0.0/16')), [{ nets: ['10.1.0.0/16'] }]],
    ['ranges of both families', anyOf(address('10.0.0.0/8'), address('2001:db8::/32'), address('192.0.2.0/24'), address('10.1.0.0/16')),
      [{ nets: ['10.0.0.0/8', '192.0.2.0/24'] }, { nets: ['2001:db8::/32'] }]],
    ['pods, or addresses', anyOf(SHOP, address('192.0.2.0/24')), [{ selector: K8S }, { nets: ['192.0.2.0/24'] }]],
    ['anything', ANY, [undefined]],
    ['anything, stated in several ways', anyOf(SHOP, ANY), [undefined]],
  ])('%s', (_, expr, expected) => {
    expect(entity(expr)).toEqual(expected);
  });

  test.each([
    ['nothing', NONE],
    ['disjoint ranges', allOf(address('10.0.0.0/8'), address('192.0.2.0/24'))],
    ['a range that is all hole', allOf(address('10.1.0.0/16'), not(address('10.0.0.0/8')))],
    ['two service accounts at once', allOf(SHOP, { serviceAccount: 'a' }, { serviceAccount: 'b' })],
  ])('%s needs no rule', (_, expr) => {
    expect(writeOne(policy('egress', [allowTo(expr)])).spec).not.toHaveProperty('egress');
  });

  test('a range that is left out needs a rule for each IP version', () => {
    expect(egress(allowTo(not(address('10.0.0.0/8'))))).toEqual([
      { action: 'Allow', ipVersion: 4, destination: { notNets: ['10.0.0.0/8'] } },
      { action: 'Allow', ipVersion: 6 },
    ]);
    expect(egress(allowTo(not(address('0.0.0.0/0'))))).toEqual([{ action: 'Allow', ipVersion: 6 }]);
  });

  test('more than 256 ranges are several rules', () => {
    const many = anyOf(...Array.from({ length: 300 }, (_, i) => address(`10.${Math.floor(i / 128)}.${(i % 128) * 2}.0/24`)));
    expect(entity(many).map(({ nets }) => nets.length)).toEqual([256, 44]);
  });

  test('everything except some pods is a notSelector in a global policy, and refused in a namespaced one', () => {
    const others = not(labelIn('pod', 'app', 'db'));
    expect(globalEgress(allowTo(others))).toEqual([{ action: 'Allow', destination: { notSelector: `app == 'db' && ${K8S}` } }]);
    expect(globalEgress(allowTo(not(POD)))).toEqual([{ action: 'Allow', destination: { notSelector: K8S } }]);
    expect(refusal(() => calico.write([policy('egress', [allowTo(others)])], TARGET))).toContain('everything except some pods, in a namespaced policy');
  });

  test('in a global policy names every namespace', () => {
    expect(globalEgress(allowTo(SHOP), allowTo(POD))).toEqual([
      { action: 'Allow', destination: { selector: K8S, namespaceSelector: 'projectcalico.org/name == \'shop\'' } },
      { action: 'Allow', destination: { selector: K8S, namespaceSelector: 'all()' } },
    ]);
  });

  test.each([
    ['a name', { fqdn: 'api.example.com' }, 'api.example.com'],
    ['an entity', { entity: 'host' }, 'egress rule 1: host'],
    ['nodes', { kind: 'node' as const }, 'egress rule 1: node'],
    ['host endpoints alone', { kind: 'hostEndpoint' as const }, 'host endpoints apart from network sets with the same labels'],
    ['labels of nodes', allOf(POD, labelExists('node', 'x')), 'node label x'],
    ['labels of Cilium', allOf(POD, { ...labelExists('pod', 'x'), source: 'reserved' } as never), 'reserved:x'],
    ['a group of addresses', { ref: 'cidrGroup' as const, name: 'x' }, 'a reference to a cidrGroup'],
    ['a principal', { principal: 'x' }, 'the principal "x"'],
    ['what is outside, without addresses', EXTERNAL, 'what is outside the cluster, without its addresses'],
    ['what is outside, not narrowed', allOf(EXTERNAL, address('10.0.0.0/8')), 'not narrowed'],
    ['an exception of an exception', not(address('10.0.0.0/8', ['10.1.0.0/16'])), 'an exception of an exception'],
  ])('%s is refused', (_, expr, detail) => {
    expect(refusal(() => calico.write([policy('egress', [allowTo(expr)])], TARGET))).toContain(detail);
  });
});

describe('traffic', () => {
  const ports = (count: number): [number, number][] => Array.from({ length: count }, (_, i) => [1000 + 2 * i, 1000 + 2 * i]);

  test.each([
    ['everything', ALL_TRAFFIC, [{}]],
    ['a protocol', [allOfProtocol('UDP')], [{ protocol: 'UDP' }]],
    ['a protocol by number', [{ protocols: [[47, 47]] }], [{ protocol: 47 }]],
    ['two protocols of one box', [{ protocols: [[6, 6], [17, 17]], destinationPorts: { ranges: [[53, 53]], names: [] } }],
      [{ protocol: 'TCP', destination: { ports: [53] } }, { protocol: 'UDP', destination: { ports: [53] } }]],
    ['everything but a protocol', [{ protocols: [[0, 5], [7, 255]] }], [{ notProtocol: 'TCP' }]],
    ['a range and a name', [{ ...allOfProtocol('TCP'), destinationPorts: { ranges: [[80, 90], [91, 91], [443, 443]], names: ['http', 'http'] } }],
      [{ protocol: 'TCP', destination: { ports: ['80:91', 443, 'http'] } }]],
    ['every port', [portRange('TCP', 0, 65535)], [{ protocol: 'TCP' }]],
    ['every port but one', [{ ...allOfProtocol('TCP'), destinationPorts: { ranges: [[0, 79], [81, 65535]], names: [] } }], [{ protocol: 'TCP', destination: { notPorts: [80] } }]],
    ['every port but a name\'s', [{ ...allOfProtocol('TCP'), destinationPorts: { ranges: [[0, 65535]], names: [], exceptNames: ['http'] } }],
      [{ protocol: 'TCP', destination: { notPorts: ['http'] } }]],
    ['some ports but a name\'s, and another name', [{ ...allOfProtocol('TCP'), destinationPorts: { ranges: [[80, 90]], names: ['dns'], exceptNames: ['http'] } }],
      [{ protocol: 'TCP', destination: { ports: ['80:90'], notPorts: ['http'] } }, { protocol: 'TCP', destination: { ports: ['dns'] } }]],
    ['no port', [{ ...allOfProtocol('TCP'), destinationPorts: { ranges: [], names: [] } }], undefined],
    ['source ports', [{ ...allOfProtocol('UDP'), sourcePorts: { ranges: [[53, 53]], names: [] } }], [{ protocol: 'UDP', source: { ports: [53] } }]],
    ['an IP version', [{ ...allOfProtocol('TCP'), ipVersion: 6 }], [{ ipVersion: 6, protocol: 'TCP' }]],
    ['ICMP types', [{ ...allOfProtocol('ICMP'), icmp: [{ type: 8 }, { type: 3, code: 4 }] }],
      [{ protocol: 'ICMP', icmp: { type: 8 } }, { protocol: 'ICMP', icmp: { type: 3, code: 4 } }]],
    ['every ICMP type but one', [{ ...allOfProtocol('ICMPv6'), icmp: Array.from({ length: 255 }, (_, i) => ({ type: i < 128 ? i : i + 1 })) }],
      [{ protocol: 'ICMPv6', notICMP: { type: 128 } }]],
    ['ICMP of IPv6', [{ ...allOfProtocol('ICMP'), ipVersion: 6 }], undefined],
  ] as [string, TrafficBox[], unknown][])('%s', (_, boxes, expected) => {
    const written = writeOne(policy('ingress', [allowFrom(ANY, ...boxes)])).spec.ingress;
    expect(written?.map(({ action: _action, ...fields }: any) => fields)).toEqual(expected);
  });

  test('of more than 50 ports is several rules', () => {
    const written = traffic({ ...allOfProtocol('TCP'), destinationPorts: { ranges: ports(60), names: ['http'] } });
    expect(written.map(({ destination }) => destination.ports.length)).toEqual([50, 11]);
    const both = traffic({ ...allOfProtocol('TCP'), destinationPorts: { ranges: ports(60), names: [] }, sourcePorts: { ranges: ports(51), names: [] } });
    expect(both.map(({ source, destination }) => [source.ports.length, destination.ports.length])).toEqual([[50, 50], [50, 10], [1, 50], [1, 10]]);
  });

  test.each([
    ['ports of every protocol', { protocols: [[0, 255]], destinationPorts: { ranges: [[80, 80]], names: [] } }, 'ports of every protocol'],
    ['ports of a protocol that has none', { protocols: [[47, 47]], destinationPorts: { ranges: [[80, 80]], names: [] } }, 'ports of protocol 47'],
    ['protocol 0', { protocols: [[0, 0]] }, '0-0'],
    ['ICMP types of TCP', { ...allOfProtocol('TCP'), icmp: [{ type: 8 }] }, 'ICMP types of protocol TCP'],
    ['ICMP types of everything', { protocols: [[0, 255]], icmp: [{ type: 8 }] }, 'ICMP types of every protocol'],
    ['an ICMP type that Calico does not know', { ...allOfProtocol('ICMP'), icmp: [{ type: 255 }] }, 'ICMP type 255'],
    ['DNS', { ...allOfProtocol('UDP'), l7: { dns: ['x.com'] } }, 'DNS requests for x.com'],
    ['a server name', { ...allOfProtocol('TCP'), serverNames: ['x.com'] }, 'it does not look into TLS handshakes'],
    ['more exceptions than a rule may have', { ...allOfProtocol('TCP'), destinationPorts: { ranges: [[0, 999], ...ports(60), [60_000, 65_535]], names: [] } }, 'all ports except'],
  ] as [string, TrafficBox, string][])('%s is refused', (_, box, detail) => {
    expect(refusal(() => calico.write([policy('ingress', [allowFrom(ANY, box)])], TARGET))).toContain(detail);
  });
});

describe('a rule', () => {
  test('matches its own end too', () => {
    expect(ingress(rule('allow', allOf(SHOP, app('web')), allOf(SHOP, app('api')), [namedPort('TCP', 'http')]))).toEqual([{
      action: 'Allow', protocol: 'TCP', source: { selector: `app == 'web' && ${K8S}` }, destination: { selector: `app == 'api' && ${K8S}`, ports: ['http'] },
    }]);
  });

  test('is of one IP version, whichever end says so', () => {
    expect(egress(rule('allow', not(address('2001:db8::/32')), address('10.0.0.0/8')))).toEqual([{ action: 'Allow', destination: { nets: ['10.0.0.0/8'] } }]);
    expect(writeOne(policy('egress', [rule('allow', address('2001:db8::/32'), address('10.0.0.0/8'))])).spec).not.toHaveProperty('egress');
  });

  test('has the action that was stated, in the order that was stated', () => {
    const tier = { stage: 'security', isolates: true };
    const written = writeOne(policy('egress', [rule('log', ANY, ANY), denyTo(SHOP), rule('pass', ANY, ANY), allowTo(ANY)], tier)).spec.egress;
    expect(written.map(({ action }: any) => action)).toEqual(['Log', 'Deny', 'Pass', 'Allow']);
    expect(refusal(() => calico.write([policy('egress', [rule('external', ANY, ANY)])], TARGET))).toContain('rules allow, deny, pass or log');
  });

  test('keeps its annotations, and no other effect', () => {
    expect(ingress({ ...allowFrom(ANY), effects: { annotations: { why: 'x' } } })).toEqual([{ action: 'Allow', metadata: { annotations: { why: 'x' } } }]);
    expect(refusal(() => calico.write([policy('ingress', [{ ...allowFrom(ANY), effects: { tls: {} } }])], TARGET))).toContain('tls');
  });

  test('that is written twice is written once', () => {
    expect(ingress(allowFrom(SHOP), allowFrom(SHOP))).toHaveLength(1);
  });
});
