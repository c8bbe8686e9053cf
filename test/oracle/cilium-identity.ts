import { keysOf, Labels, namespaceLabels, selects } from './labels';
import { JudgeOptions, Party, Pod, World } from './world';

/** Who somebody is to Cilium: a set of labels, each with its source. Selectors and entities are tests of that set. */

export interface IdentityLabel { source: string; name: string; value: string }
export type Identity = IdentityLabel[];

const NAMESPACE = 'io.kubernetes.pod.namespace';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
const CLUSTER = 'io.cilium.k8s.policy.cluster';
const ownCluster = (world: World): string => world.clusterName ?? 'default';

/** Reference 3.2, identity label filter: a label whose key starts so is no part of the identity, and nothing selects on it. */
const NOT_IDENTITY = [
  'io.kubernetes', 'kubernetes.io', 'k8s.io', 'statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/job-completion-index', 'batch.kubernetes.io/controller-uid', 'topology.kubernetes.io',
  'pod-template-generation', 'pod-template-hash', 'controller-revision-hash', 'controller-uid', 'annotation', 'etcd_node',
];

function isIdentityLabel(key: string): boolean {
  return !NOT_IDENTITY.some((prefix) => key.startsWith(prefix)) && !key.includes('beta.kubernetes.io');
}

/** The labels of a pod that selectors can see. */
export function identityLabels(pod: Pod): Labels {
  return Object.fromEntries(Object.entries(pod.labels).filter(([key]) => isIdentityLabel(key)));
}

/** Labels of a namespace reach the identity under a prefix of their own, which only the filter of beta labels sees through. */
export function identityNamespaceLabels(world: World, namespace: string): Labels {
  return Object.fromEntries(Object.entries(namespaceLabels(world, namespace)).filter(([key]) => !key.includes('beta.kubernetes.io')));
}

/** Reference 3.6: what each party is. */
export function identityOf(party: Party, world: World, options: JudgeOptions = {}): Identity {
  if (party.kind === 'pod') return podIdentity(party.pod, world);
  const names = party.kind === 'node' ? [party.local ? 'host' : 'remote-node'] : ['world'];
  if (party.apiServer) names.push('kube-apiserver');
  const identity = names.map((name) => ({ source: 'reserved', name, value: '' }));
  // With --enable-node-selector-labels nodes are labelled: before 1.20 remote ones only (nodeIdentityLabels in the agent's source).
  const labelled = party.kind === 'node' && options.features?.nodeSelectorLabels === true && (!party.local || versionOf(options) >= '1.20');
  return labelled ? [...identity, { source: 'k8s', name: CLUSTER, value: ownCluster(world) }] : identity;
}

const versionOf = (options: JudgeOptions): string => options.ciliumVersion ?? '1.20';

function podIdentity(pod: Pod, world: World): Identity {
  const labels: Labels = {
    ...identityLabels(pod),
    [NAMESPACE]: pod.namespace,
    [CLUSTER]: pod.cluster ?? ownCluster(world),
    'io.cilium.k8s.policy.serviceaccount': pod.serviceAccount ?? 'default',
  };
  for (const [key, value] of Object.entries(identityNamespaceLabels(world, pod.namespace))) labels[NAMESPACE_LABELS + key] = value;
  return Object.entries(labels).map(([name, value]) => ({ source: 'k8s', name, value }));
}

/** "No prefix = `any:` (matches any source)". */
export function parseKey(key: string): { source: string; name: string } {
  const colon = key.indexOf(':');
  return colon < 0 ? { source: 'any', name: key } : { source: key.slice(0, colon), name: key.slice(colon + 1) };
}

/** Nodes are selected by the labels of their Node object, which are of one source. */
export function nodeSelectorMatches(selector: any, labels: Labels, ofSource: 'k8s' | 'node'): boolean {
  return selects(selector, (key) => {
    const { source, name } = parseKey(key);
    return (source === 'any' || source === ofSource) && Object.hasOwn(labels, name) ? labels[name] : undefined;
  });
}

/** Labels that the agent makes up of CIDRs, names and nodes: an identity here does not hold them. */
const UNJUDGED_SOURCES = ['cidr', 'cidrgroup', 'fqdn', 'node'];

export function identityMatches(selector: any, identity: Identity): boolean {
  return selects(selector, (key) => {
    const { source, name } = parseKey(key);
    if (UNJUDGED_SOURCES.includes(source)) throw new Error(`the judge does not know labels of source ${source}`);
    return identity.find((label) => label.name === name && (source === 'any' || source === label.source))?.value;
  });
}

/** Reference 3.2: what an endpoint selector in from/toEndpoints becomes. `namespace` is the policy's, undefined if it is clusterwide. */
export function peerSelector(selector: any, namespace: string | undefined, world: World, options: JudgeOptions): any {
  const keys = keysOf(selector).map(parseKey);
  if (keys.some(({ source }) => source === 'reserved')) return selector;

  const asksFor = (test: (name: string) => boolean) => keys.some(({ source, name }) => (source === 'any' || source === 'k8s') && test(name));
  const matchExpressions = [...(selector.matchExpressions ?? [])];
  if (!asksFor((name) => name === NAMESPACE)) {
    if (namespace === undefined) {
      matchExpressions.push({ key: `k8s:${NAMESPACE}`, operator: 'Exists' });
    } else if (!asksFor((name) => name.startsWith(NAMESPACE_LABELS))) {
      matchExpressions.push({ key: `k8s:${NAMESPACE}`, operator: 'In', values: [namespace] });
    }
  }
  // policy-default-local-cluster is the default since 1.19.
  if (versionOf(options) >= '1.19' && !asksFor((name) => name === CLUSTER)) {
    matchExpressions.push({ key: `k8s:${CLUSTER}`, operator: 'In', values: [ownCluster(world)] });
  }
  return { matchLabels: selector.matchLabels, matchExpressions };
}

/** What the selectors of a NetworkPolicy's peer become: parseNetworkPolicyPeer in the agent's source. */
export function networkPolicyPeer({ namespaceSelector, podSelector }: any, world: World, options: JudgeOptions): any {
  const prefixed = (selector: any, prefix: string): any[] => [
    ...Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({ key: prefix + key, operator: 'In', values: [value] })),
    ...(selector?.matchExpressions ?? []).map((each: any) => ({ ...each, key: prefix + each.key })),
  ];
  const namespaces = prefixed(namespaceSelector, `k8s:${NAMESPACE_LABELS}`);
  return {
    matchExpressions: [
      // Of an empty namespaceSelector, or of none, a namespace is asked for: that of the policy, which nobody here has.
      ...(namespaces.length > 0 ? namespaces : [{ key: `k8s:${NAMESPACE}`, operator: 'Exists' }]),
      ...prefixed(podSelector, 'k8s:'),
      ...(versionOf(options) >= '1.19' ? [{ key: `k8s:${CLUSTER}`, operator: 'In', values: [ownCluster(world)] }] : []),
    ],
  };
}

/** What an endpointSelector becomes: in a namespaced policy its own namespace, in place of any other that matchLabels may name. */
export function subjectSelector(selector: any, namespace: string | undefined): any {
  if (namespace === undefined) return selector;
  return { ...selector, matchLabels: { ...selector.matchLabels, [`k8s:${NAMESPACE}`]: namespace } };
}

/** Reference 3.6. The world of the judge has no init, health, ingress or unmanaged endpoints. */
export function isEntity(entity: string, identity: Identity, world: World): boolean {
  const isReserved = (name: string) => identity.some((label) => label.source === 'reserved' && label.name === name);
  switch (entity) {
    case 'all':
      return true;
    case 'none': case 'init': case 'health': case 'ingress': case 'unmanaged':
      return false;
    case 'host': case 'remote-node': case 'world': case 'kube-apiserver':
      return isReserved(entity);
    // Remote nodes are those of all clusters of a mesh.
    case 'cluster': case 'cluster-mesh':
      return ['host', 'remote-node', 'kube-apiserver'].some(isReserved) || identity.some((label) => (
        label.source === 'k8s' && label.name === CLUSTER && (entity === 'cluster-mesh' || label.value === ownCluster(world))
      ));
    default:
      throw new Error(`no entity: ${entity}`);
  }
}
