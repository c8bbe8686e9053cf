import * as fc from 'fast-check';
import { evaluate } from '../../src/model/evaluate';
import { Judged } from '../support/models/compare';
import { asObserved, judgeOf } from '../support/models/oracle';
import {
  BY_ADDRESS, CALICO, CILIUM, inReference, KUBERNETES_ON_CALICO, KUBERNETES_ON_CILIUM, lowered, Place, PLACES, written,
} from '../support/models/places';
import { runs } from '../support/models/runs';
import { statements } from '../support/models/statements';
import { describeFlow, flowsOf, World, worlds } from '../support/models/worlds';

/**
 * The naive judge reads the manifests by itself, one flow at a time, straight from the reference pages.
 * What a CNI does for nodes and for a pod's traffic to itself is no matter of policies, so such flows are left out.
 */
function expectSame(place: Place, judged: Judged, documents: readonly unknown[], world: World): void {
  const { judge } = judgeOf(place.enforcedBy, [...place.beside ?? [], ...documents], world);
  for (const flow of flowsOf(world).filter(({ source, destination }) => source !== destination)) {
    const observed = place.enforcedBy === 'cilium' ? asObserved(judged.set.policies, flow) : flow;
    const [ours, theirs] = [evaluate(judged.set, observed, judged.profile), judge(flow)];
    if (ours !== theirs) { throw new Error(`${describeFlow(flow)}: ${ours}, but the judge says ${theirs}`); }
  }
}

describe.each(PLACES)('$name', place => {
  test('the naive judge says of the written manifests what the model says', () => {
    fc.assert(fc.property(place.native, worlds(), (set, world) => {
      expectSame(place, { set, profile: place.profile }, written(place, set.policies), world);
    }), runs(50));
  });

  test('and what was stated', () => {
    fc.assert(fc.property(statements, worlds(), (stated, world) => {
      const policies = lowered(place, stated);
      fc.pre(policies !== undefined);
      expectSame(place, { set: inReference(stated), profile: BY_ADDRESS }, written(place, policies), world);
    }), runs(50));
  });
});

test.each([
  { name: 'Cilium', own: CILIUM, plain: KUBERNETES_ON_CILIUM },
  { name: 'Calico', own: CALICO, plain: KUBERNETES_ON_CALICO },
])('plain NetworkPolicies and those of $name count together', ({ own, plain }) => {
  fc.assert(fc.property(own.native, plain.native, worlds(), (native, beside, world) => {
    const [documents, plainDocuments] = [written(own, native.policies), written(plain, beside.policies)];
    const read = (place: Place, all: readonly unknown[]) => all.flatMap(document => place.dialect.read(document));
    const set = own.dialect.link([...read(own, documents), ...read(plain, plainDocuments)], own.beside ?? []);
    expectSame(own, { set, profile: own.profile }, [...documents, ...plainDocuments], world);
  }), runs(40));
});
