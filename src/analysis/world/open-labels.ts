import { isGenerated, mayBeGenerated } from './generated-labels';
import { EndpointExpr } from '../../model/endpoint';
import { PolicySet } from '../../model/policy-set';
import { Variant } from '../party';

/** The generated labels that policies ask for, with the values that they ask for. */
export function generatedLabelsOf({ policies }: PolicySet): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  const lists = new Set<readonly EndpointExpr[]>();
  const addAll = (parts: readonly EndpointExpr[]): void => {
    // Lists of addresses may be long, and are shared by rules.
    if (parts.length > LONG && lists.has(parts)) { return; }
    if (parts.length > LONG) { lists.add(parts); }
    parts.forEach(add);
  };
  const add = (expr: EndpointExpr): void => {
    if ('allOf' in expr) { addAll(expr.allOf); }
    if ('anyOf' in expr) { addAll(expr.anyOf); }
    if ('not' in expr) { add(expr.not); }
    if ('label' in expr && expr.of === 'pod' && mayBeGenerated(expr.label)) {
      const values = found.get(expr.label) ?? new Set();
      expr.values.forEach(value => values.add(value));
      found.set(expr.label, values);
    }
  };
  for (const { subject, rules } of policies) {
    add(subject);
    for (const { match } of rules) { add(match.source); add(match.destination); }
  }
  return new Map([...found].map(([label, values]) => [label, [...values]]));
}

const LONG = 8;

/** No controller gives it: any value that no policy asks for. */
const OTHER = '';
const MOST_VARIANTS = 64;

/** What a pod may be whose controller gives it labels that policies ask for: with each value that they ask for, with another one, with none. */
export function withGenerated(pod: Variant, kind: string, asked: ReadonlyMap<string, readonly string[]>): Variant[] {
  const open = [...asked].filter(([label]) => isGenerated(kind, label));
  if (open.length === 0) { return [pod]; }
  const size = open.reduce((product, [, values]) => product * (values.length + 2), 1);
  if (size > MOST_VARIANTS) { return [{ ...pod, openLabels: [...pod.openLabels ?? [], 'pod'] }]; }
  return open.reduce<Variant[]>((variants, [label, values]) => variants.flatMap(variant => [
    variant,
    ...[...values, OTHER].map(value => ({ ...variant, labels: { ...variant.labels, [label]: value } })),
  ]), [pod]);
}
