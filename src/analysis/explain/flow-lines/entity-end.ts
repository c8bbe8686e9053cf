import { SeenEnd } from './seen-end';
import { Analysis } from '../../analysis';
import { Known } from '../../find/known';
import type { FoundParty } from '../../find-party';
import { Variant } from '../../party';
import { addressParty } from '../../world/external-parties';
import { variantsOfNode } from '../../world/node-variants';

const CLUSTER: readonly string[] = ['all', 'cluster', 'cluster-mesh'];
const NODES: readonly string[] = ['host', 'remote-node'];
const WORLD: readonly string[] = ['world', 'world-ipv4', 'world-ipv6'];
/** What Cilium runs beside the pods. */
const ENDPOINTS: readonly string[] = ['health', 'ingress', 'unmanaged', 'init'];

/** An end that is known by what Cilium says that it is; undefined where it says nothing of use, or no address. */
export function entityEnd(analysis: Analysis, { entities = [], address, allEntities = false }: SeenEnd): FoundParty | undefined {
  if (address === undefined) { return undefined; }
  const end = (variants: readonly Variant[], text = address): FoundParty =>
    ({ text, parties: [{ text, variants }], notes: [`the flow says that ${address} is ${entities.join(', ')}`] });
  const node = entities.find(entity => NODES.includes(entity));
  if (node !== undefined) {
    const known = Known.of(analysis).nodeAt(address);
    return end(nodeVariants(analysis, address, node, entities, allEntities), known && `node/${known.name}`);
  }
  const outside = addressParty(address);
  if (entities.includes('kube-apiserver')) {
    const serving = outside.variants.map((variant): Variant => ({ ...variant, entities: [...variant.entities!, 'kube-apiserver'] }));
    const isOutside = entities.some(entity => WORLD.includes(entity));
    return end(isOutside ? serving : [...nodeVariants(analysis, address, 'remote-node', ['kube-apiserver'], true), ...serving]);
  }
  if (entities.some(entity => WORLD.includes(entity))) { return end(outside.variants, outside.text); }
  const endpoint = entities.find(entity => ENDPOINTS.includes(entity));
  return endpoint === undefined ? undefined
    : end([{ kind: 'pod', namespace: '', labels: {}, namespaceLabels: {}, address, entities: [...CLUSTER, endpoint], names: [] }]);
}

/** The own node, or another one; of the own node a line of text does not say whether it is the API server too. */
function nodeVariants(analysis: Analysis, address: string, node: string, entities: readonly string[], all: boolean): Variant[] {
  const isServing = (variant: Variant): boolean => variant.entities!.includes('kube-apiserver');
  const serves = entities.includes('kube-apiserver');
  const mayServe = serves ? [true] : node === 'host' && !all ? [false, true] : [false];
  const known = Known.of(analysis).nodeAt(address);
  const own = known === undefined ? [] : variantsOfNode(known, analysis.world, analysis.cluster)
    .filter(variant => variant.address === address && variant.entities?.includes(node) && mayServe.includes(isServing(variant)));
  if (own.length > 0) { return own; }
  return mayServe.map((serving): Variant =>
    ({ kind: 'node', address, entities: [...CLUSTER, node, ...serving ? ['kube-apiserver'] : []], names: [], principal: '' }));
}
