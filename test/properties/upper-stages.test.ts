import * as fc from 'fast-check';
import { Answer, evaluate } from '../../src/model/evaluate';
import { Flow, Profile } from '../../src/model/match';
import { ADMIN, Pipeline, Policy, REFERENCE_PIPELINE, SECURITY } from '../../src/model/policy-set';
import { BY_ADDRESS, CALICO, CILIUM, enforced, inReference, Place } from '../support/models/places';
import { runs } from '../support/models/runs';
import { statementsOf, upperPolicies } from '../support/models/statements';
import { describeFlow, flowsOf, worlds } from '../support/models/worlds';

/** What a platform team states for the whole cluster holds, whatever the namespaces state. */

const UPPER: Pipeline = [{ ...REFERENCE_PIPELINE[0], stages: REFERENCE_PIPELINE[0].stages.filter(({ id }) => id === SECURITY || id === ADMIN) }];
const isUpper = ({ stage }: Policy): boolean => stage === SECURITY || stage === ADMIN;

/** What the upper stages decide by themselves: `unknown` where they leave it to the stages below. */
function decided(upper: readonly Policy[], flow: Flow, profile: Profile): Answer {
  const [open, closed] = (['allow', 'deny'] as const).map(otherwise => evaluate({ pipeline: [{ ...UPPER[0], otherwise }], policies: upper }, flow, profile));
  return open === 'denied' ? 'denied' : closed === 'allowed' ? 'allowed' : 'unknown';
}

const NAMESPACED = { deny: true, serviceAccounts: true, addresses: true, namedPorts: true };

function expectHeld(upper: readonly Policy[], flows: readonly Flow[], answer: (flow: Flow) => Answer, only: Answer): number {
  let held = 0;
  for (const flow of flows) {
    const expected = decided(upper, flow, BY_ADDRESS);
    if (expected === 'unknown' || (only === 'denied' && expected !== 'denied')) { continue; }
    held++;
    if (answer(flow) !== expected) { throw new Error(`${describeFlow(flow)}: ${expected} by the upper stages, but ${answer(flow)}`); }
  }
  return held;
}

test('nothing that namespaces state opens what the upper stages deny, or closes what they allow', () => {
  let held = 0;
  fc.assert(fc.property(upperPolicies({ upper: 'any' }), statementsOf(NAMESPACED), worlds(), (upper, stated, world) => {
    const set = inReference([...stated, ...upper]);
    held += expectHeld(upper.filter(isUpper), flowsOf(world), flow => evaluate(set, flow, BY_ADDRESS), 'allowed');
  }), runs(150));
  expect(held).toBeGreaterThan(60);
});

test.each<[string, Place, 'deny' | 'any']>([['Calico, which has tiers', CALICO, 'any'], ['Cilium, which has denies only', CILIUM, 'deny']])(
  'nor do the manifests of namespaces, on %s', (_name, place, may) => {
    let held = 0;
    const below = statementsOf(place === CILIUM ? { deny: true } : NAMESPACED);
    fc.assert(fc.property(upperPolicies({ upper: may }), below, worlds(), (upper, stated, world) => {
      const set = enforced(place, [...stated, ...upper])!;
      held += expectHeld(upper.filter(isUpper), flowsOf(world), flow => evaluate(set, flow, place.profile), 'allowed');
    }), runs(60));
    expect(held).toBeGreaterThan(15);
  },
);

test('what security denies no policy of admin opens', () => {
  let held = 0;
  fc.assert(fc.property(upperPolicies({ upper: 'any' }), worlds(), (upper, world) => {
    const security = upper.filter(({ stage }) => stage === SECURITY);
    held += expectHeld(security, flowsOf(world), flow => evaluate(inReference(upper), flow, BY_ADDRESS), 'denied');
  }), runs(100));
  expect(held).toBeGreaterThan(15);
});
