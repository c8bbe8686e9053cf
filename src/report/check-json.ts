import { CheckReport, holds } from './check-report';
import { statementText } from '../analysis/contract/statement';

export function checkJson(report: CheckReport): string {
  const { contract, results, problems, notes, mutation } = report;
  return `${JSON.stringify({
    contract,
    holds: holds(report) && problems.length === 0,
    statements: results.map(({ statement, violations }) => ({
      statement: statementText(statement),
      ...(statement.at === undefined ? {} : { at: statement.at }),
      ...(statement.because === undefined ? {} : { because: statement.because }),
      holds: violations.length === 0,
      violations: violations.map(({ statement: _, ...violation }) => violation),
    })),
    problems,
    notes,
    ...(mutation === undefined ? {} : { mutation }),
  }, undefined, 2)}\n`;
}
