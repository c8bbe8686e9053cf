import { Atom, EndpointExpr } from '../../model/endpoint';

/** Every condition of an expression, also what is negated. */
export function atomsOf(expr: EndpointExpr): Atom[] {
  if ('any' in expr || 'none' in expr) { return []; }
  if ('not' in expr) { return atomsOf(expr.not); }
  if ('allOf' in expr) { return expr.allOf.flatMap(atomsOf); }
  return 'anyOf' in expr ? expr.anyOf.flatMap(atomsOf) : [expr];
}
