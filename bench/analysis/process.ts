import { spawnSync } from 'child_process';

/** What a process took, as somebody who starts it sees it. */
export interface Ran {
  readonly output: string;
  /** In milliseconds. */
  readonly took: number;
}

const MOST_OUTPUT = 1 << 30; // eslint-disable-line no-bitwise -- a power of two

export function run(command: string, args: readonly string[]): Ran {
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: MOST_OUTPUT });
  const took = performance.now() - start;
  if (error) { throw error; }
  if (status !== 0) { throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr.slice(0, 2000)}`); }
  return { output: stdout, took };
}

export const runScript = <T>(script: string, ...args: string[]): T => JSON.parse(run(process.execPath, [script, ...args]).output) as T;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
