import { Asked } from './asked';
import { CompiledEndpoint } from './compiled-endpoint';
import { CompiledPolicy, CompiledRule } from './compiled-policy';
import { Entry, shortened } from './rule-list';
import { TermIndex } from './term-index';
import { Words } from './words';
import { both, Matched, MAYBE, NO, Tri, YES } from '../../model/match';
import { DENY, FACTS, NEXT } from '../../model/outcome';
import { Combine } from '../../model/policy-set';

/** A policy that selects an endpoint, or may. */
export interface Selecting {
  readonly policy: CompiledPolicy;
  readonly selected: Tri;
}

/** What a stage has for an endpoint. */
export interface StageContent {
  /** In the order in which they are asked. */
  readonly rules: readonly CompiledRule[];
  /** By rule, whether its policy selects the endpoint; absent: all do. */
  readonly selected?: readonly Tri[];
  /** What it comes to where no rule surely matches. */
  readonly byDefault: number;
}

/** @param policies in the order in which they are asked */
export function stageOf(combine: Combine, policies: readonly Selecting[]): StageContent {
  const byDefault = closing(policies);
  if (areAskedAsStated(combine, policies)) {
    return { rules: policies.length === 1 ? policies[0].policy.rules : rulesOf(policies), byDefault };
  }
  const entries = policies.flatMap(({ policy: { rules }, ...rest }) => rules.map(rule => ({ rule, selected: rest.selected })));
  const ordered = shortened(combine === 'first-match' ? entries : deniesFirst(entries));
  const rules = ordered.map(({ rule }) => rule);
  return policies.every(one => one.selected === YES) ? { rules, byDefault } : { rules, byDefault, selected: ordered.map(entry => entry.selected) };
}

const rulesOf = ([first, ...more]: readonly Selecting[]): readonly CompiledRule[] =>
  first.policy.rules.concat(...more.map(({ policy }) => policy.rules));

function areAskedAsStated(combine: Combine, policies: readonly Selecting[]): boolean {
  let count = 0;
  for (const { policy: { rules }, selected } of policies) {
    count += rules.length;
    if (selected !== YES || count > FEW || (combine !== 'first-match' && rules.some(isDeny))) { return false; }
  }
  return true;
}

export const saysSomething = ({ rules, byDefault }: StageContent): boolean => rules.length > 0 || byDefault !== NEXT;

/** What one stage asks for all endpoints that the same policies select. */
export class StageRules {
  public readonly rules: readonly CompiledRule[];
  public readonly byDefault: number;
  private readonly selected: readonly Tri[] | undefined;
  private index?: TermIndex;

  public constructor({ rules, selected, byDefault }: StageContent, private readonly words: Words) {
    this.rules = rules;
    this.selected = selected;
    this.byDefault = byDefault;
  }

  /** The possible outcomes. */
  /* eslint-disable no-bitwise -- possible outcomes are bits */
  public ask(asked: Asked, own: CompiledEndpoint, peer: CompiledEndpoint): number {
    const index = this.indexed();
    const count = index ? index.find(peer) : this.rules.length;
    let possible = 0;
    for (let i = 0; i < count; i++) {
      const place = index ? index.found.all[i] : i;
      const matched = this.matches(place, asked, own, peer);
      if (matched === NO) { continue; }
      possible |= matched === MAYBE ? this.rules[place].outcome | FACTS : this.rules[place].outcome;
      if (matched === YES) { return possible; }
    }
    return possible | this.byDefault;
  }
  /* eslint-enable no-bitwise */

  /** The rules whose ends match, or may. */
  public rulesBetween(own: CompiledEndpoint, peer: CompiledEndpoint): CompiledRule[] {
    const index = this.indexed();
    const rules = index ? index.matches(peer).map(place => this.rules[place]) : this.rules;
    return rules.filter(rule => rule.peer.test(peer) !== NO && rule.own.test(own) !== NO);
  }

  private indexed(): TermIndex | undefined {
    if (this.index || this.rules.length <= FEW) { return this.index; }
    return this.index = new TermIndex(this.rules.map(({ peer }) => peer), this.words);
  }

  private matches(place: number, asked: Asked, own: CompiledEndpoint, peer: CompiledEndpoint): Matched {
    const rule = this.rules[place];
    const traffic = rule.traffic.test(asked);
    if (traffic === NO) { return NO; }
    const other = rule.peer.test(peer);
    if (other === NO) { return NO; }
    const matched = both<Matched>(traffic, both(other, rule.own.test(own)));
    return this.selected === undefined ? matched : both<Matched>(matched, this.selected[place]);
  }
}

/** So many are sooner tested than looked up. */
export const FEW = 8;

const isDeny = ({ outcome }: CompiledRule): boolean => outcome === DENY;

const deniesFirst = (entries: readonly Entry[]): readonly Entry[] => (entries.some(({ rule }) => isDeny(rule))
  ? [...entries.filter(({ rule }) => isDeny(rule)), ...entries.filter(({ rule }) => !isDeny(rule))]
  : entries);

/* eslint-disable-next-line no-bitwise -- possible outcomes are bits */
const MAY_CLOSE = NEXT | DENY | FACTS;

function closing(policies: readonly Selecting[]): number {
  let may = false;
  for (const { policy, selected } of policies) {
    if (!policy.isolates) { continue; }
    if (selected === YES) { return DENY; }
    may = true;
  }
  return may ? MAY_CLOSE : NEXT;
}
