import { Engine } from '../../../src/analysis/engine/engine';
import { address, allOf, anyOf, EndpointExpr, inNamespace, labelIn } from '../../../src/model/endpoint';
import { evaluate } from '../../../src/model/evaluate';
import { Endpoint } from '../../../src/model/match';
import { NORMAL, Policy, PolicySet, REFERENCE_PIPELINE, Rule } from '../../../src/model/policy-set';
import { ALL_TRAFFIC, portRange } from '../../../src/model/traffic';
import { BY_ADDRESS } from '../../support/models/places';

/** Cases that random small worlds seldom have. */

const allowFrom = (source: EndpointExpr, traffic = ALL_TRAFFIC): Rule => ({ action: 'allow', match: { source, destination: { any: true }, traffic } });

const ingressOf = (subject: EndpointExpr, rules: readonly Rule[]): Policy => ({
  origin: { apiVersion: 'v1', kind: 'policy', name: 'one' }, stage: NORMAL, order: [], mode: 'enforce', direction: 'ingress', subject, isolates: true, rules,
});
const setOf = (...policies: Policy[]): PolicySet => ({ pipeline: REFERENCE_PIPELINE, policies });

const shop: Endpoint = { kind: 'pod', namespace: 'shop', labels: { app: 'web' } };
const http = { protocol: 6, port: 80 };

function expectBoth(set: PolicySet, source: Endpoint, wanted: string): void {
  expect(evaluate(set, { ...http, source, destination: shop }, BY_ADDRESS)).toBe(wanted);
  expect(new Engine(set, BY_ADDRESS).answer(source, shop, http)).toBe(wanted);
}

const many = (count: number): Rule[] => Array.from({ length: count }, (_, i) => allowFrom(labelIn('pod', 'app', `app-${i}`)));

test('a label that may have any of no values is looked up where labels are not known', () => {
  const set = setOf(ingressOf(inNamespace('shop'), [...many(20), allowFrom({ label: 'team', of: 'pod', op: 'in', values: [] })]));
  expectBoth(set, { kind: 'pod', namespace: 'shop', labels: { app: 'other' }, openLabels: ['pod'] }, 'unknown');
  expectBoth(set, { kind: 'pod', namespace: 'shop', labels: { app: 'other', team: 'red' } }, 'denied');
});

test('one rule of thousands is found', () => {
  const set = setOf(ingressOf(inNamespace('shop'), many(5000)));
  expectBoth(set, { kind: 'pod', namespace: 'shop', labels: { app: 'app-4321' } }, 'allowed');
  expectBoth(set, { kind: 'pod', namespace: 'shop', labels: { app: 'app-5000' } }, 'denied');
  expectBoth(set, { kind: 'pod', namespace: 'shop' }, 'unknown');
});

test('one peer of thousands in one rule is found', () => {
  const peers = Array.from({ length: 3000 }, (_, i) => allOf(inNamespace(`ns-${i}`), labelIn('pod', 'app', `app-${i}`)));
  const set = setOf(ingressOf(inNamespace('shop'), [allowFrom(anyOf(...peers, address('10.0.0.0/8'), address('192.0.2.0/24')))]));
  expectBoth(set, { kind: 'pod', namespace: 'ns-2999', labels: { app: 'app-2999' }, addressIn: [] }, 'allowed');
  expectBoth(set, { kind: 'pod', namespace: 'ns-2999', labels: { app: 'app-2998' }, addressIn: [] }, 'denied');
  expectBoth(set, { kind: 'pod', namespace: 'ns-2999', labels: {}, openLabels: ['pod'], addressIn: [] }, 'unknown');
  expectBoth(set, { kind: 'pod', namespace: 'other', labels: {}, address: '192.0.2.7' }, 'allowed');
});

test('one address of thousands of ranges is found, and one that may be in some of them is not known', () => {
  const sets = Array.from({ length: 200 }, (_, i) => allowFrom(anyOf(...Array.from({ length: 20 }, (__, j) => address(`10.${i}.${j}.0/24`))), [portRange('TCP', 80)]));
  const set = setOf(ingressOf(inNamespace('shop'), sets));
  expectBoth(set, { kind: 'external', address: '10.123.7.9' }, 'allowed');
  expectBoth(set, { kind: 'external', address: '10.123.20.9' }, 'denied');
  expectBoth(set, { kind: 'external', addressIn: ['10.123.0.0/16'] }, 'unknown');
  expectBoth(set, { kind: 'external', addressIn: ['10.123.7.128/25'] }, 'allowed');
  expectBoth(set, { kind: 'external', addressIn: ['10.201.0.0/16', '2001:db8::/32'] }, 'denied');
  expectBoth(set, { kind: 'external', addressIn: [] }, 'denied');
  expectBoth(set, { kind: 'external' }, 'unknown');
});

test('a range that several ranges of a rule hold together is not known to match, as the evaluator says', () => {
  const set = setOf(ingressOf(inNamespace('shop'), [allowFrom(anyOf(address('10.0.0.0/9'), address('10.128.0.0/9')))]));
  expectBoth(set, { kind: 'external', addressIn: ['10.0.0.0/8'] }, 'unknown');
  expectBoth(set, { kind: 'external', address: '10.200.0.1' }, 'allowed');
});

test('namespaces are not mistaken for kinds, nor values for keys', () => {
  const set = setOf(ingressOf(inNamespace('pod'), []), ingressOf(labelIn('pod', 'web', 'app'), []), ingressOf(inNamespace('app'), []));
  expectBoth(set, shop, 'allowed');
});

test('endpoints that were not there before are answered as well', () => {
  const engine = new Engine(setOf(ingressOf(inNamespace('shop'), many(3))), BY_ADDRESS);
  engine.know([shop]);
  expect(engine.answer({ kind: 'pod', namespace: 'new', labels: { app: 'app-1' } }, { ...shop }, http)).toBe('allowed');
  expect(engine.answer({ kind: 'pod', namespace: 'new', labels: { app: 'app-9' } }, { ...shop }, http)).toBe('denied');
});
