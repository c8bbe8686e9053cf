import * as fc from 'fast-check';
import { difference } from '../support/models/compare';
import { BY_ADDRESS, enforced, inReference, PLACES } from '../support/models/places';
import { runs } from '../support/models/runs';
import { statements, statementsOf } from '../support/models/statements';
import { EVERYTHING, flowsOf, worlds } from '../support/models/worlds';

// No world here has a node: what a CNI does for nodes on its own is its profile's affair.
const EVERY_FLOW = flowsOf(EVERYTHING);
const RUNS = 250;

describe.each(PLACES)('$name', place => {
  test('a statement is refused, or what is written means the same', () => {
    let [all, written] = [0, 0];
    fc.assert(fc.property(statements, worlds(), (stated, world) => {
      const set = enforced(place, stated);
      all++;
      if (!set) { return; }
      written++;
      expect(difference({ set: inReference(stated), profile: BY_ADDRESS }, { set, profile: place.profile }, flowsOf(world))).toBeUndefined();
    }), runs(RUNS));
    expect(written).toBeGreaterThanOrEqual(all / 3);
  });

  test('on every flow of the whole vocabulary too', () => {
    fc.assert(fc.property(statements, stated => {
      const set = enforced(place, stated);
      fc.pre(set !== undefined);
      expect(difference({ set: inReference(stated), profile: BY_ADDRESS }, { set, profile: place.profile }, EVERY_FLOW)).toBeUndefined();
    }), runs(6));
  });

  test('statements of pods by labels, addresses outside and port numbers are seldom refused', () => {
    let [all, written] = [0, 0];
    fc.assert(fc.property(statementsOf({}), stated => {
      all++;
      if (enforced(place, stated)) { written++; }
    }), runs(100));
    expect(written).toBeGreaterThanOrEqual(all * 0.9);
  });
});
