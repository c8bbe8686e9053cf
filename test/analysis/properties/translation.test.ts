import * as fc from 'fast-check';
import { analysed, answersTo, Asking, Cni, RANGES } from './worlds/agreement';
import { clusterDocuments, ClusterFacts, clusters } from './worlds/cluster';
import { Manifest, optional } from './worlds/manifest';
import { BY_NAME, OUTSIDE } from './worlds/questions';
import { Policy } from '../../../src/model/policy-set';
import { CALICO, CILIUM, EVERY_PROBE, KUBERNETES, lowered, Place, written } from '../../support/models/places';
import { runs } from '../../support/models/runs';
import { statements } from '../../support/models/statements';
import { NAMESPACES } from '../../support/models/vocabulary';

/** Statements, written in two dialects and read back from the documents of two clusters, mean the same to addresses outside and between pods. */

const worlds = clusters().map((facts): ClusterFacts => ({ ...facts, namespaces: NAMESPACES }));
const askings: fc.Arbitrary<Asking> = fc.record({
  outside: fc.shuffledSubarray([...OUTSIDE, ...BY_NAME], { minLength: 5, maxLength: 5 }),
  probes: fc.shuffledSubarray([...EVERY_PROBE], { minLength: 8, maxLength: 8 }),
});

const cniOf = ({ enforcedBy, target: { version } }: Place): Cni => ({ dialect: enforcedBy, ranges: RANGES, ...optional('version', version) });

function documentsOf(place: Place, facts: ClusterFacts, stated: readonly Policy[]): Manifest[] | undefined {
  const policies = lowered(place, stated);
  if (!policies) { return undefined; }
  const beside = (place.beside ?? []).filter(document => (document as Manifest).kind !== 'Namespace');
  return [...clusterDocuments(facts), ...beside as Manifest[], ...written(place, policies) as Manifest[]];
}

test.each([
  { one: KUBERNETES, other: CILIUM }, { one: KUBERNETES, other: CALICO }, { one: CILIUM, other: CALICO },
])('$one.name and $other.name: what both express has the same answers', ({ one, other }) => {
  let [both, denied] = [0, 0];
  fc.assert(fc.property(worlds, statements, askings, (facts, stated, asking) => {
    const [here, there] = [documentsOf(one, facts, stated), documentsOf(other, facts, stated)];
    if (!here || !there) { return; }
    both++;
    expect(analysed(there, cniOf(other)).parties.map(({ text }) => text)).toEqual(analysed(here, cniOf(one)).parties.map(({ text }) => text));
    const answers = answersTo(here, cniOf(one), asking);
    expect(answersTo(there, cniOf(other), asking)).toEqual(answers);
    denied += answers.filter(answer => answer === 'denied').length;
  }), runs(60));
  expect(both).toBeGreaterThan(10);
  expect(denied).toBeGreaterThan(100);
});
