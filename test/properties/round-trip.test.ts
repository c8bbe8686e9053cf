import * as fc from 'fast-check';
import { difference } from '../support/models/compare';
import { CALICO, PLACES, throughDocuments, written } from '../support/models/places';
import { runs } from '../support/models/runs';
import { EVERYTHING, flowsOf, worlds } from '../support/models/worlds';

const EVERY_FLOW = flowsOf(EVERYTHING);

describe.each(PLACES)('$name', place => {
  const { native, profile } = place;

  test('reading what was written gives the same answers', () => {
    fc.assert(fc.property(native, worlds({ nodes: true }), (set, world) => {
      const back = throughDocuments(place, set.policies);
      expect(difference({ set, profile }, { set: back, profile }, flowsOf(world))).toBeUndefined();
    }), runs(200));
  });

  test('on every flow of the whole vocabulary too', () => {
    fc.assert(fc.property(native, set => {
      expect(difference({ set, profile }, { set: throughDocuments(place, set.policies), profile }, EVERY_FLOW)).toBeUndefined();
    }), runs(6));
  });

  test('writing what was read settles on the same documents', () => {
    fc.assert(fc.property(native, set => {
      const again = (documents: readonly unknown[]) => {
        const policies = documents.flatMap(document => place.dialect.read(document));
        // The tiers say who isolates.
        return written(place, place === CALICO ? place.dialect.link(policies, place.beside!).policies : policies);
      };
      const first = written(place, set.policies);
      const second = again(first);
      // Where a field says what another one implies, the reader may add it once.
      if (place !== CALICO) { expect(second).toEqual(first); }
      expect(again(second)).toEqual(second);
    }), runs(100));
  });
});
