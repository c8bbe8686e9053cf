import * as fc from 'fast-check';
import { anySet, withFactsRemoved } from './support';
import { AddressRange, Engine } from '../../../src/analysis/engine/engine';
import { positionOf } from '../../../src/analysis/engine/positions';
import { evaluate, traceSide } from '../../../src/model/evaluate';
import { Endpoint } from '../../../src/model/match';
import { DIRECTIONS } from '../../../src/model/policy-set';
import { PROTOCOL_NUMBERS } from '../../../src/model/traffic';
import { BY_ADDRESS, EVERY_PROBE } from '../../support/models/places';
import { runs } from '../../support/models/runs';
import { World, worlds } from '../../support/models/worlds';

/** What connections are listed from: who may be a peer, and where along ports and addresses answers change. */

const someWorld: fc.Arbitrary<World> = worlds({ nodes: true, hosts: true, mesh: true }).chain(withFactsRemoved);

test('who is no candidate fares as the default says, whatever travels', () => {
  fc.assert(fc.property(anySet, someWorld, (set, world) => {
    const engine = new Engine(set, BY_ADDRESS);
    engine.know(world);
    for (const own of world.map(endpoint => engine.compile(endpoint))) {
      for (const direction of DIRECTIONS) {
        const candidates = new Set(engine.candidates(direction, own).map(({ endpoint }) => endpoint));
        for (const peer of world.filter(endpoint => !candidates.has(endpoint))) {
          const [source, destination] = direction === 'ingress' ? [peer, own.endpoint] : [own.endpoint, peer];
          for (const probe of EVERY_PROBE) {
            expect(traceSide(set, direction, { ...probe, source, destination }, BY_ADDRESS).answer).toBe(engine.defaultAnswer(direction, own));
          }
        }
      }
    }
  }), runs(40));
});

test('candidates are those alone that a rule can match', () => {
  const allow = (app: string) => ({
    action: 'allow' as const,
    match: { source: { label: 'app', of: 'pod' as const, op: 'in' as const, values: [app] }, destination: { any: true as const }, traffic: [] },
  });
  const policy = { origin: { apiVersion: 'v1', kind: 'policy', name: 'one' }, order: [], mode: 'enforce' as const, direction: 'ingress' as const, isolates: true };
  const engine = new Engine({
    pipeline: [{ name: 'network', otherwise: 'allow', stages: [{ id: 'only', combine: 'deny-overrides' }] }],
    policies: [{ ...policy, stage: 'only', subject: { namespace: 'shop' }, rules: [allow('web'), allow('api')] }],
  }, BY_ADDRESS);
  const pod = (app: string): Endpoint => ({ kind: 'pod', namespace: 'shop', labels: { app } });
  const [web, api, other, open] = [pod('web'), pod('api'), pod('db'), { ...pod('db'), labels: {}, openLabels: ['pod' as const] }];
  engine.know([other, web, open, api]);

  expect(engine.candidates('ingress', engine.compile(web)).map(({ endpoint }) => endpoint)).toEqual([web, open, api]);
  expect(engine.candidates('egress', engine.compile(web))).toEqual([]);
  expect(engine.defaultAnswer('ingress', engine.compile(web))).toBe('denied');
  expect(engine.defaultAnswer('egress', engine.compile(web))).toBe('allowed');
  expect(engine.defaultAnswer('ingress', engine.compile({ ...web, namespace: 'data' }))).toBe('allowed');
});

test('between two port cuts all ports fare alike', () => {
  const near = fc.constantFrom(1, 52, 53, 54, 80, 81, 8080, 8081, 8090, 8091, 9090, 65535);
  const ports = fc.array(fc.oneof(fc.integer({ min: 1, max: 65535 }), near), { minLength: 20, maxLength: 20 });
  fc.assert(fc.property(anySet, someWorld, ports, (set, world, some) => {
    const engine = new Engine(set, BY_ADDRESS);
    const [source, destination] = [world[0], world[world.length - 1]];
    for (const protocol of ['TCP', 'UDP', 'SCTP'] as const) {
      const answers = engine.portAnswers(engine.compile(source), engine.compile(destination), protocol);
      expect([answers[0].first, answers[answers.length - 1].last]).toEqual([1, 65535]);
      for (const port of some) {
        const { answer } = answers.find(({ first, last }) => port >= first && port <= last)!;
        expect(answer).toBe(evaluate(set, { source, destination, protocol: PROTOCOL_NUMBERS[protocol], port }, BY_ADDRESS));
      }
    }
  }), runs(40));
});

const external = (address: string): Endpoint => ({ kind: 'external', address, names: [], entities: ['all', 'world'] });

test('between two address cuts all addresses fare alike', () => {
  const near = fc.constantFrom('10.1.255.255', '203.0.113.63', '203.0.113.64', '203.0.113.127', '203.0.113.128', '2001:db8::9', 'fd00::1');
  const addresses = fc.array(fc.oneof(fc.ipV4(), near), { minLength: 15, maxLength: 15 });
  fc.assert(fc.property(anySet, someWorld, addresses, (set, [own], some) => {
    const engine = new Engine(set, BY_ADDRESS);
    const probe = { protocol: 6, port: 80 };
    for (const cuts of [engine.addressCuts('egress'), engine.addressCuts('egress', engine.compile(own))]) {
      for (const address of some) {
        const range = cuts.find(({ first, last }) => holds({ first, last }, address))!;
        const [all, one] = [range.first, address].map(each => traceSide(set, 'egress', { ...probe, source: own, destination: external(each) }, BY_ADDRESS).answer);
        expect(one).toBe(all);
      }
    }
  }), runs(40));
});

const holds = ({ first, last }: AddressRange, address: string): boolean =>
  positionOf(first) <= positionOf(address) && positionOf(address) <= positionOf(last);

test('address cuts hold every address of both families once, in order', () => {
  const cidr = (text: string, ...except: string[]) => ({
    action: 'allow' as const, match: { source: { cidr: text, except }, destination: { any: true as const }, traffic: [] },
  });
  const engine = new Engine({
    pipeline: [],
    policies: [{
      origin: { apiVersion: 'v1', kind: 'policy', name: 'one' },
      stage: 'only',
      order: [],
      mode: 'enforce',
      direction: 'ingress',
      subject: { any: true },
      isolates: true,
      rules: [cidr('10.0.0.0/8', '10.1.0.0/16'), cidr('2001:db8::/32'), cidr('255.255.255.0/24')],
    }],
  }, BY_ADDRESS);

  expect(engine.addressCuts('ingress')).toEqual([
    { first: '0.0.0.0', last: '9.255.255.255' },
    { first: '10.0.0.0', last: '10.0.255.255' },
    { first: '10.1.0.0', last: '10.1.255.255' },
    { first: '10.2.0.0', last: '10.255.255.255' },
    { first: '11.0.0.0', last: '255.255.254.255' },
    { first: '255.255.255.0', last: '255.255.255.255' },
    { first: '::', last: '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff' },
    { first: '2001:db8::', last: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff' },
    { first: '2001:db9::', last: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' },
  ]);
  expect(engine.addressCuts('egress')).toHaveLength(2);
});
