import { DialectKind, DialectModule, ObjectKind } from '../dialect';
import { CALICO_FIELDS } from './fields';
import { linkCalico } from './link';
import { lowerCalico } from './lower';
import { readCalico } from './read';
import { CALICO_V3 } from './tiers';
import { writeCalico } from './write';

export { tierDocument } from './tiers';

/** projectcalico.org/v3 NetworkPolicy, GlobalNetworkPolicy and Tier. */
export const calico: DialectModule = {
  id: 'calico',
  fields: CALICO_FIELDS,
  kinds: [
    ...['NetworkPolicy', 'GlobalNetworkPolicy', 'StagedNetworkPolicy', 'StagedGlobalNetworkPolicy'].map((kind): DialectKind => ({ apiVersion: CALICO_V3, kind, role: 'policy' })),
    { apiVersion: CALICO_V3, kind: 'Tier', role: 'support' },
  ],
  kindOf: (scope): ObjectKind => ({ apiVersion: CALICO_V3, kind: scope === 'namespaced' ? 'NetworkPolicy' : 'GlobalNetworkPolicy' }),
  lower: lowerCalico,
  write: writeCalico,
  read: readCalico,
  link: linkCalico,
};
