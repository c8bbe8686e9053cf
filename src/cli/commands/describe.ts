import { Command } from 'commander';
import { BAD_INPUT, CommonOptions, more, PATHS, withCommonOptions } from './common';

export interface DescribeOptions extends CommonOptions {
  readonly format: 'text' | 'json';
}

export function describeCommand(program: Command): Command {
  const command = program.command('describe')
    .summary('all that policies say about one workload')
    .description('Describes one workload: the policies that select it, what they close and allow, and which of their rules change nothing.')
    .usage('[options] <path...> <ns/workload>')
    .argument('<path...>', `${PATHS}; and last the workload`);
  return withCommonOptions(command, ['text', 'json']).addHelpText('after', more([
    ['cdk8s-netpol describe dist shop/api', 'a workload'],
    ['cdk8s-netpol describe base overlays/prod shop/api', 'of several folders'],
    ['kubectl get -A -o yaml all,netpol | cdk8s-netpol describe - shop/api', 'of a running cluster'],
  ], [[0, 'it is described'], BAD_INPUT]));
}
