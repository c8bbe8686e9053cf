import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';
import * as library from '../../src';
import { ENVIRONMENT_VARIABLE } from '../../src/cluster/environment';
import { cli, deployment, folder, namespace, Ran } from '../cli/support';
import { CLUSTER_NAMES, ClusterName } from '../support/apps';

/** Every program and every command of the page, on each cluster for which the page has it. */

const ROOT = path.resolve(__dirname, '..', '..');
const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8');
const PAGE = read('docs/first-week.md');
const CNI_OF: Readonly<Record<ClusterName, string>> = { kubernetes: 'kubernetes', cilium: 'cilium@1.18', calico: 'calico@3.30' };

const dayOf = (index: number): string => /## (Day \d)[^]*?$/.exec(PAGE.slice(PAGE.lastIndexOf('\n## ', index), index))?.[1] ?? '';
const blocksOf = (language: string) => [...PAGE.matchAll(new RegExp(`^\`\`\`${language}( nofixture)?\n([^]*?)^\`\`\`$`, 'gm'))]
  .map(({ index, 1: whole, 2: code }) => ({ day: dayOf(index), whole: whole !== undefined, code }));
const PROGRAMS = blocksOf('ts').map((block, i, all) => ({
  ...block,
  title: `${block.day}, program ${i + 1}`,
  // It comes beside what was stated before it on its day.
  code: block.code.startsWith('new BlockCloudMetadata') ? all[i - 1].code + block.code : block.code,
}));

/** What the page says of its programs: all others are for every cluster. */
const claimedFor = (code: string): readonly ClusterName[] =>
  (code.includes('PolicyMode.AUDIT') ? ['calico'] : code.includes('BlockCloudMetadata') ? ['cilium', 'calico'] : CLUSTER_NAMES);

/** Runs it in `where`, as somebody does who pasted it, on the cluster; returns the folder to which it was written. */
function run({ whole, code }: typeof PROGRAMS[number], cluster: ClusterName, where: string): string {
  const [before, after] = read('rosetta/default.ts-fixture').split('/// here');
  const source = whole ? code : `${before}${code}${after}\napp.synth();`;
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  const here = process.cwd();
  process.chdir(where);
  process.env[ENVIRONMENT_VARIABLE] = `cni=${CNI_OF[cluster]},cloud=aws`;
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is the page's own code
    new Function('require', 'exports', outputText)((name: string) => (name === 'cdk8s-netpol' ? library : jest.requireActual(name)), {});
  } finally {
    delete process.env[ENVIRONMENT_VARIABLE];
    process.chdir(here);
  }
  return path.join(where, 'dist');
}

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test.each(PROGRAMS)('$title is synthesized, or refused as the page says', program => {
    const attempt = expect(() => run(program, cluster, folder({})));
    if (claimedFor(program.code).includes(cluster)) { attempt.not.toThrow(); } else { attempt.toThrow(/\[cdk8s-netpol\]/); }
  });

  test('every command has the answer that the page promises', async () => {
    const where = folder({
      'cluster.yaml': `${namespace('shop')}${namespace('billing')}${deployment('shop', 'web', 8080)}${deployment('shop', 'api', 9090)}`
        + `${deployment('shop', 'database', 5432)}${deployment('billing', 'invoices', 8080)}`,
      'contract.yaml': blocksOf('yaml')[0].code,
    });
    run(PROGRAMS.find(({ day, whole }) => day === 'Day 5' && whole)!, cluster, where);
    const ran: Record<string, Ran> = {};
    const commands = [...PAGE.matchAll(/npx cdk8s-netpol ([^`\n]*)/g)].map(([, command]) => command).filter(command => !command.includes('--flow'));
    const here = process.cwd();
    process.chdir(where);
    try {
      for (const command of commands) { ran[command] = await cli(command.split(' ')); }
    } finally {
      process.chdir(here);
    }
    expect(Object.fromEntries(Object.entries(ran).map(([command, { code }]) => [command, code]))).toEqual({
      'list cluster.yaml --exposure': 0,
      'reach cluster.yaml --from shop/web': 0,
      // Everything is open yet.
      'check cluster.yaml --contract contract.yaml': 1,
      'diff cluster.yaml dist --namespace shop --fail-on opened': 0,
      'check dist --contract contract.yaml': 0,
    });
    expect(ran['diff cluster.yaml dist --namespace shop --fail-on opened'].stdout).toContain('source: shop/web[Deployment], destination: shop/database[Deployment]');
  });
});

test('what is read and what is taken away are the kinds that are written, of every cluster', () => {
  for (const kind of ['networkpolicies.networking.k8s.io', 'ciliumnetworkpolicies.cilium.io', 'networkpolicies.projectcalico.org']) {
    expect(PAGE.match(new RegExp(`\\b${kind.replace(/\./g, '\\.')}`, 'g'))!.length).toBeGreaterThan(1);
    expect(PAGE).toContain(`kubectl -n shop delete ${kind} --all`);
  }
});
