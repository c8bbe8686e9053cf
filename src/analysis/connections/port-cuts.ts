import { PORT_PROTOCOLS, PortProtocol } from './connection-set';
import { PortCuts } from './outcome';
import { Endpoint } from '../../model/match';
import { Policy } from '../../model/policy-set';
import { PortSet, PROTOCOL_NUMBERS, inRanges } from '../../model/traffic';

/** Where some policies may change their answer: at the ports of their rules, and at the ports of a destination that these name. */
export class CutsOf {
  private readonly numbers: Record<PortProtocol, Set<number>> = { SCTP: new Set(), TCP: new Set(), UDP: new Set() };
  private readonly names = new Set<string>();

  public constructor(policies: readonly Policy[]) {
    for (const { match: { traffic } } of policies.flatMap(({ rules }) => rules)) {
      for (const { protocols, destinationPorts } of traffic) {
        if (!destinationPorts) { continue; }
        namesOf(destinationPorts).forEach(name => this.names.add(name));
        const starts = destinationPorts.ranges.flatMap(([first, last]) => [first, last + 1]);
        for (const protocol of PORT_PROTOCOLS) {
          if (inRanges(protocols, PROTOCOL_NUMBERS[protocol])) { starts.forEach(start => this.numbers[protocol].add(start)); }
        }
      }
    }
  }

  public at(destination: Endpoint): PortCuts {
    const named = (destination.ports ?? []).filter(({ name }) => name !== undefined && this.names.has(name));
    const cuts = (protocol: PortProtocol): number[] => {
      const own = named.filter(port => port.protocol === protocol).flatMap(({ port }) => [port, port + 1]);
      return [...new Set([...this.numbers[protocol], ...own])].filter(start => start > 1 && start <= 65535).sort((a, b) => a - b);
    };
    return { SCTP: cuts('SCTP'), TCP: cuts('TCP'), UDP: cuts('UDP') };
  }
}

export const namesOf = ({ names, exceptNames = [] }: PortSet): readonly string[] => [...names, ...exceptNames];

/** The names that any rule asks a container port for. */
export function portNamesIn(policies: readonly Policy[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { rules } of policies) {
    for (const { match: { traffic } } of rules) {
      for (const { sourcePorts, destinationPorts } of traffic) {
        for (const set of [sourcePorts, destinationPorts]) { if (set) { namesOf(set).forEach(name => names.add(name)); } }
      }
    }
  }
  return names;
}
