import { PodRange, World } from './world';
import { containsAddress } from '../../model/cidr';
import { ResolvedCluster } from '../cluster';

const NONE: readonly PodRange[] = Object.freeze([]);

/**
 * The ranges that pods have their addresses from: those that are stated, else those of the objects by which the CNI gives them. Calico goes
 * by its pools, and the ranges of nodes say nothing there; Cilium matches no pod by its address. Ranges that do not hold the address of a
 * pod of the same documents are not what this cluster goes by.
 */
export function podRangesOf(world: World, cluster: ResolvedCluster): readonly PodRange[] {
  if (cluster.podCidrs.length > 0) { return cluster.podCidrs.map((cidr): PodRange => ({ cidr, by: 'Node', at: 'as stated' })); }
  const ranges = claimed(world, cluster);
  return ranges.length === 0 || strayAddress(world, ranges) !== undefined ? NONE : ranges;
}

/** Ranges of the documents that pods may have their addresses from, or not. */
export function doubtfulRangesOf(world: World, cluster: ResolvedCluster): readonly PodRange[] {
  return cluster.podCidrs.length > 0 || podRangesOf(world, cluster).length > 0 ? NONE : world.podRanges;
}

/** Where ranges that decide come from documents, or are not believed, a sentence that says so. */
export function podRangesNote(world: World, cluster: ResolvedCluster): string | undefined {
  const ranges = cluster.closed || cluster.podCidrs.length > 0 ? NONE : claimed(world, cluster);
  if (ranges.length === 0) { return undefined; }
  const [{ by }] = ranges;
  const shown = ranges.slice(0, 3).map(({ cidr, at }) => `${cidr} (${at})`).join(', ');
  const all = `the ranges of the ${by}s among the documents: ${shown}${ranges.length > 3 ? ` and ${ranges.length - 3} more` : ''}`;
  const stray = strayAddress(world, ranges);
  return stray === undefined ? `pods whose address is not known are taken to have one of ${all}`
    : `where pods have their addresses is not known: ${stray} of a pod is in none of ${all}; state --pod-cidr`;
}

function claimed({ podRanges }: World, { cni }: ResolvedCluster): readonly PodRange[] {
  if (podRanges.length === 0 || cni === 'cilium') { return NONE; }
  const by = cni === 'calico' ? 'IPPool' : 'Node';
  return podRanges.filter(range => range.by === by);
}

const STRAY = new WeakMap<World, Map<PodRange['by'], string | undefined>>();

/** The address of a pod that is in none of the ranges; looked for once in each world. */
function strayAddress(world: World, ranges: readonly PodRange[]): string | undefined {
  const [{ by }] = ranges;
  let found = STRAY.get(world);
  if (!found) { STRAY.set(world, found = new Map()); }
  if (!found.has(by)) { found.set(by, lookForStray(world, ranges)); }
  return found.get(by);
}

function lookForStray({ workloads }: World, ranges: readonly PodRange[]): string | undefined {
  let last = ranges[0].cidr;
  for (const { hostNetwork, addresses } of workloads) {
    // What is on the network of a node has the address of that node.
    for (const address of hostNetwork ? [] : addresses) {
      // Pods of one workload are often on one node.
      if (containsAddress(last, address)) { continue; }
      const range = ranges.find(({ cidr }) => containsAddress(cidr, address));
      if (!range) { return address; }
      last = range.cidr;
    }
  }
  return undefined;
}
