import * as fc from 'fast-check';
import {
  BY_ADDRESS, CILIUM, judgeOf, linked, native, OUTSIDE_ONLY, readAll, STANDARD, STANDARD_V1ALPHA1, statements, V1ALPHA1, V1ALPHA2, written,
} from './support';
import { clusterNetworkPolicy } from '../../../src/dialects/cluster-network-policy';
import { Refusal, Target } from '../../../src/dialects/dialect';
import { checkFields } from '../../../src/dialects/field-tree';
import { kubernetes } from '../../../src/dialects/kubernetes';
import { evaluate } from '../../../src/model/evaluate';
import { Flow, Profile } from '../../../src/model/match';
import { Policy, REFERENCE_PIPELINE } from '../../../src/model/policy-set';
import { difference } from '../../support/models/compare';
import { nativeKubernetes } from '../../support/models/native-kubernetes';
import { runs } from '../../support/models/runs';
import { describeFlow, flowsOf, World, worlds } from '../../support/models/worlds';

const inReference = (policies: readonly Policy[]) => ({ pipeline: REFERENCE_PIPELINE, policies });

const PLACES: readonly { readonly name: string; readonly target: Target; readonly profile: Profile }[] = [
  { name: 'v1alpha2, experimental channel', target: V1ALPHA2, profile: BY_ADDRESS },
  { name: 'v1alpha2, standard channel', target: STANDARD, profile: BY_ADDRESS },
  { name: 'v1alpha1, experimental channel', target: V1ALPHA1, profile: BY_ADDRESS },
  { name: 'v1alpha1, standard channel', target: STANDARD_V1ALPHA1, profile: BY_ADDRESS },
  { name: 'Cilium', target: CILIUM, profile: OUTSIDE_ONLY },
];

describe.each(PLACES)('$name', ({ target, profile }) => {
  test('reading what was written gives the same answers', () => {
    const answers = { allowed: 0, denied: 0, partial: 0, unknown: 0 };
    fc.assert(fc.property(native(target), worlds({ nodes: true }), (policies, world) => {
      const documents = written(policies, target);
      for (const document of documents) { expect(checkFields(clusterNetworkPolicy.fields[document.kind], document)).toEqual([]); }
      const [set, back] = [inReference(policies), linked(documents)];
      expect(difference({ set, profile }, { set: back, profile }, flowsOf(world))).toBeUndefined();
      for (const flow of flowsOf(world).slice(0, 50)) { answers[evaluate(back, flow, profile)]++; }
    }), runs(100));
    // The cases say something.
    expect(Math.min(answers.allowed, answers.denied)).toBeGreaterThan(200);
    expect([answers.partial, answers.unknown]).toEqual([0, 0]);
  });

  test('writing what was read gives the same documents', () => {
    fc.assert(fc.property(native(target), policies => {
      const documents = written(policies, target);
      expect(written(readAll(documents), target)).toEqual(documents.filter(({ spec }) => spec?.ingress || spec?.egress));
    }), runs(100));
  });

  test('what is stated is enforced, or refused', () => {
    let enforced = 0;
    fc.assert(fc.property(statements(target), worlds(), (stated, world) => {
      const documents = loweredTo(stated, target);
      if (!documents) { return; }
      enforced++;
      expect(difference({ set: inReference(stated), profile: BY_ADDRESS }, { set: linked(documents), profile }, flowsOf(world))).toBeUndefined();
    }), runs(150));
    expect(enforced).toBeGreaterThan(8);
  });
});

function loweredTo(stated: readonly Policy[], target: Target) {
  try {
    const { policies, wider } = clusterNetworkPolicy.lower(stated, target);
    expect(wider.filter(sentence => !sentence.includes('DNS'))).toEqual([]);
    return written(policies, target);
  } catch (error) {
    if (error instanceof Refusal) { return undefined; }
    throw error;
  }
}

/** Host endpoints are Calico's, and what a pod sends to itself is no matter of policies. */
const judgedFlows = (world: World): Flow[] => {
  const known = world.filter(({ kind }) => kind !== 'hostEndpoint');
  return flowsOf(known).filter(({ source, destination }) => source !== destination);
};

describe.each([
  { name: 'v1alpha2', target: V1ALPHA2 },
  { name: 'v1alpha1', target: V1ALPHA1 },
])('$name', ({ target }) => {
  test('the naive judge says of the manifests what the model says, with NetworkPolicies beside them', () => {
    fc.assert(fc.property(native(target), fc.option(nativeKubernetes, { nil: [] }), worlds({ nodes: true }), (policies, beside, world) => {
      const documents = [...written(policies, target), ...JSON.parse(JSON.stringify(kubernetes.write(beside, target)))];
      const set = clusterNetworkPolicy.link(documents.flatMap(document =>
        (document.kind === 'NetworkPolicy' ? kubernetes : clusterNetworkPolicy).read(document)), documents);
      const judge = judgeOf(documents, world);
      for (const flow of judgedFlows(world)) {
        const [ours, theirs] = [evaluate(set, flow, BY_ADDRESS), judge(flow)];
        if (ours !== theirs) { throw new Error(`${describeFlow(flow)}: ${ours}, but the judge says ${theirs}`); }
      }
    }), runs(40));
  });
});
