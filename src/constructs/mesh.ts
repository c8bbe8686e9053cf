import type { AppObjects } from './app-objects';
import { checkConditions } from './check-conditions';
import { Authorized, refuseMixingOf } from './mesh-authorization';
import type { PolicyStatement } from './policy-statement';
import { tidy } from './tidy';
import type { ResolvedFacts } from '../cluster/cluster';
import { Document, Target } from '../dialects/dialect';
import { lowerIstio, writeIstio } from '../dialects/istio';
import { Direction, DIRECTIONS, Policy } from '../model/policy-set';
import { inRanges, PROTOCOL_NUMBERS } from '../model/traffic';

/** By namespace: the directions in which a policy for all of its pods leaves open what proxies need. */
export function proxyByNamespace(
  policies: readonly PolicyStatement[], facts: ResolvedFacts,
): ReadonlyMap<string | undefined, ReadonlySet<Direction>> {
  const namespaces = new Map<string | undefined, Set<Direction>>();
  if (!facts.mesh._facts) { return namespaces; }
  for (const { coversNamespace, isEnforced, isolates, props: { namespace } } of policies) {
    if (!coversNamespace || !isEnforced) { continue; }
    const known = namespaces.get(namespace) ?? new Set();
    namespaces.set(namespace, known);
    DIRECTIONS.filter(direction => isolates[direction]).forEach(direction => known.add(direction));
  }
  return namespaces;
}

export interface Authorizations {
  readonly authorizations: ReadonlyMap<PolicyStatement, Document>;
  readonly problems: readonly string[];
}

/** What the mesh is told of who may connect, for each policy that isolates ingress. */
export function authorize(policies: readonly PolicyStatement[], facts: ResolvedFacts, target: Target, app: AppObjects): Authorizations {
  const authorizations = new Map<PolicyStatement, Document>();
  const problems: string[] = [];
  const mesh = facts.mesh._facts;
  if (!mesh?.authorization) { return { authorizations, problems }; }
  const context = { mesh, facts, isShared: sharedAccounts(app) };
  const istio = { trustDomain: mesh.trustDomain, rootNamespace: mesh.namespace, dataPlane: mesh.kind === 'istio-ambient' ? 'ambient' as const : 'sidecar' as const };
  const told = new Map<PolicyStatement, readonly Policy[]>();
  const done = new Map<string | undefined, { statement: PolicyStatement; rules: readonly Authorized[] }[]>();
  for (const statement of policies.filter(policy => policy.isAuthorized(facts))) {
    try {
      const { policy, rules } = statement.toAuthorization(context);
      const others = done.get(statement.props.namespace) ?? [];
      done.set(statement.props.namespace, others);
      for (const other of others) {
        if (mayShareWith(statement, other.statement)) { refuseMixingOf(rules, other.rules, context); }
      }
      others.push({ statement, rules });
      told.set(statement, [policy]);
      const [document] = writeIstio(lowerIstio([tidy(policy)], target, istio).policies, istio);
      authorizations.set(statement, document);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { authorizations, problems: [...problems, ...checkConditions(told, facts, app.podsOf), ...untoldProblems(policies, facts)] };
}

/** What is allowed for the whole cluster, the policies of single namespaces would deny in the mesh. */
function untoldProblems(policies: readonly PolicyStatement[], facts: ResolvedFacts): string[] {
  const told = policies.find(policy => policy.isAuthorized(facts) && policy.isEnforced);
  if (!told) { return []; }
  const allowsTcp = (policy: PolicyStatement): boolean => policy.rulesOf('ingress').some(({ action, port }) =>
    action === 'allow' && port._traffic.some(({ protocols }) => inRanges(protocols, PROTOCOL_NUMBERS.TCP)));
  return policies.filter(policy => policy.props.namespace === undefined && policy.isEnforced && allowsTcp(policy)).map(policy =>
    `${policy} allows ingress for the whole cluster, of which the mesh is told nothing: there ${told} would still deny it; state it in a NetworkPolicy of each namespace, or Mesh.istioSidecar({ authorization: false })`);
}

/** Whether several workloads may run as a service account; `default` is everybody's. */
function sharedAccounts(app: AppObjects): (account: string) => boolean {
  let counts: Map<string, number> | undefined;
  return account => {
    if (!counts) {
      counts = new Map();
      for (const { namespace, serviceAccount } of app.pods) {
        const key = `${namespace}/${serviceAccount}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    return account.endsWith('/default') || (counts.get(account) ?? 0) > 1;
  };
}

/** Two workloads are different pods; of everything else that is not known. What is only looked at gives nothing to anybody. */
function mayShareWith({ props: one }: PolicyStatement, { props: other }: PolicyStatement): boolean {
  if (one.staged || other.staged) { return false; }
  return !('workload' in one.subject && 'workload' in other.subject) || one.subject.workload === other.subject.workload;
}
