import { CheckReport } from './check-report';
import { placeOf } from './place-of';
import { Finding, Place, sarif, SarifRule } from './sarif';
import { statementText } from '../analysis/contract/statement';
import { Violation } from '../analysis/contract/violation';
import { Effect } from '../analysis/explain/explanation';
import { Problem } from '../analysis/input/source-document';
import { Survivor } from '../analysis/mutate/mutation-score';

const RULES: readonly SarifRule[] = [
  { id: 'contract-allow', description: 'What the contract allows must pass.' },
  { id: 'contract-deny', description: 'What the contract denies must not pass.' },
  { id: 'contract-only', description: 'Nobody but those that the contract names may reach a workload.' },
  { id: 'contract-not-reachable', description: 'What the contract keeps apart must not be reached, directly or by way of others.' },
  { id: 'contract-isolated', description: 'Nobody from elsewhere may reach a namespace that the contract isolates.' },
  { id: 'unreadable-input', description: 'Every manifest must be readable, or nothing is proven.' },
  { id: 'unnoticed-change', description: 'The contract should notice a change of who may talk to whom.' },
];

const RULE_OF: Readonly<Record<Violation['statement']['says'], string>> = {
  allow: 'contract-allow', deny: 'contract-deny', only: 'contract-only', notReachable: 'contract-not-reachable', isolated: 'contract-isolated',
};

/** What fails, at the rule of the policy that decides it, for code scanning. */
export function checkSarif({ results, problems, mutation }: CheckReport, version: string): string {
  const survivors = mutation === undefined || mutation === 'not tried' ? [] : mutation.survivors;
  return sarif({ name: 'cdk8s-netpol', version, uri: 'https://github.com/cdk8s-netpol/cdk8s-netpol' }, RULES, [
    ...results.flatMap(({ violations }) => violations).map(violationFinding),
    ...problems.map(problemFinding),
    ...survivors.map(survivorFinding),
  ], problems.length === 0);
}

function violationFinding(violation: Violation): Finding {
  const { statement, sentence, source = '', destination = '', traffic = '' } = violation;
  return {
    ruleId: RULE_OF[statement.says],
    level: 'error',
    message: `${statementText(statement)} does not hold: ${sentence}`,
    places: places(...decidingRules(violation), statement.at),
    identity: [statementText(statement), source, destination, traffic],
  };
}

/** Of what passes, the rules that let it; of what does not, those that stop it. */
function decidingRules({ explanations, answer }: Violation): (string | undefined)[] {
  const steps = explanations.flatMap(({ sides }) => sides.flatMap(side => side.steps));
  const effects: readonly Effect[] = answer === 'allowed' || answer === 'partial' ? ['allows'] : ['denies', 'closes', 'decided elsewhere'];
  return steps.filter(({ effect }) => effects.includes(effect)).map(({ at }) => at);
}

function places(...ats: readonly (string | undefined)[]): Place[] {
  return [...new Set(ats)].flatMap(at => (at === undefined ? [] : placeOf(at) ?? []));
}

const problemFinding = ({ at, message }: Problem): Finding =>
  ({ ruleId: 'unreadable-input', level: 'error', message: `${at}: ${message}`, places: placeOf(at) ? places(at) : [{ file: at }], identity: [message] });

const survivorFinding = ({ operator, edit, at }: Survivor): Finding =>
  ({ ruleId: 'unnoticed-change', level: 'warning', message: `the contract does not notice this change (${operator}): ${edit}`, places: places(at), identity: [operator, edit] });
