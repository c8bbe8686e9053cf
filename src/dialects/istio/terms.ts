import { allOf, anyOf, EndpointExpr, inNamespace, not } from '../../model/endpoint';
import { NAMESPACE_NAME } from '../../model/labels';
import { PROTOCOL_NUMBERS, TrafficBox } from '../../model/traffic';

/** What only a mesh says: who a caller has proven to be. */

/** Set by the API server on every namespace. */

export const IDENTITY: EndpointExpr = { principal: '*' };
export const NO_IDENTITY: EndpointExpr = not(IDENTITY);

/** Callers with an identity of these namespaces; a star at one end stands for the rest. Without mutual TLS nobody is in a namespace. */
export function identityIn(namespace: string): EndpointExpr {
  if (namespace === '*') { return IDENTITY; }
  if (!namespace.includes('*')) { return allOf(IDENTITY, inNamespace(namespace)); }
  const [op, text] = namespace.startsWith('*') ? ['endsWith' as const, namespace.slice(1)] : ['startsWith' as const, namespace.slice(0, -1)];
  return allOf(IDENTITY, { label: NAMESPACE_NAME, of: 'namespace', op, values: [text] });
}

const TCP = PROTOCOL_NUMBERS.TCP;

/** The proxies of a mesh are given TCP only; everything else goes past them. */
export const OF_TCP: TrafficBox = { protocols: [[TCP, TCP]] };
export const NOT_TCP: TrafficBox = { protocols: [[0, TCP - 1], [TCP + 1, 255]] };

/** Each value as an expression, and none of the others; undefined where neither is stated. */
export function chosen(values: readonly string[], notValues: readonly string[], expr: (value: string) => EndpointExpr): EndpointExpr | undefined {
  const parts = [...(values.length > 0 ? [anyOf(...values.map(expr))] : []), ...(notValues.length > 0 ? [not(anyOf(...notValues.map(expr)))] : [])];
  return parts.length === 0 ? undefined : allOf(...parts);
}

/** The name under which a `when` condition that is not about HTTP is kept in a box. */
export const OPAQUE = 'istio';
