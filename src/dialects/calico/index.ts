import { DialectKind, DialectModule, ObjectKind } from '../dialect';
import { CALICO_FIELDS } from './fields';
import { linkCalico } from './link';
import { SERVICE_KINDS } from './link-services';
import { SET_KINDS } from './link-sets';
import { lowerCalico } from './lower';
import { POLICY_KINDS, readCalico, STAGED_KUBERNETES } from './read';
import { CALICO_V3 } from './tiers';
import { writeCalico } from './write';

export { nameInTier } from './names';
export { tierDocument, tierDocumentOf } from './tiers';

const ofCalico = (role: DialectKind['role'], ...kinds: string[]): DialectKind[] => kinds.map(kind => ({ apiVersion: CALICO_V3, kind, role }));

/** What there is beside policies: host endpoints are the world's, the rest has no say in who may talk to whom. */
const OTHERS = [
  'HostEndpoint', 'WorkloadEndpoint', 'Profile', 'Node', 'IPPool', 'IPReservation', 'IPAMConfig', 'IPAMConfiguration', 'BlockAffinity', 'FelixConfiguration',
  'BGPConfiguration', 'BGPPeer', 'BGPFilter', 'CalicoNodeStatus', 'ClusterInformation', 'KubeControllersConfiguration',
];

/** projectcalico.org/v3: policies, staged policies, tiers and network sets. */
export const calico: DialectModule = {
  id: 'calico',
  fields: CALICO_FIELDS,
  kinds: [
    ...ofCalico('policy', ...Object.keys(POLICY_KINDS), STAGED_KUBERNETES),
    ...ofCalico('support', 'Tier'),
    ...[...SET_KINDS, ...SERVICE_KINDS].map((kind): DialectKind => ({ ...kind, role: 'support' })),
    ...ofCalico('other', ...OTHERS),
  ],
  kindOf: (scope): ObjectKind => ({ apiVersion: CALICO_V3, kind: scope === 'namespaced' ? 'NetworkPolicy' : 'GlobalNetworkPolicy' }),
  lower: lowerCalico,
  write: writeCalico,
  read: readCalico,
  link: linkCalico,
};
