import { KeepsPorts, mayBeInMesh } from './mesh-network';
import type { PolicyStatement, StatedRule } from './policy-statement';
import type { Workload } from './workload';
import type { ResolvedFacts } from '../cluster/cluster';
import { disjunction } from '../model/dnf';
import { isNamespace } from '../model/endpoint';
import { inRanges, PROTOCOL_NUMBERS } from '../model/traffic';

/**
 * Whether what the mesh lets arrive at a workload from the pods of a statement is on those ports only that the statement opens to it. Undefined
 * where a CNI sees these ports itself.
 */
export function portsKept(policies: readonly PolicyStatement[], facts: ResolvedFacts): ((from: PolicyStatement) => KeepsPorts) | undefined {
  if (facts.mesh._facts?.tunnelPort === undefined) { return undefined; }
  const ofWorkloads = new Map<Workload, PolicyStatement[]>();
  const ofOthers = new Map<string | undefined, PolicyStatement[]>();
  for (const statement of policies.filter(policy => policy.isEnforced && policy.isAuthorized(facts))) {
    const { subject, namespace } = statement.props;
    if ('workload' in subject) { push(ofWorkloads, subject.workload, statement); } else { push(ofOthers, namespace, statement); }
  }
  return from => to => {
    const others = ofOthers.get(to.namespace) ?? [];
    const about = [...ofWorkloads.get(to) ?? [], ...others];
    // Whether pods that are selected otherwise are those of the workload is not known.
    if (!ofWorkloads.has(to) && !others.some(({ coversNamespace }) => coversNamespace)) { return false; }
    const toIt = from.rulesOf('egress').filter(({ action, peer }) => action === 'allow' && peer._workloads.includes(to));
    const ports = new Set(toIt.map(({ port }) => String(port)));
    return about.every(statement => statement.rulesOf('ingress').every(rule =>
      rule.action !== 'allow' || ports.has(String(rule.port)) || !mayBeFrom(rule, statement, from, facts)));
  };
}

function push<K>(lists: Map<K, PolicyStatement[]>, key: K, statement: PolicyStatement): void {
  const known = lists.get(key);
  if (known) { known.push(statement); } else { lists.set(key, [statement]); }
}

/** Whether a rule about what arrives may be about pods of the statement `from`, as the mesh knows them. */
function mayBeFrom({ peer, port }: StatedRule, { props: { namespace } }: PolicyStatement, from: PolicyStatement, facts: ResolvedFacts): boolean {
  const { subject, namespace: own } = from.props;
  if (!port._traffic.some(({ protocols }) => inRanges(protocols, PROTOCOL_NUMBERS.TCP))) { return false; }
  if (peer._onlyWorkloads && 'workload' in subject) {
    const identity = identityOf(subject.workload);
    return peer._workloads.some(other => other === subject.workload || identityOf(other) === undefined || identityOf(other) === identity);
  }
  return disjunction(peer._expr({ facts, namespace })).some(conjunction => mayBeInMesh(conjunction, facts)
    && !conjunction.some(({ atom, negated }) => !negated && isNamespace(atom) && own !== undefined && atom.namespace !== own));
}

function identityOf(workload: Workload): string | undefined {
  const account = workload._pods()?.serviceAccount;
  return account === undefined ? undefined : `${workload.namespace}/${account}`;
}
