/** What the templates of a ClusterSPIFFEID may name: a field that there is not fails to render, and the pod gets no identity. */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** The fields of Go's types, which are not those of the API: https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#ObjectMeta */
const META = words(`
  Name GenerateName Namespace SelfLink UID ResourceVersion Generation CreationTimestamp DeletionTimestamp DeletionGracePeriodSeconds
  Labels Annotations OwnerReferences Finalizers ManagedFields
`);

/** https://pkg.go.dev/k8s.io/api/core/v1#PodSpec */
const POD_SPEC = words(`
  Volumes InitContainers Containers EphemeralContainers RestartPolicy TerminationGracePeriodSeconds ActiveDeadlineSeconds DNSPolicy NodeSelector
  ServiceAccountName DeprecatedServiceAccount AutomountServiceAccountToken NodeName HostNetwork HostPID HostIPC ShareProcessNamespace SecurityContext
  ImagePullSecrets Hostname Subdomain Affinity SchedulerName Tolerations HostAliases PriorityClassName Priority DNSConfig ReadinessGates
  RuntimeClassName EnableServiceLinks PreemptionPolicy Overhead TopologySpreadConstraints SetHostnameAsFQDN OS HostUsers SchedulingGates
  ResourceClaims Resources HostnameOverride
`);

/** https://pkg.go.dev/k8s.io/api/core/v1#NodeSpec */
const NODE_SPEC = words('PodCIDR PodCIDRs ProviderID Unschedulable Taints ConfigSource DoNotUseExternalID');

const NONE: ReadonlySet<string> = new Set();

/** https://github.com/spiffe/spire-controller-manager/blob/main/docs/clusterspiffeid-crd.md#templates */
const DATA: Readonly<Record<string, ReadonlySet<string>>> = {
  TrustDomain: NONE, ClusterName: NONE, ClusterDomain: NONE, PodMeta: META, PodSpec: POD_SPEC, NodeMeta: META, NodeSpec: NODE_SPEC,
};

const ACTION = /\{\{([^{}]*)\}\}/g;
/** What changes the dot, or names the templates of others. */
const OTHER_DOT = /\b(range|with|define|template|block)\b/;
const STRINGS = /"(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)*'/g;
/** Fields of the data: not those of a variable, or of what a function returns. */
const FIELD = /(?<![\w)\]])\$?((?:\.[A-Za-z_]\w*)+)/g;

/**
 * Holds a template to the data that the controller manager fills in, as far as its first two fields.
 * @throws with the field, and those that there are
 */
export function checkTemplate(template: string, where: string): void {
  if (typeof template !== 'string') { throw new Error(`${where}: must be text, got ${JSON.stringify(template)}`); }
  const actions = [...template.matchAll(ACTION)].map(([, action]) => action.replace(STRINGS, '""'));
  if (actions.some(action => OTHER_DOT.test(action))) { return; }
  for (const [, chain] of actions.flatMap(action => [...action.matchAll(FIELD)])) {
    const [first, second] = chain.slice(1).split('.');
    if (!Object.hasOwn(DATA, first)) { throw unknown(where, chain, Object.keys(DATA)); }
    const known = DATA[first];
    // Go's getters of metadata, such as GetName.
    const isGetter = known === META && second?.startsWith('Get') && META.has(second.slice('Get'.length));
    if (second !== undefined && !known.has(second) && !isGetter) { throw unknown(where, chain, [...known].map(name => `${first}.${name}`)); }
  }
}

function unknown(where: string, chain: string, known: readonly string[]): Error {
  const there = known.length === 0 ? `.${chain.slice(1).split('.')[0]} is text, without fields` : `known are ${known.map(name => `.${name}`).join(', ')}`;
  return new Error(`${where}: the data of the template has no field ${chain}, so that no pod would get the identity; ${there}`);
}
