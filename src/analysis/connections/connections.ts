import { Connection } from './connection-set';
import { ingressControllerConnections } from './ingress-controller';
import { compareTexts } from './order';
import { ConnectionEnd, Outside, outsideOf } from './outside';
import { PairTable } from './pair-table';
import { Look, PORTS_ALONE } from './probe';
import { Selection, selection } from './selection';
import { Analysis } from '../analysis';
import { Party } from '../party';

export interface ConnectionsOptions extends Selection {
  /**
   * How what is outside is divided.
   * @default - wherever a rule says so
   */
  readonly outside?: Outside;
  /**
   * What is asked beyond ports.
   * @default - nothing
   */
  readonly look?: Look;
}

/** A connection, with its ends. */
export interface PartyConnection extends Connection {
  readonly from: ConnectionEnd;
  readonly to: ConnectionEnd;
}

/**
 * Who may talk to whom: every pair of workloads, of a workload and what is outside, and of an ingress controller and a workload, of which
 * something passes, or may. Sorted by source, then by destination. With a selection: those that have a selected end.
 */
export function connections(analysis: Analysis, options: ConnectionsOptions = {}): PartyConnection[] {
  const wanted = selection(options);
  const isWanted = (from: Party, to: Party) => wanted(from) || wanted(to);
  const found = [...pairs(analysis, options.outside ?? outsideOf(analysis), isWanted, options.look)];
  const controller = ingressControllerConnections(analysis).filter(({ from, to }) => isWanted(from, to));
  if (controller.length === 0) { return found; }
  return [...found, ...controller].sort((a, b) => compareTexts(a.source, b.source) || compareTexts(a.destination, b.destination));
}

/** Of a workload and what is outside alone. */
export const outsideConnections = (analysis: Analysis, wanted: (party: Party) => boolean): PartyConnection[] =>
  [...pairs(analysis, outsideOf(analysis), (from, to) => !(from.workload && to.workload) && (wanted(from) || wanted(to)))];

/** Of workloads, and of a workload and what is outside. */
function* pairs(
  analysis: Analysis, outside: Outside, wanted: (from: Party, to: Party) => boolean, look: Look = PORTS_ALONE,
): Iterable<PartyConnection> {
  const roles: Role[] = [
    ...analysis.parties.map(party => ({ party, inside: true, source: true, destination: true })),
    ...outside.sources.map(party => ({ party, inside: false, source: true, destination: false })),
    ...outside.destinations.map(party => ({ party, inside: false, source: false, destination: true })),
  ];
  roles.sort((a, b) => compareTexts(a.party.text, b.party.text));
  const table = new PairTable(analysis, roles.map(({ party }) => party), party => roles[party].destination, look);
  for (const [source, from] of roles.entries()) {
    if (!from.source) { continue; }
    for (const destination of table.destinationsOf(source)) {
      const to = roles[destination];
      if (destination === source || !(from.inside || to.inside) || !wanted(from.party, to.party)) { continue; }
      const set = table.between(source, destination);
      if (set) { yield { source: from.party.text, destination: to.party.text, from: from.party, to: to.party, set }; }
    }
  }
}

interface Role {
  readonly party: Party;
  readonly inside: boolean;
  readonly source: boolean;
  readonly destination: boolean;
}
