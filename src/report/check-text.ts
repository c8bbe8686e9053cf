import { CheckReport, scoreSuffices, scoreText, StatementResult } from './check-report';
import { PLAIN, TextStyle } from './text-style';
import { statementText } from '../analysis/contract/statement';
import { violationText } from '../analysis/contract/violation';
import { MutationReport } from '../analysis/mutate/mutation-score';
import { visible, visibleLine } from '../analysis/visible';

/** Like a test runner: a line for each statement, what failed in full, and a summary. */
export function checkText(report: CheckReport, style: TextStyle = PLAIN): string {
  const { results, problems, mutation } = report;
  const failed = results.filter(({ violations }) => violations.length > 0);
  const lines = [
    ...results.map(result => statementLine(result, style)),
    ...failed.flatMap(({ violations }) => violations).flatMap(violation => ['', visible(violationText(violation))]),
    '',
    `${results.length} ${results.length === 1 ? 'statement' : 'statements'}: ${style.good(`${results.length - failed.length} hold`)}`
      + `${failed.length > 0 ? `, ${style.bad(`${failed.length} do not`)}` : ''}`,
    ...problems.length > 0 ? [style.bad(`not all of the input could be read (${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}), so nothing is proven`)] : [],
    ...mutation === undefined ? [] : ['', ...mutation === 'not tried' ? ['mutation score: not tried, since the contract does not hold as it is'] : mutationLines(mutation, report, style)],
  ];
  return lines.map(line => `${line}\n`).join('');
}

function statementLine({ statement, violations }: StatementResult, style: TextStyle): string {
  const { at } = statement;
  return `${violations.length === 0 ? style.good('ok    ') : style.bad('FAILED')} ${visibleLine(statementText(statement))}${at === undefined ? '' : visibleLine(`  (${at})`)}`;
}

function mutationLines(mutation: MutationReport, report: CheckReport, style: TextStyle): string[] {
  const { possible, tried, survivors, equivalent, invalid } = mutation;
  const wanted = report.wantedScore === undefined ? '' : `, ${report.wantedScore}% wanted`;
  return [
    `mutation score: ${(scoreSuffices(report) ? style.good : style.bad)(`${scoreText(mutation)}${wanted}`)}`,
    `${tried} ${tried === 1 ? 'change' : 'changes'} tried${tried < possible ? ` of ${possible}, picked evenly (--mutate-limit)` : ''}; `
      + `${equivalent} changed no connection and ${invalid} left no valid policy, which do not count`,
    ...survivors.length > 0 ? ['', 'changes that the contract does not notice:'] : [],
    ...survivors.map(({ operator, edit, at }) => visibleLine(`  ${at}  ${operator}  ${edit}`)),
  ];
}
