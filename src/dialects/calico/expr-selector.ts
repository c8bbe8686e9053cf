import { Atom, EndpointExpr, EndpointKind, LabelTest } from '../../model/endpoint';
import { Feature } from '../refusals';
import { isOfPods, NAMESPACE, OF_NAMESPACE, OF_SERVICE_ACCOUNT, OWN_NAME, SERVICE_ACCOUNT } from './labels';
import { equals, every, has, negate, oneOf, Selector, some } from './selector';
import { printSelector } from './selector-printer';

/** Throws the refusal of the statement at hand. */
export type Refuse = (feature: Feature, detail: string) => never;

/** What is known of the endpoints that a selector will be asked about. */
export interface Known {
  readonly kind: EndpointKind;
  readonly namespace?: string;
  /** Whether references to network sets stand beside: no endpoint is one. */
  readonly sets?: true;
}

/** What an expression asks of endpoints of which something is known: a selector of their labels, or a constant. */
export function selectorOf(expr: EndpointExpr, known: Known, refuse: Refuse): Selector | boolean {
  if ('any' in expr) { return true; }
  if ('none' in expr) { return false; }
  if ('not' in expr) {
    const part = selectorOf(expr.not, known, refuse);
    return typeof part === 'boolean' ? !part : negate(part);
  }
  if ('allOf' in expr) { return combine(expr.allOf, known, refuse, false, every); }
  if ('anyOf' in expr) { return combine(expr.anyOf, known, refuse, true, either); }
  return atomSelector(expr, known, refuse);
}

/** `decisive` parts decide the whole, the other constants change nothing. */
function combine(
  exprs: readonly EndpointExpr[], known: Known, refuse: Refuse, decisive: boolean, join: (parts: readonly Selector[]) => Selector,
): Selector | boolean {
  const parts = exprs.map(part => selectorOf(part, known, refuse));
  if (parts.includes(decisive)) { return decisive; }
  const tests = parts.filter((part): part is Selector => typeof part !== 'boolean');
  return tests.length === 0 ? !decisive : join(inOrder(tests));
}

/** Names of namespaces and service accounts that are alternatives are one list. */
function either(parts: readonly Selector[]): Selector {
  const [lists, others] = [NAMESPACE, SERVICE_ACCOUNT].reduce<[Selector[], readonly Selector[]]>(([found, rest], label) => {
    const named = rest.filter(part => 'label' in part && part.label === label && part.op === 'in');
    const values = named.flatMap(part => ('label' in part ? part.values : []));
    return [named.length > 0 ? [...found, oneOf(label, values)] : found, rest.filter(part => !named.includes(part))];
  }, [[], parts]);
  return some(inOrder([...lists, ...others]));
}

/** By their text, so that equal statements give equal bytes. */
export function inOrder(parts: readonly Selector[]): Selector[] {
  const byText = new Map(parts.map(part => [printSelector(part), part]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
}

function atomSelector(atom: Atom, known: Known, refuse: Refuse): Selector | boolean {
  const { kind, namespace } = known;
  if ('kind' in atom) { return atom.kind === kind; }
  if ('label' in atom) { return ownerOf(atom) === kind ? labelSelector(atom, refuse) : otherLabel(atom, refuse); }
  if ('ref' in atom) { return atom.ref === 'addressSet' && known.sets ? false : refuse('reference', `a reference to a ${atom.ref}`); }
  if ('principal' in atom) { return refuse('principal', atom.principal); }
  if ('cluster' in atom) { return refuse('cluster', JSON.stringify(atom.cluster)); }
  if ('cidr' in atom) { return refuse('subject', `the address ${atom.cidr}`); }
  if ('fqdn' in atom) { return refuse('fqdn', atom.fqdn); }
  if ('entity' in atom) { return refuse('entity', atom.entity); }
  if (kind !== 'pod') { return false; }
  if ('serviceAccount' in atom) { return equals(SERVICE_ACCOUNT, atom.serviceAccount); }
  return namespace === undefined ? equals(NAMESPACE, atom.namespace) : atom.namespace === namespace;
}

const ownerOf = ({ of }: LabelTest): EndpointKind => (of === 'namespace' || of === 'serviceAccount' ? 'pod' : of);

/** Endpoints of one kind have no labels of another one; those of nodes are no endpoint's. */
const otherLabel = (test: LabelTest, refuse: Refuse): false => (test.of === 'node' ? refuse('label-scope', `${test.of} label ${test.label}`) : false);

/** A label test of a pod, its namespace or its service account, of a host endpoint or of a set, as a selector by the labels that Calico gives it. */
export function labelSelector(test: LabelTest, refuse: Refuse): Selector {
  const { label, of, op, values, source } = test;
  // Cilium's other sources are not labels of Kubernetes objects.
  if (source !== undefined && source !== 'k8s' && source !== 'any') { return refuse('label-scope', `${source}:${label}`); }
  if (of === 'node') { return refuse('label-scope', `${of} label ${label}`); }
  if ((of === 'pod' || of === 'hostEndpoint') && isOfPods(label)) { return refuse('label-scope', `${of} label ${label}, which is Calico's own`); }
  if (of === 'serviceAccount' && label === OWN_NAME) { return refuse('label-scope', 'a part of the name of a service account'); }
  const key = (of === 'namespace' ? OF_NAMESPACE : of === 'serviceAccount' ? OF_SERVICE_ACCOUNT : '') + label;
  if (op === 'exists') { return has(key); }
  if (op === 'in') { return oneOf(key, values); }
  return some(inOrder(values.map((value): Selector => ({ label: key, op, values: [value] }))));
}
