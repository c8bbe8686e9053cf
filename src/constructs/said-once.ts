import type { WrittenDeny } from './deny';
import type { Statements } from './statements';

/** A deny that is written at both ends and refused at both was stated at one: of two errors that differ in the end only, that of the other end is left out. */
export function saidOnce(errors: readonly string[], statements: Statements): string[] {
  const mirrored = statements.denials.flatMap(({ denied }) => denied.flatMap(each => (each.mirrors ? [[startOf(each), startOf(each.mirrors)]] : [])));
  return errors.filter(error => !mirrored.some(([own, other]) => error.startsWith(own) && errors.includes(other + error.slice(own.length))));
}

const startOf = ({ statement, direction, peer, port }: WrittenDeny): string =>
  `${statement}, ${direction} ${direction === 'ingress' ? 'from' : 'to'} ${peer} on ${port}: `;
