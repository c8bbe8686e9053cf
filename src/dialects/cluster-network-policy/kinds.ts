import { Action, Direction } from '../../model/policy-set';
import { ClusterNetworkPolicySupport, ObjectKind, Target } from '../dialect';

/** The kinds of policy.networking.k8s.io, and how they differ: there is no conversion between the versions. */

type ApiVersion = ClusterNetworkPolicySupport['version'];

const GROUP = 'policy.networking.k8s.io';
export const CLUSTER_NETWORK_POLICY: ObjectKind = { apiVersion: `${GROUP}/v1alpha2`, kind: 'ClusterNetworkPolicy' };
export const ADMIN_NETWORK_POLICY: ObjectKind = { apiVersion: `${GROUP}/v1alpha1`, kind: 'AdminNetworkPolicy' };
export const BASELINE_ADMIN_NETWORK_POLICY: ObjectKind = { apiVersion: `${GROUP}/v1alpha1`, kind: 'BaselineAdminNetworkPolicy' };

export type PeerField = 'namespaces' | 'pods' | 'networks' | 'nodes' | 'domainNames';

export interface Form extends ObjectKind {
  readonly version: ApiVersion;
  /** What each action is called. */
  readonly actions: Readonly<Partial<Record<Action, string>>>;
  /** Rules in a direction, peers in a rule, and protocols in a rule. */
  readonly most: number;
  /** The field of a rule that says what travels. */
  readonly traffic: 'protocols' | 'ports';
  readonly peers: Readonly<Record<Direction, readonly PeerField[]>>;
  /** The only name that it may have. */
  readonly onlyName?: string;
}

const INGRESS: readonly PeerField[] = ['namespaces', 'pods'];
const EGRESS: readonly PeerField[] = ['namespaces', 'pods', 'networks', 'nodes', 'domainNames'];

export const V1ALPHA2: Form = {
  ...CLUSTER_NETWORK_POLICY,
  version: 'v1alpha2',
  actions: { allow: 'Accept', deny: 'Deny', pass: 'Pass' },
  most: 25,
  traffic: 'protocols',
  peers: { ingress: INGRESS, egress: EGRESS },
};

export const ADMIN_V1ALPHA1: Form = {
  ...ADMIN_NETWORK_POLICY,
  version: 'v1alpha1',
  actions: { allow: 'Allow', deny: 'Deny', pass: 'Pass' },
  most: 100,
  traffic: 'ports',
  peers: { ingress: INGRESS, egress: EGRESS },
};

export const BASELINE_V1ALPHA1: Form = {
  ...BASELINE_ADMIN_NETWORK_POLICY,
  version: 'v1alpha1',
  actions: { allow: 'Allow', deny: 'Deny' },
  most: 100,
  traffic: 'ports',
  peers: { ingress: INGRESS, egress: EGRESS.filter(field => field !== 'domainNames') },
  onlyName: 'default',
};

export const FORMS: readonly Form[] = [V1ALPHA2, ADMIN_V1ALPHA1, BASELINE_V1ALPHA1];

/** Of `networks` and of `domainNames`, in every version. */
export const MOST_ITEMS = 25;
export const MOST_PRIORITY = 1000;
/** CNIs that have room for fewer priorities, and that ignore a policy beyond them although it is stored. */
const FEWER_PRIORITIES: Readonly<Record<string, Readonly<Partial<Record<ApiVersion, number>>>>> = {
  'ovn-kubernetes': { v1alpha1: 99 },
  'kube-ovn': { v1alpha1: 99, v1alpha2: 399 },
};

/** The last priority that the CNI enforces. */
export function lastPriority({ cni, clusterNetworkPolicy }: Target): number {
  const fewer = Object.hasOwn(FEWER_PRIORITIES, cni) && clusterNetworkPolicy ? FEWER_PRIORITIES[cni][clusterNetworkPolicy.version] : undefined;
  return fewer ?? MOST_PRIORITY;
}

export const LONGEST_NAME = 100;
export const LONGEST_NETWORK = 43;

/** The field of a rule that says who is at the other end. */
export const peersField = (direction: Direction): 'from' | 'to' => (direction === 'ingress' ? 'from' : 'to');
