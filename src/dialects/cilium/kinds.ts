import { DialectKind, ObjectKind } from '../dialect';

export const CILIUM_NETWORK_POLICY: ObjectKind = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy' };
export const CILIUM_CLUSTERWIDE_NETWORK_POLICY: ObjectKind = { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy' };

/** Both versions are served; v2 is stored. */
export const CIDR_GROUPS: readonly ObjectKind[] = ['cilium.io/v2', 'cilium.io/v2alpha1'].map(apiVersion => ({ apiVersion, kind: 'CiliumCIDRGroup' }));
export const SERVICE: ObjectKind = { apiVersion: 'v1', kind: 'Service' };
export const ENDPOINT_SLICE: ObjectKind = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' };

export const CILIUM_KINDS: readonly DialectKind[] = [
  { ...CILIUM_NETWORK_POLICY, role: 'policy' },
  { ...CILIUM_CLUSTERWIDE_NETWORK_POLICY, role: 'policy' },
  ...[...CIDR_GROUPS, SERVICE, ENDPOINT_SLICE].map((kind): DialectKind => ({ ...kind, role: 'support' })),
  // Where traffic goes, not whether it may.
  ...['CiliumEgressGatewayPolicy', 'CiliumLocalRedirectPolicy'].map((kind): DialectKind => ({ apiVersion: 'cilium.io/v2', kind, role: 'other' })),
];
