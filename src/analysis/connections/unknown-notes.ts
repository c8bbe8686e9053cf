import { hasNoPorts, PORT_PROTOCOLS } from './connection-set';
import { PartyConnection } from './connections';
import { PROTOCOL_NUMBERS } from '../../model/traffic';
import { Analysis } from '../analysis';
import { explain } from '../explain/explain';
import { Traffic } from '../party';

/** That many are looked at: others are mostly unknown for the same reasons. */
const MOST_LOOKED_AT = 200;
const MOST_REASONS = 5;

interface Reason {
  readonly text: string;
  readonly example: PartyConnection;
  count: number;
}

/** Why ports of some connections are unknown: each reason once, with a connection of which it is one. */
export function unknownNotes(analysis: Analysis, connections: readonly PartyConnection[]): string[] {
  const unknown = connections.filter(({ set }) => !hasNoPorts(set.unknown));
  const reasons = new Map<string, Reason>();
  for (const connection of spread(unknown, MOST_LOOKED_AT)) {
    const { from, to, source, destination } = connection;
    for (const sentence of explain(analysis, from, to, exampleOf(connection)).missing) {
      const key = sentence.replaceAll(source, '{source}').replaceAll(destination, '{destination}');
      const known = reasons.get(key);
      if (known) { known.count++; } else { reasons.set(key, { text: sentence, example: connection, count: 1 }); }
    }
  }
  const sorted = [...reasons.values()].sort((a, b) => b.count - a.count);
  const more = sorted.length - MOST_REASONS;
  return [
    ...sorted.slice(0, MOST_REASONS).map(noteOf),
    ...more > 0 ? [`and for ${more} more ${more === 1 ? 'reason' : 'reasons'}; explain tells those of a connection`] : [],
  ];
}

const noteOf = ({ text, example: { source, destination, from, to } }: Reason): string => {
  const hosts = [from, to].filter(({ workload }) => workload?.hostNetwork).map(party => party.text);
  const because = hosts.length > 0 ? `; ${hosts.join(' and ')} ${hosts.length === 1 ? 'is' : 'are'} on the network of a node` : '';
  return `Unknown, as of ${source} => ${destination}, depends on ${text}${because}`;
};

/** As many of the items, from everywhere among them. */
const spread = <T>(items: readonly T[], most: number): readonly T[] =>
  (items.length <= most ? items : Array.from({ length: most }, (_, i) => items[Math.floor(i * items.length / most)]));

/** A port that is unknown. */
function exampleOf({ set: { unknown } }: PartyConnection): Traffic {
  const protocol = PORT_PROTOCOLS.find(each => unknown[each] !== undefined)!;
  return { protocol: PROTOCOL_NUMBERS[protocol], port: unknown[protocol]![0][0] };
}
