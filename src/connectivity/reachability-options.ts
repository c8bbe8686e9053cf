/** Options of `Connectivity.assertNotReachable`. */
export interface ReachabilityOptions {
  /**
   * Whether other workloads may stand in between: who is reached is taken to be a way on, over connections that are allowed, in part
   * or perhaps.
   * @default false
   */
  readonly transitive?: boolean;
}
