import * as fc from 'fast-check';
import { difference } from '../support/models/compare';
import { PLACES, throughDocuments } from '../support/models/places';
import { EVERYTHING, flowsOf, worlds } from '../support/models/worlds';

const EVERY_FLOW = flowsOf(EVERYTHING);

describe.each(PLACES)('$name', place => {
  const { native, profile } = place;

  test('reading what was written gives the same answers', () => {
    fc.assert(fc.property(native, worlds({ nodes: true }), (set, world) => {
      const back = throughDocuments(place, set.policies);
      expect(difference({ set, profile }, { set: back, profile }, flowsOf(world))).toBeUndefined();
    }), { numRuns: 200 });
  });

  test('on every flow of the whole vocabulary too', () => {
    fc.assert(fc.property(native, set => {
      expect(difference({ set, profile }, { set: throughDocuments(place, set.policies), profile }, EVERY_FLOW)).toBeUndefined();
    }), { numRuns: 6 });
  });

  test('writing what was read gives the same documents', () => {
    fc.assert(fc.property(native, set => {
      const written = place.dialect.write(set.policies, place.target);
      const again = place.dialect.write(throughDocuments(place, set.policies).policies, place.target);
      expect(again).toEqual(written);
    }), { numRuns: 100 });
  });
});
