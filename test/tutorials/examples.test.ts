import { EVERY_CLUSTER, EXAMPLES, Example, Mistake } from './examples';
import { askedOf, flowOf, TUTORIAL_DOCUMENTS, TUTORIAL_WORLD } from './examples/world';
import { Workload } from '../../src';
import { Analysis } from '../../src/analysis/analysis';
import { explain } from '../../src/analysis/explain/explain';
import { explanationText } from '../../src/analysis/explain/explanation-text';
import { findParty } from '../../src/analysis/find-party';
import { readText } from '../../src/analysis/input/read-paths';
import { allowed, ClusterName, deployment, Manifest, policiesOf, RANGES, synthesize } from '../support/apps';
import { schemaErrorsOf } from '../support/schemas';

/**
 * What tutorials show, as programs: each passes and stops what its author meant, and the original is read as what it is. Two judges who
 * share no code must agree: the naive one, and the analysis that users ask.
 */

/** By a rule, or since nothing in the policies is about it. */
const ALLOWED_BY = (names: string): RegExp => new RegExp(`allows: .*/(${names})|by default: no policy`);

const textOf = (manifests: readonly Manifest[]): string => manifests.map(manifest => JSON.stringify(manifest)).join('\n---\n');

const analysed = (cni: ClusterName, policies: readonly Manifest[]): Analysis => Analysis.of(
  readText(`${textOf(policies)}\n---\n${textOf(TUTORIAL_DOCUMENTS)}`, 'tutorial.yaml'),
  { cni, podCidrs: RANGES.podCidrs, nodeCidrs: RANGES.nodeCidrs },
);

function passingByAnalysis(cni: ClusterName, policies: readonly Manifest[], flows: readonly string[]): string[] {
  const analysis = analysed(cni, policies);
  expect(analysis.problems).toEqual([]);
  return flows.filter(flow => {
    const { source, destination, traffic } = askedOf(flow);
    const answer = analysis.answer(findParty(analysis, source).parties[0], findParty(analysis, destination).parties[0], traffic);
    expect([flow, answer]).toEqual([flow, expect.stringMatching(/^(allowed|denied)$/)]);
    return answer === 'allowed';
  });
}

const passingByOracle = (cni: ClusterName, policies: readonly Manifest[], flows: readonly string[]): string[] =>
  flows.filter(flow => allowed(cni, policies, TUTORIAL_WORLD, flowOf(flow)));

/** Expects exactly these of the flows to pass, by both judges. */
function expectPassing(cni: ClusterName, policies: readonly Manifest[], { pass, stop }: Example, expected: readonly string[]): void {
  const flows = [...pass, ...stop];
  expect(passingByOracle(cni, policies, flows)).toEqual(flows.filter(flow => expected.includes(flow)));
  expect(passingByAnalysis(cni, policies, flows)).toEqual(flows.filter(flow => expected.includes(flow)));
}

/** What passes with the original, by its verdict. */
function passingWithOriginal({ pass, stop }: Example, { opens = [], closes = [] }: Mistake): string[] {
  expect(stop).toEqual(expect.arrayContaining([...opens]));
  expect(pass).toEqual(expect.arrayContaining([...closes]));
  return [...pass.filter(flow => !closes.includes(flow)), ...opens];
}

/** Of the CNIs of `CLUSTERS`. */
const VERSIONS: Readonly<Record<ClusterName, string | undefined>> = { kubernetes: undefined, cilium: '1.18', calico: '3.30' };

function written(cluster: ClusterName, { program }: Example): Manifest[] {
  const manifests = policiesOf(synthesize(cluster, ({ app, chart }) => {
    const workload = (name: string): Workload => Workload.of(deployment(chart, name));
    program({ app, chart, web: workload('web'), api: workload('api'), database: workload('database') });
  }));
  expect(schemaErrorsOf(manifests, VERSIONS[cluster])).toEqual([]);
  return manifests;
}

describe.each(EXAMPLES.map(example => [example.id, example] as const))('%s', (_id, example) => {
  const { cni = 'kubernetes', original, beside = [], verdict, clusters = EVERY_CLUSTER, pass, stop } = example;

  test.each(clusters)('the program passes and stops what is meant, on %s', cluster => {
    expectPassing(cluster, [], example, [...pass, ...stop]);
    expectPassing(cluster, written(cluster, example), example, pass);
  });

  if (verdict === 'equal') {
    test('the original does the same', () => {
      expectPassing(cni, [...original, ...beside], example, pass);
    });
    return;
  }

  const { refused, mended, decidesNothing, opens = [], closes = [] } = verdict;

  if (refused) {
    test('the original is refused, with the reason', () => {
      const { problems } = analysed(cni, original);
      const [problem] = problems;
      expect(problem.at).toMatch(/^tutorial\.yaml:\d+/);
      for (const part of refused) { expect(problem.message).toMatch(part); }
      expect(() => passingByOracle(cni, original, pass)).toThrow();
    });
  }

  if (decidesNothing !== undefined) {
    test('the original decides nothing, and is counted as such', () => {
      expect([...analysed(cni, original).skipped.keys()].join()).toContain(decidesNothing);
      expectPassing(cni, original, example, [...pass, ...stop]);
    });
  }

  if (opens.length + closes.length > 0) {
    test(mended ? 'the original, with its syntax repaired, differs where the verdict says' : 'the original differs where the verdict says, and nowhere else', () => {
      expectPassing(cni, [...mended ?? original, ...beside], example, passingWithOriginal(example, verdict));
    });

    // What somebody is told who asks why: the rule that lets through what should not pass, or who closes what should.
    test.each([...opens, ...closes])('the analysis explains %s', flow => {
      const policies = [...mended ?? original, ...beside];
      const analysis = analysed(cni, policies);
      const { source, destination, traffic } = askedOf(flow);
      const text = explanationText(explain(analysis, findParty(analysis, source).parties[0], findParty(analysis, destination).parties[0], traffic));
      const names = policies.map(({ metadata: { name } }) => name).join('|');
      expect(text).toMatch(opens.includes(flow) ? ALLOWED_BY(names) : new RegExp(`closes: .*/(${names})`));
    });
  }

  test('the verdict is one that can be seen', () => {
    expect([refused, decidesNothing, ...opens, ...closes].some(each => each !== undefined)).toBe(true);
  });
});

test('there is a case for each of the 38 manifests', () => {
  const ofTutorial = (tutorial: string) => EXAMPLES.filter(({ id }) => id.startsWith(`${tutorial}/`)).length;
  expect(['001', '002', '003', '004'].map(ofTutorial)).toEqual([15, 8, 8, 7]);
  expect(new Set(EXAMPLES.map(({ id }) => id)).size).toBe(38);
});
