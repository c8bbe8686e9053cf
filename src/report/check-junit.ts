import { CheckReport, scoreSuffices, scoreText, StatementResult } from './check-report';
import { junit, TestCase } from './junit';
import { statementText } from '../analysis/contract/statement';
import { violationText } from '../analysis/contract/violation';
import { Problem } from '../analysis/input/source-document';
import { MutationReport } from '../analysis/mutate/mutation-score';

/** A case for each statement, one for each part of the input that could not be read, and one for the mutation score. */
export function checkJunit(report: CheckReport): string {
  const { contract, results, problems, mutation } = report;
  return junit('cdk8s-netpol check', [
    { name: contract, cases: results.map(result => statementCase(contract, result)) },
    ...problems.length > 0 ? [{ name: 'input', cases: problems.map(problemCase) }] : [],
    ...mutation === undefined || mutation === 'not tried' ? [] : [{ name: 'mutation', cases: [mutationCase(report, mutation)] }],
  ]);
}

function mutationCase(report: CheckReport, mutation: MutationReport): TestCase {
  const name = `mutation score ${scoreText(mutation)}`;
  if (scoreSuffices(report)) { return { name, group: 'mutation' }; }
  return {
    name,
    group: 'mutation',
    failure: {
      kind: 'failure',
      message: `the score is below ${report.wantedScore}%: there are changes that the contract does not notice`,
      details: mutation.survivors.map(({ at, operator, edit }) => `${at}: ${operator}: ${edit}`).join('\n'),
    },
  };
}

function statementCase(contract: string, { statement, violations }: StatementResult): TestCase {
  const name = `${statementText(statement)}${statement.at === undefined ? '' : ` (${statement.at})`}`;
  if (violations.length === 0) { return { name, group: contract }; }
  return {
    name,
    group: contract,
    failure: {
      kind: violations.every(({ answer, kind }) => answer === 'unknown' || kind === 'vacuous') ? 'error' : 'failure',
      message: violations[0].sentence,
      details: violations.map(violationText).join('\n\n'),
    },
  };
}

const problemCase = ({ at, message }: Problem): TestCase =>
  ({ name: at, group: 'input', failure: { kind: 'error', message, details: `${at}: ${message}` } });
