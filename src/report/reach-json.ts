import { Reach } from '../analysis/reach/reach';

/** @param notes what the answer leaves out or takes for granted */
export const reachJson = ({ source, hops, workloadsInAll, reached }: Reach, notes: readonly string[]): string =>
  `${JSON.stringify({ source, hops, workloadsInAll, reached, notes }, undefined, 2)}\n`;
