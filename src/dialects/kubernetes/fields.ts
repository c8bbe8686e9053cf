/** The fields of networking.k8s.io/v1 NetworkPolicy. */
import { documentFields } from '../common-fields';
import type { FieldTrees } from '../field-tree';
import { NETWORK_POLICY_SPEC } from '../network-policy-fields';

/** By kind. `podSelector` is optional there: absent means every pod, as `{}` does. */
export const KUBERNETES_FIELDS: FieldTrees = {
  NetworkPolicy: documentFields({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    namespaced: true,
    body: { spec: { type: 'object', fields: NETWORK_POLICY_SPEC } },
  }),
};
