import { Justification, justified } from './justification';
import { IPeer, Peer } from './peer';
import { PolicyStatement } from './policy-statement';
import { Port } from './port';
import { Direction } from '../model/policy-set';

/** What a rule does with the connections that it matches. */
export enum RuleAction {
  /** They may pass. */
  ALLOW = 'allow',
  /** They may not, whatever else allows them. Not in plain Kubernetes. */
  DENY = 'deny',
  /** The next tier decides. Only in a `ClusterPolicy` with a tier. */
  PASS = 'pass',
}

/** One rule of a policy: all of its peers, on all of its ports. */
export interface PolicyRule extends Justification {
  /** The other ends; at least one. `Peer.any()` for anything. */
  readonly peers: IPeer[];
  /** The ports of the pods that are connected to; at least one. `Port.all()` for every port. */
  readonly ports: Port[];
  /**
   * What it does.
   * @default RuleAction.ALLOW
   */
  readonly action?: RuleAction;
  /**
   * Whether connections pass only after both ends have proven who they are, by mutual authentication with SPIRE (beta). Needs Cilium
   * with the option `mutualAuthentication`, and pods as peers.
   * @default false
   * @see https://docs.cilium.io/en/stable/network/servicemesh/mutual-authentication/mutual-authentication/
   */
  readonly mutualAuthentication?: boolean;
}

/** Which directions a policy isolates: closes for all that no policy allows. */
export interface Isolation {
  /**
   * Whether ingress is isolated.
   * @default - when there are ingress rules that allow
   */
  readonly ingress?: boolean;
  /**
   * Whether egress is isolated.
   * @default - when there are egress rules that allow
   */
  readonly egress?: boolean;
}

/**
 * @throws when a rule has no peers or no ports, or they or its action are not known
 */
export function addRule(statement: PolicyStatement, direction: Direction, rule: PolicyRule): void {
  const where = `${statement}, ${direction} rule`;
  if (!isObject(rule)) { throw new Error(`${where}: ${show(rule)} is no rule; state its peers and ports, such as { peers: [Peer.any()], ports: [Port.HTTPS] }`); }
  const { peers, ports, action = RuleAction.ALLOW } = rule;
  if (isEmpty(peers)) { throw new Error(`${where} has no peers, which never means all of them; name at least one, or say Peer.any()`); }
  if (isEmpty(ports)) { throw new Error(`${where} has no ports, which never means all of them; name at least one, or say Port.all()`); }
  if (!Array.isArray(peers)) { throw new Error(`${where}: peers is ${show(peers)}, which is no list; write it as a list, such as peers: [Peer.any()]`); }
  if (!Array.isArray(ports)) { throw new Error(`${where}: ports is ${show(ports)}, which is no list; write it as a list, such as ports: [Port.HTTPS]`); }
  for (const peer of peers) {
    if (!isPeer(peer)) { throw new Error(`${where}: ${show(peer)} is no peer; name a Peer, such as Peer.cidr("203.0.113.0/24"), or a workload by Workload.of(...)`); }
  }
  for (const port of ports) {
    if (!isPort(port)) { throw new Error(`${where}: ${show(port)} is no port; name a Port, such as Port.tcp(8080)`); }
  }
  if (!Object.values(RuleAction).includes(action)) { throw new Error(`${where}: action ${JSON.stringify(action)} is not known; use one of ${Object.values(RuleAction).join(', ')}`); }
  if (action === RuleAction.PASS && statement.props.stage === undefined) {
    throw new Error(`${where}: a rule passes to the next tier, and a policy without a tier has none; state tier in a ClusterPolicy, or leave the rule out`);
  }
  if (rule.mutualAuthentication && action !== RuleAction.ALLOW) {
    throw new Error(`${where}: mutualAuthentication is for rules that allow, and this one is ${action}; leave it out`);
  }
  const port = ports.length === 1 ? ports[0] : Port.oneOf(...ports);
  const all = peers.map(peer => peer.toPeer());
  const peer = all.length === 1 ? all[0] : Peer.oneOf(...all);
  const why = justified(rule, () => where);
  statement.add(direction, {
    action,
    peer,
    port,
    ...(rule.mutualAuthentication ? { authenticated: true } : {}),
    ...(why ? { justifications: [why] } : {}),
  });
}

export const allows = (rules: readonly PolicyRule[] | undefined): boolean => (rules ?? []).some(rule => rule?.action !== RuleAction.DENY);
export const denies = (rules: readonly PolicyRule[] | undefined): boolean => (rules ?? []).some(rule => rule?.action === RuleAction.DENY);

// Callers from other languages and plain JavaScript are not held to the types by a compiler.
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isEmpty = (list: unknown): boolean => list === undefined || list === null || (Array.isArray(list) && list.length === 0);
const isPeer = (value: unknown): boolean => typeof (value as IPeer | undefined)?.toPeer === 'function';
/** By what it holds: it may be of another copy of this library. */
const isPort = (value: unknown): boolean => Array.isArray((value as Port | undefined)?._traffic);

/** A value that is none of ours, for a message. Constructs refer to their app, and are named by their path. */
function show(value: unknown): string {
  const path = (value as { readonly node?: { readonly path?: unknown } } | undefined)?.node?.path;
  if (typeof path === 'string') { return `the construct ${path}`; }
  if (isPeer(value) || isPort(value)) { return String(value); }
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
