import { CniDetector } from './cni-detector';
import { Problem, SourceDocument } from './input/source-document';
import { AnalysisOptions, Features } from './options';
import { CNI_PROFILES } from '../cluster/cni-profiles';
import type { MeshFacts } from '../cluster/mesh';
import { DialectId } from '../dialects/dialect';
import { parseCidr } from '../model/cidr';
import { Profile } from '../model/match';

export { CniDetector } from './cni-detector';

/** The cluster that documents are analysed for. */
export interface ResolvedCluster {
  readonly cni: string;
  readonly version?: string;
  /** Of the CNI: it links the policies. */
  readonly dialect: DialectId;
  readonly profile: Profile;
  /** What the operator has switched on; absent: nothing beyond the CNI's own defaults. */
  readonly features?: Features;
  readonly podCidrs: readonly string[];
  readonly nodeCidrs: readonly string[];
  readonly serviceCidrs: readonly string[];
  readonly apiServerCidrs: readonly string[];
  readonly closed: boolean;
  /** In which the workloads take part. */
  readonly mesh?: MeshFacts;
  readonly problems: readonly Problem[];
}

/**
 * The cluster of some documents.
 * @throws when the CNI is not known
 */
export function resolveCluster(documents: Iterable<SourceDocument>, options: AnalysisOptions): ResolvedCluster {
  if (options.cni !== undefined) { return clusterOf(options.cni, options); }
  const detector = new CniDetector();
  for (const { value, at } of documents) { detector.add(value, at); }
  return clusterOf(detector.cni(), options);
}

/**
 * A cluster whose CNI is known.
 * @throws when there is no such CNI, or when a range is none
 */
export function clusterOf(cni: string, options: AnalysisOptions): ResolvedCluster {
  const { version, features, podCidrs = [], nodeCidrs = [], serviceCidrs = [], apiServerCidrs = [], closed = false, mesh } = options;
  if (!Object.hasOwn(CNI_PROFILES, cni)) {
    throw new Error(`CNI ${JSON.stringify(cni)} is not known; use one of ${Object.keys(CNI_PROFILES).join(', ')}`);
  }
  // What enforces nothing has no dialect, and the API server takes NetworkPolicy all the same.
  const [dialect = 'kubernetes'] = CNI_PROFILES[cni].dialects;
  return {
    cni,
    ...(version === undefined ? {} : { version }),
    dialect: dialect as DialectId,
    profile: profileOf(cni),
    ...(features === undefined ? {} : { features }),
    podCidrs: podCidrs.map(cidr => parseCidr(cidr)),
    nodeCidrs: nodeCidrs.map(cidr => parseCidr(cidr)),
    serviceCidrs: serviceCidrs.map(cidr => parseCidr(cidr)),
    apiServerCidrs: apiServerCidrs.map(cidr => parseCidr(cidr)),
    closed,
    ...(mesh === undefined ? {} : { mesh }),
    problems: [],
  };
}

/** What a range in a policy of this CNI matches. */
function profileOf(cni: string): Profile {
  const { cidrMatchesPods, cidrMatchesNodes } = CNI_PROFILES[cni];
  return { cidrMatches: ['external', ...(cidrMatchesPods ? ['pod' as const] : []), ...(cidrMatchesNodes ? ['node' as const, 'hostEndpoint' as const] : [])] };
}
