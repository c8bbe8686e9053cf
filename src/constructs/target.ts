import type { ResolvedFacts } from '../cluster/cluster';
import { clusterNetworkPolicyOf } from '../cluster/cluster-network-policy';
import { Target } from '../dialects/dialect';

/** The facts as a writer must know them. */
export function targetOf({ cni, podCidrs, nodeCidrs, serviceCidrs, calicoDenyTier }: ResolvedFacts): Target {
  const profile = cni._profile;
  const { clusterNetworkPolicy = false, ...features } = Object.fromEntries(cni.options.map(option => [option, true]));
  const support = clusterNetworkPolicyOf(cni.name, cni.version, clusterNetworkPolicy);
  return {
    cni: cni.name,
    ...(cni.version === undefined ? {} : { version: cni.version }),
    cidrMatchesPods: profile.cidrMatchesPods,
    cidrMatchesNodes: profile.cidrMatchesNodes,
    clusterCidrs: [...podCidrs, ...nodeCidrs, ...serviceCidrs],
    clusterCidrsComplete: podCidrs.length > 0 && nodeCidrs.length > 0,
    denyTier: calicoDenyTier,
    features,
    ...(support ? { clusterNetworkPolicy: support } : {}),
  };
}
