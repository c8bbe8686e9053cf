import { Answer } from './answer';

/** The answer to a question, and why. */
export class Verdict {
  /** @internal */
  public constructor(
    /** Whether it passes. */
    public readonly answer: Answer,
    /** Each policy and rule that let it through or stopped it, on both sides, with the construct path or the file and line. */
    public readonly explanation: string,
    /** What is not known and decides, as sentences; nothing where the answer is known. */
    public readonly missing: string[],
  ) {}

  /** Whether all of it surely passes. */
  public get isAllowed(): boolean {
    return this.answer === Answer.ALLOWED;
  }

  /** Whether surely none of it passes. */
  public get isDenied(): boolean {
    return this.answer === Answer.DENIED;
  }

  /** The explanation. */
  public toString(): string {
    return this.explanation;
  }
}
