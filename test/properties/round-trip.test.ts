import * as fc from 'fast-check';
import { difference } from '../support/models/compare';
import { linked, PLACES, readAll, throughDocuments, written } from '../support/models/places';
import { runs } from '../support/models/runs';
import { EVERYTHING, flowsOf, worlds } from '../support/models/worlds';

const EVERY_FLOW = flowsOf(EVERYTHING);

describe.each(PLACES)('$name', place => {
  const { native, profile, probes } = place;

  test('reading what was written gives the same answers', () => {
    fc.assert(fc.property(native, worlds(place.world), (set, world) => {
      const [stated, back] = [linked(place, set.policies), throughDocuments(place, set.policies)];
      expect(difference({ set: stated, profile }, { set: back, profile }, flowsOf(world, probes))).toBeUndefined();
    }), runs(150));
  });

  test('on every flow of the whole vocabulary too', () => {
    fc.assert(fc.property(native, set => {
      const [stated, back] = [linked(place, set.policies), throughDocuments(place, set.policies)];
      expect(difference({ set: stated, profile }, { set: back, profile }, EVERY_FLOW)).toBeUndefined();
    }), runs(4));
  });

  test('writing what was read settles on the same documents', () => {
    fc.assert(fc.property(native, set => {
      // The tiers of Calico say who isolates; everything else that is linked is no longer what was written.
      const again = (documents: readonly unknown[]) => {
        const policies = readAll(place, documents);
        const { policies: inTiers } = linked(place, policies);
        return written(place, policies.map((policy, i) => ({ ...policy, isolates: inTiers[i].isolates })));
      };
      const first = written(place, set.policies);
      const second = again(first);
      // Where a field says what another one implies, the reader may add it once.
      if (place.enforcedBy !== 'calico') { expect(second).toEqual(first); }
      expect(again(second)).toEqual(second);
    }), runs(80));
  });
});
