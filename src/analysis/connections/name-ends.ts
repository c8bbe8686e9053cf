import { End, Ends } from './ends';
import { SideTable } from './side-table';
import { MAYBE, Tri, YES } from '../../model/match';
import { Analysis } from '../analysis';
import { LearnedNames } from '../learned-names';
import { Party } from '../party';

/** Names as sources see them that have not learned them, or perhaps: what policies say of names then does not hold, or is not known to. */
export class NameEnds {
  /** Two for each name, to stand behind all parties. */
  public static hiddenOf(parties: readonly Party[]): Party[] {
    return parties.filter(isName).flatMap(({ text, variants }) => [
      { text, variants: variants.map(variant => ({ ...variant, names: [] })) },
      { text, variants: variants.map(({ names: _, ...variant }) => variant) },
    ]);
  }

  private readonly hidden = new Map<End, readonly [End, End]>();
  private readonly known = new Map<string, Tri>();

  public constructor(parties: readonly Party[], ends: Ends, private readonly egress: SideTable, private readonly analysis: Analysis) {
    let next = parties.length;
    for (const [i, party] of parties.entries()) {
      if (!isName(party)) { continue; }
      const [forgotten, unsure] = [ends.of[next++], ends.of[next++]];
      ends.of[i].forEach((end, k) => this.hidden.set(end, [forgotten[k], unsure[k]]));
    }
  }

  /** The destination as the policies of the source see it. */
  public asSeen(source: End, destination: End): End {
    const hidden = this.hidden.get(destination);
    if (!hidden) { return destination; }
    const learned = this.learned(source, destination.endpoint.names![0]);
    return learned === YES ? destination : learned === MAYBE ? hidden[1] : hidden[0];
  }

  private learned(source: End, name: string): Tri {
    if (this.analysis.cluster.cni !== 'cilium') { return YES; }
    const { number, policies } = this.egress.classOf(source);
    const key = `${number} ${name}`;
    let learned = this.known.get(key);
    if (learned === undefined) {
      const names = new LearnedNames({ pipeline: this.analysis.set.pipeline, policies }, this.analysis.engine.profile);
      this.known.set(key, learned = names.learns(source.endpoint, name));
    }
    return learned;
  }
}

const isName = ({ variants: [variant] }: Party): boolean => variant?.kind === 'external' && variant.names?.length === 1;
