import * as fc from 'fast-check';
import { anySet, everyFlow, withFactsRemoved } from './support';
import { Engine } from '../../../src/analysis/engine/engine';
import { evaluate, traceSide } from '../../../src/model/evaluate';
import { Profile } from '../../../src/model/match';
import { DIRECTIONS, PolicySet } from '../../../src/model/policy-set';
import { BY_ADDRESS, inReference, linked, PLACES, readAll, written } from '../../support/models/places';
import { runs } from '../../support/models/runs';
import { statements } from '../../support/models/statements';
import { describeFlow, World, worlds } from '../../support/models/worlds';

/** Of any flow the engine says what the evaluator says. */
function expectSame(set: PolicySet, profile: Profile, world: World): void {
  const engine = new Engine(set, profile);
  for (const flow of everyFlow(world)) {
    const { source, destination, ...traffic } = flow;
    const [fast, right] = [engine.answer(source, destination, traffic), evaluate(set, flow, profile)];
    if (fast !== right) { throw new Error(`${describeFlow(flow)}: ${fast}, but the evaluator says ${right}`); }
    for (const direction of DIRECTIONS) {
      const [side, rightSide] = [engine.side(direction, source, destination, traffic), traceSide(set, direction, flow, profile).answer];
      if (side !== rightSide) { throw new Error(`${describeFlow(flow)}, ${direction}: ${side}, but the evaluator says ${rightSide}`); }
    }
  }
}

const EVERY_KIND = { nodes: true, hosts: true, mesh: true };

describe.each(PLACES)('$name', place => {
  test('the engine answers as the evaluator does, also where facts are missing', () => {
    fc.assert(fc.property(place.native, worlds(place.world).chain(withFactsRemoved), (set, world) => {
      expectSame(linked(place, readAll(place, written(place, set.policies))), place.profile, world);
    }), runs(25));
  });

  test('and so it does for many policies together', () => {
    const together = fc.array(place.native, { minLength: 6, maxLength: 10 });
    fc.assert(fc.property(together, worlds(place.world).chain(withFactsRemoved), (sets, world) => {
      expectSame(linked(place, sets.flatMap(({ policies }) => readAll(place, written(place, policies)))), place.profile, world);
    }), runs(4));
  });
});

test('the engine answers as the evaluator does for whatever can be stated', () => {
  fc.assert(fc.property(statements, worlds(EVERY_KIND).chain(withFactsRemoved), (stated, world) => {
    expectSame(inReference(stated), BY_ADDRESS, world);
  }), runs(30));
});

test.each([
  { where: 'ranges match whoever holds the address', profile: BY_ADDRESS },
  { where: 'ranges match what is outside', profile: { cidrMatches: ['external' as const] } },
])('the engine answers as the evaluator does for whatever the model can say, where $where', ({ profile }) => {
  fc.assert(fc.property(anySet, worlds(EVERY_KIND).chain(withFactsRemoved), (set, world) => {
    expectSame(set, profile, world);
  }), runs(60));
});
