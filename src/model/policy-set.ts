import { ANY, EndpointExpr } from './endpoint';
import type { Justified } from './justification';
import { TrafficBox } from './traffic';

/**
 * The one noun in the middle: what every dialect is written from and read into.
 * This folder knows no cdk8s, no dialect and no CNI.
 */

/** Which side of a connection a policy judges. */
export type Direction = 'ingress' | 'egress';
export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/**
 * What a matching rule does. `pass` goes on with the next stage, `log` decides nothing,
 * `external` is decided by something outside the policy set and is therefore unknown.
 */
export type Action = 'allow' | 'deny' | 'pass' | 'log' | 'external';

/** Where a policy or a rule comes from, for messages and for `explain`. */
export interface Origin {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for a cluster-scoped policy. */
  readonly namespace?: string;
  readonly name: string;
  /** The place inside the document, such as `specs[1].egress[0]`. */
  readonly part?: string;
  /** `file:line` or a construct path. */
  readonly at?: string;
}

/** What a rule matches. All three must match. */
export interface Match {
  readonly source: EndpointExpr;
  readonly destination: EndpointExpr;
  /** OR of boxes. */
  readonly traffic: readonly TrafficBox[];
}

export interface Rule {
  readonly action: Action;
  readonly match: Match;
  readonly origin?: Origin;
  /** Kept through read and write, never decides a verdict (log, authentication, TLS, listener). */
  readonly effects?: Readonly<Record<string, unknown>>;
  /** Why it is there, where somebody said so. */
  readonly justifications?: readonly Justified[];
}

/**
 * Where host endpoints judge packets apart from connections: before connection tracking, before address translation, on packets that are
 * only forwarded. What such a policy decides depends on more than the flow, and pods are never its subject.
 */
export type Hook = 'untracked' | 'pre-dnat' | 'forwarded';

/** `void`: stored by the API server but ignored by the CNI, with the reason in `voidBecause`. */
export type Mode = 'enforce' | 'staged' | 'void';

/** One direction of one spec of one document. */
export interface Policy {
  readonly origin: Origin;
  /** The id of the pipeline stage (in Calico: the tier) in which it is evaluated. */
  readonly stage: string;
  /** Compared element by element inside a stage; lower is first. */
  readonly order: readonly (number | string)[];
  readonly mode: Mode;
  readonly voidBecause?: string;
  readonly direction: Direction;
  /** The endpoints that this policy is about. */
  readonly subject: EndpointExpr;
  /** Whether selecting an endpoint closes this direction for all that no rule allows. */
  readonly isolates: boolean;
  readonly rules: readonly Rule[];
  readonly hook?: Hook;
  /** Kept through read and write, never decides a verdict (description, labels, log, performance hints). */
  readonly effects?: Readonly<Record<string, unknown>>;
  /** Why there is such a policy; it holds for rules that have no reasons of their own. */
  readonly justifications?: readonly Justified[];
}

export type Combine = 'first-match' | 'deny-overrides';

export interface Stage {
  readonly id: string;
  readonly combine: Combine;
}

export interface Layer {
  /** `other`: what is known to be there, and is not evaluated. */
  readonly name: 'network' | 'mesh' | 'host' | 'other';
  readonly stages: readonly Stage[];
  /** The answer when no stage decides. */
  readonly otherwise: 'allow' | 'deny';
}

/** Every layer must allow. */
export type Pipeline = readonly Layer[];

export interface PolicySet {
  readonly pipeline: Pipeline;
  readonly policies: readonly Policy[];
}

const firstMatch = (id: string): Stage => ({ id, combine: 'first-match' });
const denyOverrides = (id: string): Stage => ({ id, combine: 'deny-overrides' });
const network = (...stages: Stage[]): Pipeline => [{ name: 'network', stages, otherwise: 'allow' }];

/** The stage of NetworkPolicy, CiliumNetworkPolicy and of everything that constructs state by default. */
export const NORMAL = 'normal';

/** Before and after it, cluster-wide: what namespaces cannot override, and what holds where they say nothing. */
export const SECURITY = 'security';
export const ADMIN = 'admin';
export const BASELINE = 'baseline';

/** What constructs state. NetworkPolicy with ClusterNetworkPolicy, and Cilium, have the same shape without `security`. */
export const REFERENCE_PIPELINE: Pipeline = network(firstMatch(SECURITY), firstMatch(ADMIN), denyOverrides(NORMAL), firstMatch(BASELINE));

/** The stage of Istio's AuthorizationPolicy. */
export const MESH = 'mesh';

/** A service mesh is a second layer, which must allow too. */
export const MESH_LAYER: Layer = { name: 'mesh', stages: [denyOverrides(MESH)], otherwise: 'allow' };

/** Calico: one first-match stage per tier, in the tiers' order. */
export const tieredPipeline = (tiers: readonly string[]): Pipeline => network(...tiers.map(firstMatch));

/** The way back: the own end is any, since the policy's subject says who it is. */
export const matchOf = (direction: Direction, peer: EndpointExpr, traffic: readonly TrafficBox[]): Match =>
  (direction === 'ingress' ? { source: peer, destination: ANY, traffic } : { source: ANY, destination: peer, traffic });

/** The own endpoint of a rule is the policy's subject; this picks the other end. */
export function peerOf(direction: Direction, match: Match): EndpointExpr {
  return direction === 'ingress' ? match.source : match.destination;
}
