import { disjunction } from './dnf';
import { EndpointExpr } from './endpoint';
import { PROTOCOL_NUMBERS, TrafficBox } from './traffic';

/** Parts of rules that not every CNI takes as stated. */

export const isSctp = ({ protocols }: TrafficBox): boolean => protocols.some(([first, last]) => first === PROTOCOL_NUMBERS.SCTP && last === first);

export const hasName = ({ destinationPorts }: TrafficBox): boolean => (destinationPorts?.names.length ?? 0) > 0;

export const hasException = (peer: EndpointExpr): boolean => disjunction(peer).some(conjunction =>
  conjunction.some(({ atom, negated }) => 'cidr' in atom && (negated || atom.except.length > 0)));
