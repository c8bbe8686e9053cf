import {
  address, allOf, ANY, anyOf, EndpointExpr, inNamespace, labelExists, labelIn, LabelRequirement, NONE, not, POD, selectorExpr,
} from '../../src/model/endpoint';
import { Endpoint, matchesEndpoint, NO, YES } from '../../src/model/match';

const APP = labelIn('pod', 'app', 'web');
const TIER = labelIn('pod', 'tier', 'front');

test.each<[string, EndpointExpr, EndpointExpr]>([
  ['AND of nothing is anything', allOf(), ANY],
  ['AND of one is that one', allOf(APP), APP],
  ['AND leaves out anything', allOf(ANY, APP, ANY), APP],
  ['AND with nothing is nothing', allOf(APP, NONE, TIER), NONE],
  ['AND of ANDs is one AND', allOf(allOf(POD, APP), TIER), { allOf: [POD, APP, TIER] }],
  ['AND keeps an OR', allOf(POD, anyOf(APP, TIER)), { allOf: [POD, { anyOf: [APP, TIER] }] }],
  ['OR of nothing is nothing', anyOf(), NONE],
  ['OR of one is that one', anyOf(APP), APP],
  ['OR leaves out nothing', anyOf(NONE, APP, NONE), APP],
  ['OR with anything is anything', anyOf(APP, ANY, TIER), ANY],
  ['OR of ORs is one OR', anyOf(anyOf(POD, APP), TIER), { anyOf: [POD, APP, TIER] }],
  ['NOT anything is nothing', not(ANY), NONE],
  ['NOT nothing is anything', not(NONE), ANY],
  ['NOT NOT is none', not(not(APP)), APP],
  ['NOT an atom', not(APP), { not: APP }],
])('%s', (_name, built, expected) => {
  expect(built).toEqual(expected);
});

test('the makers of atoms say what they are', () => {
  expect([inNamespace('shop'), labelExists('namespace', 'team'), address('10.0.0.0/8'), address('10.0.0.0/8', ['10.1.0.0/16'])]).toEqual([
    { namespace: 'shop' },
    { label: 'team', of: 'namespace', op: 'exists', values: [] },
    { cidr: '10.0.0.0/8', except: [] },
    { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] },
  ]);
});

describe('a label selector', () => {
  const pod = (labels: Record<string, string>): Endpoint => ({ kind: 'pod', labels });
  const matches = (requirement: LabelRequirement, labels: Record<string, string>) =>
    matchesEndpoint(selectorExpr('pod', { matchExpressions: [requirement] }), pod(labels), { cidrMatches: [] });

  test.each<[LabelRequirement['operator'], string[] | undefined, number, number, number]>([
    // operator, values, of app: web, of app: db, without app
    ['In', ['web', 'api'], YES, NO, NO],
    ['NotIn', ['web', 'api'], NO, YES, YES],
    ['Exists', undefined, YES, YES, NO],
    ['DoesNotExist', undefined, NO, NO, YES],
    ['In', undefined, NO, NO, NO],
  ])('%s %j: %d for a value of the list, %d for another one, %d where the label is absent', (operator, values, web, db, absent) => {
    const requirement = { key: 'app', operator, ...(values ? { values } : {}) };
    const pods: Record<string, string>[] = [{ app: 'web' }, { app: 'db' }, { other: 'web' }];
    expect(pods.map(labels => matches(requirement, labels))).toEqual([web, db, absent]);
  });

  test('needs all of its requirements', () => {
    expect(selectorExpr('namespace', { matchLabels: { a: '1', b: '2' }, matchExpressions: [{ key: 'c', operator: 'Exists' }] })).toEqual({
      allOf: [labelIn('namespace', 'a', '1'), labelIn('namespace', 'b', '2'), labelExists('namespace', 'c')],
    });
  });

  test('that is empty or absent selects everything', () => {
    expect([selectorExpr('pod', {}), selectorExpr('pod', undefined), selectorExpr('pod', { matchLabels: {}, matchExpressions: [] })]).toEqual([ANY, ANY, ANY]);
  });

  test('with an operator that does not exist is an error', () => {
    const requirement = { key: 'app', operator: 'Gt', values: ['1'] } as unknown as LabelRequirement;
    expect(() => selectorExpr('pod', { matchExpressions: [requirement] })).toThrow('unknown label operator "Gt" for "app"; use In, NotIn, Exists or DoesNotExist');
  });
});
