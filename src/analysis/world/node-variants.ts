import { asEndpoint } from './host-endpoint';
import { placesAt, placesIn } from './places';
import { PodShape } from './pod-shape';
import { profilesEntity, WITHOUT_PROFILE } from './profiles';
import { HostEndpoint, Node, World } from './world';
import { ResolvedCluster } from '../cluster';
import { Variant } from '../party';

/** What is on the network of a node is that node to every CNI: to a pod it is its own node, or another one. */

const OWN_NODE: readonly string[] = Object.freeze(['all', 'cluster', 'cluster-mesh', 'host']);
const OTHER_NODE: readonly string[] = Object.freeze(['all', 'cluster', 'cluster-mesh', 'remote-node']);
const NO_NAMES: readonly string[] = Object.freeze([]);

/** Of more nodes is said what holds of all of them. */
const MOST_NODES = 8;

/** What is on the host network: on the nodes where these are known. */
export function variantsOn({ addresses, nodes }: Pick<PodShape, 'addresses' | 'nodes'>, world: World, cluster: ResolvedCluster): Variant[] {
  const known = nodes.map(name => world.nodes.get(name));
  if (nodes.length > 0 && nodes.length <= MOST_NODES && known.every((node): node is Node => node !== undefined)) {
    return known.flatMap(node => variantsOfNode(node, world, cluster));
  }
  return unknownNode(addresses, nodes, world, cluster);
}

/** A node of which nothing is known. */
export const someNode = (world: World, cluster: ResolvedCluster): Variant[] => unknownNode([], [], world, cluster);

/** A node that is known. */
export function variantsOfNode({ name, labels, addresses }: Node, world: World, cluster: ResolvedCluster): Variant[] {
  const endpoints = world.hostEndpoints.filter(({ node }) => node === name);
  return placesOf(addresses, cluster).flatMap(place => {
    const node: Variant = { kind: 'node', labels, nodes: [name], names: NO_NAMES, principal: '', ...place };
    return endpointsAt(endpoints, place.address)
      .flatMap(endpoint => nearAndFar(endpoint ? asHostEndpoint(node, endpoint, world) : node, cluster, isApiServer(addresses, world, cluster)));
  });
}

/** Where there are host endpoints, it may be one of these too. */
function unknownNode(addresses: readonly string[], nodes: readonly string[], world: World, cluster: ResolvedCluster): Variant[] {
  const where = nodes.length > 0 && nodes.length <= MOST_NODES ? { nodes } : {};
  return placesOf(addresses, cluster).flatMap(place => {
    const node: Variant = { kind: 'node', ...(cluster.closed ? { labels: {} } : {}), names: NO_NAMES, principal: '', ...where, ...place };
    const kinds = world.hostEndpoints.length === 0 ? [node] : [node, ...[WITH_PROFILE, CLOSED].map((profile): Variant => ({ ...node, kind: 'hostEndpoint', ...profile }))];
    return kinds.flatMap(each => nearAndFar(each, cluster, isApiServer(addresses, world, cluster)));
  });
}

const WITH_PROFILE: Pick<Variant, 'entities'> = { entities: [] };
const CLOSED: Pick<Variant, 'entities'> = { entities: [WITHOUT_PROFILE] };

/** The host endpoint of an address, where it is known which one that is; else each that it may be. */
function endpointsAt(endpoints: readonly HostEndpoint[], address: string | undefined): readonly (HostEndpoint | undefined)[] {
  if (endpoints.length === 0) { return [undefined]; }
  const own = endpoints.filter(({ addresses }) => address !== undefined && addresses.includes(address));
  return own.length > 0 ? own : [...endpoints, undefined];
}

function asHostEndpoint(node: Variant, endpoint: HostEndpoint, world: World): Variant {
  const entity = profilesEntity(endpoint);
  return { ...node, ...asEndpoint(endpoint, world), entities: entity === undefined ? [] : [entity] };
}

/** @param apiServer whether the API server answers there; undefined: it may */
function nearAndFar(node: Variant, { closed, cni }: ResolvedCluster, apiServer: boolean | undefined): Variant[] {
  const own = node.entities ?? [];
  const near = [OWN_NODE, OTHER_NODE].map((entities): Variant => ({ ...node, entities: own.length > 0 ? [...entities, ...own] : entities }));
  const serving = (): Variant[] => near.map(each => ({ ...each, entities: [...each.entities!, 'kube-apiserver'] }));
  if (apiServer !== undefined) { return apiServer ? serving() : near; }
  return closed || cni !== 'cilium' ? near : [...near, ...serving()];
}

/** Only Cilium asks for it. */
function isApiServer(addresses: readonly string[], { apiServers }: World, { cni }: ResolvedCluster): boolean | undefined {
  if (cni !== 'cilium') { return false; }
  if (apiServers.length === 0 || addresses.length === 0) { return undefined; }
  const serving = addresses.filter(own => apiServers.some(({ address }) => address === own));
  return serving.length === addresses.length ? true : serving.length > 0 ? undefined : false;
}

function placesOf(addresses: readonly string[], { closed, nodeCidrs }: ResolvedCluster): readonly Pick<Variant, 'address' | 'addressIn'>[] {
  if (addresses.length > 0) { return placesAt(addresses, MOST_NODES); }
  return closed ? [{ addressIn: [] }] : placesIn(nodeCidrs);
}
