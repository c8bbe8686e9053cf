import type { Cni } from './cni';
import { Distribution } from './distribution';

/** The distributions of a provider, each with a network of its own choice: what is sold with one of them runs on none of the others. */
const PROVIDED = [Distribution.EKS, Distribution.GKE, Distribution.AKS, Distribution.OPENSHIFT, Distribution.IBM, Distribution.DIGITAL_OCEAN];

/** Beside the one that the CNI comes with. IBM runs OpenShift too. */
const RUNS_TOO: Readonly<Record<string, readonly Distribution[]>> = { openshift: [Distribution.IBM] };

/**
 * What the cluster is, which some CNIs say: the port of the API server, and whether it is on a node, follow from it.
 * @throws when the CNI runs on no cluster of the stated distribution
 */
export function distributionOf(cni: Cni, stated: Distribution | undefined): Distribution {
  const own = cni._distribution;
  if (stated === undefined) { return own ?? Distribution.KUBERNETES; }
  if (own !== undefined && own !== stated && PROVIDED.includes(stated) && !RUNS_TOO[own.name]?.includes(stated)) {
    throw new Error(`distribution ${stated} and CNI ${cni} disagree: it is the network of ${own}; state distribution ${own}, or the CNI that the cluster runs, or distribution kubernetes for a cluster that you run yourself`);
  }
  return stated;
}
