import { ApiObject } from 'cdk8s';
import { AppObjects } from './app-objects';
import { checkApiBackends } from './check-api-backends';
import { ACCEPTED_RISKS, checkCni, isUnpoliced, stillUnpoliced } from './check-cni';
import { checkConditions } from './check-conditions';
import { checkDeniedDns } from './check-denied-dns';
import { checkDeniedEdges } from './check-denied-edges';
import { checkPriorities } from './check-priorities';
import { checkWalls } from './check-walls';
import { checkApp, checkDuplicates } from './checks';
import { DnsElsewhere } from './dns-rules';
import { authorize, proxyByNamespace } from './mesh';
import { portsKept } from './mesh-ports';
import { applyMetadataBlocks } from './metadata-carving';
import { checkMonitoring, openMonitoring } from './monitoring-ends';
import { sparingOwnNode } from './own-node';
import { dialectOf } from './policy-kind';
import { PolicyStatement } from './policy-statement';
import { saidOnce } from './said-once';
import type { Statements } from './statements';
import { tidy } from './tidy';
import { WIDER } from './wider';
import { ResolvedFacts } from '../cluster/cluster';
import { dialectModule } from '../dialects';
import { DialectModule, Document, Target } from '../dialects/dialect';
import { checkFields } from '../dialects/field-tree';
import { JUSTIFICATION } from '../dialects/justifications';
import { disjunction, exprOf } from '../model/dnf';
import { Policy } from '../model/policy-set';

/** What the statements of an app become: documents, or what is wrong. */
export interface Compiled {
  readonly documents: ReadonlyMap<PolicyStatement, readonly Document[]>;
  /** What a mesh is told beside them. */
  readonly authorizations: ReadonlyMap<PolicyStatement, Document>;
  readonly errors: readonly string[];
}

export function compile(statements: Statements): Compiled {
  const documents = new Map<PolicyStatement, readonly Document[]>();
  const none = new Map<PolicyStatement, Document>();
  if (statements.policies.length === 0) {
    return { documents, authorizations: none, errors: statements.hasNatives ? checkDuplicates(statements, new AppObjects(statements)) : [] };
  }
  const errors: string[] = [];
  const attempt = (run: () => void): void => {
    try { run(); } catch (error) { errors.push(error instanceof Error ? error.message : String(error)); }
  };

  const facts = statements.factsFor(statements.root);
  const { ignoresBecause } = facts.cni._profile;
  if (ignoresBecause && !isUnpoliced(facts.acceptedRisks)) {
    return { documents, authorizations: none, errors: [`the app states policies (${statements.policies.length}), but ${ignoresBecause}${stillUnpoliced(facts.acceptedRisks)}`] };
  }

  const app = statements.appObjects;
  openMonitoring(statements, facts);
  const dnsOf = dnsByNamespace(statements.policies);
  const proxiesOf = proxyByNamespace(statements.policies, facts);
  const keepsPorts = portsKept(statements.policies, facts);
  const stated = new Map<PolicyStatement, readonly Policy[]>();
  for (const statement of statements.policies) {
    attempt(() => {
      const elsewhere = statement.allowsDnsForNamespace ? undefined : dnsOf.get(statement.props.namespace);
      const proxies = statement.coversNamespace ? undefined : proxiesOf.get(statement.props.namespace);
      stated.set(statement, statement.toPolicies(facts, elsewhere, proxies, keepsPorts?.(statement)));
    });
  }
  errors.push(...checkConditions(stated, facts, app.podsOf));
  errors.push(...checkDeniedEdges(statements, facts));
  errors.push(...checkDeniedDns(stated, facts));
  errors.push(...checkMonitoring(statements, stated, facts));
  errors.push(...checkApiBackends(stated, app, facts));
  errors.push(...checkWalls(statements, stated, facts));
  const carved = applyMetadataBlocks(statements, stated, app, facts, error => errors.push(error));

  const target = statements.target(facts);
  const upper: Policy[] = [];
  for (const [statement, policies] of carved) {
    attempt(() => {
      const { written, inTiers } = write(statement, policies, facts, target, error => errors.push(error));
      documents.set(statement, written);
      written.forEach(document => carryReasons(statement.objects.get(document.metadata.name), document));
      upper.push(...inTiers);
    });
  }
  errors.push(...statements.calicoTiers.problems(facts));
  errors.push(...checkPriorities(upper));
  errors.push(...checkApp(statements, documents, app, facts));
  const { authorizations, problems } = authorize(statements.policies, facts, target, app);
  errors.push(...problems);
  for (const [statement, document] of authorizations) { carryReasons(statement.authorization, document); }
  return { documents, authorizations, errors: saidOnce([...new Set(errors)], statements) };
}

/** What policies for all pods of a namespace let them ask DNS for. */
function dnsByNamespace(policies: readonly PolicyStatement[]): Map<string | undefined, DnsElsewhere> {
  const namespaces = new Map<string | undefined, DnsElsewhere>();
  for (const { allowsDnsForNamespace, dnsNames, props: { namespace } } of policies) {
    if (allowsDnsForNamespace && (dnsNames === undefined || !namespaces.has(namespace))) { namespaces.set(namespace, dnsNames ? 'names' : 'everything'); }
  }
  return namespaces;
}

interface Written {
  readonly written: readonly Document[];
  /** What stands in tiers that are ordered by priorities only. */
  readonly inTiers: readonly Policy[];
}

function write(
  statement: PolicyStatement, policies: readonly Policy[], facts: ResolvedFacts, target: Target, onError: (error: string) => void,
): Written {
  const dialect = dialectModule(dialectOf(statement, facts, target));
  // In tiers the order of rules has a meaning.
  const tidied = statement.props.stage === undefined ? policies.map(tidy) : policies;
  const parts = dialect.id === 'cilium' ? tidied.map(sparingOwnNode).flatMap(oneSubjectEach) : tidied;
  const lowered = dialect.lower(parts, target);
  const wider = [...lowered.wider, ...statement.wider];
  if (wider.length > 0) {
    if (facts.strict) {
      wider.forEach(onError);
    } else {
      for (const object of statement.objects.values()) { record(object, WIDER, wider); }
    }
  }
  const { problems, accepted: acceptedRisks } = checkCni(lowered.policies, facts);
  problems.forEach(onError);
  if (acceptedRisks.length > 0) {
    for (const object of statement.objects.values()) { record(object, ACCEPTED_RISKS, acceptedRisks); }
  }
  const documents = dialect.write(lowered.policies, target).map(document => accepted(document, statement, dialect, target));
  const missing = [...statement.objects.keys()].filter(name => !documents.some(({ metadata }) => metadata.name === name));
  if (missing.length > 0) {
    onError(missingProblem(statement, documents, dialect.id === 'calico'));
  }
  return { written: documents, inTiers: dialect.id === 'cluster-network-policy' ? lowered.policies : [] };
}

function missingProblem(statement: PolicyStatement, written: readonly Document[], calico: boolean): string {
  if (written.length === 0) { return `${statement} says nothing; state a rule, or isolate a direction`; }
  const { name } = statement.props;
  // Calico up to 3.31 takes what stands before a dot for the name of the tier.
  return calico && name.includes('.') && (statement.isolates.ingress || statement.isolates.egress)
    ? `${statement}: policy name ${JSON.stringify(name)} has a dot, which Calico takes for the end of a tier's name; use "-"`
    : `${statement} only denies, and was made as a policy that allows; state a deny when it is made, or isolate a direction`;
}

/** Cilium has one label selector in each spec of a policy; several specs of one policy add up. */
function oneSubjectEach(policy: Policy): Policy[] {
  const subjects = disjunction(policy.subject);
  if (subjects.length < 2) { return [policy]; }
  return subjects.map((subject, i) => ({ ...policy, subject: exprOf(subject), origin: { ...policy.origin, part: `specs[${i}]` } }));
}

/** What a document is annotated with is known at synth only. */
function carryReasons(object: ApiObject | undefined, { metadata }: Document): void {
  const text = (metadata.annotations as Readonly<Record<string, string>> | undefined)?.[JUSTIFICATION];
  if (object && text !== undefined) { object.metadata.addAnnotation(JUSTIFICATION, text); }
}

function record(object: ApiObject, annotation: string, sentences: readonly string[]): void {
  object.metadata.addAnnotation(annotation, [...new Set(sentences)].join('\n'));
}

/** What a dialect's API server would refuse although each part is right: too many rules, a selector that is too long. */
function accepted(document: Document, statement: PolicyStatement, { id, fields }: DialectModule, { version }: Target): Document {
  const problems = id === 'kubernetes' ? [] : checkFields(fields[document.kind], document, '', id === 'cluster-network-policy' ? undefined : version);
  if (problems.length > 0) {
    throw new Error(`${statement}: the API server would refuse ${document.kind} ${document.metadata.name}: ${problems.slice(0, 3).join('; ')}; state smaller policies`);
  }
  return document;
}
