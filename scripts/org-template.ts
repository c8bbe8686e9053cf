/**
 * Builds examples/org-template as its readers would: an organisation's package on the packed library, tested, packed, and used by an app from
 * its own tarball. What the app writes goes to its `dist`, which is committed. Needs the compiled library, and no network: dependencies are
 * those of this repository.
 */
import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const ROOT = path.join(__dirname, '..');
const EXAMPLE = path.join(ROOT, 'examples', 'org-template');
const DEPENDENCIES = path.join(ROOT, 'node_modules');
const LIBRARY = 'cdk8s-netpol';

const NODE_PROGRAMS = { jsii: 'jsii/bin/jsii', jest: 'jest/bin/jest.js', pacmak: 'jsii-pacmak/bin/jsii-pacmak', tsc: 'typescript/bin/tsc', cdk8s: 'cdk8s-cli/bin/cdk8s' };

/** The output is shown only where the program fails. */
function run(cwd: string, program: keyof typeof NODE_PROGRAMS, ...args: string[]): void {
  execute(cwd, process.execPath, [path.join(DEPENDENCIES, NODE_PROGRAMS[program]), ...args]);
}

function execute(cwd: string, file: string, args: readonly string[]): string {
  const { CDK8S_NETPOL_CLUSTER: _, ...env } = process.env;
  try {
    return execFileSync(file, args, { cwd, env: { ...env, CDK8S_CHECK_UPGRADE: 'false' }, stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`${[path.basename(file), ...args].join(' ')} failed\n${stdout}\n${stderr}`);
  }
}

/** @returns the tarball */
function pack(folder: string, into: string): string {
  return path.join(into, execute(folder, 'npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', into]).trim());
}

/** As npm does it, without dependencies of its own. */
function unpack(tarball: string, folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  execute(folder, 'tar', ['-xzf', tarball, '--strip-components=1']);
}

/** A copy of a folder of the example, with the dependencies that this repository has. */
function place(name: string, scratch: string): { readonly folder: string; readonly modules: string } {
  const folder = path.join(scratch, name);
  const modules = path.join(folder, 'node_modules');
  fs.cpSync(path.join(EXAMPLE, name), folder, { recursive: true });
  fs.mkdirSync(modules);
  for (const dependency of fs.readdirSync(DEPENDENCIES)) { fs.symlinkSync(path.join(DEPENDENCIES, dependency), path.join(modules, dependency)); }
  return { folder, modules };
}

function outputOf(folder: string): Record<string, string> {
  return Object.fromEntries(fs.readdirSync(folder).sort().map(name => [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
}

function check(scratch: string): void {
  const say = (what: string) => process.stdout.write(`org-template: ${what}\n`);
  const library = pack(ROOT, scratch);

  const guardrails = place('guardrails', scratch);
  unpack(library, path.join(guardrails.modules, LIBRARY));
  run(guardrails.folder, 'jsii');
  say('the package of the organisation is a jsii library');
  run(guardrails.folder, 'tsc', '-p', 'test');
  run(guardrails.folder, 'jest', '--ci');
  say('its tests pass');
  run(guardrails.folder, 'pacmak', '--code-only', '--target', 'python');
  fs.accessSync(path.join(guardrails.folder, 'dist', 'python', 'src', 'acme_netpol', '__init__.py'));
  say('it has a binding for Python');
  const organisation = pack(guardrails.folder, scratch);

  const app = place('app', scratch);
  const installed = path.join(app.modules, 'acme-netpol');
  unpack(library, path.join(app.modules, LIBRARY));
  unpack(organisation, installed);
  run(app.folder, 'tsc');
  const synthesize = (output: string) => {
    run(app.folder, 'cdk8s', 'synth', '--output', output);
    return outputOf(path.join(app.folder, output));
  };
  const written = synthesize('dist');
  say(`the app on its tarball writes ${Object.keys(written).join(', ')}`);

  // As npm installs it where the versions that the app and the package ask for differ.
  unpack(library, path.join(installed, 'node_modules', LIBRARY));
  if (JSON.stringify(synthesize('two-copies')) !== JSON.stringify(written)) { throw new Error('two copies of the library in one app write something else than one'); }
  say('two copies of the library meet in it');

  const committed = path.join(EXAMPLE, 'app', 'dist');
  fs.rmSync(committed, { recursive: true, force: true });
  fs.cpSync(path.join(app.folder, 'dist'), committed, { recursive: true });
}

const scratch = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'netpol-org-template-'));
try { check(scratch); } finally { fs.rmSync(scratch, { recursive: true }); }
