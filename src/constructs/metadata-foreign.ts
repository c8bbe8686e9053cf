import { ApiObject, Chart } from 'cdk8s';
import { AppObjects } from './app-objects';
import type { MetadataBlock } from './metadata-block';
import { dialectModule } from '../dialects';
import { DialectId } from '../dialects/dialect';
import { matchesEndpoint, NO } from '../model/evaluate';
import { Policy } from '../model/policy-set';

/** A policy that the app holds but this library did not make, such as one of an `Include`d file. */
export interface ForeignPolicy {
  readonly object: ApiObject;
  readonly dialect: DialectId;
  readonly policy: Policy;
}

/** By API group: who reads it, and the kinds that decide about egress, with whether they have a namespace. */
const KINDS: Readonly<Record<string, { readonly dialect: DialectId; readonly namespaced: Readonly<Record<string, boolean>> } | undefined>> = {
  'networking.k8s.io': { dialect: 'kubernetes', namespaced: { NetworkPolicy: true } },
  'cilium.io': { dialect: 'cilium', namespaced: { CiliumNetworkPolicy: true, CiliumClusterwideNetworkPolicy: false } },
  'projectcalico.org': { dialect: 'calico', namespaced: { NetworkPolicy: true, GlobalNetworkPolicy: false } },
  'crd.projectcalico.org': { dialect: 'calico', namespaced: { NetworkPolicy: true, GlobalNetworkPolicy: false } },
};

/** The egress of foreign policies of these dialects that may be about pods of the block's namespace. */
export function foreignEgress(
  block: MetadataBlock, app: AppObjects, dialects: readonly DialectId[], onError: (error: string) => void,
): ForeignPolicy[] {
  return app.foreignPolicies.flatMap((object): ForeignPolicy[] => {
    const group = KINDS[object.apiGroup];
    const namespaced = group?.namespaced[object.kind];
    if (!group || namespaced === undefined || !dialects.includes(group.dialect)) { return []; }
    if (namespaced && (object.metadata.namespace ?? Chart.of(object).namespace ?? 'default') !== block.namespace) { return []; }
    try {
      const policies = dialectModule(group.dialect).read(manifestOf(object, namespaced), object.node.path);
      return policies.filter(policy => policy.direction === 'egress' && policy.mode === 'enforce' && mayBeAbout(policy, block.namespace))
        .map(policy => ({ object, dialect: group.dialect, policy }));
    } catch (error) {
      onError(`BlockCloudMetadata (${block.path}): a policy beside it cannot be judged: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
}

/** Policies that accept egress before any NetworkPolicy is asked, and that this library does not read yet. */
export const acceptsBefore = (app: AppObjects): ApiObject[] => app.foreignPolicies.filter(object => {
  if (object.apiGroup !== 'policy.networking.k8s.io' || object.kind.startsWith('Baseline')) { return false; }
  const { tier, egress } = object.toJson().spec ?? {};
  return tier !== 'Baseline' && Array.isArray(egress) && egress.some(rule => rule?.action === 'Allow' || rule?.action === 'Accept');
});

/** A chart with a namespace gives it to every object, also to those that have none. */
function manifestOf(object: ApiObject, namespaced: boolean): unknown {
  const manifest = object.toJson();
  if (namespaced) { return manifest; }
  const { namespace: _none, ...metadata } = manifest.metadata ?? {};
  return { ...manifest, metadata };
}

const mayBeAbout = (policy: Policy, namespace: string): boolean => matchesEndpoint(policy.subject, { kind: 'pod', namespace }, { cidrMatches: [] }) !== NO;
