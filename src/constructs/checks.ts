import { ApiObject, Chart } from 'cdk8s';
import { AppObjects } from './app-objects';
import { checkDns } from './check-dns';
import { PolicyStatement } from './policy-statement';
import type { Statements } from './statements';
import { tidy } from './tidy';
import type { Workload } from './workload';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { Document } from '../dialects/dialect';
import { EndpointExpr } from '../model/endpoint';
import { matchesEndpoint, NO } from '../model/evaluate';
import { dnsLabelProblem, dnsSubdomainProblem } from '../model/labels';

/** What only the whole app can tell. Each function returns what is wrong, as sentences. */
export function checkApp(
  statements: Statements, documents: ReadonlyMap<PolicyStatement, readonly Document[]>, app: AppObjects, facts: ResolvedFacts,
): string[] {
  return [
    ...checkNames(documents, facts.dialect),
    ...checkDuplicates(statements, app),
    ...checkSubjects(statements, app, facts),
    ...checkSameLabels(statements, facts),
    ...checkDns(statements, facts),
  ];
}

function checkNames(documents: ReadonlyMap<PolicyStatement, readonly Document[]>, dialect: Dialect): string[] {
  return [...documents].flatMap(([statement, written]) => written.flatMap(document => {
    const { name, namespace } = document.metadata;
    const problem = dnsSubdomainProblem('policy name', name)
      ?? (dialect === Dialect.CALICO ? calicoNameProblem(document) : undefined)
      ?? (namespace === undefined ? undefined : dnsLabelProblem('namespace', namespace));
    return problem === undefined ? [] : [`${statement}: ${problem}`];
  }));
}

/** Calico up to 3.31 takes what stands before a dot for the name of the tier. */
function calicoNameProblem({ metadata: { name }, spec }: Document): string | undefined {
  const own = typeof spec?.tier === 'string' && name.startsWith(`${spec.tier}.`) ? name.slice(spec.tier.length + 1) : name;
  return own.includes('.') ? `policy name ${JSON.stringify(own)} has a dot, which Calico takes for the end of a tier's name; use "-"` : undefined;
}

const CLUSTER_WIDE = /^(CiliumClusterwide|(Staged)?Global|Tier$)/;

/** Applying the second of two objects of one kind, namespace and name silently replaces the first. */
function checkDuplicates(statements: Statements, app: AppObjects): string[] {
  const seen = new Map<string, ApiObject>();
  const errors: string[] = [];
  const tier = statements.denyTier ? [statements.denyTier] : [];
  const ours = [...statements.policies.flatMap(({ objects }) => [...objects.values()]), ...tier].filter(isInTree);
  for (const object of [...ours, ...app.foreignPolicies]) {
    // A chart's namespace is on the metadata of objects that have none.
    const namespace = CLUSTER_WIDE.test(object.kind) ? undefined : object.metadata.namespace ?? Chart.of(object).namespace;
    const key = `${object.apiGroup} ${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${object.name}`;
    const first = seen.get(key);
    if (first) {
      errors.push(`two policies are the same object, ${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${object.name}: ${first.node.path} and ${object.node.path}; the one that is applied last would replace the other, so give one another name`);
    } else {
      seen.set(key, object);
    }
  }
  return errors;
}

const isInTree = (object: ApiObject): boolean => object.node.scope?.node.tryFindChild(object.node.id) === object;

/** A policy that is about no pods protects nothing, and is most often a misspelt label. */
function checkSubjects(statements: Statements, app: AppObjects, facts: ResolvedFacts): string[] {
  return statements.policies.flatMap(statement => {
    const { subject, namespace } = statement.props;
    const workloads = 'workload' in subject ? [subject.workload] : 'peer' in subject ? subject.peer._workloads : [];
    // A workload of a construct is its own proof; an external one is held by another app, and so may be those of the whole cluster.
    if ('everyone' in subject || namespace === undefined || workloads.some(workload => workload.isExternal || workload._object)) { return []; }
    try {
      const expr = statement.subjectExpr(facts);
      if (!testsPods(expr) || app.pods.some(pod => matchesEndpoint(expr, pod, { cidrMatches: [] }) !== NO)) { return []; }
    } catch {
      return []; // Reported where the statement was compiled.
    }
    return [`${statement} selects no pods of this app in namespace ${namespace}: ${'workload' in subject ? subject.workload : subject.peer}; correct the labels, or say Workload.external(...) when another app holds them`];
  });
}

function testsPods(expr: EndpointExpr): boolean {
  if ('allOf' in expr) { return expr.allOf.some(testsPods); }
  if ('anyOf' in expr) { return expr.anyOf.some(testsPods); }
  if ('not' in expr) { return testsPods(expr.not); }
  return ('label' in expr && expr.of === 'pod') || 'serviceAccount' in expr;
}

/** The policy of one would hold for the other as well. */
function checkSameLabels(statements: Statements, facts: ResolvedFacts): string[] {
  const first = new Map<string, Workload>();
  const errors: string[] = [];
  const stated = statements.policies.flatMap(({ props: { subject } }) => ('workload' in subject ? [subject.workload] : []));
  for (const workload of new Set([...statements.knownWorkloads, ...stated])) {
    let key: string;
    try { key = podsKey(workload); } catch { continue; }
    const other = first.get(key);
    if (!other) {
      first.set(key, workload);
      continue;
    }
    // A selection that states something for the pods of a construct that states nothing is one statement, not two.
    const [ours, theirs] = [statements.statementOf(other), statements.statementOf(workload)];
    const samePods = (other._object === undefined) !== (workload._object === undefined);
    if (!(samePods && (!ours || !theirs)) && fingerprint(ours, facts) !== fingerprint(theirs, facts)) {
      errors.push(`${other} and ${workload} have the same labels but different statements, and a policy cannot tell them apart; give them different labels, or state the same for both`);
    }
    for (const block of samePods ? [] : statements.metadataBlocks) {
      if (block.except.includes(other) !== block.except.includes(workload)) {
        errors.push(`BlockCloudMetadata (${block.path}): of ${other} and ${workload}, which have the same labels, only one is in except, and a policy cannot tell them apart; give them different labels, or except both`);
      }
    }
  }
  return errors;
}

/** Labels have no order. */
function podsKey(workload: Workload): string {
  const expr = workload._expr();
  return JSON.stringify('allOf' in expr ? expr.allOf.map(part => JSON.stringify(part)).sort() : expr);
}

/** What the statement means, whoever its subject is. */
function fingerprint(statement: PolicyStatement | undefined, facts: ResolvedFacts): string {
  if (!statement) { return ''; }
  try {
    return JSON.stringify(statement.toPolicies(facts, false).map(tidy).map(({ direction, isolates, rules }) =>
      ({ direction, isolates, rules: rules.map(({ action, match }) => ({ action, match })) })));
  } catch {
    return ''; // Reported where the statement was compiled.
  }
}
