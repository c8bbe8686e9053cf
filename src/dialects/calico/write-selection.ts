import { inOrder, Known, Refuse, selectorOf } from './expr-selector';
import { KUBERNETES, NAMESPACE, OF_NAMESPACE, ORCHESTRATOR, OWN_NAME } from './labels';
import { ALL, equals, every, has, negate, replace, Selector, some } from './selector';
import { endpointsExpr, hostsExpr, podExpr } from './selector-expr';
import { printSelector } from './selector-printer';
import { EndpointExpr, Reference } from '../../model/endpoint';

/**
 * A selector of a rule finds pods, host endpoints and network sets alike, by their labels. An expression has them as alternatives, and here they
 * are put together again: the text of one selector is found, and it is held against what reading it would say.
 */

/** Other endpoints and sets have no such label. */
export const OF_PODS = equals(ORCHESTRATOR, KUBERNETES);
const NOTHING = negate(ALL);

/** Whether an expression speaks of network sets or host endpoints, which only selectors can find. */
export function mentionsSetsOrHosts(expr: EndpointExpr): boolean {
  if ('not' in expr) { return mentionsSetsOrHosts(expr.not); }
  if ('allOf' in expr) { return expr.allOf.some(mentionsSetsOrHosts); }
  if ('anyOf' in expr) { return expr.anyOf.some(mentionsSetsOrHosts); }
  if ('kind' in expr) { return expr.kind === 'hostEndpoint' || expr.kind === 'addressSet'; }
  return 'label' in expr ? expr.of === 'hostEndpoint' || expr.of === 'addressSet' : isSet(expr);
}

export const isSet = (expr: EndpointExpr): expr is Reference => 'ref' in expr && expr.ref === 'addressSet';

/** Whether an expression speaks of nothing but pods, host endpoints and network sets. */
export function isSelection(expr: EndpointExpr): boolean {
  if ('not' in expr) { return isSelection(expr.not); }
  if ('allOf' in expr) { return expr.allOf.every(isSelection); }
  if ('anyOf' in expr) { return expr.anyOf.every(isSelection); }
  if ('kind' in expr) { return expr.kind === 'pod' || expr.kind === 'hostEndpoint'; }
  if ('ref' in expr) { return isSet(expr); }
  return 'label' in expr || 'namespace' in expr || 'serviceAccount' in expr;
}

/** The one selector that finds what the alternatives say, and nothing else; undefined when there is none. */
export function wholeSelector(alternatives: readonly EndpointExpr[], refuse: Refuse): Selector | undefined {
  const wanted = canonical({ anyOf: alternatives });
  const whole: EndpointExpr = { anyOf: alternatives };
  const pods = asSelector(selectorOf(whole, { kind: 'pod', sets: true }, refuse));
  const others = setsSelector(alternatives.filter(isSet), refuse);
  // Pods beside sets of a namespace are easier to read in rules of their own.
  const hosts = alternatives.some(part => !isSet(part) && mentionsSetsOrHosts(part));
  const alone = both(others, negate(OF_PODS));
  const candidates = [pods, others, alone, ...(hosts ? [either(both(pods, OF_PODS), alone)] : [])];
  return candidates.find(candidate => canonical(endpointsExpr(candidate)) === wanted);
}

const isNothing = (selector: Selector): boolean => 'not' in selector && 'all' in selector.not;

function both(a: Selector, b: Selector): Selector {
  if (isNothing(a) || isNothing(b)) { return NOTHING; }
  return every(inOrder([a, b].filter(part => !('all' in part)).flatMap(part => ('and' in part ? part.and : [part]))));
}

const either = (a: Selector, b: Selector): Selector => (isNothing(a) ? b : isNothing(b) ? a : some(inOrder([a, b])));

/** A reference to sets alone. Where a set has no namespace, host endpoints with the same labels are found too: Calico cannot tell them apart. */
export function setSelector(reference: Reference, refuse: Refuse): { readonly selector: Selector; readonly exact: boolean } {
  const found = setsSelector([reference], refuse);
  const selector = 'none' in podExpr(found) ? found : both(found, negate(OF_PODS));
  return { selector, exact: 'none' in hostsExpr(selector) };
}

function setsSelector(references: readonly Reference[], refuse: Refuse): Selector {
  const parts = references.map(({ namespace, name, selector }) => {
    if (name !== undefined) { return refuse('reference', `the network set ${name} by its name; selectors find sets by labels`); }
    return both(namespace === undefined ? ALL : equals(NAMESPACE, namespace), selector === undefined ? ALL : ofSets(selector, refuse));
  });
  return parts.length === 0 ? NOTHING : some(inOrder(parts));
}

/** A selector of the labels of sets. */
function ofSets(expr: EndpointExpr, refuse: Refuse): Selector {
  const known: Known = { kind: 'addressSet' };
  return asSelector(selectorOf(expr, known, refuse));
}

export const asSelector = (selector: Selector | boolean): Selector => (selector === true ? ALL : selector === false ? NOTHING : selector);

/** The fields of a rule's end that say a selector; several where one cannot say it. `namespace` is that of a namespaced policy. */
export function selectorFields(selector: Selector, namespace: string | undefined): Record<string, string>[] {
  const parts = 'all' in selector ? [] : 'and' in selector ? selector.and : [selector];
  const namespaces = parts.filter(onlyNamespaces);
  const others = inOrder(parts.filter(part => !namespaces.includes(part)));
  const rest: Record<string, string> = others.length > 0 ? { selector: printSelector(every(others)) } : {};
  if (namespaces.length === 0) {
    if (namespace === undefined) { return [{ selector: printSelector(selector) }]; }
    // What is in some namespace, and what is in none.
    return ['all()', 'global()'].map(namespaceSelector => ({ namespaceSelector, ...rest }));
  }
  const [first] = namespaces;
  if (namespace !== undefined && namespaces.length === 1 && printSelector(first) === printSelector(equals(NAMESPACE, namespace))) {
    return [{ selector: 'all()', ...rest }];
  }
  return [{ namespaceSelector: namespaceText(namespaces), ...rest }];
}

function namespaceText(parts: readonly Selector[]): string {
  const text = printSelector(every(inOrder(parts)));
  const inSome = printSelector(has(NAMESPACE));
  if (text === inSome) { return 'all()'; }
  return text === `!${inSome}` ? 'global()' : printSelector(asNamespaceSelector(every(inOrder(parts))));
}

/** Constants mean something else in a namespaceSelector. */
export function onlyNamespaces(selector: Selector): boolean {
  let only = true;
  replace(selector, part => {
    if (!('label' in part) || (part.label !== NAMESPACE && !part.label.startsWith(OF_NAMESPACE))) { only = false; }
    return part;
  });
  return only;
}

/** A selector of endpoints that tests only namespaces, as a selector of namespaces. */
export const asNamespaceSelector = (selector: Selector): Selector => withoutPrefix(
  replace(selector, part => ('label' in part && part.label === NAMESPACE ? { ...part, label: OF_NAMESPACE + OWN_NAME } : part)), OF_NAMESPACE);

export const withoutPrefix = (selector: Selector, prefix: string): Selector =>
  replace(selector, part => ('label' in part ? { ...part, label: part.label.slice(prefix.length) } : part));

/** Equal texts for expressions that differ only in the order of their parts. */
export function canonical(expr: EndpointExpr): string {
  if ('not' in expr) { return JSON.stringify(['not', canonical(expr.not)]); }
  if ('allOf' in expr || 'anyOf' in expr) { return canonicalParts(expr); }
  if ('label' in expr) { return JSON.stringify([expr.of, expr.label, expr.op, [...new Set(expr.values)].sort()]); }
  if (isSet(expr)) { return JSON.stringify(['set', expr.namespace, expr.selector && canonical(expr.selector)]); }
  return JSON.stringify(expr);
}

function canonicalParts(expr: { readonly allOf: readonly EndpointExpr[] } | { readonly anyOf: readonly EndpointExpr[] }): string {
  const [name, parts] = 'allOf' in expr ? ['allOf', expr.allOf] as const : ['anyOf', expr.anyOf] as const;
  const texts = [...new Set(parts.map(canonical))].sort();
  return texts.length === 1 ? texts[0] : JSON.stringify([name, ...texts]);
}

