import { KUBERNETES, NAMESPACE, OF_NAMESPACE, OF_SERVICE_ACCOUNT, ORCHESTRATOR, OWN_NAME, SERVICE_ACCOUNT } from './labels';
import { Selector, SelectorTest } from './selector';
import { allOf, ANY, anyOf, EndpointExpr, inNamespace, LabelScope, labelExists, NONE, not, POD } from '../../model/endpoint';

/** The API server gives it to every namespace, with the namespace's name. */
const METADATA_NAME = 'kubernetes.io/metadata.name';

/**
 * The endpoints that a selector (of endpoints, with `pcns.` and `pcsa.` keys) matches.
 *
 * Known limits until they are modelled: labels of host endpoints (such an endpoint is matched only where the selector holds
 * whatever its labels are), and network sets, on which `link` throws.
 */
export function endpointsExpr(selector: Selector): EndpointExpr {
  const pods = allOf(POD, podExpr(selector));
  return holdsForHostEndpoints(selector) ? anyOf(pods, { kind: 'hostEndpoint' }) : pods;
}

/** A host endpoint has labels of its own, but none from Calico, a namespace or a service account; undefined: its labels decide. */
export function holdsForHostEndpoints(selector: Selector): boolean | undefined {
  if ('all' in selector) { return true; }
  if ('global' in selector) { return true; }
  if ('not' in selector) {
    const inner = holdsForHostEndpoints(selector.not);
    return inner === undefined ? undefined : !inner;
  }
  if ('label' in selector) { return isOfPods(selector.label) || (selector.op === 'in' && selector.values.length === 0) ? false : undefined; }
  const [parts, decisive] = 'and' in selector ? [selector.and, false] : [selector.or, true];
  const answers = parts.map(holdsForHostEndpoints);
  return answers.includes(decisive) ? decisive : answers.includes(undefined) ? undefined : !decisive;
}

const isOfPods = (label: string): boolean =>
  [NAMESPACE, SERVICE_ACCOUNT, ORCHESTRATOR].includes(label) || label.startsWith(OF_NAMESPACE) || label.startsWith(OF_SERVICE_ACCOUNT);

/** What the selector asks of an endpoint that is known to be a pod. */
function podExpr(selector: Selector): EndpointExpr {
  if ('all' in selector) { return ANY; }
  if ('global' in selector) { return NONE; }
  if ('not' in selector) { return not(podExpr(selector.not)); }
  if ('and' in selector) { return allOf(...selector.and.map(podExpr)); }
  if ('or' in selector) { return anyOf(...selector.or.map(podExpr)); }
  return testExpr(selector);
}

function testExpr(test: SelectorTest): EndpointExpr {
  const { label } = test;
  if (label === ORCHESTRATOR) { return holds(test, KUBERNETES) ? ANY : NONE; }
  if (label === NAMESPACE || label === OF_NAMESPACE + OWN_NAME) {
    return nameExpr(test, inNamespace) ?? labelExpr('namespace', METADATA_NAME, test);
  }
  if (label === SERVICE_ACCOUNT || label === OF_SERVICE_ACCOUNT + OWN_NAME) {
    const named = nameExpr(test, serviceAccount => ({ serviceAccount }));
    if (!named) { throw new Error(`parts of the names of service accounts (${label} ${test.op}) are not evaluated yet; list the names with "in"`); }
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

function holds({ op, values }: SelectorTest, value: string): boolean {
  switch (op) {
    case 'exists': return true;
    case 'in': return values.includes(value);
    case 'contains': return value.includes(values[0]);
    case 'startsWith': return value.startsWith(values[0]);
    case 'endsWith': return value.endsWith(values[0]);
  }
}
