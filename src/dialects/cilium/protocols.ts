import { PROTOCOL_NUMBERS, Range } from '../../model/traffic';
import { Target, TargetFeatures } from '../dialect';
import { isBefore } from '../versions';

/** Those with ports, which ANY stands for. ICMP has a field of its own. */
export const PORT_PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
export const EVERY_PORT_PROTOCOL: readonly Range[] = PORT_PROTOCOLS.map((name): Range => [PROTOCOL_NUMBERS[name], PROTOCOL_NUMBERS[name]]);

interface ExtendedProtocol {
  readonly number: number;
  readonly since: string;
}

/** Protocols without ports, off unless the agent is told otherwise. */
export const EXTENDED_PROTOCOLS: Readonly<Record<string, ExtendedProtocol>> = {
  VRRP: { number: 112, since: '1.19' },
  IGMP: { number: 2, since: '1.19' },
  GRE: { number: 47, since: '1.20' },
  IPIP: { number: 4, since: '1.20' },
  IPV6: { number: 41, since: '1.20' },
  ESP: { number: 50, since: '1.20' },
  AH: { number: 51, since: '1.20' },
};

/** From this version on an entry may have no port, which is every port. */
export const PORT_OPTIONAL_SINCE = '1.19';

export const knownProtocols = (version: string | undefined): string[] =>
  ['ANY', ...PORT_PROTOCOLS, ...Object.keys(EXTENDED_PROTOCOLS).filter(name => !isBefore(version, EXTENDED_PROTOCOLS[name].since))];

/** The name of a protocol by its number; undefined where the target does not take it. */
export function protocolName(number: number, { version, features }: Target): string | undefined {
  const name = PORT_PROTOCOLS.find(candidate => PROTOCOL_NUMBERS[candidate] === number);
  if (name) { return name; }
  const extended = Object.keys(EXTENDED_PROTOCOLS).find(candidate => EXTENDED_PROTOCOLS[candidate].number === number);
  return extended && allowsExtended(features) && !isBefore(version, EXTENDED_PROTOCOLS[extended].since) ? extended : undefined;
}

const allowsExtended = (features: TargetFeatures | undefined): boolean => features?.extendedProtocols === true;

export const hasPorts = (name: string): boolean => PORT_PROTOCOLS.some(candidate => candidate === name);
