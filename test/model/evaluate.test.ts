import * as fc from 'fast-check';
import { address, allOf, ANY, anyOf, Atom, EndpointExpr, EXTERNAL, inNamespace, labelExists, labelIn, LabelTest, NONE, not, POD } from '../../src/model/endpoint';
import { Answer, evaluate } from '../../src/model/evaluate';
import { Endpoint, Flow, matchesEndpoint, MAYBE, NO, Profile, Tri, YES } from '../../src/model/match';
import { Action, Direction, Mode, Pipeline, Policy, PolicySet, REFERENCE_PIPELINE, Rule, Stage, tieredPipeline } from '../../src/model/policy-set';
import { ALL_TRAFFIC, allOfProtocol, namedPort, portRange, TrafficBox } from '../../src/model/traffic';
import { expressions, forget, forgotten } from '../support/models/expressions';
import { nativeCalico } from '../support/models/native-calico';
import { BY_ADDRESS } from '../support/models/places';
import { runs } from '../support/models/runs';
import { plainStatements } from '../support/models/statements';
import { describeFlow, EVERYTHING, flowsOf, HOST_ENDPOINT, nodeOf, worlds } from '../support/models/worlds';

const WEB: Endpoint = { kind: 'pod', namespace: 'shop', labels: { app: 'web' }, namespaceLabels: { team: 'red' }, address: '10.244.0.1', ports: [] };
const API: Endpoint = {
  kind: 'pod',
  namespace: 'shop',
  labels: { app: 'api' },
  namespaceLabels: { team: 'red' },
  serviceAccount: 'robot',
  serviceAccountLabels: { duty: 'robot' },
  address: '10.244.0.2',
  entities: ['cluster'],
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }, { name: 'dns', port: 53, protocol: 'UDP' }],
};
const OUTSIDE: Endpoint = { kind: 'external', address: '203.0.113.10', names: ['api.example.com'], entities: ['world'] };
const NODE: Endpoint = { kind: 'node', labels: { role: 'worker' }, address: '192.168.7.1' };

const ONLY_OUTSIDE: Profile = { cidrMatches: ['external'] };
const TCP_80: Flow = { source: WEB, destination: API, protocol: 6, sourcePort: 40000, port: 80 };

const rule = (action: Action, match: Partial<Rule['match']> = {}): Rule => ({ action, match: { source: ANY, destination: ANY, traffic: ALL_TRAFFIC, ...match } });

/** A policy that selects every endpoint, unless told otherwise. */
const policy = (direction: Direction, rules: readonly Rule[], other: Partial<Policy> = {}): Policy => ({
  origin: { apiVersion: 'v1', kind: 'Test', name: 'test' }, stage: 'normal', order: [], mode: 'enforce', direction, subject: ANY, isolates: false, rules, ...other,
});

const one = (combine: Stage['combine'], otherwise: 'allow' | 'deny' = 'allow'): Pipeline => [{ name: 'network', stages: [{ id: 'normal', combine }], otherwise }];
const judge = (pipeline: Pipeline, policies: readonly Policy[], flow: Flow = TCP_80): Answer => evaluate({ pipeline, policies }, flow, BY_ADDRESS);

/** Ingress rules of one stage, in order; `?` is a rule of which nobody can say whether it matches. */
function inStage(combine: Stage['combine'], actions: string, other: Partial<Policy> = {}, otherwise: 'allow' | 'deny' = 'allow'): Answer {
  const rules = actions.split(' ').filter(text => text !== '').map(text => {
    const [, action, mark] = /^(\w+)(.*)$/.exec(text)!;
    return rule(action as Action, mark === '?' ? { source: { principal: 'somebody' } } : mark === '!' ? { source: NONE } : {});
  });
  return judge(one(combine, otherwise), [policy('egress', [rule('allow')]), policy('ingress', rules, other)]);
}

describe('a first-match stage', () => {
  test.each<[string, Answer]>([
    ['allow deny', 'allowed'],
    ['deny allow', 'denied'],
    ['deny! allow', 'allowed'],
    ['allow! deny', 'denied'],
    ['pass deny', 'allowed'],
    ['log deny', 'denied'],
    ['log allow deny', 'allowed'],
    ['log', 'allowed'],
    ['external allow', 'unknown'],
    ['external! allow', 'allowed'],
    ['allow external', 'allowed'],
    ['deny? allow', 'unknown'],
    ['allow? allow', 'allowed'],
    ['deny? deny', 'denied'],
    ['deny? pass', 'unknown'],
    ['allow? pass deny', 'allowed'],
    ['pass? deny', 'unknown'],
    ['pass? allow', 'allowed'],
    ['', 'allowed'],
  ])('with the rules "%s" answers %s', (actions, answer) => {
    expect(inStage('first-match', actions)).toBe(answer);
  });

  test('takes the policies in their order, not in that of the list', () => {
    const [allow, deny] = [policy('ingress', [rule('allow')], { order: [10, 'b'] }), policy('ingress', [rule('deny')], { order: [10, 'a'] })];
    expect([judge(one('first-match'), [allow, deny]), judge(one('first-match'), [deny, allow])]).toEqual(['denied', 'denied']);
  });

  test.each<[(number | string)[], (number | string)[]]>([
    [[1], [2]],
    [[9], [10]],
    [[-1], [0]],
    [[1, 'b'], [2, 'a']],
    [[1, 'a'], [1, 'b']],
    [[1], [1, 'a']],
    [[], [0]],
    [[1000, 'z'], [Infinity, 'a']],
  ])('%j comes before %j', (first, second) => {
    const policies = [policy('ingress', [rule('deny')], { order: second }), policy('ingress', [rule('allow')], { order: first })];
    expect(judge(one('first-match'), policies)).toBe('allowed');
  });

  test('keeps policies of one order in the order of the list', () => {
    const policies = [policy('ingress', [rule('allow')], { order: [1] }), policy('ingress', [rule('deny')], { order: [1] })];
    expect([judge(one('first-match'), policies), judge(one('first-match'), [...policies].reverse())]).toEqual(['allowed', 'denied']);
  });

  test('isolates after the last rule of all policies, not of each', () => {
    const policies = [policy('ingress', [], { order: [1], isolates: true }), policy('ingress', [rule('allow')], { order: [2] })];
    expect(judge(one('first-match'), policies)).toBe('allowed');
  });
});

describe('a deny-overrides stage', () => {
  test.each<[string, Answer]>([
    ['allow deny', 'denied'],
    ['deny allow', 'denied'],
    ['deny! allow', 'allowed'],
    ['pass deny', 'denied'],
    ['pass allow', 'allowed'],
    ['log deny', 'denied'],
    ['allow deny?', 'unknown'],
    ['deny deny?', 'denied'],
    ['allow? deny', 'denied'],
    ['external deny', 'denied'],
    ['external allow', 'unknown'],
    ['', 'allowed'],
  ])('with the rules "%s" answers %s', (actions, answer) => {
    expect(inStage('deny-overrides', actions)).toBe(answer);
  });

  test('denies across policies, whichever comes first', () => {
    const policies = [policy('ingress', [rule('allow')], { order: [1] }), policy('ingress', [rule('deny')], { order: [2] })];
    expect([judge(one('deny-overrides'), policies), judge(one('deny-overrides'), [...policies].reverse())]).toEqual(['denied', 'denied']);
  });
});

describe('isolation', () => {
  test.each<[Stage['combine'], string, Answer]>([
    ['deny-overrides', '', 'denied'],
    ['deny-overrides', 'allow', 'allowed'],
    ['deny-overrides', 'allow!', 'denied'],
    ['deny-overrides', 'allow?', 'unknown'],
    ['deny-overrides', 'log', 'denied'],
    ['deny-overrides', 'pass', 'allowed'],
    ['first-match', '', 'denied'],
    ['first-match', 'pass', 'allowed'],
    ['first-match', 'pass?', 'unknown'],
    ['first-match', 'log', 'denied'],
  ])('in a %s stage with the rules "%s" answers %s', (combine, actions, answer) => {
    expect(inStage(combine, actions, { isolates: true })).toBe(answer);
  });

  test('closes only the direction of the policy', () => {
    const isolated = (direction: Direction) => policy(direction, [], { subject: labelIn('pod', 'app', 'api'), isolates: true });
    const [toApi, fromApi] = [TCP_80, { ...TCP_80, source: API, destination: WEB }];
    expect([toApi, fromApi].map(flow => judge(REFERENCE_PIPELINE, [isolated('ingress')], flow))).toEqual(['denied', 'allowed']);
    expect([toApi, fromApi].map(flow => judge(REFERENCE_PIPELINE, [isolated('egress')], flow))).toEqual(['allowed', 'denied']);
  });

  test('needs both ends to allow', () => {
    const policies = (egress: Action, ingress: Action) => [
      policy('egress', [rule(egress)], { subject: labelIn('pod', 'app', 'web') }), policy('ingress', [rule(ingress)], { subject: labelIn('pod', 'app', 'api') }),
    ];
    const all: Action[] = ['allow', 'deny', 'external'];
    expect(all.map(egress => all.map(ingress => judge(REFERENCE_PIPELINE, policies(egress, ingress))))).toEqual([
      ['allowed', 'denied', 'unknown'],
      ['denied', 'denied', 'denied'],
      ['unknown', 'denied', 'unknown'],
    ]);
  });

  test('by a policy that may select the endpoint is unknown', () => {
    expect(judge(REFERENCE_PIPELINE, [policy('ingress', [], { subject: { principal: 'somebody' }, isolates: true })])).toBe('unknown');
    expect(judge(REFERENCE_PIPELINE, [policy('ingress', [rule('allow')], { subject: { principal: 'somebody' }, isolates: true })])).toBe('unknown');
    expect(judge(REFERENCE_PIPELINE, [policy('ingress', [rule('allow')], { subject: { principal: 'somebody' } })])).toBe('allowed');
  });

  test('adds up: what one policy allows is open although another isolates', () => {
    const policies = [policy('ingress', [], { isolates: true }), policy('ingress', [rule('allow', { source: labelIn('pod', 'app', 'web') })], { isolates: true })];
    expect(judge(REFERENCE_PIPELINE, policies)).toBe('allowed');
    expect(judge(REFERENCE_PIPELINE, policies, { ...TCP_80, source: OUTSIDE })).toBe('denied');
  });

  test('does not apply to endpoints that the policy does not select', () => {
    expect(judge(REFERENCE_PIPELINE, [policy('ingress', [rule('deny')], { subject: labelIn('pod', 'app', 'web'), isolates: true })])).toBe('allowed');
  });
});

describe('policies that are not enforced', () => {
  test.each<Mode>(['staged', 'void'])('%s ones neither isolate, nor allow, nor deny', mode => {
    const ignored = [policy('ingress', [rule('deny')], { mode, isolates: true })];
    expect(judge(REFERENCE_PIPELINE, ignored)).toBe('allowed');
    const isolated = policy('ingress', [], { isolates: true });
    expect(judge(REFERENCE_PIPELINE, [isolated, policy('ingress', [rule('allow')], { mode })])).toBe('denied');
  });

  test('those of a stage that the pipeline does not have decide nothing', () => {
    expect(judge(REFERENCE_PIPELINE, [policy('ingress', [rule('deny')], { stage: 'elsewhere', isolates: true })])).toBe('allowed');
  });
});

describe('a pipeline', () => {
  const at = (stage: string, action: Action, isolates = false) => policy('ingress', [rule(action)], { stage, isolates });

  test.each<[string, Policy[], Answer]>([
    ['admin decides before normal', [at('normal', 'deny'), at('admin', 'allow')], 'allowed'],
    ['a deny of admin is final', [at('normal', 'allow'), at('admin', 'deny')], 'denied'],
    ['admin passes on to normal', [at('admin', 'pass'), at('normal', 'deny')], 'denied'],
    ['baseline decides only where normal did not', [at('normal', 'allow'), at('baseline', 'deny')], 'allowed'],
    ['baseline decides where nothing else does', [at('baseline', 'deny')], 'denied'],
    ['isolation of normal comes before baseline', [policy('ingress', [], { isolates: true }), at('baseline', 'allow')], 'denied'],
    ['a pass of normal goes on to baseline, past isolation', [at('normal', 'pass', true), at('baseline', 'allow')], 'allowed'],
    ['an unknown pass leaves both', [at('admin', 'external'), at('normal', 'deny')], 'unknown'],
  ])('in the reference: %s', (_name, policies, answer) => {
    expect(judge(REFERENCE_PIPELINE, policies)).toBe(answer);
  });

  test('of Calico judges the tiers in their order, and a tier without the endpoint passes', () => {
    const pipeline = tieredPipeline(['security', 'default']);
    expect(pipeline).toEqual([{ name: 'network', stages: [{ id: 'security', combine: 'first-match' }, { id: 'default', combine: 'first-match' }], otherwise: 'allow' }]);
    expect(judge(pipeline, [at('default', 'deny'), at('security', 'allow')])).toBe('allowed');
    expect(judge(pipeline, [at('default', 'deny'), at('security', 'pass')])).toBe('denied');
    expect(judge(pipeline, [at('default', 'allow'), policy('ingress', [], { stage: 'security', isolates: true })])).toBe('denied');
    expect(judge(pipeline, [at('default', 'allow'), policy('ingress', [], { stage: 'security', isolates: true, subject: labelIn('pod', 'app', 'web') })])).toBe('allowed');
  });

  test('answers otherwise when no stage decides', () => {
    expect([inStage('first-match', 'pass', {}, 'deny'), inStage('first-match', '', {}, 'deny'), inStage('first-match', 'allow? pass', {}, 'deny')]).toEqual(['denied', 'denied', 'unknown']);
    expect(judge([{ name: 'network', stages: [], otherwise: 'allow' }], [])).toBe('allowed');
    expect(judge([], [policy('ingress', [rule('deny')])])).toBe('allowed');
  });

  test('of several layers needs each of them to allow', () => {
    const stage = (id: string): Stage => ({ id, combine: 'deny-overrides' });
    const layers: Pipeline = [
      { name: 'network', stages: [stage('normal')], otherwise: 'allow' },
      { name: 'mesh', stages: [stage('authz')], otherwise: 'allow' },
    ];
    const outcomes: Action[] = ['allow', 'deny', 'external'];
    expect(outcomes.map(network => outcomes.map(mesh => judge(layers, [at('normal', network), at('authz', mesh)])))).toEqual([
      ['allowed', 'denied', 'unknown'],
      ['denied', 'denied', 'denied'],
      ['unknown', 'denied', 'unknown'],
    ]);
  });
});

describe('a rule', () => {
  test('needs its source, its destination and its traffic to match', () => {
    const [web, api, http] = [labelIn('pod', 'app', 'web'), labelIn('pod', 'app', 'api'), [portRange('TCP', 80)]];
    const denies = (match: Partial<Rule['match']>) => judge(REFERENCE_PIPELINE, [policy('ingress', [rule('deny', match)])]);
    expect(denies({ source: web, destination: api, traffic: http })).toBe('denied');
    expect([denies({ source: api }), denies({ destination: web }), denies({ traffic: [portRange('TCP', 81)] }), denies({ traffic: [] })])
      .toEqual(['allowed', 'allowed', 'allowed', 'allowed']);
  });

  test('matches on any of its boxes', () => {
    const denied = [80, 443, 81].map(port => judge(REFERENCE_PIPELINE, [policy('ingress', [rule('deny', { traffic: [portRange('TCP', 80), portRange('TCP', 443)] })])], { ...TCP_80, port }));
    expect(denied).toEqual(['denied', 'denied', 'allowed']);
  });

  test('has effects that decide nothing', () => {
    expect(judge(REFERENCE_PIPELINE, [policy('ingress', [{ ...rule('allow'), effects: { log: 'all' } }], { isolates: true })])).toBe('allowed');
  });
});

describe('an endpoint', () => {
  const known: readonly [Atom, Endpoint, Tri][] = [
    [{ kind: 'pod' }, WEB, YES],
    [{ kind: 'pod' }, OUTSIDE, NO],
    [{ namespace: 'shop' }, WEB, YES],
    [{ namespace: 'data' }, WEB, NO],
    [{ namespace: 'shop' }, OUTSIDE, NO],
    [{ namespace: 'shop' }, { kind: 'pod' }, MAYBE],
    [{ serviceAccount: 'robot' }, API, YES],
    [{ serviceAccount: 'default' }, API, NO],
    [{ serviceAccount: 'robot' }, WEB, MAYBE],
    [{ serviceAccount: 'robot' }, NODE, NO],
    [{ entity: 'world' }, OUTSIDE, YES],
    [{ entity: 'world' }, API, NO],
    [{ entity: 'world' }, WEB, MAYBE],
    [{ principal: 'spiffe://x' }, API, MAYBE],
    [{ ref: 'service', name: 'api' }, API, MAYBE],
    [{ cidr: '203.0.113.0/24', except: [] }, OUTSIDE, YES],
    [{ cidr: '203.0.113.0/24', except: ['203.0.113.0/28'] }, OUTSIDE, NO],
    [{ cidr: '203.0.113.0/24', except: ['203.0.113.128/25'] }, OUTSIDE, YES],
    [{ cidr: '10.244.0.0/16', except: [] }, WEB, YES],
    [{ cidr: '10.244.0.0/16', except: [] }, { kind: 'pod' }, MAYBE],
    [{ cidr: '::/0', except: [] }, OUTSIDE, NO],
    [{ fqdn: 'api.example.com' }, OUTSIDE, YES],
    [{ fqdn: '*.example.com' }, OUTSIDE, YES],
    [{ fqdn: 'www.example.com' }, OUTSIDE, NO],
    [{ fqdn: 'api.example.com' }, { kind: 'external' }, MAYBE],
    [{ fqdn: 'api.example.com' }, API, NO],
  ];

  test.each(known)('%j of %j: %d', (atom, endpoint, expected) => {
    expect(matchesEndpoint(atom, endpoint, BY_ADDRESS)).toBe(expected);
    expect(matchesEndpoint({ not: atom }, endpoint, BY_ADDRESS)).toBe(2 - expected);
  });

  const label = (op: LabelTest['op'], ...values: string[]): LabelTest => ({ of: 'pod', label: 'app', op, values });
  test.each<[LabelTest, Tri, Tri]>([
    // of app: web, without app
    [label('in', 'web', 'api'), YES, NO],
    [label('in', 'api'), NO, NO],
    [label('in'), NO, NO],
    [label('exists'), YES, NO],
    [label('contains', 'e'), YES, NO],
    [label('contains', 'x', 'eb'), YES, NO],
    [label('contains', 'x'), NO, NO],
    [label('startsWith', 'we'), YES, NO],
    [label('startsWith', 'eb'), NO, NO],
    [label('endsWith', 'eb'), YES, NO],
    [label('endsWith', 'we'), NO, NO],
  ])('the label test %j: %d where app is web, %d where it is absent', (expr, web, absent) => {
    expect([matchesEndpoint(expr, WEB, BY_ADDRESS), matchesEndpoint(expr, { kind: 'pod', labels: {} }, BY_ADDRESS)]).toEqual([web, absent]);
    expect(matchesEndpoint(expr, { kind: 'pod' }, BY_ADDRESS)).toBe(MAYBE);
  });

  test('has the labels of the scope that a test names, and kinds that cannot have them have none', () => {
    const scopes = (['pod', 'namespace', 'serviceAccount', 'node', 'addressSet'] as const).map(of => (endpoint: Endpoint) => matchesEndpoint(labelExists(of, 'x'), endpoint, BY_ADDRESS));
    const endpoints: Endpoint[] = [
      { kind: 'pod', labels: { x: '' }, namespaceLabels: {}, serviceAccountLabels: {} },
      { kind: 'pod', labels: {}, namespaceLabels: { x: '' }, serviceAccountLabels: {} },
      { kind: 'pod', labels: {}, namespaceLabels: {}, serviceAccountLabels: { x: '' } },
      { kind: 'node', labels: { x: '' } },
      { kind: 'addressSet', labels: { x: '' } },
      { kind: 'external' },
    ];
    expect(endpoints.map(endpoint => scopes.findIndex(matches => matches(endpoint) === YES))).toEqual([0, 1, 2, 3, 4, -1]);
    expect(endpoints.map(endpoint => scopes.filter(matches => matches(endpoint) === YES).length)).toEqual([1, 1, 1, 1, 1, 0]);
  });

  test('has no label that only a prototype has', () => {
    expect(['constructor', '__proto__', 'toString'].map(key => matchesEndpoint(labelExists('pod', key), WEB, BY_ADDRESS))).toEqual([NO, NO, NO]);
  });

  test('is matched by address only where the profile says so', () => {
    const all = address('0.0.0.0/0');
    expect([WEB, NODE, OUTSIDE].map(endpoint => matchesEndpoint(all, endpoint, ONLY_OUTSIDE))).toEqual([NO, NO, YES]);
    expect([WEB, NODE, OUTSIDE].map(endpoint => matchesEndpoint(all, endpoint, BY_ADDRESS))).toEqual([YES, YES, YES]);
    expect(matchesEndpoint(all, { kind: 'pod' }, ONLY_OUTSIDE)).toBe(NO);
  });

  test.each<[string, EndpointExpr, Tri]>([
    ['an AND is as sure as its least sure part', allOf({ kind: 'pod' }, { principal: 'x' }), MAYBE],
    ['an AND with a part that is false is false', allOf({ principal: 'x' }, { namespace: 'data' }), NO],
    ['an OR with a part that is true is true', anyOf({ principal: 'x' }, { namespace: 'shop' }), YES],
    ['an OR is as sure as its surest part', anyOf({ principal: 'x' }, { namespace: 'data' }), MAYBE],
    ['the negation of what is unknown is unknown', not({ principal: 'x' }), MAYBE],
    ['an empty AND is true', { allOf: [] }, YES],
    ['an empty OR is false', { anyOf: [] }, NO],
    ['a pod is not outside', not(EXTERNAL), YES],
    ['NotIn means a pod without, when the kind is said', allOf(POD, inNamespace('shop'), not(labelIn('pod', 'app', 'api'))), YES],
  ])('%s', (_name, expr, expected) => {
    expect(matchesEndpoint(expr, WEB, BY_ADDRESS)).toBe(expected);
  });
});

describe('traffic', () => {
  const flow = (other: Partial<Flow>): Flow => ({ ...TCP_80, ...other });
  const answerTo = (box: TrafficBox, other: Partial<Flow> = {}): Answer => judge(REFERENCE_PIPELINE, [policy('ingress', [rule('deny', { traffic: [box] })])], flow(other));
  const tcp = allOfProtocol('TCP');
  const [match, noMatch, maybe, some]: Answer[] = ['denied', 'allowed', 'unknown', 'partial'];
  const ping = { protocol: 1, port: undefined, sourcePort: undefined };
  const named = (names: string[], ranges: [number, number][] = []): TrafficBox => ({ ...tcp, destinationPorts: { ranges, names } });
  const allBut = (...exceptNames: string[]): TrafficBox => ({ ...tcp, destinationPorts: { ranges: [[0, 65535]], names: [], exceptNames } });

  test.each<[string, TrafficBox, Partial<Flow>, Answer]>([
    ['every protocol', ALL_TRAFFIC[0], ping, match],
    ['the protocol', tcp, {}, match],
    ['another protocol', allOfProtocol('UDP'), {}, noMatch],
    ['the port', portRange('TCP', 80), {}, match],
    ['the first of a range', portRange('TCP', 80, 90), {}, match],
    ['the last of a range', portRange('TCP', 70, 80), {}, match],
    ['beside a range', portRange('TCP', 81, 90), {}, noMatch],
    ['ports, when the protocol has none', { protocols: [[0, 255]], destinationPorts: { ranges: [[0, 65535]], names: [] } }, ping, noMatch],
    ['a port that is not known', portRange('TCP', 80), { port: undefined }, maybe],
    ['every port, when it is not known', tcp, { port: undefined }, match],
    ['no port at all', named([]), {}, noMatch],
    ['a named port', named(['http']), { port: 8080 }, match],
    ['another number than the named port\'s', named(['http']), { port: 80 }, noMatch],
    ['the named port of another protocol', namedPort('TCP', 'dns'), { port: 53 }, noMatch],
    ['the named port of its protocol', namedPort('UDP', 'dns'), { protocol: 17, port: 53 }, match],
    ['a name that no container port has', named(['metrics']), { port: 8080 }, noMatch],
    ['a name or a number', named(['metrics', 'http'], [[80, 80]]), { port: 8080 }, match],
    ['a named port where container ports are not known', named(['http']), { destination: { ...API, ports: undefined } }, maybe],
    ['a named port of something that is no pod', named(['http']), { destination: OUTSIDE, port: 8080 }, noMatch],
    ['all ports except a name, at that port', allBut('http'), { port: 8080 }, noMatch],
    ['all ports except a name, at another port', allBut('http'), { port: 80 }, match],
    ['all ports except a name where container ports are not known', allBut('http'), { destination: { ...API, ports: undefined } }, maybe],
    ['all ports except a name, of something that is no pod', allBut('http'), { destination: OUTSIDE, port: 8080 }, match],
    ['the source port', { ...tcp, sourcePorts: { ranges: [[40000, 40000]], names: [] } }, {}, match],
    ['another source port', { ...tcp, sourcePorts: { ranges: [[1, 1024]], names: [] } }, {}, noMatch],
    ['a source port that is not known', { ...tcp, sourcePorts: { ranges: [[1, 1024]], names: [] } }, { sourcePort: undefined }, maybe],
    ['a named source port', { ...tcp, sourcePorts: { ranges: [], names: ['http'] } }, { source: API, destination: WEB, sourcePort: 8080 }, match],
    ['a named source port, of the destination only', { ...tcp, sourcePorts: { ranges: [], names: ['http'] } }, { sourcePort: 8080 }, noMatch],
    ['an ICMP type', { ...allOfProtocol('ICMP'), icmp: [{ type: 8 }] }, { ...ping, icmp: { type: 8, code: 0 } }, match],
    ['another ICMP type', { ...allOfProtocol('ICMP'), icmp: [{ type: 8 }] }, { ...ping, icmp: { type: 0, code: 0 } }, noMatch],
    ['an ICMP type and code', { ...allOfProtocol('ICMP'), icmp: [{ type: 3, code: 1 }, { type: 3, code: 4 }] }, { ...ping, icmp: { type: 3, code: 4 } }, match],
    ['another ICMP code', { ...allOfProtocol('ICMP'), icmp: [{ type: 3, code: 1 }] }, { ...ping, icmp: { type: 3, code: 4 } }, noMatch],
    ['an ICMP type that is not known', { ...allOfProtocol('ICMP'), icmp: [{ type: 8 }] }, ping, maybe],
    ['an ICMP type, of TCP', { protocols: [[0, 255]], icmp: [{ type: 8 }] }, {}, noMatch],
    ['the IP version', { ...tcp, ipVersion: 4 }, {}, match],
    ['another IP version', { ...tcp, ipVersion: 6 }, {}, noMatch],
    ['the IP version, told by the source', { ...tcp, ipVersion: 6 }, { destination: { ...API, address: undefined }, source: { ...WEB, address: 'fd00::1' } }, match],
    ['an IP version that is not known', { ...tcp, ipVersion: 6 }, { destination: { ...API, address: undefined }, source: { ...WEB, address: undefined } }, maybe],
    ['a DNS name', { ...tcp, l7: { dns: ['*.example.com'] } }, { dnsName: 'api.example.com' }, match],
    ['another DNS name', { ...tcp, l7: { dns: ['*.example.com'] } }, { dnsName: 'example.org' }, noMatch],
    ['a DNS name that is not stated', { ...tcp, l7: { dns: ['*.example.com'] } }, {}, some],
    ['every DNS name', { ...tcp, l7: { dns: ['x.test', '*'] } }, {}, match],
    ['a DNS name on another port', { ...portRange('TCP', 53), l7: { dns: ['*'] } }, {}, noMatch],
    ['some HTTP requests', { ...tcp, l7: { http: [{ methods: [{ exact: 'GET' }] }] } }, {}, some],
    ['some HTTP requests on another port', { ...portRange('TCP', 8080), l7: { http: [{}] } }, {}, noMatch],
    ['server names', { ...tcp, serverNames: ['a.example.com'] }, {}, some],
    ['something opaque', { ...tcp, l7: { opaque: 'kafka', value: {} } }, {}, maybe],
  ])('%s', (_name, box, other, expected) => {
    expect(answerTo(box, other)).toBe(expected);
  });
});

describe('what is not known', () => {
  const sets: fc.Arbitrary<PolicySet> = fc.oneof(plainStatements.map(policies => ({ pipeline: REFERENCE_PIPELINE, policies })), nativeCalico({ version: '3.33', certain: true }));
  const agrees = (truth: Answer, answer: Answer): boolean => answer === 'unknown' || answer === truth;

  test('never makes an expression contradict the truth', () => {
    const all = [...EVERYTHING, nodeOf(0), nodeOf(1), HOST_ENDPOINT];
    fc.assert(fc.property(expressions, fc.constantFrom(...all), forgotten, (expr, endpoint, facts) => {
      const truth = matchesEndpoint(expr, endpoint, BY_ADDRESS);
      expect(truth).not.toBe(MAYBE);
      expect([MAYBE, truth]).toContain(matchesEndpoint(expr, forget(endpoint, facts), BY_ADDRESS));
    }), runs(1000));
  });

  test('never makes an answer contradict the truth: it is the same, or unknown', () => {
    fc.assert(fc.property(sets, worlds({ nodes: true, hosts: true }), fc.infiniteStream(forgotten), (set, world, facts) => {
      const remembered = new Map(world.map(endpoint => [endpoint, forget(endpoint, facts.next().value)]));
      for (const flow of flowsOf(world)) {
        const truth = evaluate(set, flow, BY_ADDRESS);
        expect(truth).not.toBe('unknown');
        const answer = evaluate(set, { ...flow, source: remembered.get(flow.source)!, destination: remembered.get(flow.destination)! }, BY_ADDRESS);
        if (!agrees(truth, answer)) { throw new Error(`${describeFlow(flow)}: ${truth}, but ${answer} when facts are missing`); }
      }
    }), runs(100));
  });

  test('of the flow itself neither', () => {
    fc.assert(fc.property(sets, worlds(), (set, world) => {
      for (const flow of flowsOf(world)) {
        const { port, sourcePort, ...rest } = flow;
        expect(agrees(evaluate(set, flow, BY_ADDRESS), evaluate(set, rest, BY_ADDRESS))).toBe(true);
      }
    }), runs(30));
  });

  test('of a rule that nothing turns on leaves the answer known', () => {
    expect(inStage('first-match', 'allow? allow', { isolates: true })).toBe('allowed');
    expect(inStage('deny-overrides', 'deny? deny')).toBe('denied');
  });
});
