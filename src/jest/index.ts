import { ExpectedConnection } from './connection-lines';
import { ExpectedFlow } from './flow';
import { connectivityMatchers } from './matchers';
import { ConnectivityOptions } from '../connectivity/connectivity-options';

export { type ExpectedConnection } from './connection-lines';
export { type ExpectedFlow, type ExpectedHttp, type FlowEnd } from './flow';
export { connectivityMatchers } from './matchers';

/** Of an App, a Chart (the whole app that it is in), a `Connectivity`, or a list of manifests. */
export interface ConnectivityMatchers<R> {
  /**
   * All of the flow passes. What is unknown, or true of some requests only, fails; with `not` it is `toDeny`.
   * @param options what is known of the cluster, where it is not a fact of the app
   */
  toAllow(flow: ExpectedFlow, options?: ConnectivityOptions): R;
  /**
   * None of the flow passes. What is unknown, or true of some requests only, fails; with `not` it is `toAllow`.
   * @param options what is known of the cluster, where it is not a fact of the app
   */
  toDeny(flow: ExpectedFlow, options?: ConnectivityOptions): R;
  /**
   * The connections are exactly these, as `cdk8s-netpol list` prints them: a text of lines, a list of lines, or a list of source, destination
   * and traffic.
   * @param options what is known of the cluster, where it is not a fact of the app
   */
  toMatchConnectivity(expected: string | readonly ExpectedConnection[], options?: ConnectivityOptions): R;
}

/* eslint-disable @typescript-eslint/no-namespace, @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- as jest declares them */
declare global {
  namespace jest {
    interface Matchers<R, T = {}> extends ConnectivityMatchers<R> {}
  }
}
/* eslint-enable */

/** Jest is not imported: whoever runs the test brings it. */
interface WithExpect {
  readonly expect?: { extend?(matchers: object): void };
}
(globalThis as WithExpect).expect?.extend?.(connectivityMatchers);
