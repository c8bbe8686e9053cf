import * as fc from 'fast-check';
import { evaluate } from '../../src/model/evaluate';
import { Policy, PolicySet } from '../../src/model/policy-set';
import { asObserved, judgeOf } from '../support/models/oracle';
import { BY_ADDRESS, inReference, lowered, Place, PLACES, written } from '../support/models/places';
import { runs } from '../support/models/runs';
import { statements } from '../support/models/statements';
import { describeFlow, flowsOf, World, worlds } from '../support/models/worlds';

/**
 * The naive judge reads the manifests by itself, one flow at a time, straight from the reference pages.
 * What a CNI does for nodes and for a pod's traffic to itself is no matter of policies, so such flows are left out.
 */
function expectSame(place: Place, set: PolicySet, profile: Place['profile'], policies: readonly Policy[], world: World): void {
  const { judge } = judgeOf(place.enforcedBy, [...place.beside ?? [], ...written(place, policies)], world);
  const differing = flowsOf(world).filter(({ source, destination }) => source !== destination).find(flow => {
    const observed = place.enforcedBy === 'cilium' ? asObserved(policies, flow) : flow;
    return evaluate(set, observed, profile) !== judge(flow);
  });
  if (differing) { throw new Error(`${describeFlow(differing)}: ${evaluate(set, differing, profile)}, but the judge says ${judge(differing)}`); }
}

describe.each(PLACES)('$name', place => {
  test('the naive judge says of the written manifests what the model says', () => {
    fc.assert(fc.property(place.native, worlds(), (set, world) => {
      expectSame(place, set, place.profile, set.policies, world);
    }), runs(60));
  });

  test('and what was stated', () => {
    fc.assert(fc.property(statements, worlds(), (stated, world) => {
      const policies = lowered(place, stated);
      fc.pre(policies !== undefined);
      expectSame(place, inReference(stated), BY_ADDRESS, policies, world);
    }), runs(60));
  });
});

