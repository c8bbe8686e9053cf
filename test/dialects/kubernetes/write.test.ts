import { Refusal, Target } from '../../../src/dialects/dialect';
import { kubernetes } from '../../../src/dialects/kubernetes';
import {
  address, allOf, ANY, anyOf, EndpointExpr, EXTERNAL, inNamespace, labelExists, labelIn, NONE, not, POD,
} from '../../../src/model/endpoint';
import { Direction, Policy, REFERENCE_PIPELINE, Rule } from '../../../src/model/policy-set';
import { ALL_TRAFFIC, allOfProtocol, namedPort, portRange, TrafficBox } from '../../../src/model/traffic';
import { schemaErrors } from '../../support/schemas';

const TARGET: Target = {
  cni: 'kubernetes', cidrMatchesPods: true, cidrMatchesNodes: true, clusterCidrs: [], clusterCidrsComplete: true, denyTier: 'netpol-deny',
};
const SHOP = allOf(POD, inNamespace('shop'));
const WEB = allOf(SHOP, labelIn('pod', 'app', 'web'));
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

const from = (peer: EndpointExpr, ...traffic: TrafficBox[]): Rule =>
  ({ action: 'allow', match: { source: peer, destination: ANY, traffic: traffic.length > 0 ? traffic : ALL_TRAFFIC } });
const to = (peer: EndpointExpr, ...traffic: TrafficBox[]): Rule =>
  ({ action: 'allow', match: { source: ANY, destination: peer, traffic: traffic.length > 0 ? traffic : ALL_TRAFFIC } });

const policy = (direction: Direction, rules: readonly Rule[], other: Partial<Policy> = {}): Policy => ({
  origin: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace: 'shop', name: 'web' },
  stage: 'normal',
  order: [],
  mode: 'enforce',
  direction,
  subject: WEB,
  isolates: true,
  rules,
  ...other,
});

/** The spec of the one document that the policies become; the schemas of Kubernetes accept it. */
function spec(...policies: Policy[]): any {
  const documents = kubernetes.write(policies, TARGET);
  expect(documents).toHaveLength(1);
  expect(schemaErrors(documents[0])).toEqual([]);
  return documents[0].spec;
}

const peersFor = (peer: EndpointExpr): unknown => spec(policy('ingress', [from(peer)])).ingress[0].from;
const portsFor = (...traffic: TrafficBox[]): unknown => spec(policy('ingress', [from(ANY, ...traffic)])).ingress[0].ports;

const refusalOf = (run: () => unknown): Refusal => {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) { return error; }
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('a document', () => {
  test('has the name, the namespace, and both directions of one origin', () => {
    const documents = kubernetes.write([policy('egress', [to(SHOP, portRange('UDP', 53))]), policy('ingress', [from(WEB, portRange('TCP', 80))])], TARGET);
    expect(documents).toEqual([{
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        podSelector: { matchLabels: { app: 'web' } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 80, protocol: 'TCP' }] }],
        egress: [{ to: [{ podSelector: {} }], ports: [{ port: 53, protocol: 'UDP' }] }],
      },
    }]);
    expect(schemaErrors(documents[0])).toEqual([]);
  });

  test('is one for each name and namespace, in the order of first appearance', () => {
    const named = (name: string, namespace: string, direction: Direction) => policy(direction, [], {
      origin: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace, name }, subject: allOf(POD, inNamespace(namespace)),
    });
    const documents = kubernetes.write([named('b', 'shop', 'ingress'), named('a', 'shop', 'ingress'), named('b', 'data', 'ingress'), named('b', 'shop', 'egress')], TARGET);
    expect(documents.map(({ metadata, spec: body }) => `${metadata.namespace}/${metadata.name} ${(body!.policyTypes as string[]).join()}`))
      .toEqual(['shop/b Ingress,Egress', 'shop/a Ingress', 'data/b Ingress']);
  });

  test('always says its policyTypes, since an absent list would mean something else', () => {
    expect(spec(policy('ingress', [])).policyTypes).toEqual(['Ingress']);
    expect(spec(policy('egress', [])).policyTypes).toEqual(['Egress']);
    expect(spec(policy('egress', [to(ANY)])).policyTypes).toEqual(['Egress']);
    expect(spec(policy('ingress', []), policy('egress', [])).policyTypes).toEqual(['Ingress', 'Egress']);
  });

  test('without rules isolates', () => {
    expect(spec(policy('ingress', []))).toEqual({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'] });
  });

  test('leaves out a direction that neither isolates nor allows', () => {
    expect(spec(policy('ingress', [], { isolates: false }), policy('egress', []))).toEqual({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'] });
  });

  test('selects every pod of its namespace with an empty selector', () => {
    expect(spec(policy('ingress', [], { subject: SHOP })).podSelector).toEqual({});
  });

  test('says a rule twice only once', () => {
    expect(spec(policy('ingress', [from(SHOP), from(WEB), from(SHOP)])).ingress).toHaveLength(2);
  });

  test.each<[string, Rule]>([
    ['no peer', from(NONE)],
    ['a peer that contradicts itself', from(allOf(WEB, not(labelIn('pod', 'app', 'web'))))],
    ['no traffic', { ...from(ANY), match: { source: ANY, destination: ANY, traffic: [] } }],
    ['no port', from(ANY, { ...allOfProtocol('TCP'), destinationPorts: { ranges: [], names: [] } })],
    ['port 0 only', from(ANY, portRange('TCP', 0))],
    ['a protocol of none', from(ANY, { protocols: [] })],
    ['a range of which nothing is left', from(address('10.0.0.0/8', ['10.0.0.0/8']))],
    ['a range inside an exception', from(allOf(address('10.1.0.0/16'), not(address('10.0.0.0/8'))))],
  ])('leaves out a rule that matches nothing, and never opens everything for it: %s', (_name, rule) => {
    expect(spec(policy('ingress', [rule])).ingress).toBeUndefined();
    expect(spec(policy('ingress', [rule, from(WEB)])).ingress).toHaveLength(1);
  });
});

describe('peers', () => {
  test('what only leaves out namespaces asks on Cilium that there is one, which Cilium itself does not', () => {
    const [{ spec: { ingress } }] = kubernetes.write([policy('ingress', [from(allOf(POD, not(inNamespace('data'))))])], { ...TARGET, cni: 'cilium' }) as any[];
    expect(ingress[0].from).toEqual([{ namespaceSelector: { matchExpressions: [{ key: NAMESPACE_NAME, operator: 'Exists' }, { key: NAMESPACE_NAME, operator: 'NotIn', values: ['data'] }] } }]);
    const [{ spec: same }] = kubernetes.write([policy('ingress', [from(allOf(POD, labelIn('pod', 'app', 'web')))])], { ...TARGET, cni: 'cilium' }) as any[];
    expect(same.ingress[0].from).toEqual([{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } }]);
  });

  test.each<[string, EndpointExpr, unknown]>([
    ['anything', ANY, undefined],
    ['anything among others', anyOf(ANY, WEB), undefined],
    ['every pod', POD, [{ namespaceSelector: {} }]],
    ['every pod of the own namespace', SHOP, [{ podSelector: {} }]],
    ['pods of the own namespace', WEB, [{ podSelector: { matchLabels: { app: 'web' } } }]],
    ['pods of another namespace, by its name', allOf(POD, inNamespace('data')), [{ namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: 'data' } } }]],
    ['pods of a namespace with labels', allOf(POD, labelIn('namespace', 'team', 'red')), [{ namespaceSelector: { matchLabels: { team: 'red' } } }]],
    ['pods with labels of every namespace', allOf(POD, labelIn('pod', 'app', 'web')),
      [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } }]],
    ['labels of both, in one peer', allOf(POD, labelIn('namespace', 'team', 'red'), labelIn('pod', 'app', 'web')),
      [{ namespaceSelector: { matchLabels: { team: 'red' } }, podSelector: { matchLabels: { app: 'web' } } }]],
    ['the own namespace and its labels', allOf(SHOP, labelIn('namespace', 'team', 'red')),
      [{ namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: 'shop', team: 'red' } } }]],
    ['any namespace but one', allOf(POD, not(inNamespace('data'))),
      [{ namespaceSelector: { matchExpressions: [{ key: NAMESPACE_NAME, operator: 'NotIn', values: ['data'] }] } }]],
    ['any namespace without a label', allOf(POD, not(labelExists('namespace', 'team'))), [{ namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] } }]],
    ['several peers', anyOf(WEB, allOf(POD, inNamespace('data'))),
      [{ podSelector: { matchLabels: { app: 'web' } } }, { namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: 'data' } } }]],
    ['a choice inside of what all have', allOf(SHOP, anyOf(labelIn('pod', 'app', 'web'), labelIn('pod', 'tier', 'front'))),
      [{ podSelector: { matchLabels: { app: 'web' } } }, { podSelector: { matchLabels: { tier: 'front' } } }]],
    ['a peer that is said twice', anyOf(WEB, allOf(inNamespace('shop'), labelIn('pod', 'app', 'web'))), [{ podSelector: { matchLabels: { app: 'web' } } }]],
    ['a range', address('203.0.113.0/24'), [{ ipBlock: { cidr: '203.0.113.0/24' } }]],
    ['a range of IPv6', address('2001:db8::/32', ['2001:db8:1::/48']), [{ ipBlock: { cidr: '2001:db8::/32', except: ['2001:db8:1::/48'] } }]],
    ['a range with exceptions, in order and once', address('10.0.0.0/8', ['10.9.0.0/16', '10.1.0.0/16', '10.9.0.0/16']),
      [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.9.0.0/16'] } }]],
    ['a range without another range', allOf(address('10.0.0.0/8'), not(address('10.1.0.0/16'))), [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }]],
    ['an exception that has nothing to do with the range', address('10.0.0.0/8', ['192.168.0.0/16']), [{ ipBlock: { cidr: '10.0.0.0/8' } }]],
    ['pods and a range', anyOf(WEB, address('10.0.0.0/8')), [{ podSelector: { matchLabels: { app: 'web' } } }, { ipBlock: { cidr: '10.0.0.0/8' } }]],
  ])('%s', (_name, peer, expected) => {
    expect(peersFor(peer)).toEqual(expected);
  });

  test.each<[string, EndpointExpr, unknown]>([
    ['In with one value', labelIn('pod', 'app', 'web'), { matchLabels: { app: 'web' } }],
    ['In with several values, sorted', labelIn('pod', 'app', 'web', 'api', 'web'), { matchExpressions: [{ key: 'app', operator: 'In', values: ['api', 'web'] }] }],
    ['NotIn', not(labelIn('pod', 'app', 'web')), { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }],
    ['Exists', labelExists('pod', 'app'), { matchExpressions: [{ key: 'app', operator: 'Exists' }] }],
    ['DoesNotExist', not(labelExists('pod', 'app')), { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }],
    ['two values that a label must both have', allOf(labelIn('pod', 'app', 'web'), labelIn('pod', 'app', 'api')),
      { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'app', operator: 'In', values: ['api'] }] }],
    ['several, sorted by key', allOf(labelIn('pod', 'tier', 'front'), labelExists('pod', 'z'), labelExists('pod', 'b'), labelIn('pod', 'app', 'web')),
      { matchLabels: { app: 'web', tier: 'front' }, matchExpressions: [{ key: 'b', operator: 'Exists' }, { key: 'z', operator: 'Exists' }] }],
  ])('a selector with %s', (_name, labels, expected) => {
    expect(peersFor(allOf(SHOP, labels))).toEqual([{ podSelector: expected }]);
    expect(spec(policy('ingress', [], { subject: allOf(SHOP, labels) })).podSelector).toEqual(expected);
  });
});

describe('ports', () => {
  test.each<[string, TrafficBox[], unknown]>([
    ['all traffic', [...ALL_TRAFFIC], undefined],
    ['all traffic among others', [portRange('TCP', 80), ...ALL_TRAFFIC], undefined],
    ['one port', [portRange('TCP', 80)], [{ port: 80, protocol: 'TCP' }]],
    ['a range', [portRange('UDP', 8080, 8090)], [{ port: 8080, endPort: 8090, protocol: 'UDP' }]],
    ['a name', [namedPort('TCP', 'http')], [{ port: 'http', protocol: 'TCP' }]],
    ['all of a protocol', [allOfProtocol('SCTP')], [{ protocol: 'SCTP' }]],
    ['every port of a protocol', [portRange('TCP', 0, 65535)], [{ protocol: 'TCP' }]],
    ['every port but 0', [portRange('TCP', 1, 65535)], [{ protocol: 'TCP' }]],
    ['from port 0', [portRange('TCP', 0, 79)], [{ port: 1, endPort: 79, protocol: 'TCP' }]],
    ['several boxes', [portRange('TCP', 80), portRange('UDP', 53), portRange('TCP', 80)], [{ port: 80, protocol: 'TCP' }, { port: 53, protocol: 'UDP' }]],
    ['several ports of several protocols', [{ protocols: [[6, 6], [17, 17]], destinationPorts: { ranges: [[53, 53]], names: ['dns'] } }],
      [{ port: 53, protocol: 'TCP' }, { port: 'dns', protocol: 'TCP' }, { port: 53, protocol: 'UDP' }, { port: 'dns', protocol: 'UDP' }]],
  ])('%s', (_name, traffic, expected) => {
    expect(portsFor(...traffic)).toEqual(expected);
  });

  test('peers and ports stand in one rule', () => {
    expect(spec(policy('egress', [to(WEB, portRange('TCP', 80))])).egress).toEqual([{ to: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 80, protocol: 'TCP' }] }]);
    expect(spec(policy('egress', [to(ANY)])).egress).toEqual([{}]);
  });
});

describe('what NetworkPolicy cannot say is refused', () => {
  const clusterWide = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: 'all' };
  const ingress = (rule: Rule, other: Partial<Policy> = {}): Policy[] => [policy('ingress', [rule], other)];
  const peer = (expr: EndpointExpr): Policy[] => ingress(from(expr));
  const ports = (box: TrafficBox): Policy[] => ingress(from(ANY, box));
  const subject = (expr: EndpointExpr): Policy[] => [policy('ingress', [], { subject: expr })];
  const RULE = 'NetworkPolicy shop/web, ingress rule 1';
  const SUBJECT = 'NetworkPolicy shop/web, ingress, subject';

  test.each<[string, Policy[], string, string, string]>([
    // what, policies, statement, reason, alternative
    ['a deny', ingress({ ...from(WEB), action: 'deny' }), RULE, 'NetworkPolicy has no deny rules', 'DefaultDeny'],
    ['a deny without isolation', ingress({ ...from(WEB), action: 'deny' }, { isolates: false }), RULE, 'NetworkPolicy has no deny rules', 'DefaultDeny'],
    ['a pass', ingress({ ...from(WEB), action: 'pass' }), RULE, 'no tiers to pass to', 'calico dialect'],
    ['a log', ingress({ ...from(WEB), action: 'log' }), RULE, 'NetworkPolicy cannot log', 'calico dialect'],
    ['a decision from elsewhere', ingress({ ...from(WEB), action: 'external' }), RULE, 'rules allow', 'state allow'],
    ['a name', peer({ fqdn: 'api.example.com' }), `${RULE}: api.example.com`, 'addresses, not names', 'cilium dialect'],
    ['a service account', peer(allOf(SHOP, { serviceAccount: 'robot' })), `${RULE}: robot`, 'selects by labels only', 'select the pods by labels'],
    ['all but a service account', peer(allOf(SHOP, not({ serviceAccount: 'robot' }))), `${RULE}: robot`, 'selects by labels only', 'select the pods by labels'],
    ['an entity', peer({ entity: 'host' }), `${RULE}: host`, 'cannot name nodes', 'nodeCidrs'],
    ['nodes', peer({ kind: 'node' }), `${RULE}: node`, 'cannot name nodes', 'nodeCidrs'],
    ['all that is outside, without an address', peer(EXTERNAL), `${RULE}: external`, 'cannot name nodes', 'apiServerCidrs'],
    ['nodes by address', peer(allOf({ kind: 'node' }, address('10.0.0.0/8'))), `${RULE}: 10.0.0.0/8`, 'matches address ranges only outside', 'Peer.cidr'],
    ['outside that was not lowered', peer(allOf(EXTERNAL, address('10.0.0.0/8'))), `${RULE}: 10.0.0.0/8`, 'matches address ranges only outside', 'Peer.cidr'],
    ['a reference', peer({ ref: 'service', name: 'api' }), `${RULE}: a reference to a service`, 'no references', 'addresses or labels'],
    ['a principal', peer({ principal: 'x' }), `${RULE}: the principal "x"`, 'no references', 'addresses or labels'],
    ['an operator', peer(allOf(SHOP, { of: 'pod', label: 'app', op: 'startsWith', values: ['w'] })), `${RULE}: app startsWith`, 'In, NotIn, Exists', 'list the values'],
    ['labels of service accounts', peer(labelExists('serviceAccount', 'duty')), `${RULE}: serviceAccount label duty`, 'labels of pods and namespaces only', 'pod or namespace labels'],
    ['everything but some pods', peer(not(labelIn('pod', 'app', 'web'))), RULE, 'only be selected, not excluded', 'except inside a CIDR'],
    ['everything but pods', peer(not(POD)), RULE, 'only be selected, not excluded', 'except inside a CIDR'],
    ['everything but a range', peer(not(address('10.0.0.0/8'))), RULE, 'only be selected, not excluded', 'except inside a CIDR'],
    ['everything but a name', peer(not({ fqdn: 'a.example.com' })), `${RULE}: the name a.example.com`, 'only be selected, not excluded', 'select what is meant'],
    ['pods of a range', peer(allOf(WEB, address('10.0.0.0/8'))), `${RULE}: an address together with labels`, 'only be selected', 'select what is meant'],
    ['a range without some namespace', peer(allOf(address('10.0.0.0/8'), not(inNamespace('data')))), `${RULE}: an address together with labels`, 'only be selected', 'select'],
    ['a range without some service account', peer(allOf(address('10.0.0.0/8'), not({ serviceAccount: 'robot' }))), `${RULE}: an address`, 'only be selected', 'select'],
    ['a range without some pods', peer(allOf(address('10.0.0.0/8'), not(labelIn('pod', 'app', 'web')))), `${RULE}: an address`, 'only be selected', 'select'],
    ['a range of a name', peer(allOf(address('10.0.0.0/8'), { fqdn: 'a.example.com' })), RULE, 'only be selected', 'select'],
    ['two ranges at once', peer(allOf(address('10.0.0.0/8'), address('10.1.0.0/16'))), `${RULE}: 10.0.0.0/8, 10.1.0.0/16`, 'one address range', 'the common part'],
    ['an exception of an exception', peer(allOf(address('10.0.0.0/8'), not(address('10.1.0.0/16', ['10.1.1.0/24'])))), `${RULE}: an exception of an exception`, 'only be selected', 'select'],
    ['a layer 7 condition', ports({ ...portRange('TCP', 80), l7: { http: [{}] } }), RULE, 'ends at ports', 'cilium or calico dialect'],
    ['server names', ports({ ...portRange('TCP', 443), serverNames: ['a.example.com'] }), `${RULE}: a.example.com`, 'TLS handshakes', 'cilium dialect'],
    ['a hook', ingress(from(WEB), { hook: 'untracked' }), 'NetworkPolicy shop/web, ingress: untracked', 'host endpoints of Calico only', 'calico dialect'],
    ['a description', ingress(from(WEB), { effects: { description: 'why' } }), 'NetworkPolicy shop/web, ingress: description', 'no such field', 'leave it out'],
    ['a source port', ports({ ...portRange('TCP', 80), sourcePorts: { ranges: [[1, 1024]], names: [] } }), RULE, 'destination ports only', 'state the destination port'],
    ['ICMP', ports(allOfProtocol('ICMP')), `${RULE}: 1-1`, 'ports are of TCP, UDP or SCTP', 'Port.all()'],
    ['ICMP types', ports({ ...allOfProtocol('ICMP'), icmp: [{ type: 8 }] }), `${RULE}: 1-1`, 'TCP, UDP or SCTP', 'Port.all()'],
    ['an IP version', ports({ protocols: [[0, 255]], ipVersion: 6 }), `${RULE}: ports of every protocol`, 'TCP, UDP or SCTP', 'Port.all()'],
    ['ports of every protocol', ports({ protocols: [[0, 255]], destinationPorts: { ranges: [[80, 80]], names: [] } }), `${RULE}: ports of every protocol`, 'TCP', 'state TCP'],
    ['all ports but a name', ports({ ...allOfProtocol('TCP'), destinationPorts: { ranges: [[0, 65535]], names: [], exceptNames: ['http'] } }),
      `${RULE}: all ports except http`, 'not excluded', 'select what is meant'],
    ['a condition on the own end', ingress({ ...from(WEB), match: { source: WEB, destination: SHOP, traffic: ALL_TRAFFIC } }), RULE, 'matches the other end only', 'narrow the subject'],
    ['an effect', ingress({ ...from(WEB), effects: { log: true } }), `${RULE}: log`, 'no such field', 'leave it out'],
    ['an allow without isolation', ingress(from(WEB), { isolates: false }), 'NetworkPolicy shop/web, ingress', 'always isolates', 'leave isolate at its default'],
    ['nothing at all', [policy('ingress', [], { isolates: false })], 'NetworkPolicy shop/web, ingress', 'must isolate in at least one direction', 'leave the policy out'],
    ['a tier', ingress(from(WEB), { stage: 'admin' }), 'NetworkPolicy shop/web, ingress: stage admin, mode enforce', 'no tiers', 'calico dialect'],
    ['a staged policy', ingress(from(WEB), { mode: 'staged' }), 'NetworkPolicy shop/web, ingress', 'no audit mode', 'Calico'],
    ['a policy of the cluster', [policy('ingress', [], { origin: clusterWide })], 'NetworkPolicy all, ingress', 'NetworkPolicy is namespaced', 'one NetworkPolicy for each namespace'],
    ['a subject of another namespace', subject(allOf(POD, inNamespace('data'))), `${SUBJECT}: it must be in namespace shop`, 'of its own namespace', 'for each namespace'],
    ['a subject without a namespace', subject(POD), `${SUBJECT}: it must be in namespace shop`, 'of its own namespace', 'for each namespace'],
    ['a subject of namespaces with labels', subject(allOf(SHOP, labelExists('namespace', 'team'))), `${SUBJECT}: it must be in namespace shop`, 'own namespace', 'for each'],
    ['a subject with alternatives', subject(anyOf(WEB, allOf(SHOP, labelExists('pod', 'tier')))), 'NetworkPolicy shop/web, ingress: 2 alternatives', 'selected by labels', 'each namespace and label selector'],
    ['a subject that is nobody', subject(NONE), 'NetworkPolicy shop/web, ingress: 0 alternatives', 'selected by labels', 'one policy'],
    ['a subject with a service account', subject(allOf(SHOP, { serviceAccount: 'robot' })), `${SUBJECT}: robot`, 'selects by labels only', 'by labels'],
    ['a subject with an address', subject(allOf(WEB, address('10.0.0.0/8'))), `${SUBJECT}: 10.0.0.0/8`, 'matches address ranges only outside', 'select pods by labels'],
    ['a subject that is everything', subject(ANY), SUBJECT, 'only be selected', 'select'],
    ['directions with different subjects', [policy('ingress', []), policy('egress', [], { subject: SHOP })], 'NetworkPolicy shop/web, egress: its directions have different subjects', 'pods of its own', 'one policy'],
    ['two policies of one direction', [policy('ingress', []), policy('ingress', [from(WEB)])], 'NetworkPolicy shop/web, ingress: a second ingress policy of one document', 'a policy is about', 'one policy'],
  ])('%s', (_name, policies, statement, reason, alternative) => {
    const refusal = refusalOf(() => kubernetes.write(policies, TARGET));
    expect(refusal.statement.slice(0, statement.length)).toBe(statement);
    expect(refusal.reason).toContain(reason);
    expect(refusal.alternative).toContain(alternative);
    expect(refusal.message).toBe(`${refusal.statement}: the kubernetes dialect cannot express this: ${refusal.reason}; ${refusal.alternative}`);
  });

  test('with the place of the statement in its message', () => {
    const origin = { apiVersion: 'x', kind: 'policy', namespace: 'shop', name: 'web', at: 'app/shop/web' };
    expect(refusalOf(() => kubernetes.write([policy('egress', [to(WEB), { ...to(WEB), action: 'deny' }], { origin })], TARGET)).message).toBe(
      'policy shop/web (app/shop/web), egress rule 2: the kubernetes dialect cannot express this: NetworkPolicy has no deny rules: policies only add what is allowed; '
      + 'isolate the pods (DefaultDeny) and allow what is needed, or use the cilium or calico dialect');
  });

  test('addresses, whoever holds them, where the CNI matches ranges only outside', () => {
    const onCilium: Target = { ...TARGET, cni: 'cilium', cidrMatchesPods: false, cidrMatchesNodes: false };
    const refusal = refusalOf(() => kubernetes.lower(peer(anyOf(WEB, address('10.0.0.0/8'))), onCilium));
    expect(refusal.statement).toBe(`${RULE}: 10.0.0.0/8`);
    expect(refusal.reason).toBe('this CNI matches address ranges only outside the cluster, never pods');
    expect(refusalOf(() => kubernetes.lower([policy('egress', [to(not(address('10.0.0.0/8')))])], onCilium)).reason).toContain('matches address ranges only outside');
    expect(kubernetes.lower(peer(anyOf(WEB, address('10.0.0.0/8'))), TARGET).wider).toEqual([]);
  });
});

describe('an address is outside', () => {
  const lowered = (expr: EndpointExpr, target: Partial<Target> = {}) => kubernetes.lower([policy('egress', [to(expr)])], { ...TARGET, ...target });
  const blockOf = (expr: EndpointExpr, target: Partial<Target> = {}): unknown => spec(...lowered(expr, target).policies).egress?.[0].to;
  const outside = (cidr: string, except: string[] = []) => allOf(EXTERNAL, address(cidr, except));
  const PODS = { clusterCidrs: ['10.244.0.0/16', 'fd00:244::/48'] };

  test.each<[string, EndpointExpr, unknown]>([
    ['a range loses the ranges of the cluster that overlap', outside('10.0.0.0/8'), [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.244.0.0/16'] } }]],
    ['beside its own exceptions', outside('10.0.0.0/8', ['10.1.0.0/16']), [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.244.0.0/16'] } }]],
    ['save those that it excepts already', outside('10.0.0.0/8', ['10.240.0.0/12']), [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.240.0.0/12'] } }]],
    ['a range elsewhere stays as it is', outside('203.0.113.0/24'), [{ ipBlock: { cidr: '203.0.113.0/24' } }]],
    ['IPv6 too', outside('::/0'), [{ ipBlock: { cidr: '::/0', except: ['fd00:244::/48'] } }]],
    ['each range of several', anyOf(outside('10.0.0.0/8'), outside('172.16.0.0/12'), WEB),
      [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.244.0.0/16'] } }, { ipBlock: { cidr: '172.16.0.0/12' } }, { podSelector: { matchLabels: { app: 'web' } } }]],
    ['addresses, whoever holds them, stay', address('10.0.0.0/8'), [{ ipBlock: { cidr: '10.0.0.0/8' } }]],
  ])('%s', (_name, expr, expected) => {
    expect(blockOf(expr, PODS)).toEqual(expected);
  });

  test.each<[string, EndpointExpr, string, Partial<Target>]>([
    ['a range inside those of the cluster has nothing outside', outside('10.244.7.0/24'), '10.244.7.0/24', {}],
    ['an IPv6 range inside neither', outside('fd00:244:0:7::/64'), 'fd00:244:0:7::/64', {}],
    ['the ranges of the cluster themselves neither', outside('10.244.0.0/16'), '10.244.0.0/16', {}],
    ['nor one of several ranges', anyOf(outside('10.0.0.0/8'), outside('10.244.7.0/24'), WEB), '10.244.7.0/24', {}],
    ['nor where the CNI matches ranges only outside', outside('10.244.7.0/24'), '10.244.7.0/24', { cidrMatchesPods: false, cidrMatchesNodes: false }],
  ])('%s, and is refused, never an open rule', (_name, expr, cidr, target) => {
    expect(refusalOf(() => lowered(expr, { ...PODS, ...target })).message).toBe(
      `NetworkPolicy shop/web, egress rule 1: ${cidr}: the kubernetes dialect cannot express this: the range lies inside the stated ranges of pods, nodes and Services, `
      + 'so that nothing outside has such an address; select pods by labels, those behind a Service too; say Peer.addresses(...) where the CNI matches pods by address, '
      + 'or IngressController.awsLoadBalancer(...) where it is that of load balancers');
  });

  test('where the CNI matches ranges only outside, nothing is carved out', () => {
    expect(blockOf(outside('10.0.0.0/8'), { ...PODS, cidrMatchesPods: false, cidrMatchesNodes: false })).toEqual([{ ipBlock: { cidr: '10.0.0.0/8' } }]);
  });

  test('without the facts a range that may hold pods is recorded as wider than stated', () => {
    const unknown = { clusterCidrsComplete: false };
    expect(lowered(outside('10.0.0.0/8'), unknown).wider).toEqual([
      'NetworkPolicy shop/web, egress rule 1: 10.0.0.0/8 may hold pods or nodes, which kubernetes matches by address; state podCidrs and nodeCidrs to leave them out',
    ]);
    expect(lowered(outside('0.0.0.0/0'), unknown).wider).toHaveLength(1);
    expect(lowered(outside('203.0.113.0/24'), unknown).wider).toEqual([]);
    expect(lowered(outside('10.0.0.0/8'), PODS).wider).toEqual([]);
    expect(lowered(address('10.0.0.0/8'), unknown).wider).toEqual([]);
    expect(lowered(outside('0.0.0.0/0', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10']), unknown).wider).toEqual([]);
  });

  test('the other rules and the subject stay as they were', () => {
    const policies = [policy('ingress', [from(WEB), from(ANY, portRange('TCP', 80))])];
    expect(kubernetes.lower(policies, { ...TARGET, ...PODS }).policies).toEqual(policies);
  });
});

test('the dialect is in the reference pipeline, and has one kind', () => {
  expect(kubernetes.id).toBe('kubernetes');
  expect(kubernetes.link([], [])).toEqual({ pipeline: REFERENCE_PIPELINE, policies: [] });
  expect([kubernetes.kindOf('namespaced'), kubernetes.kindOf('cluster')]).toEqual(Array(2).fill({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' }));
});

test('writing leaves its arguments as they were', () => {
  const policies = [policy('ingress', [from(address('10.0.0.0/8', ['10.9.0.0/16', '10.1.0.0/16']), portRange('TCP', 80))])];
  const before = JSON.stringify(policies);
  kubernetes.write(policies, TARGET);
  kubernetes.lower(policies, TARGET);
  expect(JSON.stringify(policies)).toBe(before);
});
