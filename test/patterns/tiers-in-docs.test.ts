import { readFileSync } from 'fs';
import { join } from 'path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { api, db, dns, flow, web, world } from '../oracle/fixtures';
import { allowed, Manifest, policiesOf } from '../support/apps';
import { schemaErrorsOf } from '../support/schemas';

/** What the pages about tiers show is what readers copy. */

const WHOLE_PROGRAM = /```ts nofixture\n([\s\S]*?)```/g;

const programsOf = (page: string): string[] =>
  [...readFileSync(join(__dirname, '..', '..', 'docs', page), 'utf8').matchAll(WHOLE_PROGRAM)].map(([, program]) => program);

/** Runs a program of the docs; instead of writing files, its app is asked for its manifests. */
function run(program: string): Manifest[] {
  const { outputText } = transpileModule(program.replace(/app\.synth\(\);/, 'return app.charts.flatMap(each => each.toJson());'), {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
  });
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the program says what it wants
  const load = (name: string): unknown => (name === 'cdk8s-netpol' ? require('../../src') : require(name));
  return new Function('require', 'exports', outputText)(load, {}) as Manifest[];
}

describe.each(['policy-tiers.md', 'cluster-policy.md'])('the programs of %s', page => {
  test.each(programsOf(page).map((program, i): [number, string] => [i + 1, program]))('let every pod resolve names: program %i', (_, program) => {
    const manifests = run(program);
    expect(schemaErrorsOf(manifests)).toEqual([]);
    const policies = policiesOf(manifests);
    expect(policies.length).toBeGreaterThan(0);
    for (const source of [web, api, db]) {
      for (const protocol of ['UDP', 'TCP'] as const) { expect(allowed('calico', policies, world, flow(source, dns, protocol, 53))).toBe(true); }
    }
  });
});

test('the program of policy-tiers.md closes what it says, and without DNS in the baseline names would not be resolved', () => {
  const [program] = programsOf('policy-tiers.md');
  expect(allowed('calico', policiesOf(run(program)), world, flow(web, api))).toBe(false);
  const withoutDns = policiesOf(run(program.replace('baseline: [', 'dns: false,\n  baseline: [')));
  expect(allowed('calico', withoutDns, world, flow(web, dns, 'UDP', 53))).toBe(false);
});
