import { policiesAbout } from './metadata-foreign';
import type { PolicyStatement } from './policy-statement';
import type { Statements } from './statements';
import type { ResolvedFacts } from '../cluster/cluster';
import { DialectId } from '../dialects/dialect';
import { JUSTIFICATION } from '../dialects/justifications';
import { Justified } from '../model/justification';
import { Endpoint, matchesEndpoint, NO } from '../model/match';
import { BASELINE, DIRECTIONS } from '../model/policy-set';

/** What is open without a reason. */
export interface Unreasoned {
  /** Which policy opens what, such as "policy card/open (card/open) opens ingress from any on TCP 80". */
  readonly text: string;
  /** What one can do about it. */
  readonly fix: string;
}

export interface Opened {
  readonly unreasoned: readonly Unreasoned[];
  /** Why a policy cannot be judged. */
  readonly problems: readonly string[];
}

const FOREIGN_FIX = `say it in the annotation ${JUSTIFICATION}, such as {"because":"..."}, state the policy with this library, or leave it out`;
const DIALECTS: readonly DialectId[] = ['kubernetes', 'cilium', 'calico', 'cluster-network-policy'];

/**
 * What policies of this app may open for pods of a namespace without saying why, whoever wrote them. Not the DNS of the facts, which the library brings
 * along by itself; nor what is only looked at, gives way to what isolates every pod, or blocks cloud metadata.
 */
export function openedWithoutReason(statements: Statements, namespace: string, facts: ResolvedFacts): Opened {
  const { appObjects } = statements;
  const pods = appObjects.podsOf(namespace);
  const blocks = statements.metadataBlocks.map(({ statement }) => statement);
  const own = statements.policies.filter(statement => !blocks.includes(statement) && !statement.isReasoned && decidesAbout(statement, pods, facts));
  const problems: string[] = [];
  const foreign = policiesAbout(appObjects.foreignPolicies, pods, DIALECTS, problem => problems.push(problem));
  return {
    problems,
    unreasoned: [
      ...own.flatMap(statement => DIRECTIONS.flatMap(direction => statement.rulesOf(direction)
        .filter(({ action, plain, justifications }) => action === 'allow' && !plain && !hasReason(justifications))
        .map(({ peer, port }): Unreasoned => ({ text: `${statement} opens ${direction} ${direction === 'ingress' ? 'from' : 'to'} ${peer} on ${port}`, fix: 'state because, or leave it out' })))),
      // A tier of Calico may be called as it likes.
      ...foreign.filter(({ dialect, policy }) => (dialect === 'calico' || policy.stage !== BASELINE) && !hasReason(policy.justifications))
        .flatMap(({ object, policy }) => policy.rules.filter(({ action, justifications }) => action === 'allow' && !hasReason(justifications))
          .map(({ origin }): Unreasoned => ({ text: `${object.kind} ${object.name} (${object.path}) opens ${policy.direction} by ${origin?.part ?? 'a rule'}`, fix: FOREIGN_FIX }))),
    ],
  };
}

function decidesAbout(statement: PolicyStatement, pods: Endpoint, facts: ResolvedFacts): boolean {
  const { props: { namespace, stage } } = statement;
  if (!statement.isEnforced || stage === BASELINE || (namespace !== undefined && namespace !== pods.namespace)) { return false; }
  try {
    return matchesEndpoint(statement.subjectExpr(facts), pods, { cidrMatches: [] }) !== NO;
  } catch {
    return true; // Why is reported where the statement was compiled.
  }
}

const hasReason = (justifications: readonly Justified[] | undefined): boolean => justifications?.some(({ because }) => because) ?? false;
