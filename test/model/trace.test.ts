import * as fc from 'fast-check';
import { ANY, EndpointExpr, NONE } from '../../src/model/endpoint';
import { evaluate, SideTrace, trace, traceSide } from '../../src/model/evaluate';
import { Flow, MAYBE, Profile, SOME, YES } from '../../src/model/match';
import { Action, ADMIN, BASELINE, Direction, MESH, MESH_LAYER, NORMAL, Policy, REFERENCE_PIPELINE, Rule, SECURITY } from '../../src/model/policy-set';
import { ALL_TRAFFIC, portRange, TrafficBox } from '../../src/model/traffic';
import { forget, forgotten } from '../support/models/expressions';
import { nativeCalico } from '../support/models/native-calico';
import { BY_ADDRESS, inReference } from '../support/models/places';
import { REQUEST_PROBES } from '../support/models/requests';
import { runs } from '../support/models/runs';
import { statements } from '../support/models/statements';
import { describeFlow, flowsOf, worlds } from '../support/models/worlds';

const PROFILE: Profile = { cidrMatches: ['external'] };
const FLOW: Flow = { source: { kind: 'pod' }, destination: { kind: 'pod' }, protocol: 6, sourcePort: 40000, port: 80 };
const SOMEBODY: EndpointExpr = { principal: 'somebody' };
const GET: readonly TrafficBox[] = [{ ...portRange('TCP', 80), l7: { http: [{ methods: [{ exact: 'GET' }] }] } }];

const rule = (action: Action, part: string, source: EndpointExpr = ANY, traffic: readonly TrafficBox[] = ALL_TRAFFIC): Rule =>
  ({ action, match: { source, destination: ANY, traffic }, origin: { apiVersion: 'v1', kind: 'Test', name: 'test', part } });

interface Options {
  readonly direction?: Direction;
  readonly subject?: EndpointExpr;
  readonly isolates?: boolean;
  readonly order?: readonly (number | string)[];
  readonly mode?: Policy['mode'];
}

const policy = (name: string, stage: string, rules: readonly Rule[], { direction = 'ingress', subject = ANY, isolates = false, order = [], mode = 'enforce' }: Options = {}): Policy =>
  ({ origin: { apiVersion: 'v1', kind: 'Test', name }, stage, order, mode, direction, subject, isolates, rules });

const ingress = (...policies: readonly Policy[]): SideTrace => trace(inReference(policies), FLOW, PROFILE).ingress;

/** Of the one layer, in short. */
const shown = ({ layers: [{ stages, byDefault, answer }] }: SideTrace) => ({
  answer,
  byDefault,
  stages: stages.map(({ stage, policies, rules, closing }) => [
    stage.id,
    policies.map(each => each.policy.origin.name),
    rules.map(each => `${each.policy.origin.name} ${each.rule.origin?.part} ${each.matched}`),
    closing.map(each => `${each.policy.origin.name} ${each.selected}`),
  ]),
});

test('says what evaluate says, of the flow and of each side', () => {
  const sets = fc.oneof(statements.map(inReference), nativeCalico({ version: '3.33' }));
  fc.assert(fc.property(sets, worlds({ nodes: true }), fc.infiniteStream(forgotten), (set, world, facts) => {
    const known = new Map(world.map(endpoint => [endpoint, forget(endpoint, facts.next().value)]));
    for (const { source, destination, ...traffic } of flowsOf(world, REQUEST_PROBES)) {
      const flow: Flow = { ...traffic, source: known.get(source)!, destination: known.get(destination)! };
      const traced = trace(set, flow, BY_ADDRESS);
      const sideOf = (direction: Direction) => ({ ...set, policies: set.policies.filter(each => each.direction === direction) });
      const alone = (direction: Direction) => evaluate(sideOf(direction), flow, BY_ADDRESS);
      // One direction alone has nothing but what the layers answer by themselves on the other side, which is to allow.
      const answers = [traced.answer, traced.egress.answer, traced.ingress.answer, traceSide(set, 'ingress', flow, BY_ADDRESS).answer];
      const expected = [evaluate(set, flow, BY_ADDRESS), alone('egress'), alone('ingress'), alone('ingress')];
      if (answers.join() !== expected.join()) { throw new Error(`${describeFlow(flow)}: traced ${answers.join()}, evaluated ${expected.join()}`); }
    }
  }), runs(30));
});

test('a certain match is the last rule of the last stage', () => {
  const traced = ingress(
    policy('b', ADMIN, [rule('deny', 'no', NONE), rule('pass', 'go on', SOMEBODY), rule('allow', 'yes'), rule('deny', 'never asked')], { order: [2] }),
    policy('a', ADMIN, [rule('deny', 'perhaps', SOMEBODY)], { order: [1] }),
    policy('c', NORMAL, [rule('deny', 'never asked')], { isolates: true }),
  );
  expect(shown(traced)).toEqual({
    answer: 'unknown',
    byDefault: false,
    stages: [
      [SECURITY, [], [], []],
      [ADMIN, ['b', 'a'], [`a perhaps ${MAYBE}`, `b go on ${MAYBE}`, `b yes ${YES}`], []],
      [NORMAL, ['c'], [`c never asked ${YES}`], []],
    ],
  });
});

test('denials of a stage in which they override are asked first', () => {
  const traced = ingress(policy('a', NORMAL, [rule('allow', 'first', SOMEBODY), rule('deny', 'second', SOMEBODY), rule('log', 'nothing')], { isolates: true }));
  expect(shown(traced).stages[2]).toEqual([NORMAL, ['a'], [`a second ${MAYBE}`, `a first ${MAYBE}`], [`a ${YES}`]]);
});

test('names what closes a direction that no rule opens, and what only may close it', () => {
  const traced = ingress(
    policy('closes', NORMAL, [rule('allow', 'no', NONE)], { isolates: true }),
    policy('may close', NORMAL, [], { isolates: true, subject: SOMEBODY }),
    policy('opens', NORMAL, [rule('allow', 'no', NONE)]),
    policy('of others', NORMAL, [], { isolates: true, subject: NONE }),
    policy('staged', NORMAL, [], { isolates: true, mode: 'staged' }),
    policy('the other way', NORMAL, [], { isolates: true, direction: 'egress' }),
  );
  expect(shown(traced)).toEqual({
    answer: 'denied',
    byDefault: false,
    stages: [[SECURITY, [], [], []], [ADMIN, [], [], []], [NORMAL, ['closes', 'may close', 'opens'], [], [`closes ${YES}`, `may close ${MAYBE}`]]],
  });
});

test('a stage that may close goes on with the next ones, and the layer answers at last', () => {
  const traced = ingress(policy('may close', NORMAL, [], { isolates: true, subject: SOMEBODY }));
  expect(shown(traced)).toEqual({
    answer: 'unknown',
    byDefault: true,
    stages: [[SECURITY, [], [], []], [ADMIN, [], [], []], [NORMAL, ['may close'], [], [`may close ${MAYBE}`]], [BASELINE, [], [], []]],
  });
  expect(shown(ingress())).toMatchObject({ answer: 'allowed', byDefault: true });
});

test('a request that is not stated makes an answer partial, and missing facts beside it unknown', () => {
  const answer = (...rules: readonly Rule[]) => ingress(policy('a', NORMAL, rules, { isolates: true }));
  expect(answer(rule('allow', 'get', ANY, GET))).toMatchObject({ answer: 'partial', layers: [{ stages: [{}, {}, { rules: [{ matched: SOME }] }] }] });
  expect(answer(rule('allow', 'get', ANY, GET), rule('allow', 'who', SOMEBODY)).answer).toBe('unknown');
  expect(answer(rule('allow', 'get', SOMEBODY, GET))).toMatchObject({ answer: 'unknown', layers: [{ stages: [{}, {}, { rules: [{ matched: MAYBE }] }] }] });
  expect(answer(rule('allow', 'get', ANY, GET), rule('allow', 'all')).answer).toBe('allowed');
  expect(answer(rule('allow', 'get', NONE, GET)).answer).toBe('denied');
});

test.each([
  [['allow'], ['allow'], 'allowed'],
  [['allow'], ['allow', GET], 'partial'],
  [['allow', GET], ['allow', GET], 'partial'],
  [['allow', GET], ['allow', ALL_TRAFFIC, SOMEBODY], 'unknown'],
  [['allow', GET], ['deny'], 'denied'],
  [['allow', ALL_TRAFFIC, SOMEBODY], ['deny'], 'denied'],
] as const)('both sides must let the flow pass: %j and %j', (egress, other, expected) => {
  const one = ([action, traffic, source]: readonly [Action, (readonly TrafficBox[])?, EndpointExpr?], direction: Direction) =>
    policy(direction, NORMAL, [rule(action, 'rule', source, traffic)], { isolates: true, direction });
  expect(trace(inReference([one(egress, 'egress'), one(other, 'ingress')]), FLOW, PROFILE).answer).toBe(expected);
});

test('every layer must let the flow pass', () => {
  const set = { pipeline: [...REFERENCE_PIPELINE, MESH_LAYER], policies: [policy('a', NORMAL, [rule('allow', 'all')]), policy('m', MESH, [rule('deny', 'all')])] };
  const { ingress: { answer, layers } } = trace(set, FLOW, PROFILE);
  expect([answer, ...layers.map(layer => `${layer.layer.name} ${layer.answer}`)]).toEqual(['denied', 'network allowed', 'mesh denied']);
});
