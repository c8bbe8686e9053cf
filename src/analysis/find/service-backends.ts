import { Known } from './known';
import { Party } from '../party';
import { addressParty } from '../world/external-parties';
import { ContainerPort } from '../world/pod-shape';
import { PortProtocol, Service, ServicePort, Workload } from '../world/world';

/** What a port of a Service becomes at one of its backends. */
export interface PortMapping {
  readonly party: Party;
  readonly protocol: PortProtocol;
  /** Of the Service. */
  readonly port: number;
  /** Of the backend; absent where the port has a name that no container of it gives to one of its ports. */
  readonly target?: number;
  readonly targetName?: string;
}

/** The ends that answer for a Service, with their ports. */
export function backendsOf(service: Service, ports: readonly ServicePort[], known: Known): PortMapping[] {
  const selected = service.selector ? known.workloadsIn(service.namespace).filter(({ workload }) => selects(service, workload!)) : [];
  if (selected.length > 0) { return selected.flatMap(party => ports.flatMap(port => targetsOf(port, party))); }
  return (service.endpoints ?? []).flatMap(endpoints => {
    const parties = endpoints.addresses.map(address => known.atAddress(address) ?? addressParty(address));
    return [...new Set(parties)].flatMap(party => ports.flatMap(({ name, port, protocol, target }) => endpoints.ports
      .filter(own => own.protocol === protocol && (own.name === name || ports.length === 1 || own.port === target))
      .map((own): PortMapping => ({ party, protocol, port, target: own.port }))));
  });
}

/** Whether some of its pods are selected. */
function selects({ selector }: Service, workload: Workload): boolean {
  return (workload.shapes ?? [workload]).some(({ labels }) =>
    Object.entries(selector!).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value));
}

function targetsOf({ port, protocol, target }: ServicePort, party: Party): PortMapping[] {
  if (typeof target === 'number') { return [{ party, protocol, port, target }]; }
  const shapes = party.workload?.shapes ?? (party.workload ? [party.workload] : []);
  const named = shapes.flatMap(({ ports }) => ports.filter((own: ContainerPort) => own.name === target && own.protocol === protocol));
  const numbers = new Set(named.map(own => own.port));
  if (numbers.size === 0) { return [{ party, protocol, port, targetName: target }]; }
  return [...numbers].map(number => ({ party, protocol, port, target: number, targetName: target }));
}
