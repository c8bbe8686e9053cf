import { REFERENCE_PIPELINE } from '../../model/policy-set';
import { DialectModule } from '../dialect';
import { CLUSTER_NETWORK_POLICY_FIELDS } from './fields';
import { ADMIN_NETWORK_POLICY, BASELINE_ADMIN_NETWORK_POLICY, CLUSTER_NETWORK_POLICY } from './kinds';
import { lowerClusterNetworkPolicy } from './lower';
import { readClusterNetworkPolicy } from './read';
import { writeClusterNetworkPolicy } from './write';

export { EXPERIMENTAL_FIELDS } from './fields';
export { CLUSTER_NETWORK_POLICY } from './kinds';
export { halfOf } from './lower';
export { samePriority } from './priorities';
export { kindFor } from './write';

/** policy.networking.k8s.io: ClusterNetworkPolicy, and the older AdminNetworkPolicy and BaselineAdminNetworkPolicy. */
export const clusterNetworkPolicy: DialectModule = {
  id: 'cluster-network-policy',
  fields: CLUSTER_NETWORK_POLICY_FIELDS,
  kinds: [CLUSTER_NETWORK_POLICY, ADMIN_NETWORK_POLICY, BASELINE_ADMIN_NETWORK_POLICY].map(kind => ({ ...kind, role: 'policy' as const })),
  // On a target with v1alpha1 the kind depends on the tier: `kindFor` says it.
  kindOf: () => CLUSTER_NETWORK_POLICY,
  lower: lowerClusterNetworkPolicy,
  write: writeClusterNetworkPolicy,
  read: readClusterNetworkPolicy,
  // The policies of namespaces, which stand between the two tiers, come from the dialects that read them.
  link: policies => ({ pipeline: REFERENCE_PIPELINE, policies }),
};
