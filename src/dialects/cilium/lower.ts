import { Conjunction, disjunction, exprOfAll } from '../../model/dnf';
import { EndpointExpr } from '../../model/endpoint';
import { peerOf, Policy } from '../../model/policy-set';
import { byDocument, describeOrigin, Lowered, Target } from '../dialect';
import { narrowToOutside, refuseAddresses } from '../outside';
import { refuse } from '../refusals';
import { isIdentityLabel } from './identity-labels';
import { refuseMisplacedNames } from './names';

/** Statements of the reference pipeline in Cilium's own terms. */
export function lowerCilium(policies: readonly Policy[], target: Target): Lowered {
  refuseAddresses('cilium', policies);
  for (const policy of policies) {
    refuseLabels(policy);
    policy.rules.forEach((rule, i) => refuseMisplacedNames(policy, rule, namesIn(peerOf(policy.direction, rule.match)), describeOrigin(policy, i)));
  }
  for (const document of byDocument(policies)) { refuseNamesWithoutDns(document); }
  const { policies: narrowed, wider } = narrowToOutside('cilium', policies, target);
  return { policies: narrowed.map(withoutOutside), wider };
}

/** A selector on such a label never matches, so that an allow would be closed and a deny open. */
function refuseLabels(policy: Policy): void {
  const check = (expr: EndpointExpr, statement: string): void => {
    for (const { atom } of disjunction(expr).flat()) {
      if ('label' in atom && atom.of === 'pod' && !isIdentityLabel(atom.label)) { throw refuse('cilium', 'label-not-identity', statement, atom.label); }
    }
  };
  check(policy.subject, `${describeOrigin(policy)}, subject`);
  policy.rules.forEach(({ match }, i) => [match.source, match.destination].forEach(end => check(end, describeOrigin(policy, i))));
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

/** Ranges and names are outside anyway; all that is outside is the entity `world`. */
function withoutOutside(policy: Policy): Policy {
  return {
    ...policy,
    rules: policy.rules.map(rule => ({
      ...rule,
      match: { ...rule.match, source: inOwnTerms(rule.match.source), destination: inOwnTerms(rule.match.destination) },
    })),
  };
}

function inOwnTerms(expr: EndpointExpr): EndpointExpr {
  const conjunctions = disjunction(expr);
  // What says nothing of outside stays as it was stated.
  return conjunctions.some(saysOutside) ? exprOfAll(conjunctions.map(strip)) : expr;
}

function strip(conjunction: Conjunction): Conjunction {
  if (!saysOutside(conjunction)) { return conjunction; }
  const others = conjunction.filter(({ atom, negated }) => negated || !('kind' in atom));
  const implied = others.some(({ atom, negated }) => !negated && ('cidr' in atom || 'fqdn' in atom));
  return implied ? others : [{ atom: { entity: 'world' }, negated: false }, ...others];
}

const saysOutside = (conjunction: Conjunction): boolean =>
  conjunction.some(({ atom, negated }) => !negated && 'kind' in atom && atom.kind === 'external');
