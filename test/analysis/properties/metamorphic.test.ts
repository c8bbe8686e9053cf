import * as fc from 'fast-check';
import { analysed, answersTo, Asking, judgeAt } from './worlds/agreement';
import { Manifest } from './worlds/manifest';
import { Place, PLACES } from './worlds/places';
import { ask, Asked, askedWorkloads, describe as text, questions } from './worlds/questions';
import { isPolicy, renamed, renamedText, reordered, split, withBystanders, withRule } from './worlds/rewriting';
import { Answer } from '../../../src/model/evaluate';
import { closes, opens } from '../../support/models/compare';
import { runs } from '../../support/models/runs';

interface Compared {
  readonly text: string;
  readonly before: Answer;
  readonly after: Answer;
}

const asBefore = (name: string): string => name;

/** The answers to the same questions before and after a change; `called` is what a party is called afterwards. */
function answers(
  place: Place, before: readonly Manifest[], after: readonly Manifest[], { outside, probes }: Asking, called: (name: string) => string = asBefore,
): Compared[] {
  const [one, other] = [analysed(before, place.cni), analysed(after, place.cni)];
  const changed = new Map(other.parties.map(party => [party.text, party]));
  const asked = askedWorkloads(one, judgeAt(before, place.cni));
  const counterpart = ({ party, ends }: Asked): Asked => ({ party: party.workload ? changed.get(called(party.text))! : party, ends });
  return questions(asked, outside, probes).map(question => ({
    text: text(question),
    before: ask(one, question),
    after: ask(other, { ...question, source: counterpart(question.source), destination: counterpart(question.destination) }),
  }));
}

const places = PLACES.map(place => [place.name, place] as const);

describe.each(places)('%s', (_name, place) => {
  /** A change that means nothing; it must be one all the same. */
  function expectSame(change: (documents: readonly Manifest[]) => Manifest[], called?: (name: string) => string): void {
    let [changed, denied] = [0, 0];
    fc.assert(fc.property(place.documents({ inner: true }), place.asking, (documents, asking) => {
      const after = change(documents);
      if (JSON.stringify(after.filter(isPolicy)) !== JSON.stringify(documents.filter(isPolicy))) { changed++; }
      const all = answers(place, documents, after, asking, called);
      expect(all.filter(one => one.before !== one.after)).toEqual([]);
      denied += all.filter(one => one.before === 'denied').length;
    }), runs(40));
    expect(changed).toBeGreaterThan(5);
    expect(denied).toBeGreaterThan(100);
  }

  test('what is renamed, in selectors too, changes no answer', () => { expectSame(renamed, renamedText); });
  test('the order of documents, and of lists in which it means nothing, changes no answer', () => { expectSame(reordered); });
  test('a policy split into two that keep its place changes no answer', () => { expectSame(split); });
  test('policies that select nobody change no answer', () => { expectSame(documents => withBystanders(documents, place.cni.dialect)); });

  const RULES: Readonly<Record<string, fc.Arbitrary<Manifest>>> = {
    kubernetes: fc.constantFrom<Manifest>({}, { ports: [{ port: 80 }] }),
    cilium: fc.constantFrom<Manifest>({ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }, {}),
    calico: fc.constantFrom<Manifest>({}, { protocol: 'TCP', destination: { ports: [80] } }, { source: { selector: "app == 'web'" } }, { destination: { nets: ['10.0.0.0/8'] } }),
  };
  const rules = RULES[place.cni.dialect];

  function expectNever(action: 'allow' | 'deny', forbidden: typeof opens): void {
    let other = 0;
    fc.assert(fc.property(place.documents({ inner: true }), place.asking, rules, (documents, asking, rule) => {
      const all = answers(place, documents, withRule(documents, place.cni.dialect, action, rule), asking);
      expect(all.filter(one => forbidden(one.before, one.after))).toEqual([]);
      other += all.filter(one => one.before !== one.after).length;
    }), runs(40));
    expect(other).toBeGreaterThan(5);
  }

  test('a rule that allows, added where there are rules, never closes a flow', () => { expectNever('allow', closes); });
  if (place.cni.dialect !== 'kubernetes') {
    test('a rule that denies, added where there are rules, never opens a flow', () => { expectNever('deny', opens); });
  }
});

test('an answer does not depend on what was asked before', () => {
  for (const { documents, everything, cni } of PLACES) {
    const [world] = fc.sample(documents({ inner: true }), { numRuns: 1, seed: 3 });
    const backwards = { outside: [...everything.outside].reverse(), probes: [...everything.probes].reverse() };
    expect([...answersTo(world, cni, backwards)].sort()).toEqual([...answersTo(world, cni, everything)].sort());
  }
});
