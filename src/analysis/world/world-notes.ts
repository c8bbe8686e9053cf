import { podRangesNote } from './pod-ranges';
import { World } from './world';
import { ResolvedCluster } from '../cluster';

/** What answers take from the world that is not plain to see, as sentences. */
export function worldNotes(world: World, cluster: ResolvedCluster): string[] {
  return [podRangesNote(world, cluster), hostActionNote(world, cluster), seenNote(world)].filter(note => note !== undefined);
}

function hostActionNote({ hostAction }: World, { cni }: ResolvedCluster): string | undefined {
  if (!hostAction || cni !== 'calico') { return undefined; }
  return `${hostAction.at}: what pods send to their own node goes by defaultEndpointToHostAction ${hostAction.action}; `
    + 'an environment variable of calico-node, which is not looked at, would override it';
}

function seenNote({ seen }: World): string | undefined {
  if (seen.size === 0) { return undefined; }
  return `seen, and without a say in who may talk to whom: ${[...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => `${count} ${kind}`).join(', ')}`;
}
