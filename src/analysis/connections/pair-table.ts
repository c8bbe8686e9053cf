import { ConnectionSet } from './connection-set';
import { Ends } from './ends';
import { EndIndex } from './matching-ends';
import { NameEnds } from './name-ends';
import { connectionSetOf } from './outcome';
import { Outcomes } from './outcomes';
import type { Look } from './probe';
import { SideTable } from './side-table';
import { Analysis } from '../analysis';
import { canMeet, Party } from '../party';

/** What the policies say of pairs of parties, and between whom anything may pass at all. */
export class PairTable {
  private readonly ends: Ends;
  private readonly outcomes = new Outcomes();
  private readonly egress: SideTable;
  private readonly ingress: SideTable;
  /** To which peers may come that none of their rules names. */
  private readonly openDestinations: readonly number[];
  /** By source: the other destinations whose rules name it. */
  private readonly known = new Map<number, number[]>();
  private readonly sets: ConnectionSet[] = [];

  private readonly names: NameEnds;

  public constructor(
    analysis: Analysis,
    private readonly parties: readonly Party[],
    private readonly isDestination: (party: number) => boolean,
    private readonly look: Look,
  ) {
    const { engine } = analysis;
    this.ends = new Ends([...parties, ...NameEnds.hiddenOf(parties)]);
    const index = new EndIndex(this.ends, engine.profile);
    this.egress = new SideTable('egress', engine, this.ends, index, this.outcomes, look);
    this.ingress = new SideTable('ingress', engine, this.ends, index, this.outcomes, look);
    this.names = new NameEnds(parties, this.ends, this.egress, analysis);
    const destinations = parties.map((_, party) => party).filter(isDestination);
    const isOpen = (party: number) => this.ends.of[party].some(end => this.ingress.classOf(end).open);
    this.openDestinations = destinations.filter(isOpen);
    for (const destination of destinations) {
      if (isOpen(destination)) { continue; }
      for (const source of this.namedPeers(this.ingress, destination)) {
        const list = this.known.get(source);
        if (list) { list.push(destination); } else { this.known.set(source, [destination]); }
      }
    }
  }

  /** The destinations to which anything may pass, in their order. Of most of them something does. */
  public destinationsOf(source: number): readonly number[] {
    if (!this.ends.of[source].some(end => this.egress.classOf(end).open)) {
      return [...this.namedPeers(this.egress, source)].filter(this.isDestination).sort((a, b) => a - b);
    }
    const named = this.known.get(source) ?? [];
    return named.length === 0 ? this.openDestinations : [...this.openDestinations, ...named].sort((a, b) => a - b);
  }

  /** Undefined where nothing passes. */
  public between(source: number, destination: number): ConnectionSet | undefined {
    const ways: number[] = [];
    for (const from of this.ends.of[source]) {
      for (const to of this.ends.of[destination]) {
        if (!canMeet(from.endpoint, to.endpoint)) { continue; }
        ways.push(this.outcomes.both(this.egress.outcome(from, this.names.asSeen(from, to)), this.ingress.outcome(to, from)));
      }
    }
    if (ways.length === 0) { return undefined; }
    const outcome = ways.length === 1 ? ways[0] : this.outcomes.agreed(ways);
    return this.outcomes.isNothing(outcome) ? undefined : (this.sets[outcome] ??= connectionSetOf(this.outcomes.get(outcome), this.look.probes));
  }

  private namedPeers(side: SideTable, party: number): Set<number> {
    const found = new Set<number>();
    for (const end of this.ends.of[party]) {
      for (const peer of side.classOf(end).exceptions.keys()) {
        const { party: other } = this.ends.all[peer];
        if (other < this.parties.length) { found.add(other); }
      }
    }
    return found;
  }
}
