import * as fs from 'fs';
import * as yaml from 'js-yaml';
import { CNI_PROFILES } from '../src/cluster/cni-profiles';
import { dialectModule } from '../src/dialects';
import { DialectId, isOfKind } from '../src/dialects/dialect';
import { Endpoint, evaluate, Profile } from '../src/model/evaluate';
import { PROTOCOL_NUMBERS } from '../src/model/traffic';

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- manifests are plain JSON */
type Manifest = any;

export interface Party {
  readonly name: string;
  readonly endpoint: Endpoint;
  /** TCP ports that it listens on. */
  readonly ports: readonly number[];
  /** Only ever connected to. */
  readonly passive?: boolean;
}

/** From whom to whom, and on which TCP ports: read back from manifests alone. */
export type Connectivity = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

/** The parties outside: what the world looks like beside the workloads of the files. */
const OUTSIDE: readonly Party[] = [
  { name: '(internet)', endpoint: { kind: 'external', address: '203.0.113.10', entities: ['world'] }, ports: [443] },
  { name: '(cloud metadata)', endpoint: { kind: 'external', address: '169.254.169.254', entities: ['world'] }, ports: [80], passive: true },
  { name: '(pod elsewhere)', endpoint: pod('elsewhere', { app: 'elsewhere' }, '10.244.9.9'), ports: [8080] },
  { name: '(cluster DNS)', endpoint: pod('kube-system', { 'k8s-app': 'kube-dns' }, '10.244.9.10'), ports: [53], passive: true },
];

export function connectivityOf(dialect: DialectId, files: readonly string[]): { parties: readonly Party[]; connectivity: Connectivity } {
  const manifests: Manifest[] = files.flatMap(file => yaml.loadAll(fs.readFileSync(file, 'utf8'))).filter(manifest => manifest);
  const parties = [...workloads(manifests), ...OUTSIDE];
  const { kinds, read, link } = dialectModule(dialect);
  const policies = manifests.filter(manifest => isOfKind(manifest, kinds.filter(({ role }) => role === 'policy')));
  const set = link(policies.flatMap(manifest => read(manifest)), manifests);
  const { cidrMatchesPods, cidrMatchesNodes } = CNI_PROFILES[dialect];
  const profile: Profile = { cidrMatches: ['external', ...(cidrMatchesPods ? ['pod' as const] : []), ...(cidrMatchesNodes ? ['node' as const] : [])] };
  const connectivity = new Map<string, Map<string, number[]>>();
  for (const source of parties.filter(({ passive }) => !passive)) {
    const reached = new Map<string, number[]>();
    for (const destination of parties.filter(party => party !== source && !(OUTSIDE.includes(party) && OUTSIDE.includes(source)))) {
      const open = destination.ports.filter(port =>
        evaluate(set, { source: source.endpoint, destination: destination.endpoint, protocol: PROTOCOL_NUMBERS.TCP, port }, profile) === 'allowed');
      if (open.length > 0) { reached.set(destination.name, open); }
    }
    connectivity.set(source.name, reached);
  }
  return { parties, connectivity };
}

function workloads(manifests: readonly Manifest[]): Party[] {
  return manifests.filter(({ kind }) => kind === 'Deployment').map(({ metadata, spec }, i) => {
    const { labels } = spec.template.metadata;
    const ports = spec.template.spec.containers.flatMap((container: Manifest) => container.ports ?? []);
    return {
      name: metadata.name,
      endpoint: { ...pod(metadata.namespace, labels, `10.244.1.${i + 1}`), ports: ports.map((port: Manifest) => ({ ...port, port: port.containerPort, protocol: 'TCP' })) },
      ports: ports.map((port: Manifest) => port.containerPort),
    };
  });
}

function pod(namespace: string, labels: Record<string, string>, address: string): Endpoint {
  return { kind: 'pod', namespace, labels, address, namespaceLabels: { 'kubernetes.io/metadata.name': namespace }, serviceAccount: 'default', entities: ['cluster'], names: [], ports: [] };
}
