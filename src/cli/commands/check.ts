import { Command, InvalidArgumentError, Option } from 'commander';
import { BAD_INPUT, CommonOptions, more, PATHS, withCommonOptions } from './common';

export interface CheckOptions extends CommonOptions {
  readonly format: 'text' | 'json' | 'junit' | 'sarif';
  readonly contract: string;
  readonly mutate?: boolean;
  readonly mutateLimit: number;
  readonly mutateMin?: number;
}

export function checkCommand(program: Command): Command {
  const command = program.command('check')
    .summary('hold the manifests against a contract')
    .description('Checks that the manifests allow and deny what a contract states. What cannot be known, or holds only for some requests, fails too.')
    .argument('<path...>', PATHS)
    .requiredOption('-c, --contract <file>', 'what must hold, as YAML; its schema is cdk8s-netpol/contract.schema.json')
    .option('--mutate', 'also test the contract: change the manifests in small ways, and name the changes that it does not notice')
    .addOption(new Option('--mutate-limit <n>', 'most changes to try, picked evenly').argParser(limit).default(200))
    .addOption(new Option('--mutate-min <percent>', 'exit with 1 when fewer of the changes are noticed').argParser(percent));
  return withCommonOptions(command, ['text', 'junit', 'sarif', 'json']).addHelpText('after', more([
    ['cdk8s-netpol check dist --contract contract.yaml', 'as text'],
    ['cdk8s-netpol check dist -c contract.yaml --format junit -o report.xml', 'for GitLab, Jenkins and others'],
    ['cdk8s-netpol check dist -c contract.yaml --format sarif -o report.sarif', 'for code scanning'],
    ['cdk8s-netpol check dist -c contract.yaml --mutate', 'would the contract notice a mistake?'],
  ], [[0, 'all of the contract holds'], [1, 'some of it does not, or cannot be known'], BAD_INPUT]));
}

function limit(value: string): number {
  if (!/^[1-9]\d{0,6}$/.test(value)) { throw new InvalidArgumentError('Use a number from 1.'); }
  return Number(value);
}

function percent(value: string): number {
  if (!/^(100|\d{1,2})$/.test(value)) { throw new InvalidArgumentError('Use a number from 0 to 100.'); }
  return Number(value);
}
