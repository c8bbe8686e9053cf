import { CompiledEndpoint } from './compiled-endpoint';
import { CompiledPolicy } from './compiled-policy';
import { RuleRows } from './rule-rows';
import { EMPTY, Sequences } from './sequences';
import { Side, sideOf } from './side';
import { Selecting } from './stage-rules';
import { TermIndex } from './term-index';
import { Term } from './terms';
import { Words } from './words';
import { both, MAYBE, NO, Tri, YES } from '../../model/match';
import { Direction, Pipeline } from '../../model/policy-set';

/** Finds the policies that select an endpoint. Policies with one subject are looked up together. */
export class Selection {
  private readonly subjects: readonly Subject[];
  private readonly index: TermIndex;
  private readonly sequences = new Sequences();
  private readonly bySignature = new Map<number, Sides>();

  public constructor(
    private readonly pipeline: Pipeline, policies: readonly CompiledPolicy[], private readonly words: Words, private readonly rows: RuleRows,
  ) {
    const subjects = new Map<Term, CompiledPolicy[]>();
    for (const policy of policies) {
      const known = subjects.get(policy.subject);
      if (known) { known.push(policy); } else { subjects.set(policy.subject, [policy]); }
    }
    this.subjects = [...subjects].map(([term, own]) => ({ term, policies: own }));
    this.index = new TermIndex(this.subjects.map(({ term }) => term), words);
  }

  /** Endpoints that the same policies select have their rules in common. */
  public sidesOf(endpoint: CompiledEndpoint): Sides {
    const matched: Matched[] = [];
    let signature = EMPTY;
    for (let count = this.index.find(endpoint), i = 0; i < count; i++) {
      const place = this.index.found.all[i];
      const subject = this.subjects[place];
      const selected = subject.term.test(endpoint);
      if (selected === NO) { continue; }
      matched.push({ subject, selected });
      signature = this.sequences.append(signature, 2 * place + (selected === YES ? 1 : 0));
    }
    let sides = this.bySignature.get(signature);
    if (!sides) { this.bySignature.set(signature, sides = this.sides(matched)); }
    return sides;
  }

  private sides(matched: readonly Matched[]): Sides {
    const egress: Selecting[] = [];
    const ingress: Selecting[] = [];
    for (const { subject, selected } of matched) {
      for (const policy of subject.policies) { (policy.direction === 'egress' ? egress : ingress).push(selectingOf(policy, selected)); }
    }
    return { egress: this.side(egress), ingress: this.side(ingress) };
  }

  private side(selecting: Selecting[]): Side {
    return sideOf(this.pipeline, isInOrder(selecting) ? selecting : selecting.sort((a, b) => a.policy.rank - b.policy.rank), this.words, this.rows);
  }
}

/** Most lists are short, and in order. */
const isInOrder = (selecting: readonly Selecting[]): boolean =>
  selecting.every(({ policy }, i) => i === 0 || selecting[i - 1].policy.rank < policy.rank);

/** What the policies of an endpoint say. */
export type Sides = Readonly<Record<Direction, Side>>;

interface Subject {
  readonly term: Term;
  readonly policies: readonly CompiledPolicy[];
}

interface Matched {
  readonly subject: Subject;
  readonly selected: Tri;
}

/** What a hook decides depends on more than the flow. */
const selectingOf = (policy: CompiledPolicy, selected: Tri): Selecting =>
  ({ policy, selected: policy.hook === undefined ? selected : both(selected, MAYBE) });
