import { constantDegree } from './shapes';
import { Analysis } from '../../src/analysis/analysis';
import { connections } from '../../src/analysis/connections/connections';

/** The full list of connections, of as many workloads as is asked for, each with as many neighbours. */
export interface MeasuredList {
  readonly lines: number;
  /** In milliseconds, of the list alone: the best of some runs. */
  readonly list: number;
}

const RUNS = 5;

function measure(workloads: number): MeasuredList {
  let best = Infinity;
  let lines = 0;
  for (let i = 0; i < RUNS; i++) {
    const documents = [...constantDegree(workloads)].map((value, k) => ({ value, at: `cluster.yaml:${k + 1}` }));
    const analysis = Analysis.of(documents, { closed: true });
    const start = performance.now();
    lines = connections(analysis).length;
    best = Math.min(best, performance.now() - start);
  }
  return { lines, list: best };
}

console.log(JSON.stringify(measure(Number(process.argv[2]))));
