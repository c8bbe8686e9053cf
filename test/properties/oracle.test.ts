import * as fc from 'fast-check';
import { OWN_CLUSTER } from '../../src/model/endpoint';
import { Answer, evaluate } from '../../src/model/evaluate';
import { Endpoint, Flow } from '../../src/model/match';
import { Direction, DIRECTIONS } from '../../src/model/policy-set';
import { Judged } from '../support/models/compare';
import { asObserved, judgeAt } from '../support/models/oracle';
import {
  BY_ADDRESS, CALICO, CILIUM, inReference, KUBERNETES_ON_CALICO, KUBERNETES_ON_CILIUM, linked, lowered, Place, PLACES, readAll, written,
} from '../support/models/places';
import { runs } from '../support/models/runs';
import { statements } from '../support/models/statements';
import { describeFlow, flowsOf, World, worlds } from '../support/models/worlds';

/**
 * The naive judge reads the manifests by itself, one flow at a time, straight from the reference pages.
 * What a CNI does for a pod's traffic to itself, and for what comes from the pod's own node, is no matter of policies: such flows are left out.
 */
function expectSame(place: Place, judged: Judged, documents: readonly unknown[], world: World): void {
  const { judge } = judgeAt(place, documents, world);
  for (const flow of flowsOf(world, place.probes).filter(({ source, destination }) => source !== destination)) {
    const observed = place.enforcedBy === 'cilium' ? asObserved(judged.set.policies, flow) : flow;
    const sides = judgedSides(place, flow);
    // One side at a time where the other one is no matter of these policies.
    for (const side of sides.length === 2 ? [undefined] : sides) {
      const policies = judged.set.policies.filter(({ direction }) => side === undefined || direction === side);
      const [ours, theirs] = [evaluate({ ...judged.set, policies }, observed, judged.profile), judge(flow, side ? { onlySide: side } : {})];
      if (ours === theirs || (ours === 'unknown' && depends(documents, theirs, flow))) { continue; }
      throw new Error(`${describeFlow(flow)}, ${side ?? 'both sides'}: ${ours}, but the judge says ${theirs}`);
    }
  }
}

/**
 * What a cloud group holds is not known, and the model says so of pods and nodes too, which it never holds. The judge does not tell a request
 * that could be stated from one of a protocol that is known by name only. Whether the pods of a Service are on the network of their nodes, the
 * Service does not say, and the world of the judge has no such pods.
 */
function depends(documents: readonly unknown[], judged: Answer, { source, destination }: Flow): boolean {
  const text = JSON.stringify(documents);
  const nodes = [source, destination].some(({ kind }) => kind === 'node' || kind === 'hostEndpoint');
  return text.includes('Groups') || (nodes && text.includes('"services":')) || (judged === 'partial' && /"(kafka|l7proto)":/.test(text));
}

function judgedSides(place: Place, flow: Flow): readonly Direction[] {
  const others = (side: Direction): [Endpoint, Endpoint] => (side === 'ingress' ? [flow.destination, flow.source] : [flow.source, flow.destination]);
  const sides = DIRECTIONS.filter(side => isJudged(place, side, ...others(side)));
  // Outside there are no policies, so that both sides can be asked at once.
  return sides.length === 1 && others(sides[0])[1].kind === 'external' ? DIRECTIONS : sides;
}

function isJudged({ enforcedBy, target: { features } }: Place, side: Direction, own: Endpoint, other: Endpoint): boolean {
  if (own.kind === 'node') { return enforcedBy === 'cilium' && features?.hostFirewall === true && other.kind !== 'node'; }
  if (own.kind !== 'pod' || (own.cluster !== undefined && own.cluster !== OWN_CLUSTER)) { return false; }
  const ownNode = other.kind === 'node' && other.entities!.includes('host');
  return !ownNode || (side === 'egress' && enforcedBy !== 'kubernetes');
}

describe.each(PLACES)('$name', place => {
  test('the naive judge says of the written manifests what the model says', () => {
    fc.assert(fc.property(place.native, worlds(place.world), (set, world) => {
      expectSame(place, { set: linked(place, set.policies), profile: place.profile }, written(place, set.policies), world);
    }), runs(50));
  });

  test('and what was stated', () => {
    fc.assert(fc.property(statements, worlds(), (stated, world) => {
      const policies = lowered(place, stated);
      fc.pre(policies !== undefined);
      expectSame(place, { set: inReference(stated), profile: BY_ADDRESS }, written(place, policies), world);
    }), runs(40));
  });
});

test.each([
  { name: 'Cilium', own: CILIUM, plain: KUBERNETES_ON_CILIUM },
  { name: 'Calico', own: CALICO, plain: KUBERNETES_ON_CALICO },
])('plain NetworkPolicies and those of $name count together', ({ own, plain }) => {
  fc.assert(fc.property(own.native, plain.native, worlds(), (native, beside, world) => {
    const [documents, plainDocuments] = [written(own, native.policies), written(plain, beside.policies)];
    const set = linked(own, [...readAll(own, documents), ...readAll(plain, plainDocuments)]);
    expectSame(own, { set, profile: own.profile }, [...documents, ...plainDocuments], world);
  }), runs(30));
});
