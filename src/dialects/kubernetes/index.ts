import { Policy, REFERENCE_PIPELINE } from '../../model/policy-set';
import { DialectModule, Lowered, Target } from '../dialect';
import { narrowToOutside, refuseAddresses } from '../outside';
import { KUBERNETES_FIELDS } from './fields';
import { readKubernetes } from './read';
import { writeKubernetes } from './write';
import { NETWORK_POLICY } from '../network-policy-fields';

/** networking.k8s.io/v1 NetworkPolicy. */
export const kubernetes: DialectModule = {
  id: 'kubernetes',
  fields: KUBERNETES_FIELDS,
  kinds: [{ ...NETWORK_POLICY, role: 'policy' }],
  // There is no cluster-scoped kind; the writer refuses, and says what would express it.
  kindOf: () => NETWORK_POLICY,
  lower(policies: readonly Policy[], target: Target): Lowered {
    if (!target.cidrMatchesPods) { refuseAddresses('kubernetes', policies); }
    return narrowToOutside('kubernetes', policies, target);
  },
  write: writeKubernetes,
  read: readKubernetes,
  link: policies => ({ pipeline: REFERENCE_PIPELINE, policies }),
};
