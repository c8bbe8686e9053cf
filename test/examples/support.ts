import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { Pod, World } from '../oracle';
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

/** Packages that examples import by their names, and where their sources are. */
const PACKAGES = {
  'cdk8s-netpol': path.resolve(__dirname, '../../src'),
  'acme-netpol': path.join(EXAMPLES, 'org-template/guardrails/src'),
};

/**
 * What the example writes, run as it stands but with sources in place of packages.
 * @param cluster absent: the one that the program states
 */
export function run(example: string, cluster?: keyof typeof CLUSTER_OF): Output {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'netpol-example-'));
  const before = { outdir: process.env.CDK8S_OUTDIR, cluster: process.env.CDK8S_NETPOL_CLUSTER };
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    process.env.CDK8S_OUTDIR = directory;
    restore('CDK8S_NETPOL_CLUSTER', cluster && CLUSTER_OF[cluster]);
    jest.isolateModules(() => {
      for (const [name, sources] of Object.entries(PACKAGES)) { jest.doMock(name, () => jest.requireActual(sources), { virtual: true }); }
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

/** A pod for each workload among them: its name is the workload's, its labels those of the template. */
export function podsOf(manifests: readonly Manifest[]): Pod[] {
  return manifests.filter(({ spec }) => spec?.template?.metadata?.labels).map(({ metadata, spec }, i) => ({
    namespace: metadata.namespace, name: metadata.name, labels: spec.template.metadata.labels, ips: [`10.244.1.${i + 1}`],
  }));
}

const pod = (namespace: string, name: string, labels: Record<string, string>, ip: number): Pod => ({ namespace, name, labels, ips: [`10.244.2.${ip}`] });

/** Who is around in every cluster. */
export const AROUND = {
  dns: pod('kube-system', 'coredns', { 'k8s-app': 'kube-dns' }, 1),
  controller: pod('ingress-nginx', 'controller', { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' }, 2),
  prometheus: pod('monitoring', 'prometheus', { 'app.kubernetes.io/name': 'prometheus' }, 3),
  neighbour: pod('other', 'neighbour', { app: 'web' }, 4),
};

/** A world of these pods and of who is around, with the labels of the Namespaces among the manifests. */
export function worldOf(manifests: readonly Manifest[], pods: readonly Pod[]): World {
  const all = [...pods, ...Object.values(AROUND)];
  const labels = new Map(manifests.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => [metadata.name, metadata.labels]));
  return {
    namespaces: Object.fromEntries(all.map(({ namespace }) => [namespace, labels.get(namespace) ?? {}])),
    pods: all,
    podCidrs: ['10.244.0.0/16'],
    nodeCidrs: ['172.18.0.0/16'],
  };
}
