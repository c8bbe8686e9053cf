import { Justification } from './justification';
import { checkGiven, inConstruct } from './native-object';
import type { NetworkPolicyOptions } from './network-policy';
import { Port } from './port';
import { anyOf, checkShape, Kind, Part, Struct } from './props';
import { Workload } from './workload';

/** What properties of constructs are made of, for callers that no compiler holds to the types. */

export const TEXT: Kind = { must: 'a text', accepts: value => typeof value === 'string' };
export const TEXTS: readonly [Part] = [TEXT];
export const FLAG: Kind = { must: 'true or false', accepts: value => typeof value === 'boolean' };
export const LABELS: Kind = {
  must: 'an object of labels, such as { app: \'web\' }', accepts: value => Object.prototype.toString.call(value) === '[object Object]',
};
export const PORT: Kind = { must: 'a Port, such as Port.tcp(8080)', accepts: value => value instanceof Port };
export const PORTS: readonly [Part] = [PORT];
export const WORKLOAD: Kind = { must: 'a Workload, such as Workload.of(deployment)', accepts: value => value instanceof Workload };
export const WORKLOADS: readonly [Part] = [WORKLOAD];
export const PEER: Kind = {
  must: 'a Peer or a Workload, such as Peer.pods() or Workload.of(deployment)',
  accepts: value => typeof (value as { toPeer?: unknown } | undefined)?.toPeer === 'function',
};
export const PEERS: readonly [Part] = [PEER];

/** The fields of a `Justification`, whose texts are judged where they are used. */
export const REASON: Readonly<Record<keyof Justification, Part>> = anyOf('because', 'owner', 'ticket', 'reviewBy');

/** The fields of `NetworkPolicyOptions`. */
export const POLICY_OPTIONS: Readonly<Record<keyof NetworkPolicyOptions, Part>> = { ...REASON, name: TEXT, namespace: TEXT };

/**
 * Holds the props of a construct to their shape, before anything is made of them.
 * @throws with the construct path, the place of the value, and what is known there
 */
export function checkProps(path: string, shape: Struct, props: unknown): void {
  inConstruct(path, () => {
    checkGiven(props);
    checkShape(shape, props);
  });
}
