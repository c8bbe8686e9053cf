import * as fc from 'fast-check';
import { Flow } from '../../src/model/match';
import { Policy, PolicySet } from '../../src/model/policy-set';
import { difference } from '../support/models/compare';
import { BY_ADDRESS, enforced, inReference, PLACES, probesOf } from '../support/models/places';
import { runs } from '../support/models/runs';
import { statements, statementsOf } from '../support/models/statements';
import { EVERYTHING, flowsOf, worlds } from '../support/models/worlds';

// No world here has a node: what a CNI does for nodes on its own is its profile's affair.
const EVERY_FLOW = flowsOf(EVERYTHING);

describe.each(PLACES)('$name', place => {
  const meansTheSame = (stated: readonly Policy[], set: PolicySet, flows: readonly Flow[]) =>
    expect(difference({ set: inReference(stated), profile: BY_ADDRESS }, { set, profile: place.profile }, flows)).toBeUndefined();

  test('a statement is refused, or what is written means the same', () => {
    let [all, written] = [0, 0];
    fc.assert(fc.property(statements, worlds(), (stated, world) => {
      const set = enforced(place, stated);
      all++;
      if (!set) { return; }
      written++;
      meansTheSame(stated, set, flowsOf(world, probesOf(stated)));
    }), runs(140));
    expect(written).toBeGreaterThanOrEqual(all / 3);
  });

  test('what the dialect has words for is never refused, and means the same', () => {
    fc.assert(fc.property(statementsOf(place.expresses), worlds(), (stated, world) => {
      meansTheSame(stated, enforced(place, stated)!, flowsOf(world, probesOf(stated)));
    }), runs(100));
  });

  test('on every flow of the whole vocabulary too', () => {
    fc.assert(fc.property(statementsOf(place.expresses), stated => {
      meansTheSame(stated, enforced(place, stated)!, EVERY_FLOW);
    }), runs(4));
  });
});
