import * as fc from 'fast-check';
import { Analysis } from '../../../src/analysis/analysis';
import { SourceDocument } from '../../../src/analysis/input/source-document';
import { AnalysisOptions } from '../../../src/analysis/options';
import { Place, written } from '../../support/models/places';
import { NAMESPACE_NAMES, NAMESPACES, POD_LABELS, PORT_LISTS, SERVICE_ACCOUNTS } from '../../support/models/vocabulary';

/** Small worlds as documents. */

interface PodFacts {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly account: string;
  readonly ports: typeof PORT_LISTS[number];
  readonly address?: string;
  readonly hostNetwork: boolean;
}

const labels = fc.record({
  app: fc.option(fc.constantFrom(...POD_LABELS.app), { nil: undefined }),
  tier: fc.option(fc.constantFrom(...POD_LABELS.tier), { nil: undefined }),
}).map(all => JSON.parse(JSON.stringify(all)) as Record<string, string>);

const pods: fc.Arbitrary<PodFacts> = fc.record({
  namespace: fc.constantFrom(...NAMESPACE_NAMES),
  labels,
  account: fc.constantFrom(...SERVICE_ACCOUNTS),
  ports: fc.constantFrom(...PORT_LISTS),
  address: fc.option(fc.constantFrom('10.244.0.7', '10.1.0.8', 'fd00:244::7'), { nil: undefined }),
  hostNetwork: fc.integer({ min: 0, max: 9 }).map(n => n === 0),
});

const podDocument = ({ namespace, labels: own, account, ports, address, hostNetwork }: PodFacts, i: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `pod-${i}`, namespace, labels: own },
  spec: {
    serviceAccountName: account,
    ...(hostNetwork ? { hostNetwork } : {}),
    containers: [{ name: 'main', image: 'image', ports: ports.map(({ name, port, protocol }) => ({ ...(name ? { name } : {}), containerPort: port, protocol })) }],
  },
  ...(address ? { status: { podIP: address, podIPs: [{ ip: address }] } } : {}),
});

const namespaceDocuments = (declared: readonly string[]) =>
  declared.map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: NAMESPACES[name] } }));

const isNamespace = (document: unknown): boolean => (document as { kind?: string }).kind === 'Namespace';

export interface Documents {
  readonly documents: readonly SourceDocument[];
  readonly options: AnalysisOptions;
}

/** Pods, some of their namespaces, and policies of the place. */
export const documentsOf = (
  place: Place, open = fc.boolean(), namespaces: fc.Arbitrary<readonly string[]> = fc.subarray([...NAMESPACE_NAMES]),
): fc.Arbitrary<Documents> => fc.record({
  pods: fc.array(pods, { minLength: 1, maxLength: 5 }),
  declared: namespaces,
  policies: place.native,
  open,
}).map(({ pods: all, declared, policies, open: isOpen }) => ({
  documents: [
    ...all.map(podDocument),
    ...namespaceDocuments(declared),
    ...(place.beside ?? []).filter(document => !isNamespace(document)),
    ...written(place, policies.policies),
  ].map((value, i) => ({ value, at: `documents.yaml:${i + 1}` })),
  options: { cni: place.enforcedBy, version: place.target.version, features: place.target.features, closed: !isOpen },
}));

export const analysisOf = ({ documents, options }: Documents): Analysis => Analysis.of(documents, options);

let line = 0;

/** Documents as they stand. */
export const analyse = (documents: readonly unknown[], options: AnalysisOptions = {}): Analysis =>
  Analysis.of(documents.map(value => ({ value, at: `documents.yaml:${++line}` })), { cni: 'kubernetes', closed: true, ...options });
