import { CommonOptions } from './commands/common';
import { UsageError } from './usage-error';
import { AnalysisOptions } from '../analysis/options';
import { Cni } from '../cluster/cni';
import { IngressController } from '../cluster/ingress-controller';
import { Mesh } from '../cluster/mesh';
import { parseCidr } from '../model/cidr';

/** What the options of the command line say about the cluster. */
export function analysisOptions(options: CommonOptions, closed: boolean): AnalysisOptions {
  const { cni, mesh, ingressController, podCidr = [], nodeCidr = [], serviceCidr = [], apiServerCidr = [] } = options;
  const plugin = cni === undefined ? undefined : told('--cni', () => pluginOf(cni));
  const facts = mesh === undefined ? undefined : told('--mesh', () => Mesh.parse(mesh)._facts);
  const controller = ingressController === undefined ? undefined : told('--ingress-controller', () => IngressController.parse(ingressController));
  return {
    ...(plugin === undefined ? {} : { cni: plugin.name, features: Object.fromEntries(plugin.options.map(option => [option, true])) }),
    // Not the default of a program that writes policies, which is the oldest: nothing is known of what enforces these.
    ...(cni?.includes('@') ? { version: plugin?.version } : {}),
    ...(facts === undefined ? {} : { mesh: facts }),
    ...(controller === undefined ? {} : { ingressController: controller }),
    podCidrs: podCidr.map(text => told('--pod-cidr', () => parseCidr(text))),
    nodeCidrs: nodeCidr.map(text => told('--node-cidr', () => parseCidr(text))),
    serviceCidrs: serviceCidr.map(text => told('--service-cidr', () => parseCidr(text))),
    apiServerCidrs: apiServerCidr.map(text => told('--api-server-cidr', () => parseCidr(text))),
    closed,
  };
}

function pluginOf(text: string): Cni {
  if (/^@|@$|@\+/.test(text)) { throw new Error(`${JSON.stringify(text)}: state a name, such as calico, or a name and a version, such as calico@3.30`); }
  return Cni.parse(text);
}

function told<T>(option: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(`${option}: ${(error as Error).message}`);
  }
}
