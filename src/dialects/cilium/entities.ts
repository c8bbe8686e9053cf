import { Versioned } from '../versions';

/** What fromEntities and toEntities can name, with the first version of Cilium that knows it where that is not the oldest supported one. */
export const ENTITIES: Readonly<Record<string, Versioned>> = {
  'all': {},
  'world': {},
  'cluster': {},
  'cluster-mesh': { since: '1.20' },
  'host': {},
  'init': {},
  'ingress': {},
  'unmanaged': {},
  'remote-node': {},
  'health': {},
  'none': {},
  'kube-apiserver': {},
};

/** Those of the entities that are labels of the source `reserved`, which selectors can ask for; the others are sets of identities. */
export const RESERVED_LABELS: readonly string[] = ['host', 'remote-node', 'kube-apiserver', 'ingress', 'health', 'init', 'unmanaged', 'world'];

/** What addresses outside have: the first one in a cluster of one family, the others in one of both. */
export const WORLD_LABELS: readonly string[] = ['world', 'world-ipv4', 'world-ipv6'];

/** Those of them that are endpoints of Cilium on a node, which an endpointSelector can select; nodes are for nodeSelector. */
export const RESERVED_ENDPOINTS: readonly string[] = ['health', 'ingress', 'init'];
