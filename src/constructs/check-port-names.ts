import type { PodTemplate } from './pod-template';
import type { PolicyStatement } from './policy-statement';
import { Port } from './port';
import type { Workload } from './workload';
import { portProtocols } from '../model/traffic';

/**
 * A name that no container port has would match nothing, in silence.
 * @param owners whose containers have the ports, where they are known
 * @throws when a name is not that of exactly one container port
 */
export function checkPortNames(policy: PolicyStatement, port: Port, owners: () => readonly Workload[]): void {
  const named = port._traffic.filter(box => (box.destinationPorts?.names ?? []).length > 0);
  if (named.length === 0) { return; }
  for (const owner of owners()) {
    const pods = owner._pods();
    for (const box of pods ? named : []) {
      for (const name of box.destinationPorts!.names) { checkPortName(policy, name, portProtocols(box) ?? [], owner, pods!.ports); }
    }
  }
}

function checkPortName(policy: PolicyStatement, name: string, protocols: readonly string[], owner: Workload, ports: PodTemplate['ports']): void {
  const found = ports.filter(candidate => candidate.name === name);
  if (found.length === 0) {
    const known = ports.map(candidate => candidate.name).filter(candidate => candidate !== undefined);
    throw new Error(`${policy}: no container port of ${owner} is named ${JSON.stringify(name)}; ${known.length > 0 ? `there are ${known.join(', ')}` : 'none has a name'}`);
  }
  if (new Set(found.map(({ port: number, protocol }) => `${protocol} ${number}`)).size > 1) {
    throw new Error(`${policy}: several container ports of ${owner} are named ${JSON.stringify(name)}, and CNIs differ on which is meant; give them different names, or state the port number`);
  }
  const [{ protocol }] = found;
  if (!protocols.includes(protocol)) {
    throw new Error(`${policy}: the container port ${JSON.stringify(name)} of ${owner} is ${protocol}, not ${protocols.join(', ')}; say Port.named(${JSON.stringify(name)}, Protocol.${protocol})`);
  }
}
