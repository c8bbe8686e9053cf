import { Command } from 'commander';
import { BAD_INPUT, CommonOptions, more, PATHS, withCommonOptions } from './common';

export interface ExplainOptions extends CommonOptions {
  readonly format: 'text' | 'json';
  readonly from?: string;
  readonly to?: string;
  readonly port?: string;
  readonly http?: string;
  readonly host?: string;
  readonly dns?: string;
  readonly flow?: string;
}

export function explainCommand(program: Command): Command {
  const command = program.command('explain')
    .summary('why a connection is allowed or not')
    .description('Says whether a connection is allowed, and by which policies and rules on both sides.')
    .argument('<path...>', PATHS)
    .option('--from <end>', 'who connects: ns/workload, ns/pod, an address or a CIDR, {ingress-controller}')
    .option('--to <end>', 'to whom: ns/workload, ns/pod, svc/ns/name[:port], an address or a CIDR, a domain name')
    .option('-p, --port <port[/protocol]>', 'such as 8080, 53/udp, http (a name), icmp or icmp/8; not needed for a Service, or where the workload has one port')
    .option('--http <"METHOD /path">', 'a request, such as "GET /api"')
    .option('--host <name>', 'the host that the request names')
    .option('--dns <name>', 'a DNS query for this name')
    .option('--flow <line>', 'a flow as Hubble or Goldmane prints it, instead of --from, --to and --port');
  return withCommonOptions(command, ['text', 'json']).addHelpText('after', more([
    ['cdk8s-netpol explain dist --from shop/web --to shop/api --port 8080', 'two workloads'],
    ['cdk8s-netpol explain dist --from shop/web --to svc/shop/api:http', 'by way of a Service'],
    ['cdk8s-netpol explain dist --from shop/web --to shop/api -p 8080 --http "GET /api"', 'one request'],
    ['cdk8s-netpol explain dist --from shop/api --to api.stripe.com --port 443', 'a domain name'],
  ], [[0, 'allowed, in every way in which the two may meet'], [1, 'denied; partial: not every request passes; or unknown: facts are missing'], BAD_INPUT]));
}
