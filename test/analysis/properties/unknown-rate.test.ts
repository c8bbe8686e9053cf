import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { Manifest } from './worlds/manifest';
import { Analysis } from '../../../src/analysis/analysis';
import { AnalysisOptions } from '../../../src/analysis/options';
import { PROTOCOL_NUMBERS } from '../../../src/model/traffic';

/** How often documents of real programs leave open who may talk to whom: every workload, and every port of every other one. */

const CORPUS = path.resolve(__dirname, '../../../../shared/corpus');
const EXAMPLES = path.resolve(__dirname, '../../../examples');

const read = (folder: string): Manifest[] => fs.readdirSync(folder).sort()
  .flatMap(file => yaml.loadAll(fs.readFileSync(path.join(folder, file), 'utf8')) as Manifest[])
  .filter(document => document !== null && document !== undefined);

interface Rate {
  readonly asked: number;
  readonly unknown: number;
  readonly allowed: number;
  readonly denied: number;
}

function rateOf(documents: readonly Manifest[], options: AnalysisOptions): Rate {
  const analysis = Analysis.of(documents.map((value, i) => ({ value, at: `document ${i + 1}` })), options);
  expect(analysis.problems).toEqual([]);
  const { parties } = analysis;
  const answers = parties.flatMap(source => parties.filter(destination => destination !== source).flatMap(destination =>
    destination.workload!.ports.map(({ port, protocol }) => analysis.answer(source, destination, { protocol: PROTOCOL_NUMBERS[protocol], port }))));
  const count = (wanted: string): number => answers.filter(answer => answer === wanted).length;
  return { asked: answers.length, unknown: count('unknown'), allowed: count('allowed'), denied: count('denied') };
}

const RANGES: AnalysisOptions = { podCidrs: ['10.244.0.0/16'], nodeCidrs: ['172.18.0.0/16'] };

const BOUTIQUE = ['manifests', 'network-policies'].map(folder => path.join(CORPUS, 'online-boutique', folder));

const PROGRAMS: readonly (readonly [name: string, folders: (cni: string) => readonly string[]])[] = [
  ['the Online Boutique with its own policies', () => BOUTIQUE],
  ...['online-boutique', 'three-tier'].map(example => [`the example ${example}`, (cni: string) => [path.join(EXAMPLES, example, 'dist', cni)]] as const),
];

describe.each(PROGRAMS)('%s', (name, folders) => {
  const run = fs.existsSync(folders('kubernetes')[0]) ? test : test.skip;
  // The policies name no address that a pod may have, save the example for Calico: what denies metadata denies its port 8080 too, which some workloads
  // serve, and where no range is stated a pod may have any address.
  run.each([['kubernetes', 'stated'], ['kubernetes', 'not stated'], ['cilium', 'stated'], ['cilium', 'not stated'], ['calico', 'stated'], ['calico', 'not stated']])(
    '%s: nothing is unknown that need not be, where the ranges of pods are %s', (cni, ranges) => {
      const { unknown, asked, allowed, denied } = rateOf(folders(cni).flatMap(read), { cni, ...(ranges === 'stated' ? RANGES : {}) });
      const open = cni === 'calico' && ranges === 'not stated' && name === 'the example online-boutique' ? 3 : 0;
      expect([unknown, allowed + denied]).toEqual([open, asked - open]);
      expect(allowed).toBeGreaterThan(0);
      expect(denied).toBeGreaterThan(allowed);
    });
});

describe('with a policy that opens the private addresses to everybody', () => {
  const documents = (): Manifest[] => [...read(path.join(EXAMPLES, 'online-boutique', 'dist', 'kubernetes')), {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'private', namespace: 'online-boutique' },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }], egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
  }];

  test('all that was denied is unknown where pods may be anywhere', () => {
    const before = rateOf(read(path.join(EXAMPLES, 'online-boutique', 'dist', 'kubernetes')), { cni: 'kubernetes' });
    expect(rateOf(documents(), { cni: 'kubernetes' })).toEqual({ ...before, denied: 0, unknown: before.denied });
  });

  test('nothing is where the ranges of pods are stated, or the CNI matches no pod by its address', () => {
    expect(rateOf(documents(), { cni: 'kubernetes', ...RANGES })).toMatchObject({ unknown: 0, denied: 0 });
    expect(rateOf(documents(), { cni: 'cilium' })).toMatchObject({ unknown: 0, allowed: rateOf(read(path.join(EXAMPLES, 'online-boutique', 'dist', 'kubernetes')), { cni: 'cilium' }).allowed });
  });
});
