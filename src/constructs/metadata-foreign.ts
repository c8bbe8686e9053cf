import { ApiObject, JsonPatch } from 'cdk8s';
import { AppObject, AppObjects, appliedObject } from './app-objects';
import type { MetadataBlock } from './metadata-block';
import type { PolicyStatement } from './policy-statement';
import { dialectModule } from '../dialects';
import { DialectId, Document } from '../dialects/dialect';
import { Endpoint, matchesEndpoint, NO } from '../model/match';
import { Policy } from '../model/policy-set';

/** A policy that the app holds but this library did not make, such as one of an `Include`d file. */
export interface ForeignPolicy {
  readonly object: AppObject;
  readonly dialect: DialectId;
  readonly policy: Policy;
  /** Whether its namespace is known. */
  readonly certain: boolean;
}

/** By API group: who reads it, and the kinds that may open something, with whether they have a namespace. */
const KINDS: Readonly<Record<string, { readonly dialect: DialectId; readonly namespaced: Readonly<Record<string, boolean>> } | undefined>> = {
  'networking.k8s.io': { dialect: 'kubernetes', namespaced: { NetworkPolicy: true } },
  'cilium.io': { dialect: 'cilium', namespaced: { CiliumNetworkPolicy: true, CiliumClusterwideNetworkPolicy: false } },
  'projectcalico.org': { dialect: 'calico', namespaced: { NetworkPolicy: true, GlobalNetworkPolicy: false } },
  'policy.networking.k8s.io': { dialect: 'cluster-network-policy', namespaced: { ClusterNetworkPolicy: false, AdminNetworkPolicy: false } },
  'crd.projectcalico.org': { dialect: 'calico', namespaced: { NetworkPolicy: true, GlobalNetworkPolicy: false } },
};

/** The egress of foreign policies of these dialects that may be about pods of the block's namespace. */
export const foreignEgress = (
  block: MetadataBlock, app: AppObjects, dialects: readonly DialectId[], onError: (error: string) => void,
): ForeignPolicy[] => egressOf(app.foreignPolicies, block, dialects, onError);

/** The same, of the policies that are given. */
export const egressOf = (
  objects: readonly AppObject[], block: MetadataBlock, dialects: readonly DialectId[], onError: (error: string) => void,
): ForeignPolicy[] => policiesAbout(objects, { kind: 'pod', namespace: block.namespace }, dialects, problem => onError(`BlockCloudMetadata (${block.path}): ${problem}`))
  .filter(({ policy }) => policy.direction === 'egress');

/** Those that may be about the pods, and decide. */
export function policiesAbout(
  objects: readonly AppObject[], pods: Endpoint, dialects: readonly DialectId[], onProblem: (problem: string) => void,
): ForeignPolicy[] {
  const { namespace } = pods;
  return objects.flatMap((object): ForeignPolicy[] => {
    const group = KINDS[object.apiGroup];
    const namespaced = group?.namespaced[object.kind];
    if (!group || namespaced === undefined || !dialects.includes(group.dialect)) { return []; }
    // Where it will be applied is not known without a namespace: it may be this one.
    if (namespaced && object.namespace !== undefined && object.namespace !== namespace) { return []; }
    try {
      const policies = dialectModule(group.dialect).read(manifestOf(object, namespaced ? namespace : undefined), object.path);
      return policies.filter(policy => policy.mode === 'enforce' && matchesEndpoint(policy.subject, pods, { cidrMatches: [] }) !== NO)
        .map(policy => ({ object, dialect: group.dialect, policy, certain: !namespaced || object.namespace !== undefined }));
    } catch (error) {
      onProblem(`a policy beside it cannot be judged: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
}

/** Policies that accept egress before any NetworkPolicy is asked, and that this library does not read yet. */
export const acceptsBefore = (app: AppObjects): AppObject[] => app.foreignPolicies.filter(object => {
  if (object.apiGroup !== 'policy.networking.k8s.io' || object.kind.startsWith('Baseline')) { return false; }
  const { tier, egress } = object.manifest.spec ?? {};
  return tier !== 'Baseline' && Array.isArray(egress) && egress.some(rule => rule?.action === 'Allow' || rule?.action === 'Accept');
});

/**
 * Policies of ours that somebody changes by a JSON patch, as they will be applied. An object of ours cannot be rendered while
 * the app is compiled, so the patches are applied here.
 */
export function patchedPolicies(documents: ReadonlyMap<PolicyStatement, readonly Document[]>): ReadonlyMap<PolicyStatement, readonly AppObject[]> {
  const patched = new Map<PolicyStatement, readonly AppObject[]>();
  for (const [statement, written] of documents) {
    const objects = written.flatMap(document => {
      const object = statement.objects.get(document.metadata.name);
      return object && patchesOf(object).length > 0 ? applyPatches(object, document) : [];
    });
    if (objects.length > 0) { patched.set(statement, objects); }
  }
  return patched;
}

/** cdk8s has no public way to ask. */
const patchesOf = (object: ApiObject): readonly JsonPatch[] => (object as unknown as { readonly patches?: readonly JsonPatch[] }).patches ?? [];

function applyPatches(object: ApiObject, { spec, specs }: Document): AppObject[] {
  const { apiVersion, kind, metadata } = object;
  try {
    const rendered = JSON.parse(JSON.stringify({ apiVersion, kind, metadata: metadata.toJson(), spec, specs }));
    return [appliedObject(JsonPatch.apply(rendered, ...patchesOf(object)), object.node.path, undefined)];
  } catch {
    return []; // A patch that does not apply fails the synth by itself.
  }
}

/** Objects of a cluster-wide kind have none, whatever their chart has given them. */
function manifestOf({ manifest }: AppObject, namespace: string | undefined): unknown {
  const { namespace: _stated, ...metadata } = manifest.metadata ?? {};
  return { ...manifest, metadata: { ...metadata, ...(namespace === undefined ? {} : { namespace }) } };
}
