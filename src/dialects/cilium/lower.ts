import { Conjunction, disjunction, exprOfAll } from '../../model/dnf';
import { EndpointExpr } from '../../model/endpoint';
import { ADMIN, NORMAL, peerOf, Policy, Rule, SECURITY } from '../../model/policy-set';
import { byDocument, describeOrigin, Lowered, Target } from '../dialect';
import { refuseLabels } from '../identity-labels';
import { narrowToOutside, refuseAddresses } from '../outside';
import { refuse } from '../refusals';
import { listOf } from './effects';
import { refuseMisplacedNames } from './names';
import { lowerNodes } from './nodes';

/** Statements of the reference pipeline in Cilium's own terms. */
export function lowerCilium(policies: readonly Policy[], target: Target): Lowered {
  refuseAddresses('cilium', policies);
  for (const policy of policies) {
    refuseLabels('cilium', policy);
    policy.rules.forEach((rule, i) =>
      refuseMisplacedNames(policy, listOf(rule) === 'deny', namesIn(peerOf(policy.direction, rule.match)), describeOrigin(policy, i)));
  }
  for (const document of byDocument(policies)) { refuseNamesWithoutDns(document); }
  const { policies: narrowed, wider } = narrowToOutside('cilium', policies.map(withoutTier), target);
  return { policies: narrowed.map(inOwnTerms), wider };
}

/** Deny rules come before everything that allows, wherever they stand; nothing else of an upper tier can be said. */
function withoutTier(policy: Policy): Policy {
  const { stage } = policy;
  if (stage === NORMAL) { return policy; }
  if (stage !== SECURITY && stage !== ADMIN) { throw refuse('cilium', 'tier', describeOrigin(policy, policy.rules.length > 0 ? 0 : undefined), `tier ${tierName(stage)}`); }
  const other = policy.rules.findIndex(({ action }) => action !== 'deny');
  if (other >= 0) { throw refuse('cilium', 'tier', describeOrigin(policy, other), `${policy.rules[other].action} in tier ${tierName(stage)}`); }
  return { ...policy, stage: NORMAL, order: [], isolates: false };
}

/** Cilium learns the addresses of names from the DNS answers that pass its proxy, and only a DNS rule sends them there. */
function refuseNamesWithoutDns(document: readonly Policy[]): void {
  const egress = document.filter(({ direction }) => direction === 'egress');
  if (egress.some(({ rules }) => rules.some(({ action, match }) => action === 'allow' && match.traffic.some(({ l7 }) => l7 && 'dns' in l7)))) { return; }
  for (const policy of egress) {
    policy.rules.forEach(({ match }, i) => {
      const names = namesIn(match.destination);
      if (names.length > 0) { throw refuse('cilium', 'fqdn-without-dns', describeOrigin(policy, i), names.join(', ')); }
    });
  }
}

const namesIn = (expr: EndpointExpr): string[] => disjunction(expr).flat().flatMap(({ atom }) => ('fqdn' in atom ? [atom.fqdn] : []));

/** Ranges and names are outside anyway; all that is outside is the entity `world`, and all nodes are two entities. */
function inOwnTerms(policy: Policy): Policy {
  return {
    ...policy,
    rules: policy.rules.map((rule, i) => ({
      ...rule,
      match: {
        ...rule.match,
        source: lowerPeer(rule.match.source, policy, rule, i),
        destination: lowerPeer(rule.match.destination, policy, rule, i),
      },
    })),
  };
}

function lowerPeer(expr: EndpointExpr, policy: Policy, rule: Rule, index: number): EndpointExpr {
  const conjunctions = disjunction(expr);
  // What says nothing of outside and nodes stays as it was stated.
  if (!conjunctions.some(conjunction => saysOutside(conjunction) || conjunction.some(({ atom }) => isNodeTerm(atom)))) { return expr; }
  const comesInAnyway = policy.direction === 'ingress' && rule.action === 'allow';
  return exprOfAll(conjunctions.flatMap(conjunction => lowerNodes(strip(conjunction), comesInAnyway, describeOrigin(policy, index))));
}

const isNodeTerm = (atom: object): boolean => ('kind' in atom && atom.kind === 'node') || ('of' in atom && atom.of === 'node');

function strip(conjunction: Conjunction): Conjunction {
  if (!saysOutside(conjunction)) { return conjunction; }
  const others = conjunction.filter(({ atom, negated }) => negated || !('kind' in atom));
  const implied = others.some(({ atom, negated }) => !negated && ('cidr' in atom || 'fqdn' in atom || 'ref' in atom));
  return implied ? others : [{ atom: { entity: 'world' }, negated: false }, ...others];
}

const saysOutside = (conjunction: Conjunction): boolean =>
  conjunction.some(({ atom, negated }) => !negated && 'kind' in atom && atom.kind === 'external');

/** As users call it. */
const tierName = (stage: string): string => (stage === ADMIN ? 'platform' : stage);
