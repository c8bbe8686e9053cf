import { RESERVED_ENDPOINTS } from './entities';
import { Conjunction, disjunction } from '../../model/dnf';
import { allOf, anyOf, EndpointExpr, EXTERNAL, not } from '../../model/endpoint';

/** Endpoints of Cilium's own on each node: health checks, its ingress, and pods whose labels are not known yet. */
export const OWN_ENDPOINTS: EndpointExpr = allOf(
  // Neither a node nor anything outside is one, whatever else is known of it.
  not({ kind: 'node' }),
  not(EXTERNAL),
  anyOf(...RESERVED_ENDPOINTS.map((entity): EndpointExpr => ({ entity }))),
);

const TEXTS = disjunction(OWN_ENDPOINTS).map(conjunction => JSON.stringify(conjunction));

/** What is left of a subject without all of these endpoints, and whether they were in it. */
export function withoutOwnEndpoints(conjunctions: readonly Conjunction[]): { readonly others: readonly Conjunction[]; readonly open: boolean } {
  const texts = conjunctions.map(conjunction => JSON.stringify(conjunction));
  if (!TEXTS.every(text => texts.includes(text))) { return { others: conjunctions, open: false }; }
  return { others: conjunctions.filter((_, i) => !TEXTS.includes(texts[i])), open: true };
}
