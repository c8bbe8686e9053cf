import { spaceParties } from './address-space';
import { Member, Members } from './members';
import { Analysis } from '../analysis';
import { isOutside, PortMapping, seenClient, unreachable } from '../find-party';
import { isSamePod, Party } from '../party';

/** Two ends of a statement. */
export interface Pair {
  readonly source: Party;
  readonly destination: Party;
  /** Whether both are surely meant. */
  readonly sure: boolean;
  /** Where the destination was named by a Service. */
  readonly ports?: readonly PortMapping[];
  /** Where the source cannot get to the Service by itself: why. */
  readonly unreachable?: string;
}

/** Each with each; ranges of addresses in parts that fare alike. Between two addresses outside no policy has a say. */
export function* pairs(analysis: Analysis, sources: Members, destinations: Members): Iterable<Pair> {
  for (const from of sources.parties) {
    for (const to of destinations.parties) {
      // What a pod sends to itself never leaves it.
      if (!isSamePod(from.party, to.party)) { yield { ...through(analysis, from.party, to), sure: from.sure && to.sure }; }
    }
    for (const to of spaceParties(analysis, destinations.space, 'egress', from.party)) { yield { source: from.party, destination: to, sure: from.sure }; }
  }
  for (const to of destinations.parties) {
    for (const from of spaceParties(analysis, sources.space, 'ingress', to.party)) { yield { ...through(analysis, from, to), sure: to.sure }; }
  }
}

/** Who is outside is not always who a backend of a Service sees. */
function through(analysis: Analysis, source: Party, { party, ports, service }: Member): Omit<Pair, 'sure'> {
  const sentence = service && isOutside(source) ? unreachable(service) : undefined;
  return {
    source: seenClient(analysis, source, service).party,
    destination: party,
    ...(ports ? { ports } : {}),
    ...(sentence === undefined ? {} : { unreachable: sentence }),
  };
}
