import { Analysis } from '../src/analysis/analysis';
import { findParty } from '../src/analysis/find-party';
import { readPaths } from '../src/analysis/input/read-paths';
import { SourceDocument } from '../src/analysis/input/source-document';
import { Party } from '../src/analysis/party';
import { DialectId } from '../src/dialects/dialect';
import { PROTOCOL_NUMBERS } from '../src/model/traffic';

interface End {
  readonly name: string;
  readonly party: Party;
  /** TCP ports that it listens on. */
  readonly ports: readonly number[];
  readonly outside: boolean;
  /** Only ever connected to. */
  readonly passive?: boolean;
}

/** From whom to whom, and on which TCP ports: read back from manifests alone. */
export type Connectivity = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

/** Pods that the manifests do not hold. */
const OTHERS: readonly SourceDocument[] = [
  pod('elsewhere', 'other', { app: 'elsewhere' }, '10.244.9.9', 8080),
  pod('kube-system', 'dns', { 'k8s-app': 'kube-dns' }, '10.244.9.10', 53),
];

export function connectivityOf(cni: DialectId, files: readonly string[]): Connectivity {
  const analysis = Analysis.of([...readPaths([...files]), ...OTHERS], { cni, podCidrs: ['10.244.0.0/16'] });
  if (analysis.problems.length > 0) { throw new Error(analysis.problems.map(({ at, message }) => `${at}: ${message}`).join('\n')); }
  const ends = endsOf(analysis);
  const connectivity = new Map<string, Map<string, number[]>>();
  for (const source of ends.filter(({ passive }) => !passive)) {
    const reached = new Map<string, number[]>();
    for (const destination of ends.filter(end => end !== source && !(end.outside && source.outside))) {
      const open = destination.ports.filter(port => analysis.answer(source.party, destination.party, { protocol: PROTOCOL_NUMBERS.TCP, port }) === 'allowed');
      if (open.length > 0) { reached.set(destination.name, open); }
    }
    connectivity.set(source.name, reached);
  }
  return connectivity;
}

function endsOf(analysis: Analysis): End[] {
  const named = (text: string): Party => findParty(analysis, text).parties[0];
  const others: readonly End[] = [
    { name: '(internet)', party: named('203.0.113.10'), ports: [443], outside: true },
    { name: '(cloud metadata)', party: named('169.254.169.254'), ports: [80], outside: true, passive: true },
    { name: '(pod elsewhere)', party: named('elsewhere/other'), ports: [8080], outside: true },
    { name: '(cluster DNS)', party: named('kube-system/dns'), ports: [53], outside: true, passive: true },
  ];
  const own = analysis.parties.filter(({ text }) => !others.some(({ party }) => party.text === text));
  const workloads = own.map(party => ({ name: party.workload!.name, party, ports: party.workload!.ports.map(({ port }) => port), outside: false }));
  return [...workloads, ...others];
}

function pod(namespace: string, name: string, labels: Record<string, string>, podIP: string, containerPort: number): SourceDocument {
  const value = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels },
    spec: { containers: [{ name: 'main', ports: [{ containerPort }] }] },
    status: { podIPs: [{ ip: podIP }] },
  };
  return { value, at: `${namespace}/${name}` };
}
