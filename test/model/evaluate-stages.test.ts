import * as fc from 'fast-check';
import { ANY, EndpointExpr, labelIn, POD } from '../../src/model/endpoint';
import { Answer, evaluate } from '../../src/model/evaluate';
import { Flow, Profile } from '../../src/model/match';
import {
  Action, ADMIN, BASELINE, Hook, MESH, MESH_LAYER, NORMAL, Pipeline, Policy, REFERENCE_PIPELINE, Rule, SECURITY, tieredPipeline,
} from '../../src/model/policy-set';
import { ALL_TRAFFIC, portRange, TrafficBox } from '../../src/model/traffic';

const PROFILE: Profile = { cidrMatches: ['external'] };
const FLOW: Flow = {
  source: { kind: 'pod', labels: { app: 'web' } }, destination: { kind: 'pod', labels: { app: 'api' } }, protocol: 6, sourcePort: 40000, port: 80,
};

interface Options {
  readonly isolates?: boolean;
  readonly subject?: EndpointExpr;
  readonly order?: readonly (number | string)[];
  readonly hook?: Hook;
  readonly traffic?: readonly TrafficBox[];
}

/** An ingress policy of one rule. */
const at = (
  stage: string, action: Action | undefined, { traffic = ALL_TRAFFIC, isolates = false, subject = ANY, order = [], hook }: Options = {},
): Policy => ({
  origin: { apiVersion: 'v1', kind: 'Test', name: 'test' },
  stage,
  order,
  mode: 'enforce',
  direction: 'ingress',
  subject,
  isolates,
  rules: action === undefined ? [] : [{ action, match: { source: ANY, destination: ANY, traffic } } satisfies Rule],
  ...(hook ? { hook } : {}),
});

const judge = (policies: readonly Policy[], pipeline: Pipeline = REFERENCE_PIPELINE, flow: Flow = FLOW): Answer =>
  evaluate({ pipeline, policies }, flow, PROFILE);

describe('the reference pipeline', () => {
  test('has security before admin before normal before baseline, and then allows', () => {
    expect(REFERENCE_PIPELINE).toEqual([{
      name: 'network',
      stages: [
        { id: SECURITY, combine: 'first-match' }, { id: ADMIN, combine: 'first-match' }, { id: NORMAL, combine: 'deny-overrides' }, { id: BASELINE, combine: 'first-match' },
      ],
      otherwise: 'allow',
    }]);
  });

  const stages = [SECURITY, ADMIN, NORMAL, BASELINE];
  const pairs = stages.flatMap((first, i) => stages.slice(i + 1).map(second => [first, second] as const));

  test.each(pairs)('%s decides before %s, whatever the order of the list and the numbers', (first, second) => {
    for (const [decides, other] of [['allow', 'deny'], ['deny', 'allow']] as const) {
      const policies = [at(second, other, { order: [0, 'a'] }), at(first, decides, { order: [499, 'z'] })];
      const expected = decides === 'allow' ? 'allowed' : 'denied';
      expect([judge(policies), judge([...policies].reverse())]).toEqual([expected, expected]);
    }
  });

  test.each(pairs)('a pass of %s leaves the answer to %s', (first, second) => {
    expect([judge([at(first, 'pass'), at(second, 'deny')]), judge([at(first, 'pass'), at(second, 'allow'), at(BASELINE, 'deny', { order: [1] })])]).toEqual(['denied', 'allowed']);
  });

  test('a pass of one stage skips the rest of that stage only', () => {
    expect(judge([at(SECURITY, 'pass'), at(ADMIN, 'deny'), at(NORMAL, 'allow')])).toBe('denied');
    expect(judge([at(SECURITY, 'pass'), at(SECURITY, 'deny', { order: [1] }), at(NORMAL, 'allow')])).toBe('allowed');
  });

  test('orders policies of a stage by priority, then by name', () => {
    expect(judge([at(ADMIN, 'deny', { order: [10, 'a'] }), at(ADMIN, 'allow', { order: [9, 'z'] })])).toBe('allowed');
    expect(judge([at(ADMIN, 'deny', { order: [10, 'b'] }), at(ADMIN, 'allow', { order: [10, 'a'] })])).toBe('allowed');
  });

  test('isolation of namespaces ends what no upper stage allowed, before baseline', () => {
    const isolated = at(NORMAL, undefined, { isolates: true });
    expect([judge([isolated, at(BASELINE, 'allow')]), judge([isolated, at(SECURITY, 'allow')]), judge([isolated, at(ADMIN, 'allow')])]).toEqual(['denied', 'allowed', 'allowed']);
  });

  test('nothing that is stated in a lower stage opens what an upper one denies, nor closes what it allows', () => {
    const actions = fc.constantFrom<Action>('allow', 'deny', 'pass', 'log', 'external');
    const lower = fc.array(fc.tuple(fc.constantFrom(NORMAL, BASELINE), actions, fc.boolean(), fc.nat(9))
      .map(([stage, action, isolates, order]) => at(stage, action, { isolates, order: [order] })));
    fc.assert(fc.property(lower, fc.constantFrom(SECURITY, ADMIN), fc.constantFrom<Action>('allow', 'deny'), (others, stage, action) => {
      expect(judge([...others, at(stage, action)])).toBe(action === 'allow' ? 'allowed' : 'denied');
    }));
  });
});

describe('a mesh', () => {
  const [network, mesh] = [REFERENCE_PIPELINE[0], MESH_LAYER];
  const both: Pipeline = [network, mesh];

  test('is a layer of one stage that denies first, and allows what no policy speaks of', () => {
    expect(MESH_LAYER).toEqual({ name: 'mesh', stages: [{ id: MESH, combine: 'deny-overrides' }], otherwise: 'allow' });
    expect(judge([at(MESH, 'allow', { order: [0] }), at(MESH, 'deny', { order: [1] })], both)).toBe('denied');
  });

  test('must allow beside the network, and the network beside it', () => {
    const actions: (Action | undefined)[] = ['allow', 'deny', 'external', undefined];
    const isolating = (stage: string, action: Action | undefined) => at(stage, action, { isolates: true });
    const table = actions.map(below => actions.map(above => judge([isolating(NORMAL, below), isolating(MESH, above)], both)));
    expect(table).toEqual([
      ['allowed', 'denied', 'unknown', 'denied'],
      ['denied', 'denied', 'denied', 'denied'],
      ['unknown', 'denied', 'unknown', 'denied'],
      ['denied', 'denied', 'denied', 'denied'],
    ]);
  });

  test('is not asked where the pipeline has no such layer', () => {
    expect(judge([at(MESH, 'deny')])).toBe('allowed');
  });

  test('is not overruled by an upper stage of the network', () => {
    expect(judge([at(SECURITY, 'allow'), at(MESH, 'deny')], both)).toBe('denied');
  });

  test('of Calico beside its tiers is asked as well', () => {
    const pipeline = [...tieredPipeline(['security', 'default']), mesh];
    expect([judge([at('security', 'allow'), at(MESH, undefined, { isolates: true })], pipeline), judge([at('security', 'allow'), at(MESH, 'allow', { isolates: true })], pipeline)])
      .toEqual(['denied', 'allowed']);
  });
});

describe('a policy at a hook', () => {
  const hooks: Hook[] = ['untracked', 'pre-dnat', 'forwarded'];

  test.each(hooks)('%s is never certain, whatever it says', hook => {
    const answers = (['allow', 'deny', 'pass', 'log', undefined] as const).map(action => judge([at(NORMAL, action, { hook, isolates: action === undefined })]));
    expect(answers).toEqual(['allowed', 'unknown', 'allowed', 'allowed', 'unknown']);
    expect(judge([at(NORMAL, 'allow', { hook }), at(NORMAL, undefined, { isolates: true })])).toBe('unknown');
  });

  test('decides nothing for whom it does not select', () => {
    expect(judge([at(NORMAL, 'deny', { hook: 'untracked', isolates: true, subject: { kind: 'hostEndpoint' } })])).toBe('allowed');
    expect(judge([at(NORMAL, 'deny', { hook: 'untracked', subject: labelIn('pod', 'app', 'web') })])).toBe('allowed');
  });

  test('does not change what is certain without it', () => {
    expect(judge([at(SECURITY, 'deny', { subject: POD }), at(NORMAL, 'allow', { hook: 'forwarded' })])).toBe('denied');
  });
});

describe('effects', () => {
  test('of a rule and of a policy never decide', () => {
    const effects = {
      authentication: 'required', terminatingTLS: {}, listener: {}, annotations: { a: 'b' }, log: 'x', labels: [], description: 'x', performanceHints: [],
    };
    const plain = [at(NORMAL, 'allow', { isolates: true, traffic: [portRange('TCP', 80)] }), at(ADMIN, 'deny', { traffic: [portRange('TCP', 443)] })];
    const decorated = plain.map(policy => ({ ...policy, effects, rules: policy.rules.map(rule => ({ ...rule, effects })) }));
    const answers = (policies: readonly Policy[]) => [80, 443, 8080].map(port => judge(policies, REFERENCE_PIPELINE, { ...FLOW, port }));
    expect(answers(decorated)).toEqual(['allowed', 'denied', 'denied']);
    expect(answers(decorated)).toEqual(answers(plain));
  });
});
