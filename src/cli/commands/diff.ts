import { Command, Option } from 'commander';
import { BAD_INPUT, CommonOptions, more, repeatable, withCommonOptions } from './common';
import type { DiffFormat } from '../../report/diff/diff-report';

export interface DiffOptions extends CommonOptions {
  readonly format: DiffFormat;
  readonly namespace?: readonly string[];
  readonly workload?: readonly string[];
  readonly failOn?: 'opened' | 'closed' | 'any';
}

export function diffCommand(program: Command): Command {
  const command = program.command('diff')
    .summary('which connections a change opens and closes')
    .description('Compares the connections of two versions of the manifests.')
    .argument('<old>', 'folder or file of the manifests before, or - for standard input')
    .argument('<new>', 'folder or file of the manifests after, or - for standard input')
    .addOption(repeatable('-n, --namespace <name>', 'only connections with an end in this namespace'))
    .addOption(repeatable('-w, --workload <ns/name>', 'only connections with this workload as an end'))
    .addOption(new Option('--fail-on <change>', 'exit with 1 when there is such a change').choices(['opened', 'closed', 'any']));
  return withCommonOptions(command, ['text', 'json', 'csv', 'md', 'dot']).addHelpText('after', more([
    ['cdk8s-netpol diff main/dist dist', 'as text'],
    ['cdk8s-netpol diff main/dist dist --format md', 'for a comment on a pull request'],
    ['cdk8s-netpol diff main/dist dist --fail-on opened', 'as a gate: nothing may open unseen'],
  ], [[0, 'there is no change that --fail-on names'], [1, 'there is one'], BAD_INPUT]));
}
