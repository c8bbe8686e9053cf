import { Action, Direction, Mode } from '../../../model/policy-set';

/** All that policies say about one workload. Plain data; all texts are one line, and fit for a terminal. */
export interface WorkloadDescription {
  /** Such as `shop/api[Deployment]`. */
  readonly workload: string;
  /** Where it is declared. */
  readonly at?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Such as `TCP 8080 (http)`. */
  readonly ports: readonly string[];
  readonly directions: readonly DirectionDescription[];
  /** What to know about it; sentences. */
  readonly remarks: readonly string[];
}

export interface DirectionDescription {
  readonly direction: Direction;
  /** Whether what no rule allows is denied. */
  readonly isolated: Certainty;
  /** By which policies. */
  readonly closedBy: readonly string[];
  /** In the order in which they are asked; those without a policy for the workload are left out. */
  readonly stages: readonly StageDescription[];
  /** What passes, all policies taken together, as far as this side goes. */
  readonly effective: readonly EffectivePeers[];
}

export type Certainty = 'yes' | 'maybe' | 'no';

export interface StageDescription {
  /** The stage, or the tier. */
  readonly stage: string;
  readonly policies: readonly PolicyDescription[];
}

export interface PolicyDescription {
  /** Such as `NetworkPolicy shop/api`. */
  readonly policy: string;
  /** Who declared it: `file:line`, or the construct path. */
  readonly at?: string;
  readonly mode: Mode;
  /** Why it is ignored, where it is. */
  readonly because?: string;
  /** Whether it selects the workload: perhaps, where facts are missing or its pods differ. */
  readonly selects: Certainty;
  readonly isolates: boolean;
  readonly rules: readonly RuleDescription[];
}

export interface RuleDescription {
  /** Such as `ingress[0]`. */
  readonly rule: string;
  readonly at?: string;
  readonly action: Action;
  readonly peers: string;
  readonly traffic: string;
  /** Where it changes nothing between those who are in the input: why. */
  readonly useless?: string;
}

export interface EffectivePeers {
  /** Workloads, address ranges and names; `everyone` alone where all fare alike. */
  readonly peers: readonly string[];
  /** Such as `TCP 80,443`. */
  readonly connections: string;
  /** What is true of some of it: the requests that pass; sentences. */
  readonly requests: readonly string[];
}

