import { Justification } from '../constructs/justification';
import { IPeer } from '../constructs/peer';
import { Port } from '../constructs/port';

/** What a wall leaves open, in one direction. */
export interface Permit {
  readonly peer: IPeer;
  readonly port: Port;
  readonly why?: Justification;
}

/** What a wall leaves open. */
export interface Permits {
  readonly ingress: readonly Permit[];
  readonly egress: readonly Permit[];
}
