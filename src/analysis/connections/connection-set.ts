import { Answer } from '../../model/evaluate';
import { Justified } from '../../model/justification';
import { Range } from '../../model/traffic';

/** What may travel between two ends, by protocol and port: sorted, disjoint ranges of 1 to 65535. What is in none of the three is denied. */
export interface ConnectionSet {
  readonly allowed: Ports;
  /** Not every request passes. */
  readonly partial: Ports;
  /** It depends on what is not known. */
  readonly unknown: Ports;
  /** Of peers that are not known: ports that are allowed by the name that they have there. */
  readonly named?: Readonly<Partial<Record<PortProtocol, readonly string[]>>>;
  /** What passes, or may, without ports, as far as it was asked for. */
  readonly others?: readonly OtherTraffic[];
  /** What `partial` and `unknown` depend on, where that was asked for. */
  readonly conditions?: Conditions;
}

export interface OtherTraffic {
  /** Such as `ICMP` or `Protocol 47`. */
  readonly text: string;
  readonly answer: Answer;
  /** What it depends on. */
  readonly on?: string;
  /** No policy mentions it. */
  readonly isImplied?: boolean;
}

export type Conditions = Readonly<Partial<Record<PortProtocol, readonly { readonly ports: Range; readonly on: string }[]>>>;

export type PortProtocol = 'SCTP' | 'TCP' | 'UDP';

/** In the order in which they are printed. */
export const PORT_PROTOCOLS: readonly PortProtocol[] = ['SCTP', 'TCP', 'UDP'];

/** A protocol without ports is absent. */
export type Ports = Readonly<Partial<Record<PortProtocol, readonly Range[]>>>;

/** One line of `list`. */
export interface Connection {
  readonly source: string;
  readonly destination: string;
  readonly set: ConnectionSet;
  /** Why it is open, where that was asked for, and rules say it. */
  readonly justifications?: readonly Justified[];
}

export const NO_CONNECTIONS: ConnectionSet = { allowed: {}, partial: {}, unknown: {} };

export const isEmpty = (set: ConnectionSet): boolean => passesNoPort(set) && (set.others ?? []).length === 0;

export const passesNoPort = ({ allowed, partial, unknown, named = {} }: ConnectionSet): boolean =>
  [allowed, partial, unknown].every(hasNoPorts) && Object.keys(named).length === 0;

export const hasNoPorts = (ports: Ports): boolean => PORT_PROTOCOLS.every(protocol => ports[protocol] === undefined);
