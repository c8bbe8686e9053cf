import { compareCidrs, containsCidr } from '../../model/cidr';
import { Conjunction, disjunction } from '../../model/dnf';
import { Cidr, EndpointExpr, isNamespace } from '../../model/endpoint';
import { NAMESPACE_NAME } from '../../model/labels';
import { distinct } from '../dialect';
import { foreignTerm, PeerTerms, peerTerms } from '../peer-terms';
import { Feature, refuse as refuseIn } from '../refusals';

export type Json = Record<string, unknown>;
export type Called = () => string;

export const refuse = (feature: Feature, statement: Called, detail?: string) => refuseIn('istio', feature, statement(), detail);

/** A source has at most this many entries beside others. */
const MOST = 512;

/** The callers as entries of `from`; undefined for anyone, none for nobody. */
export function writeSources(expr: EndpointExpr, statement: Called): Json[] | undefined {
  const conjunctions = disjunction(folded(expr));
  if (conjunctions.some(conjunction => conjunction.length === 0)) { return undefined; }
  return merged(distinct(conjunctions.flatMap(conjunction => writeSource(conjunction, statement))));
}

/** As many lists of `from` as an API server takes. */
export function inParts<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / MOST) }, (_, i) => items.slice(i * MOST, (i + 1) * MOST));
}

/** Sources with one field only are the values of that field. */
function merged(sources: readonly Json[]): Json[] {
  const alone = new Map<string, Set<string>>();
  const others: Json[] = [];
  for (const source of sources) {
    const [[field, values], ...more] = Object.entries(source);
    if (more.length > 0 || field.startsWith('not')) { others.push(source); continue; }
    const known = alone.get(field) ?? new Set();
    (values as string[]).forEach(value => known.add(value));
    alone.set(field, known);
  }
  return [...[...alone].sort(([a], [b]) => (a < b ? -1 : 1)).map(([field, values]) => ({ [field]: [...values].sort() })), ...others];
}

/**
 * "With an identity, in this namespace" is one thing that can be negated as a whole, which is how Istio means notNamespaces. It is folded into one
 * atom, so that conditions are not multiplied out.
 */
const FOLDED = '\u0000namespace ';

function folded(expr: EndpointExpr): EndpointExpr {
  if ('not' in expr) { return { not: folded(expr.not) }; }
  if ('anyOf' in expr) { return { anyOf: expr.anyOf.map(folded) }; }
  if (!('allOf' in expr)) { return expr; }
  const identity = expr.allOf.some(part => 'principal' in part && part.principal === '*');
  const namespaces = expr.allOf.map(part => namespaceOf(part));
  const known = namespaces.filter(name => name !== undefined);
  if (!identity || known.length === 0) { return { allOf: expr.allOf.map(folded) }; }
  const rest = expr.allOf.filter((part, i) => namespaces[i] === undefined && !('principal' in part && part.principal === '*'));
  return { allOf: [...known.map(name => ({ principal: `${FOLDED}${name}` })), ...rest.map(folded)] };
}

function namespaceOf(part: EndpointExpr): string | undefined {
  if (isNamespace(part)) { return part.namespace; }
  if (!('label' in part) || part.of !== 'namespace' || part.label !== NAMESPACE_NAME || part.values.length !== 1) { return undefined; }
  const [value] = part.values;
  return part.op === 'startsWith' ? `${value}*` : part.op === 'endsWith' ? `*${value}` : part.op === 'in' ? value : undefined;
}

/** None where the conditions exclude each other. */
function writeSource(conjunction: Conjunction, statement: Called): Json[] {
  const terms = peerTerms(conjunction);
  checkTerms(terms, statement);
  const positive = terms.principals.filter(({ negated }) => !negated).map(({ principal }) => principal);
  const negative = terms.principals.filter(({ negated }) => negated).map(({ principal }) => principal);
  const namespaces = narrowest(positive.filter(isFolded).map(unfolded));
  const principals = narrowest(positive.filter(text => !isFolded(text)));
  const ranges = narrowestRange(terms.cidrs);
  if (namespaces.length > 1 || principals.length > 1) { throw refuse('negated-peer', statement, `all of ${positive.map(unfolded).join(', ')} at once`); }
  if ([namespaces, principals, ranges].includes(NOBODY)) { return []; }
  // Any identity says nothing beside a namespace, which only identities have.
  const chosen = namespaces.length > 0 ? principals.filter(text => text !== '*') : principals;
  const holes = [...terms.cidrs.flatMap(({ except }) => except), ...terms.notCidrs.map(({ cidr }) => cidr)];
  return [Object.fromEntries(Object.entries({
    principals: chosen,
    notPrincipals: negative.filter(text => !isFolded(text)).sort(),
    namespaces,
    notNamespaces: negative.filter(isFolded).map(unfolded).sort(),
    ipBlocks: ranges,
    notIpBlocks: [...new Set(holes)].sort(compareCidrs),
  }).filter(([, values]) => values.length > 0))];
}

const NOBODY: readonly string[] = [];

/** Of patterns that must all match, those that say something beside the others. */
function narrowest(patterns: readonly string[]): readonly string[] {
  const [exact, ...others] = [...new Set(patterns)].sort((a, b) => Number(a.includes('*')) - Number(b.includes('*')));
  if (exact === undefined) { return []; }
  if (!exact.includes('*')) { return others.every(pattern => matches(pattern, exact)) ? [exact] : NOBODY; }
  const certain = [exact, ...others].filter(pattern => pattern !== '*');
  return certain.length > 0 ? certain : ['*'];
}

const matches = (pattern: string, text: string): boolean => (pattern.endsWith('*')
  ? text.startsWith(pattern.slice(0, -1)) : pattern.startsWith('*') ? text.endsWith(pattern.slice(1)) : text === pattern);

/** Ranges either nest or exclude each other. */
function narrowestRange(ranges: readonly Cidr[]): readonly string[] {
  const [smallest, ...others] = ranges.map(({ cidr }) => cidr).sort((a, b) => Number(b.split('/')[1]) - Number(a.split('/')[1]));
  if (smallest === undefined) { return []; }
  return others.every(other => containsCidr(other, smallest)) ? [smallest] : NOBODY;
}

const isFolded = (principal: string): boolean => principal.startsWith(FOLDED);
const unfolded = (principal: string): string => (isFolded(principal) ? principal.slice(FOLDED.length) : principal);

function checkTerms(terms: PeerTerms, statement: Called): void {
  if (terms.fqdns.length > 0) { throw refuse('fqdn', statement, terms.fqdns.join(', ')); }
  if (terms.entities.length > 0) { throw refuse('entity', statement, terms.entities.join(', ')); }
  const foreign = foreignTerm({ ...terms, principals: [] });
  if (foreign) { throw refuse(foreign.negated ? 'negated-peer' : terms.clusters.length > 0 ? 'cluster' : 'reference', statement, foreign.what); }
  if (terms.labels.length > 0) { throw refuse('label-scope', statement, `${terms.labels[0].test.of} label ${terms.labels[0].test.label}`); }
  const { namespaces, notNamespaces, serviceAccounts, notServiceAccounts, kinds, notKinds } = terms;
  const unproven = [...namespaces, ...notNamespaces, ...serviceAccounts, ...notServiceAccounts, ...kinds, ...notKinds];
  if (unproven.length > 0) { throw refuse('principal', statement, unproven.join(', ')); }
  const someone = [...terms.cidrs, ...terms.notCidrs].find(({ anyone }) => !anyone);
  if (someone) { throw refuse('addresses', statement, someone.cidr); }
  if (terms.notCidrs.some(({ except }) => except.length > 0)) { throw refuse('negated-peer', statement, 'an exception of an exception'); }
  const odd = terms.principals.map(({ principal }) => principal).find(text => text === '' || (!isFolded(text) && text !== '*' && /^\*.*\*$/s.test(text)));
  if (odd !== undefined) { throw refuse('principal', statement, JSON.stringify(odd)); }
}
