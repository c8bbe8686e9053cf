import { isOfPods, KUBERNETES, NAMESPACE, OF_NAMESPACE, OF_SERVICE_ACCOUNT, ORCHESTRATOR, OWN_NAME, SERVICE_ACCOUNT } from './labels';
import { every, Selector, SelectorTest } from './selector';
import { allOf, ANY, anyOf, EndpointExpr, inNamespace, isPassedBy, LabelScope, labelExists, NONE, not, POD } from '../../model/endpoint';
import { NAMESPACE_NAME } from '../../model/labels';

/** The API server gives it to every namespace, with the namespace's name. */

const HOST_ENDPOINT: EndpointExpr = { kind: 'hostEndpoint' };

/** What a selector of a rule (with `pcns.` and `pcsa.` keys) matches: pods, host endpoints and the addresses of network sets, all by labels. */
export const endpointsExpr = (selector: Selector): EndpointExpr => anyOf(subjectExpr(selector), setsExpr(selector));

/** What a selector of a policy is about: a network set is never a subject. */
export const subjectExpr = (selector: Selector): EndpointExpr => anyOf(allOf(POD, podExpr(selector)), hostsExpr(selector));

/** A host endpoint has labels of its own, but none from Calico, a namespace or a service account. */
export function hostsExpr(selector: Selector): EndpointExpr {
  const expr = translate(selector, ANY, test => (isOfPods(test.label) ? NONE : labelExpr('hostEndpoint', test.label, test)));
  return 'any' in expr ? HOST_ENDPOINT : 'none' in expr ? NONE : allOf(HOST_ENDPOINT, expr);
}

/** What the selector asks of an endpoint that is known to be a pod. */
export const podExpr = (selector: Selector): EndpointExpr => translate(selector, NONE, podTest);

/** A network set has its own labels; one of a namespace also has those of the namespace, and its name. It belongs to no orchestrator. */
function setsExpr(selector: Selector): EndpointExpr {
  const { namespace, rest } = takeNamespace(selector);
  const expr = translate(rest, ANY, test => (isOfSets(test.label) ? labelExpr('addressSet', setLabel(test.label), test) : NONE));
  if ('none' in expr) { return NONE; }
  return { ref: 'addressSet', ...(namespace === undefined ? {} : { namespace }), ...('any' in expr ? {} : { selector: expr }) };
}

const isOfSets = (label: string): boolean => !isOfPods(label) || label === NAMESPACE || label.startsWith(OF_NAMESPACE);

/** The name of a set's namespace is one label of it, however it is asked for. */
const setLabel = (label: string): string =>
  (label === OF_NAMESPACE + OWN_NAME || label === OF_NAMESPACE + NAMESPACE_NAME ? NAMESPACE : label);

function takeNamespace(selector: Selector): { namespace?: string; rest: Selector } {
  const parts = 'and' in selector ? selector.and : [selector];
  const named = parts.find((part): part is SelectorTest =>
    'label' in part && isOfSets(part.label) && setLabel(part.label) === NAMESPACE && part.op === 'in' && part.values.length === 1);
  return named ? { namespace: named.values[0], rest: every(parts.filter(part => part !== named)) } : { rest: selector };
}

/** `global` is what `global()` is for this kind of endpoint. */
function translate(selector: Selector, global: EndpointExpr, test: (part: SelectorTest) => EndpointExpr): EndpointExpr {
  if ('all' in selector) { return ANY; }
  if ('global' in selector) { return global; }
  if ('not' in selector) { return not(translate(selector.not, global, test)); }
  if ('and' in selector) { return allOf(...selector.and.map(part => translate(part, global, test))); }
  if ('or' in selector) { return anyOf(...selector.or.map(part => translate(part, global, test))); }
  return test(selector);
}

function podTest(test: SelectorTest): EndpointExpr {
  const { label } = test;
  if (label === ORCHESTRATOR) { return isPassedBy(test, KUBERNETES) ? ANY : NONE; }
  if (label === NAMESPACE || label === OF_NAMESPACE + OWN_NAME) {
    return nameExpr(test, inNamespace) ?? labelExpr('namespace', NAMESPACE_NAME, test);
  }
  if (label === SERVICE_ACCOUNT || label === OF_SERVICE_ACCOUNT + OWN_NAME) {
    const named = nameExpr(test, serviceAccount => ({ serviceAccount }));
    if (!named) {
      throw new Error(`a part of the name of a service account (${label} ${test.op}) cannot be read: no label of a ServiceAccount holds its name, and which accounts there are is not known; list the names with "in"`);
    }
    return named;
  }
  if (label.startsWith(OF_NAMESPACE)) { return labelExpr('namespace', label.slice(OF_NAMESPACE.length), test); }
  if (label.startsWith(OF_SERVICE_ACCOUNT)) { return labelExpr('serviceAccount', label.slice(OF_SERVICE_ACCOUNT.length), test); }
  return labelExpr('pod', label, test);
}

/** Every pod has a namespace and a service account. */
function nameExpr({ op, values }: SelectorTest, named: (name: string) => EndpointExpr): EndpointExpr | undefined {
  if (op === 'exists') { return ANY; }
  return op === 'in' ? anyOf(...values.map(named)) : undefined;
}

function labelExpr(of: LabelScope, label: string, { op, values }: SelectorTest): EndpointExpr {
  if (op === 'exists') { return labelExists(of, label); }
  return values.length === 0 ? NONE : { label, of, op, values };
}
