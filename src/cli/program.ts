import { Command } from 'commander';
import { ACTIONS } from './actions/index';
import { checkCommand } from './commands/check';
import { CommonOptions } from './commands/common';
import { describeCommand } from './commands/describe';
import { diffCommand } from './commands/diff';
import { explainCommand } from './commands/explain';
import { listCommand } from './commands/list';
import { reachCommand } from './commands/reach';
import { Context } from './context';
import { ExitCode } from './exit-code';
import { Io } from './io';
import { versionOf } from './version';

export interface Output {
  writeOut(text: string): void;
  writeErr(text: string): void;
}

/** The commands and their options; what they do is loaded when it is asked for. */
export function programFor(io: Io, output: Output, done: (code: ExitCode) => void): Command {
  const program = new Command('cdk8s-netpol')
    .description('Who may talk to whom, why, and what a change does: from Kubernetes, Cilium, Calico, ClusterNetworkPolicy and Istio manifests alone.')
    .configureOutput({ ...output, getOutHasColors: () => false, getErrHasColors: () => false })
    .configureHelp({ helpWidth: 100, showGlobalOptions: false })
    .exitOverride()
    .showHelpAfterError('(add --help for usage and examples)')
    .version(versionOf(), '-V, --version')
    .addHelpText('after', [
      '', 'Examples:',
      '  $ cdk8s-netpol list dist',
      '  $ cdk8s-netpol explain dist --from shop/web --to shop/api --port 8080',
      '  $ cdk8s-netpol check dist --contract contract.yaml',
      '', 'Exit codes:',
      '  0  what was asked for holds', '  1  it is violated', '  2  bad usage or input, or a part of the input could not be read', '',
    ].join('\n'));

  const context = (options: CommonOptions) => new Context(io, options);
  listCommand(program).action(async (paths, options) => done(await ACTIONS.list()(context(options), paths, options)));
  explainCommand(program).action(async (paths, options) => done(await ACTIONS.explain()(context(options), paths, options)));
  describeCommand(program).action(async (paths, options) => done(await ACTIONS.describe()(context(options), paths, options)));
  reachCommand(program).action(async (paths, options) => done(await ACTIONS.reach()(context(options), paths, options)));
  diffCommand(program).action(async (before, after, options) => done(await ACTIONS.diff()(context(options), before, after, options)));
  checkCommand(program).action(async (paths, options) => done(await ACTIONS.check()(context(options), paths, options)));
  return program;
}
