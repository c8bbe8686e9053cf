import { DialectModule } from '../dialect';
import { CILIUM_FIELDS } from './fields';
import { CILIUM_CLUSTERWIDE_NETWORK_POLICY, CILIUM_KINDS, CILIUM_NETWORK_POLICY } from './kinds';
import { linkCilium } from './link';
import { lowerCilium } from './lower';
import { readCilium } from './read';
import { writeCilium } from './write';

/** cilium.io/v2 CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy. */
export const cilium: DialectModule = {
  id: 'cilium',
  fields: CILIUM_FIELDS,
  kinds: CILIUM_KINDS,
  kindOf: scope => (scope === 'namespaced' ? CILIUM_NETWORK_POLICY : CILIUM_CLUSTERWIDE_NETWORK_POLICY),
  lower: lowerCilium,
  write: writeCilium,
  read: readCilium,
  link: linkCilium,
};
