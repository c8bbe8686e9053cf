import * as fs from 'fs';
import * as path from 'path';
import { programFor } from '../../src/cli/program';
import { cli } from '../cli/support';

/** What the pages for people who come from tutorials tell them to run, and what no page may repeat of the tutorials. */

const ROOT = path.resolve(__dirname, '..', '..');
const pagesIn = (folder: string): string[] => fs.readdirSync(path.join(ROOT, folder)).filter(name => name.endsWith('.md')).map(name => path.join(folder, name));
const read = (page: string): string => fs.readFileSync(path.join(ROOT, page), 'utf8');

const TRIED = ['docs/troubleshooting.md', 'docs/threat-model.md'];
const ALL = ['README.md', ...pagesIn('docs')];

/** Commands in the text, not those in blocks: these stand in examples/three-tier. */
const commands = [...new Set(TRIED.flatMap(page => [...read(page).matchAll(/`cdk8s-netpol ([^`]+)`/g)].map(([, command]) => command)))];
const words = (command: string): string[] => [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);

test.each(commands)('cdk8s-netpol %s has an answer', async command => {
  const here = process.cwd();
  process.chdir(path.join(ROOT, 'examples', 'three-tier'));
  try {
    const { code, stdout } = await cli(words(command));
    expect(code).toBeLessThan(2);
    // A comparison of something with itself has nothing to say.
    if (!command.startsWith('diff ')) { expect(stdout).not.toBe(''); }
  } finally {
    process.chdir(here);
  }
});

test('every command of the program that finds causes is on the page', () => {
  const known = programFor({ stdout: { write: () => Promise.resolve() }, stderr: { write: () => Promise.resolve() }, env: {} },
    { writeOut: () => undefined, writeErr: () => undefined }, () => undefined).commands.map(command => command.name());
  for (const name of known) { expect(commands.some(command => command.startsWith(`${name} `))).toBe(true); }
  const named = ALL.flatMap(page => [...read(page).matchAll(/(?:npx |`)cdk8s-netpol ([a-z]+)/g)].map(([, name]) => name));
  expect([...new Set(named)].filter(name => !known.includes(name))).toEqual([]);
});

test('every failure that tutorials list has a row', () => {
  const page = read('docs/troubleshooting.md');
  for (const row of [
    'Names are not resolved', 'matches no pods', 'Health checks fail', 'to the outside times out', 'The wrong namespace', 'A Service does not answer', 'One service cannot reach another',
    'on one cluster and not on another', 'what it closes is open',
  ]) { expect(page).toContain(row); }
});

const saying = (pattern: RegExp): string[] => ALL.filter(page => pattern.test(read(page)));

test('(28) no page names a command of others that does not exist', () => {
  expect(saying(/calicoctl policy test|netcheck|--test-policy/)).toEqual([]);
});

test('(29) drops of Cilium are watched with what its agent understands', () => {
  expect(saying(/(?<!-dbg)(?<!ez )\bcilium monitor\b|monitor[^\n]*\| *grep policy/)).toEqual([]);
  expect(read('docs/troubleshooting.md')).toContain('cilium-dbg monitor --type drop');
});

test('(39) what happens to connections that stand is said to differ by CNI', () => {
  expect(read('docs/limits.md')).toMatch(/## Connections that stand\n\n[^#]*differs/);
});

test('(40) pages say what reaches pods on the host network', () => {
  expect(read('docs/limits.md')).toMatch(/Pods on the host network[^\n]*Pod Security admission; host policies of Cilium[^\n]*host endpoints of Calico/);
});

test('(41) no page tells to allow the range of nodes for health checks', () => {
  expect(read('docs/troubleshooting.md')).toMatch(/Health checks fail[^\n]*Do not allow the range of nodes/);
});

test('(48) no page downloads a program without a version', () => {
  expect(saying(/curl [^\n]*\| *(tar|sh|bash|sudo)|\/latest\/download\//)).toEqual([]);
});
