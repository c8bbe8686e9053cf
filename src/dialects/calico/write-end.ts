import { inOrder, Refuse, selectorOf } from './expr-selector';
import { every, Selector, some } from './selector';
import { printSelector } from './selector-printer';
import { ANYTHING, Entity, Place, writePods } from './write-peer';
import {
  asSelector, isSelection, isSet, mentionsSetsOrHosts, OF_PODS, selectorFields, setSelector, wholeSelector,
} from './write-selection';
import { allOf, EndpointExpr, Reference } from '../../model/endpoint';

/** An end as alternatives; none when nothing can match. */
export function writeEnd(expr: EndpointExpr, place: Place, refuse: Refuse): Entity[] {
  if (isService(expr)) { return [writeService(expr, place, refuse)]; }
  if (!mentionsSetsOrHosts(expr) && !mentionsService(expr)) { return writePods(expr, place, refuse); }
  return 'anyOf' in expr ? writeAlternatives(expr.anyOf, place, refuse) : writeConditions('allOf' in expr ? expr.allOf : [expr], place, refuse);
}

/** What one selector finds is one rule. */
function writeAlternatives(alternatives: readonly EndpointExpr[], place: Place, refuse: Refuse): Entity[] {
  const selections = alternatives.filter(isSelection);
  const whole = wholeSelector(selections, refuse);
  const rest = whole ? alternatives.filter(part => !selections.includes(part)) : alternatives;
  return [
    ...(whole ? entitiesOf(whole, place) : []),
    ...rest.flatMap(part => writeEnd(part, place, refuse)),
  ];
}

const entitiesOf = (selector: Selector, { namespace }: Place): Entity[] =>
  selectorFields(selector, namespace).map(selectors => ({ ...ANYTHING, selectors }));

/** A selector, what it leaves out, and addresses. */
function writeConditions(parts: readonly EndpointExpr[], place: Place, refuse: Refuse): Entity[] {
  const saysPods = parts.some(part => !('not' in part) && isSelection(part) && !mentionsSetsOrHosts(part));
  const negated = parts.filter((part): part is { readonly not: EndpointExpr } =>
    'not' in part && isSelection(part.not) && (mentionsSetsOrHosts(part.not) || !saysPods));
  const selections = parts.filter(part => !('not' in part) && mentionsSetsOrHosts(part));
  const others = parts.filter(part => !selections.includes(part) && !negated.includes(part as never));
  const selectors: Selector[] = [];
  for (const part of selections) {
    const selector = wholeSelector('anyOf' in part ? part.anyOf : [part], refuse) ?? loneSet(part, refuse);
    if (selector) {
      selectors.push(selector);
    } else if ('anyOf' in part) {
      return part.anyOf.flatMap(alternative => writeEnd(allOf(alternative, ...parts.filter(other => other !== part)), place, refuse));
    } else {
      return refuse('host-endpoint', 'host endpoints apart from network sets with the same labels');
    }
  }
  const rest = others.length === 0 ? [ANYTHING] : writePods(allOf(...others), place, refuse);
  const excluded = negated.length === 0 ? undefined : some(inOrder(negated.flatMap(({ not }) => excludedSelectors(not, refuse))));
  return rest.flatMap(entity => combined(entity, selectors, excluded, place, refuse));
}

/** Negated, it must leave out nothing else. */
function excludedSelectors(expr: EndpointExpr, refuse: Refuse): Selector[] {
  const alternatives = 'anyOf' in expr ? expr.anyOf : [expr];
  const whole = wholeSelector(alternatives, refuse);
  if (whole) { return [whole]; }
  return alternatives.map(part => {
    const selector = wholeSelector([part], refuse) ?? (isSet(part) ? exactly(setSelector(part, refuse)) : podsOnly(part, refuse));
    return selector ?? refuse('negated-peer', 'network sets apart from host endpoints with the same labels');
  });
}

const exactly = ({ selector, exact }: ReturnType<typeof setSelector>): Selector | undefined => (exact ? selector : undefined);
const podsOnly = (expr: EndpointExpr, refuse: Refuse): Selector | undefined =>
  (mentionsSetsOrHosts(expr) ? undefined : every([...partsOf(asSelector(selectorOf(expr, { kind: 'pod' }, refuse))), OF_PODS]));

const loneSet = (part: EndpointExpr, refuse: Refuse): Selector | undefined => (isSet(part) ? setSelector(part, refuse).selector : undefined);
const partsOf = (selector: Selector): readonly Selector[] => ('all' in selector ? [] : 'and' in selector ? selector.and : [selector]);

function combined(entity: Entity, selectors: readonly Selector[], excluded: Selector | undefined, { namespace }: Place, refuse: Refuse): Entity[] {
  const stated = Object.keys(entity.selectors).length > 0;
  if (stated && selectors.length > 0) { return refuse('reference', 'pods that have an address of a network set'); }
  if (stated && excluded && 'notSelector' in entity.selectors) { return refuse('negated-peer', 'two exclusions'); }
  const notSelector = excluded ? { notSelector: printSelector(excluded) } : {};
  if (selectors.length === 0) {
    // In a namespaced policy a notSelector narrows an end that states no other to the policy's own namespace.
    if (excluded && !stated && namespace !== undefined) { return refuse('negated-peer', 'everything except some endpoints, in a namespaced policy'); }
    return [{ ...entity, selectors: { ...entity.selectors, ...notSelector } }];
  }
  return selectorFields(every(selectors), namespace).map(({ selector, ...fields }) => ({
    ...entity,
    selectors: { ...fields, ...(selector === undefined || (excluded && selector === 'all()' && namespace !== undefined) ? {} : { selector }), ...notSelector },
  }));
}

const isService = (expr: EndpointExpr): expr is Reference => 'ref' in expr && expr.ref === 'service';

function mentionsService(expr: EndpointExpr): boolean {
  if ('not' in expr) { return mentionsService(expr.not); }
  const parts = 'allOf' in expr ? expr.allOf : 'anyOf' in expr ? expr.anyOf : [];
  return isService(expr) || parts.some(mentionsService);
}

/** Who it is follows from the Service; at the destination, also which ports. */
function writeService({ namespace, name }: Reference, { end, direction }: Place, refuse: Refuse): Entity {
  if (namespace === undefined || name === undefined) { return refuse('reference', 'a Service without its name or namespace'); }
  if (end !== (direction === 'egress' ? 'destination' : 'source')) { return refuse('reference', `the Service ${namespace}/${name} at the ${end} of ${direction} rules`); }
  return { ...ANYTHING, selectors: { services: { name, namespace } } };
}
