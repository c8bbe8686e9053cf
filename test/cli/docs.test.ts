import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { cli } from './support';
import { programFor } from '../../src/cli/program';

const ROOT = path.resolve(__dirname, '..', '..');
/** Where the examples of the page are run. */
const FOLDER = path.join(ROOT, 'examples', 'three-tier');
const PAGE = fs.readFileSync(path.join(ROOT, 'docs', 'cli.md'), 'utf8');

const program = programFor({ stdout: { write: () => Promise.resolve() }, stderr: { write: () => Promise.resolve() }, env: {} },
  { writeOut: () => undefined, writeErr: () => undefined }, () => undefined);

/** What the page says under the heading of a command. */
const section = (name: string): string => PAGE.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? '';
const common = PAGE.split('\n## Exit codes\n')[0];

test.each(program.commands.map(command => [command.name(), command] as const))('%s is on the page, with every option and every format', (name, command) => {
  const text = section(name);
  expect(text).not.toBe('');
  expect(PAGE).toContain(`[\`${name}\`](#${name})`);
  for (const option of command.options) {
    expect(`${text}${common}`).toContain(option.long!);
    if (option.short) { expect(`${text}${common}`).toContain(`\`${option.short}\``); }
    for (const choice of option.argChoices ?? []) { expect(text).toContain(`\`${choice}\``); }
  }
});

test('every option on the page is one of the program', () => {
  const known = new Set(['--help', '--version', ...program.commands.flatMap(({ options }) => options.map(({ long }) => long!))]);
  const named = [...PAGE.split('\n## In a pipeline\n')[0].matchAll(/`(--[a-z-]+)/g)].map(([, option]) => option);
  expect([...new Set(named)].filter(option => !known.has(option))).toEqual([]);
});

/** Each command of the page with the output that follows it. */
const examples = [...PAGE.matchAll(/```console\n\$ (.*)\n([^]*?)```/g)].map(([, command, output]) => [command, output] as const);

/** As a shell does it, for the few forms that the page uses. */
const words = (command: string): string[] => [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare);

test('the page has examples of every command', () => {
  for (const { name } of program.commands.map(command => ({ name: command.name() }))) {
    expect(examples.some(([command]) => command.includes(`cdk8s-netpol ${name} `))).toBe(true);
  }
});

/** Set it to write the page anew, and read what has changed. */
const WRITE = process.env.WRITE_CLI_PAGE !== undefined;
let page = PAGE;
afterAll(() => { if (WRITE) { fs.writeFileSync(path.join(ROOT, 'docs', 'cli.md'), page); } });

test.each(examples)('%s', async (command, output) => {
  const [before, after] = command.includes(' | ') ? command.split(' | ') : [undefined, command];
  const stdin = before === undefined ? undefined : execFileSync(words(before)[0], words(before).slice(1), { cwd: FOLDER, encoding: 'utf8' });
  const here = process.cwd();
  process.chdir(FOLDER);
  try {
    const { stdout, stderr } = await cli(words(after).slice(1), { stdin });
    if (WRITE) { page = page.replace(`$ ${command}\n${output}`, () => `$ ${command}\n${stdout}${stderr}`); return; }
    expect(output).toBe(`${stdout}${stderr}`);
  } finally {
    process.chdir(here);
  }
});
