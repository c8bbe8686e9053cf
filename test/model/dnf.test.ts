import * as fc from 'fast-check';
import { Conjunction, disjunction, exprOf, exprOfAll } from '../../src/model/dnf';
import { address, allOf, ANY, anyOf, EndpointExpr, EXTERNAL, inNamespace, labelIn, NONE, not, POD } from '../../src/model/endpoint';
import { matchesEndpoint } from '../../src/model/match';
import { expressions, forget, forgotten } from '../support/models/expressions';
import { BY_ADDRESS } from '../support/models/places';
import { runs } from '../support/models/runs';
import { EVERYTHING, HOST_ENDPOINT, nodeOf } from '../support/models/worlds';

const ENDPOINTS = [...EVERYTHING, nodeOf(0), nodeOf(1), HOST_ENDPOINT];
const APP = labelIn('pod', 'app', 'web');
const TIER = labelIn('pod', 'tier', 'front');

const show = (conjunctions: readonly Conjunction[]): string =>
  conjunctions.map(literals => literals.map(({ atom, negated }) => `${negated ? '!' : ''}${Object.values(atom).flat().join(':')}`).join(' ')).join(' | ');

describe('a disjunction', () => {
  test('means what the expression means, for every endpoint of which everything is known', () => {
    fc.assert(fc.property(expressions, expr => {
      const again = exprOfAll(disjunction(expr));
      for (const endpoint of ENDPOINTS) { expect(matchesEndpoint(again, endpoint, BY_ADDRESS)).toBe(matchesEndpoint(expr, endpoint, BY_ADDRESS)); }
    }), runs(300));
  });

  test('does not contradict the expression where facts are missing', () => {
    fc.assert(fc.property(expressions, fc.constantFrom(...ENDPOINTS), forgotten, (expr, endpoint, facts) => {
      const truth = matchesEndpoint(expr, endpoint, BY_ADDRESS);
      expect([1, truth]).toContain(matchesEndpoint(exprOfAll(disjunction(expr)), forget(endpoint, facts), BY_ADDRESS));
    }), runs(500));
  });

  test('of a negation is that of the opposite', () => {
    fc.assert(fc.property(expressions, expr => {
      const opposite = exprOfAll(disjunction({ not: expr }));
      for (const endpoint of ENDPOINTS) {
        expect(matchesEndpoint(opposite, endpoint, BY_ADDRESS)).toBe(2 - matchesEndpoint(expr, endpoint, BY_ADDRESS));
      }
    }), runs(200));
  });

  test.each<[string, EndpointExpr, string]>([
    ['anything is one conjunction without literals', ANY, ''],
    ['an AND is one conjunction', allOf(POD, APP, TIER), 'pod app:pod:in:web tier:pod:in:front'],
    ['an OR is one conjunction each', anyOf(APP, TIER), 'app:pod:in:web | tier:pod:in:front'],
    ['an OR inside an AND is multiplied out', { allOf: [POD, { anyOf: [APP, TIER] }] }, 'pod app:pod:in:web | pod tier:pod:in:front'],
    ['a negated AND is an OR of negations', not({ allOf: [APP, TIER] }), '!app:pod:in:web | !tier:pod:in:front'],
    ['a negated OR is an AND of negations', not({ anyOf: [APP, TIER] }), '!app:pod:in:web !tier:pod:in:front'],
    ['two negations are none', { not: { not: APP } }, 'app:pod:in:web'],
    ['a literal stands once', { allOf: [APP, POD, APP] }, 'app:pod:in:web pod'],
    ['an AND with nothing in it is anything', { allOf: [] }, ''],
    ['two values of one label are no contradiction, since nothing says that they exclude each other', allOf(APP, labelIn('pod', 'app', 'api')), 'app:pod:in:web app:pod:in:api'],
    ['ranges are no contradiction', allOf(address('10.0.0.0/8'), address('11.0.0.0/8')), '10.0.0.0/8 11.0.0.0/8'],
  ])('%s', (_name, expr, expected) => {
    expect(disjunction(expr)).toHaveLength(expected.split('|').length);
    expect(show(disjunction(expr))).toBe(expected);
  });

  test.each<[string, EndpointExpr]>([
    ['nothing', NONE],
    ['not anything', { not: ANY }],
    ['an OR with nothing in it', { anyOf: [] }],
    ['an atom beside its negation', allOf(APP, not(APP))],
    ['two kinds', allOf(POD, EXTERNAL)],
    ['two namespaces', allOf(inNamespace('shop'), inNamespace('data'))],
    ['a contradiction in each alternative', { allOf: [{ anyOf: [APP, TIER] }, { not: APP }, { not: TIER }] }],
    ['an AND with nothing', { allOf: [APP, { anyOf: [] }] }],
  ])('has no conjunction for %s', (_name, expr) => {
    expect(disjunction(expr)).toEqual([]);
  });

  test('keeps two references apart from two namespaces', () => {
    expect(disjunction(allOf({ ref: 'service', namespace: 'a', name: 'x' }, { ref: 'service', namespace: 'b', name: 'x' }))).toHaveLength(1);
  });

  test('of more than 1024 conjunctions is an error, quickly', () => {
    const pairs = Array.from({ length: 40 }, (_, i) => ({ anyOf: [labelIn('pod', 'a', `${i}`), labelIn('pod', 'b', `${i}`)] }));
    expect(disjunction({ allOf: pairs.slice(0, 10) })).toHaveLength(1024);
    expect(() => disjunction({ allOf: pairs.slice(0, 11) })).toThrow('a peer whose parts combine to 2048 alternatives is too large (at most 1024); state several smaller ones');
    expect(() => disjunction({ allOf: pairs })).toThrow('is too large');
    expect(() => disjunction({ not: { anyOf: pairs.map(pair => ({ not: pair })) } })).toThrow('is too large');
    expect(() => disjunction({ anyOf: Array.from({ length: 1025 }, (_, i) => labelIn('pod', 'a', `${i}`)) })).not.toThrow();
  });
});

test('the way back uses no wrapper that it does not need', () => {
  expect(exprOf([])).toBe(ANY);
  expect(exprOfAll([])).toBe(NONE);
  expect(exprOfAll([[]])).toBe(ANY);
  for (const expr of [APP, not(APP), allOf(POD, APP), anyOf(APP, allOf(POD, not(TIER)))]) { expect(exprOfAll(disjunction(expr))).toEqual(expr); }
});
