import { REFERENCE_PIPELINE } from '../../model/policy-set';
import { DialectModule, ObjectKind } from '../dialect';
import { UnreadableDocument } from '../document-reader';

export const CLUSTER_NETWORK_POLICY: ObjectKind = { apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy' };

/** policy.networking.k8s.io: ClusterNetworkPolicy, and the older AdminNetworkPolicy and BaselineAdminNetworkPolicy. */
export const clusterNetworkPolicy: DialectModule = {
  id: 'cluster-network-policy',
  fields: {},
  kinds: [{ ...CLUSTER_NETWORK_POLICY, role: 'policy' }],
  kindOf: () => CLUSTER_NETWORK_POLICY,
  lower: policies => ({ policies, wider: [] }),
  write: () => [],
  read: () => { throw new UnreadableDocument('document', 'not read yet'); },
  link: policies => ({ pipeline: REFERENCE_PIPELINE, policies }),
};
