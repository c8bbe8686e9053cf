import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { dump } from 'js-yaml';
import { median, Ran, run } from './process';
import { constantDegree } from './shapes';

/** Against netpol-analyzer: whole process against whole process, on the same folders. */

export interface Compared {
  readonly workloads: number;
  /** In milliseconds, the median. */
  readonly own: number;
  readonly other: number;
  readonly ownLines: number;
  readonly otherLines: number;
}

const RUNS = 5;

export function compare(built: string, analyzer: string, workloads: number): Compared {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'netpol-bench-'));
  try {
    // A file for each namespace.
    let text = '';
    let files = 0;
    for (const object of constantDegree(workloads)) {
      if (object.kind === 'Namespace' && text !== '') {
        fs.writeFileSync(path.join(folder, `${files++}.yaml`), text);
        text = '';
      }
      text += `---\n${dump(object)}`;
    }
    fs.writeFileSync(path.join(folder, `${files}.yaml`), text);
    const own = Array.from({ length: RUNS }, () => run(process.execPath, [path.join(built, 'bin/cdk8s-netpol'), 'list', folder]));
    const other = Array.from({ length: workloads < 1000 ? RUNS : 3 }, () => run(analyzer, ['list', '-q', '--dirpath', folder]));
    const lines = ([{ output }]: readonly Ran[]) => output.split('\n').filter(line => line.includes(' => ')).length;
    const time = (ran: readonly Ran[]) => median(ran.map(({ took }) => took));
    return { workloads, own: time(own), other: time(other), ownLines: lines(own), otherLines: lines(other) };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
