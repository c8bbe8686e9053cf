import { describeOrigin } from '../dialects/dialect';
import { Conjunction, disjunction, exprOfAll, Literal } from '../model/dnf';
import { Policy } from '../model/policy-set';

/**
 * A node always reaches its own pods, whatever is stated. Cilium alone lets a deny win over that, which would close out the probes of the kubelet:
 * what is denied to everything, or to the cluster, is denied to all but the own node.
 *
 * @throws when nothing but the own node is denied
 * @see https://docs.cilium.io/en/stable/security/policy/deny/
 */
export function sparingOwnNode(policy: Policy): Policy {
  if (policy.direction !== 'ingress' || !policy.rules.some(({ action }) => action === 'deny')) { return policy; }
  return {
    ...policy,
    rules: policy.rules.map((rule, i) => {
      if (rule.action !== 'deny') { return rule; }
      const stated = disjunction(rule.match.source);
      // All nodes are two entities, of which the own one is implied.
      if (stated.some(isOwnNode) && !stated.some(isOtherNodes)) {
        throw new Error(`${describeOrigin(policy, i)}: a node always reaches its own pods, so that probes of the kubelet pass, and no deny changes that; leave Peer.host() out, or state Peer.remoteNodes() for the other nodes`);
      }
      const spared = stated.flatMap(withoutOwnNode);
      const isChanged = spared.length !== stated.length || spared.some((conjunction, at) => conjunction !== stated[at]);
      return isChanged ? { ...rule, match: { ...rule.match, source: exprOfAll(spared) } } : rule;
    }),
  };
}

function withoutOwnNode(conjunction: Conjunction): Conjunction[] {
  const [only] = conjunction;
  if (isOwnNode(conjunction)) { return []; }
  if (conjunction.length === 1 && isEntity(only, 'cluster')) { return INSIDE; }
  if (conjunction.length === 1 && isEntity(only, 'all')) { return [[NOT_OWN_NODE]]; }
  // The API server may be a process of the own node.
  return conjunction.length === 0 || (conjunction.length === 1 && isEntity(only, 'kube-apiserver')) ? [[...conjunction, NOT_OWN_NODE]] : [conjunction];
}

const isEntity = ({ atom, negated }: Literal, name: string): boolean => !negated && 'entity' in atom && atom.entity === name;
const isOwnNode = (conjunction: Conjunction): boolean => conjunction.some(literal => isEntity(literal, 'host'));
const isOtherNodes = (conjunction: Conjunction): boolean => conjunction.length === 1 && isEntity(conjunction[0], 'remote-node');

const NOT_OWN_NODE: Literal = { atom: { entity: 'host' }, negated: true };

/** What the entity `cluster` is made of, without the own node. */
const INSIDE: Conjunction[] = [
  [{ atom: { kind: 'pod' }, negated: false }],
  ...['remote-node', 'health', 'ingress', 'init', 'unmanaged'].map((entity): Conjunction => [{ atom: { entity }, negated: false }]),
  [{ atom: { entity: 'kube-apiserver' }, negated: false }, NOT_OWN_NODE],
];
