import { ObjectKind } from '../dialect';

export const CILIUM_NETWORK_POLICY: ObjectKind = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy' };
export const CILIUM_CLUSTERWIDE_NETWORK_POLICY: ObjectKind = { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy' };
