import { Analysis } from '../../../src/analysis/analysis';
import { judge } from '../../../src/analysis/contract/judge';
import { readContract } from '../../../src/analysis/contract/read-contract';
import { Violation } from '../../../src/analysis/contract/violation';
import { AnalysisOptions } from '../../../src/analysis/options';

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- manifests are plain JSON */
type Manifest = any;

export const POD_CIDRS = ['10.244.0.0/16'];

export const namespace = (name: string, labels: Record<string, string> = {}): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

export function deployment(place: string, { labels, hostNetwork, ports = [{ name: 'http', containerPort: 8080 }] }: {
  readonly labels?: Record<string, string>; readonly hostNetwork?: boolean; readonly ports?: readonly object[];
} = {}): Manifest {
  const [own, name] = place.split('/');
  const all = labels ?? { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: own },
    spec: { selector: { matchLabels: all }, template: { metadata: { labels: all }, spec: { hostNetwork, containers: [{ name: 'main', image: 'image', ports }] } } },
  };
}

/** A NetworkPolicy for the pods with `app: NAME`. */
export function policy(place: string, spec: { readonly ingress?: readonly object[]; readonly egress?: readonly object[] }): Manifest {
  const [own, name] = place.split('/');
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: own },
    spec: { podSelector: { matchLabels: { app: name } }, policyTypes: [...(spec.ingress ? ['Ingress'] : []), ...(spec.egress ? ['Egress'] : [])], ...spec },
  };
}

export const pods = (app: string, ofNamespace?: object): object =>
  ({ podSelector: { matchLabels: { app } }, ...(ofNamespace ? { namespaceSelector: { matchLabels: ofNamespace } } : {}) });
export const range = (cidr: string, ...except: string[]): object => ({ ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) } });

export const analysisOf = (manifests: readonly Manifest[], options: AnalysisOptions = { podCidrs: POD_CIDRS }): Analysis =>
  Analysis.of(manifests.map(value => ({ value, at: `${value.kind} ${value.metadata.name}` })), options);

/** The violations of a contract of one statement, in YAML. */
export function violations(analysis: Analysis, text: string): Violation[] {
  const { statements, problems } = readContract(`version: 1\n${text}`, 'contract.yaml');
  expect(problems).toEqual([]);
  expect(statements).toHaveLength(1);
  return judge(analysis, statements[0]);
}

/** What is wrong, as sentences. */
export const sentences = (analysis: Analysis, text: string): string[] => violations(analysis, text).map(({ sentence }) => sentence);
