import * as fc from 'fast-check';
import { Counts, expectAgreement } from './worlds/agreement';
import { CALICO_3_30, CILIUM_1_18 } from './worlds/places';
import { runs } from '../../support/models/runs';

test.each([CILIUM_1_18, CALICO_3_30])('$name: the facade says of every flow what the naive judge says', ({ documents, asking, cni }) => {
  const counts = new Counts();
  fc.assert(fc.property(documents({ inner: true }), asking, (world, asked) => { expectAgreement(world, cni, asked, counts); }), runs(60));
  expect(counts.share('denied')).toBeGreaterThan(0.05);
});
