import { outside } from './external-parties';
import { someNode } from './node-variants';
import { containsCidr, familyOf, hostRange, overlaps } from '../../model/cidr';
import type { Analysis } from '../analysis';
import { API_SERVER, Party, Variant } from '../party';

/** On a node of the cluster or outside it: that depends on who runs it, where its addresses do not say. */
export function apiServer(analysis: Analysis): Party {
  const ranges = apiServerRanges(analysis);
  const variants = ranges.length === 0 ? [...outsideAt(undefined), ...onNodes(analysis)] : ranges.flatMap(range => at(analysis, range));
  return { text: API_SERVER, variants };
}

/** Where it answers: as stated, and as the endpoints of its Service say. */
function apiServerRanges({ world, cluster: { apiServerCidrs } }: Analysis): string[] {
  return [...new Set([...apiServerCidrs, ...world.apiServers.map(({ address }) => hostRange(address))])];
}

function at(analysis: Analysis, range: string): Variant[] {
  const { cluster: { nodeCidrs } } = analysis;
  if (nodeCidrs.length === 0) { return [...outsideAt(range), ...onNodes(analysis, range)]; }
  const inside = nodeCidrs.filter(nodes => overlaps(nodes, range)).map(nodes => (containsCidr(nodes, range) ? range : nodes));
  const within = nodeCidrs.some(nodes => containsCidr(nodes, range));
  return [...(within ? [] : outsideAt(range)), ...inside.flatMap(part => onNodes(analysis, part))];
}

/** Which policies know it by its entity is for Cilium alone. */
function outsideAt(range: string | undefined): Variant[] {
  if (range === undefined) { return [{ kind: 'external', entities: ['all', 'world', ENTITY], principal: '' }]; }
  const place = outside(familyOf(range), placeOf(range));
  return [{ ...place, entities: [...place.entities!, ENTITY] }];
}

const ENTITY = 'kube-apiserver';

/** The own node always reaches its pods: it is another one that connects. Who connects to the own one, policies decide on Cilium only. */
function onNodes({ world, cluster }: Analysis, range?: string): Variant[] {
  const known = someNode(world, { ...cluster, closed: false, ...(range === undefined ? {} : { nodeCidrs: [range] }) });
  const found = new Map<string, Variant>();
  for (const { entities = [], ...node } of known) {
    const own = entities.includes('host');
    if (own && cluster.cni !== 'cilium') { continue; }
    const place = range === undefined ? {} : placeOf(range);
    const variant: Variant = {
      ...node, ...place, entities: [...entities.filter(entity => entity !== ENTITY), ENTITY], ...(own ? { onlyDestination: true as const } : {}),
    };
    found.set(JSON.stringify(variant), variant);
  }
  return [...found.values()];
}

const placeOf = (range: string): Pick<Variant, 'address' | 'addressIn'> => {
  const [address, bits] = range.split('/');
  return bits === (familyOf(range) === 6 ? '128' : '32') ? { address } : { addressIn: [range] };
};
