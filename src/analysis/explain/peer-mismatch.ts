import { cidrText, conjunctionsOf, exprText, labelText, literalText, referenceText } from './expr-text';
import { Conjunction, Literal } from '../../model/dnf';
import { EndpointExpr, EndpointKind, LabelTest } from '../../model/endpoint';
import { Endpoint, matchesEndpoint, NO, Profile } from '../../model/match';

/** One end, and what it is called. */
export interface NamedEnd {
  readonly text: string;
  readonly endpoint: Endpoint;
}

/** The alternative of an expression that is nearest to an end that it does not match, and the conditions of it that fail. */
interface Nearest {
  readonly conjunction: Conjunction;
  readonly failing: readonly Literal[];
}

/** How much a condition says of who is meant: what fails of the kind of an end says more than what fails of its labels. */
const weight = ({ atom }: Literal): number => ('label' in atom ? 1 : 'namespace' in atom ? 2 : 3);

export function nearest(expr: EndpointExpr, endpoint: Endpoint, profile: Profile): Nearest | undefined {
  let best: (Nearest & { readonly distance: number }) | undefined;
  for (const conjunction of conjunctionsOf(expr) ?? []) {
    const failing = conjunction.filter(literal => fails(literal, endpoint, profile));
    const distance = failing.reduce((sum, literal) => sum + weight(literal), 0);
    if (!best || distance < best.distance) { best = { conjunction, failing, distance }; }
  }
  return best;
}

const fails = ({ atom, negated }: Literal, endpoint: Endpoint, profile: Profile): boolean =>
  matchesEndpoint(negated ? { not: atom } : atom, endpoint, profile) === NO;

/** Why an end is none that an expression is about, as a sentence. */
export function mismatchText(expr: EndpointExpr, end: NamedEnd, profile: Profile): string {
  const near = nearest(expr, end.endpoint, profile);
  if (!near || near.failing.length === 0) { return `${end.text} is not ${exprText(expr)}`; }
  const conditions = near.failing.map(({ atom, negated }) => (negated ? { not: atom } : atom));
  const kinds = near.failing.filter(({ atom }) => 'kind' in atom);
  // What is of another kind has no labels to speak of.
  const told = kinds.length > 0 ? kinds : near.failing;
  return conditions.length === 0 ? '' : told.map(literal => literalMismatch(literal, end, profile)).join('; ');
}

function literalMismatch(literal: Literal, { text, endpoint }: NamedEnd, profile: Profile): string {
  const { atom, negated } = literal;
  if ('label' in atom) { return labelMismatch(atom, negated, text, endpoint); }
  if ('kind' in atom) { return negated ? `${text} is ${KINDS[atom.kind]}, which the rule leaves out` : `${text} is ${KINDS[endpoint.kind]}, and the rule is about ${PLURALS[atom.kind]}`; }
  if ('ref' in atom) { return `${text} is not of ${referenceText(atom)}`; }
  if ('namespace' in atom) {
    return negated ? `namespace ${atom.namespace} is left out` : `${text} is ${endpoint.kind === 'pod' ? 'in' : 'of no'} namespace${endpoint.kind === 'pod' ? ` ${endpoint.namespace}` : ''}, not ${atom.namespace}`;
  }
  if ('serviceAccount' in atom) { return `the service account of ${text} is ${endpoint.serviceAccount ?? 'none'}, ${negated ? 'which is left out' : `not ${atom.serviceAccount}`}`; }
  if ('cidr' in atom) {
    if (!atom.anyone && !profile.cidrMatches.includes(endpoint.kind)) { return `${text} is ${KINDS[endpoint.kind]}, and the CNI matches addresses outside the cluster only, so that ${cidrText(atom)} is not about it`; }
    return `${addressText(endpoint, text)} is ${negated ? '' : 'not '}in ${cidrText(atom)}${negated ? ', which is left out' : ''}`;
  }
  if ('fqdn' in atom) { return endpoint.kind === 'external' ? `${text} was not found by the name ${atom.fqdn}` : `${text} is ${KINDS[endpoint.kind]}, and the name ${atom.fqdn} is outside`; }
  if ('entity' in atom) { return `${text} is ${negated ? '' : 'not '}the entity ${atom.entity}`; }
  if ('principal' in atom) { return `the mesh identity of ${text} is ${endpoint.principal === '' ? 'none' : endpoint.principal}, and the rule asks for ${literalText(literal)}`; }
  return `${text} is not ${literalText(literal)}`;
}

function labelMismatch(test: LabelTest, negated: boolean, text: string, endpoint: Endpoint): string {
  const [owner, labels] = test.of === 'namespace' ? [`namespace ${endpoint.namespace}`, endpoint.namespaceLabels]
    : test.of === 'serviceAccount' ? [`service account ${endpoint.serviceAccount}`, endpoint.serviceAccountLabels] : [text, endpoint.labels];
  const value = labels && Object.hasOwn(labels, test.label) ? labels[test.label] : undefined;
  const asked = labelText({ test, negated });
  return value === undefined ? `${owner} has no label ${test.label} (asked for: ${asked})` : `${owner} has ${test.label}=${value} (asked for: ${asked})`;
}

/** Where it is, for a sentence. */
export function addressText({ address, addressIn }: Endpoint, text: string): string {
  if (address !== undefined) { return text.includes(address) ? text : `${text} at ${address}`; }
  return addressIn === undefined || addressIn.length === 0 ? `the address of ${text}` : `${text} in ${addressIn.join(', ')}`;
}

const KINDS: Readonly<Record<EndpointKind, string>> = {
  pod: 'a pod', node: 'a node', hostEndpoint: 'a host endpoint', addressSet: 'an address set', external: 'outside the cluster',
};
const PLURALS: Readonly<Record<EndpointKind, string>> = {
  pod: 'pods', node: 'nodes', hostEndpoint: 'host endpoints', addressSet: 'address sets', external: 'what is outside the cluster',
};
