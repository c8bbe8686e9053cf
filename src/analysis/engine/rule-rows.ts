import { Asked } from './asked';
import { CompiledEndpoint } from './compiled-endpoint';
import { CompiledRule } from './compiled-policy';
import { CompiledTraffic } from './compiled-traffic';
import { Always, InNamespace, NamespaceIs, Term } from './terms';
import { Answer } from '../../model/evaluate';
import { both, Matched, MAYBE, NO, YES } from '../../model/match';
import { answerOf, FACTS, NEXT } from '../../model/outcome';

/**
 * The rules of endpoints with few of them, as numbers in one list. Of a hundred thousand endpoints nothing is in the processor's cache, and each
 * object that is looked at costs more than what is worked out with it.
 */
export class RuleRows {
  private rows = new Int32Array(1024);
  private used = 0;

  /** Both by their numbers. */
  public constructor(private readonly terms: readonly Term[], private readonly traffics: readonly CompiledTraffic[]) {}

  /**
   * @param byDefault what it comes to where no rule surely matches
   * @param otherwise what passing on comes to
   * @returns where they are; `NO_ROWS` where they are not of the kind
   */
  public add(rules: readonly CompiledRule[], byDefault: number, otherwise: number): number {
    for (const { own, traffic } of rules) {
      if (!(own instanceof Always) || this.traffics[traffic.id] !== traffic) { return NO_ROWS; }
    }
    const at = this.used;
    this.used += HEAD + ROW * rules.length;
    if (this.used > this.rows.length) { this.grow(); }
    const { rows } = this;
    rows[at] = rules.length;
    rows[at + 1] = byDefault;
    rows[at + 2] = otherwise;
    let row = at + HEAD;
    for (const { traffic, peer, outcome } of rules) {
      rows[row] = namespaceOf(peer);
      rows[row + 1] = traffic.id;
      rows[row + 2] = peer.id;
      rows[row + 3] = outcome;
      row += ROW;
    }
    return at;
  }

  /* eslint-disable no-bitwise -- possible outcomes are bits */
  public answer(at: number, asked: Asked, peer: CompiledEndpoint): Answer {
    const { rows } = this;
    const { namespace } = peer;
    const end = at + HEAD + ROW * rows[at];
    let possible = 0;
    for (let row = at + HEAD; row < end; row += ROW) {
      const named = rows[row];
      if (named !== ANYWHERE && named !== namespace && namespace !== undefined) { continue; }
      const traffic = this.traffics[rows[row + 1]].test(asked);
      if (traffic === NO) { continue; }
      const other = this.terms[rows[row + 2]].test(peer);
      if (other === NO) { continue; }
      const matched = both<Matched>(traffic, other);
      possible |= matched === MAYBE ? rows[row + 3] | FACTS : rows[row + 3];
      if (matched === YES) { return this.settled(possible, at); }
    }
    return this.settled(possible | rows[at + 1], at);
  }

  private settled(outcome: number, at: number): Answer {
    return answerOf(outcome & NEXT ? outcome | this.rows[at + 2] : outcome);
  }
  /* eslint-enable no-bitwise */

  private grow(): void {
    const larger = new Int32Array(2 * Math.max(this.rows.length, this.used));
    larger.set(this.rows);
    this.rows = larger;
  }
}

export const NO_ROWS = -1;

/** How many rules there are, and what holds where none matches. */
const HEAD = 3;
/** Of a rule: the namespace of the peer, what travels, the peer, the outcome. */
const ROW = 4;

/** Of a peer that may be in any namespace, or outside all of them. */
const ANYWHERE = -2;

const namespaceOf = (peer: Term): number => (peer instanceof InNamespace || peer instanceof NamespaceIs ? peer.word : ANYWHERE);
