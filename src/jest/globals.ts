/**
 * For tests that import `expect` from `@jest/globals`: the same matchers, with their types there. Where jest injects no globals at all, say
 * `expect.extend(connectivityMatchers)` too.
 */
import type { ConnectivityMatchers } from './index';

export * from './index';

/* eslint-disable @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- as expect declares it */
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends ConnectivityMatchers<R> {}
}
/* eslint-enable */
