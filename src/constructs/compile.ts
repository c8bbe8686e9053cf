import { ApiObject } from 'cdk8s';
import { AppObjects } from './app-objects';
import { Dialect } from '../cluster/dialect';
import { dialectModule } from '../dialects';
import { missingDenyTier } from './calico-deny-tier';
import { checkApp } from './checks';
import { applyMetadataBlocks } from './metadata-carving';
import { PolicyStatement } from './policy-statement';
import type { Statements } from './statements';
import { tidy } from './tidy';
import { ResolvedFacts } from '../cluster/cluster';
import { DialectModule, Document, Target } from '../dialects/dialect';
import { checkFields } from '../dialects/field-tree';
import { disjunction, exprOf } from '../model/dnf';
import { Policy } from '../model/policy-set';

/** What the statements of an app become: documents, or what is wrong. */
export interface Compiled {
  readonly documents: ReadonlyMap<PolicyStatement, readonly Document[]>;
  readonly errors: readonly string[];
}

const WIDER = 'cdk8s-netpol/wider-than-stated';

export function compile(statements: Statements): Compiled {
  const documents = new Map<PolicyStatement, readonly Document[]>();
  if (statements.policies.length === 0) { return { documents, errors: [] }; }
  const errors: string[] = [];
  const attempt = (run: () => void): void => {
    try { run(); } catch (error) { errors.push(error instanceof Error ? error.message : String(error)); }
  };

  const facts = statements.facts;
  const { ignoresBecause } = facts.cni._profile;
  if (ignoresBecause) {
    return { documents, errors: [`the app states policies (${statements.policies.length}), but ${ignoresBecause}`] };
  }

  const app = new AppObjects(statements);
  const dnsNamespaces = new Set(statements.policies.filter(policy => policy.allowsDnsForNamespace).map(policy => policy.props.namespace));
  const stated = new Map<PolicyStatement, readonly Policy[]>();
  for (const statement of statements.policies) {
    attempt(() => {
      const dnsElsewhere = !statement.allowsDnsForNamespace && dnsNamespaces.has(statement.props.namespace);
      stated.set(statement, statement.toPolicies(facts, dnsElsewhere));
    });
  }
  const carved = applyMetadataBlocks(statements, stated, app, facts, error => errors.push(error));

  const target = statements.target(facts);
  for (const [statement, policies] of carved) {
    attempt(() => documents.set(statement, write(statement, policies, facts, target, error => errors.push(error))));
  }
  errors.push(...missingDenyTier(statements, facts));
  errors.push(...checkApp(statements, documents, app, facts));
  return { documents, errors: [...new Set(errors)] };
}

function write(
  statement: PolicyStatement, policies: readonly Policy[], facts: ResolvedFacts, target: Target, onError: (error: string) => void,
): Document[] {
  const dialect = dialectModule(facts.dialect);
  const tidied = policies.map(tidy);
  const parts = facts.dialect === Dialect.CILIUM ? tidied.flatMap(oneSubjectEach) : tidied;
  const lowered = dialect.lower(parts, target);
  if (lowered.wider.length > 0) {
    if (facts.strict) {
      lowered.wider.forEach(onError);
    } else {
      for (const object of statement.objects.values()) { recordWider(object, lowered.wider); }
    }
  }
  const documents = dialect.write(lowered.policies, target).map(document => accepted(document, statement, dialect));
  const missing = [...statement.objects.keys()].filter(name => !documents.some(({ metadata }) => metadata.name === name));
  if (missing.length > 0) {
    onError(documents.length === 0
      ? `${statement} says nothing; state a rule, or isolate a direction`
      : `${statement} only denies, and was made as a policy that allows; state a deny when it is made, or isolate a direction`);
  }
  return documents;
}

/** Cilium has one label selector in each spec of a policy; several specs of one policy add up. */
function oneSubjectEach(policy: Policy): Policy[] {
  const subjects = disjunction(policy.subject);
  if (subjects.length < 2) { return [policy]; }
  return subjects.map((subject, i) => ({ ...policy, subject: exprOf(subject), origin: { ...policy.origin, part: `specs[${i}]` } }));
}

function recordWider(object: ApiObject, wider: readonly string[]): void {
  object.metadata.addAnnotation(WIDER, [...new Set(wider)].join('\n'));
}

/** What a dialect's API server would refuse although each part is right: too many rules, a selector that is too long. */
function accepted(document: Document, statement: PolicyStatement, { id, fields }: DialectModule): Document {
  const problems = id === 'kubernetes' ? [] : checkFields(fields[document.kind], document);
  if (problems.length > 0) {
    throw new Error(`${statement}: the API server would refuse ${document.kind} ${document.metadata.name}: ${problems.slice(0, 3).join('; ')}; state smaller policies`);
  }
  return document;
}
