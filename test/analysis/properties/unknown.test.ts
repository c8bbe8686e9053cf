import * as fc from 'fast-check';
import { analysed, Asking, Cni, Counts, judgeAt } from './worlds/agreement';
import { clusterDocuments, ClusterFacts, clusters } from './worlds/cluster';
import { completions, Fact, FACTS, without } from './worlds/forgetting';
import { Manifest } from './worlds/manifest';
import { Place, PLACES } from './worlds/places';
import { ask, askedWorkloads, describe as text, judged, questions } from './worlds/questions';
import { Answer } from '../../../src/model/evaluate';
import { runs } from '../../support/models/runs';

interface Forgotten {
  readonly facts: readonly Fact[];
  /** Whether there is no IPv6: between two families nearly all is open. */
  readonly ipv4: boolean;
  /** Some of what may be true, all of which the same documents tell. */
  readonly truths: readonly ClusterFacts[];
}

const forgottenOf = (facts: fc.Arbitrary<Fact[]>): fc.Arbitrary<Forgotten> => fc.tuple(facts, fc.boolean())
  .chain(([gone, ipv4]) => clusters({ hosts: true, ipv4 })
    .chain(cluster => fc.array(completions(cluster, gone, ipv4), { minLength: 4, maxLength: 4 }))
    .map(truths => ({ facts: gone, ipv4, truths })));

/** What the facade says where facts are missing is what the judge says, whatever the facts are. */
function expectSound({ cni }: Place, { facts, ipv4, truths }: Forgotten, policies: readonly Manifest[], asking: Asking, counts: Counts): void {
  const told = truths.map(truth => without([...clusterDocuments(truth), ...policies], facts));
  // The truths are of the same documents, so that they cannot be told apart.
  expect(told.map(documents => JSON.stringify(documents))).toEqual(told.map(() => JSON.stringify(told[0])));
  const analysis = analysed(told[0], statedOf(cni, facts, ipv4));
  // Of echo requests there are two kinds, and where addresses are not known it is open which one is meant.
  const probes = asking.probes.filter(({ icmp }) => !icmp);
  const answers = new Map<string, Answer>();
  for (const truth of truths) {
    const judge = judgeAt([...clusterDocuments(truth), ...policies], { ...cni, ranges: {} });
    for (const question of questions(askedWorkloads(analysis, judge), asking.outside, probes)) {
      const answer = answers.get(text(question)) ?? ask(analysis, question);
      answers.set(text(question), answer);
      for (const verdict of judged(judge, question)) {
        if (answer === 'unknown' || answer === verdict || (answer === 'partial' && verdict === 'some')) { continue; }
        throw new Error(`${text(question)}: ${answer}, but the judge says ${verdict} where ${JSON.stringify(truth)}`);
      }
    }
  }
  answers.forEach(answer => counts.add(answer));
}

function statedOf(cni: Cni, facts: readonly Fact[], ipv4: boolean): Cni {
  const { podCidrs = [], ...nodesOnly } = cni.ranges;
  return { ...cni, ranges: facts.includes('ranges') ? nodesOnly : { ...nodesOnly, podCidrs: podCidrs.filter(range => !(ipv4 && range.includes(':'))) } };
}

describe.each(PLACES)('$name', place => {
  test('no answer contradicts what is true, whatever facts the documents leave out', () => {
    const counts = new Counts();
    fc.assert(fc.property(forgottenOf(fc.subarray([...FACTS])), place.policies({ inner: true }), place.asking, (forgotten, policies, asking) => {
      expectSound(place, forgotten, policies, asking, counts);
    }), runs(40));
    // Most is known all the same, and what is not is said.
    expect(counts.share('allowed') + counts.share('denied')).toBeGreaterThan(0.4);
    expect(counts.of('unknown')).toBeGreaterThan(10);
  });
});

test.each<[Fact, Place]>([
  ['namespaces', PLACES[0]], ['addresses', PLACES[0]], ['ranges', PLACES[0]], ['namespaces', PLACES[1]], ['accounts', PLACES[2]], ['addresses', PLACES[2]], ['nodes', PLACES[1]],
])('without %s there are answers that nobody knows ($#)', (fact, place) => {
  const counts = new Counts();
  const gone: Fact[] = fact === 'ranges' ? ['ranges', 'addresses'] : [fact];
  fc.assert(fc.property(forgottenOf(fc.constant(gone)), place.policies({ inner: true }), place.asking, (forgotten, policies, asking) => {
    expectSound(place, forgotten, policies, asking, counts);
  }), runs(15));
  expect(counts.of('unknown')).toBeGreaterThan(0);
});
