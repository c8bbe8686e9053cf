import { Statement, statementText } from './statement';
import { Answer } from '../../model/evaluate';
import { Explanation } from '../explain/explanation';
import { explanationText } from '../explain/explanation-text';

/** That many are reported of one statement; more would say no more. */
export const MOST_VIOLATIONS = 20;

/** Where a statement does not hold. */
export interface Violation {
  readonly statement: Statement;
  /** `vacuous`: what it is about is not there, so that it would hold of nothing. */
  readonly kind: 'flow' | 'vacuous';
  /** What is wrong, in one sentence. */
  readonly sentence: string;
  /** Of a flow; absent for what is vacuous. */
  readonly source?: string;
  readonly destination?: string;
  readonly traffic?: string;
  readonly answer?: Answer;
  /** Why: of the flow, or of each connection of a chain. */
  readonly explanations: readonly Explanation[];
}

/** With the statement, the answer, and the rules that it comes from. */
export function violationText({ statement, sentence, explanations }: Violation): string {
  const { because, at } = statement;
  return [
    `${statementText(statement)}${at === undefined ? '' : ` (${at})`}`,
    `  does not hold: ${sentence}`,
    ...(because === undefined ? [] : [`  stated because: ${because}`]),
    ...explanations.map(explanation => indented(`\n${explanationText(explanation)}`)),
  ].join('\n');
}

const indented = (text: string): string => text.trimEnd().replace(/^(?=.)/gm, '  ');
