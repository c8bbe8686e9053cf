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
}

/** One rule of a policy: all of its peers, on all of its ports. */
export interface PolicyRule {
  /** The other ends; at least one. `Peer.any()` for anything. */
  readonly peers: IPeer[];
  /** The ports of the pods that are connected to; at least one. `Port.all()` for every port. */
  readonly ports: Port[];
  /**
   * What it does.
   * @default RuleAction.ALLOW
   */
  readonly action?: RuleAction;
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
 * @throws when a rule has no peers or no ports, or its action is not known
 */
export function addRule(statement: PolicyStatement, direction: Direction, { peers, ports, action = RuleAction.ALLOW }: PolicyRule): void {
  const where = `${statement}, ${direction} rule`;
  if (peers.length === 0) { throw new Error(`${where} has no peers, which never means all of them; name at least one, or say Peer.any()`); }
  if (ports.length === 0) { throw new Error(`${where} has no ports, which never means all of them; name at least one, or say Port.all()`); }
  if (!Object.values(RuleAction).includes(action)) { throw new Error(`${where}: action ${JSON.stringify(action)} is not known; use one of ${Object.values(RuleAction).join(', ')}`); }
  const port = ports.length === 1 ? ports[0] : Port.oneOf(...ports);
  const all = peers.map(peer => peer.toPeer());
  statement.add(direction, { action, peer: all.length === 1 ? all[0] : Peer.oneOf(...all), port });
}

export const allows = (rules: readonly PolicyRule[] | undefined): boolean => (rules ?? []).some(({ action }) => action !== RuleAction.DENY);
export const denies = (rules: readonly PolicyRule[] | undefined): boolean => (rules ?? []).some(({ action }) => action === RuleAction.DENY);
