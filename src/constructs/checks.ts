import { ApiObject, Chart } from 'cdk8s';
import { AppObjects } from './app-objects';
import { checkDns } from './check-dns';
import { checkOverlaps } from './check-overlaps';
import { checkPatchedPolicies } from './metadata-carving';
import { PolicyStatement } from './policy-statement';
import type { Statements } from './statements';
import type { ResolvedFacts } from '../cluster/cluster';
import { Document } from '../dialects/dialect';
import { EndpointExpr } from '../model/endpoint';
import { dnsLabelProblem, dnsSubdomainProblem } from '../model/labels';
import { matchesEndpoint, NO } from '../model/match';

/** What only the whole app can tell. Each function returns what is wrong, as sentences. */
export function checkApp(
  statements: Statements, documents: ReadonlyMap<PolicyStatement, readonly Document[]>, app: AppObjects, facts: ResolvedFacts,
): string[] {
  return [
    ...checkNames(documents),
    ...checkDuplicates(statements, app),
    ...checkSubjects(statements, app, facts),
    ...checkOverlaps(statements, app, facts),
    ...checkPatchedPolicies(statements, documents, app, facts),
    ...checkDns(statements, facts),
  ];
}

function checkNames(documents: ReadonlyMap<PolicyStatement, readonly Document[]>): string[] {
  return [...documents].flatMap(([statement, written]) => written.flatMap(({ metadata: { name, namespace } }) => {
    const problem = dnsSubdomainProblem('policy name', name)
      ?? (namespace === undefined ? undefined : dnsLabelProblem('namespace', namespace));
    return problem === undefined ? [] : [`${statement}: ${problem}`];
  }));
}

const CLUSTER_WIDE = /^(CiliumClusterwide|CiliumCIDRGroup$|CiliumEgressGatewayPolicy$|ClusterSPIFFEID$|(Staged)?Global|Tier$|ClusterNetworkPolicy$|(Baseline)?AdminNetworkPolicy$)/;

/** Applying the second of two objects of one kind, namespace and name silently replaces the first. */
export function checkDuplicates(statements: Statements, app: AppObjects): string[] {
  const seen = new Map<string, string>();
  const errors: string[] = [];
  // A chart's namespace is on the metadata of objects that have none.
  const ours = [...statements.policies.flatMap(({ objects }) => [...objects.values()]), ...statements.calicoTiers.objects].filter(isInTree)
    .map(object => {
      const { apiGroup, kind, name, node: { path }, metadata } = object;
      return { apiGroup, kind, name, path, namespace: metadata.namespace ?? Chart.of(object).namespace };
    });
  for (const { apiGroup, kind, name, path, namespace } of [...ours, ...app.foreignPolicies]) {
    if (name === '') { continue; } // The API server makes one up.
    const id = namespace === undefined || CLUSTER_WIDE.test(kind) ? name : `${namespace}/${name}`;
    const key = `${apiGroup} ${kind} ${id}`;
    const first = seen.get(key);
    if (first !== undefined) {
      errors.push(`two policies are the same object, ${kind} ${id}: ${first} and ${path}; the one that is applied last would replace the other, so give one another name`);
    } else {
      seen.set(key, path);
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
