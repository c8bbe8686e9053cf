import { combineOutcomes, Outcome, outcomeText, passesNothing } from './outcome';
import { allAllow, Answer } from '../../model/evaluate';

/** Outcomes, numbered: few are distinct. */
export class Outcomes {
  private readonly all: Outcome[] = [];
  private readonly nothing: boolean[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly combined = new Map<number, number>();

  public add(outcome: Outcome): number {
    const text = outcomeText(outcome);
    let number = this.numbers.get(text);
    if (number === undefined) {
      this.numbers.set(text, number = this.all.length);
      this.all.push(outcome);
      this.nothing.push(passesNothing(outcome));
    }
    return number;
  }

  public get(number: number): Outcome {
    return this.all[number];
  }

  public isNothing(number: number): boolean {
    return this.nothing[number];
  }

  /** Both must allow. */
  public both(one: number, other: number): number {
    if (one === other) { return one; }
    const key = one * MOST + other;
    let combined = this.combined.get(key);
    if (combined === undefined) { this.combined.set(key, combined = this.add(combineOutcomes([this.all[one], this.all[other]], allAllow))); }
    return combined;
  }

  /** What each of them says; unknown where they differ. */
  public agreed(numbers: readonly number[]): number {
    if (numbers.every(number => number === numbers[0])) { return numbers[0]; }
    return this.add(combineOutcomes(numbers.map(number => this.all[number]), oneAnswer));
  }
}

const MOST = 2 ** 26;

const oneAnswer = (answers: readonly Answer[]): Answer => (answers.every(answer => answer === answers[0]) ? answers[0] : 'unknown');
