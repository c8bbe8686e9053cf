import * as fc from 'fast-check';
import { evaluate } from '../../src/model/evaluate';
import { Flow, Profile } from '../../src/model/match';
import { Policy, PolicySet } from '../../src/model/policy-set';
import { closes, difference, opens } from '../support/models/compare';
import { BY_ADDRESS, CALICO, CALICO_3_30, CILIUM, CILIUM_1_18, enforced, inReference, Place, PLACES, probesOf } from '../support/models/places';
import { runs } from '../support/models/runs';
import { ruleStatements, statements } from '../support/models/statements';
import { describeFlow, flowsOf, worlds } from '../support/models/worlds';

const NEWEST = PLACES.filter(place => place !== CILIUM_1_18 && place !== CALICO_3_30);
const pairOf = (one: Place, other: Place) => ({ name: `${one.name} and ${other.name}`, one, other });
const PAIRS = [
  ...NEWEST.flatMap((one, i) => NEWEST.slice(i + 1).map(other => pairOf(one, other))),
  pairOf(CILIUM_1_18, CILIUM), pairOf(CALICO_3_30, CALICO), pairOf(CILIUM_1_18, CALICO_3_30),
];

test.each(PAIRS)('$name agree on every flow wherever both express a statement', ({ one, other }) => {
  let [all, both] = [0, 0];
  fc.assert(fc.property(statements, worlds(), (stated, world) => {
    const [first, second] = [enforced(one, stated), enforced(other, stated)];
    all++;
    if (!first || !second) { return; }
    both++;
    const [here, there] = [{ set: first, profile: one.profile }, { set: second, profile: other.profile }];
    expect(difference(here, there, flowsOf(world, probesOf(stated)))).toBeUndefined();
  }), runs(120));
  expect(both).toBeGreaterThanOrEqual(all / 4);
});

/** The statements, and once more with a rule added to one of the policies that `mayHave` it. */
function grown(action: 'allow' | 'deny', mayHave: (policy: Policy) => boolean): fc.Arbitrary<{ before: Policy[]; after: Policy[] }> {
  return statements.filter(stated => stated.some(mayHave)).chain(before => {
    const candidates = before.filter(mayHave);
    return fc.constantFrom(...candidates).chain(chosen => ruleStatements(action, chosen.direction).map(rule => ({
      before,
      after: before.map(policy => (policy === chosen ? { ...policy, rules: [...policy.rules, rule] } : policy)),
    })));
  });
}

interface Meaning {
  readonly name: string;
  readonly profile: Profile;
  readonly set: (stated: readonly Policy[]) => PolicySet | undefined;
}

const everywhere: readonly Meaning[] = [
  { name: 'reference', profile: BY_ADDRESS, set: inReference },
  ...PLACES.map((place): Meaning => ({ name: place.name, profile: place.profile, set: stated => enforced(place, stated) })),
];

describe.each(everywhere)('$name', ({ profile, set }) => {
  function expectNever(forbidden: typeof opens, before: readonly Policy[], after: readonly Policy[], flows: readonly Flow[]): void {
    const [first, second] = [set(before), set(after)];
    if (!first || !second) { return; }
    const found = flows.find(flow => forbidden(evaluate(first, flow, profile), evaluate(second, flow, profile)));
    expect(found && describeFlow(found)).toBeUndefined();
  }

  test('an allow rule added to a policy that already isolates that direction never closes a flow', () => {
    fc.assert(fc.property(grown('allow', ({ isolates }) => isolates), worlds(), ({ before, after }, world) => {
      expectNever(closes, before, after, flowsOf(world));
    }), runs(100));
  });

  test('a deny rule added never opens a flow', () => {
    fc.assert(fc.property(grown('deny', () => true), worlds(), ({ before, after }, world) => {
      expectNever(opens, before, after, flowsOf(world));
    }), runs(100));
  });
});

