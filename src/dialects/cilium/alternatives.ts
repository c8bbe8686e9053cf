import { allOf, anyOf, EndpointExpr } from '../../model/endpoint';

/** Lists of documents can be longer than what one call takes as arguments. */
const AT_ONCE = 10_000;

export const anyOfMany = (parts: readonly EndpointExpr[]): EndpointExpr => inParts(parts, anyOf);
export const allOfMany = (parts: readonly EndpointExpr[]): EndpointExpr => inParts(parts, allOf);

function inParts(parts: readonly EndpointExpr[], join: (...some: EndpointExpr[]) => EndpointExpr): EndpointExpr {
  const joined: EndpointExpr[] = [];
  for (let i = 0; i < parts.length; i += AT_ONCE) { joined.push(join(...parts.slice(i, i + AT_ONCE))); }
  return join(...joined);
}
