import { ANY, Atom, EndpointExpr, isNamespace, NONE } from './endpoint';
import { textOf } from './text';

/** An atom, or its negation. */
export interface Literal {
  readonly atom: Atom;
  readonly negated: boolean;
}

/** AND of literals; empty means any endpoint. */
export type Conjunction = readonly Literal[];

/** Alternatives that are stated one by one are as many as are stated; those that conditions multiply into have a bound. */
const MOST_CONJUNCTIONS = 1024;

/**
 * The expression as an OR of conjunctions, the shape in which every dialect writes peers.
 * No conjunction at all means no endpoint.
 * @throws when conditions multiply into more than 1024 of them
 */
export function disjunction(expr: EndpointExpr): readonly Conjunction[] {
  let known = expanded.get(expr);
  if (!known) { expanded.set(expr, known = expand(expr, false)); }
  return known;
}

/** Expressions are immutable values, and the same one is written as subject, as peer and in every policy that it is in. */
const expanded = new WeakMap<EndpointExpr, readonly Conjunction[]>();

/** The way back, for readers and for printing. */
export function exprOf(conjunction: Conjunction): EndpointExpr {
  if (conjunction.length === 0) { return ANY; }
  const parts = conjunction.map(({ atom, negated }): EndpointExpr => (negated ? { not: atom } : atom));
  return parts.length === 1 ? parts[0] : { allOf: parts };
}

function expand(expr: EndpointExpr, negated: boolean): Conjunction[] {
  if ('any' in expr) { return negated ? [] : [[]]; }
  if ('none' in expr) { return negated ? [[]] : []; }
  if ('not' in expr) { return expand(expr.not, !negated); }
  if ('allOf' in expr) { return negated ? either(expr.allOf, true) : both(expr.allOf, false); }
  if ('anyOf' in expr) { return negated ? both(expr.anyOf, true) : either(expr.anyOf, false); }
  return [[{ atom: expr, negated }]];
}

function either(parts: readonly EndpointExpr[], negated: boolean): Conjunction[] {
  return parts.flatMap(part => expand(part, negated));
}

function both(parts: readonly EndpointExpr[], negated: boolean): Conjunction[] {
  let product: Conjunction[] = [[]];
  for (const part of parts) {
    const choices = expand(part, negated);
    if (choices.length === 1 && product.length === 1) {
      product = [[...product[0], ...choices[0]]];
      continue;
    }
    // Checked before the product is made: it is the product that can explode.
    const size = product.length * choices.length;
    if (size > MOST_CONJUNCTIONS && product.length > 1 && choices.length > 1) {
      throw new Error(`a peer whose parts combine to ${size} alternatives is too large (at most ${MOST_CONJUNCTIONS}); state several smaller ones`);
    }
    product = product.flatMap(left => choices.map(right => [...left, ...right]));
  }
  return product.map(withoutRepeats).filter(conjunction => !contradicts(conjunction));
}

function withoutRepeats(conjunction: Conjunction): Conjunction {
  const seen = new Set<string>();
  for (const literal of conjunction) { seen.add(keyOf(literal)); }
  if (seen.size === conjunction.length) { return conjunction; }
  return conjunction.filter(literal => seen.delete(keyOf(literal)));
}

const keyOf = ({ atom, negated }: Literal): string => (negated ? '!' : '') + textOf(atom);

/** Only what is plain to see: an atom beside its negation, two kinds, two namespaces. */
function contradicts(conjunction: Conjunction): boolean {
  let kind: string | undefined;
  let namespace: string | undefined;
  for (const { atom, negated } of conjunction) {
    if (negated) {
      if (conjunction.some(other => !other.negated && textOf(other.atom) === textOf(atom))) { return true; }
    } else if ('kind' in atom) {
      if (kind !== undefined && kind !== atom.kind) { return true; }
      kind = atom.kind;
    } else if (isNamespace(atom)) {
      if (namespace !== undefined && namespace !== atom.namespace) { return true; }
      namespace = atom.namespace;
    }
  }
  return false;
}

/** What a set of conjunctions means again as one expression. */
export const exprOfAll = (conjunctions: readonly Conjunction[]): EndpointExpr =>
  conjunctions.length === 0 ? NONE : conjunctions.length === 1 ? exprOf(conjunctions[0]) : { anyOf: conjunctions.map(exprOf) };
