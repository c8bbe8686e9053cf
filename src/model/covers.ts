import { containsCidr, overlaps } from './cidr';
import { Conjunction, disjunction, Literal } from './dnf';
import { Atom, Cidr, EndpointExpr, isNamespace, LabelTest } from './endpoint';
import { NAMESPACE_NAME } from './labels';
import { textOf } from './text';

/** Whether all that `inner` means is surely meant by `outer` too. What only several alternatives of `outer` hold together is not seen. */
export const coversEndpoints = (outer: EndpointExpr, inner: EndpointExpr): boolean =>
  disjunction(inner).every(narrow => disjunction(outer).some(wide => wide.every(literal => follows(literal, narrow))));

/** Whether a literal holds for all that a conjunction means. */
function follows(literal: Literal, conjunction: Conjunction): boolean {
  if (!literal.negated) { return conjunction.some(({ atom, negated }) => !negated && implies(atom, literal.atom)); }
  return conjunction.some(({ atom, negated }) => (negated ? implies(literal.atom, atom) : excludes(atom, literal.atom)));
}

/** Whether all that is `narrow` is `wide`. */
function implies(narrow: Atom, wide: Atom): boolean {
  if (textOf(narrow) === textOf(wide) || ('entity' in wide && wide.entity === 'all')) { return true; }
  if ('kind' in wide) { return wide.kind === 'pod' && isOfPod(narrow); }
  if ('entity' in wide) { return wide.entity === 'cluster' && (isOfPod(narrow) || ('entity' in narrow && narrow.entity === 'remote-node')); }
  if ('cidr' in wide) { return 'cidr' in narrow && holdsRange(wide, narrow); }
  const [test, asked] = [asLabel(narrow), asLabel(wide)];
  return test !== undefined && asked !== undefined && isSameLabel(test, asked)
    && (asked.op === 'exists' || (test.op === 'in' && asked.op === 'in' && test.values.every(value => asked.values.includes(value))));
}

/** Whether nothing that is `one` is `other`. */
function excludes(one: Atom, other: Atom): boolean {
  if ('kind' in one) { return 'kind' in other ? one.kind !== other.kind : one.kind !== 'pod' && isOfPod(other); }
  if ('cidr' in one) { return 'cidr' in other && one.anyone === other.anyone && !overlaps(one.cidr, other.cidr); }
  const [test, asked] = [asLabel(one), asLabel(other)];
  return test !== undefined && asked !== undefined && isSameLabel(test, asked)
    && test.op === 'in' && asked.op === 'in' && !test.values.some(value => asked.values.includes(value));
}

function isOfPod(atom: Atom): boolean {
  if ('kind' in atom) { return atom.kind === 'pod'; }
  if ('label' in atom) { return atom.of === 'pod' || atom.of === 'namespace' || atom.of === 'serviceAccount'; }
  return isNamespace(atom) || 'serviceAccount' in atom;
}

const holdsRange = (wide: Cidr, narrow: Cidr): boolean => wide.anyone === narrow.anyone && containsCidr(wide.cidr, narrow.cidr)
  && wide.except.every(hole => !overlaps(hole, narrow.cidr) || narrow.except.some(own => containsCidr(own, hole)));

const isSameLabel = (one: LabelTest, other: LabelTest): boolean => one.label === other.label && one.of === other.of && one.source === other.source;

/** The name of a namespace is its label too. */
function asLabel(atom: Atom): LabelTest | undefined {
  if ('label' in atom) { return atom; }
  return isNamespace(atom) ? { label: NAMESPACE_NAME, of: 'namespace', op: 'in', values: [atom.namespace] } : undefined;
}
