import { readFileSync } from 'fs';
import { join } from 'path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import * as netpol from '../../src';
import { readContract } from '../../src/analysis/contract/read-contract';

/** What docs/connectivity.md shows is what readers copy. */

const PAGE = readFileSync(join(__dirname, '..', '..', 'docs', 'connectivity.md'), 'utf8');
const [, program] = /```ts nofixture\n([\s\S]*?)```/.exec(PAGE)!;

/** What a program of the page throws. */
function run(source: string): string {
  const { outputText } = transpileModule(source, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the program says what it wants
  const load = (name: string): unknown => (name === 'cdk8s-netpol' ? netpol : require(name));
  try {
    new Function('require', 'exports', outputText)(load, {});
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test('the first program holds', () => {
  expect(run(program)).toBe('');
});

test('the message that is shown is the one of the program', () => {
  const [, shown] = /```text\n([\s\S]*?)\n```/.exec(PAGE)!;
  expect(run(`${program}\nnet.assertDenied(web, api);`)).toBe(shown);
});

test('the contract is one', () => {
  const [, contract] = /```yaml\n([\s\S]*?)```/.exec(PAGE)!;
  const { statements, problems } = readContract(contract, 'contract.yaml');
  expect(problems).toEqual([]);
  expect(statements).toHaveLength(9);
});
