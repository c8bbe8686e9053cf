import { describeOrigin, DialectId } from './dialect';
import { refuse } from './refusals';
import { disjunction } from '../model/dnf';
import { EndpointExpr, LabelScope } from '../model/endpoint';
import { Policy } from '../model/policy-set';

/**
 * The pod labels that Cilium's default label filter leaves out of a pod's identity: a selector on one of them never matches.
 * https://docs.cilium.io/en/stable/operations/performance/scalability/identity-relevant-labels/
 * Prefixes of keys, as Cilium matches them. `app.kubernetes.io/` is not among them, and namespace labels are never filtered.
 */
const NOT_IDENTITY: readonly RegExp[] = [
  /^io\.kubernetes/,
  /^kubernetes\.io/,
  /^.*beta\.kubernetes\.io/,
  /^k8s\.io/,
  /^statefulset\.kubernetes\.io\/pod-name/,
  /^apps\.kubernetes\.io\/pod-index/,
  /^batch\.kubernetes\.io\/(job-completion-index|controller-uid)/,
  /^topology\.kubernetes\.io/,
  /^pod-template-generation/,
  /^pod-template-hash/,
  /^controller-revision-hash/,
  /^controller-uid/,
  /^annotation/,
  /^etcd_node/,
  // Not filtered, but Cilium's own: it sets them itself, whatever label of that name the pod has.
  /^io\.cilium\.k8s\./,
];

export const isIdentityLabel = (key: string): boolean => !NOT_IDENTITY.some(prefix => prefix.test(key));

export const notIdentity = (key: string): string =>
  `Cilium leaves the label ${JSON.stringify(key)} out of identities, so that a selector that asks for it never matches, and one that leaves it out always does; `
  + 'select by a label of your own, such as app.kubernetes.io/name';

/** A selector on such a label never matches, so that an allow would be closed and a deny open. Labels of nodes are left out of subjects only. */
export function refuseLabels(dialect: DialectId, policy: Policy): void {
  const check = (expr: EndpointExpr, scopes: readonly LabelScope[], statement: string): void => {
    for (const { atom } of disjunction(expr).flat()) {
      if ('label' in atom && scopes.includes(atom.of) && !isIdentityLabel(atom.label)) { throw refuse(dialect, 'label-not-identity', statement, atom.label); }
    }
  };
  check(policy.subject, ['pod', 'node'], `${describeOrigin(policy)}, subject`);
  policy.rules.forEach(({ match }, i) => [match.source, match.destination].forEach(end => check(end, ['pod'], describeOrigin(policy, i))));
}
