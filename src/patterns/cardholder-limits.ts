import { Port } from '../constructs/port';
import { containsCidr, familyOf } from '../model/cidr';
import { groupBy } from '../model/group-by';
import { mergeRanges } from '../model/traffic';

/** What "those that are needed" can still mean. PCI DSS has no numbers: these keep a list from saying everything in pieces. */

/** Of one protocol, in one connection. */
const MOST_PORTS = 1024;
/** The shortest prefixes of a network of one's own: the largest private ones. */
const SHORTEST_TRUSTED = { 4: 8, 6: 16 } as const;
const PRIVATE_V6 = 'fc00::/7';

/** What is wrong with the ports of a connection, as the end of a sentence. */
export function portsProblem(ports: readonly Port[]): string | undefined {
  for (const port of ports) {
    const boxes = port._traffic;
    if (boxes.some(({ destinationPorts, icmp }) => !destinationPorts && !icmp)) { return `${port} says every port, and PCI DSS 1.2.5 asks for those that are needed; state their numbers`; }
    if (boxes.some(({ destinationPorts }) => destinationPorts && destinationPorts.names.length > 0)) {
      return `${port} is a name, which a container may give to any port, and PCI DSS 1.2.5 asks for those that are needed; state their numbers`;
    }
  }
  const boxes = ports.flatMap(port => port._traffic).filter(({ destinationPorts }) => destinationPorts);
  for (const alike of groupBy(boxes, ({ protocols }) => JSON.stringify(protocols)).values()) {
    const ranges = mergeRanges(alike.flatMap(({ destinationPorts }) => destinationPorts?.ranges ?? []));
    const open = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
    if (open > MOST_PORTS) { return `${ports.join(', ')} are ${open} ports, and PCI DSS 1.2.5 asks for those that are needed; state at most ${MOST_PORTS} of a protocol in one connection`; }
  }
  return undefined;
}

/** What is wrong with a range that is said to be a network of one's own. */
export function trustedProblem(cidr: string): string | undefined {
  const family = familyOf(cidr);
  const shortest = SHORTEST_TRUSTED[family];
  return Number(cidr.split('/')[1]) >= shortest || (family === 6 && containsCidr(PRIVATE_V6, cidr)) ? undefined
    : `trusts ${cidr}, which is more than any network of your own; state the ranges of your networks, none larger than /${shortest}`;
}
