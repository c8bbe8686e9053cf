import { Command, Option } from 'commander';

/** What every command understands. */
export interface CommonOptions {
  readonly cni?: string;
  readonly mesh?: string;
  readonly ingressController?: string;
  readonly podCidr?: readonly string[];
  readonly nodeCidr?: readonly string[];
  readonly serviceCidr?: readonly string[];
  readonly apiServerCidr?: readonly string[];
  readonly output?: string;
  readonly color: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

export const PATHS = 'folders and files of manifests, or - for standard input';

const each = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** An option that may be given several times. */
export const repeatable = (flags: string, description: string): Option => new Option(flags, `${description} (repeatable)`).argParser(each);

/** @param formats the first is the default */
export function withCommonOptions(command: Command, formats: readonly string[]): Command {
  if (formats.length > 0) { command.addOption(new Option('-f, --format <format>', 'form of the answer').choices(formats).default(formats[0])); }
  return command
    .option('-o, --output <file>', 'write the answer to a file, all of it or nothing')
    .option('--cni <name[@version][+option]>', 'CNI of the cluster, such as cilium+hostFirewall, calico@3.30 or kubernetes (default: by the kinds of policies)')
    .option('--mesh <kind>', 'mesh of the workloads: istio-sidecar, istio-ambient or linkerd (default: who is whom in a mesh is not known)')
    .option('--ingress-controller <name[@namespace]>', 'what {ingress-controller} is, such as ingress-nginx or traefik@kube-system (default: a pod that may be anywhere)')
    .addOption(repeatable('--pod-cidr <cidr>', 'addresses of the pods'))
    .addOption(repeatable('--node-cidr <cidr>', 'addresses of the nodes'))
    .addOption(repeatable('--service-cidr <cidr>', 'addresses of the Services'))
    .addOption(repeatable('--api-server-cidr <cidr>', 'addresses of the API server'))
    .option('--no-color', 'no colours, also on a terminal')
    .option('-q, --quiet', 'no notes and no progress; problems and errors are still told')
    .option('--debug', 'where an error of the program itself happened');
}

type Example = readonly [command: string, why: string];
type Meaning = readonly [code: number, when: string];

/** What follows the options in the help of a command. */
export function more(examples: readonly Example[], exitCodes: readonly Meaning[]): string {
  const width = Math.max(...examples.map(([command]) => command.length));
  return [
    '', 'Examples:', ...examples.map(([command, why]) => `  $ ${command.padEnd(width)}  # ${why}`),
    '', 'Exit codes:', ...exitCodes.map(([code, when]) => `  ${code}  ${when}`), '',
  ].join('\n');
}

export const BAD_INPUT = [2, 'bad usage or input, or a part of the input could not be read'] as const;
