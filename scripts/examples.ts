import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';

/** The clusters that each example is written for: dialect, and what the environment variable says of the cluster. */
export const CLUSTERS: Readonly<Record<string, string>> = {
  kubernetes: 'cni=kubernetes',
  cilium: 'cni=cilium@1.18',
  calico: 'cni=calico@3.30',
};

export const EXAMPLES = path.join(__dirname, '..', 'examples');

export const exampleNames = (): string[] =>
  fs.readdirSync(EXAMPLES).filter(name => fs.existsSync(path.join(EXAMPLES, name, 'cdk8s.yaml'))).sort();

/** Runs `cdk8s synth` in the example's folder, for one cluster, into `dist/<dialect>`; returns the files. */
export function synthesizeExample(name: string, dialect: string): string[] {
  const folder = path.join(EXAMPLES, name);
  const output = path.join('dist', dialect);
  const cli = path.join(path.dirname(require.resolve('cdk8s-cli/package.json')), 'bin', 'cdk8s');
  execFileSync(process.execPath, [cli, 'synth', '--output', output], {
    cwd: folder,
    env: { ...process.env, CDK8S_NETPOL_CLUSTER: CLUSTERS[dialect], CDK8S_CHECK_UPGRADE: 'false' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return fs.readdirSync(path.join(folder, output)).sort().map(file => path.join(folder, output, file));
}

if (require.main === module) {
  for (const name of exampleNames()) {
    for (const dialect of Object.keys(CLUSTERS)) {
      const files = synthesizeExample(name, dialect);
      process.stdout.write(`${name} for ${dialect}: ${files.map(file => path.relative(EXAMPLES, file)).join(', ')}\n`);
    }
  }
}
