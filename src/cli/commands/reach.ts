import { Command, InvalidArgumentError, Option } from 'commander';
import { BAD_INPUT, CommonOptions, more, PATHS, withCommonOptions } from './common';

export interface ReachOptions extends CommonOptions {
  readonly format: 'text' | 'json' | 'mermaid';
  readonly from: string;
  readonly hops: number | 'all';
}

export function reachCommand(program: Command): Command {
  const command = program.command('reach')
    .summary('what somebody in a workload could get to')
    .description('Blast radius of a workload: what it reaches, directly and by way of others, by which rules, and where data could leave.')
    .argument('<path...>', PATHS)
    .requiredOption('--from <ns/workload>', 'where somebody has got in')
    .addOption(new Option('--hops <n|all>', 'how many connections in a row').argParser(hops).default('all'));
  return withCommonOptions(command, ['text', 'json', 'mermaid']).addHelpText('after', more([
    ['cdk8s-netpol reach dist --from shop/web', 'everything that can be reached'],
    ['cdk8s-netpol reach dist --from shop/web --hops 1', 'only at once'],
    ['cdk8s-netpol reach dist --from shop/web --format mermaid', 'as a picture'],
  ], [[0, 'it is worked out'], BAD_INPUT]));
}

function hops(value: string): number | 'all' {
  if (value === 'all') { return 'all'; }
  if (!/^[1-9]\d{0,5}$/.test(value)) { throw new InvalidArgumentError('Use a number from 1, or all.'); }
  return Number(value);
}
