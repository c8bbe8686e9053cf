import { Violation, violationText } from '../analysis/contract/violation';
import { Problem } from '../analysis/input/source-document';
import { visible } from '../analysis/visible';

const MOST_PROBLEMS = 10;

/** Why nothing can be said; undefined where all of the input could be read. */
export function incompleteText(problems: readonly Problem[]): string | undefined {
  if (problems.length === 0) { return undefined; }
  const shown = problems.slice(0, MOST_PROBLEMS).map(({ at, message }) => `  ${at}: ${message}`);
  const more = problems.length - shown.length;
  return visible([
    'the analysis is incomplete, so that nothing can be asserted; correct or take out what could not be read:',
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n'));
}

export const violationsText = (violations: readonly Violation[]): string => visible(violations.map(violationText).join('\n\n'));
