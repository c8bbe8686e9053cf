import { FlowRequest } from './flow-request';
import { IPeer } from '../constructs/peer';
import { Port } from '../constructs/port';

/** Flows that must pass, or must not. */
export interface ContractFlow {
  /** Who connects. */
  readonly source: IPeer;
  /** Who is connected to. */
  readonly destination: IPeer;
  /**
   * The port of the pods that are connected to.
   * @default - everything, ICMP too
   */
  readonly traffic?: Port;
  /**
   * What is sent.
   * @default - any request
   */
  readonly request?: FlowRequest;
  /**
   * Why it must hold; messages repeat it.
   * @default - no reason is stated
   */
  readonly because?: string;
}

/** Who may reach something. */
export interface ContractAccess {
  /** What is reached. */
  readonly subject: IPeer;
  /** Who may reach it: each of them with something, and nobody else with anything. None: nobody may. */
  readonly peers: IPeer[];
  /**
   * Why it must hold; messages repeat it.
   * @default - no reason is stated
   */
  readonly because?: string;
}

/** What must not be reached. */
export interface ContractBarrier {
  /** Who connects. */
  readonly source: IPeer;
  /** Who must not be reached. */
  readonly destination: IPeer;
  /**
   * Whether it must not be reached by way of other workloads either.
   * @default false
   */
  readonly transitive?: boolean;
  /**
   * Why it must hold; messages repeat it.
   * @default - no reason is stated
   */
  readonly because?: string;
}

/** Properties of a contract: at least one statement. */
export interface ConnectivityContractProps {
  /**
   * Flows that must pass, all of them.
   * @default - none
   */
  readonly allow?: ContractFlow[];
  /**
   * Flows that must not pass, none of them.
   * @default - none
   */
  readonly deny?: ContractFlow[];
  /**
   * Who may reach something, and nobody else.
   * @default - nothing
   */
  readonly only?: ContractAccess[];
  /**
   * What must not be reached, whatever travels.
   * @default - nothing
   */
  readonly notReachable?: ContractBarrier[];
  /**
   * Names of namespaces that nobody of another one, and nobody outside, may reach.
   * @default - none
   */
  readonly isolated?: string[];
}
