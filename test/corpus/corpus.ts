import { corpusFiles } from './files';
import { answersOf, Cluster, differenceOf, effectsOf, meaning, mutants, written } from './judge';
import { DialectId } from '../../src/dialects/dialect';
import { UnreadableDocument } from '../../src/dialects/document-reader';
import { readAny } from '../../src/dialects/link';
import { Policy } from '../../src/model/policy-set';

export interface Corpus {
  readonly folder: string;
  readonly cluster: Cluster;
  /** Files of which a document is invalid, and the true reason. */
  readonly refused: Readonly<Record<string, RegExp>>;
  /** Files that are no YAML. */
  readonly unparsable?: readonly string[];
  /** Documents that stand beside those of a file, such as the tiers that it leaves out. */
  readonly beside?: (documents: readonly any[]) => readonly unknown[];
  /** How many files at least tell some flows from others, and what share of the rules that are taken out is missed at least. */
  readonly least: { readonly telling: number; readonly missed: number };
}

/** What is about no policy in every dialect. */
const CORE = ['v1 Namespace', 'v1 Pod', 'v1 Service', 'v1 ServiceAccount', 'apps/v1 Deployment'];

interface Taken {
  readonly all: ByDialect;
  readonly policies: readonly Policy[];
  readonly documents: readonly unknown[];
}

type ByDialect = ReadonlyMap<DialectId, readonly Policy[]>;

function read(documents: readonly unknown[], { target }: Cluster): ByDialect {
  const all = new Map<DialectId, Policy[]>();
  for (const document of documents) {
    const found = readAny(document, undefined, target.version);
    if (found && 'policies' in found) { all.set(found.dialect, [...all.get(found.dialect) ?? [], ...found.policies]); }
  }
  return all;
}

const together = (all: ByDialect): Policy[] => [...all.values()].flat();

/** The tests of one corpus. */
export function testCorpus({ folder, cluster, refused, unparsable = [], beside = () => [], least }: Corpus): void {
  const files = corpusFiles(folder);
  const readable = files.filter(({ name }) => !Object.hasOwn(refused, name))
    .flatMap(({ name, documents }) => (documents ? [{ name, documents }] : []));

  const take = (documents: readonly any[]): Taken => {
    const all = read(documents, cluster);
    return { all, policies: together(all), documents: [...beside(documents), ...documents] };
  };

  // Elsewhere than beside the corpora there is nothing to read.
  (files.length > 0 ? describe : describe.skip)(folder, () => {
    test.each(Object.entries(refused))('%s is refused with the true reason', (name, reason) => {
      const { documents } = files.find(file => file.name === name)!;
      expect(() => read(documents!, cluster)).toThrow(UnreadableDocument);
      expect(() => read(documents!, cluster)).toThrow(reason);
    });

    test('every other file is YAML, and every document in it is of a kind that is known', () => {
      expect(files.filter(({ documents }) => documents === undefined).map(({ name }) => name)).toEqual(unparsable);
      const strangers = readable.flatMap(({ name, documents }) => documents
        .filter(document => readAny(document, undefined, cluster.target.version) === undefined && !CORE.includes(`${document.apiVersion} ${document.kind}`))
        .map(({ apiVersion, kind }) => `${name}: ${apiVersion} ${kind}`));
      expect(strangers).toEqual([]);
    });

    test.each(readable.length > 0 ? readable : [{ name: 'nothing', documents: [] }])('$name is read, and written with the same meaning', ({ documents }) => {
      const { all, policies, documents: context } = take(documents);
      const again = [...all].flatMap(([dialect, own]) => written(dialect, own, cluster));
      const back = together(read(again, cluster));
      expect(differenceOf(cluster, meaning(cluster, policies, context), meaning(cluster, back, [...context, ...again]))).toBeUndefined();
      expect(effectsOf(back)).toEqual(effectsOf(policies));
    });

    const withPolicies = () => readable.map(({ name, documents }) => ({ name, ...take(documents) })).filter(({ policies }) => policies.length > 0);

    test('the flows that are compared tell the policies from none', () => {
      const telling = withPolicies().filter(({ policies, documents }) => answersOf(cluster, meaning(cluster, policies, documents)).size > 1);
      expect(telling.length).toBeGreaterThanOrEqual(least.telling);
    });

    test('a reader or writer that loses a rule is seen', () => {
      let [seen, made] = [0, 0];
      for (const { policies, documents } of withPolicies()) {
        const whole = meaning(cluster, policies, documents);
        for (const mutant of mutants(policies).slice(0, 12)) {
          made++;
          if (differenceOf(cluster, whole, meaning(cluster, mutant, documents)) !== undefined) { seen++; }
        }
      }
      expect(seen / made).toBeGreaterThanOrEqual(least.missed);
    });
  });
}
