import * as fc from 'fast-check';
import { Manifest, optional } from './manifest';
import { NAMESPACE_NAMES, PORT_LISTS } from '../../../support/models/vocabulary';

/** A small cluster as documents, as `kubectl get -o yaml` gives them: all is stated, and the labels are so few that policies meet. */

type Labels = Readonly<Record<string, string>>;

export interface PodFacts {
  readonly ips: readonly string[];
  readonly node: string;
}

export interface WorkloadFacts {
  readonly kind: typeof KINDS[number];
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly serviceAccount: string;
  readonly ports: readonly Manifest[];
  readonly hostNetwork: boolean;
  /** None: the documents hold its template only. */
  readonly pods: readonly PodFacts[];
}

export interface ClusterFacts {
  readonly namespaces: Readonly<Record<string, Labels>>;
  readonly workloads: readonly WorkloadFacts[];
  /** Of the service account `robot`, in every namespace. */
  readonly accountLabels: Labels;
}

const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod'] as const;
const NODES = ['n1', 'n2'] as const;
export const NODE_ADDRESS: Readonly<Record<string, string>> = { n1: '192.168.7.1', n2: '192.168.7.2' };

export interface ClusterOptions {
  /** Some workloads as their templates alone. */
  readonly templates?: boolean;
  /** Some pods in the network of their node. */
  readonly hosts?: boolean;
  /** No IPv6. */
  readonly ipv4?: boolean;
}

const LABELS: readonly Labels[] = [
  {}, { app: 'web' }, { app: 'api' }, { app: 'web', tier: 'front' }, { app: 'api', tier: 'front' }, { tier: 'front' },
];
const FAMILIES = ['4', '4', '6', '46'] as const;

interface Drawn extends Omit<WorkloadFacts, 'name' | 'pods' | 'hostNetwork'> {
  readonly families: typeof FAMILIES[number];
  readonly nodes: readonly string[];
  readonly dice: number;
}

export function clusters({ templates = false, hosts = false, ipv4 = false }: ClusterOptions = {}): fc.Arbitrary<ClusterFacts> {
  const workload: fc.Arbitrary<Drawn> = fc.record({
    kind: fc.constantFrom(...KINDS),
    namespace: fc.constantFrom('shop', 'shop', 'shop', 'data', 'ops'),
    labels: fc.constantFrom(...LABELS),
    serviceAccount: fc.constantFrom('default', 'robot'),
    ports: fc.constantFrom(...PORT_LISTS),
    families: ipv4 ? fc.constant('4' as const) : fc.constantFrom(...FAMILIES),
    nodes: fc.array(fc.constantFrom(...NODES), { minLength: 1, maxLength: 2 }),
    dice: fc.nat({ max: 5 }),
  });
  return fc.record({
    namespaces: fc.record({
      shop: labelsOf({ team: 'red' }, { team: 'blue' }),
      data: labelsOf({ team: 'blue', audited: 'yes' }, {}),
      ops: labelsOf({}, { team: 'red', audited: 'yes' }),
    }),
    drawn: fc.array(workload, { minLength: 4, maxLength: 5 }),
  }).map(({ namespaces, drawn }) => ({
    namespaces,
    accountLabels: { duty: 'robot' },
    workloads: drawn.map(({ families, nodes, dice, ...rest }, i): WorkloadFacts => {
      const hostNetwork = hosts && dice === 0;
      const known = !(templates && dice === 1) || rest.kind === 'Pod';
      const all = rest.kind === 'Pod' ? nodes.slice(0, 1) : nodes;
      return {
        ...rest,
        name: `w${i}`,
        hostNetwork,
        pods: known ? all.map((node, j) => ({ node, ips: hostNetwork ? [NODE_ADDRESS[node]] : addresses(2 * i + j + 1, families) })) : [],
      };
    }),
  }));
}

const labelsOf = (...some: Labels[]): fc.Arbitrary<Labels> => fc.constantFrom(...some);

function addresses(index: number, families: typeof FAMILIES[number]): string[] {
  return [...(families.includes('4') ? [`10.244.0.${index}`] : []), ...(families.includes('6') ? [`fd00:244::${index.toString(16)}`] : [])];
}

export function clusterDocuments({ namespaces, workloads, accountLabels }: ClusterFacts): Manifest[] {
  return [
    ...Object.entries(namespaces).map(([name, labels]) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })),
    ...NAMESPACE_NAMES.flatMap(namespace => [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', namespace, labels: accountLabels } },
    ]),
    ...NODES.map(name => ({
      apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { 'kubernetes.io/os': 'linux' } }, status: { addresses: [{ type: 'InternalIP', address: NODE_ADDRESS[name] }] },
    })),
    API_SERVER,
    ...workloads.flatMap(workloadDocuments),
  ];
}

/** On a node of its own: without this, whatever is on a node may be where the API server is, which Cilium has an entity for. */
const API_SERVER: Manifest = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['192.168.7.9'] }],
  ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
};

/** Who makes pods by way of somebody else. */
const BETWEEN: Readonly<Record<string, string>> = { Deployment: 'ReplicaSet', CronJob: 'Job' };
const GROUPS: Readonly<Record<string, string>> = { Job: 'batch/v1', CronJob: 'batch/v1', Pod: 'v1' };

function workloadDocuments(facts: WorkloadFacts): Manifest[] {
  const { kind, namespace, name, labels, pods } = facts;
  if (kind === 'Pod') { return pods.map(pod => podDocument(facts, name, labels, undefined, pod)); }
  const owner = ownerDocument(facts, kind, name, labels);
  const between = BETWEEN[kind];
  if (between === undefined) {
    return [owner, ...pods.map((pod, i) => podDocument(facts, `${name}-${i}`, labels, referenceTo(kind, name), pod))];
  }
  // As the controllers make them: a label that tells generations apart.
  const own = kind === 'Deployment' ? { ...labels, 'pod-template-hash': '7d4b9' } : labels;
  const middle = `${name}-7d4b9`;
  const made = { ...ownerDocument(facts, between, middle, own), metadata: { name: middle, namespace, ownerReferences: [referenceTo(kind, name)] } };
  return [owner, ...(pods.length === 0 ? [] : [made]), ...pods.map((pod, i) => podDocument(facts, `${middle}-${i}`, own, referenceTo(between, middle), pod))];
}

const referenceTo = (kind: string, name: string): Manifest => ({ apiVersion: GROUPS[kind] ?? 'apps/v1', kind, name, uid: `uid-${name}`, controller: true });

function ownerDocument(facts: WorkloadFacts, kind: string, name: string, labels: Manifest): Manifest {
  const template = { metadata: { labels }, spec: podSpec(facts) };
  const spec = kind === 'CronJob' ? { schedule: '0 * * * *', jobTemplate: { spec: { template } } } : { selector: { matchLabels: labels }, template };
  return { apiVersion: GROUPS[kind] ?? 'apps/v1', kind, metadata: { name, namespace: facts.namespace }, spec };
}

function podDocument(facts: WorkloadFacts, name: string, labels: Manifest, owner: Manifest | undefined, { ips, node }: PodFacts): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: facts.namespace, labels, ...optional('ownerReferences', owner && [owner]) },
    spec: { ...podSpec(facts), nodeName: node },
    status: { phase: 'Running', hostIP: NODE_ADDRESS[node], podIP: ips[0], podIPs: ips.map(ip => ({ ip })) },
  };
}

const podSpec = ({ serviceAccount, ports, hostNetwork }: WorkloadFacts): Manifest => ({
  ...(serviceAccount === 'default' ? {} : { serviceAccountName: serviceAccount }),
  ...(hostNetwork ? { hostNetwork } : {}),
  containers: [{
    name: 'main',
    image: 'image',
    ports: ports.map(({ name, port, protocol }) => ({ ...optional('name', name), containerPort: port, ...(protocol === 'TCP' ? {} : { protocol }) })),
  }],
});
