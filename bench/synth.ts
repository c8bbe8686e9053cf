/**
 * Synth time as ratios in one run: the same objects as bare `ApiObject`s (the floor), and `cdk8s-plus-27`'s
 * `NetworkPolicy` for the same policies (the peer). Run by hand: `npm run bench`.
 */
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ApiObject, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { NetworkPolicy, Peer, Port, Workload } from '../src';

type Variant = 'floor' | 'connections' | 'constructs' | 'cdk8s-plus';

interface Size {
  readonly policies: number;
  readonly perChart: number;
  readonly variants: readonly Variant[];
}

const ALL: readonly Variant[] = ['connections', 'constructs', 'cdk8s-plus'];
const SIZES: readonly Size[] = [
  { policies: 1000, perChart: 50, variants: ALL },
  { policies: 5000, perChart: 50, variants: ALL },
  // cdk8s-plus takes minutes here.
  { policies: 20000, perChart: 50, variants: ['connections', 'constructs'] },
  { policies: 1000, perChart: 5, variants: ALL },
  { policies: 5000, perChart: 5, variants: ['connections', 'constructs'] },
];

const TARGETS: Partial<Record<Variant, number>> = { connections: 1.2, constructs: 1.5 };

const name = (i: number) => `w${i}`;
const KUBE_DNS = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } };

/** Each workload calls the next of its chart: a policy with one rule each way, and DNS. */
const neighbours = (i: number, count: number) => ({ next: (i + 1) % count, previous: (i + count - 1) % count });

function deployment(chart: Chart, i: number): ApiObject {
  const labels = { app: name(i) };
  return new ApiObject(chart, name(i), {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: name(i) },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'image', ports: [{ containerPort: 8080 }] }] } } },
  });
}

const FILL: Record<Variant, (chart: Chart, workloads: readonly ApiObject[]) => void> = {
  'floor': (chart, workloads) => workloads.forEach((_, i) => {
    const { next, previous } = neighbours(i, workloads.length);
    const tcp = [{ port: 8080, protocol: 'TCP' }];
    new ApiObject(chart, `policy-${i}`, {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: name(i) },
      spec: {
        podSelector: { matchLabels: { app: name(i) } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [{ podSelector: { matchLabels: { app: name(previous) } } }], ports: tcp }],
        egress: [
          { to: [{ podSelector: { matchLabels: { app: name(next) } } }], ports: tcp },
          { to: [KUBE_DNS], ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }] },
        ],
      },
    });
  }),
  'connections': (_, workloads) => workloads.forEach((object, i) =>
    Workload.of(object).connections.allowTo(Workload.of(workloads[neighbours(i, workloads.length).next]), Port.tcp(8080))),
  'constructs': (chart, workloads) => workloads.forEach((object, i) => {
    const { next, previous } = neighbours(i, workloads.length);
    new NetworkPolicy(chart, `policy-${i}`, {
      name: name(i),
      subject: Workload.of(object),
      ingress: [{ peers: [Peer.pods({ labels: { app: name(previous) } })], ports: [Port.tcp(8080)] }],
      egress: [{ peers: [Peer.pods({ labels: { app: name(next) } })], ports: [Port.tcp(8080)] }],
    });
  }),
  'cdk8s-plus': (chart, workloads) => {
    const namespace = kplus.Namespaces.select(chart, 'own', { names: [chart.namespace!] });
    const system = kplus.Namespaces.select(chart, 'system', { names: ['kube-system'] });
    const dns = kplus.Pods.select(chart, 'dns', { labels: { 'k8s-app': 'kube-dns' }, namespaces: system });
    const pods = workloads.map((_, i) => kplus.Pods.select(chart, `pods-${i}`, { labels: { app: name(i) }, namespaces: namespace }));
    const port = kplus.NetworkPolicyPort.tcp(8080);
    workloads.forEach((_, i) => {
      const { next, previous } = neighbours(i, workloads.length);
      new kplus.NetworkPolicy(chart, `policy-${i}`, {
        metadata: { name: name(i) },
        selector: pods[i],
        ingress: { rules: [{ peer: pods[previous], ports: [port] }] },
        egress: {
          rules: [{ peer: pods[next], ports: [port] }, { peer: dns, ports: [kplus.NetworkPolicyPort.udp(53), kplus.NetworkPolicyPort.tcp(53)] }],
        },
      });
    });
  },
};

function once(variant: Variant, { policies, perChart }: Size): number {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'netpol-bench-'));
  const started = performance.now();
  const app = new App({ outdir });
  for (let c = 0; c < policies / perChart; c++) {
    const chart = new Chart(app, `c${c}`, { namespace: `ns${c}` });
    const workloads = Array.from({ length: perChart }, (_, i) => deployment(chart, i));
    FILL[variant](chart, workloads);
  }
  app.synth();
  const took = performance.now() - started;
  fs.rmSync(outdir, { recursive: true, force: true });
  return took;
}

/** The floor and the variant take turns, so that a slow moment of the machine hits both; the best of each counts. */
function compare(variant: Variant, size: Size): { readonly floor: number; readonly time: number } {
  const runs = size.policies > 9000 ? 2 : size.policies > 2000 ? 4 : 9;
  let [floor, time] = [Infinity, Infinity];
  for (let i = 0; i < runs; i++) {
    floor = Math.min(floor, once('floor', size));
    time = Math.min(time, once(variant, size));
  }
  return { floor, time };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

export function main(): void {
  once('floor', SIZES[0]);
  once('connections', SIZES[0]);
  console.log('| policies | per chart | variant | floor | time | ratio | target |');
  console.log('|---:|---:|---|---:|---:|---:|---|');
  for (const size of SIZES) {
    for (const variant of size.variants) {
      const { floor, time } = compare(variant, size);
      const ratio = time / floor;
      const target = TARGETS[variant];
      const verdict = target === undefined ? '' : `${ratio <= target ? 'reached' : 'MISSED'}: at most ${target}x`;
      console.log(`| ${size.policies} | ${size.perChart} | ${variant} | ${seconds(floor)} | ${seconds(time)} | ${ratio.toFixed(2)}x | ${verdict} |`);
    }
  }
}
