import { TargetFeatures } from '../../dialects/dialect';

/** What a part of a policy must know of the whole. */
export interface Context {
  /** Cilium's version, such as `1.19`; undefined is the newest. */
  readonly version?: string;
  readonly features: TargetFeatures;
  /** Undefined in a clusterwide policy. */
  readonly namespace?: string;
  /** Whether the rules are about nodes. */
  readonly nodes?: boolean;
  /** The mesh that encrypts what its pods send to each other, such as `linkerd`. */
  readonly mesh?: string;
  /** Takes what is wider than stated and accepted, each as a sentence. */
  readonly onWider: (sentence: string) => void;
}

/** The error for what stands at `where`. */
export const wrong = (where: string, problem: string): Error => new Error(`${where}: ${problem}`);

/** A list that is stated must say something: for Cilium an empty one selects nothing, or everything, by where it stands. */
export function stated<T>(list: readonly T[], where: string, instead: string): readonly T[] {
  if (!Array.isArray(list)) { throw wrong(where, `must be a list, got ${JSON.stringify(list)}`); }
  if (list.length === 0) { throw wrong(where, `an empty list says something else than it looks like; ${instead}`); }
  return list;
}

/** Of what only an agent with a flag takes. */
export function needs(on: boolean | undefined, where: string, what: string, fact: string): void {
  if (on !== true) { throw wrong(where, `${what}, and the facts do not say that it is on; state it where it is: Cni.cilium(version, { ${fact}: true })`); }
}
