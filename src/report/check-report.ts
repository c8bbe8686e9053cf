import { Statement } from '../analysis/contract/statement';
import { Violation } from '../analysis/contract/violation';
import { Problem } from '../analysis/input/source-document';
import { MutationReport } from '../analysis/mutate/mutation-score';

/** What came of holding manifests against a contract. */
export interface CheckReport {
  /** The file that states it. */
  readonly contract: string;
  readonly results: readonly StatementResult[];
  /** With one of these the manifests were not read in full. */
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  /** Where it was asked for; `not tried`: a contract that does not hold notices nothing more. */
  readonly mutation?: MutationReport | 'not tried';
  /** The score that is wanted at least, in percent. */
  readonly wantedScore?: number;
}

export interface StatementResult {
  readonly statement: Statement;
  /** None where it holds. */
  readonly violations: readonly Violation[];
}

const contractHolds = ({ results }: CheckReport): boolean => results.every(({ violations }) => violations.length === 0);

/** Without a change that matters there is nothing to notice. */
export const scoreSuffices = ({ mutation, wantedScore }: CheckReport): boolean =>
  wantedScore === undefined || mutation === undefined || mutation === 'not tried' || (mutation.score ?? 1) * 100 >= wantedScore;

export const holds = (report: CheckReport): boolean => contractHolds(report) && scoreSuffices(report);

/** Such as `87% (13 of 15)`; a share that is not whole is never rounded to it. */
export function scoreText({ caught, survivors, score }: MutationReport): string {
  if (score === undefined) { return 'none: no change mattered'; }
  return `${Math.floor(score * 100)}% (${caught} of ${caught + survivors.length})`;
}
