import { inOrder, Known, Refuse, selectorOf } from './expr-selector';
import { NAMESPACE, OWN_NAME } from './labels';
import { ALL, every, has, negate, Selector, some } from './selector';
import { hostsExpr, subjectExpr } from './selector-expr';
import { printSelector } from './selector-printer';
import { LONGEST_SELECTOR } from './version';
import { asNamespaceSelector, asSelector, canonical, onlyNamespaces } from './write-selection';
import { EndpointExpr, isNamespace } from '../../model/endpoint';

type Json = Record<string, unknown>;

const HOSTS: Known = { kind: 'hostEndpoint' };
const PODS: Known = { kind: 'pod' };

export function namespacedSubject(subject: EndpointExpr, namespace: string, refuse: Refuse): Json {
  // Every endpoint of another namespace, or none, must be left out by the subject itself.
  if (!implies(subject, namespace)) { return refuse('subject', `it must be in namespace ${namespace}`); }
  return { selector: printSelector(asSelector(selectorOf(subject, { kind: 'pod', namespace }, refuse))) };
}

function implies(subject: EndpointExpr, namespace: string): boolean {
  if ('none' in subject) { return true; }
  if ('allOf' in subject) { return subject.allOf.some(part => implies(part, namespace)); }
  if ('anyOf' in subject) { return subject.anyOf.every(part => implies(part, namespace)); }
  return isNamespace(subject) && subject.namespace === namespace;
}

/** Without a namespaceSelector a global policy is about host endpoints too. */
export function globalSubject(subject: EndpointExpr, refuse: Refuse): Json {
  const hosts = selectorOf(subject, HOSTS, refuse);
  const pods = selectorOf(subject, PODS, refuse);
  return hosts === false ? podSubject(asSelector(pods)) : { selector: printSelector(withHosts(hosts, pods, subject)) };
}

/** The subject of a policy of which pods see nothing. */
export function hostSubject(subject: EndpointExpr, refuse: Refuse): Json {
  if (selectorOf(subject, PODS, refuse) !== false) { return refuse('hook', 'pods as the subject'); }
  const selector = asSelector(selectorOf(subject, HOSTS, refuse));
  return { selector: printSelector(selector) };
}

/** The host endpoints among the subject of a policy. */
export function hostsOf(subject: EndpointExpr, refuse: Refuse): string {
  return canonical(hostsExpr(asSelector(selectorOf(subject, HOSTS, refuse))));
}

/** One selector for both where there is one, else one for each: of these two only pods have a namespace. */
function withHosts(hosts: Selector | true, pods: Selector | boolean, subject: EndpointExpr): Selector {
  const both = asSelector(pods);
  if (canonical(subjectExpr(both)) === canonical(subject)) { return both; }
  const onlyHosts = negate(has(NAMESPACE));
  const ofHosts = hosts === true ? onlyHosts : every(inOrder([onlyHosts, hosts]));
  if (pods === false) { return ofHosts; }
  if (hosts === true) { return pods === true ? ALL : some([onlyHosts, pods]); }
  return some([ofHosts, pods === true ? has(NAMESPACE) : every(inOrder([has(NAMESPACE), pods]))]);
}

/** A field takes so many characters. The first part has to stand alone. */
function asLongAsTheyFit(parts: readonly Selector[]): Selector[] {
  const fits = (several: readonly Selector[]): boolean =>
    several.length === 1 || printSelector(every([has(OWN_NAME), asNamespaceSelector(every(several))])).length <= LONGEST_SELECTOR;
  return parts.reduce<Selector[]>((fitting, part) => (fits([...fitting, part]) ? [...fitting, part] : fitting), []);
}

function podSubject(pods: Selector): Json {
  const parts = inOrder('all' in pods ? [] : 'and' in pods ? pods.and : [pods]);
  const ofNamespaces = asLongAsTheyFit(parts.filter(onlyNamespaces));
  // Of pods, a selector may ask for the labels of their namespaces too.
  const others = parts.filter(part => !ofNamespaces.includes(part));
  const limited = ofNamespaces.length > 0 && 'none' in hostsExpr(every(ofNamespaces));
  const namespaces = asNamespaceSelector(every(ofNamespaces));
  return {
    namespaceSelector: printSelector(ofNamespaces.length === 0 || limited ? namespaces : every([has(OWN_NAME), namespaces])),
    selector: printSelector(every(others)),
  };
}
