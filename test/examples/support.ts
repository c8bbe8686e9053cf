import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { Manifest } from '../support/apps';

const EXAMPLES = path.resolve(__dirname, '../../examples');

/** What CDK8S_NETPOL_CLUSTER says for the output that is committed of each dialect. */
export const CLUSTER_OF = { kubernetes: 'cni=kubernetes', cilium: 'cni=cilium@1.18', calico: 'cni=calico@3.30' } as const;

/** Text by file name. */
export type Output = Record<string, string>;

export function outputOf(directory: string): Output {
  return Object.fromEntries(fs.readdirSync(directory).sort().map(name => [name, fs.readFileSync(path.join(directory, name), 'utf8')]));
}

export const committed = (example: string, cluster: keyof typeof CLUSTER_OF): Output => outputOf(path.join(EXAMPLES, example, 'dist', cluster));

/** What the example writes, run as it stands but with the sources of this library in place of the package. */
export function run(example: string, cluster: keyof typeof CLUSTER_OF): Output {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'netpol-example-'));
  const before = { outdir: process.env.CDK8S_OUTDIR, cluster: process.env.CDK8S_NETPOL_CLUSTER };
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    process.env.CDK8S_OUTDIR = directory;
    process.env.CDK8S_NETPOL_CLUSTER = CLUSTER_OF[cluster];
    jest.isolateModules(() => {
      jest.doMock('cdk8s-netpol', () => jest.requireActual('../../src'), { virtual: true });
      jest.requireActual(path.join(EXAMPLES, example, 'main'));
    });
    return outputOf(directory);
  } finally {
    stderr.mockRestore();
    restore('CDK8S_OUTDIR', before.outdir);
    restore('CDK8S_NETPOL_CLUSTER', before.cluster);
    fs.rmSync(directory, { recursive: true });
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) { delete process.env[name]; } else { process.env[name] = value; }
}

/** In the order in which they are applied: files by name, then as they are written. */
export const manifestsOf = (output: Output): Manifest[] => Object.keys(output).sort().flatMap(name => yaml.loadAll(output[name]) as Manifest[]);
