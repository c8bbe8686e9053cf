import type { ResolvedCluster } from './cluster';
import { partsAsEnforced } from './enforced-parts';
import { undecided } from './undecided';
import { rowOf, rowsOf } from '../cluster/cluster-network-policy';
import { EndpointExpr } from '../model/endpoint';
import { ADMIN, Origin, peerOf, Policy, PolicySet } from '../model/policy-set';

/** Policies that the API server stores, and that the CNI of the cluster does not enforce, or may not. */

export interface Enforced {
  readonly set: PolicySet;
  /** Names each such policy once. */
  readonly notes: readonly string[];
}

type Doubt = { readonly ignoredBecause: string } | { readonly openBecause: string };

/** The set as the CNI takes it: what it surely ignores is void, and what it enforces only where something is switched on is left open. */
export function asEnforced(read: PolicySet, cluster: ResolvedCluster): Enforced {
  const { set, notes: ofParts } = partsAsEnforced(read, cluster);
  const refused = refusedDocuments(set.policies, cluster);
  const notes = new Map<string, string>();
  const policies = set.policies.map(policy => {
    const doubt = doubtOf(policy, cluster, refused);
    if (!doubt) { return policy; }
    notes.set(keyOf(policy.origin), noteOf(policy.origin, doubt));
    return 'ignoredBecause' in doubt
      ? { ...policy, mode: 'void' as const, voidBecause: doubt.ignoredBecause }
      : { ...policy, isolates: false, rules: policy.rules.map(rule => undecided(rule, doubt.openBecause)) };
  });
  return { set: notes.size === 0 ? set : { ...set, policies }, notes: [...ofParts, ...notes.values()] };
}

function noteOf({ kind, namespace, name, at }: Origin, doubt: Doubt): string {
  const named = `${at === undefined ? '' : `${at}: `}${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
  return 'ignoredBecause' in doubt ? `${named} is not enforced: ${doubt.ignoredBecause}` : `${named} may not be enforced, and what it decides is unknown: ${doubt.openBecause}`;
}

function doubtOf(policy: Policy, cluster: ResolvedCluster, refused: ReadonlySet<string>): Doubt | undefined {
  if (policy.mode !== 'enforce') { return undefined; }
  if (policy.origin.apiVersion.startsWith(CLUSTER_WIDE)) { return clusterWideDoubt(policy, cluster); }
  return refused.size > 0 && refused.has(keyOf(policy.origin)) ? { ignoredBecause: NO_NODES } : undefined;
}

const CLUSTER_WIDE = 'policy.networking.k8s.io/';

/** Calico places or ignores them as it links its tiers; of a CNI that is not named everything is taken for enforced. */
function clusterWideDoubt({ origin, order, stage }: Policy, { cni, version, features }: ResolvedCluster): Doubt | undefined {
  if (cni === 'kubernetes' || cni === 'calico') { return undefined; }
  const named = version === undefined ? cni : `${cni} ${version}`;
  const api = origin.apiVersion.slice(CLUSTER_WIDE.length);
  const rows = (version === undefined ? rowsOf(cni) : [rowOf(cni, version)]).filter(row => row?.version === api);
  const [row] = rows;
  if (!row) { return { ignoredBecause: `${named} enforces no ${origin.apiVersion}${sinceText(cni, api)}` }; }
  const { lastPriority, flag } = row;
  const [priority] = order;
  if (stage === ADMIN && lastPriority !== undefined && typeof priority === 'number' && priority > lastPriority) {
    return { ignoredBecause: `${named} enforces priorities up to ${lastPriority}, and this one has ${priority}` };
  }
  return flag === undefined || features?.clusterNetworkPolicy ? undefined : { openBecause: `whether it is switched on: ${named} enforces ${origin.apiVersion} with ${flag} (+clusterNetworkPolicy)` };
}

function sinceText(cni: string, api: string): string {
  const row = rowsOf(cni).find(each => each.version === api);
  if (!row) { return ''; }
  return row.until === undefined ? `, which is there since ${row.since}` : `, which was there before ${row.until}`;
}

const NO_NODES = 'Cilium refuses a policy with fromNodes or toNodes unless labels of nodes are switched on (--enable-node-selector-labels), which is not stated (nodeSelectorLabels)';

/** A document that Cilium refuses is refused as a whole. */
function refusedDocuments(policies: readonly Policy[], { cni, features }: ResolvedCluster): ReadonlySet<string> {
  if (cni !== 'cilium' || features?.nodeSelectorLabels) { return NONE; }
  return new Set(policies.filter(isByNodes).map(({ origin }) => keyOf(origin)));
}

const NONE: ReadonlySet<string> = new Set();

const isByNodes = ({ origin, rules, direction }: Policy): boolean =>
  origin.apiVersion.startsWith('cilium.io/') && rules.some(({ match }) => speaksOfNodes(peerOf(direction, match)));

/** Only fromNodes and toNodes say of a peer that it is a node; entities have names. */
function speaksOfNodes(expr: EndpointExpr): boolean {
  if ('allOf' in expr) { return expr.allOf.some(speaksOfNodes); }
  if ('anyOf' in expr) { return expr.anyOf.some(speaksOfNodes); }
  return 'kind' in expr && expr.kind === 'node';
}

const keyOf = ({ apiVersion, kind, namespace, name }: Origin): string => JSON.stringify([apiVersion, kind, namespace, name]);
