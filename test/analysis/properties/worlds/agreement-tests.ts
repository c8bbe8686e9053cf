import * as fc from 'fast-check';
import { answersTo, Counts, expectAgreement } from './agreement';
import { Manifest } from './manifest';
import { Place } from './places';
import { runs } from '../../../support/models/runs';

/** A mistake that a reader could make, made in the documents instead, and in how many of 80 worlds it changes an answer at least. */
export type Mistake = readonly [name: string, change: (policy: Manifest) => Manifest, least: number];

/** Tests that the facade says what the judge says, and that its worlds are such that it matters. @param partial how many answers depend on the request, at least */
export function testAgreement(place: Place, partial: number, mistakes: readonly Mistake[]): void {
  describe(`${place.name}: the facade says of every flow what the naive judge says`, () => {
    test.each([
      ['where pods have addresses that ranges tell apart', { inner: true }, 80],
      ['where some workloads are known by their templates only', { templates: true }, 40],
      ['where some pods are in the network of their nodes', { inner: true, hosts: true }, 40],
    ] as const)('%s', (_name, options, count) => {
      const counts = new Counts();
      fc.assert(fc.property(place.documents(options), place.asking, (documents, asking) => {
        expectAgreement(documents, place.cni, asking, counts);
      }), runs(count));
      expect(counts.share('allowed')).toBeGreaterThan(0.1);
      expect(counts.share('denied')).toBeGreaterThan(0.05);
      // Two pods of one workload may differ, and the two families of one pod.
      expect(counts.share('unknown')).toBeLessThan(0.2);
    });
  });

  describe(`${place.name}: the worlds are such that it matters`, () => {
    const answers = (documents: readonly Manifest[]) => answersTo(documents, place.cni, place.everything);
    let worlds: { readonly documents: readonly Manifest[]; readonly right: string }[];
    const counts = new Counts();
    beforeAll(() => {
      worlds = fc.sample(place.documents({ inner: true }), { numRuns: 80, seed: 7 }).map(documents => {
        const right = answers(documents);
        right.forEach(answer => counts.add(answer));
        return { documents, right: right.join() };
      });
    });

    test('there are answers of every kind', () => {
      expect(counts.share('allowed')).toBeGreaterThan(0.2);
      expect(counts.share('denied')).toBeGreaterThan(0.2);
      expect(counts.of('partial')).toBeGreaterThanOrEqual(partial);
      expect(counts.share('unknown')).toBeLessThan(0.05);
    });

    test.each(mistakes)('they show %s', (_name, change, least) => {
      const shown = worlds.filter(({ documents, right }) => answers(documents.map(document => change(structuredClone(document)))).join() !== right);
      expect(shown.length).toBeGreaterThanOrEqual(least);
    });
  });
}
