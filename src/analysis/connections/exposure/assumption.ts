import { Conjunction, disjunction, Literal } from '../../../model/dnf';
import { Atom, EndpointExpr, EndpointKind, isNamespace, isPassedBy, LabelTest, OWN_CLUSTER } from '../../../model/endpoint';
import { MAYBE, NO, Tri, YES } from '../../../model/match';
import { textOf } from '../../../model/text';

/**
 * An end of which no more is known than some conditions that it meets: what it is to a rule follows from these alone. Surely matched is what
 * all such ends match, and surely not what none does.
 */
export interface Assumption {
  readonly kind: Exclude<EndpointKind, 'external' | 'addressSet'>;
  /** Namespaces are said by name where they can be. */
  readonly conditions: Conjunction;
}

/** The labels of namespaces that are known. */
export type KnownNamespaces = (name: string) => Readonly<Record<string, string>> | undefined;

const NAME_LABEL = 'kubernetes.io/metadata.name';
const IN_CLUSTER = ['all', 'cluster', 'cluster-mesh'];

/** Undefined where the conditions are about what is outside, or contradict each other. */
export function assumptionOf(conjunction: Conjunction): Assumption | undefined {
  const conditions = conjunction.map(({ atom, negated }) => ({ atom: namespaceByName(atom), negated })).filter(({ atom, negated }) => negated || !('kind' in atom));
  const kinds = new Set(conjunction.filter(({ negated }) => !negated).flatMap(({ atom }) => kindsOf(atom)));
  if (kinds.size > 1) { return undefined; }
  const kind = [...kinds][0] ?? 'pod';
  return kind === 'external' || kind === 'addressSet' ? undefined : { kind, conditions };
}

function namespaceByName(atom: Atom): Atom {
  return 'label' in atom && atom.of === 'namespace' && atom.label === NAME_LABEL && atom.op === 'in' && atom.values.length === 1
    ? { namespace: atom.values[0] }
    : atom;
}

/** Of which kind an end is that meets a condition. */
function kindsOf(atom: Atom): EndpointKind[] {
  if ('kind' in atom) { return [atom.kind]; }
  if ('label' in atom) { return [atom.of === 'namespace' || atom.of === 'serviceAccount' ? 'pod' : atom.of]; }
  if ('ref' in atom) { return []; }
  if ('cidr' in atom || 'fqdn' in atom) { return ['external']; }
  if ('entity' in atom) { return atom.entity.startsWith('world') ? ['external'] : IN_CLUSTER.includes(atom.entity) ? [] : ['node']; }
  return isNamespace(atom) || 'serviceAccount' in atom ? ['pod'] : [];
}

export function matchesAssumption(expr: EndpointExpr, assumption: Assumption, known: KnownNamespaces): Tri {
  if ('any' in expr) { return YES; }
  if ('none' in expr) { return NO; }
  if ('not' in expr) { return (2 - matchesAssumption(expr.not, assumption, known)) as Tri; }
  if ('allOf' in expr) { return Math.min(YES, ...expr.allOf.map(part => matchesAssumption(part, assumption, known))) as Tri; }
  if ('anyOf' in expr) {
    const any = Math.max(NO, ...expr.anyOf.map(part => matchesAssumption(part, assumption, known)));
    return any as Tri;
  }
  return matchesAtom(namespaceByName(expr), assumption, known);
}

function matchesAtom(atom: Atom, { kind, conditions }: Assumption, known: KnownNamespaces): Tri {
  if ('kind' in atom) { return atom.kind === kind ? YES : NO; }
  const own = kindsOf(atom);
  // What is told by an address may be anybody where the CNI looks at addresses; who holds which is not known.
  if ('cidr' in atom) { return NO; }
  if (own.length > 0 && !own.includes(kind)) { return NO; }
  if ('entity' in atom && IN_CLUSTER.includes(atom.entity)) { return YES; }
  if ('cluster' in atom && atom.cluster === OWN_CLUSTER) { return conditions.some(({ atom: other }) => 'cluster' in other) ? fromConditions(atom, conditions) : YES; }
  const told = fromConditions(atom, conditions);
  return told === MAYBE && 'label' in atom && atom.of === 'namespace' ? fromNamespace(atom, conditions, known) : told;
}

function fromConditions(atom: Atom, conditions: Conjunction): Tri {
  for (const condition of conditions) {
    const told = follows(atom, condition);
    if (told !== MAYBE) { return told; }
  }
  return MAYBE;
}

/** Whether one condition follows from another, or contradicts it. */
function follows(atom: Atom, { atom: known, negated }: Literal): Tri {
  if (textOf(atom) === textOf(known)) { return negated ? NO : YES; }
  if ('label' in atom) { return 'label' in known && known.of === atom.of && known.label === atom.label ? labelFollows(atom, known, negated) : MAYBE; }
  if (negated) { return MAYBE; }
  if (isNamespace(atom)) { return isNamespace(known) && known.namespace !== atom.namespace ? NO : MAYBE; }
  if ('serviceAccount' in atom) { return 'serviceAccount' in known ? NO : MAYBE; }
  return 'entity' in atom && 'entity' in known && !IN_CLUSTER.includes(known.entity) ? NO : MAYBE;
}

function labelFollows(test: LabelTest, known: LabelTest, negated: boolean): Tri {
  if (negated) {
    if (known.op === 'exists') { return NO; }
    return known.op === 'in' && test.op === 'in' && test.values.every(value => known.values.includes(value)) ? NO : MAYBE;
  }
  if (test.op === 'exists') { return YES; }
  return known.op === 'in' ? ofAll(known.values.map(value => isPassedBy(test, value))) : MAYBE;
}

function fromNamespace(test: LabelTest, conditions: Conjunction, known: KnownNamespaces): Tri {
  const name = conditions.find(({ atom, negated }) => !negated && isNamespace(atom))?.atom;
  const labels = name && isNamespace(name) ? known(name.namespace) : undefined;
  if (!labels) { return MAYBE; }
  return Object.hasOwn(labels, test.label) && isPassedBy(test, labels[test.label]) ? YES : NO;
}

const ofAll = (answers: readonly boolean[]): Tri => (answers.every(answer => answer) ? YES : answers.some(answer => answer) ? MAYBE : NO);

/** Whether the conditions cannot all hold. */
export const contradicts = ({ conditions, kind }: Assumption, known: KnownNamespaces): boolean => conditions.some((literal, i) => {
  const others = { kind, conditions: conditions.filter((_, k) => k !== i) };
  return matchesAtom(literal.atom, others, known) === (literal.negated ? YES : NO);
});

export const conjunctionsOf = (expr: EndpointExpr): readonly Conjunction[] => disjunction(expr);
