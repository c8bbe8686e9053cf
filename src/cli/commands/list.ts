import { Command } from 'commander';
import { BAD_INPUT, CommonOptions, more, PATHS, repeatable, withCommonOptions } from './common';
import type { ListFormat } from '../../report/list/list-report';

export interface ListOptions extends CommonOptions {
  readonly format: ListFormat;
  readonly namespace?: readonly string[];
  readonly workload?: readonly string[];
  readonly exposure?: boolean;
}

export function listCommand(program: Command): Command {
  const command = program.command('list')
    .summary('every connection that is allowed')
    .description('Lists every connection that is allowed. What the manifests do not hold is taken not to be, which a note says.')
    .argument('<path...>', PATHS)
    .addOption(repeatable('-n, --namespace <name>', 'only connections with an end in this namespace'))
    .addOption(repeatable('-w, --workload <ns/name>', 'only connections with this workload as an end'))
    .option('--exposure', 'also what the workloads are open to beyond those that are known');
  return withCommonOptions(command, ['text', 'json', 'csv', 'md', 'dot', 'mermaid', 'html']).addHelpText('after', more([
    ['cdk8s-netpol list dist', 'everything, as text'],
    ['kubectl get -A -o yaml ns,deploy,sts,ds,svc,netpol | cdk8s-netpol list -', 'of a running cluster'],
    ['cdk8s-netpol list dist --workload shop/api --exposure', 'one workload, and who else could come'],
    ['cdk8s-netpol list dist --format html --output map.html', 'a map to look at'],
  ], [[0, 'the list is complete'], BAD_INPUT]));
}
